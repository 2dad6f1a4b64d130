package desk

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"okienko/schemas"
	"okienko/validate"
	"okienko/workflow"
	"okienko/workflow/rulebook"
)

// replayRun is a replay under way in this process.
type replayRun struct {
	done   atomic.Int64
	of     int
	failed atomic.Bool
	over   atomic.Bool
}

// How much of the past a replay may look at, and how long it may take.
const (
	usualReplay   = 500
	mostReplay    = 5000
	longestReplay = 15 * time.Minute
)

// replayState tells how far the replay of a draft is in this process.
func (d *desk) replayState(id int64) (running bool, done, of int, failed bool) {
	d.bench.mu.Lock()
	defer d.bench.mu.Unlock()
	run := d.bench.running[id]
	if run == nil {
		return false, 0, 0, false
	}
	return !run.over.Load(), int(run.done.Load()), run.of, run.failed.Load()
}

// startReplay begins the replay of a draft in the background; of one draft only one runs.
func (d *desk) startReplay(v *visit) error {
	draft, err := d.draftOf(v)
	if err != nil {
		return err
	}
	limit, err := strconv.Atoi(v.PostFormValue("last"))
	if err != nil || limit < 1 || limit > mostReplay {
		limit = usualReplay
	}
	if len(d.complaintsOf(draft.Book, draft.Digest)) > 0 {
		return d.draftPage(v, draft, v.t.Workshop.Unsound)
	}
	if draft.State != rulebook.DraftOpen {
		return d.draftPage(v, draft, v.t.Workshop.NotOpen)
	}
	run := &replayRun{of: limit}
	d.bench.mu.Lock()
	if old := d.bench.running[draft.ID]; old == nil || old.over.Load() {
		d.bench.running[draft.ID] = run
		ctx, cancel := context.WithTimeout(context.WithoutCancel(v.Context()), longestReplay)
		go func() {
			defer cancel()
			d.replay(ctx, draft, run, v.user.Name)
		}()
	}
	d.bench.mu.Unlock()
	return v.redirect(draftPath(draft.ID) + "#replay")
}

func (d *desk) replay(ctx context.Context, draft rulebook.Draft, run *replayRun, by string) {
	defer run.over.Store(true)
	err := d.replayed(ctx, draft, run, by)
	if err != nil && !errors.Is(err, workflow.ErrConflict) { // who changed the draft meanwhile starts another
		run.failed.Store(true)
		d.Log.Error("desk: replaying a draft", "draft", draft.ID, "error", err)
	}
}

func (d *desk) replayed(ctx context.Context, draft rulebook.Draft, run *replayRun, by string) error {
	before, after, err := d.sides(ctx, draft)
	if err != nil {
		return err
	}
	report, err := rulebook.Replay(ctx, before, after, d.Rules.Past.PastCases(ctx, run.of), func(done int) { run.done.Store(int64(done)) })
	if err != nil {
		return err
	}
	report.Digest, report.At, report.By = draft.Digest, d.Now(), by
	return d.Rules.Shelf.KeepReplay(ctx, draft.ID, report)
}

// sides are the benches of the version a draft was made from, and of the draft.
func (d *desk) sides(ctx context.Context, draft rulebook.Draft) (before, after workflow.Bench, err error) {
	if before, err = d.Rules.Library.Version(ctx, draft.Base); err != nil {
		return before, after, err
	}
	after, complaints := d.Rules.Library.Office().Compile(draft.Book, draft.Base, d.Now())
	if len(complaints) > 0 {
		return before, after, rulebook.ErrUnsound
	}
	return before, after, nil
}

// sampleView is one past case judged on both sides.
type sampleView struct {
	Draft    rulebook.Draft
	Path     string
	Case     workflow.Case
	CasePath string
	Text     string
	Old, New sideView
}

// sideView is what one side makes of a case.
type sideView struct {
	Service, By, Desk, Reply, Because string
	To, Subject, Letter               string
	Missing                           []string
	Differs                           bool
}

// showSample shows a case as it was and as the draft would have it. It is a reading of the case.
func (d *desk) showSample(v *visit) error {
	draft, err := d.draftOf(v)
	if err != nil {
		return err
	}
	id, err := strconv.ParseInt(v.PathValue("case"), 10, 64)
	if err != nil {
		return workflow.ErrNotFound
	}
	past, err := d.Rules.Past.JudgedCase(v.Context(), workflow.CaseID(id))
	if err != nil {
		return err
	}
	before, after, err := d.sides(v.Context(), draft)
	if errors.Is(err, rulebook.ErrUnsound) {
		return d.draftPage(v, draft, v.t.Workshop.Unsound)
	}
	if err != nil {
		return err
	}
	v.c = past.Case
	if err := d.seen(v.Context(), v, workflow.EventViewed, "warsztat"); err != nil {
		return err
	}
	s := rulebook.Compare(before, after, past)
	all := d.Procedures.All(v.now)
	view := sampleView{Draft: draft, Path: draftPath(draft.ID), Case: past.Case, CasePath: casePath(past.Case.ID), Text: rulebook.LetterText(past.Judgement),
		Old: v.t.sideView(s.Old, before, all), New: v.t.sideView(s.New, after, all)}
	view.New.Differs = !view.Old.same(view.New)
	return d.show(v, screen{name: "workshop_sample", title: past.Case.Number, nav: "workshop", body: view})
}

func (s sideView) same(other sideView) bool {
	return s.Service == other.Service && s.By == other.By && s.Desk == other.Desk && s.Reply == other.Reply && s.Subject == other.Subject &&
		s.Letter == other.Letter && slices.Equal(s.Missing, other.Missing)
}

func (t *messages) sideView(s rulebook.Side, b workflow.Bench, all []schemas.Procedure) sideView {
	j := s.Judgement
	view := sideView{
		Service: t.serviceName(string(j.Decision.Procedure), all), By: t.Workshop.DecidedBy[string(j.Decision.DecidedBy)], Desk: j.Route.Desk,
		Reply: t.Reply[j.Reply.Kind], Because: j.Reply.Because, To: rulebook.Masked(s.Letter.To), Subject: s.Letter.Subject, Letter: s.Letter.Text,
	}
	if j.Decision.Procedure == "" {
		view.Service = t.Nature[j.Decision.Nature]
	}
	proc, _ := b.Judge.Catalog.Procedure(j.Decision.Procedure, j.At)
	for _, f := range j.Findings {
		if f.Outcome != validate.Missing {
			continue
		}
		label := f.Requirement
		if r, ok := proc.Requirement(f.Requirement); ok {
			label = t.text(r.Label)
		}
		view.Missing = append(view.Missing, label)
	}
	return view
}
