package desk

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"okienko/internal/web"
	"okienko/workflow"
)

func TestSignInAndOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	if p := b.get("/sources"); p.path != "/signin?next=%2Fsources" {
		t.Fatalf("a stranger asking for a page ends at %s", p.path)
	}
	wrong := b.get("/signin?next=/sources").submit("/signin", url.Values{"name": {"anna"}, "password": {"nie to hasło"}})
	if wrong.status != http.StatusUnauthorized || !wrong.says(polish.SignIn.Wrong) || w.audit.last() != "anna sign_in_failed 127.0.0.1" {
		t.Errorf("a wrong password: status %d, audit %q", wrong.status, w.audit.last())
	}
	in := wrong.submit("/signin", url.Values{"name": {" Anna "}, "password": {password}})
	if in.path != "/sources" || w.audit.last() != "anna signed_in 127.0.0.1" {
		t.Errorf("signed in, but at %s; audit %q", in.path, w.audit.last())
	}
	if again := b.get("/signin"); again.path != "/queue" {
		t.Errorf("somebody who is signed in and asks for the form ends at %s", again.path)
	}
	out := in.submit("/signout", nil)
	if !strings.HasPrefix(out.path, "/signin") || w.audit.last() != "anna signed_out " {
		t.Errorf("signed out, but at %s; audit %q", out.path, w.audit.last())
	}
}

func TestWhoCannotSignInLooksAlike(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.hire("gone", "Genowefa Była", workflow.RoleClerk, "KM")
	u, err := w.store.User(t.Context(), "gone")
	w.must(err)
	u.Disabled = true
	w.must(w.store.SaveUser(t.Context(), u))
	var pages []string
	for _, tt := range []struct{ name, password, audit string }{
		{"anna", "nie to hasło", "anna sign_in_failed 127.0.0.1"},
		{"nikt", password, "- sign_in_failed 127.0.0.1"},
		{"gone", password, "gone sign_in_failed 127.0.0.1"},
		{"", "", "- sign_in_failed 127.0.0.1"},
	} {
		p := w.browser().get("/signin").submit("/signin", url.Values{"name": {tt.name}, "password": {tt.password}})
		if p.status != http.StatusUnauthorized || w.audit.last() != tt.audit {
			t.Errorf("%q: status %d, audit %q, want %q", tt.name, p.status, w.audit.last(), tt.audit)
		}
		pages = append(pages, p.text())
		if pages[0] != p.text() {
			t.Errorf("%q is answered otherwise than a wrong password", tt.name)
		}
	}
}

func TestRedirectsStayHere(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"/queue?tab=all": "/queue?tab=all", "": "/", "https://evil.example/": "/", "//evil.example": "/",
		`/\evil.example`: "/", "queue": "/", "/\n//evil": "/", "javascript:alert(1)": "/"} {
		if got := local(in); got != want {
			t.Errorf("local(%q) = %q, want %q", in, got, want)
		}
	}
}

// session returns the browser's session cookie; nil if it has none.
func (b *browser) session() *http.Cookie {
	base, err := url.Parse(b.server.URL)
	b.must(err)
	for _, c := range b.client.Jar.Cookies(base) {
		if c.Name == "okienko" {
			return c
		}
	}
	return nil
}

// with makes the browser carry a session token.
func (b *browser) with(c *http.Cookie) *browser {
	base, err := url.Parse(b.server.URL)
	b.must(err)
	b.client.Jar.SetCookies(base, []*http.Cookie{{Name: c.Name, Value: c.Value, Path: "/"}})
	return b
}

// let reports whether the browser is let in.
func (b *browser) let() bool {
	b.Helper()
	return b.get("/queue").path == "/queue"
}

func TestSessions(t *testing.T) {
	t.Parallel()
	t.Run("a token from before signing in is worth nothing", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		planted := &http.Cookie{Name: "okienko", Value: "planted-by-somebody-else-0123456789abcdef"}
		b := w.browser().with(planted)
		b.get("/signin").submit("/signin", url.Values{"name": {"anna"}, "password": {password}})
		if got := b.session(); got == nil || got.Value == planted.Value || len(got.Value) < 22 {
			t.Errorf("after signing in the token is %v: it must be new and have 128 bits", got)
		}
		if w.browser().with(planted).let() {
			t.Error("the planted token lets somebody in")
		}
	})
	t.Run("the token of who was signed in before does not become the next one's", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		b := w.as("sara")
		before := b.session()
		b.post("/signin", url.Values{"name": {"anna"}, "password": {password}})
		if after := b.session(); after == nil || after.Value == before.Value {
			t.Error("signing in kept the token")
		}
		if w.browser().with(before).let() {
			t.Error("the old token still lets somebody in")
		}
	})
	t.Run("a token is worth nothing after signing out", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		b := w.as("anna")
		stolen := b.session()
		if !w.browser().with(stolen).let() {
			t.Fatal("the token does not let in even before")
		}
		b.get("/queue").submit("/signout", nil)
		if w.browser().with(stolen).let() {
			t.Error("the token still lets somebody in")
		}
	})
	t.Run("the database does not hold tokens", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		token := w.as("anna").session().Value
		all, err := w.store.Sessions().AllCtx(t.Context())
		w.must(err)
		for key, data := range all {
			if key == token || strings.Contains(string(data), token) {
				t.Error("whoever reads the database can take the session over")
			}
		}
	})
	t.Run("a new password ends the other sessions of that user", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		home, office := w.as("anna"), w.as("anna")
		p := office.get("/password").submit("/password", url.Values{"old": {password}, "new": {"nowe hasło ze słów"}})
		if p.path != "/queue" || !office.let() {
			t.Errorf("the session that changed it ended at %s", p.path)
		}
		if home.let() {
			t.Error("the other session goes on")
		}
		if p := w.browser().get("/signin").submit("/signin", url.Values{"name": {"anna"}, "password": {"nowe hasło ze słów"}}); p.path != "/queue" {
			t.Errorf("the new password does not work: %s", p.path)
		}
	})
	t.Run("disabling a user ends the sessions", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		anna := w.as("anna")
		w.as("admin").get("/users/anna").submit("/users/anna/disable", nil)
		if anna.let() {
			t.Error("a disabled user goes on working")
		}
	})
	t.Run("a hash at another cost is renewed at the next sign-in", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		u, err := w.store.User(t.Context(), "anna")
		w.must(err)
		u.PasswordHash = cost{memory: 8, time: 1, threads: 1}.hash(password)
		w.must(w.store.SaveUser(t.Context(), u))
		if !w.as("anna").let() {
			t.Error("the session opened while renewing is not valid")
		}
		if u, err = w.store.User(t.Context(), "anna"); err != nil || !strings.Contains(u.PasswordHash, "m=64,") {
			t.Errorf("the hash is still %s (%v)", u.PasswordHash, err)
		}
	})
}

func TestCookies(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, base, cookie string
		secure             bool
	}{
		{"over TLS the cookie is bound to it", "https://okienko.example", "__Host-okienko", true},
		{"on loopback without TLS it cannot be", "", "okienko", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, func(d *Deps) { d.Config.BaseURL = tt.base })
			form := url.Values{"name": {"anna"}, "password": {password}}
			rec := httptest.NewRecorder()
			req := formRequest(t, form)
			req.URL.Path = "/signin"
			w.desk.handler().ServeHTTP(rec, req)
			cookies := rec.Result().Cookies()
			if len(cookies) != 1 {
				t.Fatalf("status %d with cookies %v", rec.Code, cookies)
			}
			c := cookies[0]
			if c.Name != tt.cookie || c.Secure != tt.secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.MaxAge != 0 {
				t.Errorf("cookie %s", c)
			}
		})
	}
}

// TestSessionsEnd runs in a bubble with its own clock: no network, the handler is called directly.
func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	newWorld(t) // what is made once for all tests must be made outside the bubbles
	for _, tt := range []struct {
		name  string
		every time.Duration // how often the clerk does something
		times int
		want  bool
	}{
		{"somebody who works stays", 20 * time.Minute, 20, true},
		{"half an hour without a request ends it", 31 * time.Minute, 1, false},
		{"ten hours end it in any case", 20 * time.Minute, 31, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				h := w.desk.handler()
				rec := httptest.NewRecorder()
				req := formRequest(t, url.Values{"name": {"anna"}, "password": {password}})
				req.URL.Path = "/signin"
				h.ServeHTTP(rec, req)
				cookie := rec.Result().Cookies()[0]
				let := false
				for range tt.times {
					time.Sleep(tt.every)
					rec := httptest.NewRecorder()
					req := httptest.NewRequest(http.MethodGet, "/queue", nil)
					req.AddCookie(cookie)
					h.ServeHTTP(rec, req)
					let = rec.Code == http.StatusOK
				}
				if let != tt.want {
					t.Errorf("after %d requests, one every %v: let in %t, want %t", tt.times, tt.every, let, tt.want)
				}
			})
		})
	}
}

func TestGuessingIsSlowedDown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	try := func(name, word string) answered {
		return b.get("/signin").submit("/signin", url.Values{"name": {name}, "password": {word}})
	}
	for range triesByName {
		if p := try("anna", "zgadywanie"); p.status != http.StatusUnauthorized {
			t.Fatalf("status %d within the limit", p.status)
		}
	}
	p := try("anna", password)
	if p.status != http.StatusTooManyRequests || p.header.Get("Retry-After") == "" {
		t.Errorf("over the limit even the right password: status %d, Retry-After %q; want 429", p.status, p.header.Get("Retry-After"))
	}
	if p := try("piotr", password); p.path != "/queue" {
		t.Errorf("somebody else is stopped too: %d at %s", p.status, p.path)
	}
	w.later(throttleWindow + time.Second)
	b = w.browser()
	if p := try("anna", password); p.path != "/queue" {
		t.Errorf("after the window: %d at %s", p.status, p.path)
	}
}

func TestOneAddressCannotTryEverybody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	for i := range triesByAddress {
		b.post("/signin", url.Values{"name": {"ktos" + itoa(int64(i))}, "password": {"x"}})
	}
	if p := b.post("/signin", url.Values{"name": {"anna"}, "password": {password}}); p.status != http.StatusTooManyRequests {
		t.Errorf("after %d names from one address: status %d, want 429", triesByAddress, p.status)
	}
	before := len(w.audit.lines)
	b.post("/signin", url.Values{"name": {"anna"}, "password": {password}})
	if len(w.audit.lines) != before {
		t.Error("every further attempt fills the audit")
	}
}

func TestTextOfALateFormIsNotLost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.take(registrationLacking())
	p := w.browser().post(casePath(c.ID)+"/call", url.Values{"body": {"Dzień dobry, długi list"}, "subject": {"Temat"}})
	if p.status != http.StatusUnauthorized || p.byID("kept") != "Dzień dobry, długi list" {
		t.Errorf("status %d, kept %q", p.status, p.byID("kept"))
	}
}

func TestAddressBehindAProxy(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.RemoteAddr = "10.0.0.1:4711"
	r.Header.Set("X-Forwarded-For", "6.6.6.6, 192.0.2.7")
	for _, tt := range []struct {
		proxied bool
		want    string
	}{{false, "10.0.0.1"}, {true, "192.0.2.7"}} {
		d := &desk{Deps: Deps{Config: Config{Listener: web.Listener{Proxied: tt.proxied}}}}
		if got := d.address(r); got != tt.want {
			t.Errorf("proxied %t: %s, want %s", tt.proxied, got, tt.want)
		}
	}
}
