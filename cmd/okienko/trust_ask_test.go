package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"okienko/ingest"
	"okienko/ingest/sandbox"
	"okienko/validate"
	"okienko/validate/signature/signaturetest"
	"okienko/workflow/files"
)

// responder is an authority below a trusted one, and its web server: issuer, revocation list and OCSP.
type responder struct {
	root, ca *signaturetest.Authority
	signer   *signaturetest.Signer
	url      string
	mux      *http.ServeMux
}

// newResponder serves all of it truthfully; a path in wrong is served by that instead.
func newResponder(t *testing.T, revoked bool, wrong map[string]http.HandlerFunc) responder {
	t.Helper()
	r := responder{mux: http.NewServeMux()}
	srv := httptest.NewServer(r.mux)
	t.Cleanup(srv.Close)
	r.url = srv.URL
	var err error
	must := func(e error) {
		t.Helper()
		if e != nil {
			t.Fatal(e)
		}
	}
	r.root, err = signaturetest.NewAuthority("TEST główny urząd")
	must(err)
	r.ca, err = r.root.Subordinate("TEST urząd pośredni")
	must(err)
	r.signer, err = r.ca.Person("Anna", "Przykładowa", "0", signaturetest.WithIssuer(r.url+"/issuer"), signaturetest.WithCRL(r.url+"/crl"), signaturetest.WithOCSP(r.url+"/ocsp"))
	must(err)
	var gone []*signaturetest.Signer
	if revoked {
		gone = append(gone, r.signer)
	}
	list, err := r.ca.CRL(time.Now().Add(-time.Hour), gone...)
	must(err)
	by, err := r.ca.Responder()
	must(err)
	handlers := map[string]http.Handler{
		"/issuer": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(r.ca.Certificate.Raw) }),
		"/crl":    http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(list) }),
		"/ocsp":   r.ca.Responses(revoked, by, r.signer),
	}
	for path, h := range wrong {
		handlers[path] = h
	}
	for path, h := range handlers {
		r.mux.Handle(path, h)
	}
	return r
}

// TestServeAsksWhatTheJudgementLacked runs the whole step with real child processes: what is asked, what comes of it, and that
// neither silence nor junk keeps a letter or makes its signature valid.
func TestServeAsksWhatTheJudgementLacked(t *testing.T) {
	t.Parallel()
	missing := func(w http.ResponseWriter, r *http.Request) { http.NotFound(w, r) }
	junk := func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "<html>przerwa techniczna</html>")
	}
	silent := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	lost := func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
	cases := map[string]struct {
		ask     string // keys of trust_update
		revoked bool
		wrong   map[string]http.HandlerFunc
		sub     string
		asked   string // kinds; a kind that brought nothing with its problem
	}{
		"switched off":                     {"", false, nil, "NO_CERTIFICATE_CHAIN_FOUND", ""},
		"the issuer, then the list":        {"ask: {hosts: [127.0.0.1], timeout: 60s}", false, nil, "", "issuer, crl"},
		"revoked, by the list":             {"ask: {hosts: [127.0.0.1], timeout: 60s}", true, nil, "REVOKED", "issuer, crl"},
		"by OCSP alone":                    {"ask: {hosts: [127.0.0.1], timeout: 60s}, revocation: [ocsp]", false, nil, "", "issuer, ocsp"},
		"revoked, by OCSP first":           {"ask: {hosts: [127.0.0.1], timeout: 60s}, revocation: [ocsp, crl]", true, nil, "REVOKED", "issuer, ocsp"},
		"no list, then OCSP":               {"ask: {hosts: [127.0.0.1], timeout: 60s}", false, map[string]http.HandlerFunc{"/crl": missing}, "", "issuer, crl: 404, ocsp"},
		"junk for a list, then OCSP":       {"ask: {hosts: [127.0.0.1], timeout: 60s}", false, map[string]http.HandlerFunc{"/crl": junk}, "", "issuer, crl, ocsp"},
		"junk everywhere":                  {"ask: {hosts: [127.0.0.1], timeout: 60s}", false, map[string]http.HandlerFunc{"/crl": junk, "/ocsp": junk}, "TRY_LATER", "issuer, crl, ocsp"},
		"nobody answers":                   {"ask: {hosts: [127.0.0.1], timeout: 2s}", false, map[string]http.HandlerFunc{"/issuer": silent}, "NO_CERTIFICATE_CHAIN_FOUND", "issuer: Timeout"},
		"the responder breaks off":         {"ask: {hosts: [127.0.0.1], timeout: 60s}", false, map[string]http.HandlerFunc{"/crl": lost, "/ocsp": lost}, "TRY_LATER", "issuer, crl: EOF, ocsp: EOF"},
		"another host may be asked":        {"ask: {hosts: [crl.example.pl]}", false, nil, "NO_CERTIFICATE_CHAIN_FOUND", "issuer: not among the hosts"},
		"inside the own network":           {"ask: {hosts: [127.0.0.1], timeout: 60s}, private_networks: false", false, nil, "NO_CERTIFICATE_CHAIN_FOUND", "issuer: private network"},
		"issuers, but nothing of the rest": {"ask: {hosts: [127.0.0.1], timeout: 60s}, revocation: []", false, nil, "TRY_LATER", "issuer"},
	}
	responders, roots := map[string]responder{}, [][]byte{}
	for name, c := range cases {
		responders[name] = newResponder(t, c.revoked, c.wrong)
		roots = append(roots, responders[name].root.PEM())
	}
	dir, pool := trusting(t, roots...)
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := responders[name]
			examiner, evidence := askingOffice(t, dir, pool, c.ask)
			report := r.examinedBy(t, examiner)
			if !report.Intact || report.SubIndication != c.sub {
				t.Errorf("%s/%s, want %q", report.Indication, report.SubIndication, c.sub)
			}
			wantAsked(t, report.Checked.Asked, c.asked, evidence, r.url)
		})
	}
}

// trusting is a directory of trust data with these authorities, and a child process that has read it.
func trusting(t *testing.T, roots ...[]byte) (dir string, pool *sandbox.Pool) {
	t.Helper()
	dir = t.TempDir()
	for i, root := range roots {
		writeFile(t, filepath.Join(dir, fmt.Sprint(i, ".pem")), root)
	}
	pool, err := sandbox.NewPool(sandbox.Config{Command: []string{program(t), "sandbox", "--cache=" + userCache(), "--trust=" + dir}, Children: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pool.Close() })
	return dir, pool
}

// askingOffice is an examiner with these keys of trust_update, and where it keeps answers.
func askingOffice(t *testing.T, dir string, pool *sandbox.Pool, keys string) (client, *files.Evidence) {
	t.Helper()
	if !strings.Contains(keys, "private_networks") {
		keys = strings.TrimPrefix(keys+", private_networks: true", ", ")
	}
	file := filepath.Join(t.TempDir(), "okienko.yaml")
	writeFile(t, file, fmt.Appendf(nil, "trust: %s\ntrust_update: {%s}\n", dir, keys))
	cfg, err := loadConfig(file)
	if err != nil {
		t.Fatal(err)
	}
	evidence, err := files.Open(filepath.Join(t.TempDir(), "evidence"))
	if err != nil {
		t.Fatal(err)
	}
	examiner := newClient(pool)
	examiner.asker = (&app{cfg: cfg, log: slog.New(slog.NewTextHandler(io.Discard, nil))}).newAsker(pool, evidence)
	return examiner, evidence
}

// examinedBy examines a letter of the responder's signer.
func (r responder) examinedBy(t *testing.T, examiner client) validate.SignatureReport {
	t.Helper()
	doc, err := signaturetest.XAdES{Time: time.Now().Add(-time.Minute)}.Sign([]byte("<pismo>Proszę o zaświadczenie.</pismo>"), r.signer)
	if err != nil {
		t.Fatal(err)
	}
	sub := ingest.Submission{Channel: ingest.EPUAP, ReceivedAt: time.Now(), Originals: []ingest.Original{{Role: "body", Name: "pismo.xml", Digest: ingest.DigestOf(doc), Size: int64(len(doc))}}}
	contents, sigs, err := examiner.Examine(t.Context(), sub, func(context.Context, ingest.Digest) (io.ReadSeekCloser, error) {
		return memoryFile{bytes.NewReader(doc)}, nil
	})
	if err != nil || len(sigs) != 1 || len(contents.Readings) != 1 {
		t.Fatalf("%d signatures, %d documents, %v", len(sigs), len(contents.Readings), err)
	}
	return sigs[0]
}

// wantAsked holds the record against "kind" and "kind: problem", and every answer against the evidence.
func wantAsked(t *testing.T, have []validate.Inquiry, want string, evidence *files.Evidence, url string) {
	t.Helper()
	var wanted []string
	if want != "" {
		wanted = strings.Split(want, ", ")
	}
	if len(have) != len(wanted) {
		t.Fatalf("asked %+v, want %q", have, want)
	}
	for i, q := range have {
		kind, problem, _ := strings.Cut(wanted[i], ": ")
		if q.Kind != kind || !strings.HasPrefix(q.Address, url) || time.Since(q.At) > 10*time.Minute || (q.Problem == "") != (problem == "") || !strings.Contains(q.Problem, problem) {
			t.Errorf("asked %+v, want %q", q, wanted[i])
		}
		if q.Problem != "" {
			continue
		}
		f, err := evidence.Open(t.Context(), ingest.Digest(q.Digest))
		if err != nil {
			t.Errorf("the answer was not kept: %v", err)
			continue
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
}

// fullDisk keeps nothing.
type fullDisk struct{}

func (fullDisk) Put(context.Context, io.Reader) (ingest.Digest, int64, error) {
	return "", 0, errors.New("no space left on device")
}

// TestAnAnswerThatCannotBeKeptDoesNotCount: a verdict must be able to show what it rests on; the letter goes on all the same.
func TestAnAnswerThatCannotBeKeptDoesNotCount(t *testing.T) {
	t.Parallel()
	r := newResponder(t, false, nil)
	dir, pool := trusting(t, r.root.PEM())
	examiner, _ := askingOffice(t, dir, pool, "ask: {hosts: [127.0.0.1], timeout: 60s}")
	examiner.asker.evidence = fullDisk{}
	report := r.examinedBy(t, examiner)
	if report.SubIndication != "NO_CERTIFICATE_CHAIN_FOUND" || len(report.Checked.Asked) != 1 || !strings.Contains(report.Checked.Asked[0].Problem, "no space left") {
		t.Errorf("%s, asked %+v", report.SubIndication, report.Checked.Asked)
	}
}

func TestAskingKeysAreChecked(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"trust_update: {ask: {hosts: [crl.example.pl]}}":                                                         "trust: must name a directory",
		"trust: x\ntrust_update: {ask: {hosts: ['http://crl.example.pl']}}":                                      `trust_update.ask.hosts[0]: "http://crl.example.pl" is not allowed`,
		"trust: x\ntrust_update: {ask: {hosts: ['*.example.pl']}}":                                               `trust_update.ask.hosts[0]: "*.example.pl" is not allowed`,
		"trust: x\ntrust_update: {ask: {hosts: ['.']}}":                                                          `trust_update.ask.hosts[0]: "." is not allowed`,
		"trust: x\ntrust_update: {ask: {hosts: [crl.example.pl], timeout: 10ms}}":                                "trust_update.ask.timeout: 10ms is not allowed; allowed are 1s to 1m0s",
		"trust: x\nworkers: {timeout: 10s, rescue: 20s}\ntrust_update: {ask: {hosts: [a.pl], timeout: 8s}}":      "half of workers.timeout",
		"trust: x\ntrust_update: {ask: {hosts: [.example.pl, crl.example.org], timeout: 5s}, revocation: [crl]}": "",
	} {
		file := filepath.Join(t.TempDir(), "okienko.yaml")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := loadConfig(file)
		if got := fmt.Sprint(err); (err == nil) != (want == "") || !strings.Contains(got, want) && want != "" {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}
