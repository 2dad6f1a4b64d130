package imap

import (
	"context"
	"crypto/tls"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
)

// Report is what Check found out.
type Report struct {
	Address      string    // host:port
	TLSVersion   string    // "TLS 1.3"; "" without TLS
	CertNotAfter time.Time // end of the server certificate's validity; zero without TLS
	Capabilities []string  // as the server tells after sign-in, sorted
	Idle         bool      // new letters are told at once; else found by polling
	Move         bool      // MOVE; else COPY and UID EXPUNGE
	Messages     int       // letters in the folder
	Waiting      int       // of these, letters Fetch would take; at least, if over 100,000
	FromNow      bool      // the mailbox was never used: with start: now, all that is there would stay untouched
	DoneFolder   bool      // the done folder exists; else Fetch creates it
	Warnings     []string  // what works but should be looked at; English, one line each
}

// certificateWarning is how long before a certificate ends Check speaks of it.
const certificateWarning = 21 * 24 * time.Hour

// Check connects, signs in and looks, without taking, moving, marking or remembering anything. The error says why Fetch
// would not work; the Report then holds what was found up to there.
func (s *Source) Check(ctx context.Context) (Report, error) {
	r := Report{Address: fmt.Sprintf("%s:%d", s.cfg.Host, s.cfg.Port)}
	r.Warnings = s.fileWarnings()
	c, err := s.connect(ctx)
	if err != nil {
		return r, fmt.Errorf("mailbox %q: %w", s.cfg.Name, err)
	}
	defer c.close()
	c.describeTLS(&r)
	c.describeServer(&r)
	if err := c.describeFolder(ctx, &r); err != nil {
		return r, fmt.Errorf("mailbox %q: %w", s.cfg.Name, err)
	}
	return r, nil
}

func (s *Source) fileWarnings() []string {
	info, err := os.Stat(s.cfg.PasswordFile)
	if err == nil && info.Mode().Perm()&0o007 != 0 {
		return []string{fmt.Sprintf("password_file: %s can be read by everybody on this machine (mode %04o; 0600 or 0640 is enough)",
			s.cfg.PasswordFile, info.Mode().Perm())}
	}
	return nil
}

func (c *session) describeTLS(r *Report) {
	if c.tls == nil {
		return
	}
	r.TLSVersion = tls.VersionName(c.tls.Version)
	if len(c.tls.PeerCertificates) == 0 {
		return
	}
	r.CertNotAfter = c.tls.PeerCertificates[0].NotAfter
	if time.Until(r.CertNotAfter) < certificateWarning {
		r.Warnings = append(r.Warnings, "the server's certificate ends on "+r.CertNotAfter.UTC().Format(time.DateOnly))
	}
}

func (c *session) describeServer(r *Report) {
	for name := range c.caps {
		r.Capabilities = append(r.Capabilities, string(name))
	}
	slices.Sort(r.Capabilities)
	r.Idle, r.Move = c.caps.Has(imap.CapIdle), c.caps.Has(imap.CapMove)
	if !r.Idle {
		r.Warnings = append(r.Warnings, fmt.Sprintf("the server has no IDLE: new letters are found every %s", c.cfg.Poll))
	}
}

func (c *session) describeFolder(ctx context.Context, r *Report) error {
	if err := c.canMove(); err != nil {
		return err
	}
	var err error
	if r.DoneFolder, err = c.folderExists(c.cfg.DoneFolder); err != nil {
		return err
	}
	if c.folder, err = c.selectFolder(true); err != nil {
		return err
	}
	r.Messages = int(c.folder.NumMessages)
	stored, err := c.storedCursor(ctx)
	if err != nil {
		return err
	}
	r.FromNow = stored == nil && c.cfg.Start == FromNow
	cur, _, err := c.oldLetters(ctx)
	if err != nil {
		return err
	}
	c.old = cur.Old
	found, err := c.search()
	r.Waiting = len(found)
	return err
}
