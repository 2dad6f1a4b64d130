package workflow

import (
	"context"
	"time"
)

// Emptying is one emptying of an urn: what two people counted, and what was scanned of it. Times are UTC; the drop window is to
// the minute, as on the separator sheets, which is how scans find their emptying.
type Emptying struct {
	ID        int64 // 0: nobody entered it, but there are scans of its window
	Site      string
	From, To  time.Time // the drop window: the emptying before, and this one
	Counted   int       // envelopes
	Bag       string    // number of the sealed bag; "" if none
	Witness   string    // the second person
	HeldUntil time.Time // nothing is opened before; zero: no hold
	EnteredBy string    // user name
	EnteredAt time.Time

	SettledBy string // who said why the count and the scans differ; "" while nobody did
	SettledAt time.Time
	Note      string

	Scanned  int // envelopes in batches that were parted; set by the store
	Unparted int // batches of this window that are one case until a person parts them; set by the store
}

// Difference is how many envelopes were scanned more than were counted.
func (e Emptying) Difference() int { return e.Scanned - e.Counted }

// Balanced reports whether every counted envelope was scanned.
func (e Emptying) Balanced() bool { return e.ID != 0 && e.Difference() == 0 && e.Unparted == 0 }

// Settled reports whether nobody has to look at it any more.
func (e Emptying) Settled() bool { return e.Balanced() || !e.SettledAt.IsZero() }

// Urns keeps the emptyings of the urns. Errors are transient unless they are ErrNotFound or ErrConflict.
type Urns interface {
	// Emptyings returns the newest, latest first, with those that have scans but were not entered. limit 0: 50.
	Emptyings(ctx context.Context, limit int) ([]Emptying, error)
	// Emptying returns ErrNotFound if there is none.
	Emptying(ctx context.Context, id int64) (Emptying, error)
	// AddEmptying enters e and sets its ID, and returns ErrConflict if that window of that site was entered already.
	AddEmptying(ctx context.Context, e *Emptying) error
	// SettleEmptying writes down who accepts the difference and why; ErrConflict if somebody has.
	SettleEmptying(ctx context.Context, id int64, by, note string) error
}
