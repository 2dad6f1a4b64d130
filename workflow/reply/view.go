package reply

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"okienko/schemas"
	"okienko/validate"
	"okienko/workflow"
	"okienko/workflow/deadline"
)

// view is what a template sees. It holds finished words only: templates decide the order, never the law.
type view struct {
	Kind     workflow.ReplyKind
	Office   Office
	Number   string // "" before registration
	Date     string
	Greeting string
	Your     string // "Pani", "Pana", "Państwa"
	Author   string // of a letter a clerk writes; "" else
	Language string
	Code     string
	Page     *page // nil: the office has no page for residents

	Service    string // "" while nobody knows
	Department string
	Visit      string
	Card       string
	HowTo      string
	Regime     string
	Basis      string

	Received    string // day, date, hour
	ReceivedDay string
	Channel     string
	Attachments int
	Link        workflow.LinkKind // how it belongs to an earlier letter; "" if it does not
	Due         string            // "" where no term runs
	DueBasis    string
	Until       string // the date a notice asks for

	Items      []item // missing, and to be asked for
	Unread     []item
	Groups     []group // Items and Unread by consequence
	ProxyFee   bool    // tell about the fee for a power of attorney
	Ways       []string
	MailCounts bool // an answer by plain e-mail has effect
	InPerson   bool
	Bring      []string // to an appointment
	Redirect   *redirect

	*formal // of calls and forwarding; nil else

	at time.Time
}

// item is one line of what is missing or could not be read.
type item struct {
	ID, Label, Example, Basis string
	Consequence               schemas.Consequence
}

// group is what lacks for the same legal reason.
type group struct {
	Consequence schemas.Consequence
	Regime      string
	Basis       string
	Items       []item
	Days        int // of a formal call
}

// redirect is the procedure that replaced an abolished one.
type redirect struct {
	Service, HowTo, Card string
	Ways                 []string
}

// view gathers what is to be said about a case, as of the moment at.
func (c *Composer) view(cs workflow.Case, j workflow.Judgement, id schemas.ProcedureID, at time.Time) view {
	received := firstOf(cs.Submission.ReceivedAt, cs.RegisteredAt, at)
	proc, _ := c.procedures.Procedure(id, received)
	if proc.ID == schemas.General { // nobody knows yet what it is: its title, desk and term are notes for clerks
		proc.Title, proc.HowTo, proc.Department, proc.Deadline = schemas.Text{}, schemas.Text{}, "", schemas.Term{}
	}
	v := view{
		Office: c.office, Number: cs.Number, Date: dayAndDate(at), Code: c.codes.Of(cs.ID), Page: c.pageOf(cs.ID), at: at,
		Language: j.Contents.Letter.Language,
		Service:  plainName(proc.Title.PL), Department: plainName(proc.Department), Visit: c.office.visit(proc.Desk), Card: c.office.card(proc),
		HowTo: proc.HowTo.PL, Regime: string(proc.Regime), Basis: legalBasis(j.Legal, proc),
		Received: moment(received), ReceivedDay: longDate(received), Channel: channelName(cs.Submission.Channel),
		Attachments: attachments(j.Contents), DueBasis: proc.Deadline.Basis,
		Until:    untilDate(c.calendar.End(at, 7, deadline.Days)),
		ProxyFee: lacksProxyFee(j.Findings), InPerson: proc.InPerson, Bring: bring(proc), MailCounts: proc.Channels["email"] == schemas.EffectYes,
	}
	v.Greeting, v.Your = address(firstOf(cs.Sender.Name, j.Contents.Letter.From.Name))
	v.Items = c.items(proc, cs.Submission.Channel, j.Findings, validate.Missing)
	v.Unread = c.items(proc, cs.Submission.Channel, j.Findings, validate.Unreadable)
	v.Groups = groups(proc, slices.Concat(v.Items, v.Unread))
	v.Ways = c.ways(proc, cs.Submission.Channel)
	if due := firstOf(cs.DueAt, c.calendar.End(received, proc.Deadline.Value, proc.Deadline.Unit)); !due.IsZero() {
		v.Due = dayAndDate(due)
	}
	if j.Link != nil && j.Link.Attached {
		v.Link = j.Link.Kind
	}
	if next, ok := c.procedures.Procedure(proc.Redirect, received); ok && proc.Redirect != "" {
		v.Redirect = &redirect{plainName(next.Title.PL), next.HowTo.PL, c.office.card(next), c.ways(next, cs.Submission.Channel)}
	}
	return v
}

// template chooses the letter for a kind.
func (v view) template(kind workflow.ReplyKind) (string, error) {
	switch kind {
	case workflow.ReplyReceipt:
		return "receipt", nil
	case workflow.ReplyIncomplete:
		if len(v.Items)+len(v.Unread) == 0 {
			return "", errors.New("nothing is missing that may be asked for")
		}
		return "incomplete", nil
	case workflow.ReplyChannelIneffective:
		return "channel_ineffective", nil
	case workflow.ReplyInfo:
		return v.info(), nil
	}
	return "", fmt.Errorf("reply kind %q has no letter", kind)
}

// info chooses among the information letters: the procedure as a whole before the fee.
func (v view) info() string {
	switch {
	case v.Redirect != nil:
		return "info_redirect"
	case v.InPerson:
		return "info_in_person"
	case v.ProxyFee && len(v.Items) == 0:
		return "info_proxy_fee"
	}
	return "info_general"
}

// plainName is a name of the catalogue without the note in brackets that is meant for clerks.
func plainName(name string) string {
	name, _, _ = strings.Cut(name, " (")
	return strings.TrimSpace(name)
}
