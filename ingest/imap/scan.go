package imap

import (
	"context"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"

	"okienko/ingest"
	"okienko/internal/board"
)

// scanLimit is how many UIDs one look into the folder remembers; the rest waits for the next look.
const scanLimit = 100_000

// serve looks into the folder and takes what is there, again and again, until ctx ends or the connection fails.
func (c *session) serve(ctx context.Context, accept ingest.AcceptFunc, works func(proven bool)) error {
	if err := c.reconcile(ctx); err != nil {
		return err
	}
	for {
		progress, err := c.scan(ctx, accept)
		if err != nil || ctx.Err() != nil {
			return err
		}
		works(c.proven())
		c.report()
		if progress {
			continue // more may have come meanwhile
		}
		if err := c.wait(ctx); err != nil || ctx.Err() != nil {
			return err
		}
		if err := c.reopen(ctx); err != nil {
			return err
		}
	}
}

// scan takes what is in the folder now. Letters that never failed come first, so that no failing one delays them.
func (c *session) scan(ctx context.Context, accept ingest.AcceptFunc) (progress bool, err error) {
	m := &c.src.memory
	c.forgetNews()
	todo, err := c.waiting()
	if err != nil {
		return false, err
	}
	if err := c.moveAccepted(); err != nil {
		return false, err
	}
	for len(todo) > 0 && ctx.Err() == nil && len(m.unmoved) < maxUnmoved {
		n := min(c.batchSize(), len(todo))
		accepted, err := c.batch(ctx, todo[:n], accept)
		progress = progress || accepted > 0
		if err != nil {
			return progress, err
		}
		if m.stalled() {
			break
		}
		todo = todo[n:]
	}
	return progress, nil
}

func (c *session) batchSize() int {
	if m := &c.src.memory; m.careful > 0 || m.stalled() {
		return 1
	}
	return c.cfg.Batch
}

// waiting asks for the UIDs to take: those that never failed, then those whose time for another try has come.
func (c *session) waiting() ([]imap.UID, error) {
	m, now := &c.src.memory, time.Now()
	found, err := c.search()
	if err != nil {
		return nil, err
	}
	if len(found) < scanLimit {
		m.keep(func(uid imap.UID) bool { _, there := slices.BinarySearch(found, uid); return there })
	}
	var fresh, again []imap.UID
	for _, uid := range found {
		_, unmoved := m.unmoved[uid]
		switch h := m.held[uid]; {
		case unmoved:
		case h == nil:
			fresh = append(fresh, uid)
		case !h.due.After(now):
			again = append(again, uid)
		}
	}
	c.src.status.Update(func(s *board.Status) { s.Waiting = len(found) - len(m.unmoved) })
	return append(fresh, again...), nil
}

// search returns, in ascending order, the UIDs in the folder that are not old.
func (c *session) search() ([]imap.UID, error) {
	defer c.wire.owe(c.cfg.CommandTimeout, answerBytes, searchBytes)()
	criteria := &imap.SearchCriteria{}
	const lineLength = 50 // ranges; servers do not read lines of any length
	if n := len(c.old); n > 0 && n <= lineLength {
		criteria.Not = []imap.SearchCriteria{{UID: []imap.UIDSet{c.old.set()}}}
	}
	data, err := c.client.UIDSearch(criteria, nil).Wait()
	if err != nil {
		return nil, c.failed("searching the folder", err)
	}
	set, _ := data.All.(imap.UIDSet)
	var uids []imap.UID
	for uid := range upTo(set, scanLimit) {
		if !c.old.contains(uid) {
			uids = append(uids, uid)
		}
	}
	return uids, nil
}

// upTo yields the first n UIDs of a set the server named. The set may span four billion; UIDSet.Nums would make a list.
func upTo(set imap.UIDSet, n int) func(yield func(imap.UID) bool) {
	return func(yield func(imap.UID) bool) {
		for _, r := range set {
			for uid := r.Start; uid != 0 && uid <= r.Stop && n > 0; uid++ {
				if n--; !yield(uid) {
					return
				}
			}
		}
	}
}

// reconcile settles items that were seen, never taken, and are no longer there under their name.
func (c *session) reconcile(ctx context.Context) error {
	ledger, ok := c.src.ledger.(ingest.Reconciler)
	if !ok {
		return nil
	}
	open, err := ledger.Open(ctx, c.cfg.Name)
	if err != nil || len(open) == 0 {
		return ledgerFault("reading open items", err)
	}
	found, err := c.search()
	if err != nil || len(found) == scanLimit {
		return err
	}
	there := make(map[string]bool, len(found))
	for _, uid := range found {
		there[c.item(uid)] = true
	}
	gone := slices.DeleteFunc(open, func(item string) bool { return there[item] })
	if len(gone) == 0 {
		return nil
	}
	c.src.log.Warn("letters disappeared or were renamed before they were taken", "letters", len(gone))
	return ledgerFault("settling items that are gone", ledger.Gone(ctx, c.cfg.Name, gone))
}

func ledgerFault(doing string, err error) error {
	if err == nil {
		return nil
	}
	return &fault{class: NoLedger, doing: doing, reason: err.Error(), cause: err}
}

// proven reports whether the connection did something useful: letters came through it, or it lived for a while.
func (c *session) proven() bool { return c.taken > 0 || time.Since(c.since) >= c.cfg.Poll }

// report tells how the last look went. Trouble is over only on a proven connection: a server that lets us in and hangs up
// would fill the log with good and bad news in turn.
func (c *session) report() {
	m, status := &c.src.memory, c.src.status
	status.Update(func(s *board.Status) { s.Held, s.Unmoved = len(m.held), len(m.unmoved) })
	if err := m.trouble(); err != nil {
		status.Trouble(err)
	} else if c.proven() || status.Read().LastError == "" {
		status.Well()
	}
}

func (c *session) forgetNews() {
	select {
	case <-c.news:
	default:
	}
}
