package validate_test

import (
	"testing"

	"okienko/ingest"
	"okienko/validate"
)

// FuzzCompleteness holds what the findings promise, whatever the letter: one finding a requirement, a reason for each, places
// inside the text, and nothing missing beside a document that nobody could read and that may be anything.
func FuzzCompleteness(f *testing.F) {
	f.Add("WNIOSEK O REJESTRACJĘ POJAZDU\fUMOWA KUPNA\f[ ] dowód opłaty", "skan.pdf", byte(0), false)
	f.Add("Sprzedałem auto KR 12345 w dniu 2.11.2026, umowę doślę", "umowa.pdf", byte(5), true)
	f.Add("zał.: 0 WPŁYNĘŁO \x00\xff", "", byte(17), true)
	all := catalog(f).All(now)
	f.Fuzz(func(t *testing.T, text, name string, pick byte, locked bool) {
		proc := all[int(pick)%len(all)]
		channel := ingest.Channels()[int(pick)%len(ingest.Channels())]
		var docs []ingest.Reading
		if locked {
			docs = append(docs, unread("x.zip", ingest.ProblemEncrypted))
		}
		sub, c := submission(channel, text, append(docs, doc(name, text))...)
		got := validate.Completeness(sub, c, nil, proc, validate.Conditions(sub, c, proc))
		if len(got) != len(proc.Fields)+len(proc.Attached)+1 {
			t.Fatalf("%d findings", len(got))
		}
		for i, fd := range got {
			switch {
			case fd.Because == "":
				t.Fatalf("%s without a reason", fd.Requirement)
			case fd.Place != nil && (fd.Place.Start < 0 || fd.Place.End > len(text) || fd.Place.Start > fd.Place.End):
				t.Fatalf("%s at %+v in %d bytes", fd.Requirement, fd.Place, len(text))
			case locked && fd.Outcome == validate.Missing && i < len(proc.Fields) && proc.Fields[i].Follows == "" && proc.Fields[i].ID != "tresc" && proc.Fields[i].ID != "przedmiot":
				t.Fatalf("%s is missing beside an encrypted archive: %s", fd.Requirement, fd.Because)
			}
		}
	})
}
