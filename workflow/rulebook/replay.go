package rulebook

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"okienko/classify"
	"okienko/ingest"
	"okienko/schemas"
	"okienko/validate"
	"okienko/workflow"
)

// Report is what a draft would have made of past cases, beside the version it was made from. It holds no personal data but the
// numbers of cases.
type Report struct {
	Digest string    `json:"digest"` // of the draft's files
	Base   int64     `json:"base"`   // the version compared with
	At     time.Time `json:"at"`
	By     string    `json:"by"`
	Cases  int       `json:"cases"`

	// How many cases change in each respect.
	Services int `json:"services"`
	Desks    int `json:"desks"`
	Letters  int `json:"letters"` // another kind of letter, or another text
	Missing  int `json:"missing"` // something would newly be missing
	Freed    int `json:"freed"`   // something would no longer be missing

	// Of the cases whose service a clerk chose: for how many that would have been the machine's choice.
	Chosen, RightBefore, RightAfter int

	Moves    []Tally  `json:"moves"`    // "service: a → b", "desk: …", "letter: …", "missing: …", "freed: …"; most frequent first
	Changes  []Change `json:"changes"`  // newest first, at most mostChanges
	Unshown  int      `json:"unshown"`  // changes beyond them
	Unjudged int      `json:"unjudged"` // letters the draft could not write
}

// Tally counts what happens to several cases alike.
type Tally struct {
	What string `json:"what"` // service, desk, letter, missing, freed
	From string `json:"from"`
	To   string `json:"to"`
	N    int    `json:"n"`
}

// Change is one case that would have been judged otherwise.
type Change struct {
	Case     workflow.CaseID `json:"case"`
	Number   string          `json:"number"`
	Channel  ingest.Channel  `json:"channel"`
	To       string          `json:"to"` // who would get the letter, masked
	Old      Outcome         `json:"old"`
	New      Outcome         `json:"new"`
	Missing  []string        `json:"missing"` // ids newly missing
	Freed    []string        `json:"freed"`
	Reworded bool            `json:"reworded"` // the same kind of letter in other words
}

// Outcome is what came of a case.
type Outcome struct {
	Service schemas.ProcedureID `json:"service"` // "" for what is no submission
	Nature  classify.Nature     `json:"nature"`
	By      classify.DecidedBy  `json:"by"`
	Desk    string              `json:"desk"`
	Reply   workflow.ReplyKind  `json:"reply"`
}

// mostChanges is how many cases a report names.
const mostChanges = 300

// Sides are both judgements of one case, with the letters that follow from them.
type Sides struct {
	Old, New Side
}

// Side is one of them.
type Side struct {
	Judgement workflow.Judgement
	Letter    workflow.Letter // zero: none
	Err       error           // the letter could not be written
}

// Compare judges one past case on two benches.
func Compare(before, after workflow.Bench, past Judged) Sides {
	return Sides{judge(before, past), judge(after, past)}
}

func judge(b workflow.Bench, past Judged) Side {
	c := past.Case
	j := b.Judge.Judge(c.Submission, past.Judgement.Contents, past.Judgement.Signatures)
	j.At, j.Link = past.Judgement.At, past.Judgement.Link
	b.Judge.Decide(c.Submission, &j, b.Composer)
	s := Side{Judgement: j}
	if j.Reply.Kind != workflow.ReplyNone && j.Reply.Kind != workflow.ReplyHuman {
		s.Letter, s.Err = b.Composer.Compose(c, j)
	}
	return s
}

// Replay judges past cases on both benches. progress is called after each case. It stops with the context.
func Replay(ctx context.Context, before, after workflow.Bench, past iter.Seq2[Judged, error], progress func(done int)) (Report, error) {
	r := Report{Base: before.Version}
	tallies := map[Tally]int{}
	for p, err := range past {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return r, fmt.Errorf("replaying case %d of the past: %w", r.Cases+1, err)
		}
		r.add(p, Compare(before, after, p), tallies)
		progress(r.Cases)
	}
	for t, n := range tallies {
		t.N = n
		r.Moves = append(r.Moves, t)
	}
	slices.SortFunc(r.Moves, func(a, b Tally) int {
		return cmp.Or(cmp.Compare(b.N, a.N), strings.Compare(a.What+a.From+a.To, b.What+b.From+b.To))
	})
	return r, nil
}

// add counts one case.
func (r *Report) add(p Judged, s Sides, tallies map[Tally]int) {
	r.Cases++
	if p.Judgement.Decision.DecidedBy == classify.ByClerk {
		r.Chosen++
		r.RightBefore += one(s.Old.Judgement.Decision.Procedure == p.Judgement.Decision.Procedure)
		r.RightAfter += one(s.New.Judgement.Decision.Procedure == p.Judgement.Decision.Procedure)
	}
	r.Unjudged += one(s.New.Err != nil)
	c := s.change(p)
	differs := s.Old.Judgement.Decision.Differs(s.New.Judgement.Decision)
	if !differs && c.Old == c.New && len(c.Missing)+len(c.Freed) == 0 && !c.Reworded {
		return
	}
	count := func(n *int, what, from, to string, happens bool) {
		if happens {
			*n++
			tallies[Tally{What: what, From: from, To: to}]++
		}
	}
	count(&r.Services, "service", c.Old.About(), c.New.About(), c.Old.About() != c.New.About())
	count(&r.Desks, "desk", c.Old.Desk, c.New.Desk, c.Old.Desk != c.New.Desk)
	count(&r.Letters, "letter", string(c.Old.Reply), string(c.New.Reply), c.Old.Reply != c.New.Reply || c.Reworded)
	r.Missing += one(len(c.Missing) > 0)
	r.Freed += one(len(c.Freed) > 0)
	for _, id := range c.Missing {
		tallies[Tally{What: "missing", To: id}]++
	}
	for _, id := range c.Freed {
		tallies[Tally{What: "freed", From: id}]++
	}
	if len(r.Changes) == mostChanges {
		r.Unshown++
		return
	}
	r.Changes = append(r.Changes, c)
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// About is the procedure, or the nature of what is no submission.
func (o Outcome) About() string { return cmp.Or(string(o.Service), string(o.Nature)) }

func (s Sides) change(p Judged) Change {
	was, is := missing(s.Old.Judgement), missing(s.New.Judgement)
	c := Change{
		Case: p.Case.ID, Number: p.Case.Number, Channel: p.Case.Submission.Channel, Old: outcome(s.Old.Judgement), New: outcome(s.New.Judgement),
		Missing: without(is, was), Freed: without(was, is),
		Reworded: s.Old.Letter.Kind == s.New.Letter.Kind && (s.Old.Letter.Text != s.New.Letter.Text || s.Old.Letter.Subject != s.New.Letter.Subject),
		To:       Masked(cmp.Or(s.New.Letter.To, s.Old.Letter.To)),
	}
	if c.Old.About() != c.New.About() { // everything the other service asks for is another matter
		c.Missing, c.Freed = nil, nil
	}
	return c
}

func outcome(j workflow.Judgement) Outcome {
	d := j.Decision
	return Outcome{Service: d.Procedure, Nature: d.Nature, By: d.DecidedBy, Desk: j.Route.Desk, Reply: j.Reply.Kind}
}

func missing(j workflow.Judgement) []string {
	var ids []string
	for _, f := range j.Findings {
		if f.Outcome == validate.Missing {
			ids = append(ids, f.Requirement)
		}
	}
	return ids
}

// without is list less other.
func without(list, other []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(id string) bool { return slices.Contains(other, id) })
}

// Masked is an address of which a stranger learns little: "j…@poczta.example", "/j…".
func Masked(address string) string {
	name, domain, mail := strings.Cut(address, "@")
	runes := []rune(name)
	keep := min(1, len(runes))
	if strings.HasPrefix(name, "/") {
		keep = min(2, len(runes))
	}
	switch {
	case address == "":
		return ""
	case mail:
		return string(runes[:keep]) + "…@" + domain
	}
	return string(runes[:keep]) + "…"
}
