package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"

	"okienko/validate/signature"
	"okienko/validate/signature/trust"
	"okienko/validate/signature/trust/fetch"
)

type trustUpdateCmd struct {
	Config string   `default:"okienko.yaml" help:"Configuration file." type:"path"`
	From   []string `help:"A signed file: fetch the revocation data its certificates name; may be repeated." type:"existingfile" sep:"none"`
}

// Run fetches everything once; what could not be had is an error, what is at hand stays.
func (t *trustUpdateCmd) Run(ctx context.Context, out streams) error {
	cfg, err := loadConfig(t.Config)
	if err != nil {
		return err
	}
	if cfg.Trust == "" {
		return fmt.Errorf("%s: trust: is empty; name a directory there", t.Config)
	}
	learned, err := fetch.Remembered(cfg.Trust)
	if err != nil {
		return err
	}
	if len(cfg.TrustUpdate.Addresses)+len(learned)+len(t.From) == 0 {
		return fmt.Errorf("%s: trust_update.addresses: is empty; there is nothing to fetch", t.Config)
	}
	failed := updateTrust(ctx, cfg)
	if len(t.From) > 0 {
		failed = errors.Join(failed, t.ask(ctx, out, cfg))
	}
	return errors.Join(failed, showTrust(out, cfg.Trust))
}

// ask fetches what the certificates of the files name.
func (t *trustUpdateCmd) ask(ctx context.Context, out streams, cfg config) error {
	if len(cfg.TrustUpdate.Revocation) == 0 {
		return fmt.Errorf("%s: trust_update.revocation: is empty; nobody is asked", t.Config)
	}
	var all []trust.Question
	for _, file := range t.From {
		store, err := readableTrust(cfg.Trust)
		if err != nil {
			return err
		}
		raw, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		qs := signature.Questions(signature.File{Name: filepath.Base(file), Bytes: raw}, signature.Options{Trust: store})
		if len(qs) == 0 {
			fmt.Fprintf(out.out, "%s: no certificate that is trusted and names an address\n", file)
		}
		all = append(all, qs...)
	}
	return fetch.Ask(ctx, cfg.TrustUpdate.client(), cfg.Trust, all, cfg.TrustUpdate.Revocation)
}

// client is for addresses that come from certificates.
func (c trustUpdateConfig) client() *http.Client {
	return fetch.NewClient(fetchTime, c.PrivateNetworks)
}

// updateTrust fetches what is configured, then the revocation lists whose addresses were learned from certificates.
func updateTrust(ctx context.Context, cfg config) error {
	u := cfg.TrustUpdate
	learned, err := fetch.Remembered(cfg.Trust)
	failed := fetch.Update(ctx, fetchClient(), cfg.Trust, u.Addresses, u.Territories)
	return errors.Join(err, failed, fetch.Update(ctx, u.client(), cfg.Trust, learned, nil))
}
