package imap

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strconv"
	"sync"

	"github.com/emersion/go-imap/v2"

	"okienko/ingest"
)

// delivery hands letters to accept and collects what became of them.
type delivery struct {
	*session
	accept ingest.AcceptFunc
	hands  sync.WaitGroup

	mu  sync.Mutex
	all []offered
}

func (d *delivery) add(x offered) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.all = append(d.all, x)
}

// outcome notes what accept said.
func (d *delivery) outcome(l letter, err error) {
	x := offered{letter: l}
	if err != nil {
		x.refused = &fault{class: NotAccepted, doing: "accepting a letter", reason: err.Error(), cause: err}
	}
	d.add(x)
}

// deliver offers letters with one command.
func (d *delivery) deliver(ctx context.Context, letters []letter) error {
	s := d.fetch(letters)
	defer s.close()
	left := make(map[imap.UID]letter, len(letters))
	for _, l := range letters {
		left[l.uid] = l
	}
	for ctx.Err() == nil {
		uid, body, err := s.next()
		if body == nil {
			return d.missing(left, err)
		}
		l := left[uid]
		if body.size > d.cfg.MaxMessageBytes {
			d.src.memory.large[uid] = body.size
			err = errLarger
		} else {
			err = d.one(ctx, l, body)
		}
		if err != nil {
			_ = d.wire.Close() // the rest may be long, or never come
			return d.missing(left, err)
		}
		delete(left, uid)
	}
	return nil
}

// missing notes that letters did not come, for a reason that is nil if the server thinks it sent them. It blames a letter
// only if it was asked for alone; of several, any may be the cause, and they are asked for one by one next time.
func (d *delivery) missing(left map[imap.UID]letter, err error) error {
	if err == nil {
		for _, l := range left {
			d.add(offered{letter: l, unread: d.failed("fetching a letter", errNoBody)})
		}
		return nil
	}
	f := d.failed("fetching letters", err)
	switch {
	case errors.Is(err, errLarger): // the head will do
	case len(left) > 1:
		d.src.memory.careful = max(d.src.memory.careful, len(left))
	default:
		for _, l := range left {
			d.add(offered{letter: l, unread: f})
		}
	}
	if isRefusal(err) {
		return nil
	}
	return f
}

// one offers a letter: from memory, if it is small.
func (d *delivery) one(ctx context.Context, l letter, body *body) error {
	if body.size <= d.cfg.BufferBytes/int64(d.cfg.Workers) {
		return d.buffered(ctx, l, body)
	}
	return d.streamed(ctx, l, body)
}

// buffered waits for a free buffer, reads the letter and gives it to accept in another goroutine.
func (d *delivery) buffered(ctx context.Context, l letter, body *body) error {
	var buffer *bytes.Buffer
	select {
	case buffer = <-d.buffers:
	case <-ctx.Done():
		return nil
	}
	buffer.Reset()
	buffer.Grow(int(body.size) + bytes.MinRead) // or it would double
	if _, err := buffer.ReadFrom(body); err != nil {
		d.buffers <- buffer
		return err
	}
	d.hands.Go(func() {
		defer func() { d.buffers <- buffer }()
		d.outcome(l, d.accept(ctx, d.envelope(l, bytes.NewReader(buffer.Bytes()))))
	})
	return nil
}

// streamed gives accept the wire. What accept leaves is read and thrown away; the letter counts as accepted only if it was
// all there.
func (d *delivery) streamed(ctx context.Context, l letter, body *body) error {
	refused := d.accept(ctx, d.envelope(l, body))
	if _, err := io.Copy(io.Discard, body); err != nil {
		return err
	}
	d.outcome(l, refused)
	return nil
}

// head offers the head of a letter: a message without a body (RFC 5322 section 2.1), with a note.
func (d *delivery) head(ctx context.Context, l letter) error {
	head, err := d.fetchHead(l.uid)
	if err != nil {
		return d.missing(map[imap.UID]letter{l.uid: l}, err)
	}
	e := d.envelope(l, bytes.NewReader(head))
	e.Name = "headers.eml"
	e.Meta = map[string]string{MetaIncomplete: l.incomplete, MetaFolder: d.cfg.ReviewFolder}
	if l.size >= 0 {
		e.Meta[MetaSize] = strconv.FormatInt(l.size, 10)
	}
	d.outcome(l, d.accept(ctx, e))
	return nil
}

func (c *session) envelope(l letter, body io.Reader) ingest.Envelope {
	return ingest.Envelope{
		Source: c.cfg.Name, Channel: ingest.Email, Item: c.item(l.uid), ReceivedAt: l.date,
		Name: "message.eml", MediaType: "message/rfc822", Body: body,
	}
}
