package imap

import (
	"math/rand/v2"
	"time"
)

// backoff gives growing pauses between min and max. Each is a random part, at least half, of the full one, so that many
// clients of a server that returns do not come back in step.
type backoff struct {
	min, max time.Duration
	full     time.Duration
}

func (b *backoff) next() time.Duration {
	b.full = min(max(b.min, 2*b.full), b.max)
	return b.full/2 + rand.N(b.full/2+1)
}

func (b *backoff) reset() { b.full = 0 }
