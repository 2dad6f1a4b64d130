package edelivery

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"time"
)

// Report is what Check found out.
type Report struct {
	Host        string // of the mailbox
	Address     string
	Unread      int
	Token       time.Duration // how long the token we were given lasts
	Certificate string        // who our certificate says we are
	NotAfter    time.Time
	Warnings    []string // what works but should be looked at; English, one line each
}

// certificateWarning is how long before a certificate ends Check speaks of it.
const certificateWarning = 21 * 24 * time.Hour

// Check gets a token and counts unread messages, without opening any. The error says why Fetch would not work; the Report then
// holds what was found up to there.
func (s *Source) Check(ctx context.Context) (Report, error) {
	r := Report{Address: s.cfg.Address}
	if u, err := url.Parse(s.cfg.UAURL); err == nil {
		r.Host = u.Host
	}
	cert := s.client.tokens.key.Certificate
	r.Certificate, r.NotAfter = cert.Subject.String(), cert.NotAfter
	if time.Until(cert.NotAfter) < certificateWarning {
		r.Warnings = append(r.Warnings, "our certificate ends on "+cert.NotAfter.UTC().Format(time.DateOnly))
	}
	if !Checks(s.cfg.Address) {
		r.Warnings = append(r.Warnings, "the check digits of the address do not agree: is it mistyped?")
	}
	for _, f := range []struct{ key, path string }{
		{"key_file", s.cfg.KeyFile}, {"pkcs12_file", s.cfg.PKCS12File}, {"password_file", s.cfg.PasswordFile}, {"client_key_file", s.cfg.ClientKeyFile},
	} {
		if info, err := os.Stat(f.path); err == nil && info.Mode().Perm()&0o007 != 0 {
			r.Warnings = append(r.Warnings, fmt.Sprintf("%s: %s can be read by everybody on this machine (mode %04o; 0600 or 0640 is enough)", f.key, f.path, info.Mode().Perm()))
		}
	}
	var err error
	if _, r.Token, err = s.client.tokens.fetch(ctx); err != nil {
		return r, fmt.Errorf("e-Doręczenia %q: %w", s.cfg.Name, err)
	}
	if r.Unread, err = s.client.Unread(ctx); err != nil {
		return r, fmt.Errorf("e-Doręczenia %q: %w", s.cfg.Name, err)
	}
	return r, nil
}
