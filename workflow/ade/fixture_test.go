package ade_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"okienko/ingest"
	"okienko/ingest/edelivery"
	"okienko/ingest/edelivery/edeliverytest"
	"okienko/validate/signature/trust"
	"okienko/workflow"
	"okienko/workflow/ade"
	"okienko/workflow/files"
	"okienko/workflow/reply"
	"okienko/workflow/seal"
	"okienko/workflow/store"
	"okienko/workflow/workflowtest"
)

func TestMain(m *testing.M) { workflowtest.Main(m) }

const (
	anna = "AE:PL-11111-22222-ANNAT-23"
	jan  = "AE:PL-33333-44444-JANEK-25"
	ola  = "AE:PL-77777-88888-OLAAA-22" // to whom nothing can be handed over
)

// office is the seal of all offices here: keys take long to make.
var office = sync.OnceValues(func() (*seal.Seal, error) {
	key, err := edeliverytest.NewKey("TEST pieczęć urzędu")
	return &seal.Seal{Certificate: key.Certificate, Key: key.Signer}, err
})

// world is an office that answers through a simulated platform, whose clock it shares.
type world struct {
	platform *edeliverytest.Server
	store    *store.Store
	carrier  *ade.Carrier
	tracker  *ade.Tracker
	evidence workflow.Evidence
}

// eachDatabase runs a test on SQLite and on PostgreSQL.
func eachDatabase(t *testing.T, test func(t *testing.T, open func(*testing.T) *world)) {
	for name, url := range map[string]func(testing.TB) string{
		"SQLite": func(tb testing.TB) string { return filepath.Join(tb.TempDir(), "okienko.db") }, "PostgreSQL": postgres,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, func(t *testing.T) *world { return newWorld(t, url(t)) })
		})
	}
}

// postgres is a migrated database.
func postgres(tb testing.TB) string {
	return workflowtest.PostgresLike(tb, func(url string) error { return store.Migrate(context.Background(), url) })
}

// emptyDatabase is a migrated SQLite file, made once.
var emptyDatabase = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "okienko-ade")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "okienko.db")
	if err := store.Migrate(context.Background(), path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// newWorld opens an office on a database of PostgreSQL, or on a file of SQLite that is not there yet.
func newWorld(t *testing.T, url string) *world {
	t.Helper()
	if !strings.HasPrefix(url, "postgres") {
		empty, err := emptyDatabase()
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(url, empty, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	w := &world{}
	var err error
	if w.store, err = store.Open(context.Background(), url, nil); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.store.Close() })
	evidence, err := files.Open(filepath.Join(t.TempDir(), "evidence"))
	if err != nil {
		t.Fatal(err)
	}
	if w.platform, err = edeliverytest.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.platform.Close() })
	w.platform.AddResident(edeliverytest.Resident{Address: anna, Name: "Anna", Opens: 48 * time.Hour})
	w.platform.AddResident(edeliverytest.Resident{Address: jan, Name: "Jan", Opens: edeliverytest.Never})
	w.platform.AddResident(edeliverytest.Resident{Address: ola, Name: "Ola", Opens: time.Hour, Fails: true})
	cfg := w.platform.Config("ade", edeliverytest.Address)
	cfg.Timeout = time.Second
	client, err := edelivery.NewClient(cfg)
	if err != nil {
		t.Fatal(err)
	}
	trusted, err := trust.New(map[string][]byte{"ca.pem": w.platform.Authority.PEM()})
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := office()
	if err != nil {
		t.Fatal(err)
	}
	log, boxes := slog.New(slog.DiscardHandler), ade.Mailboxes{{Client: client, Seal: sealed}}
	w.evidence = evidence
	w.carrier = &ade.Carrier{Mailboxes: boxes, Store: w.store, Evidence: evidence, Log: log, Now: w.platform.Now}
	w.tracker = &ade.Tracker{Mailboxes: boxes, Store: w.store, Evidence: evidence, Trust: trusted, Log: log, Now: w.platform.Now}
	return w
}

func (w *world) postman() reply.Postman {
	return reply.Postman{Store: w.store, Carriers: map[ingest.Channel]workflow.Carrier{ingest.EDelivery: w.carrier}, Now: w.platform.Now}
}

// newCase registers a message of Anna with one queued letter.
func (w *world) newCase(t *testing.T, change func(*workflow.Letter)) workflow.CaseID {
	t.Helper()
	var id workflow.CaseID
	err := w.store.Tx(t.Context(), func(tx workflow.Tx) error {
		c := workflow.Case{Submission: ingest.Submission{Source: "ade", Channel: ingest.EDelivery, Item: "wiad-1", Key: "wiad-1", KeyOnly: true, ReceivedAt: w.platform.Now(),
			Meta:      map[string]string{edelivery.MetaSender: anna, edelivery.MetaThread: "watek-1", edelivery.MetaMessage: "wiad-1"},
			Originals: []ingest.Original{{Role: "body", Digest: ingest.DigestOf([]byte(t.Name()))}}}, Stage: workflow.StageDone, Status: workflow.StatusOpen}
		if _, err := tx.Create(t.Context(), &c); err != nil {
			return err
		}
		id = c.ID
		l := workflow.Letter{Case: id, Kind: workflow.ReplyCall, Status: workflow.LetterQueued, Channel: ingest.EDelivery, To: anna,
			Subject: "[RPW/1/2026] Wezwanie", Text: "Termin: 7 dni od dnia doręczenia tego wezwania.", MessageID: "okienko.1@um.example", CreatedAt: w.platform.Now()}
		if change != nil {
			change(&l)
		}
		return tx.SaveLetter(t.Context(), &l)
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func (w *world) letter(t *testing.T, id workflow.CaseID) workflow.Letter {
	t.Helper()
	letters, err := w.store.CaseLetters(t.Context(), id)
	if err != nil || len(letters) != 1 {
		t.Fatalf("letters %+v, %v", letters, err)
	}
	return letters[0]
}

func (w *world) delivery(t *testing.T, id workflow.CaseID) workflow.Delivery {
	t.Helper()
	all, err := w.store.CaseDeliveries(t.Context(), id)
	if err != nil || len(all) != 1 {
		t.Fatalf("deliveries %+v, %v", all, err)
	}
	return all[0]
}

// history is the case's events, one a line.
func (w *world) history(t *testing.T, id workflow.CaseID) string {
	t.Helper()
	events, err := w.store.Events(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, e := range events {
		fmt.Fprintln(&b, e.Detail)
	}
	return b.String()
}

func (w *world) deliver(t *testing.T, id workflow.CaseID) error {
	t.Helper()
	return w.postman().Deliver(t.Context(), id)
}

func (w *world) look(t *testing.T) {
	t.Helper()
	if err := w.tracker.Look(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// caseAt registers a case whose message came to an address, with a letter to Anna.
func (w *world) caseAt(t *testing.T, message, address string) (id workflow.CaseID) {
	t.Helper()
	w.tx(t, func(tx workflow.Tx) error {
		c := workflow.Case{Submission: ingest.Submission{Source: "ade", Channel: ingest.EDelivery, Item: message, Key: message, KeyOnly: true, ReceivedAt: w.platform.Now(),
			Meta:      map[string]string{edelivery.MetaAddress: address},
			Originals: []ingest.Original{{Role: "body", Digest: ingest.DigestOf([]byte(message))}}}, Stage: workflow.StageDone, Status: workflow.StatusOpen}
		if _, err := tx.Create(t.Context(), &c); err != nil {
			return err
		}
		id = c.ID
		return tx.SaveLetter(t.Context(), &workflow.Letter{Case: id, Kind: workflow.ReplyCall, Status: workflow.LetterQueued, Channel: ingest.EDelivery,
			To: anna, Subject: "Wezwanie", Text: "Wzywam.", MessageID: message + "@um.example", CreatedAt: w.platform.Now()})
	})
	return id
}

// otherLetter sends another one in the same case.
func (w *world) otherLetter(t *testing.T, id workflow.CaseID) {
	t.Helper()
	w.tx(t, func(tx workflow.Tx) error {
		return tx.SaveLetter(t.Context(), &workflow.Letter{Case: id, Kind: workflow.ReplyCall, Status: workflow.LetterQueued, Channel: ingest.EDelivery,
			To: anna, Subject: "[RPW/1/2026] Wezwanie", Text: "Drugie.", MessageID: "okienko.2@um.example", CreatedAt: w.platform.Now()})
	})
	if err := w.deliver(t, id); err != nil {
		t.Fatal(err)
	}
}

// requeue sends the first letter again, as a clerk may.
func (w *world) requeue(t *testing.T, id workflow.CaseID) {
	t.Helper()
	w.tx(t, func(tx workflow.Tx) error {
		letters, err := tx.LockLetters(t.Context(), id)
		if err != nil {
			return err
		}
		letters[0].Status = workflow.LetterQueued
		return tx.SaveLetter(t.Context(), &letters[0])
	})
}

// close closes a case.
func (w *world) close(t *testing.T, id workflow.CaseID) {
	t.Helper()
	w.tx(t, func(tx workflow.Tx) error {
		c, err := tx.Lock(t.Context(), id)
		if err != nil {
			return err
		}
		c.Status = workflow.StatusClosed
		return tx.Update(t.Context(), &c)
	})
}

func (w *world) tx(t *testing.T, do func(workflow.Tx) error) {
	t.Helper()
	if err := w.store.Tx(t.Context(), do); err != nil {
		t.Fatal(err)
	}
}

func (w *world) caseOf(t *testing.T, id workflow.CaseID) workflow.Case {
	t.Helper()
	c, err := w.store.Case(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (w *world) proofs(t *testing.T, id workflow.CaseID) []workflow.Proof {
	t.Helper()
	all, err := w.store.CaseProofs(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// letter1 and delivery1 are of the first letter of a case that may have several.
func (w *world) letter1(t *testing.T, id workflow.CaseID) workflow.Letter {
	t.Helper()
	letters, err := w.store.CaseLetters(t.Context(), id)
	if err != nil || len(letters) == 0 {
		t.Fatalf("letters %+v, %v", letters, err)
	}
	return letters[0]
}

func (w *world) delivery1(t *testing.T, id workflow.CaseID) workflow.Delivery {
	t.Helper()
	all, err := w.store.CaseDeliveries(t.Context(), id)
	if err != nil || len(all) == 0 {
		t.Fatalf("deliveries %+v, %v", all, err)
	}
	return all[0]
}
