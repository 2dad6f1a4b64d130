package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"okienko/ingest/imap"
	"okienko/ingest/imap/imaptest"
	"okienko/testdata"
	"okienko/workflow"
	"okienko/workflow/reply/smtpsink"
	"okienko/workflow/store"
)

type demoCmd struct {
	Data   string `help:"Directory to keep the demo's data in; without it, a temporary one that is removed at the end." type:"path"`
	Listen string `default:"127.0.0.1:8080" help:"Address of the desk."`
	Once   bool   `help:"End after the work; exit 0 only if the ledger balances."`
}

// demoPassword opens the demo's desk, whose data are all invented; it listens on this machine only unless told otherwise.
const demoPassword = "okienko-demo"

// Run takes sample letters in from a real IMAP server and a simulated ePUAP inside the program and from a scan folder, answers
// them through an SMTP server and the same ePUAP, which keep everything inside, shows what was decided and serves the desk.
func (d *demoCmd) Run(ctx context.Context, out streams) error {
	dir, remove, err := d.dir()
	if err != nil {
		return err
	}
	defer remove()
	mailbox, err := imaptest.StartMemory(imaptest.MemoryOptions{})
	if err != nil {
		return fmt.Errorf("mailbox of the demo: %w", err)
	}
	defer mailbox.Close()
	delivered, err := deliverStories(mailbox)
	if err != nil {
		return err
	}
	sink, err := smtpsink.Listen("127.0.0.1:0", "")
	if err != nil {
		return err
	}
	defer sink.Close()
	box, err := startDemoBox(dir)
	if err != nil {
		return err
	}
	defer box.Close()
	cfg := d.config(dir, mailbox, sink.Addr())
	if err := box.configure(&cfg); err != nil {
		return err
	}
	post, err := startDemoPost()
	if err != nil {
		return err
	}
	defer post.Close()
	post.configure(&cfg)
	if err := box.trust("pieczecie-edoreczen.pem", post.Authority.PEM()); err != nil {
		return err
	}
	urn, err := newDemoUrn(dir)
	if err != nil {
		return err
	}
	urn.configure(&cfg)
	bar := newProgress(out.err, "opracowane", delivered+box.delivered+urn.cases()+post.delivered)
	a, err := openDemo(ctx, cfg, bar)
	if err != nil {
		return err
	}
	defer a.close()
	if err := urn.fill(ctx, a); err != nil {
		return err
	}
	fmt.Fprintf(out.out, "Okienko: w skrzynce czeka %d listów, w ePUAP %d pism, w e-Doręczeniach %d wiadomości, z urny %d partie skanów (%d letters wait in the mailbox, %d in ePUAP, %d in e-Doręczenia, %d batches from the urn)\n",
		delivered, box.delivered, post.delivered, len(urn.batches()), delivered, box.delivered, post.delivered, len(urn.batches()))
	return d.work(ctx, out, a, bar, post, func() error {
		return errors.Join(d.summary(ctx, out.out, a.store, sink), box.summary(ctx, out.out, a.store), post.summary(ctx, out.out, a.store), urn.summary(ctx, out.out, a.store))
	})
}

// work runs the demo's pipeline until all is done, shows it, and serves the desk.
func (d *demoCmd) work(ctx context.Context, out streams, a *app, bar *progress, post *demoPost, summary func() error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	began := time.Now()
	stop, err := a.start(ctx)
	if err != nil {
		return err
	}
	workErr := a.untilJudged(ctx, bar)
	if workErr == nil {
		workErr = post.goOn(ctx, a)
	}
	if workErr == nil {
		fmt.Fprintf(out.out, "Gotowe w %.1f s.\n\n", time.Since(began).Seconds())
		workErr = errors.Join(printCases(ctx, out.out, a.store), summary())
	}
	if workErr == nil && !d.Once {
		fmt.Fprintf(out.out, "\nBiurko (desk): http://%s  użytkownik: demo  hasło: %s  (administrator: admin, to samo hasło)\nCtrl-C kończy.\n", d.Listen, demoPassword)
		<-ctx.Done()
	}
	cancel()
	if err := errors.Join(workErr, stop()); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return balanced(context.WithoutCancel(ctx), a.store)
}

// dir is where the demo keeps its data.
func (d *demoCmd) dir() (dir string, remove func(), err error) {
	if d.Data != "" {
		return d.Data, func() {}, nil
	}
	dir, err = os.MkdirTemp("", "okienko-demo-")
	if err != nil {
		return "", nil, fmt.Errorf("directory of the demo: %w", err)
	}
	return dir, func() { os.RemoveAll(dir) }, nil
}

func (d *demoCmd) config(dir string, mailbox *imaptest.Memory, smtpAddr string) config {
	cfg := defaultConfig()
	cfg.Database, cfg.Data, cfg.Health = filepath.Join(dir, "okienko.db"), dir, ""
	cfg.Desk.Listen = d.Listen
	cfg.Log.Level = "warn"
	cfg.IMAP = []imap.Config{{
		Name: "podania", Host: mailbox.Host, Port: mailbox.Port, TLS: "none", Username: mailbox.Username,
		Password: imap.Secret(mailbox.Password), Start: "all",
	}}
	cfg.SMTP.Addr, cfg.SMTP.TLS = smtpAddr, "none"
	cfg.SMTP.From, cfg.SMTP.FromName = "podania@um-krakow.example", cfg.Office.Name
	cfg.Office.Mailboxes = []string{"podania@um-krakow.example"}
	if cache := userCache(); cache != "" {
		cfg.Cache = cache
	}
	return cfg
}

// openDemo makes the database and the two people of the demo.
func openDemo(ctx context.Context, cfg config, logTo io.Writer) (*app, error) {
	if err := makeDatabase(ctx, cfg.Database); err != nil {
		return nil, err
	}
	a, err := openApp(ctx, cfg, slog.New(slog.NewTextHandler(logTo, &slog.HandlerOptions{Level: slog.LevelWarn})))
	if err != nil {
		return nil, err
	}
	for _, u := range []workflow.User{
		{Name: "demo", FullName: "Anna Przykładowa", Position: "inspektor", Role: workflow.RoleClerk},
		{Name: "admin", FullName: "Administrator", Role: workflow.RoleAdmin},
	} {
		if err := addUser(ctx, a.store, u, demoPassword); err != nil {
			return nil, errors.Join(err, a.close())
		}
	}
	return a, nil
}

// deliverStories puts the sample letters into the mailbox at the times they came, and returns how many.
func deliverStories(mailbox *imaptest.Memory) (int, error) {
	stories, err := testdata.Stories()
	if err != nil {
		return 0, fmt.Errorf("sample letters: %w", err)
	}
	n := 0
	for _, s := range stories {
		for range max(s.Want.Deliver, 1) {
			if err := mailbox.Append("INBOX", s.Message, s.Want.Received); err != nil {
				return n, fmt.Errorf("deliver %s: %w", s.Name, err)
			}
			n++
		}
	}
	return n, nil
}

// untilJudged draws progress until the sources are taken in and the machine has nothing left to do.
func (a *app) untilJudged(ctx context.Context, p *progress) error {
	done := make(chan error, 1)
	go func() { done <- a.untilIdle(ctx) }()
	ticker := time.NewTicker(idlePoll)
	defer ticker.Stop()
	defer p.done()
	for {
		select {
		case err := <-done:
			p.set(p.total)
			return err
		case <-ticker.C:
			if n, err := a.settled(ctx); err == nil {
				p.set(n)
			}
		}
	}
}

// settled counts the items that are judged or known to be second copies.
func (a *app) settled(ctx context.Context) (int, error) {
	counts, err := a.store.CountCases(ctx)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, c := range counts {
		if c.Status != workflow.StatusProcessing {
			n += c.N
		}
	}
	balance, err := a.store.Balance(ctx)
	for _, b := range balance {
		n += b.Duplicates
	}
	return n, err
}

// summary tells what the ledger and the outgoing mail look like.
func (d *demoCmd) summary(ctx context.Context, w io.Writer, s *store.Store, sink *smtpsink.Sink) error {
	rows, err := s.Balance(ctx)
	if err != nil {
		return err
	}
	for _, b := range rows {
		fmt.Fprintf(w, "\n%s: widziane %d = zarejestrowane %d + drugie egzemplarze %d + kwarantanna %d, różnica %d\n",
			b.Source, b.Seen, b.Registered, b.Duplicates, b.Quarantined, b.Seen-b.Settled())
	}
	sent := sink.Messages()
	fmt.Fprintf(w, "odpowiedzi wysłane do serwera wewnątrz programu: %d (nic nie opuściło tego komputera)\n", len(sent))
	return nil
}

func byNumber(cases []workflow.CaseSummary) {
	slices.SortFunc(cases, func(a, b workflow.CaseSummary) int { return int(a.ID - b.ID) })
}
