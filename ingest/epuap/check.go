package epuap

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"time"
)

// Report is what Check found out.
type Report struct {
	Host        string // of the pull service
	Waiting     int    // documents in the queue
	Certificate string // who our certificate says we are
	NotAfter    time.Time
	Verified    bool     // answers are checked against the platform's certificate
	Warnings    []string // what works but should be looked at; English, one line each
}

// certificateWarning is how long before a certificate ends Check speaks of it.
const certificateWarning = 21 * 24 * time.Hour

// Check asks how many documents wait, without taking any. The error says why Fetch would not work; the Report then holds what
// was found up to there.
func (s *Source) Check(ctx context.Context) (Report, error) {
	r := Report{Verified: len(s.client.quick.Platform) > 0}
	if u, err := url.Parse(s.cfg.PullURL); err == nil {
		r.Host = u.Host
	}
	cert := s.client.quick.Signer.Certificate
	r.Certificate, r.NotAfter = cert.Subject.String(), cert.NotAfter
	if time.Until(cert.NotAfter) < certificateWarning {
		r.Warnings = append(r.Warnings, "our certificate ends on "+cert.NotAfter.UTC().Format(time.DateOnly))
	}
	for _, c := range s.client.quick.Platform {
		if time.Until(c.NotAfter) < certificateWarning {
			r.Warnings = append(r.Warnings, "a certificate of the platform ends on "+c.NotAfter.UTC().Format(time.DateOnly))
		}
	}
	if !r.Verified {
		r.Warnings = append(r.Warnings, "platform_cert_file is not set: answers are taken on the word of TLS alone")
	}
	for _, f := range []struct{ key, path string }{{"key_file", s.cfg.KeyFile}, {"pkcs12_file", s.cfg.PKCS12File}, {"password_file", s.cfg.PasswordFile}} {
		if info, err := os.Stat(f.path); err == nil && info.Mode().Perm()&0o007 != 0 {
			r.Warnings = append(r.Warnings, fmt.Sprintf("%s: %s can be read by everybody on this machine (mode %04o; 0600 or 0640 is enough)", f.key, f.path, info.Mode().Perm()))
		}
	}
	var err error
	if r.Waiting, err = s.client.Count(ctx); err != nil {
		return r, fmt.Errorf("ePUAP box %q: %w", s.cfg.Name, err)
	}
	return r, nil
}
