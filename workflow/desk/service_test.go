package desk

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"okienko/classify"
	"okienko/schemas"
	"okienko/workflow"
	"okienko/workflow/deadline"
)

// otherDesk is a procedure that another desk works on than KM.
const otherDesk = schemas.ProcedureID("dodatek_mieszkaniowy")

// TestChangingTheService judges the case anew, moves it, withdraws what was written for the old service, and keeps the
// correction as an example to learn from.
func TestChangingTheService(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.take(registrationLacking())
	w.alter(c.ID, func(c *workflow.Case) { c.Owner = "anna" })
	held, sent := w.write(c, workflow.ReplyIncomplete, workflow.LetterHeld), w.write(c, workflow.ReplyReceipt, workflow.LetterSent)
	p, ok := w.desk.Procedures.Procedure(otherDesk, w.now())
	if !ok || p.Desk == c.Route.Desk {
		t.Fatalf("the catalogue has %s on desk %q; the test needs one of another desk than %s", otherDesk, p.Desk, c.Route.Desk)
	}
	want, err := w.desk.Rejudger.Rejudge(t.Context(), c.ID, otherDesk)
	w.must(err)

	page := w.as("admin").get(casePath(c.ID)).submit(casePath(c.ID)+"/service", url.Values{"procedure": {string(otherDesk)}})
	if page.status != http.StatusOK || page.path != casePath(c.ID) || !strings.Contains(page.body, p.Title.PL) {
		t.Errorf("status %d at %s", page.status, page.path)
	}
	got := w.get(c.ID)
	if got.Procedure != otherDesk || got.DecidedBy != classify.ByClerk || got.Route.Desk != p.Desk || got.Owner != "" ||
		got.Missing != workflow.Missing(want.Findings) || !got.DueAt.Equal(dueAt(got, p, want.Legal, deadline.Calendar{})) {
		t.Errorf("the case is %s by %s on %s, owner %q, %d missing, due %s", got.Procedure, got.DecidedBy, got.Route.Desk, got.Owner, got.Missing, got.DueAt)
	}
	if j, err := w.store.Judgement(t.Context(), c.ID); err != nil || len(j.Findings) != len(want.Findings) || len(j.Contents.Readings) != 3 {
		t.Errorf("the judgement has %d findings and %d readings (%v)", len(j.Findings), len(j.Contents.Readings), err)
	}
	for _, l := range w.letters(c.ID) {
		if l.ID == held.ID && l.Status != workflow.LetterCancelled || l.ID == sent.ID && l.Status != workflow.LetterSent {
			t.Errorf("letter %s is %s now", l.Kind, l.Status)
		}
	}
	examples, err := w.store.Examples(t.Context())
	if err != nil || len(examples) != 1 || examples[0].Case != c.ID || examples[0].Actor != "admin" ||
		examples[0].Before != c.Procedure || examples[0].After != otherDesk {
		t.Errorf("examples %+v (%v)", examples, err)
	}
	events := w.happened(c.ID)
	if last := events[len(events)-1]; last.Kind != workflow.EventReassigned || last.Actor != "admin" ||
		last.Detail != "Usługa: rejestracja_pojazdu → dodatek_mieszkaniowy. Stanowisko: KM → "+p.Desk+"." {
		t.Errorf("the last event is %s by %s: %s", last.Kind, last.Actor, last.Detail)
	}
}

// TestACaseThatLeavesOnesDesks brings the clerk back to the queue: the case is no longer theirs to see.
func TestACaseThatLeavesOnesDesks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.take(registrationLacking())
	anna := w.as("anna")
	p := anna.get(casePath(c.ID)).submit(casePath(c.ID)+"/service", url.Values{"procedure": {string(otherDesk)}})
	if p.status != http.StatusOK || p.path != "/queue" || !p.says(c.Number+": usługa zmieniona") {
		t.Errorf("status %d at %s", p.status, p.path)
	}
	if p := anna.get(casePath(c.ID)); p.status != http.StatusNotFound {
		t.Errorf("the case is still shown: %d", p.status)
	}
}

// TestConfirmingTheServiceIsAnExampleOnce: saying that the machine was right teaches too, saying it twice does not.
func TestConfirmingTheServiceIsAnExampleOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.take(registrationLacking())
	anna, form := w.as("anna"), url.Values{"procedure": {string(c.Procedure)}}
	if p := anna.act(c.ID, "service", form); p.status != http.StatusOK {
		t.Errorf("confirming: status %d", p.status)
	}
	if p := anna.act(c.ID, "service", form); p.status != http.StatusConflict || !p.says(polish.Problem.SameThing) {
		t.Errorf("confirming again: status %d", p.status)
	}
	if examples, err := w.store.Examples(t.Context()); err != nil || len(examples) != 1 {
		t.Errorf("%d examples (%v), want 1", len(examples), err)
	}
}

// TestQuarantineIsLeftByNamingTheService: what the machine could not handle becomes an ordinary case.
func TestQuarantineIsLeftByNamingTheService(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.take(filings()[14])
	admin := w.as("admin")
	if p := admin.get(casePath(c.ID)); !p.says(polish.Case.Steps.Quarantined, c.Reason) {
		t.Error("the page does not say why the case is in quarantine")
	}
	admin.get(casePath(c.ID)).submit(casePath(c.ID)+"/service", url.Values{"procedure": {string(otherDesk)}})
	if got := w.get(c.ID); state(got) != "open brak" || got.Reason != "" || got.Procedure != otherDesk {
		t.Errorf("the case is %s, reason %q, procedure %s", state(got), got.Reason, got.Procedure)
	}
}
