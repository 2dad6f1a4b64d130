package desk

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"okienko/classify"
	"okienko/schemas"
	"okienko/validate"
	"okienko/workflow"
)

// caseErrors is what was wrong with a form of the case page; zero: nothing.
type caseErrors struct {
	Note, NoteText                string
	Close, CloseReason, CloseText string
	Service                       string
	Hold                          string
	Post                          postForm

	Work, WorkWrong, WorkText, WorkNumber string // a form of the menu of further actions; see workView
	Ruling                                rulingErrors
}

// caseView is everything a clerk sees at a glance (OFFICE.md 4.1): what it is, the clock, who, completeness, signatures, fee,
// twins, originals, next step, history.
type caseView struct {
	workflow.Case
	Seen     int64
	Path     string
	Subject  string
	Judged   bool
	Unread   bool // the machine gave up before it had read anything
	Decision decisionView
	Clock    clockView
	Paper    *paperView // nil: not on paper
	Held     bool       // the hold of the urn runs
	Who      whoView
	Legal    *validate.Legal
	Findings findingsView
	Fee      *feeView

	Signatures []signatureView
	Letter     letterTextView
	Documents  []documentView
	Originals  []originalView
	Problems   []string // of the submission as a whole
	Letters    []letterView
	Links      []linkView
	Events     []eventView // latest first, without readings
	Readings   []eventView

	OwnerName string
	Next      string // what to do now, one sentence
	May       may
	Work      workView
	Services  []choice
	Quick     []choice // procedures that are likely, best first
	Matters   []choice // procedures that another matter of the letter may be about
	Reasons   []choice // for closing
	Errors    caseErrors
}

// may is what the page offers to do.
type may struct {
	Claim, TakeOver, Release, Accept, Call, Write, Close, Reopen, Service bool
	Work, Rule                                                            bool   // the menu of further actions; correcting findings
	Likely                                                                string // the likeliest of the actions: doAccept …
	Aside                                                                 bool   // something else stands out: calling and accepting are in the menu
	DraftOpen, LetterOpen                                                 bool   // a draft of a call, or of another letter, waits to be finished
}

// dossier is what was read for a case page.
type dossier struct {
	judgement workflow.Judgement
	judged    bool
	letters   []workflow.Letter
	proofs    []workflow.Proof
	events    []workflow.Event
	links     []workflow.LinkedCase
	delivered []workflow.Delivery
	now       time.Time
	post      postForm // what was wrong in a form about a letter
	procedure schemas.Procedure
	users     []workflow.User
	names     fullNames
	step      workflow.Step // zero: none
}

func (d *desk) showCase(v *visit) error {
	if err := d.seen(v.Context(), v, workflow.EventViewed, ""); err != nil {
		return err
	}
	return d.renderCase(v, caseErrors{})
}

func (d *desk) renderCase(v *visit, wrong caseErrors) error {
	f, err := d.dossier(v)
	if err != nil {
		return err
	}
	f.now, f.post = v.now, wrong.Post
	view := d.caseView(v, f, wrong)
	return d.show(v, screen{name: "case", title: v.c.Number, nav: "queue", status: statusOf(wrong != caseErrors{}), body: view})
}

// dossier reads everything about a case. A case that was not judged yet has no judgement, which is no error.
func (d *desk) dossier(v *visit) (f dossier, err error) {
	ctx, id := v.Context(), v.c.ID
	f.judgement, err = d.Records.Judgement(ctx, id)
	f.judged = err == nil
	if err != nil && !errors.Is(err, workflow.ErrNotFound) {
		return f, err
	}
	if f.letters, err = d.Records.CaseLetters(ctx, id); err != nil {
		return f, err
	}
	if f.proofs, err = d.Records.CaseProofs(ctx, id); err != nil {
		return f, err
	}
	if f.events, err = d.Records.Events(ctx, id); err != nil {
		return f, err
	}
	if f.links, err = d.Records.CaseLinks(ctx, id); err != nil {
		return f, err
	}
	if d.Deliveries != nil {
		if f.delivered, err = d.Deliveries.CaseDeliveries(ctx, id); err != nil {
			return f, err
		}
	}
	f.procedure, _ = d.Procedures.Procedure(v.c.Procedure, receivedAt(v.c))
	if f.step, err = d.Records.LastStep(ctx, id); err != nil && !errors.Is(err, workflow.ErrNotFound) {
		return f, err
	}
	if f.users, err = d.Accounts.Users(ctx); err != nil {
		return f, err
	}
	f.names = fullNamesOf(f.users)
	return f, nil
}

func (d *desk) caseView(v *visit, f dossier, wrong caseErrors) caseView {
	t, c, j := v.t, v.c, f.judgement
	view := caseView{
		Case: c, Seen: v.now.UnixMicro(), Path: casePath(c.ID), Subject: mask(c.Subject), Judged: f.judged,
		Decision: d.decisionView(v, f), Clock: t.clockView(c, f.procedure, v.now), Paper: t.paperView(c), Held: held(c, v.now), Who: t.whoView(c, j),
		Errors: wrong, Work: d.workView(v, f, wrong), Findings: rulingViews(t.findingsView(j), j, f.names, wrong.Ruling), Signatures: t.signatureViews(j), Letter: t.letterText(j), Documents: t.documentViews(c, j),
		Originals: t.originalViews(c), Problems: t.problems(j.Contents.Problems, ""), Letters: t.letterViews(c, f),
		Links: linkViews(v, f.links), OwnerName: f.names.of(c.Owner), Reasons: t.closeReasons(),
	}
	view.Unread = c.Status == workflow.StatusQuarantined && !f.judged || f.judged && len(j.Contents.Readings) == 0
	if j.Legal.Effective != "" { // what is no submission has no effect to speak of
		view.Legal = &j.Legal
	}
	view.Fee = feeOf(f.procedure, j)
	d.addPictures(&view, j)
	view.Events, view.Readings = d.history(t, f.events, f.names)
	view.May = mayDo(v.user, c, f.letters)
	next := nextStep(c, view.May, j)
	view.Next, view.May.Likely = next.say(t), next.do
	view.May.Aside = next.do == doService || next.do == doClose
	if view.May.TakeOver {
		view.Next = fmt.Sprintf(t.Case.Steps.Others, view.OwnerName)
	}
	all := d.Procedures.All(receivedAt(c))
	view.Services = t.serviceChoices(all, string(c.Procedure))
	view.Matters = t.matters(all, j.Decision.OtherMatters)
	for _, a := range j.Decision.Alternatives {
		if p, ok := d.Procedures.Procedure(a.ID, receivedAt(c)); ok && len(view.Quick) < 3 {
			view.Quick = append(view.Quick, choice{Value: string(p.ID), Label: t.text(p.Title)})
		}
	}
	return view
}

// mayDo says which actions the state of a case allows its visitor; actions.go holds the same rules when it comes to it.
func mayDo(u workflow.User, c workflow.Case, letters []workflow.Letter) may {
	if c.Status == workflow.StatusProcessing {
		return may{}
	}
	if c.Status == workflow.StatusClosed {
		return may{Reopen: true}
	}
	mine, free := c.Owner == u.Name, c.Owner == ""
	return may{
		Claim: free, TakeOver: !mine && !free, Release: mine, Service: true, Close: mine || free,
		Accept: (mine || free) && c.Status != workflow.StatusAccepted && c.Procedure != "",
		Call:   (mine || free) && c.Procedure != "",
		Write:  mine || free,
		Work:   true, Rule: mine || free,
		DraftOpen: slices.ContainsFunc(letters, draftOf(workflow.ReplyCall)), LetterOpen: slices.ContainsFunc(letters, draftOf(workflow.ReplyLetter)),
	}
}

func isDraft(l workflow.Letter) bool { return l.Status == workflow.LetterDraft && !l.Automatic }

func draftOf(kind workflow.ReplyKind) func(workflow.Letter) bool {
	return func(l workflow.Letter) bool { return isDraft(l) && l.Kind == kind }
}

// decisionView is what it is and why.
type decisionView struct {
	Service, Symbol string
	Regime          string
	Sure            string
	Confidence      string
	Percent         int // 0: none to show
	Reasons         []reasonView
	Others          []string // other matters in the same letter
	InPerson        bool
	Redirect        string
}

// reasonView is one reason: where and which words, in short, and the whole sentence.
type reasonView struct {
	Before, Words string
	Where         string // anchor in the letter shown beside; ""
	Text          string
}

// reasonView cuts the sentence of a reason at the words it quotes; what comes after them repeats the heading.
func (t *messages) reasonView(r classify.Reason, shown letterTextView) reasonView {
	view := reasonView{Before: mask(r.Text), Words: mask(r.Words), Text: mask(r.Text)}
	if before, _, found := strings.Cut(view.Text, view.Words); found && view.Words != "" {
		view.Before = strings.TrimRight(before, "„\"” ")
	}
	if r.Place != nil && shown.has(*r.Place) {
		view.Where = "#" + anchor(*r.Place)
	}
	return view
}

func (d *desk) decisionView(v *visit, f dossier) decisionView {
	t, j := v.t, f.judgement
	view := decisionView{Regime: t.Regime[f.procedure.Regime], InPerson: f.procedure.InPerson}
	view.Service, view.Symbol = d.service(t, v.c)
	view.Sure, view.Confidence = t.confidence(v.c)
	if view.Sure != sureClerk && v.c.Confidence > 0 {
		view.Percent = int(v.c.Confidence*100 + 0.5)
	}
	shown := t.letterText(j)
	for _, r := range j.Decision.Because {
		view.Reasons = append(view.Reasons, t.reasonView(r, shown))
	}
	for _, id := range j.Decision.OtherMatters {
		if p, ok := d.Procedures.Procedure(id, receivedAt(v.c)); ok {
			view.Others = append(view.Others, t.text(p.Title))
		}
	}
	if p, ok := d.Procedures.Procedure(f.procedure.Redirect, receivedAt(v.c)); ok {
		view.Redirect = t.text(p.Title)
	}
	return view
}

// clockView is when it came, how that is known, and how long the office has.
type clockView struct {
	Received time.Time
	Known    string // how the date of receipt is known
	Due      dueView
	Term     string // the office's term in words
	Basis    string
}

func (t *messages) clockView(c workflow.Case, p schemas.Procedure, now time.Time) clockView {
	view := clockView{Received: receivedAt(c), Known: t.Case.Known[c.Submission.Channel], Due: t.due(c, now),
		Term: p.Deadline.Text, Basis: p.Deadline.Basis}
	if by := c.Submission.ReceivedBy; by != "" {
		view.Known = t.Delivery.KnownBy[by]
	}
	if c.Submission.ReceivedAt.IsZero() {
		view.Known = t.Case.KnownByRegister
	}
	return view
}

// feeView is what the procedure costs and whether the payment was shown.
type feeView struct {
	Amount *float64
	Proof  validate.Outcome // "" if nothing was asked about it
}

// feeProof is the requirement of the catalogue that the payment is shown by.
const feeProof = "dowod_oplaty"

// feeOf returns nil where nothing is to be paid, or where a decision says how much.
func feeOf(p schemas.Procedure, j workflow.Judgement) *feeView {
	if p.Fee.Amount == nil || *p.Fee.Amount == 0 {
		return nil
	}
	view := &feeView{Amount: p.Fee.Amount}
	for _, f := range j.Findings {
		if f.Requirement == feeProof {
			view.Proof = f.Outcome
		}
	}
	return view
}
