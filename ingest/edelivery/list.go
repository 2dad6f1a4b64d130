package edelivery

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"okienko/internal/board"
)

// cursor is how far the folder was listed. It may be lost or wrong: then more is listed than need be.
type cursor struct {
	newest time.Time // eventDate of the newest message seen
	whole  time.Time // when the whole folder was listed last
}

// parseCursor reads what String wrote; anything else, and what lies in the future, is no cursor.
func parseCursor(s string, now time.Time) cursor {
	newest, whole, _ := strings.Cut(s, " ")
	a, err := time.Parse(time.RFC3339Nano, newest)
	b, err2 := time.Parse(time.RFC3339Nano, whole)
	if err != nil || err2 != nil || a.After(now) || b.After(now) {
		return cursor{}
	}
	return cursor{a, b}
}

// String is how the cursor is stored.
func (c cursor) String() string {
	return c.newest.UTC().Format(time.RFC3339Nano) + " " + c.whole.UTC().Format(time.RFC3339Nano)
}

// list writes down every message of the folder that is not written down yet. It looks from a while before the newest one it
// knows, because messages are not listed strictly in the order they came; from time to time it looks at the whole folder,
// because a message may come with no date or an old one.
func (s *Source) list(ctx context.Context) error {
	began, next, from := time.Now(), s.at, s.cfg.Since
	if began.Sub(s.at.whole) >= s.cfg.Rescan {
		next.whole = began
		s.seen = map[string]bool{} // an item that was gone and is there again is open again
	} else if window := s.at.newest.Add(-s.cfg.Overlap); window.After(from) {
		from = window
	}
	pass := map[string]bool{}
	for offset := 0; ; {
		page, err := s.client.page(ctx, from, offset)
		if err != nil {
			return err
		}
		if !s.notYet(page, pass) { // nothing, or what an earlier page held: a server may not know "offset"
			break
		}
		if err := s.saw(ctx, page); err != nil {
			return err
		}
		for _, m := range page.Messages {
			if at := m.Metadata.EventDate.Time; at.After(next.newest) && !at.After(began) {
				next.newest = at
			}
		}
		if offset += len(page.Messages); page.Total > 0 && offset >= page.Total || page.Total == 0 && int64(len(page.Messages)) < s.cfg.Page {
			break
		}
	}
	return s.remember(ctx, next)
}

// notYet reports whether a page holds a message that no earlier page of the same pass held, and notes all of them.
func (s *Source) notYet(page listing, pass map[string]bool) bool {
	news := false
	for _, m := range page.Messages {
		id := m.Metadata.MessageID
		news = news || !pass[id]
		pass[id] = true
	}
	return news
}

// saw writes down the letters of a page before any is offered (promise P15).
func (s *Source) saw(ctx context.Context, page listing) error {
	var news []string
	for _, m := range page.Messages {
		if id := m.Metadata.MessageID; s.isLetter(m) && !s.seen[id] && !slices.Contains(news, id) {
			news = append(news, id)
		}
	}
	if len(news) == 0 {
		return nil
	}
	if err := s.ledger.Saw(ctx, s.cfg.Name, news); err != nil {
		return board.Classed(NoLedger, fmt.Errorf("writing down what was seen: %w", err))
	}
	for _, id := range news {
		s.seen[id] = true
		if !slices.Contains(s.waiting, id) {
			s.waiting = append(s.waiting, id)
		}
	}
	return nil
}

// isLetter leaves out what nobody wrote to the office: proofs, groups of our own, our own letters, and what came before
// Config.Since.
func (s *Source) isLetter(m Message) bool {
	switch {
	case m.Metadata.MessageID == "" || m.Control.Type == typeEvidence || m.Control.Type == typeGroup:
		return false
	case m.Metadata.From.Address == s.cfg.Address && s.cfg.Label == every:
		return false
	}
	at := m.Metadata.EventDate.Time
	return at.IsZero() || !at.Before(s.cfg.Since)
}

// remember stores the cursor.
func (s *Source) remember(ctx context.Context, next cursor) error {
	if next == s.at {
		return nil
	}
	if err := s.ledger.SetCursor(ctx, s.cfg.Name, next.String()); err != nil {
		return board.Classed(NoLedger, fmt.Errorf("storing the cursor: %w", err))
	}
	s.at = next
	return nil
}
