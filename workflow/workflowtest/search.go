package workflowtest

import (
	"errors"
	"slices"
	"testing"
	"time"

	"okienko/ingest"
	"okienko/validate"
	"okienko/workflow"
)

var searchTests = map[string]func(*testing.T, Open){
	"everything that was read is found":                              testSearchContents,
	"words are found from the commit on, and only as they are now":   testSearchChanges,
	"what was rolled back is not found":                              testSearchRollback,
	"the text of a case is given back":                               testTexts,
	"changes are told oldest first, with the desk the case is at":    testChanged,
	"indexing what is pending changes nothing where nothing pending": testIndexPending,
}

// letterOf is a judgement of a letter with an attachment, as a reader would leave it.
func letterOf(letter, attachment string, fields ...ingest.Field) workflow.Judgement {
	return workflow.Judgement{
		At: noon,
		Contents: ingest.Contents{
			Letter: ingest.Letter{Quoted: "Starsza wiadomość o kasztanach"},
			Readings: []ingest.Reading{
				{Document: ingest.Document{ID: "0"}, Text: letter, Fields: fields},
				{Document: ingest.Document{ID: "1", Name: "umowa_sprzedaży.pdf"}, Text: attachment},
			},
		},
		Signatures: []validate.SignatureReport{{Signer: validate.Signer{Name: "Zbigniew Podpisany", ID: "82051404583"}}},
	}
}

func (b bench) judge(id workflow.CaseID, j workflow.Judgement) {
	b.t.Helper()
	b.do(func(tx workflow.Tx) error { return tx.Judged(b.ctx, id, j) })
}

// found returns the subjects of what a search finds.
func (b bench) found(text string) []string {
	b.t.Helper()
	return subjects(must[[]workflow.CaseSummary](b.t)(b.Queue(b.ctx, workflow.QueueQuery{Text: text})))
}

func testSearchContents(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	c := b.queued("Wniosek", func(c *workflow.Case) { c.Sender = ingest.Party{Name: "Żaneta Śliż"} })
	b.judge(c.ID, letterOf("Proszę o wycięcie drzew przy ulicy Wielickiej, tel. 601 234 567. Дякую!", "Sprzedający: Marek Wróbel, KR 7TW41\fStrona druga",
		ingest.Field{Type: ingest.FieldPlate, Value: "KR7TW41"}, ingest.Field{Type: ingest.FieldNIP, Value: "6762481018"}))
	b.queued("Inna", nil)
	for text, want := range map[string]bool{
		"drzewa Wielicka":              true, // the letter, in other forms
		"wróbel":                       true, // an attachment
		"strona druga":                 true,
		"umowa sprzedaży":              true, // its name
		"kasztan":                      true, // an older letter below
		"kr7tw41":                      true,
		"KR 7TW41":                     true,
		"676-248-10-18":                true,
		"601234567":                    true,
		"82051404583":                  true, // who signed
		"podpisany":                    true,
		"дякую":                        true,
		"śliż drzewo":                  true, // sender and letter together
		"sliz " + c.Number:             true,
		"drzewa buk":                   false,
		"82051404584":                  false,
		"śliż RPW/2/2026":              false,
		"wniosek drzewa wróbel marek":  true,
		"wniosek drzewa wróbel maciej": false,
	} {
		if got := slices.Contains(b.found(text), "Wniosek"); got != want {
			t.Errorf("%q: found %t, want %t", text, got, want)
		}
	}
}

func testSearchChanges(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	c := b.queued("Pierwszy temat", nil)
	b.judge(c.ID, letterOf("o jabłkach", ""))
	b.update(c.ID, func(c *workflow.Case) { c.Owner = "ola" })
	if !slices.Equal(b.found("jablka pierwszy"), []string{"Pierwszy temat"}) {
		t.Error("after a change of the owner its words are gone")
	}
	b.update(c.ID, func(c *workflow.Case) { c.Subject = "Drugi temat" })
	if len(b.found("jablka pierwszy")) != 0 || len(b.found("jablka drugi")) != 1 {
		t.Errorf("after a new subject: old %q, new %q", b.found("jablka pierwszy"), b.found("jablka drugi"))
	}
	b.judge(c.ID, letterOf("o gruszkach", ""))
	if len(b.found("jablka")) != 0 || len(b.found("gruszki drugi")) != 1 {
		t.Errorf("after a new judgement: old %q, new %q", b.found("jablka"), b.found("gruszki drugi"))
	}
}

func testSearchRollback(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	c := b.queued("Temat", nil)
	failed := errors.New("failed")
	err := b.Tx(b.ctx, func(tx workflow.Tx) error {
		if err := tx.Judged(b.ctx, c.ID, letterOf("o jabłkach", "")); err != nil {
			return err
		}
		return failed
	})
	wantError(t, err, failed)
	if got := b.found("jablka"); len(got) != 0 {
		t.Errorf("found %q", got)
	}
}

func testTexts(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	c := b.queued("Temat", nil)
	b.judge(c.ID, letterOf("Zażółć gęślą jaźń", "Załącznik"))
	texts := must[map[workflow.CaseID]string](t)(b.Texts(b.ctx, []workflow.CaseID{c.ID, 999}))
	want := "Zażółć gęślą jaźń\numowa_sprzedaży.pdf\nZałącznik\nStarsza wiadomość o kasztanach\nZbigniew Podpisany\n82051404583\n"
	if len(texts) != 1 || texts[c.ID] != want {
		t.Errorf("texts %v, want %q", texts, want)
	}
	if texts := must[map[workflow.CaseID]string](t)(b.Texts(b.ctx, nil)); len(texts) != 0 {
		t.Errorf("texts of no cases: %v", texts)
	}
}

func testChanged(t *testing.T, open Open) {
	now := newClock(noon)
	b := setup(t, open, now.Now)
	one := b.queued("one", func(c *workflow.Case) { c.Route.Desk = "KM" })
	now.set(noon.Add(time.Minute))
	two := b.queued("two", func(c *workflow.Case) { c.Route.Desk = "SA" })
	now.set(noon.Add(2 * time.Minute))
	b.update(one.ID, func(c *workflow.Case) { c.Route.Desk = "PD" })
	changes := must[[]workflow.Change](t)(b.Changed(b.ctx, noon, 10))
	want := []workflow.Change{
		{Case: two.ID, Version: 1, Desk: "SA", At: micros(noon.Add(time.Minute))}, {Case: one.ID, Version: 2, Desk: "PD", At: micros(noon.Add(2 * time.Minute))},
	}
	if !slices.Equal(changes, want) {
		t.Errorf("changed %+v, want %+v", changes, want)
	}
	if got := must[[]workflow.Change](t)(b.Changed(b.ctx, noon.Add(time.Minute), 1)); !slices.Equal(got, want[:1]) {
		t.Errorf("the first change is %+v, want %+v", got, want[:1])
	}
	if got := must[[]workflow.Change](t)(b.Changed(b.ctx, noon.Add(3*time.Minute), 10)); len(got) != 0 {
		t.Errorf("later changes: %+v", got)
	}
}

func testIndexPending(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	c := b.queued("Temat", nil)
	b.judge(c.ID, letterOf("o jabłkach", ""))
	for range 2 {
		if err := b.IndexPending(b.ctx); err != nil {
			t.Fatal(err)
		}
		if got := b.found("jablka temat"); len(got) != 1 {
			t.Errorf("found %q", got)
		}
	}
	if got := must[workflow.Case](t)(b.Case(b.ctx, c.ID)); got.Version != 1 {
		t.Errorf("indexing made version %d", got.Version)
	}
}
