package rulebook

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"okienko/workflow"
)

// Draft is a version in the making.
type Draft struct {
	ID        int64
	Base      int64    // the version it was made from
	Title     string   // what it changes, in words
	Authors   []string // user names of everybody who changed it: none of them may publish it
	CreatedAt time.Time
	ChangedAt time.Time
	Revision  int64 // grows with each change
	State     DraftState
	Digest    string  // of Book
	Book      Book    // nil in lists
	Replay    *Report // of the files as they are now; nil: not replayed since they changed
}

// DraftState is how far a draft is.
type DraftState string

// The states. Only an open draft changes.
const (
	DraftOpen      DraftState = "open"
	DraftPublished DraftState = "published"
	DraftDiscarded DraftState = "discarded"
)

// Version is a published book.
type Version struct {
	Number      int64 // from 1, without gaps
	Title       string
	Authors     []string
	PublishedBy string
	PublishedAt time.Time
	ValidFrom   time.Time // in force from then on, until a later version is
	Digest      string
	Book        Book // nil in lists
}

// Why a draft is not published. They are wrapped: use errors.Is.
var (
	ErrOwnWork     = errors.New("who changed a draft cannot publish it: a second person does")
	ErrNotReplayed = errors.New("the draft has not been replayed as it is now")
	ErrBehind      = errors.New("another version was published meanwhile: make the change on top of it and replay it")
	ErrNotOpen     = errors.New("the draft is not open any more")
	ErrTooEarly    = errors.New("it may not be in force before the newest version is, nor in the past")
	ErrUnsound     = errors.New("the rule book is not sound")
)

// Shelf keeps drafts and versions, on both databases. Every step is durable, with its audit event, when the method returns nil.
type Shelf interface {
	Drafting
	Versions
}

// Drafting keeps drafts.
type Drafting interface {
	Draft(ctx context.Context, id int64) (Draft, error) // workflow.ErrNotFound
	Drafts(ctx context.Context) ([]Draft, error)        // the open ones, newest first, without books
	// SaveDraft inserts d if d.ID is 0, else it writes title and book; by becomes an author. d.Revision must be the one read, else
	// workflow.ErrConflict; ErrNotOpen if it is not open.
	SaveDraft(ctx context.Context, d *Draft, by string) error
	DiscardDraft(ctx context.Context, id, revision int64, by string) error
	// KeepReplay keeps a report with the draft, unless its files are not those of r.Digest any more: workflow.ErrConflict.
	KeepReplay(ctx context.Context, id int64, r Report) error
}

// Versions keeps published versions.
type Versions interface {
	Version(ctx context.Context, n int64) (Version, error) // workflow.ErrNotFound
	Versions(ctx context.Context) ([]Version, error)       // newest first, without books
	// InForce is the number of the version in force at a time; 0 before any is.
	InForce(ctx context.Context, at time.Time) (int64, error)
	// PublishDraft makes an open draft the next version, all or nothing, and only if d.Publishable(by, newest, from) held; of two
	// at once one gets ErrBehind or workflow.ErrConflict.
	PublishDraft(ctx context.Context, id, revision int64, by string, from time.Time) (Version, error)
}

// Past is where replays find cases.
type Past interface {
	// PastCases yields the newest judged cases, newest first, without tests.
	PastCases(ctx context.Context, limit int) iter.Seq2[Judged, error]
	// JudgedCase is one of them; workflow.ErrNotFound.
	JudgedCase(ctx context.Context, id workflow.CaseID) (Judged, error)
}

// Judged is a case as it was judged.
type Judged struct {
	Case      workflow.Case
	Judgement workflow.Judgement
}

// Publishable says why a person may not publish a draft after the newest version, to be in force from a time; nil if they may.
func (d Draft) Publishable(by string, newest Version, from, now time.Time) error {
	switch {
	case d.State != DraftOpen:
		return ErrNotOpen
	case slices.Contains(d.Authors, by):
		return ErrOwnWork
	case d.Base != newest.Number:
		return fmt.Errorf("%w (the draft is of version %d, the newest is %d)", ErrBehind, d.Base, newest.Number)
	case d.Replay == nil || d.Replay.Digest != d.Digest:
		return ErrNotReplayed
	case from.Before(newest.ValidFrom), from.Before(now.Add(-time.Minute)):
		return ErrTooEarly
	}
	return nil
}

// Publish checks a draft once more and makes it a version. The zero time means at once.
func Publish(ctx context.Context, s Shelf, o Office, id, revision int64, by string, from, now time.Time) (Version, error) {
	d, err := s.Draft(ctx, id)
	if err != nil {
		return Version{}, err
	}
	if d.Revision != revision {
		return Version{}, workflow.ErrConflict
	}
	if _, complaints := o.Check(d.Book, now); len(complaints) > 0 {
		return Version{}, fmt.Errorf("%w: %w", ErrUnsound, ErrorOf(complaints))
	}
	if from.IsZero() {
		from = now
	}
	v, err := s.PublishDraft(ctx, id, revision, by, from)
	if err != nil {
		return v, fmt.Errorf("publish draft %d: %w", id, err)
	}
	return v, nil
}
