package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"okienko/ingest"
	"okienko/ingest/epuap"
	"okienko/workflow"
	"okienko/workflow/files"
	"okienko/workflow/nadaj"
	"okienko/workflow/store"
)

type epuapCmd struct {
	Import epuapImportCmd `cmd:"" help:"Take in emergency downloads of boxes (ZIP files with Deskryptor.xml)."`
}

type epuapImportCmd struct {
	Config             string   `default:"okienko.yaml" help:"Configuration file." type:"path"`
	WithoutAttachments bool     `help:"Take documents also when their big attachments cannot be fetched now; they are told as missing."`
	Files              []string `arg:"" name:"file" help:"ZIP file." type:"path"`
}

// Run takes every document of the archives in, as the sources do, and tells of each what became of it. It fails if anything in
// them was not taken. It can be run again.
func (c *epuapImportCmd) Run(ctx context.Context, out streams) error {
	cfg, s, err := openDatabase(ctx, c.Config)
	if err != nil {
		return err
	}
	defer s.Close()
	im, err := newImport(cfg, s, out)
	if err != nil {
		return err
	}
	for _, file := range c.Files {
		if err := im.archive(ctx, file, c.WithoutAttachments); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	fmt.Fprintf(out.out, "%d documents taken, %d of them for the first time; %d not taken\n", im.taken, im.first, im.refused)
	if im.refused > 0 {
		return fmt.Errorf("%d documents or files were not taken", im.refused)
	}
	return nil
}

// archiveImport takes archives in and counts.
type archiveImport struct {
	out                   streams
	boxes                 []*epuap.Source
	addresses             []string // of boxes
	accept                ingest.AcceptFunc
	registered            *registrations
	taken, first, refused int
}

func newImport(cfg config, s *store.Store, out streams) (*archiveImport, error) {
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return nil, fmt.Errorf("data: %w", err)
	}
	evidence, err := files.Open(cfg.evidenceDir())
	if err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	im := &archiveImport{out: out, registered: &registrations{Store: s}}
	trusted, err := loadTrust(cfg.Trust)
	if err != nil {
		return nil, err
	}
	pipeline := &workflow.Pipeline{Store: im.registered, Evidence: evidence, Now: time.Now}
	im.accept = nadaj.Receipts{Store: s, Evidence: evidence, Trust: trusted, Now: time.Now}.Accept(pipeline.Accept)
	for _, c := range cfg.EPUAP {
		box, err := epuap.New(c.Config, s, newLogger(out.err, cfg.Log))
		if err != nil {
			return nil, err
		}
		im.boxes, im.addresses = append(im.boxes, box), append(im.addresses, box.Client().Address())
	}
	if len(im.boxes) == 0 {
		return nil, errors.New("epuap: no box is configured; documents are registered under the box they were sent to")
	}
	return im, nil
}

func (im *archiveImport) archive(ctx context.Context, name string, withoutFiles bool) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	a, err := epuap.ReadArchive(f, info.Size())
	if err != nil {
		return err
	}
	for _, e := range a.Entries {
		im.tell(e, im.take(ctx, e, withoutFiles))
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	for _, extra := range a.Extra {
		im.refused++
		fmt.Fprintf(im.out.out, "%q: NOT TAKEN: not in the descriptor\n", extra)
	}
	return nil
}

func (im *archiveImport) take(ctx context.Context, e epuap.Entry, withoutFiles bool) error {
	for i, address := range im.addresses {
		if strings.EqualFold(address, e.Box()) {
			return im.boxes[i].Import(ctx, e, withoutFiles, im.accept)
		}
	}
	return fmt.Errorf("sent to the box %q; configured are %s", e.Box(), strings.Join(im.addresses, ", "))
}

func (im *archiveImport) tell(e epuap.Entry, err error) {
	if err != nil {
		im.refused++
		fmt.Fprintf(im.out.out, "%q: NOT TAKEN: %s\n", e.Name, oneLine(err))
		return
	}
	im.taken++
	what := "is " + im.registered.number + " already"
	if im.registered.created {
		im.first++
		what = "registered as " + im.registered.number
	}
	if !e.Identified() {
		what += "; the descriptor gives no identifier: the same document out of the queue would be a case of its own"
	}
	fmt.Fprintf(im.out.out, "%q: %s\n", e.Name, what)
}

// registrations notices what became of the last item offered. It is for one caller at a time.
type registrations struct {
	workflow.Store
	number  string
	created bool
}

// Tx implements workflow.Store.
func (r *registrations) Tx(ctx context.Context, fn func(workflow.Tx) error) error {
	return r.Store.Tx(ctx, func(tx workflow.Tx) error { return fn(registering{tx, r}) })
}

type registering struct {
	workflow.Tx
	r *registrations
}

// Create implements workflow.Tx.
func (t registering) Create(ctx context.Context, c *workflow.Case) (bool, error) {
	created, err := t.Tx.Create(ctx, c)
	t.r.number, t.r.created = c.Number, created
	return created, err
}
