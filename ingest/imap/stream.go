package imap

import (
	"errors"
	"io"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

var (
	// errNoBody means that the server said OK and sent no letter: somebody removed it, or the server is confused.
	errNoBody = errors.New("no letter in the answer")
	// errLarger means that a letter turned out too large when its bytes began to come.
	errLarger = errors.New("letter larger than announced")
)

// stream is the answer to one FETCH of several letters. It is always one answer ahead: a letter is known to be whole only
// when the next one begins or the server says that this was all. (One command a letter would be simpler, but Dovecot may
// answer the next command before it confirms the last.)
type stream struct {
	c    *session
	cmd  *imapclient.FetchCommand
	msg  *imapclient.FetchMessageData // the next letter; nil if not yet asked for or if there are no more
	over bool
	err  error
}

func (c *session) fetch(letters []letter) *stream {
	var set imap.UIDSet
	for _, l := range letters {
		set.AddNum(l.uid)
	}
	options := &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{{Peek: true}}}
	s := &stream{c: c}
	s.expect()
	s.cmd = c.client.Fetch(set, options)
	return s
}

// expect gives the server the time and the bytes of one letter.
func (s *stream) expect() {
	cfg := s.c.cfg
	s.c.wire.owe(cfg.MessageTimeout, cfg.MaxMessageBytes+answerBytes, lineBytes)
}

// next returns the next letter, nil when there are no more; err then says whether the answer ended well. The body must be
// read to its end, or to an error, before next is called again.
func (s *stream) next() (uid imap.UID, b *body, err error) {
	if s.msg == nil && !s.over {
		_ = s.advance() // kept in s.err
	}
	for s.msg != nil {
		for item := s.msg.Next(); item != nil; item = s.msg.Next() {
			switch item := item.(type) {
			case imapclient.FetchItemDataUID:
				uid = item.UID
			case imapclient.FetchItemDataBodySection:
				if uid != 0 && item.Literal != nil {
					size := item.Literal.Size()
					return uid, &body{literal: item.Literal, size: size, left: size, confirmed: s.advance}, nil
				}
			}
		}
		_ = s.advance() // past news about flags, or NIL for a letter
	}
	return 0, nil, s.err
}

// advance waits until the next letter begins or the answer ends.
func (s *stream) advance() error {
	s.expect()
	if s.msg = s.cmd.Next(); s.msg == nil {
		s.close()
	}
	return s.err
}

// close reads what is still to come. On a connection that was closed it leaves nothing waiting.
func (s *stream) close() {
	if s.over {
		return
	}
	s.msg, s.over = nil, true
	s.err = s.cmd.Close()
	s.c.wire.rest() // accepting may take longer than any silence the server is allowed
}

// body is the stream of one letter. It ends with io.EOF only when all announced bytes were there and the server went on
// properly after them: the protocol layer alone takes a lost connection for the end.
type body struct {
	literal   imap.LiteralReader
	size      int64 // announced
	left      int64
	confirmed func() error
	err       error
}

func (b *body) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	n, err := b.literal.Read(p)
	b.left -= int64(n)
	if err != nil {
		b.err = b.end(err)
	}
	return n, b.err
}

func (b *body) end(err error) error {
	if failed := b.confirmed(); failed != nil {
		return failed
	}
	if errors.Is(err, io.EOF) && b.left > 0 {
		return io.ErrUnexpectedEOF
	}
	return err
}

// maxHead bounds the head that stands for a letter that cannot be taken whole.
const maxHead = 256 << 10

// fetchHead returns the head of a letter, or its first maxHead bytes.
func (c *session) fetchHead(uid imap.UID) ([]byte, error) {
	defer c.wire.owe(c.cfg.MessageTimeout, answerBytes, lineBytes)()
	cmd := c.client.Fetch(imap.UIDSetNum(uid), &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{
		{Specifier: imap.PartSpecifierHeader, Peek: true, Partial: &imap.SectionPartial{Size: maxHead}},
	}})
	var head []byte
	for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
		for item := msg.Next(); item != nil; item = msg.Next() {
			if part, ok := item.(imapclient.FetchItemDataBodySection); ok && part.Literal != nil {
				head, _ = io.ReadAll(io.LimitReader(part.Literal, maxHead)) // what is wrong, Close tells
			}
		}
	}
	err := cmd.Close()
	if err == nil && len(head) == 0 {
		err = errNoBody
	}
	return head, err
}
