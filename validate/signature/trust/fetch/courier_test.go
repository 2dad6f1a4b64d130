package fetch_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"okienko/validate/signature"
	"okienko/validate/signature/signaturetest"
	"okienko/validate/signature/trust"
	"okienko/validate/signature/trust/fetch"
)

// TestErrandsLeadToAVerdict examines a letter, runs the errands its undecided verdict calls for, and examines it again, until
// there is nothing more to ask: what an authority published counts, whatever else stood there changes nothing.
func TestErrandsLeadToAVerdict(t *testing.T) {
	t.Parallel()
	intermediate := func(p *place, sub *signaturetest.Authority) []byte { return sub.Certificate.Raw }
	stranger, err := signaturetest.NewAuthority("TEST pośrednie")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		revoked bool
		issuer  func(p *place, sub *signaturetest.Authority) []byte // what stands where the missing certificate should be
		asked   string
		sub     string
	}{
		"a missing authority, then the lists of both": {false, intermediate, "issuer /sub.crt, crl /sub.crl, crl /root.crl", ""},
		"revoked":              {true, intermediate, "issuer /sub.crt, crl /sub.crl, crl /root.crl", trust.Revoked},
		"the authority in PEM": {false, func(_ *place, sub *signaturetest.Authority) []byte { return sub.PEM() }, "issuer /sub.crt, crl /sub.crl, crl /root.crl", ""},
		"the authority in a message with others": {false, func(p *place, sub *signaturetest.Authority) []byte {
			return signaturetest.CertificatesOnly(stranger.Certificate, sub.Certificate)
		}, "issuer /sub.crt, crl /sub.crl, crl /root.crl", ""},
		"another authority of that name": {false, func(*place, *signaturetest.Authority) []byte { return stranger.Certificate.Raw }, "issuer /sub.crt", trust.NoChain},
		"junk":                           {false, func(*place, *signaturetest.Authority) []byte { return []byte("<html>") }, "issuer /sub.crt", trust.NoChain},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPlace(t)
			sub, err := p.ca.Subordinate("TEST pośrednie", signaturetest.WithCRL(p.url+"/root.crl"))
			if err != nil {
				t.Fatal(err)
			}
			s := person(t, sub, signaturetest.WithIssuer(p.url+"/sub.crt"), signaturetest.WithCRL(p.url+"/sub.crl"))
			var revoked []*signaturetest.Signer
			if c.revoked {
				revoked = append(revoked, s)
			}
			for path, a := range map[string]*signaturetest.Authority{"/root.crl": p.ca, "/sub.crl": sub} {
				list, err := a.CRL(time.Now().Add(-time.Hour), revoked...)
				if err != nil {
					t.Fatal(err)
				}
				p.serve(path, list)
			}
			p.serve("/sub.crt", c.issuer(p, sub))
			asked, verdict := p.pursue(t, s)
			if strings.Join(asked, ", ") != c.asked || verdict != c.sub {
				t.Errorf("asked %q, then %q; want %q, %q", asked, verdict, c.asked, c.sub)
			}
		})
	}
}

// pursue examines a letter of s and runs errands until none is left; each address once.
func (p *place) pursue(t *testing.T, s *signaturetest.Signer) (asked []string, verdict string) {
	t.Helper()
	doc, err := signaturetest.XAdES{Time: time.Now().Add(-time.Hour)}.Sign([]byte("<pismo>Proszę</pismo>"), s)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "ca.pem"), p.ca.PEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	store, err := trust.Load(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	courier := fetch.NewCourier([]string{"127.0.0.1"}, time.Minute, true, nil)
	var answers []trust.Answer
	for {
		e := signature.Examine(signature.File{Name: "a.xml", Bytes: doc}, signature.Options{Trust: store.With(answers), Received: time.Now().Add(-time.Minute), Errands: true})
		news := false
		for _, errand := range e.Errands {
			path := string(errand.Kind) + " " + strings.TrimPrefix(errand.Address, p.url)
			if slices.Contains(asked, path) {
				continue
			}
			raw, err := courier.Run(t.Context(), errand)
			if err != nil {
				t.Fatal(err)
			}
			asked, answers, news = append(asked, path), append(answers, trust.Answer{Kind: errand.Kind, Raw: raw}), true
		}
		if !news {
			return asked, e.Signatures[0].SubIndication
		}
	}
}

func get(address string) trust.Errand { return trust.Errand{Kind: trust.CRL, Address: address} }

// TestTheCourierGoesNowhereElse: who signs a letter may write any address into it.
func TestTheCourierGoesNowhereElse(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	local := strings.Replace(p.url, "127.0.0.1", "localhost", 1)
	p.serve("/ca.crl", []byte("lista"))
	p.mux.Handle("/elsewhere", http.RedirectHandler(local+"/ca.crl", http.StatusFound))
	p.mux.Handle("/moved", http.RedirectHandler("/ca.crl", http.StatusFound))
	p.serve("/large", bytes.Repeat([]byte("x"), 65<<10))
	for _, c := range []struct {
		name    string
		hosts   []string
		private bool
		errand  trust.Errand
		want    string // of the error; "": the list comes
		asked   []string
	}{
		{"a host that is named", []string{"127.0.0.1"}, true, get(p.url + "/ca.crl"), "", []string{"/ca.crl"}},
		{"moved on the same host", []string{"127.0.0.1"}, true, get(p.url + "/moved"), "", []string{"/moved", "/ca.crl"}},
		{"a host that is not", []string{"crl.example.pl"}, true, get(p.url + "/ca.crl"), "not among the hosts", nil},
		{"nobody", nil, true, get(p.url + "/ca.crl"), "not among the hosts", nil},
		{"redirected to a host that is not", []string{"127.0.0.1"}, true, get(p.url + "/elsewhere"), "localhost is not among the hosts", []string{"/elsewhere"}},
		{"a host that is named, inside the own network", []string{"127.0.0.1"}, false, get(p.url + "/ca.crl"), "private network", nil},
		{"a name that leads inside", []string{"localhost"}, false, get(local + "/ca.crl"), "private network", nil},
		{"a host that only ends alike", []string{".example.pl"}, true, get("http://badexample.pl/"), "not among the hosts", nil},
		{"a user before another host", []string{"127.0.0.1"}, true, get(strings.Replace(local, "http://", "http://127.0.0.1@", 1)), "not among the hosts", nil},
		{"another scheme", []string{"127.0.0.1"}, true, get("gopher://127.0.0.1/"), "only http and https", nil},
		{"no address", []string{"127.0.0.1"}, true, get("http://%"), "fetching", nil},
		{"an issuer of a size no certificate has", []string{"127.0.0.1"}, true, trust.Errand{Kind: trust.Issuer, Address: p.url + "/large"}, "more than 65536 octets", []string{"/large"}},
		{"of a kind nobody knows", []string{"127.0.0.1"}, true, trust.Errand{Kind: "x", Address: p.url + "/ca.crl"}, "more than 0 octets", []string{"/ca.crl"}},
	} {
		p.asked = nil
		raw, err := fetch.NewCourier(c.hosts, time.Minute, c.private, nil).Run(t.Context(), c.errand)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) || err == nil && string(raw) != "lista" {
			t.Errorf("%s: %q, %v, want %q", c.name, raw, err, c.want)
		}
		if !slices.Equal(p.asked, c.asked) {
			t.Errorf("%s: asked %q, want %q", c.name, p.asked, c.asked)
		}
	}
}

// TestTheCourierSparesTheNetwork: an answer serves ten minutes, a host that does not answer is left alone for one; a page that is
// missing says nothing about the others of its host.
func TestTheCourierSparesTheNetwork(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.serve("/ca.crl", []byte("lista"))
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	c := fetch.NewCourier([]string{"127.0.0.1"}, time.Minute, true, func() time.Time { return now })
	silent := httptest.NewServer(http.NotFoundHandler())
	silent.Close()
	for i, s := range []struct {
		later  time.Duration
		errand trust.Errand
		want   string
		asked  int
	}{
		{0, get(p.url + "/missing"), "404", 1},
		{0, get(p.url + "/ca.crl"), "", 1},
		{9 * time.Minute, get(p.url + "/ca.crl"), "", 0},
		{0, trust.Errand{Kind: trust.OCSP, Address: p.url + "/ca.crl", Body: []byte("pytanie")}, "", 1}, // another question
		{2 * time.Minute, get(p.url + "/ca.crl"), "", 1},
		{0, get(silent.URL + "/a"), "refused", 0},
		{59 * time.Second, get(silent.URL + "/b"), "left alone until", 0},
		{2 * time.Second, get(silent.URL + "/b"), "refused", 0},
		{0, get(p.url + "/ca.crl"), "", 0},
	} {
		now = now.Add(s.later)
		p.asked = nil
		_, err := c.Run(t.Context(), s.errand)
		if (err == nil) != (s.want == "") || err != nil && !strings.Contains(err.Error(), s.want) || len(p.asked) != s.asked {
			t.Errorf("step %d: %v, want %q; asked %q", i, err, s.want, p.asked)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Run(ended, get(p.url+"/other")); err == nil {
		t.Error("an answer after the end")
	}
	if _, err := c.Run(t.Context(), get(p.url+"/missing")); err == nil || !strings.Contains(err.Error(), "404") {
		t.Errorf("a host is blamed for our own haste: %v", err)
	}
}

// TestTheCourierForgetsRatherThanGrows: however many addresses letters name.
func TestTheCourierForgetsRatherThanGrows(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.serve("/", bytes.Repeat([]byte("x"), 15<<20))
	c := fetch.NewCourier([]string{"127.0.0.1"}, time.Minute, true, nil)
	for i := range 5 { // 75 MB
		if _, err := c.Run(t.Context(), get(fmt.Sprint(p.url, "/", i))); err != nil {
			t.Fatal(err)
		}
	}
	p.asked = nil
	for _, i := range []int{4, 0} {
		if _, err := c.Run(t.Context(), get(fmt.Sprint(p.url, "/", i))); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(p.asked, []string{"/0"}) {
		t.Errorf("asked again %q, want only the first, which had to go", p.asked)
	}
}
