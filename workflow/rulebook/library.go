package rulebook

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"okienko/schemas"
	"okienko/workflow"
	"okienko/workflow/deadline"
)

// Library gives the bench of the version in force, and of earlier ones. It compiles a version once a day and keeps a few; which one
// is in force it asks for each time. It may be used concurrently.
type Library struct {
	versions Versions
	office   Office
	now      func() time.Time
	log      *slog.Logger

	mu      sync.Mutex
	benches map[int64]shelved // by version
	last    workflow.Bench    // what was in force when it was asked last
}

// shelved is a compiled version: which procedures are in force depends on the day.
type shelved struct {
	bench workflow.Bench
	day   deadline.Day
}

// mostBenches bounds how many versions are held compiled.
const mostBenches = 4

var _ workflow.Rulebook = (*Library)(nil)

// Open returns a library whose version in force is sound, or an error that names file and key: better no start than judging by
// something else than what the office published.
func Open(ctx context.Context, v Versions, o Office, now func() time.Time, log *slog.Logger) (*Library, error) {
	l := &Library{versions: v, office: o, now: now, log: log, benches: map[int64]shelved{}}
	if _, err := l.InForce(ctx); err != nil {
		return nil, err
	}
	return l, nil
}

// InForce implements workflow.Rulebook.
func (l *Library) InForce(ctx context.Context) (workflow.Bench, error) {
	n, err := l.versions.InForce(ctx, l.now())
	if err != nil {
		return workflow.Bench{}, fmt.Errorf("asking for the rule book in force: %w", err)
	}
	b, err := l.Version(ctx, n)
	if err != nil {
		return b, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last = b
	return b, nil
}

// Version implements workflow.Rulebook.
func (l *Library) Version(ctx context.Context, n int64) (workflow.Bench, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	today := deadline.DayOf(l.now())
	if s, ok := l.benches[n]; ok && s.day == today {
		return s.bench, nil
	}
	book, err := l.book(ctx, n)
	if err != nil {
		return workflow.Bench{}, fmt.Errorf("rule book, version %d: %w", n, err)
	}
	bench, complaints := l.office.Compile(book, n, l.now())
	if len(complaints) > 0 {
		return workflow.Bench{}, unsound{fmt.Errorf("rule book, version %d: %w", n, ErrorOf(complaints))}
	}
	if len(l.benches) >= mostBenches {
		clear(l.benches)
	}
	l.benches[n] = shelved{bench, today}
	return bench, nil
}

// unsound is a version this program cannot judge by, because it was published by another: nothing failed, and no letter must be
// given up for it.
type unsound struct{ error }

// Unwrap keeps the cause recognisable.
func (u unsound) Unwrap() error { return u.error }

// RetryAfter is asked for by package jobs.
func (u unsound) RetryAfter() time.Duration { return time.Minute }

// Book returns the files of a version; 0 is the one built in.
func (l *Library) Book(ctx context.Context, n int64) (Book, error) { return l.book(ctx, n) }

func (l *Library) book(ctx context.Context, n int64) (Book, error) {
	if n == 0 {
		return l.office.BuiltIn()
	}
	v, err := l.versions.Version(ctx, n)
	return v.Book, err
}

// Office returns what the library compiles with.
func (l *Library) Office() Office { return l.office }

// current is the bench in force; while the database does not answer, the one that was.
func (l *Library) current() workflow.Bench {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	b, err := l.InForce(ctx)
	if err == nil {
		return b
	}
	if !errors.Is(err, context.Canceled) {
		l.log.Error("the rule book in force could not be read; screens show the one before", "error", err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last
}

// Procedure finds the version of a procedure in force on a day, in the book in force now.
func (l *Library) Procedure(id schemas.ProcedureID, day time.Time) (schemas.Procedure, bool) {
	return l.current().Judge.Catalog.Procedure(id, day)
}

// All returns every procedure in force on a day, in the book in force now.
func (l *Library) All(day time.Time) []schemas.Procedure { return l.current().Judge.Catalog.All(day) }

// Calendar returns the free days of the book in force now.
func (l *Library) Calendar() deadline.Calendar { return l.current().Judge.Calendar }
