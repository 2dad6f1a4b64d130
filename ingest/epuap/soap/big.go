package soap

import (
	"bytes"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"hash"
	"io"

	"okienko/validate/signature/xmldoc"
)

// big follows the digest of a body whose content is too long to keep. A mark stands for the content in the XML that is kept;
// what is before it in canonical form is digested when the content begins, the content as it streams by, and the rest once the
// message is whole. The mark is drawn anew each time, so that no message can hold it.
//
// The first thing that goes wrong is remembered and ends the following, not the download: see Large.Unsigned.
type big struct {
	mark   string
	before []byte // canonical form of the body up to the content
	sums   map[string]hash.Hash
	err    error
}

// newBig returns nil if nobody's signature is asked for. A nil *big follows nothing.
func newBig(platform []*x509.Certificate) *big {
	if len(platform) == 0 {
		return nil
	}
	b := &big{mark: rand.Text(), sums: map[string]hash.Hash{}}
	for uri, h := range digests { // which one is used may stand behind the content
		b.sums[uri] = h.New()
	}
	return b
}

// begin is called when the content begins, with the message so far, the mark, and an end that makes it well-formed.
func (b *big) begin(message []byte) {
	s, err := b.signature(message)
	if err != nil {
		b.err = err
		return
	}
	for _, r := range s.info().Children(dsNS, "Reference") {
		target, octets, err := s.target(r)
		if err != nil || target != s.body {
			continue
		}
		before, _, found := bytes.Cut(octets, []byte(b.mark))
		if found {
			b.before = before
			_, b.err = b.Write(before)
			return
		}
	}
	b.err = errors.New("the body, with the content in it, is not signed")
}

// Write takes the content as it stands in the canonical form.
func (b *big) Write(p []byte) (int, error) {
	for _, h := range b.sums {
		h.Write(p) // never fails
	}
	return len(p), nil
}

// digest completes the digest of octets that hold the mark.
func (b *big) digest(method string, octets []byte) ([]byte, error) {
	before, after, _ := bytes.Cut(octets, []byte(b.mark))
	sum := b.sums[method]
	if sum == nil || !bytes.Equal(before, b.before) || bytes.Contains(after, []byte(b.mark)) {
		return nil, errors.New("the message is another one than when its content began")
	}
	whole, err := sum.(hash.Cloner).Clone() // several certificates may be tried
	if err != nil {
		return nil, err
	}
	whole.Write(after)
	return whole.Sum(nil), nil
}

// check verifies the signature of the whole message, in which the mark stands for the content.
func (b *big) check(message []byte, platform []*x509.Certificate) error {
	if b.err != nil {
		return b.err
	}
	s, err := b.signature(message)
	if err != nil {
		return err
	}
	for _, cert := range platform {
		if err = s.Check(cert); err == nil {
			return nil
		}
	}
	return err
}

func (b *big) signature(message []byte) (*Signature, error) {
	doc, err := xmldoc.Parse(message, xmldoc.Limits{})
	if err != nil {
		return nil, err
	}
	s, err := FindSignature(doc)
	if err != nil {
		return nil, err
	}
	s.big = b
	return s, nil
}

// content returns where the content goes that is text in the message, besides where its bytes are wanted.
func (b *big) content() io.Writer {
	if b == nil || b.err != nil {
		return io.Discard
	}
	return &lineEnds{w: b}
}

// binary returns where the content goes that came as bytes (XOP): what is signed is its base64 (XML-binary Optimized Packaging,
// section 2.1). Close it behind the last byte.
func (b *big) binary() io.WriteCloser {
	if b == nil || b.err != nil {
		return base64.NewEncoder(base64.StdEncoding, io.Discard)
	}
	return base64.NewEncoder(base64.StdEncoding, b)
}

// lineEnds normalises the ends of lines as an XML parser does (XML 1.0 section 2.11).
type lineEnds struct {
	w   io.Writer
	cr  bool // the last byte was one
	out []byte
}

func (l *lineEnds) Write(p []byte) (int, error) {
	l.out = l.out[:0]
	for _, c := range p {
		switch {
		case c == '\r':
			l.out = append(l.out, '\n')
		case c != '\n' || !l.cr:
			l.out = append(l.out, c)
		}
		l.cr = c == '\r'
	}
	_, err := l.w.Write(l.out)
	return len(p), err
}
