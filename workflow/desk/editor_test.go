package desk

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"okienko/ingest"
	"okienko/workflow"
	"okienko/workflow/reply"
)

// callAt opens the editor of a call for completion of a case, by a clerk of its desk.
func callAt(w *world, f filing) (workflow.Case, *browser, answered) {
	w.Helper()
	c := w.take(f)
	w.hire("maria", "Maria Gaj", workflow.RoleClerk, c.Route.Desk)
	maria := w.as("maria")
	return c, maria, maria.get(casePath(c.ID) + "/call")
}

// field returns what a field of the page's forms holds.
func (p answered) field(name string) string {
	for _, form := range p.all("form") {
		if values := formValues(form); values.Has(name) {
			return values.Get(name)
		}
	}
	return ""
}

// TestTheCallIsDrafted from what lacks, in the clerk's name; the clerk edits it, saves it, comes back to it, and sends it.
func TestTheCallIsDrafted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c, maria, p := callAt(w, alcoholLacking())
	call, body := casePath(c.ID)+"/call", p.field("body")
	for _, want := range []string{"Maria Gaj, inspektor", "art. 64 § 2", "Tytuł prawny do lokalu", "7 dni"} {
		if !strings.Contains(strings.ToLower(body), strings.ToLower(want)) {
			t.Errorf("the draft does not say %q:\n%s", want, body)
		}
	}
	if !p.says(polish.Editor.Lacks, "Tytuł prawny do lokalu") || p.field("subject") != "["+c.Number+"] Wezwanie do usunięcia braków" {
		t.Errorf("subject %q", p.field("subject"))
	}
	if len(w.letters(c.ID)) != 0 {
		t.Error("opening the editor wrote a letter")
	}

	edited := body + "\nPS <b>„Łódź”</b> & \"kąt\""
	p = p.submit(call, url.Values{"do": {"save"}, "body": {strings.ReplaceAll(edited, "\n", "\r\n")}})
	if p.status != http.StatusOK || p.path != call || p.field("body") != edited {
		t.Errorf("saving: status %d at %s; the editor has\n%q\nwant\n%q", p.status, p.path, p.field("body"), edited)
	}
	if l := w.letters(c.ID); len(l) != 1 || l[0].Status != workflow.LetterDraft || l[0].Text != edited || state(w.get(c.ID)) != "open brak" || w.queued() != 0 {
		t.Errorf("saving: letters %+v, the case is %s", l, state(w.get(c.ID)))
	}
	if page := maria.get(casePath(c.ID)); !page.says(polish.Case.DoDraft, polish.Case.Steps.Draft) {
		t.Error("the page of the case does not tell of the draft")
	}

	p = maria.get(call).submit(call, url.Values{"do": {"send"}})
	letters := w.letters(c.ID)
	if p.status != http.StatusOK || p.path != casePath(c.ID) || len(letters) != 1 {
		t.Fatalf("sending: status %d at %s, %d letters\n%s", p.status, p.path, len(letters), p.text())
	}
	l := letters[0]
	if l.Status != workflow.LetterQueued || l.Text != edited || l.Author != "maria" || l.Automatic || l.To != c.Sender.Address || l.Channel != ingest.EPUAP || l.MessageID == "" {
		t.Errorf("the letter is %+v", l)
	}
	if got := state(w.get(c.ID)); got != "waiting maria" || w.queued() != 1 {
		t.Errorf("the case is %s, %d letters wait", got, w.queued())
	}
	if got := w.history(c.ID); got != "registered judged letter letter letter" { // saved, saved as sent, queued
		t.Errorf("history %s", got)
	}
}

// TestACallCannotBeSentTwice: a second click, or the page left open, says so.
func TestACallCannotBeSentTwice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c, _, p := callAt(w, alcoholLacking())
	call := casePath(c.ID) + "/call"
	p.submit(call, url.Values{"do": {"send"}})
	if again := p.submit(call, url.Values{"do": {"send"}}); again.status != http.StatusConflict {
		t.Errorf("the second time: status %d", again.status)
	}
	if letters := w.letters(c.ID); len(letters) != 1 || w.queued() != 1 {
		t.Errorf("%d letters, %d wait", len(letters), w.queued())
	}
}

// TestPaperIsAnsweredOnPaper: nothing is sent, the clerk says that it was posted.
func TestPaperIsAnsweredOnPaper(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c, maria, p := callAt(w, filings()[3]) // housing benefit, on paper, three papers lack
	call := casePath(c.ID) + "/call"
	if !p.says(polish.Editor.Paper) || strings.Contains(p.body, `value="send"`) {
		t.Error("the page offers to send paper by itself")
	}
	if sent := maria.get(call).submit(call, url.Values{"do": {"send"}}); sent.status != http.StatusConflict || !sent.says(polish.Problem.NoAddress) {
		t.Errorf("sending paper: status %d", sent.status)
	}
	p.submit(call, url.Values{"do": {"posted"}})
	if l := w.letters(c.ID); len(l) != 1 || l[0].Status != workflow.LetterSent || l[0].SentAt.IsZero() || w.queued() != 0 || state(w.get(c.ID)) != "waiting maria" {
		t.Errorf("letters %+v, the case is %s", l, state(w.get(c.ID)))
	}
}

// TestLettersThatMayNotLeave keeps what was typed and says what is wrong.
func TestLettersThatMayNotLeave(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c, maria, _ := callAt(w, alcoholLacking())
	call := casePath(c.ID) + "/call"
	for _, tt := range []struct {
		name          string
		subject, body string
		field, says   string
	}{
		{"without a subject", " ", "Treść", "subject-error", polish.Problem.Empty},
		{"with a number of a person in the subject", "Sprawa 82051404583", "Treść", "subject-error", polish.Editor.PersonalSubject},
		{"with an endless subject", strings.Repeat("a", longestSubject+1), "Treść", "subject-error", "Za długie"},
		{"without words", "Temat", " \n ", "body-error", polish.Problem.Empty},
		{"with an endless text", "Temat", strings.Repeat("a", longestBody+1), "body-error", "Za długie"},
		{"without the name of who signs", "Temat", "Z poważaniem [imię i nazwisko]", "body-error", polish.Editor.Placeholder},
		{"without the position of who signs", "Temat", "Maria Gaj, [stanowisko]", "body-error", polish.Editor.Placeholder},
	} {
		p := maria.get(call).submit(call, url.Values{"do": {"send"}, "subject": {tt.subject}, "body": {tt.body}})
		if p.status != http.StatusUnprocessableEntity || !strings.Contains(p.byID(tt.field), tt.says) {
			t.Errorf("%s: status %d, the page says %q", tt.name, p.status, p.byID(tt.field))
		}
		if p.field("body") != tt.body {
			t.Errorf("%s: the text is lost", tt.name)
		}
	}
	if p := maria.get(call).submit(call, url.Values{"do": {"shred"}}); p.status != http.StatusBadRequest {
		t.Errorf("an unknown command: status %d", p.status)
	}
	if len(w.letters(c.ID)) != 0 || state(w.get(c.ID)) != "open brak" {
		t.Errorf("%d letters, the case is %s", len(w.letters(c.ID)), state(w.get(c.ID)))
	}
}

// TestNothingIsCalledForWhereNothingLacks, and what was typed meanwhile is shown nonetheless.
func TestNothingIsCalledForWhereNothingLacks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c, maria, p := callAt(w, saleByPUAP())
	if p.status != http.StatusOK || !p.says(polish.Editor.Nothing) || p.has(casePath(c.ID)+"/call") {
		t.Errorf("status %d\n%s", p.status, p.text())
	}
	p = maria.act(c.ID, "call", url.Values{"do": {"send"}, "letter": {"0"}, "subject": {"Temat"}, "body": {"Długi list"}})
	if p.status != http.StatusConflict || !p.says(polish.Editor.Nothing, "Długi list") || len(w.letters(c.ID)) != 0 {
		t.Errorf("a call for nothing: status %d, %d letters\n%s", p.status, len(w.letters(c.ID)), p.text())
	}
}

// TestAClerkWritesInTheirOwnWords where nothing lacks: the frame is there, the blank must be filled, the case stays with the
// clerk, and a draft of it is no draft of a call.
func TestAClerkWritesInTheirOwnWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c, maria, p := callAt(w, saleByPUAP())
	letter := casePath(c.ID) + "/letter"
	if !strings.Contains(p.body, `href="`+letter+`"`) {
		t.Error("the editor that has nothing to call for does not lead to a letter")
	}
	p = maria.get(letter)
	if body := p.field("body"); !strings.Contains(body, reply.Blank) || !strings.Contains(body, "Maria Gaj, inspektor") || !strings.Contains(body, c.Number) {
		t.Fatalf("the frame is\n%s", body)
	}
	if p := p.submit(letter, url.Values{"do": {"send"}}); p.status != http.StatusUnprocessableEntity || len(w.letters(c.ID)) != 0 {
		t.Errorf("a letter with its blank: status %d", p.status)
	}
	body := strings.Replace(p.field("body"), reply.Blank, "Dziękujemy. Wszystko się zgadza.", 1)
	if p = p.submit(letter, url.Values{"do": {"save"}, "body": {body}}); p.path != letter || p.field("body") != body {
		t.Errorf("saving: at %s\n%s", p.path, p.field("body"))
	}
	page := maria.get(casePath(c.ID))
	if !page.says(polish.Case.DoDraft) || page.says(polish.Case.Steps.Draft) {
		t.Error("the draft of a letter is taken for one of a call, or is not told")
	}
	if p := maria.get(letter).submit(letter, url.Values{"do": {"send"}}); p.status != http.StatusOK || !p.says(polish.Editor.Of[workflow.ReplyLetter].Sent) {
		t.Errorf("sending: status %d\n%s", p.status, p.text())
	}
	l := w.letters(c.ID)
	if len(l) != 1 || l[0].Kind != workflow.ReplyLetter || l[0].Status != workflow.LetterQueued || l[0].Text != body || state(w.get(c.ID)) != "open maria" {
		t.Errorf("letters %+v, the case is %s", l, state(w.get(c.ID)))
	}
}

// TestWhatResidentsWriteIsText: nothing they send becomes markup, wherever it is shown.
func TestWhatResidentsWriteIsText(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	evil := `<script>alert(1)</script><img src=x onerror=alert(2)>" onmouseover="alert(3)`
	f := alcoholLacking()
	f.subject, f.text, f.from.Name = evil, f.text+evil, evil
	f.papers = []paper{{name: evil + ".pdf", media: evil, text: evil}}
	c := w.take(f)
	w.write(c, workflow.ReplyIncomplete, workflow.LetterHeld)
	admin := w.as("admin")
	for _, path := range []string{"/queue", casePath(c.ID), casePath(c.ID) + "/call", casePath(c.ID) + "/documents/1/text"} {
		p := admin.get(path)
		if p.status != http.StatusOK || !strings.Contains(textOf(p.root), "<script>") && path != casePath(c.ID)+"/call" {
			t.Errorf("%s: status %d; the words are not shown", path, p.status)
		}
		for n := range p.root.Descendants() {
			if n.Type == html.ElementNode && (n.Data == "img" || n.Data == "script" && textOf(n) != "" || hasAttr(n, "onmouseover") || hasAttr(n, "onerror")) {
				t.Errorf("%s: the resident's words became <%s>", path, n.Data)
			}
		}
	}
}
