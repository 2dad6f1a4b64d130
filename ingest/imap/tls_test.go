package imap_test

import (
	"crypto/tls"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"okienko/ingest/imap"
	"okienko/ingest/imap/imaptest"
	"okienko/internal/loopback"
)

func newCA(t testing.TB) *loopback.CA {
	t.Helper()
	ca, err := loopback.NewCA()
	if err != nil {
		t.Fatal(err)
	}
	return ca
}

func write(t testing.TB, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestTLS(t *testing.T) {
	t.Parallel()
	ca, other := newCA(t), newCA(t)
	good, err := ca.TLS("127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	elsewhere, err := ca.TLS("poczta.example.gov.pl")
	if err != nil {
		t.Fatal(err)
	}
	expired := expiredTLS(t, ca)
	for name, test := range map[string]struct {
		server imaptest.MemoryOptions
		mode   imap.TLS
		ca     *loopback.CA
		want   string // in the error; "" wants success
	}{
		"implicit":                             {imaptest.MemoryOptions{TLS: good, Implicit: true}, imap.Implicit, ca, ""},
		"starttls":                             {imaptest.MemoryOptions{TLS: good}, imap.StartTLS, ca, ""},
		"implicit, CA not known":               {imaptest.MemoryOptions{TLS: good, Implicit: true}, imap.Implicit, other, "certificate signed by unknown authority"},
		"starttls, CA not known":               {imaptest.MemoryOptions{TLS: good}, imap.StartTLS, other, "certificate signed by unknown authority"},
		"certificate of another host":          {imaptest.MemoryOptions{TLS: elsewhere, Implicit: true}, imap.Implicit, ca, "127.0.0.1"},
		"certificate that has ended":           {imaptest.MemoryOptions{TLS: expired, Implicit: true}, imap.Implicit, ca, "expired"},
		"starttls, but the server has none":    {imaptest.MemoryOptions{}, imap.StartTLS, ca, "does not offer STARTTLS"},
		"implicit, but the server has no TLS":  {imaptest.MemoryOptions{}, imap.Implicit, ca, "TLS handshake"},
		"no TLS, but the server wants it":      {imaptest.MemoryOptions{TLS: good}, imap.Plain, nil, "tls: implicit or starttls is needed"},
		"starttls, but the server is implicit": {imaptest.MemoryOptions{TLS: good, Implicit: true}, imap.StartTLS, ca, "did not answer in time"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, err := imaptest.StartMemory(test.server)
			if err != nil {
				t.Fatal(err)
			}
			defer server.Close()
			cfg := memoryConfig(server)
			cfg.TLS, cfg.ConnectTimeout = test.mode, time.Second
			if test.ca != nil {
				cfg.CAFile = write(t, "ca.pem", test.ca.PEM)
			}
			wantCheck(t, cfg, test.want)
		})
	}
}

// wantCheck checks a mailbox and compares the error, "" meaning none.
func wantCheck(t *testing.T, cfg imap.Config, want string) {
	t.Helper()
	source, err := imap.New(cfg, newLedger(), nil)
	if err != nil {
		t.Fatal(err)
	}
	report, err := source.Check(t.Context())
	switch {
	case want == "" && err != nil:
		t.Error(err)
	case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
		t.Errorf("got %v, want %q", err, want)
	case want == "" && (report.TLSVersion != "TLS 1.3" || report.CertNotAfter.IsZero()):
		t.Errorf("report: %+v", report)
	}
}

func expiredTLS(t *testing.T, ca *loopback.CA) *tls.Config {
	certPEM, keyPEM, err := ca.Issue(time.Now().Add(-time.Minute), "127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	pair, err := tls.X509KeyPair(certPEM, keyPEM)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{pair}}
}

// Whatever a man in the middle does before TLS begins, no password leaves this machine.
func TestStartTLSNeverFallsBack(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]struct{ greeting, starttls string }{
		"STARTTLS refused":                  {"* OK hello\r\n", "S1 NO not now\r\n"},
		"STARTTLS unknown":                  {"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hello\r\n", "S1 BAD what\r\n"},
		"signed in already":                 {"* PREAUTH welcome\r\n", "S1 OK go on\r\n"},
		"data smuggled in before TLS":       {"* OK hello\r\n", "S1 OK go on\r\n* CAPABILITY IMAP4rev1\r\n"},
		"OK and no TLS":                     {"* OK hello\r\n", "S1 OK go on\r\n\r\n\r\n"},
		"hangs up":                          {"* OK hello\r\n", ""},
		"a greeting without end":            {"* OK " + strings.Repeat("a", 1<<20) + "\r\n", "S1 OK go on\r\n"},
		"news without end":                  {"* OK hello\r\n", strings.Repeat("* OK still there\r\n", 1000)},
		"BYE":                               {"* BYE overloaded\r\n", ""},
		"not IMAP":                          {"220 smtp.example.org ESMTP\r\n", "S1 OK\r\n"},
		"another command's OK, then a NO":   {"* OK hello\r\n", "S2 OK go on\r\nS1 NO\r\n"},
		"an answer before it was asked for": {"* OK hello\r\nS1 OK go on\r\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ln, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer ln.Close()
			heard := make(chan string, 1)
			go func() {
				conn, err := ln.Accept()
				if err != nil {
					return
				}
				defer conn.Close()
				io.WriteString(conn, answer.greeting)
				line := make([]byte, len("S1 STARTTLS\r\n"))
				io.ReadFull(conn, line)
				io.WriteString(conn, answer.starttls)
				conn.(*net.TCPConn).CloseWrite()
				rest, _ := io.ReadAll(conn)
				heard <- string(rest)
			}()
			cfg := imap.Config{
				Name: "poczta", Host: "127.0.0.1", Port: ln.Addr().(*net.TCPAddr).Port, TLS: imap.StartTLS,
				Username: "kancelaria", Password: "tajne", ConnectTimeout: 2 * time.Second,
			}
			source, err := imap.New(cfg, newLedger(), nil)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := source.Check(t.Context()); err == nil {
				t.Error("signed in")
			}
			for _, secret := range []string{"tajne", "LOGIN", "AUTHENTICATE", "kancelaria"} {
				if text := <-heard; strings.Contains(text, secret) {
					t.Fatalf("the server heard %q", text)
				} else {
					heard <- text
				}
			}
		})
	}
}
