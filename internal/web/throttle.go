package web

import (
	"sync"
	"time"
)

// Throttle slows guessing down: after limit attempts within the window a key must wait until the oldest of them has passed.
// It lives in memory, so several processes and a restart each begin anew; argon2id carries the rest. Methods may be called
// concurrently.
type Throttle struct {
	limit  int
	window time.Duration
	now    func() time.Time

	mu    sync.Mutex
	tries map[string][]time.Time // oldest first
}

// throttleKeys bounds the memory that strangers can take.
const throttleKeys = 20_000

// NewThrottle returns a throttle of limit attempts a key within a window, by the clock now.
func NewThrottle(limit int, window time.Duration, now func() time.Time) *Throttle {
	return &Throttle{limit: limit, window: window, now: now, tries: map[string][]time.Time{}}
}

// Take counts an attempt and returns 0, or returns how long the key must wait. The attempt is counted before its outcome is
// known: else a thousand attempts at once would all be the first.
func (t *Throttle) Take(key string) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	recent := t.recent(key)
	if len(recent) >= t.limit {
		return recent[0].Add(t.window).Sub(t.now())
	}
	if len(t.tries) >= throttleKeys {
		t.sweep()
	}
	t.tries[key] = append(recent, t.now())
	return 0
}

// Give takes back the last attempt of a key, which was no guess after all.
func (t *Throttle) Give(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if recent := t.recent(key); len(recent) > 0 {
		t.tries[key] = recent[:len(recent)-1]
	}
}

// Forget frees a key of all its attempts.
func (t *Throttle) Forget(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.tries, key)
}

func (t *Throttle) recent(key string) []time.Time {
	times := t.tries[key]
	since := t.now().Add(-t.window)
	for len(times) > 0 && !times[0].After(since) {
		times = times[1:]
	}
	return times
}

// sweep forgets what has passed, and everything if that was not enough: a flood of made-up names must not exhaust memory.
func (t *Throttle) sweep() {
	for key := range t.tries {
		if len(t.recent(key)) == 0 {
			delete(t.tries, key)
		}
	}
	if len(t.tries) >= throttleKeys {
		clear(t.tries)
	}
}
