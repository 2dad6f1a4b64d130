package desk

import (
	"slices"
	"strings"
	"testing"
	"time"

	"okienko/ingest"
	"okienko/workflow"
)

// TestTheLedgerIsShown: what is still in hand does not balance, what disappeared at the source is told and not counted as seen.
func TestTheLedgerIsShown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.take(saleByPUAP())
	anna := w.as("anna")
	p := anna.get("/sources")
	if !p.says(polish.Sources.Balanced) || strings.Contains(p.text(), polish.Sources.GoneHint) {
		t.Errorf("one letter, registered:\n%s", p.text())
	}
	w.must(w.store.Saw(w.Context(), "poczta-druga", []string{"1:1", "1:2"}))
	w.must(w.store.Gone(w.Context(), "poczta-druga", []string{"1:1"}))
	p = anna.get("/sources")
	if !p.says(polish.Sources.Unbalanced, polish.Sources.GoneHint) {
		t.Errorf("one item in hand, one gone:\n%s", p.text())
	}
	found := false
	for _, row := range p.all("tr") {
		var cells []string
		for n := range row.ChildNodes() {
			cells = append(cells, textOf(n))
		}
		got := strings.Fields(strings.Join(cells, " "))
		if got[0] != "poczta-druga" {
			continue
		}
		if found = true; !slices.Equal(got[1:7], []string{"1", "0", "0", "0", "1", "1"}) {
			t.Errorf("the row says %q, want 1 seen, 1 in hand, 1 gone", got)
		}
	}
	if !found {
		t.Errorf("the source has no row:\n%s", p.text())
	}
}

// TestTheLedgerLeadsToWhatIsMissing: from the line under the queue to the items nobody settled.
func TestTheLedgerLeadsToWhatIsMissing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.take(saleByPUAP())
	anna := w.as("anna")
	if p := anna.get("/queue"); !p.says("Widziano 1 = zarejestrowano 1 + drugie kopie 0 + kwarantanna 0") || !strings.Contains(p.body, `id="pulse-ledger" class="ok"`) {
		t.Errorf("the line says:\n%s", p.text())
	}
	w.must(w.store.Saw(w.Context(), "poczta/druga", []string{"1:17", "82051404583.pdf"}))
	w.later(2 * time.Minute) // what is shown is kept for a moment
	p := anna.get("/queue")
	if !strings.Contains(p.body, `id="pulse-ledger" class="bad"`) || p.link("Widziano 3") != "/sources" {
		t.Errorf("two items in hand:\n%s", p.text())
	}
	p = anna.get(anna.get("/sources").link(polish.QueueWork.ToMissing))
	if !p.says("poczta/druga", "1:17", "********583.pdf") {
		t.Errorf("the page of the source says:\n%s", p.text())
	}
	if p := anna.get("/sources/nowhere"); p.status != 404 {
		t.Errorf("a source that is none: %d", p.status)
	}
}

// TestTheQueueTellsWhenSourcesWereLastInContact, whichever process runs them.
func TestTheQueueTellsWhenSourcesWereLastInContact(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.must(w.store.SaveContacts(w.Context(), []workflow.SourceContact{
		{Source: "skrytka", Channel: ingest.EPUAP, ContactAt: w.now().Add(-40500 * time.Millisecond)},
		{Source: "poczta-a", Channel: ingest.Email, ContactAt: w.now().Add(-5 * time.Minute)},
		{Source: "poczta-b", Channel: ingest.Email, Trouble: "refused"},
	}))
	p := w.as("anna").get("/queue")
	for _, want := range []string{polish.Channel[ingest.EPUAP] + " 4", "s temu", "poczta-a 5 min", "poczta-b " + polish.Sources.Never + ", " + polish.QueueWork.NoContact} {
		if !strings.Contains(p.byID("pulse-channels"), want) {
			t.Errorf("%q does not say %q", p.byID("pulse-channels"), want)
		}
	}
}
