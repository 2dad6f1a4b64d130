package api_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"okienko/ingest"
	"okienko/workflow"
	"okienko/workflow/api"
	"okienko/workflow/files"
	"okienko/workflow/store"
)

// office is an API over a real database and real evidence, with one open case of desk KM.
type office struct {
	t     *testing.T
	store *store.Store
	url   string
	c     workflow.Case
	body  string
}

func newOffice(t *testing.T) *office {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "okienko.db")
	if err := store.Migrate(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), path, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	evidence, err := files.Open(filepath.Join(dir, "evidence"))
	if err != nil {
		t.Fatal(err)
	}
	handler := api.New(api.Deps{Store: s, Records: s, Feed: s, Tokens: s, Auditor: s, Open: evidence.Open, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	o := &office{t: t, store: s, url: server.URL + api.Prefix, body: "Wnoszę o zaświadczenie."}
	o.register(evidence)
	return o
}

func (o *office) register(evidence *files.Evidence) {
	o.t.Helper()
	digest, n, err := evidence.Put(o.t.Context(), strings.NewReader(o.body))
	if err != nil {
		o.t.Fatal(err)
	}
	o.c = workflow.Case{Stage: workflow.StageDone, Status: workflow.StatusOpen, Route: workflow.Route{Desk: "KM"}, Subject: "Wniosek", Submission: ingest.Submission{
		Source: "poczta", Channel: ingest.Email, Item: "1", ReceivedAt: time.Now(),
		Originals: []ingest.Original{{Role: "body", Name: "list.eml", MediaType: "message/rfc822", Digest: digest, Size: n}}}}
	o.tx(func(ctx context.Context, tx workflow.Tx) error {
		if _, err := tx.Create(ctx, &o.c); err != nil {
			return err
		}
		if err := tx.Judged(ctx, o.c.ID, workflow.Judgement{At: time.Now(), Route: o.c.Route}); err != nil {
			return err
		}
		return tx.Append(ctx, workflow.Event{Case: o.c.ID, Kind: workflow.EventRegistered, Actor: workflow.Machine})
	})
}

func (o *office) tx(fn func(context.Context, workflow.Tx) error) {
	o.t.Helper()
	if err := o.store.Tx(o.t.Context(), func(tx workflow.Tx) error { return fn(o.t.Context(), tx) }); err != nil {
		o.t.Fatal(err)
	}
}

// token lets a system in and returns its secret.
func (o *office) token(name string, desks []string, scopes ...workflow.Scope) string {
	o.t.Helper()
	secret, hash := api.NewSecret()
	if err := o.store.SaveToken(o.t.Context(), workflow.Token{Name: name, Hash: hash, Scopes: scopes, Desks: desks, CreatedAt: time.Now()}); err != nil {
		o.t.Fatal(err)
	}
	return secret
}

// ask makes a request and wants a status.
func (o *office) ask(method, path, secret, body string, want int, headers ...string) (*http.Response, []byte) {
	o.t.Helper()
	req, err := http.NewRequestWithContext(o.t.Context(), method, o.url+path, strings.NewReader(body))
	if err != nil {
		o.t.Fatal(err)
	}
	if secret != "" {
		req.Header.Set("Authorization", "Bearer "+secret)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		o.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		o.t.Fatal(err)
	}
	if res.StatusCode != want {
		o.t.Errorf("%s %s: %s, want %d\n%s", method, path, res.Status, want, text)
	}
	return res, text
}

func (o *office) events() []workflow.Event {
	o.t.Helper()
	events, err := o.store.Events(o.t.Context(), o.c.ID)
	if err != nil {
		o.t.Fatal(err)
	}
	return events
}

func TestWhoGetsIn(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	all := o.token("ezd", nil, workflow.Scopes...)
	reader := o.token("bip", nil, workflow.ScopeRead)
	other := o.token("sa", []string{"SA"}, workflow.Scopes...)
	revoked := o.token("old", nil, workflow.Scopes...)
	tokens, err := o.store.AllTokens(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, token := range tokens {
		if token.Name == "old" {
			token.RevokedAt = time.Now()
			if err := o.store.SaveToken(t.Context(), token); err != nil {
				t.Fatal(err)
			}
		}
	}
	original := "/cases/1/originals/" + string(o.c.Submission.Originals[0].Digest)
	for _, tc := range []struct {
		name, secret, path string
		want               int
	}{
		{"nobody without a token", "", "/cases", 401},
		{"nobody with a token that was never given out", "okn_xxx", "/cases", 401},
		{"nobody with a revoked token", revoked, "/cases", 401},
		{"who has the scope", all, "/cases/1", 200},
		{"who has the scope, to the history", all, "/cases/1/events", 200},
		{"who has the scope, to the report", all, "/cases/1/report", 200},
		{"who has the scope for files", all, original, 200},
		{"who has the scope for files, to the package", all, "/cases/1/package", 200},
		{"nobody without the scope for files", reader, original, 403},
		{"nobody without the scope for files, as a package", reader, "/cases/1/package", 403},
		{"nobody of another desk", other, "/cases/1", 404},
		{"nobody of another desk, to the report", other, "/cases/1/report", 404},
		{"nobody of another desk, to the history", other, "/cases/1/events", 404},
		{"nobody of another desk, to the package", other, "/cases/1/package", 404},
		{"nobody of another desk, to files", other, original, 404},
		{"a case that does not exist", all, "/cases/99", 404},
		{"a number that is none", all, "/cases/x", 404},
		{"a file of another case", all, "/cases/1/originals/" + strings.Repeat("0", 64), 404},
	} {
		t.Run(tc.name, func(t *testing.T) {
			o.ask("GET", tc.path, tc.secret, "", tc.want)
		})
	}
	if _, list := o.ask("GET", "/cases", other, "", 200); strings.Contains(string(list), o.c.Number) {
		t.Errorf("a token of another desk sees the case in the list: %s", list)
	}
	if _, feed := o.ask("GET", "/events", other, "", 200); strings.Contains(string(feed), o.c.Number) {
		t.Errorf("a token of another desk sees the case in the feed: %s", feed)
	}
	viewed := 0
	for _, e := range o.events() {
		if e.Actor == "api:ezd" && (e.Kind == workflow.EventViewed || e.Kind == workflow.EventDownloaded) {
			viewed++
		}
	}
	if viewed != 5 {
		t.Errorf("%d readings are in the history, want 5", viewed)
	}
}

// TestAFloodOfUnknownTokensDoesNotFillTheAudit: that there was one is written down all the same.
func TestAFloodOfUnknownTokensDoesNotFillTheAudit(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for range 25 {
		o.ask("GET", "/cases", "okn_xxx", "", 401)
	}
	lines, err := o.store.AuditLog(t.Context(), workflow.AuditQuery{Actor: "api", Kind: workflow.EventRefused})
	if err != nil || len(lines) != 10 {
		t.Errorf("%d lines of 25 attempts, want 10 (%v)", len(lines), err)
	}
}

func TestASystemTakesACaseOver(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	secret := o.token("ezd", nil, workflow.Scopes...)
	reader := o.token("bip", nil, workflow.ScopeRead)
	other := o.token("sa", []string{"SA"}, workflow.Scopes...)
	res, _ := o.ask("GET", "/cases/1", secret, "", 200)
	version := res.Header.Get("ETag")
	const over = `{"kind":"take_over","text":"KM.5410.1.2026"}`
	o.ask("POST", "/cases/1/decisions", reader, over, 403, "If-Match", version)
	o.ask("POST", "/cases/1/decisions", other, over, 404, "If-Match", version)
	o.ask("POST", "/cases/1/decisions", secret, over, 428)
	o.ask("POST", "/cases/1/decisions", secret, over, 412, "If-Match", `"77"`)
	o.ask("POST", "/cases/1/decisions", secret, `{"kind":"delete","text":"x"}`, 400, "If-Match", version)
	o.ask("POST", "/cases/1/decisions", secret, `{"kind":"note","text":" "}`, 400, "If-Match", version)
	o.ask("POST", "/cases/1/decisions", secret, `{"kind":"note","text":"`+strings.Repeat("x", 70<<10)+`"}`, 413, "If-Match", version)
	o.ask("POST", "/cases/1/decisions", secret, `{"kind":"note","text":"przyjęto do EZD"}`, 200, "If-Match", version)
	res, body := o.ask("POST", "/cases/1/decisions", secret, over, 200, "If-Match", version)
	if !strings.Contains(string(body), `"status":"closed"`) || res.Header.Get("ETag") == version {
		t.Errorf("taken over: %s, version %s", body, res.Header.Get("ETag"))
	}
	o.ask("POST", "/cases/1/decisions", secret, over, 409, "If-Match", res.Header.Get("ETag"))
	var kinds []string
	for _, e := range o.events() {
		if e.Actor == "api:ezd" {
			kinds = append(kinds, string(e.Kind)+" "+e.Detail)
		}
	}
	want := "viewed ; note przyjęto do EZD; closed Przejęte przez inny system: KM.5410.1.2026"
	if got := strings.Join(kinds, "; "); got != want {
		t.Errorf("history %q, want %q", got, want)
	}
}

func TestAPackageHoldsWhatItsManifestSays(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	_, raw := o.ask("GET", "/cases/1/package", o.token("ezd", nil, workflow.ScopeFiles), "", 200)
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	content := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if content[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	var m struct {
		Case  struct{ Number string }
		Files []struct {
			Path, Role string
			SHA256     ingest.Digest
			Bytes      int64
		}
	}
	if err := json.Unmarshal(content["manifest.json"], &m); err != nil || z.File[0].Name != "manifest.json" {
		t.Fatalf("manifest: %v; the first file is %s", err, z.File[0].Name)
	}
	if m.Case.Number != o.c.Number || len(m.Files) != len(z.File)-1 || len(m.Files) != 3 {
		t.Errorf("manifest %+v for %d files", m, len(z.File))
	}
	for _, f := range m.Files {
		if data := content[f.Path]; ingest.DigestOf(data) != f.SHA256 || int64(len(data)) != f.Bytes {
			t.Errorf("%s is not what the manifest says", f.Path)
		}
	}
	if string(content["originals/00"]) != o.body {
		t.Errorf("the original reads %q", content["originals/00"])
	}
}

func TestPagesAndFeedGoOn(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	secret := o.token("ezd", nil, workflow.Scopes...)
	for _, path := range []string{"/cases?limit=0", "/cases?limit=201", "/cases?status=lost", "/events?after=x", "/events?limit=x"} {
		o.ask("GET", path, secret, "", 400)
	}
	var first, second struct {
		Events []struct{ Kind string }
		Next   string
	}
	_, body := o.ask("GET", "/events", secret, "", 200)
	if err := json.Unmarshal(body, &first); err != nil || len(first.Events) != 1 {
		t.Fatalf("feed %s, %v", body, err)
	}
	o.tx(func(ctx context.Context, tx workflow.Tx) error {
		return tx.Append(ctx, workflow.Event{Case: o.c.ID, Kind: workflow.EventNote})
	})
	_, body = o.ask("GET", "/events?after="+first.Next, secret, "", 200)
	if err := json.Unmarshal(body, &second); err != nil || len(second.Events) != 1 || second.Events[0].Kind != "note" {
		t.Errorf("feed goes on with %s, %v", body, err)
	}
	if _, body := o.ask("GET", "/events?after="+second.Next, secret, "", 200); !strings.Contains(string(body), second.Next) {
		t.Errorf("an empty answer forgets where it was: %s", body)
	}
}

// TestAnswersAreAsDescribed holds each JSON answer against openapi.yaml.
func TestAnswersAreAsDescribed(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	secret := o.token("ezd", nil, workflow.Scopes...)
	for _, path := range []string{"/cases", "/cases/{id}", "/cases/{id}/report", "/cases/{id}/events", "/events"} {
		_, body := o.ask("GET", strings.ReplaceAll(path, "{id}", "1"), secret, "", 200)
		api.Validate(t, "GET", path, body)
	}
	_, body := o.ask("POST", "/cases/1/decisions", secret, `{"kind":"note","text":"x"}`, 200, "If-Match", `"1"`)
	api.Validate(t, "POST", "/cases/{id}/decisions", body)
	if _, body := o.ask("GET", "/openapi.yaml", "", "", 200); !bytes.HasPrefix(body, []byte("openapi: 3.1.0")) {
		t.Errorf("the description begins %.40q", body)
	}
	o.ask("GET", "/nothing", "", "", 404)
}
