package epuap

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode"

	"okienko/ingest/epuap/soap"
	"okienko/internal/bounds"
)

// Config describes one box. The zero value of every optional field means its default.
type Config struct {
	Name string `yaml:"name"` // names the source in ledgers, logs and metrics; never change it: lower-case letters, digits, "-"
	// Party is the office's identifier on the platform (podmiot), Box the name of the box (nazwaSkrytki). Address is its
	// address (adresSkrytki); default: /party/box.
	Party   string `yaml:"party"`
	Box     string `yaml:"box"`
	Address string `yaml:"address"`

	Platform Platform `yaml:"platform"` // production or integration: the known addresses; default: production
	// The addresses of the services, where they differ from those of Platform.
	PullURL     string `yaml:"pull_url"`
	SkrytkaURL  string `yaml:"skrytka_url"`
	FileRepoURL string `yaml:"filerepo_url"`

	DoreczycielURL string `yaml:"doreczyciel_url"`

	// The key that signs requests and its certificate, registered on the platform for this system: two PEM files, or one
	// PKCS#12 file with the file that holds its password.
	KeyFile      string `yaml:"key_file"`
	CertFile     string `yaml:"cert_file"`
	PKCS12File   string `yaml:"pkcs12_file"`
	PasswordFile string `yaml:"password_file"`
	// Signer is used instead of these files; set by code only.
	Signer *soap.Signer `yaml:"-"`

	CAFile string `yaml:"ca_file"` // authorities of the server's TLS certificate (PEM); default: those the system trusts
	// PlatformCertFile holds the certificates the platform signs its answers with (PEM), from its help pages. With it, an answer
	// that is not signed so is refused; without it TLS alone vouches for the answers.
	PlatformCertFile string `yaml:"platform_cert_file"`
	ConfirmHash      Hash   `yaml:"confirm_hash"` // of the confirmation; default: sha1

	Files    string        `yaml:"files"`     // directory for big attachments until, and a while after, they are registered
	KeepFile time.Duration `yaml:"keep_file"` // how long they stay: two documents may name the same one; default: 168h
	// FilePatience is how long a document waits for an attachment while the file service does not answer; the documents behind
	// it wait too. Default: 12h.
	FilePatience time.Duration `yaml:"file_patience"`

	Poll             time.Duration `yaml:"poll"`               // default: 1m
	MaxDocumentBytes int64         `yaml:"max_document_bytes"` // of an answer with a document; default: 64 MiB
	MaxFileBytes     int64         `yaml:"max_file_bytes"`     // of a big attachment; default: 600 MiB
	ConnectTimeout   time.Duration `yaml:"connect_timeout"`    // to reach the server and to finish TLS; default: 15s
	Timeout          time.Duration `yaml:"timeout"`            // for one operation; default: 5m
	FileTimeout      time.Duration `yaml:"file_timeout"`       // for one big attachment; default: 1h
	RetryMin         time.Duration `yaml:"retry_min"`          // first pause after a failure; doubles, with jitter; default: 1s
	RetryMax         time.Duration `yaml:"retry_max"`          // longest pause; default: 5m
}

// Platform is a known installation of ePUAP.
type Platform string

// The installations.
const (
	Production  Platform = "production"
	Integration Platform = "integration"
)

var hosts = map[Platform]string{Production: "https://ws.epuap.gov.pl", Integration: "https://ws-int.epuap.gov.pl"}

// Hash names the hash a confirmation carries. Libraries in use send SHA-1, one sent SHA-256; nobody has published which one
// the platform wants now.
type Hash string

// The hashes.
const (
	SHA1   Hash = "sha1"
	SHA256 Hash = "sha256"
)

// WithDefaults returns c with every zero field set to its default.
func (c Config) WithDefaults() Config {
	c.Address = cmp.Or(c.Address, "/"+c.Party+"/"+c.Box)
	c.Platform = cmp.Or(c.Platform, Production)
	host := hosts[c.Platform]
	c.PullURL = cmp.Or(c.PullURL, host+"/pk_external_ws/services/pull")
	c.SkrytkaURL = cmp.Or(c.SkrytkaURL, host+"/pk_external_ws/services/skrytka")
	c.DoreczycielURL = cmp.Or(c.DoreczycielURL, host+"/pk_external_ws/services/doreczyciel")
	c.FileRepoURL = cmp.Or(c.FileRepoURL, host+"/repo-ws-ext/FileRepoService")
	c.ConfirmHash = cmp.Or(c.ConfirmHash, SHA1)
	c.KeepFile = cmp.Or(c.KeepFile, 7*24*time.Hour)
	c.FilePatience = cmp.Or(c.FilePatience, 12*time.Hour)
	c.Poll = cmp.Or(c.Poll, time.Minute)
	c.MaxDocumentBytes = cmp.Or(c.MaxDocumentBytes, 64<<20)
	c.MaxFileBytes = cmp.Or(c.MaxFileBytes, 600<<20)
	c.ConnectTimeout = cmp.Or(c.ConnectTimeout, 15*time.Second)
	c.Timeout = cmp.Or(c.Timeout, 5*time.Minute)
	c.FileTimeout = cmp.Or(c.FileTimeout, time.Hour)
	c.RetryMin = cmp.Or(c.RetryMin, time.Second)
	c.RetryMax = cmp.Or(c.RetryMax, max(c.RetryMin, 5*time.Minute))
	return c
}

var (
	nameForm  = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)
	partyForm = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,100}$`)
)

// Validate reports every key that is wrong and what is allowed there, one a line. Defaults are applied first. It touches no
// file and no network: New reads the files, Source.Check asks the platform.
func (c Config) Validate() error {
	c = c.WithDefaults()
	return errors.Join(c.validateBox(), c.validateKeys(), c.validateURLs(), c.validateLimits())
}

func (c Config) validateBox() error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if !nameForm.MatchString(c.Name) {
		bad("name: %q: allowed are 1 to 40 lower-case letters, digits and hyphens", c.Name)
	}
	if !partyForm.MatchString(c.Party) {
		bad("party: %q: the office's identifier on ePUAP is needed (letters, digits, _ . -)", c.Party)
	}
	if c.Box == "" || strings.ContainsFunc(c.Box, unicode.IsControl) {
		bad("box: %q: the name of the box is needed", c.Box)
	}
	if !IsBox(c.Address) {
		bad("address: %q: allowed is /party/box", c.Address)
	}
	if _, ok := hosts[c.Platform]; !ok {
		bad("platform: %q: allowed are production, integration", c.Platform)
	}
	if c.ConfirmHash != SHA1 && c.ConfirmHash != SHA256 {
		bad("confirm_hash: %q: allowed are sha1, sha256", c.ConfirmHash)
	}
	if c.Files == "" {
		bad("files: a directory for big attachments is needed")
	}
	return errors.Join(errs...)
}

// IsBox reports whether s has the form of a box's address: /party/box.
func IsBox(s string) bool {
	party, box, ok := strings.Cut(strings.TrimPrefix(s, "/"), "/")
	return strings.HasPrefix(s, "/") && ok && party != "" && box != "" && len(s) <= 300 && !strings.ContainsFunc(s, unicode.IsControl)
}

func (c Config) validateKeys() error {
	pem, p12 := c.KeyFile != "" || c.CertFile != "", c.PKCS12File != "" || c.PasswordFile != ""
	switch {
	case c.Signer != nil && !pem && !p12:
		return nil
	case c.Signer != nil || pem == p12:
		return errors.New("key_file, cert_file: two PEM files are needed, or pkcs12_file and password_file instead of them")
	case pem && (c.KeyFile == "" || c.CertFile == ""):
		return errors.New("key_file, cert_file: one is of no use without the other")
	case p12 && (c.PKCS12File == "" || c.PasswordFile == ""):
		return errors.New("pkcs12_file, password_file: one is of no use without the other")
	}
	return nil
}

func (c Config) validateURLs() error {
	var errs []error
	for _, u := range []struct{ key, value string }{{"pull_url", c.PullURL}, {"skrytka_url", c.SkrytkaURL}, {"filerepo_url", c.FileRepoURL}, {"doreczyciel_url", c.DoreczycielURL}} {
		parsed, err := url.Parse(u.value)
		switch {
		case err != nil || parsed.Host == "" || parsed.User != nil || parsed.Scheme != "https" && parsed.Scheme != "http":
			errs = append(errs, fmt.Errorf("%s: %q: an https:// address without a user name is needed", u.key, u.value))
		case parsed.Scheme == "http" && !bounds.Loopback(parsed.Hostname()):
			errs = append(errs, fmt.Errorf("%s: http is allowed only for this machine (localhost, 127.0.0.1, ::1), not for %q", u.key, parsed.Host))
		}
	}
	return errors.Join(errs...)
}

func (c Config) validateLimits() error {
	var limits bounds.Checks
	limits.Within("poll", c.Poll, 10*time.Millisecond, 24*time.Hour)
	limits.Within("keep_file", c.KeepFile, time.Hour, 365*24*time.Hour)
	limits.Within("file_patience", c.FilePatience, time.Millisecond, 30*24*time.Hour)
	limits.Within("connect_timeout", c.ConnectTimeout, 100*time.Millisecond, 5*time.Minute)
	limits.Within("timeout", c.Timeout, 100*time.Millisecond, time.Hour)
	limits.Within("file_timeout", c.FileTimeout, 100*time.Millisecond, 24*time.Hour)
	limits.Within("retry_min", c.RetryMin, time.Millisecond, time.Hour)
	limits.Within("retry_max", c.RetryMax, c.RetryMin, 24*time.Hour)
	limits.Between("max_document_bytes", c.MaxDocumentBytes, 64<<10, 100<<20)
	limits.Between("max_file_bytes", c.MaxFileBytes, 1<<10, 4<<30)
	return limits.Err()
}
