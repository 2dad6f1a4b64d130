package desk

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"time"

	"okienko/workflow"
	"okienko/workflow/deadline"
)

// What a clerk records of a letter that travels on paper, the ways KPA art. 39 puts after the address for electronic delivery:
// when it was posted, and what its proof of receipt says. A term runs from that day and from nothing else (art. 46, 57).

// postForm is what was typed into one of the two forms of a letter, and what is wrong with it; zero: nothing was.
type postForm struct {
	Letter                workflow.LetterID
	Way, Number, Day, How string
	Wrong                 string
}

// postView is what the page asks about a letter on paper.
type postView struct {
	Posted, Delivered bool   // which form is shown
	Number            string // of the posting, as known
	Today             string // the latest day that can be entered
	Form              postForm
}

// The outcomes a proof of receipt knows; the values are those of the form.
const (
	postReceived = "odebrano"
	postRefused  = "odmowa" // art. 47: delivered all the same
	postNotice   = "awizo"  // art. 44: delivered when 14 days have passed since the first notice
	postReturned = "zwrot"  // it came back otherwise: nothing was delivered
)

func postOutcomes() []string { return []string{postReceived, postRefused, postNotice, postReturned} }

// noticeDays is how long the post keeps a letter (art. 44 § 1); with the last of them it counts as delivered (§ 4).
const noticeDays = 14

// postNumber is a number of a registered letter, as printed on it: digits, letters, blanks, and (00) before.
var postNumber = regexp.MustCompile(`^[0-9A-Za-z()\- ]{4,40}$`)

// onPaper reports whether a letter left on paper, or must, because the electronic way ended without delivery.
func onPaper(l workflow.Letter, d workflow.Delivery) bool {
	switch {
	case l.Status == workflow.LetterFailed:
		return true
	case l.Status != workflow.LetterSent:
		return false
	}
	return d.Way == workflow.ByPost || d.Way == workflow.ByHybrid || d.Way == "" && !sendable(l)
}

// deliveryOf is what is known of a letter's delivery; the zero value: nothing.
func deliveryOf(l workflow.Letter, all []workflow.Delivery) workflow.Delivery {
	for _, d := range all {
		if d.Letter == l.ID {
			return d
		}
	}
	return workflow.Delivery{}
}

// postView is nil for a letter that goes its electronic way.
func (t *messages) postView(l workflow.Letter, all []workflow.Delivery, now time.Time, form postForm) *postView {
	d := deliveryOf(l, all)
	if !onPaper(l, d) {
		return nil
	}
	posted := d.Way == workflow.ByPost || d.Way == workflow.ByHybrid
	v := &postView{Posted: !posted, Delivered: posted, Number: d.Task, Today: now.In(deadline.Warsaw()).Format(time.DateOnly)}
	if form.Letter == l.ID {
		v.Form = form
	}
	return v
}

// postLines say what became of a letter on paper.
func (t *messages) postLines(l workflow.Letter, d workflow.Delivery) (lines []string) {
	w := t.Post
	lines = []string{fmt.Sprintf(w.WasPosted, w.Ways[d.Way], orDash(d.Task), t.Date(d.SentAt))}
	switch {
	case d.Failed:
		return append(lines, w.CameBack)
	case d.DeliveredAt.IsZero():
		return append(lines, w.NoReceipt)
	case d.Deemed:
		lines = append(lines, fmt.Sprintf(w.Deemed, t.Date(d.DeliveredAt)))
	default:
		lines = append(lines, fmt.Sprintf(w.WasDelivered, t.Date(d.DeliveredAt)))
	}
	return append(lines, t.termLines(l.Text, d.DeliveredAt)...)
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// recordPosted takes the form of the posting.
func (d *desk) recordPosted(v *visit) error {
	form, day := v.postForm()
	way := workflow.DeliveryWay(form.Way)
	switch {
	case way != workflow.ByPost && way != workflow.ByHybrid:
		form.Wrong = v.t.Problem.Choose
	case way == workflow.ByPost && !postNumber.MatchString(form.Number), form.Number != "" && !postNumber.MatchString(form.Number):
		form.Wrong = v.t.Post.WrongNumber
	case day.IsZero() || day.After(v.now):
		form.Wrong = v.t.Post.WrongDay
	}
	if form.Wrong != "" {
		return d.renderCase(v, caseErrors{Post: form})
	}
	return d.done(v, onLetter(form.Letter, posted(way, form.Number, day)), v.t.Post.Kept)
}

// recordDelivered takes the form of the proof of receipt.
func (d *desk) recordDelivered(v *visit) error {
	form, day := v.postForm()
	switch {
	case v.t.Post.Outcomes[form.How] == "":
		form.Wrong = v.t.Problem.Choose
	case day.IsZero() || day.After(v.now):
		form.Wrong = v.t.Post.WrongDay
	case form.How == postNotice && noticeEnds(day).After(v.now):
		form.Wrong = fmt.Sprintf(v.t.Post.TooEarly, v.t.Date(noticeEnds(day)))
	}
	if form.Wrong != "" {
		return d.renderCase(v, caseErrors{Post: form})
	}
	err := d.change(v, onLetter(form.Letter, receipted(form.How, day)))
	if errors.Is(err, errBeforePosting) {
		form.Wrong = v.t.Post.BeforePosting
		return d.renderCase(v, caseErrors{Post: form})
	}
	if err != nil {
		return err
	}
	d.flash(v, v.t.Post.Kept)
	return v.redirect(casePath(v.c.ID))
}

// postForm reads what both forms have. A day is its noon in Warsaw: terms are counted by days.
func (v *visit) postForm() (form postForm, day time.Time) {
	id, _ := strconv.ParseInt(v.PathValue("letter"), 10, 64) // no letter has the number 0
	form = postForm{Letter: workflow.LetterID(id), Way: v.PostFormValue("way"), Number: v.oneLine("number"), Day: v.oneLine("day"), How: v.PostFormValue("how")}
	if at, err := time.ParseInLocation(time.DateOnly, form.Day, deadline.Warsaw()); err == nil && at.Year() > 2000 {
		day = at.Add(12 * time.Hour).UTC()
		if day.After(v.now) && deadline.DayOf(day) == deadline.DayOf(v.now) { // the noon of today is to come
			day = v.now
		}
	}
	return form, day
}

// noticeEnds is the day a letter that nobody fetched counts as delivered.
func noticeEnds(notice time.Time) time.Time { return notice.AddDate(0, 0, noticeDays) }

// posted records that a letter was given to the post. One that the electronic way failed for is sent now.
func posted(way workflow.DeliveryWay, number string, day time.Time) letterAction {
	return func(ctx context.Context, d deed, l *workflow.Letter) error {
		before, err := d.delivery(ctx, l.ID)
		if err != nil {
			return err
		}
		if !onPaper(*l, before) {
			return errLetter
		}
		if l.Status == workflow.LetterFailed {
			if err := d.move(ctx, l, workflow.LetterSent, "", workflow.LetterFailed); err != nil {
				return err
			}
		}
		if err := d.tx.SaveDelivery(ctx, workflow.Delivery{Letter: l.ID, Case: d.c.ID, Way: way, Task: number, SentAt: day}); err != nil {
			return err
		}
		what := fmt.Sprintf("Pismo %d: nadano %s (%s), nr %s.", l.ID, day.In(deadline.Warsaw()).Format(time.DateOnly), polish.Post.Ways[way], orDash(number))
		if before.Message != "" {
			what += " Wcześniej e-Doręczenia, wiadomość " + before.Message + ": " + before.Status + "."
		}
		return d.record(ctx, workflow.EventLetter, what)
	}
}

// errBeforePosting is a proof of receipt older than the posting.
var errBeforePosting = fmt.Errorf("delivered before it was posted: %w", errNotNow)

// receipted records what the proof of receipt says. A day that was entered wrongly is corrected the same way, and the history has
// both.
func receipted(how string, day time.Time) letterAction {
	return func(ctx context.Context, d deed, l *workflow.Letter) error {
		now, err := d.delivery(ctx, l.ID)
		if err != nil {
			return err
		}
		if now.Way != workflow.ByPost && now.Way != workflow.ByHybrid {
			return errLetter
		}
		if day.Before(now.SentAt) && deadline.DayOf(day) != deadline.DayOf(now.SentAt) {
			return errBeforePosting
		}
		before := now.DeliveredAt
		now.Status, now.DeliveredAt, now.Deemed, now.Failed = how, day, false, false
		switch how {
		case postNotice:
			now.DeliveredAt, now.Deemed = noticeEnds(day), true
		case postReturned:
			now.DeliveredAt, now.Failed = time.Time{}, true
		}
		if err := d.tx.SaveDelivery(ctx, now); err != nil {
			return err
		}
		return d.record(ctx, workflow.EventLetter, receiptLine(l.ID, how, before, now))
	}
}

func receiptLine(id workflow.LetterID, how string, before time.Time, now workflow.Delivery) string {
	what := fmt.Sprintf("Pismo %d: %s", id, polish.Post.Outcomes[how])
	if !now.DeliveredAt.IsZero() {
		what += ", doręczono " + now.DeliveredAt.In(deadline.Warsaw()).Format(time.DateOnly)
	}
	if !before.IsZero() {
		what += "; poprawiono, było " + before.In(deadline.Warsaw()).Format(time.DateOnly)
	}
	return what + "."
}

// delivery is what is known of a letter's delivery, inside the transaction.
func (d deed) delivery(ctx context.Context, id workflow.LetterID) (workflow.Delivery, error) {
	found, err := d.tx.Delivery(ctx, id)
	if errors.Is(err, workflow.ErrNotFound) {
		return workflow.Delivery{}, nil
	}
	return found, err
}

// PaperWays are those a clerk chooses from, in the order of the law.
func (t *messages) PaperWays() []workflow.DeliveryWay {
	return []workflow.DeliveryWay{workflow.ByHybrid, workflow.ByPost}
}

// PostOutcomes are what a proof of receipt may say.
func (t *messages) PostOutcomes() []string { return postOutcomes() }
