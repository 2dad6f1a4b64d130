package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"okienko/ingest/edelivery"
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
	cfg, err := loadConfig(c.Config)
	if err != nil {
		return err
	}
	source, err := cfg.edeliverySource(c.Source)
	if err != nil {
		return err
	}
	cfg.Roles = []string{roleSources} // nothing is judged and nobody is served by this process
	a, err := openApp(ctx, cfg, slog.New(slog.NewTextHandler(out.err, &slog.HandlerOptions{Level: slog.LevelWarn})))
	if err != nil {
		return err
	}
	for _, file := range c.Files {
		id, importErr := a.importArchive(ctx, source, file)
		if importErr != nil {
			return errors.Join(fmt.Errorf("%s: %w", file, importErr), a.close())
		}
		fmt.Fprintf(out.out, "%s: message %s is registered\n", filepath.Base(file), id)
	}
	return a.close()
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

func (a *app) importArchive(ctx context.Context, source, file string) (messageID string, err error) {
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
	e, closeAll, err := archive.Envelope(source, io.NewSectionReader(f, 0, info.Size()), time.Now())
	if err != nil {
		return "", err
	}
	if err := a.store.Saw(ctx, source, []string{e.Item}); err != nil {
		return "", err
	}
	return archive.MessageID(), errors.Join(a.pipeline.Accept(ctx, e), closeAll())
}
