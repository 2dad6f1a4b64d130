package desk

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"okienko/classify"
	"okienko/schemas"
	"okienko/validate"
	"okienko/workflow"
)

// eventView is one line of the history.
type eventView struct {
	workflow.Event
	Who, Label string
}

func isReading(k workflow.EventKind) bool {
	return k == workflow.EventViewed || k == workflow.EventDownloaded || k == workflow.EventPageOpened
}

func (d *desk) eventViews(t *messages, list []workflow.Event, names fullNames) []eventView {
	var views []eventView
	for _, e := range list {
		e.Detail = mask(d.detail(t, e))
		views = append(views, eventView{Event: e, Who: t.actor(e.Actor, names), Label: t.Event[e.Kind]})
	}
	return views
}

// history splits the events of a case into what happened and who looked, latest first.
func (d *desk) history(t *messages, events []workflow.Event, names fullNames) (happened, read []eventView) {
	for _, e := range slices.Backward(d.eventViews(t, events, names)) {
		if isReading(e.Kind) {
			read = append(read, e)
		} else {
			happened = append(happened, e)
		}
	}
	return happened, read
}

func (t *messages) actor(name string, names fullNames) string {
	if name == workflow.Machine {
		return t.Case.Machine
	}
	return names.of(name)
}

// Details are kept in stable ids, so that histories can be counted whatever the screens call things. These are the forms the
// machine writes; what has another form is shown as it is.
var (
	judgedForm = regexp.MustCompile(`^(\w+) (\w*) ([\d.]+) by \w*, reply (\w*), desk (\w*)$`)
	linkedForm = regexp.MustCompile(`^(\w+) of case \d+, score ([\d.]+), attached (?:true|false)$`)
	linkForm   = regexp.MustCompile(`^(\w+): (\S+)$`)
	ruledForm  = regexp.MustCompile(`^(\w+): (\w+) → (\w+)\. ?(.*)$`)
	words      = regexp.MustCompile(`[\p{L}\d_]+`)
)

// detail puts the detail of an event into the reader's words.
func (d *desk) detail(t *messages, e workflow.Event) string {
	switch e.Kind {
	case workflow.EventJudged:
		if part := judgedForm.FindStringSubmatch(e.Detail); part != nil {
			return d.judged(t, e, part)
		}
	case workflow.EventLinked:
		if part := linkedForm.FindStringSubmatch(e.Detail); part != nil {
			return fmt.Sprintf("%s… (%d %%)", t.Case.LinkEarlier[workflow.LinkKind(part[1])], hundredths(part[2]))
		}
		if part := linkForm.FindStringSubmatch(e.Detail); part != nil {
			return fmt.Sprintf(t.Work.LinkEvent, t.Case.LinkLater[workflow.LinkKind(part[1])], part[2])
		}
	case workflow.EventRuled:
		if part := ruledForm.FindStringSubmatch(e.Detail); part != nil {
			return fmt.Sprintf("%s: %s → %s. %s", strings.ReplaceAll(part[1], "_", " "), t.Outcome[validate.Outcome(part[2])], t.Outcome[validate.Outcome(part[3])], part[4])
		}
	case workflow.EventUndone:
		return t.Event[workflow.EventKind(e.Detail)]
	case workflow.EventLetter, workflow.EventReassigned, workflow.EventSplit:
		return words.ReplaceAllStringFunc(e.Detail, func(id string) string { return d.called(t, e, id) })
	}
	return e.Detail
}

// judged says what the machine decided: the service, how sure it was, the answer and the desk.
func (d *desk) judged(t *messages, e workflow.Event, part []string) string {
	what := t.Nature[classify.Nature(part[1])]
	if part[2] != "" {
		what = fmt.Sprintf("%s, %d %%", d.called(t, e, part[2]), hundredths(part[3]))
	}
	return fmt.Sprintf(t.Case.JudgedAs, what, t.Reply[workflow.ReplyKind(part[4])], part[5])
}

// called is what the screens call an id of a letter or a procedure; anything else is returned as it is.
func (d *desk) called(t *messages, e workflow.Event, id string) string {
	if name := t.Reply[workflow.ReplyKind(id)]; name != "" {
		return name
	}
	if name := t.LetterStatus[workflow.LetterStatus(id)]; name != "" {
		return name
	}
	if p, ok := d.Procedures.Procedure(schemas.ProcedureID(id), e.At); ok {
		return t.text(p.Title)
	}
	return id
}

func hundredths(score string) int {
	f, err := strconv.ParseFloat(score, 64)
	if err != nil {
		return 0
	}
	return int(f*100 + 0.5)
}
