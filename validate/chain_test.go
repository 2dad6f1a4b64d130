package validate_test

import (
	"testing"

	"okienko/ingest"
	"okienko/validate"
)

func TestOneContractIsTheChainWhereItsSellerIsTheRegisteredOwner(t *testing.T) {
	t.Parallel()
	const (
		form   = "WNIOSEK O REJESTRACJĘ POJAZDU\nWłaściciel Ewa Przykładowa\nul. Długa 5, 31-147 Kraków"
		seller = "Żaneta Mąka"
	)
	for _, tt := range []struct {
		name, label, document string
		want                  validate.Outcome
	}{
		{"the same person", "Sprzedający", "DOWÓD REJESTRACYJNY\nC.1.1 właściciel MĄKA ŻANETA", validate.Met},
		{"another person", "Sprzedający", "DOWÓD REJESTRACYJNY\nC.1.1 właściciel MĄKA ANNA", validate.Unsure},
		{"only the buyer", "Kupujący", "DOWÓD REJESTRACYJNY\nC.1.1 właściciel MĄKA ŻANETA", validate.Unsure},
		{"no registration document", "Sprzedający", "Lista zakupów\nMĄKA ŻANETA", validate.Unsure},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			before := form + "\n\fUMOWA KUPNA-SPRZEDAŻY\n" + tt.label + ": "
			sub, c := submission(ingest.Scan, before+seller+", zam. Kraków\n\f"+tt.document)
			c.Readings[0].Fields = append(c.Readings[0].Fields, ingest.Field{
				Type: ingest.FieldName, Value: seller, Label: tt.label, Confidence: 0.9, Place: ingest.Place{Document: "1", Start: len(before), End: len(before) + len(seller)},
			})
			if got := findings(t, "rejestracja_pojazdu", sub, c)["ciag_wlasnosci"]; got.Outcome != tt.want {
				t.Errorf("got %s (%s), want %s", got.Outcome, got.Because, tt.want)
			}
		})
	}
}

func TestASketchInTheLetterIsOne(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, text string
		drawn      *ingest.Box
		want       validate.Outcome
	}{
		{"announced and drawn", "Zgłaszam zamiar usunięcia lipy. Rysunek (dom po lewej):", &ingest.Box{Left: 1000, Top: 5000, Right: 7000, Bottom: 8000}, validate.Met},
		{"announced only", "Zgłaszam zamiar usunięcia lipy. Rysunek (dom po lewej):", nil, validate.Unsure},
		{"drawn only", "Zgłaszam zamiar usunięcia lipy.", &ingest.Box{Left: 1000, Top: 5000, Right: 7000, Bottom: 8000}, validate.Unsure},
		{"a map is no sketch", "Zgłaszam zamiar usunięcia lipy. Mapa w załączeniu.", &ingest.Box{Left: 1000, Top: 5000, Right: 7000, Bottom: 8000}, validate.Unsure},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			sub, c := submission(ingest.Scan, tt.text)
			c.Readings[0].Sheets = []ingest.Sheet{{Page: 1, Read: true, Mean: 0.9, Drawn: tt.drawn}}
			if got := findings(t, "usuniecie_drzewa", sub, c)["mapka"]; got.Outcome != tt.want {
				t.Errorf("got %s (%s), want %s", got.Outcome, got.Because, tt.want)
			}
		})
	}
}

func TestAPESELInTheSignatureIsTheSigners(t *testing.T) {
	t.Parallel()
	signed := func(id string, intact bool) validate.SignatureReport {
		return validate.SignatureReport{Intact: intact, Indication: validate.TotalPassed, Kind: validate.Trusted, Signer: validate.Signer{Name: "Anna Przykładowa", ID: id}}
	}
	for _, tt := range []struct {
		name, text string
		sig        validate.SignatureReport
		want       validate.Outcome
	}{
		{"of a trusted profile", "Proszę o odpis mojego aktu urodzenia.", signed("44051401458", true), validate.Met},
		{"of a certificate", "Proszę o odpis mojego aktu urodzenia.", signed("PNOPL-44051401458", true), validate.Met},
		{"of a foreigner", "Proszę o odpis mojego aktu urodzenia.", signed("PNOUA-1234567890", true), validate.Missing},
		{"of a broken signature", "Proszę o odpis mojego aktu urodzenia.", signed("44051401458", false), validate.Missing},
		{"of a proxy", "W imieniu klienta wnoszę o odpis skrócony aktu urodzenia.", signed("44051401458", true), validate.Unsure},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			sub, c := submission(ingest.EPUAP, tt.text)
			if got := findings(t, "odpis_aktu", sub, c, tt.sig)["pesel"]; got.Outcome != tt.want {
				t.Errorf("got %s (%s), want %s", got.Outcome, got.Because, tt.want)
			}
		})
	}
}
