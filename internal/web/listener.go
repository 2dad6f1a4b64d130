package web

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"

	"okienko/internal/bounds"
)

// Listener is how a web server is reached, as an administrator sets it.
type Listener struct {
	Listen  string `yaml:"listen"`   // address and port: "127.0.0.1:8080"
	BaseURL string `yaml:"base_url"` // as people reach it: "https://okienko.example"; "": http(s)://Listen
	TLSCert string `yaml:"tls_cert"` // PEM file; "" with TLSKey: no TLS of its own
	TLSKey  string `yaml:"tls_key"`  // PEM file
	// Proxied tells that a proxy in front of the server ends TLS and sets X-Forwarded-For, whose last entry is the client.
	Proxied bool `yaml:"proxied"`
}

// Secure reports whether people reach the server over TLS: then cookies are bound to it.
func (l Listener) Secure() bool {
	base, err := url.Parse(l.BaseURL)
	return l.TLSCert != "" || err == nil && base.Scheme == "https"
}

// Address is how people reach the server: BaseURL, else where it listens; "" if it does not.
func (l Listener) Address() string {
	switch {
	case l.Listen == "":
		return ""
	case l.BaseURL != "":
		return l.BaseURL
	case l.TLSCert != "":
		return "https://" + l.Listen
	}
	return "http://" + l.Listen
}

// Validate returns an error that names the key, below section in the configuration ("desk"), and what is allowed.
func (l Listener) Validate(section string) error {
	host, _, err := net.SplitHostPort(l.Listen)
	if err != nil {
		return fmt.Errorf("%s.listen %q: must be an address and a port, like 127.0.0.1:8080", section, l.Listen)
	}
	if (l.TLSCert == "") != (l.TLSKey == "") {
		return fmt.Errorf("%[1]s.tls_cert and %[1]s.tls_key: give both or none", section)
	}
	if err := l.validateBase(section); err != nil {
		return err
	}
	if !l.Secure() && !bounds.Loopback(host) {
		return fmt.Errorf("%[1]s.listen %[2]q: without TLS only a loopback address is allowed; set %[1]s.tls_cert and %[1]s.tls_key, "+
			"or an https %[1]s.base_url if a proxy ends TLS", section, l.Listen)
	}
	return nil
}

func (l Listener) validateBase(section string) error {
	if l.BaseURL == "" {
		return nil
	}
	base, err := url.Parse(l.BaseURL)
	if err != nil || base.Scheme != "http" && base.Scheme != "https" || base.Host == "" || base.Path != "" && base.Path != "/" {
		return fmt.Errorf("%s.base_url %q: must be http or https with a host and no path, like https://okienko.example", section, l.BaseURL)
	}
	if base.Scheme == "http" && l.TLSCert != "" {
		return fmt.Errorf("%[1]s.base_url %[2]q: must be https where %[1]s.tls_cert is set", section, l.BaseURL)
	}
	return nil
}

// longest is how long a request may take: the package of a case over a slow line.
const longest = time.Hour

// NewServer returns a server with every deadline set: a slow client must not hold a connection for ever. The caller runs Serve
// or ServeTLS, and Shutdown.
func NewServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       longest, // no shorter than what follows: when it is over, the context of a handler that still writes ends
		WriteTimeout:      longest,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
	}
}
