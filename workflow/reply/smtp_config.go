package reply

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"okienko/internal/bounds"
	"os"
	"strings"
	"time"
)

// SMTPConfig says how letters leave by mail. The zero values of optional keys are the defaults.
type SMTPConfig struct {
	Addr         string `yaml:"addr"`          // host:port of the office's mail server
	TLS          string `yaml:"tls"`           // implicit, starttls (never falls back), none (loopback only); "": implicit
	CAFile       string `yaml:"ca_file"`       // PEM; optional, beside the system's authorities
	User         string `yaml:"user"`          // optional; needs password_file
	PasswordFile string `yaml:"password_file"` // read before each conversation, so it can be changed while running
	From         string `yaml:"from"`          // address letters come from
	FromName     string `yaml:"from_name"`     // "Urząd Miasta Krakowa"
	ReplyTo      string `yaml:"reply_to"`      // optional, where residents' answers go
	// Bounces is the envelope sender of letters a clerk approved, so that a clerk learns of a bounce; optional, From.
	// Automatic letters always have the null sender (RFC 3834 section 3.3).
	Bounces string `yaml:"bounces"`
	Hello   string `yaml:"hello"` // name in EHLO; optional, the domain of From
	// Timeout bounds everything up to the end of the message (default 2m), OutcomeTimeout the wait for the answer to it
	// (default 5m, RFC 5321 section 4.5.3.2.6 recommends 10). Giving up in the first is "not sent", in the second "unknown".
	Timeout        time.Duration `yaml:"timeout"`
	OutcomeTimeout time.Duration `yaml:"outcome_timeout"`
}

// The TLS modes.
const (
	TLSImplicit = "implicit"
	TLSStart    = "starttls"
	TLSNone     = "none"
)

// WithDefaults returns c with every optional key filled in.
func (c SMTPConfig) WithDefaults() SMTPConfig {
	c.TLS = firstOf(c.TLS, TLSImplicit)
	c.Bounces = firstOf(c.Bounces, c.From)
	_, domain, _ := strings.Cut(c.From, "@")
	c.Hello = firstOf(c.Hello, domain)
	c.Timeout = firstOf(c.Timeout, 2*time.Minute)
	c.OutcomeTimeout = firstOf(c.OutcomeTimeout, 5*time.Minute)
	return c
}

// Longest is how long one Send can take. A Postman's lease must be longer.
func (c SMTPConfig) Longest() time.Duration {
	c = c.WithDefaults()
	return c.Timeout + c.OutcomeTimeout
}

// Validate reports the first key that is wrong, and what is allowed.
func (c SMTPConfig) Validate() error {
	c = c.WithDefaults()
	host, _, err := net.SplitHostPort(c.Addr)
	if err != nil || host == "" {
		return fmt.Errorf("smtp.addr: %q: host:port is needed", c.Addr)
	}
	switch c.TLS {
	case TLSImplicit, TLSStart:
	case TLSNone:
		if !bounds.Loopback(host) {
			return fmt.Errorf("smtp.tls: none is allowed for a server on this machine only, not for %q; use implicit or starttls", host)
		}
	default:
		return fmt.Errorf("smtp.tls: %q: allowed are implicit, starttls, none", c.TLS)
	}
	if (c.User == "") != (c.PasswordFile == "") {
		return errors.New("smtp.user and smtp.password_file: both or neither")
	}
	for _, address := range []struct{ key, value string }{{"from", c.From}, {"bounces", c.Bounces}, {"reply_to", c.ReplyTo}} {
		optional := address.key == "reply_to" && address.value == ""
		if a, err := mail.ParseAddress(address.value); !optional && (err != nil || a.Address != address.value) {
			return fmt.Errorf("smtp.%s: %q: one e-mail address is needed", address.key, address.value)
		}
	}
	if strings.ContainsAny(c.Hello, " \t\r\n") {
		return fmt.Errorf("smtp.hello: %q: the name of this machine is needed", c.Hello)
	}
	if c.Timeout < 0 || c.OutcomeTimeout < 0 {
		return errors.New("smtp.timeout and smtp.outcome_timeout: must not be negative")
	}
	return nil
}

// tlsConfig is for the configured host. The system's authorities count, and those of CAFile.
func (c SMTPConfig) tlsConfig() (*tls.Config, error) {
	host, _, _ := net.SplitHostPort(c.Addr)
	conf := &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}
	if c.CAFile == "" {
		return conf, nil
	}
	pem, err := os.ReadFile(c.CAFile)
	if err != nil {
		return nil, fmt.Errorf("smtp.ca_file: %w", err)
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("smtp.ca_file: %s holds no certificate in PEM form", c.CAFile)
	}
	conf.RootCAs = pool
	return conf, nil
}

// password reads the secret; the line end an editor adds is not part of it.
func (c SMTPConfig) password() (string, error) {
	b, err := os.ReadFile(c.PasswordFile)
	if err != nil {
		return "", fmt.Errorf("smtp.password_file: %w", err)
	}
	return strings.TrimRight(string(b), "\r\n"), nil
}
