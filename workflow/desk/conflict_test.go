package desk

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"okienko/workflow"
)

// TestTwoClerksAtOneCase: what a colleague did since the page was made is never overwritten. Every form of the page is tried.
func TestTwoClerksAtOneCase(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	anna, piotr := w.as("anna"), w.as("piotr")
	for action, values := range map[string]url.Values{
		"claim": nil, "accept": nil, "note": {"text": {"Czekamy na umowę"}}, "close": {"reason": {closeTwin}, "text": {"Patrz RPW/1/2026"}},
		"service": {"procedure": {string(otherDesk)}},
	} {
		c := w.take(registrationNumber(action))
		stale := anna.get(casePath(c.ID))
		piotr.get(casePath(c.ID)).submit(casePath(c.ID)+"/claim", nil)
		before, history := w.get(c.ID), w.history(c.ID)
		p := stale.submit(casePath(c.ID)+"/"+action, values)
		if p.status != http.StatusConflict || !p.says(polish.Problem.Conflict, polish.Problem.ConflictText, "Piotr Zieliński", polish.Event[workflow.EventClaimed]) {
			t.Errorf("%s: status %d\n%s", action, p.status, p.text())
		}
		if !strings.Contains(p.text(), oneLine(values.Get("text"))) {
			t.Errorf("%s: what the clerk wrote is lost\n%s", action, p.text())
		}
		if after := w.get(c.ID); after.Version != before.Version || state(after) != "open piotr" || w.history(c.ID) != history {
			t.Errorf("%s: something was written: %s, history %s", action, state(after), w.history(c.ID))
		}
	}
	if examples, err := w.store.Examples(t.Context()); err != nil || len(examples) != 0 {
		t.Errorf("%d examples (%v) of a change that was not made", len(examples), err)
	}
}

// TestDoingItAllTheSame: who has read what the colleague did may repeat the action, with the words they had typed.
func TestDoingItAllTheSame(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.take(registrationLacking())
	anna, note := w.as("anna"), casePath(c.ID)+"/note"
	stale := anna.get(casePath(c.ID))
	w.as("piotr").get(casePath(c.ID)).submit(casePath(c.ID)+"/claim", nil)
	p := stale.submit(note, url.Values{"text": {"Czekamy na umowę"}}).submit(note, nil)
	if p.status != http.StatusOK || p.path != casePath(c.ID) {
		t.Errorf("status %d at %s", p.status, p.path)
	}
	events := w.happened(c.ID)
	if last := events[len(events)-1]; last.Kind != workflow.EventNote || last.Actor != "anna" || last.Detail != "Czekamy na umowę" {
		t.Errorf("the last event is %s by %s: %s", last.Kind, last.Actor, last.Detail)
	}
}

// TestManyClerksClaimAtOnce: one has it, and the others are told who.
func TestManyClerksClaimAtOnce(t *testing.T) {
	t.Parallel()
	const clerks = 6
	w := newWorld(t)
	c := w.take(registrationLacking())
	pages := make([]answered, clerks)
	for i := range pages {
		name := "clerk" + itoa(int64(i))
		w.hire(name, "Osoba "+itoa(int64(i)), workflow.RoleClerk, "KM")
		pages[i] = w.as(name).get(casePath(c.ID))
	}
	statuses := make([]int, clerks)
	var all sync.WaitGroup
	for i, p := range pages {
		all.Go(func() { statuses[i] = p.submit(casePath(c.ID)+"/claim", nil).status })
	}
	all.Wait()
	won, lost := 0, 0
	for _, status := range statuses {
		switch status {
		case http.StatusOK:
			won++
		case http.StatusConflict:
			lost++
		}
	}
	if won != 1 || lost != clerks-1 || w.history(c.ID) != "registered judged claimed" {
		t.Errorf("statuses %v, history %s: want one who has it and %d who are told", statuses, w.history(c.ID), clerks-1)
	}
	t.Logf("%d clerks at once: %d claimed, %d were told", clerks, won, lost)
}

// TestTwoClerksAtOneDraft: neither loses a word, and who insists gets through.
func TestTwoClerksAtOneDraft(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.hire("anna", "Anna Nowak", workflow.RoleClerk, "SA")
	w.hire("piotr", "Piotr Zieliński", workflow.RoleClerk, "SA")
	c := w.take(alcoholLacking())
	call := casePath(c.ID) + "/call"
	anna, piotr := w.as("anna").get(call), w.as("piotr").get(call)
	save := func(p answered, body string) answered {
		return p.submit(call, url.Values{"do": {"save"}, "body": {body}})
	}
	if p := save(piotr, "Pismo Piotra"); p.status != http.StatusOK {
		t.Fatalf("the first draft: status %d\n%s", p.status, p.text())
	}
	p := save(anna, "Pismo Anny")
	if p.status != http.StatusConflict || !p.says("Pismo Anny", "Piotr Zieliński") {
		t.Errorf("the second draft: status %d\n%s", p.status, p.text())
	}
	if l := w.letters(c.ID); len(l) != 1 || l[0].Text != "Pismo Piotra" || l[0].Author != "piotr" {
		t.Errorf("letters %+v", l)
	}
	if p = p.submit(call, nil); p.status != http.StatusOK || p.path != call {
		t.Errorf("insisting: status %d at %s\n%s", p.status, p.path, p.text())
	}
	if l := w.letters(c.ID); len(l) != 1 || l[0].Text != "Pismo Anny" || l[0].Author != "anna" {
		t.Errorf("letters %+v", l)
	}
}
