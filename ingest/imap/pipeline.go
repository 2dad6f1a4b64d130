package imap

import (
	"errors"
	"io"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// errNoBody means that the server said OK and sent no letter: somebody removed it, or the server is confused.
var errNoBody = errors.New("no letter in the answer")

// pipeline asks for letters one command each, some ahead of the answers. One command a letter means that the OK of that
// command vouches for that letter, and that a failure has a name; asking ahead hides the way to the server.
type pipeline struct {
	c     *session
	todo  []letter // not asked for yet
	sent  []asked  // not answered yet, oldest first
	ahead int64    // bytes asked for
}

type asked struct {
	letter
	cmd *imapclient.FetchCommand
}

// readAhead is how many bytes are asked for before the first of them arrived.
const readAhead = 1 << 20

var wholeLetter = &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{{Peek: true}}}

func (p *pipeline) ask() {
	for len(p.todo) > 0 && (len(p.sent) == 0 || p.ahead+p.todo[0].size <= readAhead) {
		l := p.todo[0]
		p.sent = append(p.sent, asked{l, p.c.client.Fetch(imap.UIDSetNum(l.uid), wholeLetter)})
		p.todo, p.ahead = p.todo[1:], p.ahead+l.size
	}
}

// next waits for the next letter. err is io.EOF if there are no more; otherwise, if body is nil, it tells why this letter
// cannot be had. The body must be read to its end, or to an error, before next is called again.
func (p *pipeline) next() (letter, *body, error) {
	cfg := p.c.cfg
	p.c.wire.owe(cfg.MessageTimeout, cfg.MaxMessageBytes+answerBytes, lineBytes)
	p.ask()
	if len(p.sent) == 0 {
		p.c.wire.rest()
		return letter{}, nil, io.EOF
	}
	a := p.sent[0]
	if b := p.body(a.cmd); b != nil {
		return a.letter, b, nil
	}
	err := p.answered()
	if err == nil {
		err = errNoBody
	}
	return a.letter, nil, err
}

// body returns the body in the answer to cmd, nil if there is none.
func (p *pipeline) body(cmd *imapclient.FetchCommand) *body {
	for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
		for item := msg.Next(); item != nil; item = msg.Next() {
			if part, ok := item.(imapclient.FetchItemDataBodySection); ok && part.Literal != nil {
				return &body{literal: part.Literal, size: part.Literal.Size(), left: part.Literal.Size(), answered: p.answered}
			}
		}
	}
	return nil
}

// answered waits for the end of the oldest command and returns what the server said of it.
func (p *pipeline) answered() error {
	a := p.sent[0]
	err := a.cmd.Close()
	p.sent, p.ahead = p.sent[1:], p.ahead-a.size
	if len(p.sent) == 0 {
		p.c.wire.rest() // accepting may take longer than any silence the server is allowed
	}
	return err
}

// drain reads what is still to come, so that the connection can be used further; if it is broken, so that nothing is left
// waiting in it.
func (p *pipeline) drain(broken error) {
	if broken != nil {
		_ = p.c.wire.Close()
	}
	for len(p.sent) > 0 {
		p.c.wire.owe(p.c.cfg.MessageTimeout, p.c.cfg.MaxMessageBytes+answerBytes, lineBytes)
		_ = p.answered()
	}
}

// body is the stream of one letter. It ends with io.EOF only when all announced bytes were there and the server has
// confirmed the answer; the protocol layer alone would take a lost connection for the end.
type body struct {
	literal  imap.LiteralReader
	size     int64 // announced
	left     int64
	answered func() error
	err      error
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
	if err == io.EOF && b.left > 0 {
		err = io.ErrUnexpectedEOF
	}
	if failed := b.answered(); failed != nil {
		return failed
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
