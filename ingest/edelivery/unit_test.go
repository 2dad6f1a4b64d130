package edelivery_test

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"okienko/ingest/edelivery"
	"okienko/ingest/edelivery/edeliverytest"
)

func TestAddresses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		address      string
		form, checks bool
	}{
		{"AE:PL-98765-43210-SFVYC-19", true, true}, // of the contract
		{"AE:PL-98765-43210-SFVYC-18", true, false},
		{"AE:PL-98765-43211-SFVYC-19", true, false},
		{edeliverytest.Address, true, true},
		{anna, true, true},
		{"AE:PL-55004-94640-IGCES-27", true, false}, // published so by an office
		{"AE:PL-98765-43210-SFVY1-19", true, false},
		{"AE:PL-9876-43210-SFVYC-19", false, false},
		{"ae:pl-98765-43210-sfvyc-19", false, false},
		{"AE:PL-98765-43210-SFVYC-19\n", false, false},
		{"", false, false},
	} {
		if form, checks := edelivery.IsAddress(tt.address), edelivery.Checks(tt.address); form != tt.form || checks != tt.checks {
			t.Errorf("%q: form %t, check digits %t; want %t, %t", tt.address, form, checks, tt.form, tt.checks)
		}
	}
	if got := edelivery.CleanAddress(" pl-98765-43210 -sfvyc-19\n"); got != "AE:PL-98765-43210-SFVYC-19" {
		t.Errorf("CleanAddress = %q", got)
	}
}

func TestConfigurationErrorsNameTheKey(t *testing.T) {
	t.Parallel()
	good := edelivery.Config{Name: "ade", Address: edeliverytest.Address, System: "OKIENKO", KeyFile: "k", CertFile: "c"}
	for _, tt := range []struct {
		name   string
		change func(*edelivery.Config)
		want   string
	}{
		{"a good one", func(*edelivery.Config) {}, ""},
		{"an address that is none", func(c *edelivery.Config) { c.Address = "urzad@example" }, "address"},
		{"no system", func(c *edelivery.Config) { c.System = "" }, "system"},
		{"a key without its certificate", func(c *edelivery.Config) { c.CertFile = "" }, "cert_file"},
		{"two kinds of key", func(c *edelivery.Config) { c.PKCS12File, c.PasswordFile = "x", "y" }, "pkcs12_file"},
		{"a client key without its certificate", func(c *edelivery.Config) { c.ClientKeyFile = "x" }, "client_cert_file"},
		{"plain http to another machine", func(c *edelivery.Config) { c.TokenURL = "http://ow.example/token" }, "token_url"},
		{"a password in an address", func(c *edelivery.Config) { c.UAURL = "https://a:b@ow.example/" }, "ua_url"},
		{"a transfer nobody knows", func(c *edelivery.Config) { c.Attachments = "ftp" }, "attachments"},
		{"a platform nobody knows", func(c *edelivery.Config) { c.Platform = "test" }, "platform"},
		{"pages the platform does not give", func(c *edelivery.Config) { c.Page = 2001 }, "page"},
		{"a webhook nobody listens for", func(c *edelivery.Config) { c.WebhookURL = "https://urzad.example/ade" }, "webhook_listen"},
	} {
		c := good
		tt.change(&c)
		err := c.Validate()
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
	full := good.WithDefaults()
	if full.Issuer != edeliverytest.Address+".SYSTEM.OKIENKO" || full.LoginHint != "ADE."+edeliverytest.Address || full.EvidenceURL != full.UAURL {
		t.Errorf("defaults %+v", full)
	}
}

func TestKeysFromFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, kind string, der []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	mine, err := edeliverytest.NewKey("TEST mój")
	if err != nil {
		t.Fatal(err)
	}
	other, err := edeliverytest.NewKey("TEST obcy")
	if err != nil {
		t.Fatal(err)
	}
	key := write("key.pem", "RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(mine.Signer.(*rsa.PrivateKey)))
	cert := write("cert.pem", "CERTIFICATE", mine.Certificate.Raw)
	foreign := write("other.pem", "CERTIFICATE", other.Certificate.Raw)
	for _, tt := range []struct{ name, key, cert, want string }{
		{"a pair", key, cert, ""},
		{"a key and a certificate that do not belong together", key, foreign, "key_file"},
		{"a file that is not there", filepath.Join(dir, "none"), cert, "none"},
	} {
		c := edelivery.Config{Name: "ade", Address: edeliverytest.Address, System: "S", KeyFile: tt.key, CertFile: tt.cert}
		_, err := edelivery.NewClient(c)
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
}

func ExampleChecks() {
	fmt.Println(edelivery.Checks("AE:PL-98765-43210-SFVYC-19"), edelivery.Checks("AE:PL-98765-43210-SFVYC-91"))
	// Output: true false
}
