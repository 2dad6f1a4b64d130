package edelivery_test

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"okienko/ingest/edelivery"
	"okienko/ingest/edelivery/edeliverytest"
)

// The platform wants a certificate for TLS (QWAC). Without a right one nothing is asked and nothing is sent, and it is said why.
func TestTheCertificateForTLS(t *testing.T) {
	t.Parallel()
	s, err := edeliverytest.StartTLS()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	s.AddResident(edeliverytest.Resident{Address: anna, Name: "Anna"})
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, s.CAPEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	expired := func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Hour) }
	for _, tt := range []struct {
		name  string
		cert  func() (*tls.Certificate, error)
		ca    string
		class edelivery.Class // "": it works
	}{
		{"the right one", func() (*tls.Certificate, error) { return s.ClientCertificate() }, ca, ""},
		{"none", func() (*tls.Certificate, error) { return nil, nil }, ca, edelivery.Insecure},
		{"one of another authority", edeliverytest.StrangerCertificate, ca, edelivery.Insecure},
		{"one that has ended", func() (*tls.Certificate, error) { return s.ClientCertificate(expired) }, ca, edelivery.Insecure},
		{"a server nobody vouches for", func() (*tls.Certificate, error) { return s.ClientCertificate() }, "", edelivery.Insecure},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cert, err := tt.cert()
			if err != nil {
				t.Fatal(err)
			}
			with := func(c *edelivery.Config) { c.ClientCert, c.CAFile = cert, tt.ca }
			source, err := edelivery.New(config(s, with), &office{}, nil)
			if err != nil {
				t.Fatal(err)
			}
			before := len(s.Sent())
			var e *edelivery.Error
			_, err = source.Client().Send(t.Context(), outgoing())
			if (err == nil) != (tt.class == "") || err != nil && (!errors.As(err, &e) || e.Kind != tt.class || e.MayHaveArrived) {
				t.Errorf("Send = %v (%+v), want %q without doubt", err, e, tt.class)
			}
			if n := len(s.Sent()) - before; (n == 1) != (tt.class == "") {
				t.Errorf("%d letters were sent", n)
			}
			if _, err := source.Check(t.Context()); (err == nil) != (tt.class == "") {
				t.Errorf("Check = %v", err)
			}
		})
	}
}

// A platform that wants the certificate at the mailbox only, and took our token, leaves no doubt either: the letter did not go.
func TestACertificateRefusedAtTheMailboxLeavesNoDoubt(t *testing.T) {
	t.Parallel()
	plain := start(t)
	secure, err := edeliverytest.StartTLS()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { secure.Close() })
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, secure.CAPEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	c := client(t, plain, func(c *edelivery.Config) {
		c.UAURL, c.CAFile = secure.Config("ade", edeliverytest.Address).UAURL, ca
	})
	var e *edelivery.Error
	if _, err := c.Send(t.Context(), outgoing()); !errors.As(err, &e) || e.Kind != edelivery.Insecure || e.MayHaveArrived {
		t.Errorf("Send = %v (%+v)", err, e)
	}
}
