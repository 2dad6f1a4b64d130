package desk

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"okienko/ingest"
	"okienko/workflow"
)

// callView is the editor of a call for completion.
type callView struct {
	workflow.Case
	Seen     int64
	Path     string
	CasePath string
	Letter   workflow.Letter
	Findings findingsView
	Nothing  bool // nothing is missing that may be called for
	Paper    bool // no address to send to: print it
	Ways     []way
	Wrong    callErrors
}

type callErrors struct{ Subject, Body string }

// draftField is the field of the form that names the draft it replaces: "0" if it is the first.
const draftField = "letter"

// The longest letter, in bytes.
const (
	longestSubject = 200
	longestBody    = 50_000
)

func (d *desk) showCall(v *visit) error {
	if err := d.seen(v.Context(), v, workflow.EventViewed, ""); err != nil {
		return err
	}
	l, err := d.draft(v)
	if err != nil && !errors.Is(err, ErrNothingToCall) {
		return err
	}
	return d.callPage(v, l, callErrors{}, err != nil)
}

func (d *desk) callPage(v *visit, l workflow.Letter, wrong callErrors, nothing bool) error {
	j, err := d.judgement(v)
	if err != nil {
		return err
	}
	ways, _ := d.ways(v.Context(), v.t, v.c, j)
	status := http.StatusOK
	if wrong != (callErrors{}) {
		status = http.StatusUnprocessableEntity
	}
	return d.show(v, screen{name: "call", title: v.t.Call.Title + " · " + v.c.Number, nav: "queue", status: status, body: callView{
		Case: v.c, Seen: v.now.UnixMicro(), Path: casePath(v.c.ID) + "/call", CasePath: casePath(v.c.ID), Letter: l,
		Findings: v.t.findingsView(j), Nothing: nothing, Paper: !sendable(l), Ways: ways, Wrong: wrong,
	}})
}

// sendable reports whether a letter can leave by the channel it answers; paper has no way back by itself.
func sendable(l workflow.Letter) bool { return l.To != "" && l.Channel != ingest.Scan }

// draft returns the draft of the case that a clerk saved last, or a new one.
func (d *desk) draft(v *visit) (workflow.Letter, error) {
	l, err := d.savedDraft(v)
	if err != nil || l.ID != 0 {
		return l, err
	}
	j, err := d.judgement(v)
	if err != nil {
		return workflow.Letter{}, err
	}
	l, err = d.Drafter.Call(v.c, j, v.user, v.now)
	if err != nil {
		return workflow.Letter{}, err
	}
	if _, address := d.ways(v.Context(), v.t, v.c, j); address != "" { // the law puts this way first, however the letter came
		l.Channel, l.To = ingest.EDelivery, address
	}
	l.ID, l.MessageID = 0, distinct(l.MessageID)
	return l, nil
}

// savedDraft returns the draft that a clerk saved last; without ID if there is none.
func (d *desk) savedDraft(v *visit) (workflow.Letter, error) {
	letters, err := d.Records.CaseLetters(v.Context(), v.c.ID)
	for _, l := range slices.Backward(letters) {
		if isDraft(l) {
			return l, nil
		}
	}
	return workflow.Letter{}, err
}

// distinct makes a Message-ID one of its kind: a clerk may send the same draft twice with other words.
func distinct(messageID string) string {
	local, host, _ := strings.Cut(messageID, "@")
	return local + "." + strings.ToLower(rand.Text()[:8]) + "@" + host
}

func (d *desk) judgement(v *visit) (workflow.Judgement, error) {
	j, err := d.Records.Judgement(v.Context(), v.c.ID)
	if errors.Is(err, workflow.ErrNotFound) {
		return workflow.Judgement{}, nil
	}
	return j, err
}

// saveCall takes the letter from the form. Only subject and text are the clerk's; where it goes to is read anew.
func (d *desk) saveCall(v *visit) error {
	l, err := d.draft(v)
	if errors.Is(err, ErrNothingToCall) {
		return errNothing // any more: the page that follows keeps what was typed
	}
	if err != nil {
		return err
	}
	if strconv.FormatInt(int64(l.ID), 10) != v.PostFormValue(draftField) {
		return workflow.ErrConflict // somebody saved or sent a draft meanwhile
	}
	l.Subject = strings.Join(strings.Fields(v.PostFormValue("subject")), " ")
	l.Text = strings.ReplaceAll(v.PostFormValue("body"), "\r\n", "\n")
	if wrong := v.checkLetter(l); wrong != (callErrors{}) {
		return d.callPage(v, l, wrong, false)
	}
	return d.sendCall(v, l)
}

func (d *desk) sendCall(v *visit, l workflow.Letter) error {
	switch v.PostFormValue("do") {
	case "send":
		return d.done(v, calling(l), v.t.Call.Sent)
	case "posted":
		return d.done(v, posting(l), v.t.Call.Posted)
	case "save":
		if err := d.change(v, drafting(l)); err != nil {
			return err
		}
		d.flash(v, v.t.Call.Saved)
		return v.redirect(casePath(v.c.ID) + "/call")
	}
	return fmt.Errorf("field do: %w", errBadRequest)
}

func (v *visit) checkLetter(l workflow.Letter) (wrong callErrors) {
	switch {
	case l.Subject == "":
		wrong.Subject = v.t.Problem.Empty
	case len(l.Subject) > longestSubject:
		wrong.Subject = fmt.Sprintf(v.t.Problem.TooLong, longestSubject)
	case mask(l.Subject) != l.Subject:
		wrong.Subject = v.t.Call.PersonalSubject
	}
	switch {
	case strings.TrimSpace(l.Text) == "":
		wrong.Body = v.t.Problem.Empty
	case len(l.Text) > longestBody:
		wrong.Body = fmt.Sprintf(v.t.Problem.TooLong, longestBody)
	case strings.Contains(l.Text, "[imię i nazwisko]"), strings.Contains(l.Text, "[stanowisko]"):
		wrong.Body = v.t.Call.Placeholder
	}
	return wrong
}
