package imap

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"okienko/ingest"
)

// The keys of Envelope.Meta, set only for a letter of which nothing but the head was taken.
const (
	MetaIncomplete = "incomplete" // why: TooLarge or Unreadable
	MetaSize       = "size"       // bytes of the whole letter as the server tells, decimal; absent if it does not
	MetaFolder     = "folder"     // the folder at the server where the whole letter lies
)

// The values of MetaIncomplete.
const (
	TooLarge   = "too_large"  // over Config.MaxMessageBytes
	Unreadable = "unreadable" // the server failed several times to give it out
)

// letter is what the folder tells about a letter.
type letter struct {
	uid        imap.UID
	size       int64     // RFC822.SIZE; some servers guess
	date       time.Time // INTERNALDATE
	incomplete string    // take only the head, and why; "" takes all
}

// item is the letter's name at the source.
func (c *session) item(uid imap.UID) string {
	return fmt.Sprintf("%d:%d", c.folder.UIDValidity, uid)
}

// batch takes some letters: ask for sizes and dates, write down what was seen, offer, move. It returns how many were
// accepted, and an error only if the connection or the ledger failed.
func (c *session) batch(ctx context.Context, uids []imap.UID, accept ingest.AcceptFunc) (accepted int, err error) {
	letters, err := c.describe(uids)
	if err != nil || len(letters) == 0 {
		return 0, err
	}
	items := make([]string, len(letters))
	for i, l := range letters {
		items[i] = c.item(l.uid)
	}
	if err := ledgerFault("writing down what was seen", c.src.ledger.Saw(ctx, c.cfg.Name, items)); err != nil {
		return 0, err
	}
	offers, err := c.offer(ctx, letters, accept)
	accepted = c.settle(ctx, offers)
	if err != nil {
		return accepted, err
	}
	return accepted, c.moveAccepted()
}

// describe asks for sizes and dates. Letters that somebody removed meanwhile are left out.
func (c *session) describe(uids []imap.UID) ([]letter, error) {
	m := &c.src.memory
	var whole, heads []imap.UID
	for _, uid := range uids {
		if m.whole(uid) {
			whole = append(whole, uid)
		} else {
			heads = append(heads, uid)
		}
	}
	letters, err := c.sizes(whole)
	if err != nil {
		if f := (*fault)(nil); errors.As(err, &f) {
			c.blameAnswer(whole, f)
		}
		return nil, err
	}
	if m.careful > 0 {
		m.careful--
	}
	for i, l := range letters {
		letters[i].size = max(l.size, m.large[l.uid])
		if letters[i].size > c.cfg.MaxMessageBytes {
			letters[i].incomplete = TooLarge
		}
	}
	for _, uid := range heads { // not even their size may be had
		letters = append(letters, letter{uid: uid, size: -1, incomplete: Unreadable})
	}
	return letters, nil
}

// blameAnswer finds the letter about which the server cannot answer sensibly, by asking about one at a time.
func (c *session) blameAnswer(uids []imap.UID, f *fault) {
	m := &c.src.memory
	if f.class != Garbled && f.class != Silent {
		return
	}
	if len(uids) == 1 {
		m.unreadable(uids[0], f, c.cfg)
		return
	}
	m.careful = len(uids)
}

func (c *session) sizes(uids []imap.UID) ([]letter, error) {
	if len(uids) == 0 {
		return nil, nil
	}
	defer c.command()()
	letters, err := collect(c.client.Fetch(imap.UIDSetNum(uids...), &imap.FetchOptions{UID: true, InternalDate: true, RFC822Size: true}))
	if err != nil {
		return nil, c.failed("asking for the sizes of letters", err)
	}
	slices.SortFunc(letters, func(a, b letter) int { return int(int64(a.uid) - int64(b.uid)) })
	return letters, nil
}

// collect reads the answers to a FETCH without bodies.
func collect(cmd *imapclient.FetchCommand) ([]letter, error) {
	var letters []letter
	for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
		var l letter
		for item := msg.Next(); item != nil; item = msg.Next() {
			switch item := item.(type) {
			case imapclient.FetchItemDataUID:
				l.uid = item.UID
			case imapclient.FetchItemDataInternalDate:
				l.date = item.Time.UTC()
			case imapclient.FetchItemDataRFC822Size:
				l.size = item.Size
			}
		}
		if l.uid != 0 {
			letters = append(letters, l)
		}
	}
	return letters, cmd.Close()
}

// offered is what became of one letter.
type offered struct {
	letter
	refused *fault // accept did not take it
	unread  *fault // the server did not give it out
}

// offer gives the letters to accept: small ones from memory and several at a time, larger ones straight from the wire. It
// returns when every accept has returned. The error is one of the connection, which is then unusable.
func (c *session) offer(ctx context.Context, letters []letter, accept ingest.AcceptFunc) ([]offered, error) {
	d := &delivery{session: c, accept: accept}
	whole, heads := split(letters)
	var err error
	for len(whole) > 0 && err == nil && ctx.Err() == nil {
		n := together(whole)
		err = d.deliver(ctx, whole[:n])
		whole = whole[n:]
	}
	d.hands.Wait()
	for _, l := range heads {
		if err == nil && ctx.Err() == nil {
			err = d.head(ctx, l)
		}
	}
	return d.all, err
}

func split(letters []letter) (whole, heads []letter) {
	for _, l := range letters {
		if l.incomplete == "" {
			whole = append(whole, l)
		} else {
			heads = append(heads, l)
		}
	}
	return whole, heads
}

// together is how many of the letters to ask for in one command: several megabytes, so that stopping does not take long.
func together(letters []letter) (n int) {
	const bytes = 4 << 20
	var sum int64
	for _, l := range letters {
		if sum += l.size; n > 0 && sum > bytes {
			break
		}
		n++
	}
	return n
}

// settle remembers what became of the letters and returns how many were accepted.
func (c *session) settle(ctx context.Context, offers []offered) (accepted int) {
	m := &c.src.memory
	for _, o := range offers {
		switch {
		case o.unread != nil:
			m.unreadable(o.uid, o.unread, c.cfg)
		case o.refused == nil:
			m.accepted(o.uid, c.destination(o.letter))
			accepted++
		case ctx.Err() == nil: // else it was told to stop
			m.hold(o.uid, o.refused, c.cfg)
			m.failing++
		}
	}
	if accepted > 0 {
		c.taken += accepted
		c.src.status.Took(accepted)
		m.failing = 0
	}
	return accepted
}
