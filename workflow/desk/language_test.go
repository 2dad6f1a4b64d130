package desk

import (
	"net/http"
	"net/url"
	"testing"

	"golang.org/x/net/html"
)

// lang is the language a page says it is in.
func (p answered) lang() string {
	for n := range p.root.Descendants() {
		if n.Type == html.ElementNode && n.Data == "html" {
			return attr(n, "lang")
		}
	}
	return ""
}

// TestTheLanguageIsSwitchedWhereOneIs: Polish until somebody chooses, then kept, on the page one was on, and back again.
func TestTheLanguageIsSwitchedWhereOneIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.take(saleByPUAP())
	b := w.browser()
	p := b.get("/signin")
	if p.lang() != "pl" || p.header.Get("Content-Language") != "pl" || !p.says(polish.SignIn.Button) {
		t.Errorf("the first page is in %q", p.lang())
	}
	p = p.submit("/language", nil)
	if p.path != "/signin" || p.lang() != "en" || p.header.Get("Content-Language") != "en" || !p.says(english.SignIn.Button) {
		t.Errorf("after switching: %s in %q", p.path, p.lang())
	}
	b.post("/signin", url.Values{"name": {"anna"}, "password": {password}})
	p = b.get(casePath(c.ID))
	if p.lang() != "en" || !p.says(english.Case.Completeness, english.Case.History) {
		t.Errorf("after signing in the case is in %q", p.lang())
	}
	if p = p.submit("/language", nil); p.path != casePath(c.ID) || p.lang() != "pl" || !p.says(polish.Case.Completeness) {
		t.Errorf("switched back: %s in %q", p.path, p.lang())
	}
	filtered := b.get("/queue?channel=epuap&desk=KM").submit("/language", nil)
	if filtered.path != "/queue?channel=epuap&desk=KM" || filtered.lang() != "en" {
		t.Errorf("switching on a filtered queue leads to %s in %q", filtered.path, filtered.lang())
	}
	if p := b.post("/language", url.Values{"lang": {"tlh"}, "back": {"https://evil.example/"}}); p.status != http.StatusOK || p.path != "/queue" || p.lang() != "pl" {
		t.Errorf("an unknown language and a foreign address: status %d at %s in %q", p.status, p.path, p.lang())
	}
}

// TestProblemsOfferAWayOn in the language of the reader: a page that was posted to is not come back to.
func TestProblemsOfferAWayOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	anna := w.as("anna")
	anna.post("/language", url.Values{"lang": {"en"}, "back": {"/"}})
	p := anna.get("/cases/4711")
	if p.status != http.StatusNotFound || !p.says(english.Problem.NotFound) || p.link(english.Problem.ToStart) != "/" {
		t.Errorf("status %d\n%s", p.status, p.text())
	}
	if p := anna.post("/cases/4711/claim", nil); p.status != http.StatusNotFound || p.field("back") != "/" {
		t.Errorf("status %d; switching the language would lead to %q", p.status, p.field("back"))
	}
}
