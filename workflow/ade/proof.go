package ade

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"okienko/ingest/edelivery"
	"okienko/validate"
	"okienko/validate/signature"
	"okienko/workflow"
)

// filePatience is how long after the event the file of a proof is waited for. Then what the platform says of the proof counts
// without it: platforms are known to list proofs and not give out their files.
const filePatience = 24 * time.Hour

// news is what one look found out.
type news struct {
	told   []string         // for the history, in Polish
	proofs []workflow.Proof // kept as evidence
	warn   string           // for whoever works on the case, in Polish; ""
	search string           // for whoever must decide about the letter, in Polish; ""
	over   bool             // nothing more is to be asked
}

func (n *news) tell(format string, args ...any) {
	n.told = append(n.told, fmt.Sprintf(format, args...))
}

// keepProofs makes the files of proofs evidence that were not seen to yet, and tells of each. An error means that one is not there
// yet: no date is taken from any until then.
func (e *enquiry) keepProofs(ctx context.Context, d *workflow.Delivery, proofs []edelivery.Evidence) (n news, err error) {
	seen := slices.Clone(d.Proofs)
	for _, p := range proofs {
		if slices.Contains(seen, p.EvidenceID) {
			continue
		}
		seen = append(seen, p.EvidenceID)
		raw, err := e.box.Client.EvidenceFile(ctx, p.EvidenceID)
		if err != nil && edelivery.IsRefusal(err) && e.Now().Sub(p.EventDate.Time) > filePatience {
			n.tell("dowód %s %s: platforma nie wydaje jego pliku", p.Type, p.EvidenceID)
			continue
		}
		if err != nil {
			return news{}, fmt.Errorf("the file of proof %s: %w", p.Type, err)
		}
		digest, size, err := e.Evidence.Put(ctx, bytes.NewReader(raw))
		if err != nil {
			return news{}, fmt.Errorf("keeping proof %s: %w", p.Type, err)
		}
		verdict, because := e.seal(raw)
		n.proofs = append(n.proofs, workflow.Proof{Case: d.Case, Letter: d.Letter, Kind: p.Type, ID: p.EvidenceID, Digest: digest,
			Bytes: size, Verdict: verdict, Because: because})
		n.tell("dowód %s %s (sha256 %s), %s", p.Type, p.EvidenceID, digest, because)
	}
	d.Proofs = seen
	return n, nil
}

// seal says what the seal on a proof is worth, and why in Polish. A bad one is told, and kept like a good one.
func (t *Tracker) seal(raw []byte) (verdict workflow.ProofVerdict, because string) {
	found := signature.Examine(signature.File{Name: "dowod", Bytes: raw}, signature.Options{Trust: t.Trust, Now: t.Now()})
	is := func(ok func(validate.SignatureReport) bool) bool { return slices.ContainsFunc(found.Signatures, ok) }
	switch {
	case len(found.Signatures) == 0:
		return workflow.ProofBroken, "bez pieczęci, którą umiemy sprawdzić"
	case is(func(s validate.SignatureReport) bool { return !s.Intact }):
		return workflow.ProofBroken, "PIECZĘĆ NIE ZGADZA SIĘ: dowód zmieniono albo uszkodzono"
	case is(func(s validate.SignatureReport) bool { return s.Indication == validate.TotalPassed }):
		return workflow.ProofGenuine, "pieczęć prawdziwa"
	}
	return workflow.ProofUnchecked, "pieczęć nienaruszona, wystawcy nie sprawdzono (" + found.Signatures[0].SubIndication + ")"
}
