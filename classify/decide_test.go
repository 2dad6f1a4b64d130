package classify_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"okienko/classify"
	"okienko/ingest"
	"okienko/schemas"
)

func mail(subject, text string) classify.Features {
	return classify.Features{Channel: ingest.Email, Document: "0", Text: text, Letter: ingest.Letter{Subject: subject}}
}

func TestReasonsQuoteTheLetterWhereTheWordsStand(t *testing.T) {
	t.Parallel()
	text := "Szanowni Państwo,\nproszę o wydanie odpisu zupełnego aktu małżeństwa."
	d := defaultRuleset(t).Decide(mail("", text))
	if d.Procedure != "odpis_aktu" || len(d.Because) == 0 {
		t.Fatalf("decided %+v", d)
	}
	for _, r := range d.Because {
		if r.Place == nil || text[r.Place.Start:r.Place.End] != r.Words || r.Place.Document != "0" {
			t.Errorf("reason %+v at %+v does not point at its words", r, r.Place)
		}
		if !strings.Contains(r.Text, r.Words) {
			t.Errorf("reason %q does not quote %q", r.Text, r.Words)
		}
	}
	if !strings.HasPrefix(d.Ruleset, "r") {
		t.Errorf("the decision names no rules: %q", d.Ruleset)
	}
}

func TestWhereWordsStandDecidesWhatTheyWeigh(t *testing.T) {
	t.Parallel()
	rs := defaultRuleset(t)
	const newsletter = "Warunki zabudowy po reformie. Zezwolenia na sprzedaż alkoholu. Zajęcie pasa drogowego. Rejestracja pojazdów."
	tests := []struct {
		name string
		f    classify.Features
		want schemas.ProcedureID
	}{
		{"an older letter quoted below does not decide", func() classify.Features {
			f := mail("odpis", "Proszę o odpis skrócony aktu urodzenia.")
			f.Letter.Quoted = newsletter
			return f
		}(), "odpis_aktu"},
		{"quoted words alone are not enough", func() classify.Features {
			f := mail("pytanie", "Dzień dobry, bardzo proszę o odpowiedź na moje poprzednie pytanie, bo czekam już od dwóch tygodni na kontakt.")
			f.Letter.Quoted = "Wniosek o warunki zabudowy dla działki 45/3, decyzja o warunkach zabudowy."
			return f
		}(), schemas.General},
		{"an attachment does not outweigh the letter", func() classify.Features {
			f := mail("", "Proszę o odpis skrócony aktu urodzenia syna.")
			f.Attachments = []classify.Attachment{{Document: "1", Name: "dowod osobisty.pdf", Text: "wniosek o wydanie dowodu osobistego"}}
			return f
		}(), "odpis_aktu"},
		{"but speaks for a letter that says nothing", func() classify.Features {
			f := mail("", "wniosek w zał.")
			f.Attachments = []classify.Attachment{{Document: "1", Name: "skan.pdf", Text: "WNIOSEK O WYDANIE ODPISU SKRÓCONEGO AKTU URODZENIA"}}
			return f
		}(), "odpis_aktu"},
		{"what is ruled out is not meant", mail("", "Nie chodzi o prawo jazdy. Proszę o odpis skrócony aktu urodzenia."), "odpis_aktu"},
		{"the legal way wins over the topic", mail("", "W trybie dostępu do informacji publicznej proszę o dane o zezwoleniach na wycinkę drzew."), "informacja_publiczna"},
		{"a heading stands for the subject", mail("", "Jan Kos\nul. Długa 1\n\nWNIOSEK O WYMELDOWANIE\n\nZa śmieci płacę za dwie osoby, a mieszkam sama."), "wymeldowanie"},
		{"a case number of one class says it", mail("uzupełnienie", "Do sprawy SA-04.7340.2.99.2026 przesyłam brakujący dokument."), "zezwolenie_alkohol"},
		{"a case number of a class of many does not", mail("uzupełnienie", "Do sprawy KM.5410.1.99.2026 przesyłam brakujący dokument."), schemas.General},
		{"a slip of the finger is forgiven", mail("", "prosze o wymledowanie mnie z pobytu stalego"), "wymeldowanie"},
		{"nothing says nothing", mail("", ""), schemas.General},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if d := rs.Decide(tt.f); d.Procedure != tt.want {
				t.Errorf("decided %s %.2f by %v, want %s", d.Procedure, d.Confidence, d.Because, tt.want)
			}
		})
	}
}

func TestQuestionsSupplementsAndAlarms(t *testing.T) {
	t.Parallel()
	rs := defaultRuleset(t)
	tests := []struct {
		name, text                  string
		question, supplement, alarm bool
	}{
		{"a question files nothing", "Jakie dokumenty są potrzebne do rejestracji auta?", true, false, false},
		{"a filing with a question beside files", "Wnoszę o rejestrację auta. Czy mogę przyjść po 14?", false, false, false},
		{"a filing is no question", "Proszę o wydanie odpisu aktu urodzenia.", false, false, false},
		{"an answer to our call is a supplement", "W odpowiedzi na wezwanie przesyłam zgodę wspólnoty.", false, true, false},
		{"a completion code is one", "kod uzupełnienia 7K4-MAPA, umowa w pliku", false, true, false},
		{"despair is seen by a person", "Nie mam już siły żyć. Jak złożyć wniosek o dodatek mieszkaniowy?", true, false, true},
		{"danger to children too", "Belka na placu zabaw pęka, wczoraj dziecko spadło z huśtawki.", false, false, true},
		{"an ordinary complaint is not an alarm", "Składam skargę na kolejkę w urzędzie.", false, false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := rs.Decide(mail("", tt.text))
			if d.Question != tt.question || d.Supplement != tt.supplement || len(d.Alarms) > 0 != tt.alarm {
				t.Errorf("question %v, supplement %v, alarms %v", d.Question, d.Supplement, d.Alarms)
			}
		})
	}
}

// TestInDoubtItIsASubmission holds the guard that matters most: a resident's letter is never lost as spam or a newsletter.
func TestInDoubtItIsASubmission(t *testing.T) {
	t.Parallel()
	rs := defaultRuleset(t)
	null := ""
	tests := []struct {
		name string
		f    func() classify.Features
		want classify.Nature
	}{
		{"list headers and a request", func() classify.Features {
			f := mail("", "Prosimy o interwencję w sprawie hałasu. Wypisz się z listy.")
			f.Letter.Headers = map[string][]string{"List-Id": {"<x>"}, "List-Unsubscribe": {"<y>"}, "Precedence": {"list"}}
			return f
		}, classify.NatureSubmission},
		{"list headers alone", func() classify.Features {
			f := mail("spotkanie", "Zebranie mieszkańców jest w piątek.")
			f.Letter.Headers = map[string][]string{"List-Id": {"<x>"}}
			return f
		}, classify.NatureSubmission},
		{"a scanner's mail", func() classify.Features {
			f := mail("Skan", "Skan w załączniku.")
			f.Letter.Headers = map[string][]string{"Auto-Submitted": {"auto-generated"}}
			f.Attachments = []classify.Attachment{{Name: "skan.pdf"}}
			return f
		}, classify.NatureSubmission},
		{"Auto-Submitted: no is a person", func() classify.Features {
			f := mail("odpis", "Proszę o odpis aktu urodzenia.")
			f.Letter.Headers = map[string][]string{"Auto-Submitted": {"no"}}
			return f
		}, classify.NatureSubmission},
		{"an invoice, a link and a PESEL", func() classify.Features {
			return mail("faktura", "Szanowny kliencie, nie odnotowaliśmy wpłaty, pobierz fakturę http://x.example - dostałem takie coś, to oszustwo? PESEL 44051401359")
		}, classify.NatureSubmission},
		{"a null sender alone", func() classify.Features {
			f := mail("wniosek", "Proszę o odpis aktu urodzenia.")
			f.Letter.ReturnPath = &null
			return f
		}, classify.NatureSubmission},
		{"a holiday mentioned in a request", func() classify.Features {
			return mail("dowód", "Jestem na urlopie do piątku i wtedy chcę złożyć wniosek o dowód osobisty.")
		}, classify.NatureSubmission},
		{"a null sender and an out-of-office subject", func() classify.Features {
			f := mail("Automatyczna odpowiedź: odpis", "Wracam 3 stycznia.")
			f.Letter.ReturnPath = &null
			return f
		}, classify.NatureAutomatic},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if d := rs.Decide(tt.f()); d.Nature != tt.want {
				t.Errorf("nature %s by %v, want %s", d.Nature, d.Because, tt.want)
			}
		})
	}
}

func TestFeaturesOfAScanTakeEverySheetForTheLetter(t *testing.T) {
	t.Parallel()
	c := ingest.Contents{Readings: []ingest.Reading{
		{Document: ingest.Document{ID: "1", Name: "scan-01.pdf"}, Text: "okładka"},
		{Document: ingest.Document{ID: "2", Name: "scan-02.pdf"}, Text: "Wniosek o wymeldowanie"},
		{Document: ingest.Document{ID: "2.1", Name: "inside.pdf"}, Text: "coś"},
	}}
	f := classify.FeaturesOf(ingest.Submission{Channel: ingest.Scan}, c)
	if f.Document != "1" || f.Text != "okładka" || len(f.Attachments) != 2 || !f.Attachments[0].Sheet || f.Attachments[1].Sheet {
		t.Errorf("features %+v", f)
	}
	if d := defaultRuleset(t).Decide(f); d.Procedure != "wymeldowanie" || d.Because[0].Place.Document != "2" {
		t.Errorf("decided %s by %+v", d.Procedure, d.Because)
	}
}

func TestCompareShowsWhoWouldChange(t *testing.T) {
	t.Parallel()
	catalog, err := schemas.Default()
	if err != nil {
		t.Fatal(err)
	}
	rules, err := classify.DefaultRules(catalog, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	before, err := classify.Compile(rules)
	if err != nil {
		t.Fatal(err)
	}
	draft := rules
	draft.Procedures = slices.Clone(rules.Procedures)
	for i, p := range draft.Procedures {
		if p.ID == "zezwolenie_alkohol" {
			draft.Procedures[i].Match.Strong = append(slices.Clone(p.Match.Strong), "kropelk*")
		}
	}
	after, err := classify.Compile(draft)
	if err != nil {
		t.Fatal(err)
	}
	past := []classify.Labeled{
		{ID: "RPW/1/2026", Features: mail("", "Proszę o zgodę na kropelkę w moim barze."), Procedure: "zezwolenie_alkohol"},
		{ID: "RPW/2/2026", Features: mail("", "Proszę o odpis skrócony aktu urodzenia.")},
	}
	got := classify.Compare(before, after, slices.Values(past))
	if len(got) != 1 || got[0].ID != "RPW/1/2026" || got[0].Want != "zezwolenie_alkohol" || got[0].New.Procedure != "zezwolenie_alkohol" || !got[0].Old.Unsure() {
		t.Errorf("changes %+v", got)
	}
	if before.Version() == after.Version() {
		t.Error("different rules have the same version")
	}
	if again, _ := classify.Compile(rules); again.Version() != before.Version() {
		t.Error("the same rules have different versions")
	}
}

func TestBadRulesAreNamed(t *testing.T) {
	t.Parallel()
	good := classify.Rules{Threshold: 0.5}
	tests := []struct {
		name   string
		change func(*classify.Rules)
		want   string // "" for none
	}{
		{"good rules", func(*classify.Rules) {}, ""},
		{"no threshold", func(r *classify.Rules) { r.Threshold = 0 }, "threshold"},
		{"a bad pattern", func(r *classify.Rules) { r.Requests = []string{"Proszę"} }, "key requests"},
		{"a bad pattern of a procedure", func(r *classify.Rules) {
			r.Procedures = []classify.Procedure{{ID: "x", Match: schemas.Match{Strong: []string{"*"}}}}
		}, "key procedures.x.match.strong"},
		{"an unknown nature", func(r *classify.Rules) {
			r.Signals = []classify.Signal{{ID: "s", Nature: "junk", Weight: 1, Text: "t"}}
		}, "allowed are submission"},
		{"a weight too heavy", func(r *classify.Rules) {
			r.Signals = []classify.Signal{{ID: "s", Nature: classify.NatureSpam, Weight: 9, Text: "t"}}
		}, "weight 9"},
		{"a signal without a reason", func(r *classify.Rules) {
			r.Signals = []classify.Signal{{ID: "s", Nature: classify.NatureSpam, Weight: 1}}
		}, "key text"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			rules := good
			tt.change(&rules)
			_, err := classify.Compile(rules)
			if (err != nil) != (tt.want != "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one with %q", err, tt.want)
			}
		})
	}
}

// FuzzDecide holds what every decision promises, whatever the letter.
func FuzzDecide(f *testing.F) {
	for _, l := range ownLetters(f) {
		f.Add(l.Subject, l.Text, l.Quoted)
	}
	f.Add("", "1. a\n2) b\nc/ \x00\xff", "> > >")
	rs := defaultRuleset(f)
	f.Fuzz(func(t *testing.T, subject, text, quoted string) {
		in := mail(subject, text)
		in.Letter.Quoted = quoted
		d := rs.Decide(in)
		if again := rs.Decide(in); !reflect.DeepEqual(d, again) {
			t.Fatalf("decided differently: %+v and %+v", d, again)
		}
		if d.Confidence < 0 || d.Confidence > 1 {
			t.Fatalf("confidence %v", d.Confidence)
		}
		decided := d.DecidedBy != classify.ByNone
		switch {
		case d.Nature != classify.NatureSubmission && (d.Procedure != "" || decided):
			t.Fatalf("no submission but %+v", d)
		case d.Nature == classify.NatureSubmission && !decided && d.Procedure != schemas.General:
			t.Fatalf("unsure but %+v", d)
		case len(d.Because) == 0:
			t.Fatalf("no reason: %+v", d)
		}
		for _, r := range d.Because {
			if r.Place != nil && (r.Place.Start < 0 || r.Place.End > len(text) || r.Place.Start > r.Place.End) {
				t.Fatalf("reason %+v outside of a text of %d bytes", r.Place, len(text))
			}
		}
	})
}
