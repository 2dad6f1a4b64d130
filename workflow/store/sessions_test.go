package store_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"
)

func TestSessions(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		now := time.Date(2026, 11, 24, 11, 0, 0, 0, time.UTC)
		s := open(t, url, func() time.Time { return now }).Sessions()
		want := func(token, data string, there bool) {
			t.Helper()
			got, found, err := s.Find(token)
			if err != nil || found != there || string(got) != data {
				t.Errorf("found %q, %v, %v; want %q, %v", got, found, err, data, there)
			}
		}
		do := func(err error) {
			t.Helper()
			if err != nil {
				t.Error(err)
			}
		}
		want("a", "", false)
		do(s.Delete("a"))
		do(s.Commit("a", []byte("\x00one"), now.Add(time.Hour)))
		want("a", "\x00one", true)
		do(s.Commit("a", []byte("two"), now.Add(time.Minute)))
		want("a", "two", true)
		do(s.Commit("b", nil, now.Add(time.Hour)))
		want("b", "", true)
		if all, err := s.AllCtx(t.Context()); err != nil || len(all) != 2 || string(all["a"]) != "two" {
			t.Errorf("all: %v, %v", all, err)
		}
		now = now.Add(time.Minute) // the end is exclusive
		want("a", "", false)
		do(s.Clean(t.Context()))
		now = now.Add(-time.Minute)
		want("a", "", false)
		do(s.Delete("b"))
		want("b", "", false)
	})
}

func TestSessionsServeTheSessionManager(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		m := scs.New()
		m.Store, m.HashTokenInStore = open(t, url, nil).Sessions(), true
		handler := m.LoadAndSave(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/sign-in" {
				m.Put(r.Context(), "user", "ola")
			}
			w.Write([]byte(m.GetString(r.Context(), "user")))
		}))
		first := httptest.NewRecorder()
		handler.ServeHTTP(first, httptest.NewRequest(http.MethodGet, "/sign-in", nil))
		second, request := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil)
		for _, cookie := range first.Result().Cookies() {
			request.AddCookie(cookie)
		}
		handler.ServeHTTP(second, request)
		if got := second.Body.String(); got != "ola" {
			t.Errorf("the second page saw user %q", got)
		}
	})
}
