package imap

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"okienko/internal/bounds"
	"regexp"
	"strings"
	"time"
	"unicode"
)

// Config describes one mailbox. The zero value of every optional field means its default.
type Config struct {
	Name string `yaml:"name"` // names the source in ledgers, logs and metrics; never change it: lower-case letters, digits, "-"
	Host string `yaml:"host"`
	Port int    `yaml:"port"` // default: 993 with tls: implicit, else 143
	TLS  TLS    `yaml:"tls"`  // default: implicit
	// CAFile holds the certificates (PEM) the server's must descend from. Default: those the system trusts.
	CAFile       string `yaml:"ca_file"`
	Username     string `yaml:"username"`
	PasswordFile string `yaml:"password_file"` // one line; read anew at every sign-in, so a password may be changed under way
	Password     Secret `yaml:"-"`             // instead of PasswordFile; set by code only

	Folder     string `yaml:"folder"`      // where letters arrive; default: INBOX
	DoneFolder string `yaml:"done_folder"` // where registered letters go; created if missing; default: Okienko
	// ReviewFolder is where letters go of which only the head could be registered, because the whole is too large or the
	// server does not give it out. Created when first needed. Default: Okienko-do-sprawdzenia.
	ReviewFolder string `yaml:"review_folder"`
	Start        Start  `yaml:"start"` // default: now

	Poll    time.Duration `yaml:"poll"`    // the folder is looked into at least this often, also while IDLE; default: 1m
	Batch   int           `yaml:"batch"`   // letters asked for, and moved, together; default: 50
	Workers int           `yaml:"workers"` // letters accepted at the same time; default: 16
	// BufferBytes is the memory for letters accepted at the same time. A letter above BufferBytes/Workers is not held in
	// memory but streamed, one at a time. Default: 8 MiB.
	BufferBytes int64 `yaml:"buffer_bytes"`
	// MaxMessageBytes is the largest letter taken whole. A larger one is registered by its head, see ReviewFolder.
	// Default: 100 MiB.
	MaxMessageBytes int64 `yaml:"max_message_bytes"`

	ConnectTimeout time.Duration `yaml:"connect_timeout"` // to reach the server and to finish TLS; default: 15s
	CommandTimeout time.Duration `yaml:"command_timeout"` // for one answer, and for any silence inside one; default: 1m
	MessageTimeout time.Duration `yaml:"message_timeout"` // time spent waiting for the bytes of one letter; default: 10m
	RetryMin       time.Duration `yaml:"retry_min"`       // first pause after a failure; doubles, with jitter; default: 1s
	RetryMax       time.Duration `yaml:"retry_max"`       // longest pause; default: 5m
}

// TLS is the way the connection is protected.
type TLS string

// The TLS modes.
const (
	Implicit TLS = "implicit" // TLS from the first byte
	StartTLS TLS = "starttls" // upgrade before sign-in; a server that does not is refused
	Plain    TLS = "none"     // no protection; only to this machine
)

// Start says which letters count on the first day.
type Start string

// The starts.
const (
	FromNow Start = "now" // what is in the folder at the first contact stays untouched, for good
	FromAll Start = "all" // everything in the folder is taken
)

// Secret is text that must not reach a log. It prints as "***".
type Secret string

func (Secret) String() string { return "***" }

// GoString implements fmt.GoStringer.
func (Secret) GoString() string { return `"***"` }

// LogValue implements slog.LogValuer.
func (Secret) LogValue() slog.Value { return slog.StringValue("***") }

const (
	// RFC 2177: IDLE is to be renewed at least every 29 minutes. The protocol layer does so every 28, unwatched.
	maxPoll       = 25 * time.Minute
	maxBatch      = 1000
	maxWorkers    = 256
	nameMaxLength = 40
)

// WithDefaults returns c with every zero field set to its default.
func (c Config) WithDefaults() Config {
	c.TLS = cmp.Or(c.TLS, Implicit)
	c.Port = cmp.Or(c.Port, map[TLS]int{Implicit: 993}[c.TLS], 143)
	c.Folder = cmp.Or(c.Folder, "INBOX")
	c.DoneFolder = cmp.Or(c.DoneFolder, "Okienko")
	c.ReviewFolder = cmp.Or(c.ReviewFolder, "Okienko-do-sprawdzenia")
	c.Start = cmp.Or(c.Start, FromNow)
	c.Poll = cmp.Or(c.Poll, time.Minute)
	c.Batch = cmp.Or(c.Batch, 50)
	c.Workers = cmp.Or(c.Workers, 16)
	c.BufferBytes = cmp.Or(c.BufferBytes, 8<<20)
	c.MaxMessageBytes = cmp.Or(c.MaxMessageBytes, 100<<20)
	c.ConnectTimeout = cmp.Or(c.ConnectTimeout, 15*time.Second)
	c.CommandTimeout = cmp.Or(c.CommandTimeout, time.Minute)
	c.MessageTimeout = cmp.Or(c.MessageTimeout, 10*time.Minute)
	c.RetryMin = cmp.Or(c.RetryMin, time.Second)
	c.RetryMax = cmp.Or(c.RetryMax, max(c.RetryMin, 5*time.Minute))
	return c
}

var nameForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`)

// Validate reports every key that is wrong and what is allowed there, one a line. Defaults are applied first, so zero
// values of optional keys are fine. It touches no file and no network: Source.Check does.
func (c Config) Validate() error {
	c = c.WithDefaults()
	return errors.Join(c.validatePlace(), c.validateFolders(), c.validateLimits())
}

func (c Config) validatePlace() error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if !nameForm.MatchString(c.Name) || len(c.Name) > nameMaxLength {
		bad("name: %q: allowed are 1 to %d lower-case letters, digits and hyphens", c.Name, nameMaxLength)
	}
	if c.Host == "" || strings.ContainsFunc(c.Host, unicode.IsSpace) {
		bad("host: %q: a host name or address is needed", c.Host)
	}
	if c.Port < 1 || c.Port > 65535 {
		bad("port: %d: allowed are 1 to 65535", c.Port)
	}
	switch {
	case c.TLS != Implicit && c.TLS != StartTLS && c.TLS != Plain:
		bad("tls: %q: allowed are implicit, starttls, none", c.TLS)
	case c.TLS == Plain && c.Host != "" && !bounds.Loopback(c.Host):
		bad("tls: none is allowed only for this machine (localhost, 127.0.0.1, ::1), not for host %q", c.Host)
	case c.TLS == Plain && c.CAFile != "":
		bad("ca_file: has no use with tls: none")
	}
	if c.Username == "" {
		bad("username: is needed")
	}
	if (c.PasswordFile == "") == (c.Password == "") {
		bad("password_file: the name of a file that holds the password is needed")
	}
	return errors.Join(errs...)
}

func (c Config) validateFolders() error {
	var errs []error
	for _, f := range []struct{ key, name string }{
		{"folder", c.Folder}, {"done_folder", c.DoneFolder}, {"review_folder", c.ReviewFolder},
	} {
		switch {
		case strings.ContainsFunc(f.name, unicode.IsControl) || strings.ContainsAny(f.name, "*%"):
			errs = append(errs, fmt.Errorf("%s: %q: control characters, * and %% are not allowed", f.key, f.name))
		case f.key != "folder" && sameFolder(f.name, c.Folder):
			errs = append(errs, fmt.Errorf("%s: %q: must differ from folder", f.key, f.name))
		}
	}
	if c.Start != FromNow && c.Start != FromAll {
		errs = append(errs, fmt.Errorf("start: %q: allowed are now, all", c.Start))
	}
	return errors.Join(errs...)
}

func (c Config) validateLimits() error {
	var limits bounds.Checks
	limits.Within("poll", c.Poll, time.Second, maxPoll)
	limits.Within("connect_timeout", c.ConnectTimeout, 100*time.Millisecond, 5*time.Minute)
	limits.Within("command_timeout", c.CommandTimeout, 100*time.Millisecond, 30*time.Minute)
	limits.Within("message_timeout", c.MessageTimeout, 100*time.Millisecond, 24*time.Hour)
	limits.Within("retry_min", c.RetryMin, time.Millisecond, time.Hour)
	limits.Within("retry_max", c.RetryMax, c.RetryMin, 24*time.Hour)
	limits.Between("batch", int64(c.Batch), 1, maxBatch)
	limits.Between("workers", int64(c.Workers), 1, maxWorkers)
	limits.Between("buffer_bytes", c.BufferBytes, 64<<10, 1<<30)
	limits.Between("max_message_bytes", c.MaxMessageBytes, 1<<10, 4<<30)
	return limits.Err()
}

// sameFolder compares folder names as servers do: INBOX in any case, everything else exactly (RFC 3501 section 5.1).
func sameFolder(a, b string) bool {
	return a == b || strings.EqualFold(a, "INBOX") && strings.EqualFold(b, "INBOX")
}
