package edelivery

import (
	"cmp"
	"crypto/tls"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"time"

	"okienko/internal/bounds"
)

// Config describes one address. The zero value of every optional field means its default. What the platform's documents and
// the programs in use disagree about is a switch here.
type Config struct {
	Name    string `yaml:"name"`    // names the source in ledgers, logs and metrics; never change it: lower-case letters, digits, "-"
	Address string `yaml:"address"` // the office's ADE, AE:PL-…
	System  string `yaml:"system"`  // name under which this system is registered at the address

	Platform Platform `yaml:"platform"` // production or integration: the known addresses; default: production
	// The addresses of the services, where they differ from those of Platform.
	UAURL       string `yaml:"ua_url"`       // User Agent API: the mailbox
	SEURL       string `yaml:"se_url"`       // Search Engine API: the register of addresses
	TokenURL    string `yaml:"token_url"`    //
	EvidenceURL string `yaml:"evidence_url"` // files of evidences; default: ua_url
	Audience    string `yaml:"audience"`     // aud of the assertion

	Issuer    string        `yaml:"issuer"`     // iss and sub of the assertion; default: address.SYSTEM.system
	LoginHint string        `yaml:"login_hint"` // default: ADE. and the address; "-" leaves it out
	ClientID  bool          `yaml:"client_id"`  // send client_id with the assertion
	X5C       bool          `yaml:"x5c"`        // put our certificate into the assertion's header
	Scope     string        `yaml:"scope"`      // asked for; "": what the platform grants by itself
	Backdate  time.Duration `yaml:"backdate"`   // the assertion is valid from so long ago, for clocks that differ; default: 30s
	Validity  time.Duration `yaml:"validity"`   // and from now on for so long; default: 5m

	// The key that signs assertions and its certificate, registered for this system: two PEM files, or one PKCS#12 file with the
	// file that holds its password.
	KeyFile      string `yaml:"key_file"`
	CertFile     string `yaml:"cert_file"`
	PKCS12File   string `yaml:"pkcs12_file"`
	PasswordFile string `yaml:"password_file"`
	// Key is used instead of these files; set by code only.
	Key *Key `yaml:"-"`
	// The certificate for TLS (QWAC) with its key, PEM files, where the platform wants one.
	ClientKeyFile  string `yaml:"client_key_file"`
	ClientCertFile string `yaml:"client_cert_file"`
	// ClientCert is used instead of these files; set by code only.
	ClientCert *tls.Certificate `yaml:"-"`
	CAFile     string           `yaml:"ca_file"` // authorities of the servers' TLS certificates (PEM); default: those the system trusts

	// Label is the folder that is listed; default: INBOX. "*" is every folder, for a mailbox in which others move messages.
	Label       string    `yaml:"label"`
	Since       time.Time `yaml:"since"`       // what was submitted earlier is left alone; default: nothing is
	Attachments Transfer  `yaml:"attachments"` // octet-stream or json; default: octet-stream, and json where that is refused

	Poll    time.Duration `yaml:"poll"`    // default: 1m
	Page    int64         `yaml:"page"`    // messages a listing answers with; default: 500
	Overlap time.Duration `yaml:"overlap"` // each listing begins so long before the newest message seen; default: 72h
	Rescan  time.Duration `yaml:"rescan"`  // the whole folder is listed so often; default: 24h

	// How long a message waits, while others pass it: for its content, which the platform fetches first (answers 202), in one try;
	// for its proof of receipt; and for an attachment or a proof's file while the platform does not give it out.
	ContentPatience time.Duration `yaml:"content_patience"` // default: 1m
	ProofPatience   time.Duration `yaml:"proof_patience"`   // default: 15m
	FilePatience    time.Duration `yaml:"file_patience"`    // default: 12h

	MaxAnswerBytes int64         `yaml:"max_answer_bytes"` // of a listing, a message or a proof; default: 32 MiB
	MaxFileBytes   int64         `yaml:"max_file_bytes"`   // of an attachment; default: 600 MiB
	ConnectTimeout time.Duration `yaml:"connect_timeout"`  // to reach the server and to finish TLS; default: 15s
	Timeout        time.Duration `yaml:"timeout"`          // for one operation; default: 2m
	FileTimeout    time.Duration `yaml:"file_timeout"`     // for one attachment; default: 1h
	RetryMin       time.Duration `yaml:"retry_min"`        // first pause after a failure; doubles, with jitter; default: 1s
	RetryMax       time.Duration `yaml:"retry_max"`        // longest pause; default: 5m

	// WebhookURL is where the platform can tell of news, as it reaches us; "": it is not asked to. WebhookListen is the address
	// it is served on. News are a hint: what was not told is found by polling.
	WebhookURL    string `yaml:"webhook_url"`
	WebhookListen string `yaml:"webhook_listen"`
}

// Platform is a known installation.
type Platform string

// The installations.
const (
	Production  Platform = "production"
	Integration Platform = "integration"
)

type endpoints struct{ ua, se, token, audience string }

var known = map[Platform]endpoints{
	Production: {"https://uaapi-ow.poczta-polska.pl/api/v3", "https://ow.edoreczenia.gov.pl/api/se/v4",
		"https://ow.edoreczenia.gov.pl/auth/realms/EDOR/protocol/openid-connect/token", "https://ow.edoreczenia.gov.pl/auth/realms/EDOR"},
	Integration: {"https://uaapi-int-ow.poczta-polska.pl/api/v3", "https://int-ow.edoreczenia.gov.pl/api/se/v4",
		"https://int-ow.edoreczenia.gov.pl/auth/realms/EDOR/protocol/openid-connect/token", "https://int-ow.edoreczenia.gov.pl/auth/realms/EDOR"},
}

// Transfer is how an attachment comes.
type Transfer string

// The transfers.
const (
	OctetStream Transfer = "octet-stream"
	JSON        Transfer = "json" // base64 inside JSON
)

// every names the whole mailbox.
const every = "*"

// WithDefaults returns c with every zero field set to its default.
func (c Config) WithDefaults() Config {
	c.Platform = cmp.Or(c.Platform, Production)
	at := known[c.Platform]
	c.UAURL, c.SEURL = cmp.Or(c.UAURL, at.ua), cmp.Or(c.SEURL, at.se)
	c.TokenURL, c.Audience = cmp.Or(c.TokenURL, at.token), cmp.Or(c.Audience, at.audience)
	c.EvidenceURL = cmp.Or(c.EvidenceURL, c.UAURL)
	c.Issuer = cmp.Or(c.Issuer, c.Address+".SYSTEM."+c.System)
	c.LoginHint = cmp.Or(c.LoginHint, "ADE."+c.Address)
	c.Backdate = cmp.Or(c.Backdate, 30*time.Second)
	c.Validity = cmp.Or(c.Validity, 5*time.Minute)
	c.Label = cmp.Or(c.Label, "INBOX")
	c.Attachments = cmp.Or(c.Attachments, OctetStream)
	c.Poll = cmp.Or(c.Poll, time.Minute)
	c.Page = cmp.Or(c.Page, 500)
	c.Overlap = cmp.Or(c.Overlap, 72*time.Hour)
	c.Rescan = cmp.Or(c.Rescan, 24*time.Hour)
	c.ContentPatience = cmp.Or(c.ContentPatience, time.Minute)
	c.ProofPatience = cmp.Or(c.ProofPatience, 15*time.Minute)
	c.FilePatience = cmp.Or(c.FilePatience, 12*time.Hour)
	c.MaxAnswerBytes = cmp.Or(c.MaxAnswerBytes, 32<<20)
	c.MaxFileBytes = cmp.Or(c.MaxFileBytes, 600<<20)
	c.ConnectTimeout = cmp.Or(c.ConnectTimeout, 15*time.Second)
	c.Timeout = cmp.Or(c.Timeout, 2*time.Minute)
	c.FileTimeout = cmp.Or(c.FileTimeout, time.Hour)
	c.RetryMin = cmp.Or(c.RetryMin, time.Second)
	c.RetryMax = cmp.Or(c.RetryMax, max(c.RetryMin, 5*time.Minute))
	return c
}

// LongestSend is how long a letter may take: a token, the message, and once more if the token was refused. c has its defaults.
func (c Config) LongestSend() time.Duration { return 4 * (c.Timeout + c.ConnectTimeout) }

var (
	nameForm   = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)
	systemForm = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,100}$`)
)

// Validate reports every key that is wrong and what is allowed there, one a line. Defaults are applied first. It touches no
// file and no network: New reads the files, Source.Check asks the platform.
func (c Config) Validate() error {
	c = c.WithDefaults()
	return errors.Join(c.validateAddress(), c.validateKeys(), c.validateURLs(), c.validateLimits())
}

func (c Config) validateAddress() error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if !nameForm.MatchString(c.Name) {
		bad("name: %q: allowed are 1 to 40 lower-case letters, digits and hyphens", c.Name)
	}
	if !IsAddress(c.Address) {
		bad("address: %q: the office's address is needed, AE:PL-12345-67890-ABCDE-12", c.Address)
	}
	if !systemForm.MatchString(c.System) {
		bad("system: %q: the name under which this system is registered is needed (letters, digits, _ . -)", c.System)
	}
	if _, ok := known[c.Platform]; !ok {
		bad("platform: %q: allowed are production, integration", c.Platform)
	}
	if c.Attachments != OctetStream && c.Attachments != JSON {
		bad("attachments: %q: allowed are octet-stream, json", c.Attachments)
	}
	if (c.WebhookURL == "") != (c.WebhookListen == "") {
		bad("webhook_url, webhook_listen: one is of no use without the other")
	}
	return errors.Join(errs...)
}

func (c Config) validateKeys() error {
	var errs []error
	pem, p12 := c.KeyFile != "" || c.CertFile != "", c.PKCS12File != "" || c.PasswordFile != ""
	switch {
	case c.Key != nil && !pem && !p12:
	case c.Key != nil || pem == p12:
		errs = append(errs, errors.New("key_file, cert_file: two PEM files are needed, or pkcs12_file and password_file instead of them"))
	case pem && (c.KeyFile == "" || c.CertFile == ""):
		errs = append(errs, errors.New("key_file, cert_file: one is of no use without the other"))
	case p12 && (c.PKCS12File == "" || c.PasswordFile == ""):
		errs = append(errs, errors.New("pkcs12_file, password_file: one is of no use without the other"))
	}
	if (c.ClientKeyFile == "") != (c.ClientCertFile == "") {
		errs = append(errs, errors.New("client_key_file, client_cert_file: one is of no use without the other"))
	}
	return errors.Join(errs...)
}

func (c Config) validateURLs() error {
	var errs []error
	all := []struct{ key, value string }{
		{"ua_url", c.UAURL}, {"se_url", c.SEURL}, {"token_url", c.TokenURL}, {"evidence_url", c.EvidenceURL}, {"webhook_url", c.WebhookURL},
	}
	for _, u := range all {
		parsed, err := url.Parse(u.value)
		switch {
		case u.value == "": // only webhook_url has no default
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
	limits.Within("backdate", c.Backdate, time.Millisecond, 5*time.Minute)
	limits.Within("validity", c.Validity, time.Second, 10*time.Minute)
	limits.Within("poll", c.Poll, 10*time.Millisecond, 24*time.Hour)
	limits.Within("overlap", c.Overlap, time.Minute, 365*24*time.Hour)
	limits.Within("rescan", c.Rescan, time.Second, 365*24*time.Hour)
	limits.Within("content_patience", c.ContentPatience, time.Millisecond, time.Hour)
	limits.Within("proof_patience", c.ProofPatience, time.Millisecond, 30*24*time.Hour)
	limits.Within("file_patience", c.FilePatience, time.Millisecond, 30*24*time.Hour)
	limits.Within("connect_timeout", c.ConnectTimeout, 100*time.Millisecond, 5*time.Minute)
	limits.Within("timeout", c.Timeout, 100*time.Millisecond, time.Hour)
	limits.Within("file_timeout", c.FileTimeout, 100*time.Millisecond, 24*time.Hour)
	limits.Within("retry_min", c.RetryMin, time.Millisecond, time.Hour)
	limits.Within("retry_max", c.RetryMax, c.RetryMin, 24*time.Hour)
	limits.Between("page", c.Page, 1, 2000)
	limits.Between("max_answer_bytes", c.MaxAnswerBytes, 64<<10, 512<<20)
	limits.Between("max_file_bytes", c.MaxFileBytes, 1<<10, 4<<30)
	return limits.Err()
}
