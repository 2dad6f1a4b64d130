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

// keepProofs makes the files of proofs evidence that are not kept yet, and tells of each. An error means that one is not there
// yet: no date is taken from any until then.
func (e *enquiry) keepProofs(ctx context.Context, d *workflow.Delivery, proofs []edelivery.Evidence) (told []string, err error) {
	kept := slices.Clone(d.Proofs)
	for _, p := range proofs {
		if slices.ContainsFunc(kept, func(have workflow.DeliveryProof) bool { return have.ID == p.EvidenceID }) {
			continue
		}
		raw, err := e.client.EvidenceFile(ctx, p.EvidenceID)
		if err != nil && edelivery.IsRefusal(err) && e.Now().Sub(p.EventDate.Time) > filePatience {
			kept = append(kept, workflow.DeliveryProof{ID: p.EvidenceID, Type: p.Type, At: p.EventDate.Time})
			told = append(told, fmt.Sprintf("dowód %s %s: platforma nie wydaje jego pliku", p.Type, p.EvidenceID))
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("the file of proof %s: %w", p.Type, err)
		}
		digest, _, err := e.Evidence.Put(ctx, bytes.NewReader(raw))
		if err != nil {
			return nil, fmt.Errorf("keeping proof %s: %w", p.Type, err)
		}
		kept = append(kept, workflow.DeliveryProof{ID: p.EvidenceID, Type: p.Type, At: p.EventDate.Time, Digest: digest})
		told = append(told, fmt.Sprintf("dowód %s %s (sha256 %s), %s", p.Type, p.EvidenceID, digest, e.seal(raw)))
	}
	d.Proofs = kept
	return told, nil
}

// seal says in Polish what the seal on a proof is worth. A bad one is told, and kept like a good one.
func (t *Tracker) seal(raw []byte) string {
	found := signature.Examine(signature.File{Name: "dowod", Bytes: raw}, signature.Options{Trust: t.Trust, Now: t.Now()})
	is := func(ok func(validate.SignatureReport) bool) bool { return slices.ContainsFunc(found.Signatures, ok) }
	switch {
	case len(found.Signatures) == 0:
		return "bez pieczęci, którą umiemy sprawdzić"
	case is(func(s validate.SignatureReport) bool { return !s.Intact }):
		return "PIECZĘĆ NIE ZGADZA SIĘ: dowód zmieniono albo uszkodzono"
	case is(func(s validate.SignatureReport) bool { return s.Indication == validate.TotalPassed }):
		return "pieczęć prawdziwa"
	}
	return "pieczęć nienaruszona, wystawcy nie sprawdzono (" + found.Signatures[0].SubIndication + ")"
}
