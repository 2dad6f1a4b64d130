package desk

import (
	"context"
	"fmt"
	"time"

	"okienko/ingest"
	"okienko/workflow"
)

// paperView is where a letter on paper came from, and its times, which are apart (OFFICE.md 3.3).
type paperView struct {
	Place      string
	Window     string    // in words; ""
	Party      time.Time // what the party's term is held against: the earliest it can have been dropped in; zero if unknown
	Opened     time.Time
	Scanned    time.Time
	Registered time.Time
	Batch      string // in words; ""
}

// paperView is nil for what is not on paper.
func (t *messages) paperView(c workflow.Case) *paperView {
	p := c.Submission.Paper
	if p == nil {
		return nil
	}
	view := &paperView{Place: p.Place, Party: p.DroppedFrom, Opened: p.OpenedAt, Scanned: p.ScannedAt, Registered: c.RegisteredAt}
	if !p.DroppedFrom.IsZero() {
		view.Window = fmt.Sprintf(t.Paper.Between, t.DateTime(p.DroppedFrom), t.DateTime(p.DroppedTo))
	}
	if p.Batch.Valid() {
		view.Batch = fmt.Sprintf(t.Paper.BatchPart, p.Envelope, p.PageFrom, p.PageTo, p.Batch[:12])
	}
	return view
}

// held reports whether the hold of the urn runs.
func held(c workflow.Case, now time.Time) bool {
	return c.Stage == workflow.StageJudge && now.Before(c.HeldUntil)
}

// unholding ends the hold of a case before its time. Why stays in its history: nothing from an urn is opened early unnoticed.
func unholding(why string) action {
	return func(ctx context.Context, d deed) error {
		if !held(*d.c, d.now) {
			return errMachine
		}
		d.c.HeldUntil, d.c.Reason = time.Time{}, ""
		if err := d.save(ctx, workflow.EventUnheld, why); err != nil {
			return err
		}
		return d.tx.Enqueue(ctx, d.c.ID, workflow.StageJudge)
	}
}

func (d *desk) endHold(v *visit) error {
	why, wrong := v.remark("text")
	if wrong != "" {
		return d.renderCase(v, caseErrors{Hold: wrong})
	}
	return d.done(v, unholding(why), v.t.Paper.HoldEnded)
}

// mailAddresses are the e-mail addresses a letter gives, as found in its documents.
func mailAddresses(j workflow.Judgement) []string {
	var list []string
	seen := map[string]bool{}
	for _, r := range j.Contents.Readings {
		for _, f := range r.Fields {
			if f.Type == ingest.FieldEmail && !seen[f.Value] {
				seen[f.Value] = true
				list = append(list, f.Value)
			}
		}
	}
	return list
}
