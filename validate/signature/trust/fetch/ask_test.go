package fetch_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"okienko/validate"
	"okienko/validate/signature"
	"okienko/validate/signature/signaturetest"
	"okienko/validate/signature/trust"
	"okienko/validate/signature/trust/fetch"
)

// place is an authority with its web server: revocation lists and an OCSP responder.
type place struct {
	ca    *signaturetest.Authority
	url   string
	mux   *http.ServeMux
	mu    sync.Mutex
	asked []string
}

func newPlace(t *testing.T) *place {
	t.Helper()
	ca, err := signaturetest.NewAuthority("TEST")
	if err != nil {
		t.Fatal(err)
	}
	p := &place{ca: ca, mux: http.NewServeMux()}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		p.asked = append(p.asked, r.URL.Path)
		p.mu.Unlock()
		p.mux.ServeHTTP(w, r)
	}))
	t.Cleanup(srv.Close)
	p.url = srv.URL
	return p
}

func (p *place) serve(path string, body []byte) {
	p.mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(body) })
}

// letter is signed by s, whose authority is trusted in dir.
func (p *place) letter(t *testing.T, s *signaturetest.Signer) (dir string, examine func() validate.SignatureReport, questions func() []trust.Question) {
	t.Helper()
	doc, err := signaturetest.XAdES{Time: time.Now().Add(-time.Hour)}.Sign([]byte("<pismo>Proszę</pismo>"), s)
	if err != nil {
		t.Fatal(err)
	}
	dir = t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "ca.pem"), p.ca.PEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	options := func() signature.Options {
		store, err := trust.Load(os.DirFS(dir))
		if err != nil {
			t.Fatal(err)
		}
		return signature.Options{Trust: store, Received: time.Now().Add(-time.Minute)}
	}
	f := signature.File{Name: "pismo.xml", Bytes: doc}
	return dir, func() validate.SignatureReport { return signature.Examine(f, options()).Signatures[0] },
		func() []trust.Question { return signature.Questions(f, options()) }
}

func person(t *testing.T, ca *signaturetest.Authority, changes ...signaturetest.Change) *signaturetest.Signer {
	t.Helper()
	s, err := ca.Person("Anna", "Przykładowa", "0", changes...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestCertificatesAreAskedAboutWhereTheySay: by list and by OCSP, good and revoked; nothing is asked that is switched off.
func TestCertificatesAreAskedAboutWhereTheySay(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		revoked bool
		kinds   []trust.Kind
		sub     string
		asked   []string
		known   int
	}{
		"by list":                  {false, []trust.Kind{trust.CRL}, "", []string{"/ca.crl"}, 1},
		"by list, revoked":         {true, []trust.Kind{trust.CRL}, trust.Revoked, []string{"/ca.crl"}, 1},
		"by OCSP":                  {false, []trust.Kind{trust.OCSP}, "", []string{"/ocsp"}, 0},
		"by OCSP, revoked":         {true, []trust.Kind{trust.OCSP}, trust.Revoked, []string{"/ocsp"}, 0},
		"both":                     {false, []trust.Kind{trust.CRL, trust.OCSP}, "", []string{"/ca.crl", "/ocsp"}, 1},
		"neither: nobody is asked": {false, nil, trust.TryLater, nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPlace(t)
			s := person(t, p.ca, signaturetest.WithCRL(p.url+"/ca.crl"), signaturetest.WithOCSP(p.url+"/ocsp"))
			responder, err := p.ca.Responder()
			if err != nil {
				t.Fatal(err)
			}
			var revoked []*signaturetest.Signer
			if c.revoked {
				revoked = append(revoked, s)
			}
			crl, err := p.ca.CRL(time.Now().Add(-time.Hour), revoked...)
			if err != nil {
				t.Fatal(err)
			}
			p.serve("/ca.crl", crl)
			p.mux.Handle("/ocsp", p.ca.Responses(c.revoked, responder, s))
			dir, examine, questions := p.letter(t, s)
			if r := examine(); r.SubIndication != trust.TryLater || p.asked != nil {
				t.Fatalf("before: %s, asked %q", r.SubIndication, p.asked)
			}
			if err := fetch.Ask(t.Context(), fetch.NewClient(time.Minute, true), dir, questions(), c.kinds); err != nil {
				t.Fatal(err)
			}
			if sub := examine().SubIndication; sub != c.sub {
				t.Errorf("%q, want %q", sub, c.sub)
			}
			if !slices.Equal(p.asked, c.asked) {
				t.Errorf("asked %q, want %q", p.asked, c.asked)
			}
			if learned, err := fetch.Remembered(dir); err != nil || len(learned) != c.known {
				t.Errorf("remembered %q, %v", learned, err)
			}
		})
	}
}

// TestNobodyElseIsAsked: the addresses in a certificate that leads to nothing trusted could be any address at all.
func TestNobodyElseIsAsked(t *testing.T) {
	t.Parallel()
	p, stranger := newPlace(t), newPlace(t)
	s := person(t, stranger.ca, signaturetest.WithCRL(p.url+"/inside"), signaturetest.WithOCSP(p.url+"/inside"))
	_, examine, questions := p.letter(t, s)
	if r := examine(); r.SubIndication != trust.NoChain {
		t.Fatalf("%s", r.SubIndication)
	}
	if qs := questions(); len(qs) != 0 {
		t.Errorf("would ask %+v", qs)
	}
}

// TestOnlyWhatTheAuthoritySignedIsStored: whatever stands at the address, trust data is not harmed by it.
func TestOnlyWhatTheAuthoritySignedIsStored(t *testing.T) {
	t.Parallel()
	p, other := newPlace(t), newPlace(t)
	foreign, err := other.ca.CRL(time.Now().Add(-time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	s := person(t, p.ca)
	neighbour := person(t, p.ca)
	forged, err := p.ca.Answer(time.Now().Add(-time.Hour), s, false, neighbour)
	if err != nil {
		t.Fatal(err)
	}
	p.serve("/foreign.crl", foreign)
	p.serve("/page", []byte("<html></html>"))
	p.serve("/huge", bytes.Repeat([]byte("x"), 2<<20))
	p.serve("/forged", forged)
	p.mux.Handle("/file", http.RedirectHandler("file:///etc/hostname", http.StatusFound))
	p.mux.Handle("/gopher", http.RedirectHandler("gopher://127.0.0.1/x", http.StatusFound))
	p.mux.Handle("/loop", http.RedirectHandler("/loop", http.StatusFound))
	p.mux.HandleFunc("/slow", func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // only then the server notices that the client has left
		<-r.Context().Done()
	})
	for _, c := range []struct {
		change signaturetest.Change
		want   string
	}{
		{signaturetest.WithCRL(p.url + "/foreign.crl"), "no revocation list of"},
		{signaturetest.WithCRL(p.url + "/page"), "not a trusted list"},
		{signaturetest.WithCRL(p.url + "/missing"), "404"},
		{signaturetest.WithCRL(p.url + "/file"), "only http and https"},
		{signaturetest.WithCRL(p.url + "/gopher"), "only http and https"},
		{signaturetest.WithCRL(p.url + "/loop"), "too many redirects"},
		{signaturetest.WithCRL(p.url + "/slow"), "Timeout exceeded"},
		{signaturetest.WithOCSP(p.url + "/huge"), "more than 1048576 octets"},
		{signaturetest.WithOCSP(p.url + "/page"), "says nothing its authority signed"},
		{signaturetest.WithOCSP(p.url + "/forged"), "says nothing its authority signed"},
		{signaturetest.WithOCSP(p.url + "/slow"), "Timeout exceeded"},
	} {
		dir, examine, questions := p.letter(t, person(t, p.ca, c.change))
		qs := questions()
		if len(qs) != 1 {
			t.Fatalf("%s: %d questions", c.want, len(qs))
		}
		err := fetch.Ask(t.Context(), fetch.NewClient(500*time.Millisecond, true), dir, qs, []trust.Kind{trust.CRL, trust.OCSP})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %q", err, c.want)
		}
		if r := examine(); r.SubIndication != trust.TryLater {
			t.Errorf("%s: afterwards %s/%s", c.want, r.Indication, r.SubIndication)
		}
		if learned, err := fetch.Remembered(dir); err != nil || len(learned) != 0 {
			t.Errorf("%s: remembered %q, %v", c.want, learned, err)
		}
	}
}

// TestAddressesInsideAreNotReached: a name in a certificate, or a redirect, does not lead into the office's network.
func TestAddressesInsideAreNotReached(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	dir, _, questions := p.letter(t, person(t, p.ca, signaturetest.WithCRL(p.url+"/ca.crl")))
	err := fetch.Ask(t.Context(), fetch.NewClient(time.Minute, false), dir, questions(), []trust.Kind{trust.CRL})
	if err == nil || !strings.Contains(err.Error(), "private network") || p.asked != nil {
		t.Errorf("%v, asked %q", err, p.asked)
	}
	for _, address := range []string{"http://10.1.2.3:1/", "http://192.168.0.1:1/", "http://169.254.169.254/latest", "http://[::1]:1/", "http://[fe80::1]:1/", "http://[fd00::1]:1/", "http://100.64.0.1:1/", "http://0.0.0.0:1/", "http://[::ffff:127.0.0.1]:1/", "http://localhost:1/"} {
		if _, err := fetch.Get(t.Context(), fetch.NewClient(time.Second, false), address); err == nil || !strings.Contains(err.Error(), "private network") {
			t.Errorf("%s: %v", address, err)
		}
	}
}
