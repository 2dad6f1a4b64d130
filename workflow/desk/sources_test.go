package desk

import (
	"strings"
	"testing"
)

// TestTheLedgerIsShown: what is still in hand does not balance, what disappeared at the source is told and not counted as seen.
func TestTheLedgerIsShown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.take(saleByPUAP())
	anna := w.as("anna")
	p := anna.get("/sources")
	if !p.says(polish.Sources.Balanced) || p.says(polish.Sources.GoneHint) {
		t.Errorf("one letter, registered:\n%s", p.text())
	}
	w.must(w.store.Saw(w.Context(), "poczta-druga", []string{"1:1", "1:2"}))
	w.must(w.store.Gone(w.Context(), "poczta-druga", []string{"1:1"}))
	p = anna.get("/sources")
	if !p.says(polish.Sources.Unbalanced, polish.Sources.GoneHint) {
		t.Errorf("one item in hand, one gone:\n%s", p.text())
	}
	for _, row := range p.all("tr") {
		if got := strings.Join(strings.Fields(textOf(row)), " "); strings.HasPrefix(got, "poczta-druga") && !strings.HasPrefix(got, "poczta-druga 1 0 0 0 1 1 ") {
			t.Errorf("the row says %q, want 1 seen, 1 in hand, 1 gone", got)
		}
	}
}
