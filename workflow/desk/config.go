package desk

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"okienko/internal/bounds"
	"time"
)

// Config is what an administrator sets about the desk.
type Config struct {
	Listen  string // "127.0.0.1:8080"; required
	BaseURL string // as people reach it: "https://okienko.example"; "": http(s)://Listen
	TLSCert string // PEM file; "" with TLSKey: no TLS of its own
	TLSKey  string // PEM file
	// Proxied tells that a proxy in front of the desk ends TLS and sets X-Forwarded-For, whose last entry is the client.
	Proxied bool

	Idle     time.Duration // a session ends after so long without a request; 0: 30 minutes
	Lifetime time.Duration // and in any case after so long; 0: 10 hours
}

// Secure reports whether people reach the desk over TLS: then cookies are bound to it.
func (c Config) Secure() bool {
	base, err := url.Parse(c.BaseURL)
	return c.TLSCert != "" || err == nil && base.Scheme == "https"
}

// Validate returns an error that names the key and what is allowed.
func (c Config) Validate() error {
	host, _, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return fmt.Errorf("desk.listen %q: must be an address and a port, like 127.0.0.1:8080", c.Listen)
	}
	if (c.TLSCert == "") != (c.TLSKey == "") {
		return errors.New("desk.tls_cert and desk.tls_key: give both or none")
	}
	if err := c.validateBase(); err != nil {
		return err
	}
	if !c.Secure() && !bounds.Loopback(host) {
		return fmt.Errorf("desk.listen %q: without TLS only a loopback address is allowed; set desk.tls_cert and desk.tls_key, "+
			"or an https desk.base_url if a proxy ends TLS", c.Listen)
	}
	if c.Idle < 0 || c.Lifetime < 0 || c.idle() > c.lifetime() {
		return fmt.Errorf("desk.session_idle %v, desk.session_lifetime %v: must be positive, the first no longer than the second",
			c.idle(), c.lifetime())
	}
	return nil
}

func (c Config) validateBase() error {
	if c.BaseURL == "" {
		return nil
	}
	base, err := url.Parse(c.BaseURL)
	if err != nil || base.Scheme != "http" && base.Scheme != "https" || base.Host == "" || base.Path != "" && base.Path != "/" {
		return fmt.Errorf("desk.base_url %q: must be http or https with a host and no path, like https://okienko.example", c.BaseURL)
	}
	if base.Scheme == "http" && c.TLSCert != "" {
		return fmt.Errorf("desk.base_url %q: must be https where desk.tls_cert is set", c.BaseURL)
	}
	return nil
}

func (c Config) idle() time.Duration     { return orElse(c.Idle, 30*time.Minute) }
func (c Config) lifetime() time.Duration { return orElse(c.Lifetime, 10*time.Hour) }

func orElse(d, otherwise time.Duration) time.Duration {
	if d == 0 {
		return otherwise
	}
	return d
}

// Server returns the HTTP server of the desk, with every deadline set: a slow client must not hold a connection for ever. The
// caller runs ListenAndServe or ListenAndServeTLS, and Shutdown.
func (c Config) Server(h http.Handler) *http.Server {
	return &http.Server{
		Addr: c.Listen, Handler: h,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       time.Minute,
		WriteTimeout:      10 * time.Minute, // a large original over a slow line
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
	}
}
