package validate_test

import (
	"testing"

	"okienko/ingest"
	"okienko/validate"
)

func TestTheHandwrittenSignatureOf(t *testing.T) {
	t.Parallel()
	page := func(n int, hand ingest.Hand) ingest.Sheet {
		s := ingest.Sheet{Page: n, Read: true, Mean: 0.9}
		if hand != "" {
			s.Signed = &ingest.Signed{Hand: hand, Because: "„podpis wnioskodawcy”"}
		}
		return s
	}
	scan := func(sheets ...ingest.Sheet) ingest.Reading {
		return ingest.Reading{Document: ingest.Document{ID: "1", Name: "scan-01.pdf"}, TextFrom: ingest.TextOCR, Pages: len(sheets), Sheets: sheets}
	}
	run := func(id string, page, pages int) ingest.Kind {
		return ingest.Kind{ID: id, Page: page, Pages: pages, Confidence: 0.9}
	}
	unread := func(s ingest.Sheet) ingest.Sheet { s.Read, s.Mean = false, 0; return s }
	poor := func(s ingest.Sheet) ingest.Sheet { s.Mean = 0.4; return s }
	blank := func(s ingest.Sheet) ingest.Sheet { s.Blank, s.Mean = true, 0; return s }
	of := func(r ingest.Reading, runs ...ingest.Kind) []ingest.Reading {
		r.Runs = runs
		return []ingest.Reading{r}
	}
	tests := []struct {
		name string
		docs []ingest.Reading
		want validate.Outcome
		page int // of the place; 0 none
	}{
		{"a letter signed on its line is met", of(scan(page(1, ingest.HandYes))), validate.Met, 1},
		{"an empty line is missing", of(scan(page(1, ingest.HandNo))), validate.Missing, 1},
		{"something on the line is undecided", of(scan(page(1, ingest.HandUnsure))), validate.Unsure, 1},
		{"a page without a line is undecided", of(scan(page(1, ""))), validate.Unsure, 0},
		{"the second of two lines signed is met", of(scan(page(1, ingest.HandNo), page(2, ingest.HandYes))), validate.Met, 2},
		{"an empty line with a page nobody read is undecided", of(scan(page(1, ingest.HandNo), unread(page(2, "")))), validate.Unsure, 1},
		{"an empty line on a poorly read page is undecided", of(scan(poor(page(1, ingest.HandNo)))), validate.Unsure, 1},
		{"an empty line before a blank back is missing", of(scan(page(1, ingest.HandNo), blank(page(2, "")))), validate.Missing, 1},
		{
			"a signed contract behind an unsigned application is missing",
			of(scan(page(1, ingest.HandNo), page(2, ingest.HandYes)), run("wniosek", 1, 1), run("umowa_sprzedazy", 2, 1)), validate.Missing, 1,
		},
		{
			"a signed contract behind an application without a line is undecided",
			of(scan(page(1, ""), page(2, ingest.HandYes)), run("wniosek", 1, 1), run("umowa_sprzedazy", 2, 1)), validate.Unsure, 0,
		},
		{"a letter without a heading before a signed deed is judged by itself", of(scan(page(1, ingest.HandNo), page(2, ingest.HandYes)), run("akt_notarialny", 2, 1)), validate.Missing, 1},
		{
			"a signed power of attorney in a file of its own signs no letter", []ingest.Reading{scan(page(1, ingest.HandNo)), {
				Document: ingest.Document{ID: "2", Name: "scan-02.pdf"}, Sheets: []ingest.Sheet{page(1, ingest.HandYes)}, Kinds: []ingest.Kind{{ID: "pelnomocnictwo", Confidence: 0.9}},
			}}, validate.Missing, 1,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			sub := ingest.Submission{Channel: ingest.Scan, ReceivedAt: now}
			c := ingest.Contents{Letter: ingest.Letter{Language: "pl"}, Readings: tt.docs}
			got := findings(t, "odpis_aktu", sub, c)[validate.SignatureRequirement]
			at := 0
			if got.Place != nil {
				at = got.Place.Page
			}
			if got.Outcome != tt.want || at != tt.page {
				t.Errorf("got %s on page %d (%s), want %s on page %d", got.Outcome, at, got.Because, tt.want, tt.page)
			}
		})
	}
}

func TestABlankPageIsNoDocument(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		blank bool
		want  validate.Outcome
	}{
		{"the blank back of a form hides no proof of payment", true, validate.Missing},
		{"a page nobody could read may be one", false, validate.Unreadable},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			sub, c := submission(ingest.Scan, "WNIOSEK O REJESTRACJĘ POJAZDU\nWłaściciel Anna Przykładowa\nul. Długa 5, 31-147 Kraków\n\f\n\fUMOWA KUPNA-SPRZEDAŻY\nzawarta w Krakowie")
			c.Readings[0].Pages = 3
			c.Readings[0].Sheets = []ingest.Sheet{{Page: 1, Read: true}, {Page: 2, Read: true, Blank: tt.blank}, {Page: 3, Read: true}}
			if !tt.blank {
				c.Readings[0].Problems = []ingest.Problem{{Code: ingest.ProblemNoText, Document: "1"}}
			}
			if got := findings(t, "rejestracja_pojazdu", sub, c)["dowod_oplaty"]; got.Outcome != tt.want {
				t.Errorf("got %s (%s), want %s", got.Outcome, got.Because, tt.want)
			}
		})
	}
}
