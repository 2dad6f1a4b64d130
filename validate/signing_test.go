package validate_test

import (
	"testing"
	"time"

	"okienko/ingest"
	"okienko/schemas"
	"okienko/validate"
)

func TestTheSignatureOf(t *testing.T) {
	t.Parallel()
	sig := func(intact bool, i validate.Indication, k validate.SignatureKind) validate.SignatureReport {
		return validate.SignatureReport{Intact: intact, Indication: i, Kind: k, Signer: validate.Signer{Name: "Anna Przykładowa"}}
	}
	good := sig(true, validate.TotalPassed, validate.Trusted)
	tests := []struct {
		name    string
		id      schemas.ProcedureID
		channel ingest.Channel
		sigs    []validate.SignatureReport
		want    validate.Outcome
		effect  schemas.Consequence
	}{
		{"a document signed with a trusted profile is met", "odpis_aktu", ingest.EPUAP, []validate.SignatureReport{good}, validate.Met, schemas.Art64p2},
		{"a document without any is missing", "odpis_aktu", ingest.EPUAP, nil, validate.Missing, schemas.Art64p2},
		{"a tax form without any is missing under tax law", "zwrot_nadplaty", ingest.EPUAP, nil, validate.Missing, schemas.OP169},
		{"a document changed after signing is missing", "odpis_aktu", ingest.EPUAP, []validate.SignatureReport{sig(false, validate.TotalFailed, validate.Trusted)}, validate.Missing, schemas.Art64p2},
		{"a certificate nobody could trust is undecided", "odpis_aktu", ingest.EPUAP, []validate.SignatureReport{sig(true, validate.Indeterminate, validate.Trusted)}, validate.Unsure, schemas.Art64p2},
		{"a valid signature of another kind is undecided", "odpis_aktu", ingest.EPUAP, []validate.SignatureReport{sig(true, validate.TotalPassed, validate.Advanced)}, validate.Unsure, schemas.Art64p2},
		{"a good one beside a broken one is undecided", "odpis_aktu", ingest.EPUAP, []validate.SignatureReport{good, sig(false, validate.TotalFailed, validate.Qualified)}, validate.Unsure, schemas.Art64p2},
		{"paper is for a person to look at", "odpis_aktu", ingest.Scan, nil, validate.Unsure, schemas.Art64p2},
		{"an e-mail without effect is not asked for", "odpis_aktu", ingest.Email, nil, validate.NotRequired, schemas.Art64p2},
		{"a request for information is not needed", "informacja_publiczna", ingest.EPUAP, nil, validate.NotRequired, schemas.LexSpecialis},
		{"a complaint is not needed", "skarga_wniosek_petycja", ingest.Email, nil, validate.NotRequired, schemas.LexSpecialis},
		{"an act in person is given there", "dowod_osobisty", ingest.EPUAP, nil, validate.NotRequired, schemas.Art64p2},
		{"e-Doręczenia without any is missing", "odpis_aktu", ingest.EDelivery, nil, validate.Missing, schemas.Art64p2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			sub, c := submission(tt.channel, "Proszę o załatwienie sprawy.")
			got := findings(t, tt.id, sub, c, tt.sigs...)[validate.SignatureRequirement]
			if got.Outcome != tt.want || got.Consequence != tt.effect {
				t.Errorf("got %s with %s (%s), want %s with %s", got.Outcome, got.Consequence, got.Because, tt.want, tt.effect)
			}
		})
	}
}

func TestAnOldEMailWasASubmissionWithoutASignature(t *testing.T) {
	t.Parallel()
	sub, c := mail("", "Proszę o odpis.")
	sub.ReceivedAt = time.Date(2021, 10, 1, 12, 0, 0, 0, time.UTC)
	if got := findings(t, "odpis_aktu", sub, c)[validate.SignatureRequirement]; got.Outcome != validate.Missing {
		t.Errorf("got %s (%s), want missing", got.Outcome, got.Because)
	}
}
