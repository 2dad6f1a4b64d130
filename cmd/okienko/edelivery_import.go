package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"okienko/ingest"
	"okienko/ingest/edelivery"
	"okienko/workflow"
	"okienko/workflow/files"
)

type edeliveryCmd struct {
	Import edeliveryImportCmd `cmd:"" help:"Take in message archives (ZIP) that were downloaded by hand."`
}

type edeliveryImportCmd struct {
	Config string   `default:"okienko.yaml" help:"Configuration file." type:"path"`
	Source string   `help:"Name of the address the messages came to (edelivery.name); default: the first one."`
	Files  []string `arg:"" name:"file" help:"Message archives." type:"path"`
}

// Run registers each archive as the message it holds. A message that is registered already, from the mailbox or from an archive,
// stays one case. The workers of a running office judge it.
func (c *edeliveryImportCmd) Run(ctx context.Context, out streams) error {
	cfg, s, err := openDatabase(ctx, c.Config)
	if err != nil {
		return err
	}
	defer s.Close()
	source, err := cfg.edeliverySource(c.Source)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return fmt.Errorf("data: %w", err)
	}
	evidence, err := files.Open(cfg.evidenceDir())
	if err != nil {
		return fmt.Errorf("evidence: %w", err)
	}
	registered := &registrations{Store: s}
	im := messageImport{source: source, ledger: s, pipeline: &workflow.Pipeline{Store: registered, Evidence: evidence, Now: time.Now}}
	for _, file := range c.Files {
		id, err := im.take(ctx, file)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		what := "is " + registered.number + " already"
		if registered.created {
			what = "is registered as " + registered.number
		}
		fmt.Fprintf(out.out, "%s: message %s %s\n", filepath.Base(file), id, what)
	}
	return nil
}

// edeliverySource is the name of the address messages are registered for.
func (c config) edeliverySource(name string) (string, error) {
	for _, a := range c.EDelivery {
		if name == "" || a.Name == name {
			return a.Name, nil
		}
	}
	if name == "" {
		return "", errors.New("edelivery: the configuration names no address")
	}
	return "", fmt.Errorf("--source %q: the configuration names no such address: %w", name, errUsage)
}

// messageImport registers archives for one address. It needs neither readers nor carriers.
type messageImport struct {
	source   string
	ledger   ingest.Ledger
	pipeline *workflow.Pipeline
}

func (im messageImport) take(ctx context.Context, file string) (messageID string, err error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	archive, err := edelivery.OpenArchive(f, info.Size())
	if err != nil {
		return "", err
	}
	e, closeAll, err := archive.Envelope(im.source, io.NewSectionReader(f, 0, info.Size()), time.Now())
	if err != nil {
		return "", err
	}
	if err := im.ledger.Saw(ctx, im.source, []string{e.Item}); err != nil {
		return "", err
	}
	return archive.MessageID(), errors.Join(im.pipeline.Accept(ctx, e), closeAll())
}
