package desk

import (
	"net/http"
	"strings"
	"testing"

	"okienko/ingest"
)

// TestTheNumbersAreThoseOfTheCases on a morning, and every chart has a table and a file.
func TestTheNumbersAreThoseOfTheCases(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.dress(w.morning())
	admin := w.as("admin")
	p := admin.get("/numbers")
	if p.status != http.StatusOK || strings.Count(p.body, `role="img"`) < 5 || strings.Count(p.body, "<desc ") < 5 {
		t.Errorf("status %d, %d drawings", p.status, strings.Count(p.body, `role="img"`))
	}
	sums := map[string]int{}
	head, lines, _ := strings.Cut(strings.TrimSpace(admin.get("/numbers/arrivals.csv").body), "\n")
	for _, channel := range ingest.Channels() {
		if !strings.Contains(head, polish.Channel[channel]) {
			t.Errorf("the table of arrivals has no column for %s: %s", channel, head)
		}
	}
	for _, line := range strings.Split(lines, "\n") {
		for i, cell := range strings.Split(strings.TrimSpace(line), ";")[1:] {
			n := 0
			for _, c := range cell {
				n = 10*n + int(c-'0')
			}
			sums[string(ingest.Channels()[i])] += n
		}
	}
	want := map[string]int{}
	for _, f := range filings() {
		want[string(f.channel)]++
	}
	for channel, n := range want {
		if sums[channel] != n {
			t.Errorf("%s: %d arrived, want %d", channel, sums[channel], n)
		}
	}
	for _, name := range chartNames {
		p := admin.get("/numbers/" + name + ".csv?from=2020-01-01")
		if p.status != http.StatusOK || !strings.HasPrefix(p.header.Get("Content-Type"), "text/csv") || strings.Count(p.body, "\n") < 2 {
			t.Errorf("%s: status %d\n%s", name, p.status, p.body)
		}
	}
	if p := admin.get("/numbers/users.csv"); p.status != http.StatusNotFound {
		t.Errorf("a table that is none: status %d", p.status)
	}
	if days := strings.Count(admin.get("/numbers/arrivals.csv?from=2000-01-01&to=2026-11-24").body, "\n") - 1; days != 92 {
		t.Errorf("a period of 27 years is counted over %d days, want 92", days)
	}
}
