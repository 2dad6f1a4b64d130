package workflowtest

import (
	"context"
	"fmt"
	"time"

	"okienko/workflow"
)

// Store wraps a store: every method of workflow.Store and ingest.Ledger, every method of a Tx, its begin and its commit are
// calls that may fail. As with a real database, a transaction in which a call failed is dead, even if its function hides that.
// A commit that is "done, but reported as failed" is the case that an ordinary test never sees.
func (f *Faults) Store(s Store) Store { return faultyStore{s, f} }

type faultyStore struct {
	Store
	f *Faults
}

func (s faultyStore) Case(ctx context.Context, id workflow.CaseID) (workflow.Case, error) {
	return result(s.f, "Case", func() (workflow.Case, error) { return s.Store.Case(ctx, id) })
}

func (s faultyStore) Queue(ctx context.Context, q workflow.QueueQuery) ([]workflow.CaseSummary, error) {
	return result(s.f, "Queue", func() ([]workflow.CaseSummary, error) { return s.Store.Queue(ctx, q) })
}

func (s faultyStore) Judgement(ctx context.Context, id workflow.CaseID) (workflow.Judgement, error) {
	return result(s.f, "Judgement", func() (workflow.Judgement, error) { return s.Store.Judgement(ctx, id) })
}

func (s faultyStore) CaseLetters(ctx context.Context, id workflow.CaseID) ([]workflow.Letter, error) {
	return result(s.f, "CaseLetters", func() ([]workflow.Letter, error) { return s.Store.CaseLetters(ctx, id) })
}

func (s faultyStore) CaseProofs(ctx context.Context, id workflow.CaseID) ([]workflow.Proof, error) {
	return result(s.f, "CaseProofs", func() ([]workflow.Proof, error) { return s.Store.CaseProofs(ctx, id) })
}

func (s faultyStore) DueDeliveries(ctx context.Context, at time.Time, limit int) ([]workflow.Delivery, error) {
	return result(s.f, "DueDeliveries", func() ([]workflow.Delivery, error) { return s.Store.DueDeliveries(ctx, at, limit) })
}

func (s faultyStore) CaseDeliveries(ctx context.Context, id workflow.CaseID) ([]workflow.Delivery, error) {
	return result(s.f, "CaseDeliveries", func() ([]workflow.Delivery, error) { return s.Store.CaseDeliveries(ctx, id) })
}

func (s faultyStore) Saw(ctx context.Context, source string, items []string) error {
	return s.f.Call("Saw", func() error { return s.Store.Saw(ctx, source, items) })
}

func (s faultyStore) Cursor(ctx context.Context, source string) (string, error) {
	return result(s.f, "Cursor", func() (string, error) { return s.Store.Cursor(ctx, source) })
}

func (s faultyStore) SetCursor(ctx context.Context, source, cursor string) error {
	return s.f.Call("SetCursor", func() error { return s.Store.SetCursor(ctx, source, cursor) })
}

func (s faultyStore) Open(ctx context.Context, source string) ([]string, error) {
	return result(s.f, "Open", func() ([]string, error) { return s.Store.Open(ctx, source) })
}

func (s faultyStore) Gone(ctx context.Context, source string, items []string) error {
	return s.f.Call("Gone", func() error { return s.Store.Gone(ctx, source, items) })
}

func (s faultyStore) Tx(ctx context.Context, fn func(workflow.Tx) error) error {
	if before, after := s.f.next("begin"); before != nil || after != nil { // it has begun, and nobody will end it
		return fmt.Errorf("beginning: %w", firstOf(before, after))
	}
	var lost error
	err := s.Store.Tx(ctx, func(tx workflow.Tx) error {
		faulty := &faultyTx{Tx: tx, f: s.f}
		if err := fn(faulty); err != nil {
			return err
		}
		if faulty.dead != nil {
			return faulty.dead
		}
		var refused error
		refused, lost = s.f.next("commit")
		return refused
	})
	return firstOf(err, lost)
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

type faultyTx struct {
	workflow.Tx
	f    *Faults
	dead error // the first failure
}

// call is Faults.Call that ends the transaction.
func (t *faultyTx) call(name string, do func() error) error {
	if t.dead != nil {
		return fmt.Errorf("the transaction failed before: %w", t.dead)
	}
	t.dead = t.f.Call(name, do)
	return t.dead
}

func (t *faultyTx) Create(ctx context.Context, c *workflow.Case) (created bool, err error) {
	err = t.call("Create", func() (err error) {
		created, err = t.Tx.Create(ctx, c)
		return err
	})
	return created && err == nil, err
}

func (t *faultyTx) Lock(ctx context.Context, id workflow.CaseID) (c workflow.Case, err error) {
	err = t.call("Lock", func() (err error) {
		c, err = t.Tx.Lock(ctx, id)
		return err
	})
	return c, err
}

func (t *faultyTx) Update(ctx context.Context, c *workflow.Case) error {
	return t.call("Update", func() error { return t.Tx.Update(ctx, c) })
}

func (t *faultyTx) Append(ctx context.Context, e workflow.Event) error {
	return t.call("Append", func() error { return t.Tx.Append(ctx, e) })
}

func (t *faultyTx) EnqueueAt(ctx context.Context, id workflow.CaseID, stage workflow.Stage, at time.Time) error {
	return t.call("EnqueueAt", func() error { return t.Tx.EnqueueAt(ctx, id, stage, at) })
}

func (t *faultyTx) Enqueue(ctx context.Context, id workflow.CaseID, stage workflow.Stage) error {
	return t.call("Enqueue", func() error { return t.Tx.Enqueue(ctx, id, stage) })
}

func (t *faultyTx) Judged(ctx context.Context, id workflow.CaseID, j workflow.Judgement) error {
	return t.call("Judged", func() error { return t.Tx.Judged(ctx, id, j) })
}

func (t *faultyTx) Settle(ctx context.Context, source, item string, o workflow.ReceiptOutcome, id workflow.CaseID) error {
	return t.call("Settle", func() error { return t.Tx.Settle(ctx, source, item, o, id) })
}

func (t *faultyTx) SaveDelivery(ctx context.Context, d workflow.Delivery) error {
	return t.call("SaveDelivery", func() error { return t.Tx.SaveDelivery(ctx, d) })
}

func (t *faultyTx) Delivery(ctx context.Context, id workflow.LetterID) (d workflow.Delivery, err error) {
	err = t.call("Delivery", func() error {
		d, err = t.Tx.Delivery(ctx, id)
		return err
	})
	return d, err
}

func (t *faultyTx) SaveLetter(ctx context.Context, l *workflow.Letter) error {
	return t.call("SaveLetter", func() error { return t.Tx.SaveLetter(ctx, l) })
}

func (t *faultyTx) LockLetters(ctx context.Context, id workflow.CaseID) (list []workflow.Letter, err error) {
	err = t.call("LockLetters", func() (err error) {
		list, err = t.Tx.LockLetters(ctx, id)
		return err
	})
	return list, err
}

func (t *faultyTx) CountLetters(ctx context.Context, to string, since time.Time) (toAddress, all int, err error) {
	err = t.call("CountLetters", func() (err error) {
		toAddress, all, err = t.Tx.CountLetters(ctx, to, since)
		return err
	})
	return toAddress, all, err
}

func (t *faultyTx) Halted(ctx context.Context) (halted bool, err error) {
	err = t.call("Halted", func() (err error) {
		halted, err = t.Tx.Halted(ctx)
		return err
	})
	return halted, err
}

func (t *faultyTx) AddProof(ctx context.Context, p workflow.Proof) error {
	return t.call("AddProof", func() error { return t.Tx.AddProof(ctx, p) })
}

func (t *faultyTx) Related(ctx context.Context, self workflow.CaseID, keys []workflow.Key) (list []workflow.Related, err error) {
	err = t.call("Related", func() (err error) {
		list, err = t.Tx.Related(ctx, self, keys)
		return err
	})
	return list, err
}

func (t *faultyTx) PutKeys(ctx context.Context, id workflow.CaseID, keys []workflow.Key) error {
	return t.call("PutKeys", func() error { return t.Tx.PutKeys(ctx, id, keys) })
}

func (t *faultyTx) SaveLink(ctx context.Context, id workflow.CaseID, l workflow.Link) error {
	return t.call("SaveLink", func() error { return t.Tx.SaveLink(ctx, id, l) })
}

func (t *faultyTx) DropLink(ctx context.Context, id, other workflow.CaseID) error {
	return t.call("DropLink", func() error { return t.Tx.DropLink(ctx, id, other) })
}

func (t *faultyTx) CreatePart(ctx context.Context, of workflow.Case, c *workflow.Case) error {
	return t.call("CreatePart", func() error { return t.Tx.CreatePart(ctx, of, c) })
}

func (t *faultyTx) SetRulings(ctx context.Context, id workflow.CaseID, rulings []workflow.Ruling) error {
	return t.call("SetRulings", func() error { return t.Tx.SetRulings(ctx, id, rulings) })
}

func (t *faultyTx) KeepStep(ctx context.Context, s workflow.Step) error {
	return t.call("KeepStep", func() error { return t.Tx.KeepStep(ctx, s) })
}

func (t *faultyTx) AddExample(ctx context.Context, e workflow.Example) error {
	return t.call("AddExample", func() error { return t.Tx.AddExample(ctx, e) })
}
