package workflow

import (
	"context"
	"errors"
	"time"
)

// ErrCursor is returned for a cursor that no page or feed gave out.
var ErrCursor = errors.New("not a cursor that was given out")

// Feed is the history of all cases in the order in which it became durable, for other systems that follow it.
type Feed interface {
	// EventsAfter returns the next events after a cursor, oldest first. Whoever goes on from the last Cursor misses none: an event
	// is held back until no transaction that began before its own is open any more. A statement that stays open for long
	// (a backup) therefore delays the feed, and nothing else. A cursor that is none is ErrCursor.
	EventsAfter(ctx context.Context, q FeedQuery) ([]FeedEvent, error)
	// FeedEnd is the cursor of now: after it come only events that are not in the feed yet.
	FeedEnd(ctx context.Context) (string, error)
}

// FeedQuery selects from the feed.
type FeedQuery struct {
	After string      // FeedEvent.Cursor; "": from the beginning
	Desks []string    // of the case as it is now; nil: all
	Kinds []EventKind // nil: all but who looked at what, which is nobody's business outside the office
	Limit int         // 0: 100, at most 1000
}

// FeedEvent is an event with what tells a reader whether it cares.
type FeedEvent struct {
	Event
	Number string // of the case
	Desk   string // where the case is now
	Status Status // of the case now
	Cursor string // opaque; EventsAfter goes on behind it
}

// Subscription is how far a webhook got.
type Subscription struct {
	Name      string
	Cursor    string    // of the last event the receiver has taken
	NotBefore time.Time // the next attempt, or until when a process has it in hand; UTC
	Failures  int       // in a row
	Detail    string    // why the last attempt failed; free of personal data and of secrets
	TakenAt   time.Time // when the receiver last took something; zero: never
}

// Subscriptions keep how far each webhook got.
type Subscriptions interface {
	Feed
	// Subscription returns how far a webhook got; one never heard of starts at FeedEnd: an office's past is not news.
	Subscription(ctx context.Context, name string) (Subscription, error)
	// Lease gives a webhook to this process until the given time, unless another has it or it is not time yet (false).
	Lease(ctx context.Context, name string, now, until time.Time) (Subscription, bool, error)
	SaveSubscription(ctx context.Context, s Subscription) error
}
