package web

import (
	"strings"
	"testing"
)

func TestAListenerNamesTheKeyAndWhatIsAllowed(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		l     Listener
		wrong string // how the error begins; "" if it is allowed
	}{
		{"loopback without TLS", Listener{Listen: "127.0.0.1:8080"}, ""},
		{"TLS of its own", Listener{Listen: "0.0.0.0:443", TLSCert: "c", TLSKey: "k"}, ""},
		{"behind a proxy", Listener{Listen: "0.0.0.0:8080", BaseURL: "https://okienko.example", Proxied: true}, ""},
		{"a slash after the host", Listener{Listen: "127.0.0.1:8080", BaseURL: "http://okienko.example/"}, ""},
		{"nothing", Listener{}, `desk.listen ""`},
		{"no port", Listener{Listen: "okienko"}, `desk.listen "okienko"`},
		{"open to all without TLS", Listener{Listen: "0.0.0.0:8080"}, "desk.listen"},
		{"open to all behind http", Listener{Listen: "0.0.0.0:8080", BaseURL: "http://okienko.example"}, "desk.listen"},
		{"a certificate without key", Listener{Listen: "127.0.0.1:1", TLSCert: "c"}, "desk.tls_cert and desk.tls_key"},
		{"a key without certificate", Listener{Listen: "127.0.0.1:1", TLSKey: "k"}, "desk.tls_cert and desk.tls_key"},
		{"a path", Listener{Listen: "127.0.0.1:1", BaseURL: "https://um.example/x"}, "desk.base_url"},
		{"no host", Listener{Listen: "127.0.0.1:1", BaseURL: "https://"}, "desk.base_url"},
		{"another scheme", Listener{Listen: "127.0.0.1:1", BaseURL: "ftp://um.example"}, "desk.base_url"},
		{"a certificate behind http", Listener{Listen: "127.0.0.1:1", BaseURL: "http://um.example", TLSCert: "c", TLSKey: "k"}, "desk.base_url"},
	} {
		err := tt.l.Validate("desk")
		if (err != nil) != (tt.wrong != "") || err != nil && !strings.HasPrefix(err.Error(), tt.wrong) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.wrong)
		}
	}
}

func TestHowAListenerIsReached(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		l      Listener
		at     string
		secure bool
	}{
		{Listener{}, "", false},
		{Listener{BaseURL: "https://um.example"}, "", true},
		{Listener{Listen: "127.0.0.1:1"}, "http://127.0.0.1:1", false},
		{Listener{Listen: "127.0.0.1:1", TLSCert: "c", TLSKey: "k"}, "https://127.0.0.1:1", true},
		{Listener{Listen: "127.0.0.1:1", BaseURL: "https://um.example"}, "https://um.example", true},
		{Listener{Listen: "127.0.0.1:1", BaseURL: "http://um.example"}, "http://um.example", false},
	} {
		if at, secure := tt.l.Address(), tt.l.Secure(); at != tt.at || secure != tt.secure {
			t.Errorf("%+v: %q, secure %v; want %q, %v", tt.l, at, secure, tt.at, tt.secure)
		}
	}
}

// TestAServerHasEveryDeadline: without one of them a slow client holds a connection for ever.
func TestAServerHasEveryDeadline(t *testing.T) {
	t.Parallel()
	s := NewServer(nil)
	if s.ReadHeaderTimeout <= 0 || s.ReadTimeout <= 0 || s.WriteTimeout <= 0 || s.IdleTimeout <= 0 || s.MaxHeaderBytes <= 0 {
		t.Errorf("%+v", s)
	}
}
