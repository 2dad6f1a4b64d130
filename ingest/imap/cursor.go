package imap

import (
	"context"
	"encoding/json"
	"time"

	"github.com/emersion/go-imap/v2"
)

// cursor is what must be remembered of the first contact so that letters from before it stay untouched (start: now).
//
// UIDs tell them apart while UIDVALIDITY stays. When it changes, only INTERNALDATE is left: older than Before means old.
// Before is the server's own stamp on the last letter it then held, so that no clock is compared with another, and the
// comparison is strict: in doubt a letter is taken, never left.
type cursor struct {
	Validity uint32    `json:"uidvalidity"`
	Next     imap.UID  `json:"uidnext"` // UIDs from here on were not given out yet; a lower UIDNEXT later means they are reused
	Old      uidRanges `json:"old"`
	Before   time.Time `json:"before,omitzero"` // zero: the folder held nothing
}

// uidRanges are UIDs in ascending ranges, both ends inclusive.
type uidRanges [][2]imap.UID

func (r uidRanges) contains(uid imap.UID) bool {
	for _, x := range r {
		if x[0] <= uid && uid <= x[1] {
			return true
		}
	}
	return false
}

func (r uidRanges) set() imap.UIDSet {
	var set imap.UIDSet
	for _, x := range r {
		set.AddRange(x[0], x[1])
	}
	return set
}

// valid reports whether the ranges ascend.
func (r uidRanges) valid() bool {
	var last imap.UID
	for _, x := range r {
		if x[0] <= last || x[1] < x[0] {
			return false
		}
		last = x[1]
	}
	return true
}

// loadOld finds out which letters are from before the first contact. What it finds is stored before any letter is offered.
func (c *session) loadOld(ctx context.Context) error {
	cur, changed, err := c.oldLetters(ctx)
	if err == nil && changed {
		err = c.storeCursor(ctx, cur)
	}
	c.old = cur.Old
	return err
}

// oldLetters returns the cursor that holds now, and whether it differs from the stored one.
func (c *session) oldLetters(ctx context.Context) (cur cursor, changed bool, err error) {
	if c.cfg.Start == FromAll {
		return cursor{}, false, nil
	}
	stored, err := c.storedCursor(ctx)
	switch {
	case err != nil:
		return cursor{}, false, err
	case stored == nil:
		cur, err = c.firstContact()
	case stored.Validity == c.folder.UIDValidity && !c.reused(stored.Next):
		return *stored, false, nil
	default:
		cur, err = c.renumbered(stored.Before)
	}
	return cur, true, err
}

// reused reports whether the server gives out UIDs again that it had given out before next was told. Old servers do not tell
// UIDNEXT (zero).
func (c *session) reused(next imap.UID) bool { return c.folder.UIDNext != 0 && c.folder.UIDNext < next }

func (c *session) storedCursor(ctx context.Context) (*cursor, error) {
	text, err := c.src.ledger.Cursor(ctx, c.cfg.Name)
	if err != nil {
		return nil, &fault{class: NoLedger, doing: "reading the cursor", reason: err.Error(), cause: err}
	}
	if text == "" {
		return nil, nil
	}
	var cur cursor
	if err := json.Unmarshal([]byte(text), &cur); err != nil || cur.Validity == 0 || !cur.Old.valid() {
		// To guess would either flood the office with its old letters or leave new ones.
		return nil, &fault{class: BadConfig, doing: "reading the cursor", cause: err, final: true,
			reason: "what is stored for this source is damaged: set start: all to take every letter in the folder, or restore it"}
	}
	return &cur, nil
}

func (c *session) storeCursor(ctx context.Context, cur cursor) error {
	text, err := json.Marshal(cur)
	if err == nil {
		err = c.src.ledger.SetCursor(ctx, c.cfg.Name, string(text))
	}
	if err != nil {
		return &fault{class: NoLedger, doing: "storing the cursor", reason: err.Error(), cause: err}
	}
	return nil
}

// firstContact: all that is there now is old.
func (c *session) firstContact() (cursor, error) {
	cur := cursor{Validity: c.folder.UIDValidity, Next: c.folder.UIDNext}
	now := time.Now()
	var last imap.UID
	err := c.everyLetter(func(uid imap.UID, date time.Time) {
		if cur.Next != 0 && uid >= cur.Next {
			return // came while we counted
		}
		last = max(last, uid)
		// A stamp from the future would make letters to come look old.
		if date.After(cur.Before) && !date.After(now) {
			cur.Before = date
		}
	})
	if cur.Next == 0 { // RFC 3501 lets old servers leave it out
		cur.Next = last + 1
	}
	if cur.Next > 1 {
		cur.Old = uidRanges{{1, cur.Next - 1}}
	}
	return cur, err
}

// renumbered: UIDs mean nothing any more; what is older than the first contact is old.
func (c *session) renumbered(before time.Time) (cursor, error) {
	cur := cursor{Validity: c.folder.UIDValidity, Next: c.folder.UIDNext, Before: before}
	extend := false // UIDs between two old letters will never be given out again
	err := c.everyLetter(func(uid imap.UID, date time.Time) {
		old := date.Before(before)
		switch {
		case old && extend:
			cur.Old[len(cur.Old)-1][1] = uid
		case old:
			cur.Old = append(cur.Old, [2]imap.UID{uid, uid})
		}
		extend = old
		cur.Next = max(cur.Next, uid+1)
	})
	return cur, err
}

// everyLetter calls f for every letter in the folder, in the order of UIDs.
func (c *session) everyLetter(f func(uid imap.UID, date time.Time)) error {
	const step = 5000
	for first := uint32(1); first <= c.folder.NumMessages; first += step {
		last := min(first+step-1, c.folder.NumMessages)
		if err := c.letterDates(first, last, f); err != nil {
			return err
		}
		if last == c.folder.NumMessages {
			break // first+step may overflow if the server says it holds 4 billion letters
		}
	}
	return nil
}

func (c *session) letterDates(first, last uint32, f func(imap.UID, time.Time)) error {
	defer c.command()()
	var set imap.SeqSet
	set.AddRange(first, last)
	letters, err := collect(c.client.Fetch(set, &imap.FetchOptions{UID: true, InternalDate: true}))
	if err != nil {
		return c.failed("asking for the dates of letters", err)
	}
	for _, l := range letters {
		f(l.uid, l.date)
	}
	return nil
}
