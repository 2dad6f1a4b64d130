package main

import (
	"context"
	"fmt"
	"time"

	"okienko/ingest/imap"
	"okienko/workflow/reply"
	"okienko/workflow/store"
)

type configCmd struct {
	Check configCheckCmd `cmd:"" help:"Tell what the configuration can reach, without taking anything."`
}

type configCheckCmd struct {
	Config string `default:"okienko.yaml" help:"Configuration file." type:"path"`
}

// checkTime bounds the look at one server.
const checkTime = 30 * time.Second

// Run reaches for everything the configuration names, tells line by line, and fails if any of it cannot be reached.
func (c *configCheckCmd) Run(ctx context.Context, out streams) error {
	cfg, err := loadConfig(c.Config)
	if err != nil {
		return err
	}
	fmt.Fprintf(out.out, "%s: keys and values are allowed\n", c.Config)
	failed := 0
	tell := func(what, result string, err error) {
		if err != nil {
			failed++
			result = "NOT REACHED: " + oneLine(err)
		}
		fmt.Fprintf(out.out, "%s: %s\n", what, result)
	}
	result, err := checkDatabase(ctx, cfg)
	tell("database", result, err)
	for _, source := range cfg.IMAP {
		result, err := checkMailbox(ctx, source, out)
		tell("imap "+source.Name, result, err)
	}
	for _, box := range cfg.EPUAP {
		result, err := checkEPUAP(ctx, box)
		tell("epuap "+box.Name, result, err)
	}
	for _, address := range cfg.EDelivery {
		result, err := checkEDelivery(ctx, address)
		tell("edelivery "+address.Name, result, err)
	}
	for _, folder := range cfg.Scan {
		result, err := checkScan(folder)
		tell("scan "+folder.Name, result, err)
	}
	if cfg.SMTP.Addr != "" {
		tell("smtp", "signed in, takes automatic letters", checkSMTP(ctx, cfg.SMTP))
	}
	if cfg.Trust != "" {
		result, err = checkTrust(cfg)
		tell("trust", result, err)
	}
	result, err = checkReaders(ctx, cfg)
	tell("reader processes", result, err)
	if failed > 0 {
		return fmt.Errorf("%d parts cannot be reached", failed)
	}
	return nil
}

func checkDatabase(ctx context.Context, cfg config) (string, error) {
	s, err := store.Open(ctx, cfg.Database, nil)
	if err != nil {
		return "", err
	}
	defer s.Close()
	return "answers, has this version's schema", s.Ping(ctx)
}

func checkMailbox(ctx context.Context, c imap.Config, out streams) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	s, err := imap.New(c, noLedger{}, newLogger(out.err, logConfig{Format: "text", Level: "error"}))
	if err != nil {
		return "", err
	}
	r, err := s.Check(ctx)
	if err != nil {
		return "", err
	}
	text := fmt.Sprintf("%s, %d letters, %d waiting", r.Address, r.Messages, r.Waiting)
	if r.TLSVersion != "" {
		text += fmt.Sprintf(", %s, certificate valid until %s", r.TLSVersion, r.CertNotAfter.Format(time.DateOnly))
	}
	for _, w := range r.Warnings {
		text += "; " + w
	}
	return text, nil
}

func checkSMTP(ctx context.Context, c reply.SMTPConfig) error {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	carrier, err := reply.NewSMTP(c)
	if err != nil {
		return err
	}
	return carrier.Check(ctx)
}

func checkReaders(ctx context.Context, cfg config) (string, error) {
	pool, err := newPool(1, cfg.cacheDir(), cfg.Trust)
	if err != nil {
		return "", err
	}
	defer pool.Close()
	return pool.Confinement(ctx)
}

// checkTrust names what is trusted and what is out of date; both are for a person to judge.
func checkTrust(cfg config) (string, error) {
	store, err := loadTrust(cfg.Trust)
	if err != nil {
		return "", err
	}
	text := fmt.Sprintf("%d lists or anchors are used", len(store.Describe()))
	for _, w := range store.Warnings(time.Now()) {
		text += "; warning: " + w
	}
	return text, nil
}

// noLedger remembers nothing: a check takes nothing.
type noLedger struct{}

func (noLedger) Saw(context.Context, string, []string) error     { return nil }
func (noLedger) Cursor(context.Context, string) (string, error)  { return "", nil }
func (noLedger) SetCursor(context.Context, string, string) error { return nil }
