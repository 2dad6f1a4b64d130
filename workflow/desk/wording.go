package desk

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"okienko/classify"
	"okienko/schemas"
	"okienko/validate"
	"okienko/workflow"
	"okienko/workflow/deadline"
)

// How values become words. Methods with upper-case names are for templates.

// N returns the phrase for n, by the plural rules of Polish (CLDR).
func (c counted) N(n int) string { return fmt.Sprintf(c.form(n), n) }

func (c counted) form(n int) string {
	switch few := n % 10; {
	case n == 1:
		return c.One
	case few >= 2 && few <= 4 && (n%100 < 12 || n%100 > 14):
		return c.Few
	}
	return c.Many
}

// text picks the language of a text of the catalogue; Polish is always there.
func (t *messages) text(s schemas.Text) string {
	if t.Code == english.Code && s.EN != "" {
		return s.EN
	}
	return s.PL
}

// sortChoices sorts by label as a dictionary does: Ł after L.
func (t *messages) sortChoices(list []choice) {
	order := collate.New(language.Make(t.Code))
	slices.SortFunc(list, func(a, b choice) int { return order.CompareString(a.Label, b.Label) })
}

// Date is a day in Warsaw, with its weekday: "pon. 23.11.2026".
func (t *messages) Date(at time.Time) string {
	at = at.In(deadline.Warsaw())
	return t.Weekdays[at.Weekday()] + " " + t.day(at)
}

func (t *messages) day(at time.Time) string {
	if t.Code == english.Code {
		return fmt.Sprintf("%d %s %d", at.Day(), t.Months[at.Month()-1], at.Year())
	}
	return at.Format("02.01.2006")
}

// DateTime is a moment in Warsaw: "23.11.2026, 14:05".
func (t *messages) DateTime(at time.Time) string {
	at = at.In(deadline.Warsaw())
	return t.day(at) + ", " + at.Format("15:04")
}

// ShortTime leaves out what the reader of a list knows: the year, and the day if it is today.
func (t *messages) ShortTime(at, now time.Time) string {
	at, now = at.In(deadline.Warsaw()), now.In(deadline.Warsaw())
	switch {
	case deadline.DayOf(at) == deadline.DayOf(now):
		return t.Today + " " + at.Format("15:04")
	case at.Year() == now.Year() && t.Code == english.Code:
		return fmt.Sprintf("%d %s, %s", at.Day(), t.Months[at.Month()-1], at.Format("15:04"))
	case at.Year() == now.Year():
		return at.Format("02.01, 15:04")
	}
	return t.day(at)
}

// Amount is money in złoty.
func (t *messages) Amount(zloty *float64) string {
	if t.Code == english.Code {
		return fmt.Sprintf("PLN %.2f", *zloty)
	}
	return strings.Replace(fmt.Sprintf("%.2f zł", *zloty), ".", ",", 1)
}

// dueView is a deadline in words; Class is for colour, which is never the only sign.
type dueView struct {
	Left  string // "zostały 3 dni", "2 dni po terminie"; why none runs
	Date  string // "" if none runs
	Class string // "late", "soon", "calm" or "none"
}

// soonDays is how many days before its end a term is shown as near.
const soonDays = 3

func (t *messages) due(c workflow.Case, now time.Time) dueView {
	if c.Status == workflow.StatusClosed {
		return dueView{Left: t.Ended, Class: "none"}
	}
	if c.DueAt.IsZero() {
		return dueView{Left: t.NoTerm, Class: "none"}
	}
	view := dueView{Date: t.Date(c.DueAt), Class: "calm"}
	switch left := deadline.Left(now, c.DueAt); {
	case left < 0:
		view.Left, view.Class = t.DaysLate.N(-left), "late"
	case left == 0:
		view.Left, view.Class = t.Today, "soon"
	case left == 1:
		view.Left, view.Class = t.Tomorrow, "soon"
	default:
		view.Left = t.DaysLeft.N(left)
		if left <= soonDays {
			view.Class = "soon"
		}
	}
	return view
}

// How sure a decision is, for colour.
const (
	sureClerk  = "clerk"
	sureYes    = "sure"
	sureLikely = "likely"
	sureNo     = "unsure"
)

// The confidence from which a decision is called sure, and likely.
const (
	fromSure   = 0.85
	fromLikely = 0.60
)

// confidence says how sure the service of a case is.
func (t *messages) confidence(c workflow.Case) (class, words string) {
	switch {
	case c.DecidedBy == classify.ByClerk:
		return sureClerk, t.Queue.ByClerk
	case c.Confidence < fromLikely, c.Nature == classify.NatureSubmission && c.DecidedBy == classify.ByNone:
		return sureNo, t.Queue.Unsure
	case c.Confidence < fromSure:
		return sureLikely, percent(t.Queue.Likely, c.Confidence)
	}
	return sureYes, percent(t.Queue.Sure, c.Confidence)
}

func percent(words string, share float64) string {
	return fmt.Sprintf("%s, %d %%", words, int(share*100+0.5))
}

// size is a number of bytes for people.
func (t *messages) size(bytes int64) string {
	text := fmt.Sprintf("%d B", bytes)
	switch {
	case bytes >= 1<<20:
		text = fmt.Sprintf("%.1f MB", float64(bytes)/(1<<20))
	case bytes >= 1<<10:
		text = fmt.Sprintf("%d kB", (bytes+512)>>10)
	}
	if t.Code == polish.Code {
		text = strings.Replace(text, ".", ",", 1)
	}
	return text
}

// ago is how long ago something was, roughly.
func (t *messages) ago(d time.Duration) string {
	switch {
	case d < time.Minute:
		return t.Now
	case d < time.Hour:
		return t.Minutes.N(int(d.Minutes()))
	case d < 48*time.Hour:
		return t.Hours.N(int(d.Hours()))
	}
	return t.DaysAgo.N(int(d.Hours() / 24))
}

// kind names what a document seems to be; official forms by their symbol.
func (t *messages) kind(id string) string {
	if symbol, ok := strings.CutPrefix(id, schemas.FormKind); ok {
		return t.Kind["formularz"] + " " + symbol
	}
	return t.Kind[id]
}

// notNow says why an action was not possible.
func (t *messages) notNow(err error) string {
	for _, reason := range []struct {
		err  error
		text string
	}{
		{errTaken, t.Problem.Taken}, {errNotOwner, t.Problem.NotOwner}, {errFinished, t.Problem.Finished},
		{errNotClosed, t.Problem.NotClosed}, {errAccepted, t.Problem.Accepted}, {errMachine, t.Problem.Machine},
		{errSameThing, t.Problem.SameThing}, {errLetter, t.Problem.Letter}, {errNothing, t.Editor.Nothing}, {errNoAddress, t.Problem.NoAddress}, {errNoService, t.Problem.NoService},
		{workflow.ErrTwinTaken, t.Work.TwinTaken}, {workflow.ErrOtherLinked, t.Work.OtherLinked}, {workflow.ErrPart, t.Work.PartOfOther},
		{workflow.ErrTest, t.Work.TestAlone}, {workflow.ErrNoUndo, t.Work.NoUndo}, {errNoDraft, t.Work.NoDraft},
	} {
		if errors.Is(err, reason.err) {
			return reason.text
		}
	}
	return t.Problem.ConflictText
}

// The icons that go with three-valued results; see icons.go.

// OutcomeMark is the icon of an outcome.
func (t *messages) OutcomeMark() map[validate.Outcome]string {
	return map[validate.Outcome]string{validate.Met: "yes", validate.Missing: "no", validate.Unreadable: "unsure",
		validate.Unsure: "unsure", validate.NotRequired: "none"}
}

// TruthMark is the icon of a truth value.
func (t *messages) TruthMark() map[validate.Truth]string {
	return map[validate.Truth]string{validate.True: "yes", validate.False: "no", validate.Undecided: "unsure"}
}

// VerdictMark is the icon of a signature's verdict.
func (t *messages) VerdictMark() map[string]string {
	return map[string]string{"good": "yes", "bad": "no", "unsure": "unsure"}
}

// oneLine joins a text into one line.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// UrnMark is the icon of an emptying's state, for templates.
func (t *messages) UrnMark() map[string]string {
	return map[string]string{urnOK: "yes", urnBad: "no", urnNow: "unsure"}
}
