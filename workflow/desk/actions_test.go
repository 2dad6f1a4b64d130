package desk

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"okienko/classify"
	"okienko/workflow"
)

// act posts an action on a case as a page made just now would, whether a page offers it or not.
func (b *browser) act(id workflow.CaseID, action string, values url.Values) answered {
	b.Helper()
	form := url.Values{"version": {itoa(b.world.get(id).Version)}, "seen": {itoa(b.now().UnixMicro())}}
	for key, value := range values {
		form[key] = value
	}
	return b.post(casePath(id)+"/"+action, form)
}

// state is what actions change of a case, in a line.
func state(c workflow.Case) string { return string(c.Status) + " " + orNone(c.Owner) }

// did is one action of somebody.
type did struct {
	who, action string
	values      url.Values
}

// TestActions does what clerks do through the forms that their pages offer.
func TestActions(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		story   []did
		state   string
		history string // after the two events of the machine
		detail  string // of the last event
	}{
		{"a clerk claims", []did{{"anna", "claim", nil}}, "open anna", "claimed", ""},
		{"and gives it back", []did{{"anna", "claim", nil}, {"anna", "release", nil}}, "open brak", "claimed released", ""},
		{"a colleague takes over", []did{{"anna", "claim", nil}, {"piotr", "takeover", nil}}, "open piotr", "claimed claimed", "Przejęto od: anna."},
		{"accepting claims as well", []did{{"anna", "accept", nil}}, "accepted anna", "accepted", "Braki stwierdzone w chwili przyjęcia: 3."},
		{"accepting one's own", []did{{"anna", "claim", nil}, {"anna", "accept", nil}}, "accepted anna", "claimed accepted", "Braki stwierdzone w chwili przyjęcia: 3."},
		{"closing says why", []did{{"anna", "close", url.Values{"reason": {closeTwin}}}}, "closed anna", "closed", "Ta sama sprawa jest już prowadzona."},
		{"closing for another reason keeps it", []did{{"anna", "close", url.Values{"reason": {closeOther}, "text": {" Wycofane\n przez stronę. "}}}},
			"closed anna", "closed", "Inny powód. Wycofane przez stronę."},
		{"reopening", []did{{"anna", "close", url.Values{"reason": {closeHandled}}}, {"anna", "reopen", nil}}, "open anna", "closed reopened", ""},
		{"a note", []did{{"anna", "note", url.Values{"text": {"Strona dzwoniła."}}}}, "open brak", "note", "Strona dzwoniła."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.hire("anna", "Anna Nowak", workflow.RoleClerk, "SA")
			w.hire("piotr", "Piotr Zieliński", workflow.RoleClerk, "SA")
			c := w.take(alcoholLacking())
			for _, d := range tt.story {
				p := w.as(d.who).get(casePath(c.ID)).submit(casePath(c.ID)+"/"+d.action, d.values)
				if p.status != http.StatusOK || p.path != casePath(c.ID) || !strings.Contains(p.body, `class="flash"`) {
					t.Fatalf("%s: status %d at %s, want a confirmation on the page of the case", d.action, p.status, p.path)
				}
			}
			if got := state(w.get(c.ID)); got != tt.state {
				t.Errorf("the case is %s, want %s", got, tt.state)
			}
			if got := w.history(c.ID); got != "registered judged "+tt.history {
				t.Errorf("history: %s, want it to end with %s", got, tt.history)
			}
			events := w.happened(c.ID)
			last, by := events[len(events)-1], tt.story[len(tt.story)-1].who
			if last.Actor != by || last.Detail != tt.detail {
				t.Errorf("the last event is by %s: %q, want %s: %q", last.Actor, last.Detail, by, tt.detail)
			}
		})
	}
}

// TestActionsThatAreNotPossibleChangeNothing posts what no page offers in that state.
func TestActionsThatAreNotPossibleChangeNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	anna := w.as("anna")
	owned := func(owner string, s workflow.Status) func(*workflow.Case) {
		return func(c *workflow.Case) { c.Owner, c.Status = owner, s }
	}
	for _, tt := range []struct {
		name   string
		before func(*workflow.Case)
		action string
		says   string
	}{
		{"claiming what a colleague has", owned("piotr", workflow.StatusOpen), "claim", polish.Problem.Taken},
		{"claiming what the machine works on", owned("", workflow.StatusProcessing), "claim", polish.Problem.Machine},
		{"claiming what is closed", owned("", workflow.StatusClosed), "claim", polish.Problem.Finished},
		{"taking over what nobody has", owned("", workflow.StatusOpen), "takeover", polish.Problem.SameThing},
		{"taking over one's own", owned("anna", workflow.StatusOpen), "takeover", polish.Problem.SameThing},
		{"releasing a colleague's", owned("piotr", workflow.StatusOpen), "release", polish.Problem.NotOwner},
		{"accepting a colleague's", owned("piotr", workflow.StatusOpen), "accept", polish.Problem.Taken},
		{"accepting twice", owned("anna", workflow.StatusAccepted), "accept", polish.Problem.Accepted},
		{"accepting without a service", func(c *workflow.Case) { c.Procedure = "" }, "accept", polish.Problem.NoService},
		{"closing a colleague's", owned("piotr", workflow.StatusOpen), "close", polish.Problem.Taken},
		{"closing twice", owned("anna", workflow.StatusClosed), "close", polish.Problem.Finished},
		{"closing what the machine works on", owned("", workflow.StatusProcessing), "close", polish.Problem.Machine},
		{"reopening what is open", owned("anna", workflow.StatusOpen), "reopen", polish.Problem.NotClosed},
		{"naming the service of what the machine works on", owned("", workflow.StatusProcessing), "service", polish.Problem.Machine},
		{"naming the service a clerk named", func(c *workflow.Case) { c.Procedure, c.DecidedBy = otherDesk, classify.ByClerk }, "service", polish.Problem.SameThing},
	} {
		c := w.take(registrationNumber(tt.name))
		w.alter(c.ID, tt.before)
		before, history := w.get(c.ID), w.history(c.ID)
		p := anna.act(c.ID, tt.action, url.Values{"reason": {closeHandled}, "procedure": {string(otherDesk)}})
		if p.status != http.StatusConflict || !p.says(tt.says, polish.Problem.NotNow) {
			t.Errorf("%s: status %d\n%s", tt.name, p.status, p.text())
		}
		if after := w.get(c.ID); after.Version != before.Version || state(after) != state(before) || w.history(c.ID) != history {
			t.Errorf("%s: the case was %s and is %s, history %s", tt.name, state(before), state(after), w.history(c.ID))
		}
	}
}

// TestFormsThatWereFilledInBadlyComeBack keeps what was typed, says what is wrong beside the field, and changes nothing.
func TestFormsThatWereFilledInBadlyComeBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.take(registrationLacking())
	anna := w.as("anna")
	long := strings.Repeat("ż", longestRemark+1)
	for _, tt := range []struct {
		name, action string
		values       url.Values
		status       int
		field, says  string // id of the element that says what is wrong
		keeps        string // what the page still has
	}{
		{"a note without words", "note", url.Values{"text": {" \n "}}, 422, "note-error", polish.Problem.Empty, ""},
		{"a note too long", "note", url.Values{"text": {long}}, 422, "note-error", "najwyżej 500 znaków", long},
		{"closing without a reason", "close", url.Values{"text": {"Strona zrezygnowała"}}, 422, "close-error", polish.Problem.Choose, "Strona zrezygnowała"},
		{"closing for a reason nobody knows", "close", url.Values{"reason": {"bo tak"}}, 422, "close-error", polish.Problem.Choose, ""},
		{"closing for another reason without saying it", "close", url.Values{"reason": {closeOther}}, 422, "close-error", polish.Case.CloseNeedsText, `value="inny" required checked`},
		{"closing with an essay", "close", url.Values{"reason": {closeHandled}, "text": {long}}, 422, "close-error", "najwyżej 500 znaków", long},
		{"a service nobody knows", "service", url.Values{"procedure": {"czarna_magia"}}, 422, "service-error", polish.Problem.Choose, ""},
		{"a form without a version", "claim", url.Values{"version": nil}, 400, "", "", ""},
		{"a version that is no number", "claim", url.Values{"version": {"1; DROP TABLE cases"}}, 400, "", "", ""},
	} {
		p := anna.act(c.ID, tt.action, tt.values)
		if p.status != tt.status {
			t.Errorf("%s: status %d, want %d", tt.name, p.status, tt.status)
		}
		if tt.field != "" && !strings.Contains(p.byID(tt.field), tt.says) {
			t.Errorf("%s: the page says %q, want %q", tt.name, p.byID(tt.field), tt.says)
		}
		if !strings.Contains(p.body, tt.keeps) {
			t.Errorf("%s: what was typed is lost", tt.name)
		}
	}
	if got := w.get(c.ID); got.Version != c.Version || w.history(c.ID) != "registered judged" {
		t.Errorf("the case changed: version %d, history %s", got.Version, w.history(c.ID))
	}
}

// TestWhoReadsIsWrittenDown: every opening of a case is in its history, apart from what happened.
func TestWhoReadsIsWrittenDown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.take(registrationLacking())
	anna := w.as("anna")
	anna.get(casePath(c.ID))
	anna.get(casePath(c.ID) + "/documents/0/text")
	p := anna.get(casePath(c.ID))
	var read []string
	for _, e := range w.events(c.ID) {
		if isReading(e.Kind) {
			read = append(read, e.Actor+" "+string(e.Kind)+" "+e.Detail)
		}
	}
	if want := "anna viewed |anna viewed tekst dokumentu 0|anna viewed "; strings.Join(read, "|") != want {
		t.Errorf("read: %q, want %q", read, want)
	}
	if !p.says(polish.Case.Readings+" 3", polish.Event[workflow.EventViewed]+" Anna Nowak") {
		t.Error(p.text())
	}
}
