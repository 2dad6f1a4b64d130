package desk

import (
	"testing"

	"okienko/workflow"
)

// TestHistoriesAreInTheReadersWords, while what is kept are stable ids.
func TestHistoriesAreInTheReadersWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, tt := range []struct {
		name       string
		kind       workflow.EventKind
		kept, says string
	}{
		{"a judgement", workflow.EventJudged, "submission karta_krakowska 0.80 by rule, reply incomplete, desk KK",
			"Karta Krakowska (status mieszkańca), 80 %; odpowiedź: Informacja o brakach; stanowisko KK"},
		{"what is no submission", workflow.EventJudged, "newsletter  0.99 by rule, reply none, desk KP",
			"newsletter; odpowiedź: bez odpowiedzi; stanowisko KP"},
		{"a letter of the machine", workflow.EventLetter, "incomplete: queued", "Informacja o brakach: czeka na wysłanie"},
		{"a letter of a clerk", workflow.EventLetter, "Pismo 7 (call): draft → queued.", "Pismo 7 (Wezwanie do uzupełnienia): szkic → czeka na wysłanie."},
		{"a letter in words already", workflow.EventLetter, "List 5 (informacja o brakach): wysłany", "List 5 (informacja o brakach): wysłany"},
		{"a link", workflow.EventLinked, "supplement of case 3, score 0.72, attached true", "Uzupełnia… (72 %)"},
		{"another service", workflow.EventReassigned, "Usługa: brak → rejestracja_pojazdu. Stanowisko: KP → KM.",
			"Usługa: brak → Rejestracja pojazdu. Stanowisko: KP → KM."},
		{"a note is nobody's ids", workflow.EventNote, "call: draft, 82051404583", "call: draft, ********583"},
		{"a judgement in another form", workflow.EventJudged, "submission x", "submission x"},
		{"nothing", workflow.EventJudged, "", ""},
	} {
		views := w.desk.eventViews(&polish, []workflow.Event{{Kind: tt.kind, Detail: tt.kept, At: w.now()}}, nil)
		if views[0].Detail != tt.says {
			t.Errorf("%s: %q, want %q", tt.name, views[0].Detail, tt.says)
		}
	}
}
