package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"okienko/ingest"
	"okienko/internal/board"
	"okienko/internal/web"
	"okienko/workflow"
	"okienko/workflow/ade"
	"okienko/workflow/jobs"
	"okienko/workflow/nadaj"
	"okienko/workflow/rulebook"
	"okienko/workflow/store"
	"okienko/workflow/webhook"
)

// app is one running process: the parts its roles need, wired together.
type app struct {
	cfg      config
	log      *slog.Logger
	store    *store.Store
	pipeline *workflow.Pipeline
	library  *rulebook.Library
	jobs     *jobs.Runner // nil without the role
	sources  []intake
	receipts *nadaj.Receipts // nil without boxes
	webhooks []newsHook
	tracker  *ade.Tracker // nil without e-Doręczenia
	drafter  drafter
	desk     http.Handler
	senders  []*webhook.Sender
	ending   chan struct{}  // closed when the web servers shut down
	resident http.Handler   // nil without the role, or without an address
	closers  []func() error // run last to first
}

// intake is a connector that tells how it does, and what takes its letters.
type intake struct {
	source interface {
		ingest.Source
		Status() board.Status
	}
	accept  ingest.AcceptFunc
	channel ingest.Channel
}

// shutdownTime bounds a graceful stop; what is not finished by then is taken up by the next process.
const shutdownTime = 20 * time.Second

// restartPause is the wait before workers that could not start try again.
const restartPause = 5 * time.Second

// run plays the process's roles until ctx ends.
func (a *app) run(ctx context.Context) error {
	stop, err := a.start(ctx)
	if err != nil {
		return err
	}
	<-ctx.Done()
	a.log.Info("okienko stops")
	return stop()
}

// runOnce takes in what waits, finishes it, and reports whether the ledger balances.
func (a *app) runOnce(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stop, err := a.start(ctx)
	if err != nil {
		return err
	}
	waitErr := a.untilIdle(ctx)
	cancel()
	if err := errors.Join(waitErr, stop()); err != nil {
		return err
	}
	return balanced(context.WithoutCancel(ctx), a.store)
}

// start begins every role and returns how to end them in order: sources first, then workers, then the web servers.
func (a *app) start(ctx context.Context) (stop func() error, err error) {
	servers, err := a.listen()
	if err != nil {
		return nil, err
	}
	var sources sync.WaitGroup
	sourceCtx, stopSources := context.WithCancel(ctx)
	for _, s := range a.sources {
		sources.Go(func() { a.fetch(sourceCtx, s.source, s.accept) })
	}
	workerCtx, stopWorkers := context.WithCancel(context.WithoutCancel(ctx))
	workers := make(chan error, 1)
	go func() {
		var tracking sync.WaitGroup
		tracking.Go(func() { a.track(workerCtx) })
		tracking.Go(func() { a.push(workerCtx) })
		tracking.Go(func() { a.indexPending(workerCtx) })
		tracking.Go(func() { a.tellContacts(workerCtx) })
		err := a.work(workerCtx)
		tracking.Wait()
		workers <- err
	}()
	return func() error {
		stopSources()
		sources.Wait()
		stopWorkers()
		errs := []error{<-workers}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
		defer cancel()
		for _, s := range servers {
			errs = append(errs, s.Shutdown(ctx))
		}
		return errors.Join(errs...)
	}, nil
}

// work runs the job queue until ctx ends, if this process has the role. While the database does not answer it tries again.
func (a *app) work(ctx context.Context) error {
	for a.jobs != nil && ctx.Err() == nil {
		err := a.jobs.Run(ctx)
		if err == nil || ctx.Err() != nil { // told to stop while starting: what it would have taken up waits in the database
			return nil //nolint:nilerr // see above
		}
		a.log.Error("workers could not start; they try again", "error", err)
		select {
		case <-ctx.Done():
		case <-time.After(restartPause):
		}
	}
	return nil
}

// fetch runs one source. Its end is that of the source alone: the others go on.
func (a *app) fetch(ctx context.Context, s ingest.Source, accept ingest.AcceptFunc) {
	if err := s.Fetch(ctx, accept); err != nil && ctx.Err() == nil {
		a.log.Error("source ended: it needs a person", "source", s.Name(), "error", err)
	}
}

// listen starts the desk and the health endpoints.
func (a *app) listen() ([]*http.Server, error) {
	handlers := map[string]http.Handler{}
	if a.cfg.Health != "" {
		handlers[a.cfg.Health] = healthHandler(a.store, a.sourceStatus)
	}
	if a.desk != nil {
		handlers[a.cfg.Desk.Listen] = a.desk
	}
	if a.resident != nil {
		handlers[a.cfg.Resident.Listen] = a.resident
	}
	if err := a.listenForNews(handlers); err != nil {
		return nil, err
	}
	var servers []*http.Server
	end := sync.OnceFunc(func() { close(a.ending) })
	for addr, h := range handlers {
		ln, err := net.Listen("tcp", addr)
		if err != nil {
			return servers, fmt.Errorf("listen on %s: %w", addr, err)
		}
		s := web.NewServer(h)
		s.RegisterOnShutdown(end)
		if addr == a.cfg.Resident.Listen {
			s.ReadTimeout = residentReadTime
		}
		servers = append(servers, s)
		cert, key := a.cfg.tlsFiles(addr)
		go a.serveHTTP(s, ln, cert, key)
	}
	return servers, nil
}

func (a *app) serveHTTP(s *http.Server, ln net.Listener, cert, key string) {
	var err error
	if cert != "" {
		err = s.ServeTLS(ln, cert, key)
	} else {
		err = s.Serve(ln)
	}
	if !errors.Is(err, http.ErrServerClosed) {
		a.log.Error("web server ended", "address", ln.Addr().String(), "error", err)
	}
}

// untilIdle waits until every source has nothing more to offer and the machine nothing more to do.
func (a *app) untilIdle(ctx context.Context) error {
	ticker := time.NewTicker(idlePoll)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
		}
		if err := a.sourceTrouble(); err != nil {
			return err
		}
		if !a.caughtUp() {
			continue
		}
		if left, err := a.store.Waiting(ctx); err != nil || left == 0 {
			return err
		}
	}
}

// sourceTrouble returns an error once waiting for a source makes no sense: it ended, or failed several times in a row. What the
// source itself goes on without in the end is given the tries it takes for that.
func (a *app) sourceTrouble() error {
	for _, s := range a.sources {
		st, patience := s.source.Status(), 3
		if st.Bounded {
			patience = 10
		}
		if st.LastError != "" && (st.Phase == board.Stopped || st.Failures >= patience) {
			return fmt.Errorf("source %s: %s (%d failures in a row; the log says more)", s.source.Name(), st.LastError, st.Failures)
		}
	}
	return nil
}

func (a *app) caughtUp() bool {
	for _, s := range a.sources {
		if st := s.source.Status(); st.Phase != board.Idle || st.Waiting > 0 || st.Unmoved > 0 {
			return false
		}
	}
	return true
}

func (a *app) sourceStatus() []sourceStatus {
	var all []sourceStatus
	for _, s := range a.sources {
		st := s.source.Status()
		all = append(all, sourceStatus{Name: s.source.Name(), LastContact: st.LastContact, Up: st.Up()})
	}
	return all
}

// close releases what openApp took, last first.
func (a *app) close() error {
	var errs []error
	for i := len(a.closers) - 1; i >= 0; i-- {
		errs = append(errs, a.closers[i]())
	}
	return errors.Join(errs...)
}

// balanced returns an error that names the first source whose ledger has a difference (promise P15).
func balanced(ctx context.Context, o workflow.Overview) error {
	rows, err := o.Balance(ctx)
	if err != nil {
		return fmt.Errorf("read the ledger: %w", err)
	}
	for _, b := range rows {
		if !b.Balanced() {
			return fmt.Errorf("the ledger of %s does not balance: seen %d = registered %d + duplicates %d + quarantined %d, difference %d",
				b.Source, b.Seen, b.Registered, b.Duplicates, b.Quarantined, b.Seen-b.Settled())
		}
	}
	return nil
}
