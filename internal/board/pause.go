package board

import (
	"context"
	"math/rand/v2"
	"time"
)

// insistPauses are those between the tries of Insist: a database that fails over is back in that time.
var insistPauses = []time.Duration{50 * time.Millisecond, 200 * time.Millisecond, time.Second, 2 * time.Second}

// Insist tries until it works or three seconds have passed, and returns the last error. It is for writing down what happened
// already and comes once: that a letter went, a proof of it. There is no way to cancel it.
func Insist(try func() error) error {
	for _, pause := range insistPauses {
		if try() == nil {
			return nil
		}
		time.Sleep(pause)
	}
	return try()
}

// Pause gives growing pauses between Min and Max. Each is a random part, at least half, of the full one, so that many clients
// of a server that returns do not come back in step.
type Pause struct {
	Min, Max time.Duration
	full     time.Duration
}

// Next returns the next, longer pause.
func (p *Pause) Next() time.Duration {
	p.full = min(max(p.Min, 2*p.full), p.Max)
	return p.full/2 + rand.N(p.full/2+1)
}

// Reset makes the next pause the shortest again.
func (p *Pause) Reset() { p.full = 0 }

// Sleep waits for d and reports whether ctx is still alive.
func Sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
