package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"okienko/validate/signature/trust"
	"okienko/validate/signature/trust/fetch"
)

type trustCmd struct {
	Import trustImportCmd `cmd:"" help:"Take files or addresses into the trust data: signers first, then the list of lists, then the rest."`
	Show   trustShowCmd   `cmd:"" help:"Say what is trusted, for what and until when, and what is out of date."`
	Update trustUpdateCmd `cmd:"" help:"Fetch the lists and revocation lists the configuration names, and those learned from certificates before."`
}

// trustDir finds the directory of trust data.
type trustDir struct {
	Trust  string `help:"Directory of trust data; default: the key trust of the configuration." type:"path"`
	Config string `default:"okienko.yaml" help:"Configuration file." type:"path"`
}

func (d trustDir) dir() (string, error) {
	if d.Trust != "" {
		return d.Trust, nil
	}
	cfg, err := loadConfig(d.Config)
	if err != nil {
		return "", fmt.Errorf("%w; or name the directory with --trust", err)
	}
	if cfg.Trust == "" {
		return "", fmt.Errorf("%s: trust: is empty; name a directory there or with --trust", d.Config)
	}
	return cfg.Trust, nil
}

// fetchTime bounds one download; a list has a few megabytes.
const fetchTime = time.Minute

func fetchClient() *http.Client { return &http.Client{Timeout: fetchTime} }

type trustImportCmd struct {
	trustDir
	Purpose   string   `help:"What a certificate may vouch for: qualified, trusted, personal, advanced, timestamps, or signers (of lists). Default: anything."`
	Territory []string `default:"PL" help:"National lists to fetch when a source is the address of a list of lists; may be repeated."`
	Sources   []string `arg:"" name:"source" help:"Files: certificates, trusted lists, revocation lists. Addresses (http, https): lists and revocation lists only."`
}

// Run takes the sources in their order and stops at the first that cannot be taken.
func (t *trustImportCmd) Run(ctx context.Context, out streams) error {
	dir, err := t.dir()
	if err != nil {
		return err
	}
	for _, source := range t.Sources {
		if err := t.take(ctx, out, dir, source); err != nil {
			return err
		}
	}
	return showTrust(out, dir)
}

func (t *trustImportCmd) take(ctx context.Context, out streams, dir, source string) error {
	if strings.HasPrefix(source, "http://") || strings.HasPrefix(source, "https://") {
		return fetch.Update(ctx, fetchClient(), dir, []string{source}, t.Territory)
	}
	raw, err := os.ReadFile(source)
	if err != nil {
		return err
	}
	importer, err := fetch.NewImporter(dir)
	if err != nil {
		return err
	}
	name, list, err := importer.Import(raw, trust.Purpose(t.Purpose))
	if err != nil {
		return fmt.Errorf("%s: %w", source, err)
	}
	what := ""
	if list != nil {
		what = ": " + list.Title()
	}
	fmt.Fprintf(out.out, "%s -> %s%s\n", source, name, what)
	return nil
}

type trustShowCmd struct{ trustDir }

// Run prints the inventory.
func (t *trustShowCmd) Run(out streams) error {
	dir, err := t.dir()
	if err != nil {
		return err
	}
	return showTrust(out, dir)
}

func showTrust(out streams, dir string) error {
	store, err := readableTrust(dir)
	if err != nil {
		return err
	}
	return store.WriteText(out.out, time.Now())
}
