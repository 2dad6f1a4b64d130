package desk

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"okienko/workflow"
)

// filled puts a case, a letter and a user into the address of a route.
func (w *world) filled(pattern string, c workflow.Case) (method, path string) {
	method, path, ok := strings.Cut(pattern, " ")
	if !ok {
		method, path = http.MethodGet, "/nothing"
	}
	return method, strings.NewReplacer("{$}", "", "{id}", itoa(int64(c.ID)), "{letter}", "1", "/procedures/{name}", "/procedures/odpis_aktu", "{name}", "piotr", "{urn}", "1", "{draft}", "1", "{version}", "0", "{table}", "arrivals.csv", "{file...}", "schemas/words.yaml", "{case}", itoa(int64(c.ID)), "{document}", "1", "{page}", "1", "{requirement}", "podpis", "{view}", "1", "{source}", c.Submission.Source,
		"{digest}", string(c.Submission.Body().Digest)).Replace(path)
}

// TestEveryRouteForEveryRole walks all routes there are: what each role may do is decided by the access of the route alone.
func TestEveryRouteForEveryRole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.take(saleByPUAP()) // on desk KM
	w.hire("everywhere", "Ewa Wszędzie", workflow.RoleClerk)
	w.hire("registry", "Renata Kancelaria", workflow.RoleClerk, workflow.DeskRegistry)
	u, err := w.store.User(t.Context(), "everywhere")
	w.must(err)
	u.Desks = nil
	w.must(w.store.SaveUser(t.Context(), u))
	w.emptied(1, 3, 3)
	w.drafted("admin", "Szkic")
	roles := []struct {
		name          string
		sees, manages bool
	}{{"", false, false}, {"admin", true, true}, {"anna", true, false}, {"everywhere", true, false}, {"sara", false, false}, {"registry", false, false}}
	w.serve()
	tried := 0
	for _, role := range roles {
		for _, r := range w.desk.routes() {
			b := w.browser()
			if role.name != "" {
				b = w.as(role.name) // anew: one of the routes signs out
			}
			b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
			method, path := w.filled(r.pattern, c)
			req, err := http.NewRequest(method, w.server.URL+path, nil)
			w.must(err)
			got := b.do(req)
			tried++
			if want, ok := expected(r, role.name, role.sees, role.manages, got); !ok {
				t.Errorf("%q asks for %s: status %d to %q, want %s", role.name, r.pattern, got.status, got.header.Get("Location"), want)
			}
		}
	}
	t.Logf("%d routes for %d roles: %d requests", len(w.desk.routes()), len(roles), tried)
}

// expected says how a route must answer a role. A route that lets somebody in may still answer that the form was empty.
func expected(r route, name string, sees, manages bool, got answered) (want string, ok bool) {
	toSignIn := got.status == http.StatusUnauthorized || strings.HasPrefix(got.header.Get("Location"), "/signin?next=")
	switch {
	case r.access == anyone:
		return "no refusal", got.status != http.StatusForbidden
	case name == "":
		return "sign in", toSignIn
	case r.access == adminOnly && !manages:
		return "403", got.status == http.StatusForbidden
	case r.access == caseOwn && !sees:
		return "404", got.status == http.StatusNotFound
	case strings.Contains(r.pattern, "/letters/"), strings.Contains(r.pattern, "/views/"):
		return "no refusal", !toSignIn && got.status != http.StatusForbidden // there is no letter and no view 1
	case strings.Contains(r.pattern, "/pieces/"):
		return "no refusal", !toSignIn && got.status != http.StatusForbidden // what came by ePUAP has no page
	}
	return "let in", !toSignIn && got.status != http.StatusForbidden && got.status != http.StatusNotFound && got.status < 500
}

func TestAnotherDesksCaseLooksLikeNone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.take(saleByPUAP())
	sara := w.as("sara")
	other, none := sara.get(casePath(c.ID)), sara.get("/cases/999999")
	if other.status != http.StatusNotFound || other.text() != none.text() {
		t.Errorf("status %d; the page says\n%s\nand of a case that does not exist\n%s", other.status, other.text(), none.text())
	}
	if want := "sara refused GET /cases/{id} " + itoa(int64(c.ID)); w.audit.last() != want {
		t.Errorf("the audit ends with %q, want %q", w.audit.last(), want)
	}
	if events, err := w.store.Events(t.Context(), c.ID); err != nil || len(events) != 2 {
		t.Errorf("the case has %d events (%v), want the two of its registration: a refusal is no reading", len(events), err)
	}
	if list := sara.get("/queue?tab=all&desk=KM"); strings.Contains(list.body, c.Number) {
		t.Error("the queue shows a case of another desk to somebody who asks for that desk")
	}
	if list := w.as("anna").get("/queue?tab=all&desk=KM"); !strings.Contains(list.body, c.Number) {
		t.Error("the queue hides a case from its own desk")
	}
}

func TestTheRegistrysCasesAreEverybodys(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.take(filings()[13]) // nobody knows what it is about
	if c.Route.Desk != workflow.DeskRegistry {
		t.Fatalf("the case is on desk %s", c.Route.Desk)
	}
	for _, name := range []string{"anna", "sara", "admin"} {
		if p := w.as(name).get(casePath(c.ID)); p.status != http.StatusOK {
			t.Errorf("%s gets %d", name, p.status)
		}
	}
}

// TestACaseThatMovedAwayCannotBeChanged is the race between looking and doing: the page was allowed, the action no longer is.
func TestACaseThatMovedAwayCannotBeChanged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.take(saleByPUAP())
	anna, err := w.store.User(t.Context(), "anna")
	w.must(err)
	v := &visit{Request: formRequest(t, url.Values{"version": {itoa(c.Version + 1)}}), user: anna, c: c, now: w.now()}
	w.must(w.store.Tx(t.Context(), func(tx workflow.Tx) error {
		moved, err := tx.Lock(t.Context(), c.ID)
		if err != nil {
			return err
		}
		moved.Route.Desk = "PD"
		return tx.Update(t.Context(), &moved)
	}))
	if err := w.desk.change(v, claim); !errors.Is(err, errOtherDesk) {
		t.Errorf("change = %v, want %v", err, errOtherDesk)
	}
	if got := w.get(c.ID); got.Owner != "" {
		t.Errorf("it was claimed by %s", got.Owner)
	}
}

func formRequest(t *testing.T, values url.Values) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r.WithContext(context.WithoutCancel(t.Context()))
}

// TestNothingHappensUnaudited: who cannot be written down may not.
func TestNothingHappensUnaudited(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin := w.as("admin")
	w.audit.down = errors.New("the audit is down")
	if p := w.browser().post("/signin", url.Values{"name": {"anna"}, "password": {password}}); p.status != http.StatusInternalServerError {
		t.Errorf("somebody signed in unaudited: %d", p.status)
	}
	if p := admin.get("/users/anna").submit("/users/anna/disable", nil); p.status != http.StatusInternalServerError {
		t.Errorf("a user was disabled unaudited: %d", p.status)
	}
	if u, err := w.store.User(t.Context(), "anna"); err != nil || u.Disabled {
		t.Errorf("anna is disabled (%v)", err)
	}
}

func TestForeignOriginsAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.take(saleByPUAP())
	anna := w.as("anna")
	form := url.Values{"version": {itoa(c.Version)}}
	for _, tt := range []struct {
		name, header, value string
		refused             bool
	}{
		{"a page of another site", "Sec-Fetch-Site", "cross-site", true},
		{"a page of a sister site", "Sec-Fetch-Site", "same-site", true},
		{"an old browser on a page of another site", "Origin", "https://evil.example", true},
		{"a sandboxed page", "Origin", "null", true},
		{"a page of ours", "Sec-Fetch-Site", "same-origin", false},
	} {
		req, err := http.NewRequest(http.MethodPost, w.server.URL+casePath(c.ID)+"/claim", strings.NewReader(form.Encode()))
		w.must(err)
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set(tt.header, tt.value)
		p := anna.do(req)
		if refused := p.status == http.StatusForbidden; refused != tt.refused {
			t.Errorf("%s: status %d", tt.name, p.status)
		}
		if tt.refused && w.get(c.ID).Owner != "" {
			t.Fatalf("%s: the case was claimed", tt.name)
		}
		if tt.refused && w.audit.last() != "anna refused cross-origin POST" {
			t.Errorf("%s: the audit ends with %q", tt.name, w.audit.last())
		}
	}
	if got := w.get(c.ID).Owner; got != "anna" {
		t.Errorf("owner %q after the request of our own page", got)
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(d *Deps) { d.Config.BaseURL = "https://okienko.example" })
	for _, path := range []string{"/signin", "/queue", "/nothing", "/static/" + w.desk.assets.version + "/desk.css"} {
		got := w.browser().get(path)
		for header, want := range map[string]string{
			"Content-Security-Policy": pagePolicy, "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
			"Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
			"Strict-Transport-Security": "max-age=31536000",
		} {
			if got.header.Get(header) != want {
				t.Errorf("%s: %s is %q, want %q", path, header, got.header.Get(header), want)
			}
		}
	}
	if strings.Contains(pagePolicy, "unsafe") || !strings.Contains(pagePolicy, "frame-ancestors 'none'") {
		t.Error("the policy of pages is too wide")
	}
	if cache := w.browser().get("/signin").header.Get("Cache-Control"); cache != "no-store" {
		t.Errorf("pages may be cached: %s", cache)
	}
}
