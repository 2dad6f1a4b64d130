package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/riverqueue/river/riverdriver"
)

// group lets transactions that wait for SQLite's one writer share a commit, and so one wait for the disk. Each runs alone, in
// turn, inside a savepoint of the same SQLite transaction; each returns only when that is committed, so "durable when Tx
// returns" holds as before. One that fails rolls back to its savepoint and leaves the others alone; if the commit itself fails,
// it fails for all.
type group struct {
	write *sql.DB
	river sqliteDriver

	mu      sync.Mutex
	taken   bool            // somebody has the turn
	waiting []chan struct{} // who wants it, in order
	open    *batch          // owned by who has the turn
}

// batch is one SQLite transaction with its members so far.
type batch struct {
	conn    *sql.Conn
	tx      *sql.Tx
	members int
	broken  error         // SQLite ended the transaction by itself: nothing may run in it any more
	done    chan struct{} // closed after the commit
	err     error         // of the commit; read after done
}

// largest bounds how long the first member waits for the last, and River for the writer.
const largest = 16

// begin waits for the turn as long as ctx lets it.
func (g *group) begin(ctx context.Context) (transaction, error) {
	if err := g.wait(ctx); err != nil {
		return nil, err
	}
	if g.open == nil {
		if err := g.start(ctx); err != nil {
			g.next(true)
			return nil, err
		}
	}
	t := &member{group: g, batch: g.open}
	if err := t.savepoint("SAVEPOINT member"); err != nil {
		g.leave()
		return nil, err
	}
	return t, nil
}

func (g *group) wait(ctx context.Context) error {
	g.mu.Lock()
	if !g.taken {
		g.taken = true
		g.mu.Unlock()
		return nil
	}
	turn := make(chan struct{})
	g.waiting = append(g.waiting, turn)
	g.mu.Unlock()
	select {
	case <-turn:
		return nil
	case <-ctx.Done():
		g.withdraw(turn)
		return ctx.Err()
	}
}

// withdraw stops waiting; a turn that came in the same moment is passed on.
func (g *group) withdraw(turn chan struct{}) {
	g.mu.Lock()
	if i := slices.Index(g.waiting, turn); i >= 0 {
		g.waiting = slices.Delete(g.waiting, i, i+1)
		g.mu.Unlock()
		return
	}
	g.mu.Unlock()
	g.leave()
}

// start begins the transaction. Nothing interrupts it: SQLite answers an interrupt by rolling back everything, after which the
// next statement would stand outside any transaction.
func (g *group) start(ctx context.Context) error {
	conn, err := g.write.Conn(ctx)
	if err != nil {
		return err
	}
	tx, err := conn.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		conn.Close()
		return err
	}
	g.open = &batch{conn: conn, tx: tx, done: make(chan struct{})}
	return nil
}

// leave ends a turn: the next one joins the batch, or else the batch is committed.
func (g *group) leave() {
	if b := g.open; b != nil {
		if b.broken == nil && b.members < largest && g.next(false) {
			return
		}
		g.open = nil
		b.finish()
	}
	g.next(true)
}

// next gives the turn to who waits longest. If nobody does it reports false; with free the turn is nobody's then.
func (g *group) next(free bool) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.waiting) == 0 {
		g.taken = !free
		return false
	}
	close(g.waiting[0])
	g.waiting = g.waiting[1:]
	return true
}

// finish commits for all members and tells them.
func (b *batch) finish() {
	defer close(b.done)
	defer b.conn.Close()
	if b.broken != nil || b.members == 0 {
		b.err = errors.Join(b.broken, b.tx.Rollback())
		return
	}
	b.err = b.tx.Commit()
}

// member is one transaction of a batch; it has the turn until it commits or rolls back.
type member struct {
	group *group
	batch *batch
}

func (t *member) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return t.batch.tx.ExecContext(context.WithoutCancel(ctx), query, args...)
}

func (t *member) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return t.batch.tx.QueryContext(context.WithoutCancel(ctx), query, args...)
}

func (t *member) executor() riverdriver.ExecutorTx {
	return t.group.river.Driver.UnwrapExecutor(t.batch.tx)
}

func (t *member) commit(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		t.rollback()
		return err
	}
	if err := t.savepoint("RELEASE member"); err != nil {
		t.group.leave()
		return err
	}
	t.batch.members++
	t.group.leave()
	<-t.batch.done
	return t.batch.err
}

func (t *member) rollback() {
	if t.savepoint("ROLLBACK TO member") == nil {
		_ = t.savepoint("RELEASE member") // a failure breaks the batch, which reports it
	}
	t.group.leave()
}

// savepoint breaks the batch if it fails, since then SQLite has rolled everything back by itself (a full disk, an I/O error).
func (t *member) savepoint(statement string) error {
	_, err := t.batch.tx.ExecContext(context.Background(), statement)
	if err != nil {
		t.batch.broken = fmt.Errorf("a transaction that shared the commit failed: %w", err)
	}
	return err
}
