package main

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"okienko/ingest/imap"
	"okienko/internal/web"
	"okienko/schemas"
	"okienko/validate"
	"okienko/validate/signature/trust"
	"okienko/workflow/reply"
	"okienko/workflow/webhook"
)

// config is okienko.yaml. Every key has a default that works, except where a comment in okienko.example.yaml says otherwise.
// Unknown keys are errors: a mistyped key must not silently mean its default.
type config struct {
	Database string        `yaml:"database"` // path of a SQLite file, or postgres://…
	Data     string        `yaml:"data"`     // directory of the originals and of the office's secret; shared by all processes
	Roles    []string      `yaml:"roles"`    // sources, workers, desk, resident; all when empty
	Health   string        `yaml:"health"`   // address of /healthz, /readyz and /metrics
	Log      logConfig     `yaml:"log"`
	Workers  workersConfig `yaml:"workers"`
	IMAP     []imap.Config `yaml:"imap"`
	EPUAP    []epuapConfig `yaml:"epuap"`
	Scan     []scanConfig  `yaml:"scan"`

	EDelivery []edeliveryConfig `yaml:"edelivery"` // e-Doręczenia

	SMTP    reply.SMTPConfig `yaml:"smtp"`
	Replies repliesConfig    `yaml:"replies"`
	Office  reply.Office     `yaml:"office"`
	Policy  policyConfig     `yaml:"policy"`
	Desk    deskConfig       `yaml:"desk"`

	Resident residentConfig `yaml:"resident"` // the page residents open with the code of a letter

	Cache string `yaml:"cache"` // directory of the compiled PDF engine; default: cache in data
	Trust string `yaml:"trust"` // directory of trusted lists and certificates; none is trusted without it

	TrustUpdate trustUpdateConfig `yaml:"trust_update"`

	Webhooks []webhook.Config `yaml:"webhooks"` // systems that are told what happens
}

// trustUpdateConfig is how trust data is kept fresh. Nothing is fetched while a signature is examined.
type trustUpdateConfig struct {
	Every       time.Duration `yaml:"every"`       // how often serve fetches; 0: never, a timer runs "okienko trust update"
	Addresses   []string      `yaml:"addresses"`   // http(s) addresses of lists of lists, trusted lists and revocation lists
	Territories []string      `yaml:"territories"` // national lists to fetch from the list of lists; default PL
	// Revocation says how to ask about certificates, the first first: crl, ocsp or both; empty: not at all. Only addresses in
	// certificates that lead to something trusted are used.
	Revocation      []trust.Kind `yaml:"revocation"`
	PrivateNetworks bool         `yaml:"private_networks"` // may such an address lie in a private network
	Ask             askConfig    `yaml:"ask"`
}

// askConfig is the step between examining the signatures of a letter and judging it: asking about its certificates.
type askConfig struct {
	Hosts   []string      `yaml:"hosts"`   // who may be asked: crl.example.pl, or .example.pl with all below; none: nobody is
	Timeout time.Duration `yaml:"timeout"` // for all that is asked about one letter
}

func (c askConfig) validate(longest time.Duration) error {
	for i, h := range c.Hosts {
		if strings.Trim(h, ".") == "" || strings.ContainsAny(h, "/:*@ ") {
			return fmt.Errorf("trust_update.ask.hosts[%d]: %q is not allowed; allowed are names like crl.example.pl, and .example.pl for all below", i, h)
		}
	}
	if len(c.Hosts) > 0 && (c.Timeout < time.Second || c.Timeout > longest/2) {
		return fmt.Errorf("trust_update.ask.timeout: %s is not allowed; allowed are 1s to %s, half of workers.timeout", c.Timeout, longest/2)
	}
	return nil
}

func (c trustUpdateConfig) validate(dir string) error {
	if c.Every < 0 || c.Every > 0 && c.Every < time.Minute {
		return fmt.Errorf("trust_update.every: %s is not allowed; allowed are 0 and a minute or more", c.Every)
	}
	for i, a := range c.Addresses {
		if u, err := url.Parse(a); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			return fmt.Errorf("trust_update.addresses[%d]: %q is not allowed; allowed are http and https addresses", i, a)
		}
	}
	for i, k := range c.Revocation {
		if k != trust.CRL && k != trust.OCSP {
			return fmt.Errorf("trust_update.revocation[%d]: %q is not allowed; allowed are crl and ocsp", i, k)
		}
	}
	if len(c.Addresses)+len(c.Ask.Hosts) > 0 && dir == "" {
		return errors.New("trust: must name a directory when trust_update.addresses or ask.hosts are given")
	}
	return nil
}

type logConfig struct {
	Format string `yaml:"format"` // text or json
	Level  string `yaml:"level"`  // debug, info, warn or error
}

type workersConfig struct {
	Jobs    int           `yaml:"jobs"`    // cases judged at the same time
	Readers int           `yaml:"readers"` // sandboxed reader processes; 0: one a processor
	Timeout time.Duration `yaml:"timeout"` // the longest a case may take
	Rescue  time.Duration `yaml:"rescue"`  // when work of a process that died is taken over; above timeout
}

type repliesConfig struct {
	reply.Limits `yaml:",inline"`
	Lease        time.Duration `yaml:"lease"` // how long a letter may be in sending before it is unknown
}

type policyConfig struct {
	// EPUAP: does the office treat ePUAP as an account in its own system since 2026-01-01? true, false or undecided.
	EPUAP            validate.Truth                         `yaml:"epuap"`
	EPUAPByProcedure map[schemas.ProcedureID]validate.Truth `yaml:"epuap_by_procedure"`
}

type deskConfig struct {
	web.Listener `yaml:",inline"`
	Idle         time.Duration `yaml:"idle"`     // a session ends after so long without a request; default 30m
	Lifetime     time.Duration `yaml:"lifetime"` // and in any case after so long; default 10h
}

// The roles a process can play.
const (
	roleSources = "sources"
	roleWorkers = "workers"
	roleDesk    = "desk"

	roleResident = "resident"
)

var allRoles = []string{roleSources, roleWorkers, roleDesk, roleResident}

func defaultConfig() config {
	return config{
		Database: "okienko-data/okienko.db",
		Data:     "okienko-data",
		Roles:    allRoles,
		Health:   "127.0.0.1:8081",
		Log:      logConfig{Format: "text", Level: "info"},
		Workers:  workersConfig{Jobs: 8, Timeout: 2 * time.Minute, Rescue: 3 * time.Minute},
		Replies:  repliesConfig{Lease: 10 * time.Minute},
		Office:   reply.Kraków(),
		Policy:   policyConfig{EPUAP: validate.Undecided},
		Desk:     deskConfig{Listener: web.Listener{Listen: "127.0.0.1:8080"}},

		TrustUpdate: trustUpdateConfig{Territories: []string{"PL"}, Revocation: []trust.Kind{trust.CRL, trust.OCSP}, Ask: askConfig{Timeout: 10 * time.Second}},
	}
}

// loadConfig reads and checks a configuration file. Its errors name the file, and the key with what is allowed.
func loadConfig(path string) (config, error) {
	c := defaultConfig()
	f, err := os.Open(path)
	if err != nil {
		return c, fmt.Errorf("configuration: %w", err)
	}
	defer f.Close()
	dec := yaml.NewDecoder(f)
	dec.KnownFields(true)
	if err := dec.Decode(&c); err != nil && !errors.Is(err, io.EOF) {
		return c, fmt.Errorf("%s: %s", path, plainYAML(err))
	}
	c.placeFiles()
	if err := c.validate(); err != nil {
		return c, fmt.Errorf("%s: %w", path, err)
	}
	return c, nil
}

var unknownKey = regexp.MustCompile(`line (\d+): field (\S+) not found in type \S+`)

// plainYAML puts a decoder's complaint into one plain line.
func plainYAML(err error) string {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	text = strings.TrimPrefix(text, "unmarshal errors:\n")
	text = unknownKey.ReplaceAllString(text, `line $1: unknown key "$2" (the keys are in okienko.example.yaml)`)
	return strings.Join(strings.Fields(text), " ")
}

func (c config) validate() error {
	if c.Database == "" {
		return errors.New(`database: must not be empty; a file path or postgres://…`)
	}
	if c.Data == "" {
		return errors.New("data: must not be empty; a directory")
	}
	for _, r := range c.Roles {
		if !slices.Contains(allRoles, r) {
			return fmt.Errorf("roles: %q is not allowed; allowed are %s", r, strings.Join(allRoles, ", "))
		}
	}
	if !slices.Contains([]string{"text", "json"}, c.Log.Format) {
		return fmt.Errorf("log.format: %q is not allowed; allowed are text, json", c.Log.Format)
	}
	if _, err := logLevel(c.Log.Level); err != nil {
		return err
	}
	if c.Workers.Jobs < 1 || c.Workers.Readers < 0 {
		return errors.New("workers: jobs must be 1 or more, readers 0 or more")
	}
	if c.Workers.Timeout <= 0 || c.Workers.Rescue <= c.Workers.Timeout {
		return errors.New("workers: timeout must be above 0, rescue above timeout")
	}
	if !slices.Contains([]validate.Truth{validate.True, validate.False, validate.Undecided}, c.Policy.EPUAP) {
		return fmt.Errorf("policy.epuap: %q is not allowed; allowed are true, false, undecided", c.Policy.EPUAP)
	}
	return c.validateParts()
}

// validateParts asks each connector and carrier about its own keys, and about names used twice.
func (c config) validateParts() error {
	sources := names{}
	for i, m := range c.IMAP {
		if err := m.Validate(); err != nil {
			return fmt.Errorf("imap[%d]: %w", i, err)
		}
		if err := sources.take("imap", i, m.Name); err != nil {
			return err
		}
	}
	if err := errors.Join(c.validateEPUAP(sources), c.validateScan(sources), c.validateEDelivery(sources), c.Resident.validate(sources), c.validateWebhooks()); err != nil {
		return err
	}
	if err := c.Office.Validate(); err != nil {
		return err
	}
	if err := errors.Join(c.TrustUpdate.validate(c.Trust), c.TrustUpdate.Ask.validate(c.Workers.Timeout)); err != nil {
		return err
	}
	if err := c.Replies.Limits.Validate(); err != nil {
		return err
	}
	if c.SMTP.Addr == "" {
		return nil
	}
	if err := c.SMTP.Validate(); err != nil {
		return err
	}
	if c.Replies.Lease <= c.SMTP.Longest() {
		return fmt.Errorf("replies.lease: %s must be longer than a letter may take, smtp.timeout + smtp.outcome_timeout = %s", c.Replies.Lease, c.SMTP.Longest())
	}
	return nil
}

// names are those given so far to what needs a name of its own: the sources share one set, since the ledger tells them apart by it.
type names map[string]bool

// take gives name to the i-th entry below key.
func (n names) take(key string, i int, name string) error {
	if n[name] {
		return fmt.Errorf("%s[%d].name: %q is used twice; each needs a name of its own", key, i, name)
	}
	n[name] = true
	return nil
}

func (c config) has(role string) bool { return len(c.Roles) == 0 || slices.Contains(c.Roles, role) }

// evidenceDir is where the originals are.
func (c config) evidenceDir() string { return filepath.Join(c.Data, "evidence") }

func (c config) cacheDir() string {
	if c.Cache != "" {
		return c.Cache
	}
	return filepath.Join(c.Data, "cache")
}

func (c config) policy() validate.Policy {
	return validate.Policy{EPUAPAccepted: c.Policy.EPUAP, EPUAPByProcedure: c.Policy.EPUAPByProcedure}
}
