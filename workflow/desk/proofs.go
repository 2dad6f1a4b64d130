package desk

import (
	"slices"
	"strconv"

	"okienko/workflow"
)

// proofView is one file that shows what became of a letter.
type proofView struct {
	workflow.Proof
	Name, Path, Size string
	Mark, Verdict    string // "" for the letter itself, which proves nothing
}

// proofViews are those of one letter, oldest first.
func (t *messages) proofViews(l workflow.Letter, all []workflow.Proof) []proofView {
	var list []proofView
	for _, p := range all {
		if p.Letter != l.ID {
			continue
		}
		view := proofView{Proof: p, Name: p.Kind, Size: t.size(p.Bytes), Mark: t.ProofMark()[p.Verdict], Verdict: t.Case.Proof[p.Verdict],
			Path: casePath(l.Case) + "/letters/" + itoa(int64(l.ID)) + "/proofs/" + string(p.Digest)}
		if p.Kind == workflow.ProofDocument {
			view.Name = t.Case.ProofDocument
		}
		list = append(list, view)
	}
	return list
}

// ProofMark is the icon of a proof's verdict.
func (t *messages) ProofMark() map[workflow.ProofVerdict]string {
	return map[workflow.ProofVerdict]string{workflow.ProofGenuine: "yes", workflow.ProofUnchecked: "unsure", workflow.ProofBroken: "no"}
}

// downloadProof hands over a proof exactly as it came.
func (d *desk) downloadProof(v *visit) error {
	letter, err := strconv.ParseInt(v.PathValue("letter"), 10, 64)
	if err != nil {
		return workflow.ErrNotFound
	}
	all, err := d.Records.CaseProofs(v.Context(), v.c.ID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(p workflow.Proof) bool {
		return p.Letter == workflow.LetterID(letter) && string(p.Digest) == v.PathValue("digest")
	})
	if i < 0 {
		return workflow.ErrNotFound
	}
	f, err := d.Files.Proof(v.Context(), all[i])
	if err != nil {
		return err
	}
	return d.handOver(v, f, "pismo-"+v.PathValue("letter")+"-"+all[i].Kind)
}
