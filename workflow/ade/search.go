package ade

import (
	"context"
	"slices"
	"strings"
	"time"

	"okienko/ingest/edelivery"
	"okienko/workflow"
	"okienko/workflow/deadline"
)

// notAmongSent is the Status of a delivery whose message was looked for and not found (yet).
const notAmongSent = "nie ma wśród wysłanych"

// clockSkew is how far the platform's clock may be behind ours.
const clockSkew = 15 * time.Minute

// search looks among the sent messages for a letter whose sending nobody heard the answer of: the connection broke, or the program
// died. It only tells; whether it is sent again is for a person.
func (e *enquiry) search(ctx context.Context, d *workflow.Delivery) (n news, err error) {
	l, of, err := e.sought(ctx)
	if err != nil {
		return news{}, err
	}
	switch l.Status {
	case workflow.LetterUnknown, workflow.LetterSent:
	case workflow.LetterQueued, workflow.LetterSending: // under way, or to be tried again: then the intent is written anew
		return news{}, nil
	default:
		return news{over: true}, nil
	}
	found, err := e.box.Client.SentSince(ctx, d.SentAt.Add(-clockSkew), func(m edelivery.Message) bool {
		return m.Metadata.CaseID == of.Number && m.Metadata.Subject == l.Subject && len(m.Metadata.To) > 0 && m.Metadata.To[0].Address == l.To
	})
	if err != nil {
		return news{}, err
	}
	if found, err = e.unclaimed(ctx, found); err != nil {
		return news{}, err
	}
	e.tellFound(d, &n, found)
	return n, nil
}

// sought is the letter with its case.
func (e *enquiry) sought(ctx context.Context) (l workflow.Letter, of workflow.Case, err error) {
	if of, err = e.Store.Case(ctx, e.d.Case); err != nil {
		return l, of, err
	}
	letters, err := e.Store.CaseLetters(ctx, e.d.Case)
	if err != nil {
		return l, of, err
	}
	i := slices.IndexFunc(letters, func(l workflow.Letter) bool { return l.ID == e.d.Letter })
	if i < 0 {
		return l, of, workflow.ErrNotFound
	}
	return letters[i], of, nil
}

// unclaimed leaves the messages out that are known to be other letters.
func (e *enquiry) unclaimed(ctx context.Context, found []edelivery.Message) ([]edelivery.Message, error) {
	others, err := e.Store.CaseDeliveries(ctx, e.d.Case)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(found, func(m edelivery.Message) bool {
		return slices.ContainsFunc(others, func(o workflow.Delivery) bool { return o.Letter != e.d.Letter && o.Message == m.Metadata.MessageID })
	}), nil
}

// tellFound says what the search came to.
func (e *enquiry) tellFound(d *workflow.Delivery, n *news, found []edelivery.Message) {
	now := e.Now()
	switch {
	case len(found) == 1:
		m := found[0].Metadata
		d.Message, d.Status = m.MessageID, ""
		n.tell("znaleziono wśród wysłanych: wiadomość %s, %s", m.MessageID, moment(m.Timestamp.Time))
		n.search = "List wyszedł: jest wśród wysłanych e-Doręczeń jako wiadomość " + m.MessageID + " z " + day(m.Timestamp.Time) + ". Proszę to potwierdzić."
	case len(found) > 1:
		var ids []string
		for _, m := range found {
			ids = append(ids, m.Metadata.MessageID)
		}
		n.over = true
		n.tell("wśród wysłanych jest kilka takich wiadomości: %s", strings.Join(ids, ", "))
		n.search = "Wśród wysłanych e-Doręczeń jest kilka takich wiadomości: " + strings.Join(ids, ", ") + ". Proszę sprawdzić, czy list wyszedł więcej niż raz."
	default:
		if d.Status != notAmongSent {
			n.tell(notAmongSent)
			d.Status = notAmongSent
		}
		n.search = "Nie ma go wśród wysłanych e-Doręczeń (sprawdzono " + day(now) + "). "
		if n.over = now.Sub(d.SentAt) > searchFor; n.over {
			n.search += "Program już tego nie sprawdza."
		} else {
			n.search += "Platforma może go jeszcze pokazać: program sprawdza do " + day(d.SentAt.Add(searchFor)) + "."
		}
	}
}

// moment is how the history writes a time, and day how people read it.
func moment(at time.Time) string { return at.UTC().Format(time.RFC3339) }
func day(at time.Time) string    { return at.In(deadline.Warsaw()).Format("02.01.2006, 15:04") }
