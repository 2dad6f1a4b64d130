package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"time"

	"okienko/classify"
	"okienko/ingest"
	"okienko/ingest/imap"
	"okienko/ingest/read"
	"okienko/ingest/sandbox"
	"okienko/schemas"
	"okienko/workflow"
	"okienko/workflow/deadline"
	"okienko/workflow/files"
	"okienko/workflow/jobs"
	"okienko/workflow/reply"
	"okienko/workflow/store"
)

// The connector asks the ledger whether it can settle items that disappeared before they were taken: it can.
var _ ingest.Reconciler = (*store.Store)(nil)

// openApp puts the parts together that the process's roles need. Nothing runs yet; close what it returns.
func openApp(ctx context.Context, cfg config, log *slog.Logger) (*app, error) {
	a := &app{cfg: cfg, log: log, ending: make(chan struct{})}
	if err := a.open(ctx); err != nil {
		return nil, errors.Join(err, a.close())
	}
	return a, nil
}

func (a *app) open(ctx context.Context) error {
	if err := os.MkdirAll(a.cfg.Data, 0o700); err != nil {
		return fmt.Errorf("data: %w", err)
	}
	secret, err := loadSecret(a.cfg.Data)
	if err != nil {
		return err
	}
	evidence, err := files.Open(a.cfg.evidenceDir())
	if err != nil {
		return fmt.Errorf("evidence: %w", err)
	}
	if a.store, err = store.Open(ctx, a.cfg.Database, nil); err != nil {
		return err
	}
	a.closers = append(a.closers, a.store.Close)
	if a.library, err = openLibrary(ctx, a.cfg, a.store, secret, a.log); err != nil {
		return err
	}
	bench, err := a.library.InForce(ctx)
	if err != nil {
		return err
	}
	pool, err := newPool(a.cfg.Workers.Readers, a.cfg.cacheDir(), a.cfg.Trust)
	if err != nil {
		return fmt.Errorf("reader processes: %w", err)
	}
	a.closers = append(a.closers, pool.Close)
	a.warm(ctx, pool)
	a.keepTrustFresh(ctx, pool)
	postman, err := a.newPostman()
	if err != nil {
		return err
	}
	if err := errors.Join(a.carryEPUAP(postman, evidence), a.carryEDelivery(postman, evidence)); err != nil {
		return err
	}
	examiner := newClient(pool)
	examiner.asker = a.newAsker(pool, evidence)
	a.pipeline = &workflow.Pipeline{
		Store: a.store, Records: a.store, Evidence: evidence, Examiner: examiner, Judge: bench.Judge, Composer: bench.Composer,
		Rulebook: a.library, Postman: postman, Hold: a.cfg.Replies.Hold, HeldUntil: a.cfg.heldUntil, Carried: postman.carries, Secret: secret, Now: time.Now,
	}
	if err := a.openRoles(); err != nil {
		return err
	}
	if err := errors.Join(a.openDesk(read.Client{Pool: pool}, evidence), a.openResident(secret), a.openWebhooks()); err != nil {
		return err
	}
	a.withAPI(evidence)
	return nil
}

// openRoles prepares the sources and the workers, where this process plays their roles.
func (a *app) openRoles() (err error) {
	if a.cfg.has(roleWorkers) {
		a.jobs, err = jobs.New(a.store, a.pipeline, jobs.Config{
			Judges: a.cfg.Workers.Jobs, Timeout: a.cfg.Workers.Timeout, RescueAfter: a.cfg.Workers.Rescue, Logger: a.log,
		})
		if err != nil {
			return fmt.Errorf("workers: %w", err)
		}
	}
	if !a.cfg.has(roleSources) {
		return nil
	}
	for _, c := range a.cfg.IMAP {
		s, err := imap.New(c, a.store, a.log)
		if err != nil {
			return fmt.Errorf("source %s: %w", c.Name, err)
		}
		a.sources = append(a.sources, intake{s, a.pipeline.Accept, ingest.Email})
	}
	return errors.Join(a.openEPUAP(), a.openScan(), a.openEDelivery())
}

// warm compiles the PDF engine in the background, so that the first letter with a PDF need not wait for it.
func (a *app) warm(ctx context.Context, pool *sandbox.Pool) {
	if !a.cfg.has(roleWorkers) {
		return
	}
	go func() {
		if err := pool.Warm(ctx); err != nil && ctx.Err() == nil {
			a.log.Error("preparing the reader processes failed; the first PDF tries again", "error", err)
		}
	}()
}

// newJudge is the judge of the files built in, for commands without a database.
func newJudge(cfg config) (workflow.Judge, error) {
	catalog, err := schemas.Default()
	if err != nil {
		return workflow.Judge{}, fmt.Errorf("catalogue of procedures: %w", err)
	}
	rules, err := classify.Default(catalog, time.Now())
	if err != nil {
		return workflow.Judge{}, fmt.Errorf("rules: %w", err)
	}
	return workflow.Judge{Rules: rules, Catalog: catalog, Policy: cfg.policy()}, nil
}

// newComposer makes the composer of a catalogue. letters may be nil: the templates embedded in the program.
func newComposer(cfg config, catalog schemas.Catalog, secret []byte, letters fs.FS, calendar deadline.Calendar) (*reply.Composer, error) {
	codes, err := reply.NewCodes(secret)
	if err != nil {
		return nil, err
	}
	return reply.New(reply.Config{Office: cfg.Office, Procedures: catalog, Policy: cfg.policy(), Codes: codes, Page: cfg.Resident.Address(), Letters: letters, Calendar: calendar})
}

// postman is reply.Postman for River: a letter another process is sending is looked at later, and that is no failure.
type postman struct{ reply.Postman }

func (a *app) newPostman() (postman, error) {
	p := postman{reply.Postman{Store: a.store, Carriers: map[ingest.Channel]workflow.Carrier{}, Lease: a.cfg.Replies.Lease}}
	if a.cfg.SMTP.Addr == "" {
		return p, nil
	}
	carrier, err := reply.NewSMTP(a.cfg.SMTP)
	if err != nil {
		return p, err
	}
	p.Carriers[ingest.Email] = carrier
	return p, nil
}

func (p postman) carries(c ingest.Channel) bool { return p.Carriers[c] != nil }

// Deliver implements workflow.Postman.
func (p postman) Deliver(ctx context.Context, id workflow.CaseID, only ...ingest.Channel) error {
	err := p.Postman.Deliver(ctx, id, only...)
	if errors.Is(err, reply.ErrUnderWay) {
		return underWay{err, min(p.Lease, time.Minute)}
	}
	return err
}

type underWay struct {
	error
	after time.Duration
}

// Unwrap keeps the cause recognisable.
func (u underWay) Unwrap() error { return u.error }

// RetryAfter is asked for by package jobs.
func (u underWay) RetryAfter() time.Duration { return u.after }
