package desk

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"okienko/workflow"
)

func box(c workflow.Case) string { return itoa(int64(c.ID)) + ":" + itoa(c.Version) }

// TestSeveralCasesAreClaimedAtOnce: asked first, one result a case, and what a colleague changed meanwhile stays.
func TestSeveralCasesAreClaimedAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	one, two, three, other := w.take(registrationNumber("1")), w.take(registrationNumber("2")), w.take(saleByPUAP()), w.take(alcoholLacking())
	anna := w.as("anna")
	list := anna.get("/queue")
	w.as("piotr").act(two.ID, "claim", nil)
	boxes := []string{box(w.get(one.ID)), box(two), box(w.get(three.ID)), box(w.get(other.ID))}
	ask := list.submit("/queue/bulk", url.Values{"do": {bulkClaim}, "case": boxes})
	if !ask.says(polish.QueueWork.BulkAsk[bulkClaim], one.Number, three.Number, polish.QueueWork.BulkGone) || w.get(one.ID).Owner != "" {
		t.Fatalf("status %d; owner %q before it was confirmed:\n%s", ask.status, w.get(one.ID).Owner, ask.text())
	}
	done := ask.submit("/queue/bulk", nil)
	if !done.says("Udało się: 2 z 4.", polish.QueueWork.BulkChanged, "Piotr Zieliński", polish.QueueWork.BulkGone) {
		t.Errorf("it says:\n%s", done.text())
	}
	for c, owner := range map[workflow.CaseID]string{one.ID: "anna", two.ID: "piotr", three.ID: "anna", other.ID: ""} {
		if got := w.get(c).Owner; got != owner {
			t.Errorf("case %d is %q's, want %q", c, got, owner)
		}
	}
	if strings.Contains(done.text(), other.Number) {
		t.Error("the page names a case of another desk")
	}
	if got := w.history(one.ID); !strings.HasSuffix(got, string(workflow.EventClaimed)) {
		t.Errorf("the history is %q", got)
	}
}

// TestSeveralCasesArePassedOn with a reason, to a desk that there is.
func TestSeveralCasesArePassedOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	one, two := w.take(registrationNumber("1")), w.take(registrationNumber("2"))
	w.alter(two.ID, func(c *workflow.Case) { c.Owner = "piotr" })
	anna := w.as("anna")
	list := anna.get("/queue?channel=scan")
	ask := list.submit("/queue/bulk", url.Values{"do": {bulkMove}, "case": {box(w.get(one.ID)), box(w.get(two.ID))}})
	for name, wrong := range map[string]url.Values{
		"no reason": {"desk": {"SA"}, "text": {""}}, "no desk": {"desk": {"XX"}, "text": {"Sprawa handlu."}}, "the desk of tests": {"desk": {workflow.DeskTest}, "text": {"Próba."}},
	} {
		if p := ask.submit("/queue/bulk", wrong); p.status != http.StatusUnprocessableEntity || w.get(one.ID).Route.Desk != "KM" {
			t.Errorf("%s: status %d, desk %s", name, p.status, w.get(one.ID).Route.Desk)
		}
	}
	done := ask.submit("/queue/bulk", url.Values{"desk": {"SA"}, "text": {"Sprawa handlu."}})
	if !done.says("Udało się: 1 z 2.", polish.Problem.Taken) || done.link(polish.QueueWork.BulkBack) != "/queue?channel=scan" {
		t.Errorf("it says:\n%s\nand leads to %s", done.text(), done.link(polish.QueueWork.BulkBack))
	}
	if c := w.get(one.ID); c.Route.Desk != "SA" || c.Owner != "" {
		t.Errorf("the case is at %s, owned by %q", c.Route.Desk, c.Owner)
	}
	if c := w.get(two.ID); c.Route.Desk != "KM" || c.Owner != "piotr" {
		t.Errorf("a colleague's case went to %s", c.Route.Desk)
	}
	events := w.happened(one.ID)
	if last := events[len(events)-1]; last.Kind != workflow.EventHandedOver || last.Detail != "KM → SA. Sprawa handlu." || last.Actor != "anna" {
		t.Errorf("the history ends with %+v", last)
	}
}

func TestNothingChosenAndNonsense(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.take(saleByPUAP())
	anna := w.as("anna")
	if p := anna.get("/queue?tab=all").submit("/queue/bulk", url.Values{"do": {bulkClaim}}); p.path != "/queue?tab=all" || !p.says(polish.QueueWork.BulkNone) {
		t.Errorf("nothing chosen leads to %s", p.path)
	}
	for _, form := range []url.Values{{"do": {"delete"}, "case": {"1:1"}}, {"do": {bulkClaim}, "case": {"1"}}, {"do": {bulkClaim}, "case": {"x:y"}}, {"do": {bulkClaim}, "case": {"-1:1"}}} {
		if p := anna.post("/queue/bulk", form); p.status != http.StatusBadRequest {
			t.Errorf("%v: status %d", form, p.status)
		}
	}
}

// TestViewsAreSavedForOneOrForADesk, counted under the rights of who looks, and hold no words.
func TestViewsAreSavedForOneOrForADesk(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.morning()
	anna, piotr, sara := w.as("anna"), w.as("piotr"), w.as("sara")
	searched := anna.get("/queue").submit("/queue", url.Values{"words": {"Wrona"}, "channel": {"epuap"}})
	if searched.says("Zapisz ten widok") == false {
		t.Fatal("a view with filters cannot be saved")
	}
	saved := searched.submit("/queue/views", url.Values{"name": {"Moje ePUAP"}})
	if !saved.says(polish.QueueWork.ViewSaved, "Moje ePUAP 2") || strings.Contains(saved.path, "search") {
		t.Errorf("saving leads to %s:\n%s", saved.path, saved.text())
	}
	anna.get("/queue?clock=late").submit("/queue/views", url.Values{"name": {"Po terminie"}, "for": {"KM"}})
	views := func(b *browser) []string {
		var names []string
		for _, nav := range b.get("/queue").all("nav") {
			if attr(nav, "class") == "views" {
				for n := range nav.Descendants() {
					if n.Data == "a" {
						names = append(names, strings.Fields(textOf(n))[0])
					}
				}
			}
		}
		return names
	}
	for name, want := range map[*browser][]string{anna: {"Moje", "Po"}, piotr: {"Po"}, sara: nil} {
		if got := views(name); !slices.Equal(got, want) {
			t.Errorf("%s sees %q, want %q", name.name, got, want)
		}
	}
	again := anna.get("/queue?channel=epuap").submit("/queue/views", url.Values{"name": {"Moje ePUAP"}})
	if !again.says(polish.QueueWork.ViewTwice) {
		t.Errorf("a second view of that name:\n%s", again.text())
	}
	for name, form := range map[string]url.Values{
		"no name": {"name": {" "}}, "a personal number": {"name": {"82051404583"}}, "a long name": {"name": {strings.Repeat("a", 41)}},
	} {
		if p := anna.get("/queue?channel=scan").submit("/queue/views", form); !p.says(polish.QueueWork.ViewName) {
			t.Errorf("%s was taken", name)
		}
	}
	if p := sara.post("/queue/views", url.Values{"filter": {"/queue?channel=scan"}, "name": {"x"}, "for": {"KM"}}); p.status != http.StatusBadRequest {
		t.Errorf("a view for another desk: status %d", p.status)
	}
	if p := piotr.post("/queue/views/2/drop", nil); p.status != http.StatusNotFound {
		t.Errorf("piotr drops anna's view: status %d", p.status)
	}
	if p := anna.get("/queue").submit("/queue/views/1/drop", nil); !p.says(polish.QueueWork.ViewDropped) || len(views(anna)) != 1 {
		t.Errorf("dropping it: %s, %q left", p.path, views(anna))
	}
}
