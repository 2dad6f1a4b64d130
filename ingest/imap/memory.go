package imap

import (
	"errors"
	"okienko/internal/board"
	"time"

	"github.com/emersion/go-imap/v2"
)

// memory is what a source remembers between connections, by UID and only for as long as UIDVALIDITY stays. Losing it costs
// work (letters are offered again and found to be known), never a letter.
type memory struct {
	validity uint32
	held     map[imap.UID]*hold  // letters that failed
	unmoved  map[imap.UID]string // accepted letters that still have to be moved, and where to
	large    map[imap.UID]int64  // letters found to be larger than the server had said, and their size
	careful  int                 // letters still to be asked for one by one, after an answer about several made no sense
	failing  int                 // letters not accepted since one last was
	pause    board.Pause         // between tries while nothing is accepted
}

func newMemory(validity uint32, c Config) memory {
	return memory{
		validity: validity,
		held:     map[imap.UID]*hold{}, unmoved: map[imap.UID]string{}, large: map[imap.UID]int64{},
		pause: board.Pause{Min: c.RetryMin, Max: min(c.RetryMax, time.Minute)},
	}
}

// hold is the record of a letter that failed.
type hold struct {
	unread int // how often the server did not give it out
	due    time.Time
	pause  board.Pause
	last   *fault // nil: perhaps somebody just removed it
}

const (
	// stallAfter is the number of letters in a row that must fail before we stop trying others: then it is not the letters.
	stallAfter = 3
	// giveUpAfter is how often the server may fail to give out a letter before its head alone is registered.
	giveUpAfter = 5
	// maxUnmoved bounds what is taken while nothing can be moved: all of it would be offered again after a crash.
	maxUnmoved = 1000
)

// stalled reports whether acceptance as a whole seems to be broken (a full disk), so that one letter at a time is enough.
func (m *memory) stalled() bool { return m.failing >= stallAfter }

// hold keeps the letter back for a while.
func (m *memory) hold(uid imap.UID, f *fault, c Config) *hold {
	h := m.held[uid]
	if h == nil {
		h = &hold{pause: board.Pause{Min: c.RetryMin, Max: c.RetryMax}}
		m.held[uid] = h
	}
	h.last, h.due = f, time.Now().Add(h.pause.Next())
	return h
}

// unreadable keeps back a letter that the server did not give out.
func (m *memory) unreadable(uid imap.UID, f *fault, c Config) {
	h := m.hold(uid, f, c)
	if h.unread++; h.unread == 1 && errors.Is(f, errNoBody) {
		h.last = nil
	}
}

// whole reports whether the letter is worth asking for as a whole.
func (m *memory) whole(uid imap.UID) bool {
	h := m.held[uid]
	return h == nil || h.unread < giveUpAfter
}

// accepted notes that the letter is durable and where it goes.
func (m *memory) accepted(uid imap.UID, folder string) {
	m.unmoved[uid] = folder
	delete(m.held, uid)
	delete(m.large, uid)
	m.failing = 0
	m.pause.Reset()
}

// keep forgets letters that are no longer there.
func (m *memory) keep(there func(imap.UID) bool) {
	prune(m.held, there)
	prune(m.unmoved, there)
	prune(m.large, there)
}

func prune[V any](m map[imap.UID]V, keep func(imap.UID) bool) {
	for uid := range m {
		if !keep(uid) {
			delete(m, uid)
		}
	}
}

// nextDue is when the first held letter is to be tried again; zero if none is held.
func (m *memory) nextDue() time.Time {
	var first time.Time
	for _, h := range m.held {
		first = earlier(first, h.due)
	}
	return first
}

// trouble is why letters are held or unmoved; nil if none are.
func (m *memory) trouble() error {
	for _, h := range m.held {
		if h.last != nil {
			return h.last
		}
	}
	if len(m.unmoved) > 0 {
		return &fault{class: NotMoved, doing: "moving registered letters", reason: "the server refuses"}
	}
	return nil
}
