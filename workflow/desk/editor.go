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

// editorView is the editor of a letter that a clerk signs.
type editorView struct {
	workflow.Case
	Kind     workflow.ReplyKind // call or letter
	Seen     int64
	Path     string
	CasePath string
	Letter   workflow.Letter
	Findings findingsView
	Nothing  bool // nothing is missing that may be called for
	Paper    bool // no address to send to: print it
	Stale    bool // the draft was saved before the findings were corrected
	Ways     []way
	Wrong    editorErrors
}

type editorErrors struct{ Subject, Body string }

// draftField is the field of the form that names the draft it replaces: "0" if it is the first.
const draftField = "letter"

// The longest letter, in bytes.
const (
	longestSubject = 200
	longestBody    = 50_000
)

// hasEditor reports whether a clerk writes letters of that kind.
func hasEditor(k workflow.ReplyKind) bool {
	return slices.Contains([]workflow.ReplyKind{workflow.ReplyCall, workflow.ReplyLetter, workflow.ReplyForward, workflow.ReplyPassOn}, k)
}

func editorPath(id workflow.CaseID, kind workflow.ReplyKind) string {
	return casePath(id) + "/" + string(kind)
}

// showEditor opens a letter of kind call or letter.
func (d *desk) showEditor(kind workflow.ReplyKind) func(*visit) error {
	return func(v *visit) error {
		if err := d.seen(v.Context(), v, workflow.EventViewed, ""); err != nil {
			return err
		}
		l, err := d.draft(v, kind)
		if errors.Is(err, ErrNothingToCall) {
			return d.editorPage(v, workflow.Letter{Kind: kind}, editorErrors{}, true)
		}
		if err != nil {
			return err
		}
		return d.editorPage(v, l, editorErrors{}, false)
	}
}

func (d *desk) editorPage(v *visit, l workflow.Letter, wrong editorErrors, nothing bool) error {
	j, err := d.judgement(v)
	if err != nil {
		return err
	}
	ways, _ := d.ways(v.Context(), v.t, v.c, j)
	events, err := d.Records.Events(v.Context(), v.c.ID)
	if err != nil {
		return err
	}
	return d.show(v, screen{name: "editor", title: v.t.Editor.Of[l.Kind].Title + " · " + v.c.Number, nav: "queue", status: statusOf(wrong != editorErrors{}), body: editorView{
		Case: v.c, Kind: l.Kind, Seen: v.now.UnixMicro(), Path: editorPath(v.c.ID, l.Kind), CasePath: casePath(v.c.ID), Letter: l,
		Findings: v.t.findingsView(j), Nothing: nothing, Paper: !sendable(l), Stale: l.Kind == workflow.ReplyCall && !v.anew() && stale(events, l.ID), Ways: ways, Wrong: wrong,
	}})
}

// sendable reports whether a letter can leave by the channel it answers; paper has no way back by itself.
func sendable(l workflow.Letter) bool { return l.To != "" && l.Channel != ingest.Scan }

// draft returns the draft of that kind that a clerk saved last, or a new one.
func (d *desk) draft(v *visit, kind workflow.ReplyKind) (workflow.Letter, error) {
	saved, err := d.savedDraft(v, kind)
	if err != nil || saved.ID != 0 && !v.anew() {
		return saved, err
	}
	j, err := d.judgement(v)
	if err != nil {
		return workflow.Letter{}, err
	}
	write := d.Drafter.Call
	switch kind {
	case workflow.ReplyLetter:
		write = d.Drafter.Letter
	case workflow.ReplyForward, workflow.ReplyPassOn: // drafted together, once the authority is known
		return workflow.Letter{}, errNoDraft
	}
	l, err := write(v.c, j, v.user, v.now)
	if err != nil {
		return workflow.Letter{}, err
	}
	if _, address := d.ways(v.Context(), v.t, v.c, j); address != "" { // the law puts this way first, however the letter came
		l.Channel, l.To = ingest.EDelivery, address
	}
	l.ID, l.MessageID = saved.ID, distinct(l.MessageID)
	return l, nil
}

// anew reports whether the page was asked to forget the saved draft and write one by what is known now.
func (v *visit) anew() bool { return v.Method == http.MethodGet && v.URL.Query().Has("anew") }

// savedDraft returns the draft of that kind that a clerk saved last; without ID if there is none.
func (d *desk) savedDraft(v *visit, kind workflow.ReplyKind) (workflow.Letter, error) {
	letters, err := d.Records.CaseLetters(v.Context(), v.c.ID)
	for _, l := range slices.Backward(letters) {
		if draftOf(kind)(l) {
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

// saveEditor takes the letter from the form. Only subject and text are the clerk's; where it goes to is read anew.
func (d *desk) saveEditor(kind workflow.ReplyKind) func(*visit) error {
	return func(v *visit) error {
		l, err := d.draft(v, kind)
		if errors.Is(err, ErrNothingToCall) {
			return errNothing // any more: the page that follows keeps what was typed
		}
		if err != nil {
			return err
		}
		if strconv.FormatInt(int64(l.ID), 10) != v.PostFormValue(draftField) {
			return workflow.ErrConflict // somebody saved or sent a draft meanwhile
		}
		l.Subject = v.oneLine("subject")
		l.Text = strings.ReplaceAll(v.PostFormValue("body"), "\r\n", "\n")
		if wrong := v.checkLetter(l); wrong != (editorErrors{}) {
			return d.editorPage(v, l, wrong, false)
		}
		return d.keepLetter(v, l)
	}
}

// keepLetter does what the button says: send, posted or save.
func (d *desk) keepLetter(v *visit, l workflow.Letter) error {
	text := v.t.Editor.Of[l.Kind]
	switch v.PostFormValue("do") {
	case "send":
		return d.done(v, dispatching(l), text.Sent)
	case "posted":
		return d.done(v, posting(l), text.Posted)
	case "save":
		if err := d.change(v, drafting(l)); err != nil {
			return err
		}
		d.flash(v, v.t.Editor.Saved)
		return v.redirect(editorPath(v.c.ID, l.Kind))
	}
	return fmt.Errorf("field do: %w", errBadRequest)
}

// blanks are what a Drafter leaves open; a letter with one must not leave.
var blanks = []string{"[imię i nazwisko]", "[stanowisko]", "[treść pisma]"}

func (v *visit) checkLetter(l workflow.Letter) (wrong editorErrors) {
	switch {
	case l.Subject == "":
		wrong.Subject = v.t.Problem.Empty
	case len(l.Subject) > longestSubject:
		wrong.Subject = fmt.Sprintf(v.t.Problem.TooLong, longestSubject)
	case mask(l.Subject) != l.Subject:
		wrong.Subject = v.t.Editor.PersonalSubject
	}
	switch {
	case strings.TrimSpace(l.Text) == "":
		wrong.Body = v.t.Problem.Empty
	case len(l.Text) > longestBody:
		wrong.Body = fmt.Sprintf(v.t.Problem.TooLong, longestBody)
	case slices.ContainsFunc(blanks, func(blank string) bool { return strings.Contains(l.Text, blank) }):
		wrong.Body = v.t.Editor.Placeholder
	}
	return wrong
}
