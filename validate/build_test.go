package validate_test

import (
	"regexp"
	"testing"
	"time"

	"okienko/ingest"
	"okienko/schemas"
	"okienko/validate"
)

// now is the day of receipt in tests.
var now = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// mail builds a submission by e-mail. A reader's fields are found by their form, as far as the tests need.
func mail(subject, text string, docs ...ingest.Reading) (ingest.Submission, ingest.Contents) {
	sub, c := submission(ingest.Email, text, docs...)
	c.Letter.Subject = subject
	c.Letter.From = ingest.Party{Name: "Anna Przykładowa", Address: "anna@poczta.example"}
	return sub, c
}

// submission builds one of any channel; of a scan, text is its only file, pages separated by form feeds.
func submission(channel ingest.Channel, text string, docs ...ingest.Reading) (ingest.Submission, ingest.Contents) {
	letter := ingest.Reading{Document: ingest.Document{ID: "0"}, Text: text, TextFrom: ingest.TextEmbedded}
	if channel == ingest.Scan {
		letter.Document = ingest.Document{ID: "1", Name: "scan-01.pdf"}
		letter.TextFrom = ingest.TextOCR
	}
	letter.Fields = fieldsIn(letter)
	c := ingest.Contents{Letter: ingest.Letter{Language: "pl"}, Readings: append([]ingest.Reading{letter}, docs...)}
	return ingest.Submission{Channel: channel, ReceivedAt: now}, c
}

var forms = map[string]*regexp.Regexp{
	ingest.FieldPESEL: regexp.MustCompile(`\b\d{11}\b`), ingest.FieldVIN: regexp.MustCompile(`\b[A-HJ-NPR-Z0-9]{17}\b`),
	ingest.FieldPlate: regexp.MustCompile(`\bK[A-Z]{1,2} [A-Z0-9]{4,5}\b`), ingest.FieldDate: regexp.MustCompile(`\b\d{1,2}\.\d{1,2}\.\d{4}\b`),
	ingest.FieldAddress: regexp.MustCompile(`\b\d{2}-\d{3}\b`), ingest.FieldNIP: regexp.MustCompile(`\b\d{10}\b`),
	ingest.FieldAccount: regexp.MustCompile(`\b\d{26}\b`), ingest.FieldPhone: regexp.MustCompile(`\b600 \d{3} \d{3}\b`),
}

func fieldsIn(r ingest.Reading) []ingest.Field {
	var fields []ingest.Field
	for kind, form := range forms {
		for _, at := range form.FindAllStringIndex(r.Text, -1) {
			fields = append(fields, ingest.Field{
				Type: kind, Value: r.Text[at[0]:at[1]], Confidence: 0.9, Place: ingest.Place{Document: r.Document.ID, Start: at[0], End: at[1]},
			})
		}
	}
	return fields
}

// doc is a document that was read.
func doc(name, text string, kinds ...string) ingest.Reading {
	r := ingest.Reading{Document: ingest.Document{ID: "7", Name: name}, Text: text, TextFrom: ingest.TextEmbedded}
	for _, k := range kinds {
		r.Kinds = append(r.Kinds, ingest.Kind{ID: k, Confidence: 0.9})
	}
	r.Fields = fieldsIn(r)
	return r
}

// unread is a document nobody could read.
func unread(name string, problem ingest.ProblemCode, kinds ...string) ingest.Reading {
	r := doc(name, "", kinds...)
	r.TextFrom, r.Pages = ingest.TextNone, 1
	r.Problems = []ingest.Problem{{Code: problem, Document: r.Document.ID}}
	return r
}

func procedure(t testing.TB, id schemas.ProcedureID) schemas.Procedure {
	t.Helper()
	p, ok := catalog(t).Procedure(id, now)
	if !ok {
		t.Fatalf("no procedure %s", id)
	}
	return p
}

// findings judges a submission and returns the findings by requirement.
func findings(t testing.TB, id schemas.ProcedureID, sub ingest.Submission, c ingest.Contents, sigs ...validate.SignatureReport) map[string]validate.Finding {
	t.Helper()
	p := procedure(t, id)
	byID := map[string]validate.Finding{}
	for _, f := range validate.Completeness(sub, c, sigs, p, validate.Conditions(sub, c, p)) {
		if f.Because == "" {
			t.Errorf("%s: %s without a reason", f.Requirement, f.Outcome)
		}
		byID[f.Requirement] = f
	}
	return byID
}
