package desk

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"okienko/ingest"
	"okienko/schemas"
	"okienko/workflow"
)

// numbers returns the numbers of the cases on a page of the queue, in its order.
func (p answered) numbers() []string {
	var list []string
	for _, a := range p.all("a") {
		if attr(a, "class") == "number" {
			list = append(list, textOf(a))
		}
	}
	return list
}

// link returns the address of the link whose text begins like this; "" if there is none.
func (p answered) link(text string) string {
	for _, a := range p.all("a") {
		if strings.HasPrefix(oneLine(textOf(a)), text) {
			return attr(a, "href")
		}
	}
	return ""
}

// TestPagesOfTheQueue: who walks the pages sees every case once, also when cases come and go meanwhile.
func TestPagesOfTheQueue(t *testing.T) {
	t.Parallel()
	const cases = 2*pageRows + 20
	w := newWorld(t)
	for i := range cases {
		w.take(registrationNumber(fmt.Sprint(i)))
	}
	admin := w.as("admin")
	seen, pages := map[string]int{}, 0
	p := admin.get("/queue")
	for {
		pages++
		for _, number := range p.numbers() {
			seen[number]++
		}
		next := p.link(polish.Queue.NextPage)
		if next == "" {
			break
		}
		newcomer := registrationNumber("while reading page " + fmt.Sprint(pages))
		newcomer.ago = 60 * day // it sorts before everything
		w.take(newcomer)
		if first := admin.get(next).link(polish.Queue.FirstPage); first != "/queue" {
			t.Errorf("the way back from page %d is %q", pages+1, first)
		}
		if back := admin.get(admin.get(next).link(polish.QueueWork.PreviousPage)); pages > 1 && !slices.Equal(back.numbers(), p.numbers()) {
			t.Errorf("back from page %d: %v, want %v", pages+1, back.numbers(), p.numbers())
		}
		p = admin.get(next)
	}
	if pages != 3 || len(seen) != cases {
		t.Errorf("%d cases on %d pages, want %d on 3", len(seen), pages, cases)
	}
	for number, n := range seen {
		if n != 1 {
			t.Errorf("%s was shown %d times", number, n)
		}
	}
	if p := admin.get("/queue?after=bm9uc2Vuc2U"); p.status != http.StatusOK || len(p.numbers()) != pageRows {
		t.Errorf("an address somebody mangled: status %d, %d cases", p.status, len(p.numbers()))
	}
}

// TestSearchFindsPolishWordsHoweverTyped, and the words stay out of the address.
func TestSearchFindsPolishWordsHoweverTyped(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f := registrationNumber("")
	f.from.Name, f.subject = "Żaneta Łąkowska-Śliż", "Wniosek o rejestrację 100% ciągnika_rolniczego"
	c := w.take(f)
	w.take(registrationNumber("another"))
	admin := w.as("admin")
	for words, found := range map[string]bool{
		"Łąkowska": true, "lakowska": true, "LAKOWSKA": true, "łąkowska-śliż": true, "sliz": true, "zaneta lakowska": true, "lakowska zaneta": true,
		"rejestracje ciagnika": true, c.Number: true, strings.ToLower(c.Number): true, "  Śliż\t": true, "100%": true, "ciagnika_": true,
		"Wiśniewska": false, "lakowska wisniewska": false, "c%k": false, "q_r": false, "'; DROP TABLE cases; --": false, "rpw/99/2026": false,
	} {
		p := admin.get("/queue").submit("/queue", url.Values{"words": {words}})
		if got := slices.Contains(p.numbers(), c.Number); got != found || p.status != http.StatusOK {
			t.Errorf("%q: found %t, want %t (status %d)", words, got, found, p.status)
		}
		if p.field("words") != oneLine(words) {
			t.Errorf("%q: the field has %q", words, p.field("words"))
		}
		if decoded, err := url.QueryUnescape(p.path); err != nil || strings.Contains(strings.ToLower(decoded), strings.ToLower(oneLine(words))) {
			t.Errorf("%q stands in the address %s", words, p.path)
		}
	}
	mine := admin.get("/queue").submit("/queue", url.Values{"words": {"lakowska"}})
	if p := w.as("anna").get(mine.path); p.field("words") != "" || len(p.numbers()) != 2 {
		t.Errorf("another session knows the words behind %s: %q", mine.path, p.field("words"))
	}
}

// TestFiltersOfTheQueue narrow what is shown, stay on the page, and can be cleared.
func TestFiltersOfTheQueue(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cases := w.morning()
	w.dress(cases)
	admin := w.as("admin")
	for _, tt := range []struct {
		name   string
		filter url.Values
		fits   func(workflow.Case) bool
	}{
		{"everything to do", nil, func(c workflow.Case) bool {
			return c.Status == workflow.StatusOpen || c.Status == workflow.StatusQuarantined
		}},
		{"waiting for residents", url.Values{"tab": {"waiting"}}, func(c workflow.Case) bool { return c.Status == workflow.StatusWaiting }},
		{"closed", url.Values{"tab": {"closed"}}, func(c workflow.Case) bool { return c.Status == workflow.StatusClosed }},
		{"all", url.Values{"tab": {"all"}}, func(workflow.Case) bool { return true }},
		{"a desk", url.Values{"tab": {"all"}, "desk": {"KM"}}, func(c workflow.Case) bool { return c.Route.Desk == "KM" }},
		{"a channel", url.Values{"tab": {"all"}, "channel": {"scan"}}, func(c workflow.Case) bool { return c.Submission.Channel == ingest.Scan }},
		{"a service", url.Values{"tab": {"all"}, "service": {string(cases[0].Procedure)}}, func(c workflow.Case) bool { return c.Procedure == cases[0].Procedure }},
		{"nobody's", url.Values{"tab": {"all"}, "owner": {workflow.OwnerNobody}}, func(c workflow.Case) bool { return c.Owner == "" }},
		{"mine", url.Values{"tab": {"all"}, "owner": {ownerMe}}, func(c workflow.Case) bool { return c.Owner == "admin" }},
	} {
		p := admin.get("/queue").submit("/queue", tt.filter)
		var want []string
		for _, c := range cases {
			if c = w.get(c.ID); tt.fits(c) {
				want = append(want, c.Number)
			}
		}
		got := p.numbers()
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", tt.name, got, want)
		}
		for field, value := range tt.filter {
			if p.field(field) != value[0] {
				t.Errorf("%s: the page has %s %q", tt.name, field, p.field(field))
			}
		}
	}
}

// TestTabsCountWhatTheirPagesShow to each user.
func TestTabsCountWhatTheirPagesShow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.dress(w.morning())
	for _, name := range []string{"admin", "anna", "sara"} {
		b := w.as(name)
		for _, tab := range b.get("/queue").tabs() {
			if p := b.get(tab.path); len(p.numbers()) != tab.n {
				t.Errorf("%s: %s says %d and shows %d", name, tab.path, tab.n, len(p.numbers()))
			}
		}
	}
}

type tabLink struct {
	path string
	n    int
}

func (p answered) tabs() []tabLink {
	var list []tabLink
	for _, nav := range p.all("nav") {
		if attr(nav, "class") != "tabs" {
			continue
		}
		for n := range nav.Descendants() {
			if n.Type == html.ElementNode && n.Data == "a" {
				tab := tabLink{path: attr(n, "href")}
				words := strings.Fields(textOf(n))
				if _, err := fmt.Sscan(words[len(words)-1], &tab.n); err != nil {
					p.b.Fatal(err)
				}
				list = append(list, tab)
			}
		}
	}
	return list
}

// TestClaimingFromTheQueue comes back to the page it was done from.
func TestClaimingFromTheQueue(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.take(registrationLacking())
	p := w.as("anna").get("/queue?desk=KM").submit(casePath(c.ID)+"/claim", nil)
	if p.status != http.StatusOK || p.path != "/queue?desk=KM" || !p.says(polish.Case.Done, "Anna Nowak") || w.get(c.ID).Owner != "anna" {
		t.Errorf("status %d at %s\n%s", p.status, p.path, p.text())
	}
}

// TestSearchFindsWhatIsInTheLetters, shows the piece with the words, and no personal number whole.
func TestSearchFindsWhatIsInTheLetters(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.take(saleByPUAP())
	w.take(alcoholLacking())
	anna := w.as("anna")
	for words, want := range map[string]string{
		"Wieliczka":     "Wieliczka",    // the letter
		"sprzedającego": "Sprzedającym", // the attachment, in another form
		"w0l0ahl48650":  "W0L0AHL4865043218",
		"82051404583":   "", // found, and no row says it
	} {
		p := anna.get("/queue").submit("/queue", url.Values{"words": {words}})
		if !slices.Equal(p.numbers(), []string{c.Number}) {
			t.Errorf("%q finds %v, want %s", words, p.numbers(), c.Number)
		}
		marked := ""
		for _, n := range p.all("mark") {
			marked += textOf(n) + " "
		}
		if want != "" && !strings.Contains(marked, want) {
			t.Errorf("%q: marked %q, want %q", words, marked, want)
		}
		if table := p.byID("cases"); strings.Contains(table, "82051404583") || strings.Contains(p.path, "82051404583") {
			t.Errorf("%q: the personal number stands on %s:\n%s", words, p.path, table)
		}
	}
	if p := w.as("sara").get("/queue?tab=all").submit("/queue", url.Values{"words": {"Wieliczka"}}); len(p.numbers()) != 0 || p.tabs()[0].n != 0 {
		t.Errorf("somebody of another desk finds %v and counts %v", p.numbers(), p.tabs())
	}
}

// TestTheClockNarrowsTheQueue by the end of the term.
func TestTheClockNarrowsTheQueue(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	late, soon, far, none := w.take(registrationNumber("1")), w.take(registrationNumber("2")), w.take(registrationNumber("3")), w.take(registrationNumber("4"))
	for c, days := range map[workflow.CaseID]int{late.ID: -1, soon.ID: soonDays, far.ID: soonDays + 1} {
		w.alter(c, func(c *workflow.Case) { c.DueAt = schemas.DateOf(w.now()).AddDate(0, 0, days+1).Add(-time.Minute) })
	}
	w.alter(none.ID, func(c *workflow.Case) { c.DueAt = time.Time{} })
	anna := w.as("anna")
	for clock, want := range map[string][]string{clockLate: {late.Number}, clockSoon: {soon.Number}, clockNone: {none.Number}, "": {late.Number, soon.Number, far.Number, none.Number}} {
		p := anna.get("/queue").submit("/queue", url.Values{"clock": {clock}})
		if got := p.numbers(); !slices.Equal(got, want) || p.field("clock") != clock {
			t.Errorf("%q: %v, want %v", clock, got, want)
		}
	}
}
