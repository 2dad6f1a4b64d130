package soap

import (
	"bufio"
	"bytes"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"io"
	"slices"
	"strings"
)

// cut reads XML and streams the base64 content of the first element called large.Element out of it. It returns the XML without
// that content. Attribute values may hold ">" (XML 1.0 section 2.4), so quotes are minded. Where a signature is asked for, it is
// checked over the whole, content included, and large.Unsigned set.
func cut(r io.Reader, large *Large, limit int64, platform []*x509.Certificate) ([]byte, error) {
	in := bufio.NewReaderSize(r, 64<<10)
	var kept bytes.Buffer
	var open []string // elements begun and not ended
	at, b := -1, newBig(platform)
	for {
		if err := copyUntil(&kept, in, '<', limit); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		tag, err := readTag(in, limit-int64(kept.Len()))
		if err != nil {
			return nil, err
		}
		kept.WriteString(tag)
		open = follow(open, tag)
		if at < 0 && opens(tag, large.Element) {
			at, large.streamed = kept.Len(), true
			if b != nil {
				b.begin(slices.Concat(kept.Bytes(), []byte(b.mark), closing(open)))
			}
			content := base64.NewDecoder(base64.StdEncoding, &textReader{in: in, raw: b.content()})
			if err := copyLimited(large.W, content, large.MaxBytes); err != nil {
				return nil, base64Error(err)
			}
		}
	}
	if at >= 0 && b != nil {
		large.Unsigned = b.check(slices.Insert(bytes.Clone(kept.Bytes()), at, []byte(b.mark)...), platform)
	}
	return kept.Bytes(), nil
}

// follow keeps account of the elements begun and not ended, by a tag without its "<". What it makes of a comment with markup in
// it is not well-formed, and then not signed.
func follow(open []string, tag string) []string {
	switch {
	case strings.HasPrefix(tag, "/") && len(open) > 0:
		return open[:len(open)-1]
	case strings.HasPrefix(tag, "/"), strings.HasPrefix(tag, "!"), strings.HasPrefix(tag, "?"), strings.HasSuffix(tag, "/>"):
		return open
	}
	return append(open, strings.Trim(tag[:strings.IndexAny(tag, " \t\r\n>")], "<>"))
}

// closing ends what is open.
func closing(open []string) []byte {
	var b []byte
	for _, name := range slices.Backward(open) {
		b = append(b, "</"+name+">"...)
	}
	return b
}

func base64Error(err error) error {
	if c := base64.CorruptInputError(0); errors.As(err, &c) {
		return &Error{Kind: Garbled, Reason: "the content of the file is not base64"}
	}
	return err
}

// copyUntil copies up to and including the delimiter.
func copyUntil(kept *bytes.Buffer, in *bufio.Reader, delim byte, limit int64) error {
	for {
		piece, err := in.ReadSlice(delim)
		kept.Write(piece)
		if int64(kept.Len()) > limit {
			return errTooLarge
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
	}
}

// readTag reads what follows a "<", up to its ">".
func readTag(in *bufio.Reader, limit int64) (string, error) {
	var b strings.Builder
	quote := byte(0)
	for {
		c, err := in.ReadByte()
		if err != nil {
			return "", io.ErrUnexpectedEOF
		}
		b.WriteByte(c)
		switch {
		case int64(b.Len()) > limit:
			return "", errTooLarge
		case quote == 0 && c == '>':
			return b.String(), nil
		case quote == 0 && (c == '"' || c == '\'') && b.String()[0] != '!': // a comment may hold an apostrophe
			quote = c
		case c == quote:
			quote = 0
		}
	}
}

// opens reports whether tag, without its "<", is the start of an element called name that may have content.
func opens(tag, name string) bool {
	head, _, _ := strings.Cut(strings.TrimSuffix(tag, ">"), " ")
	if _, after, ok := strings.Cut(head, ":"); ok {
		head = after
	}
	return strings.TrimSpace(head) == name && !strings.HasSuffix(tag, "/>")
}

// textReader reads text up to the next "<", which it leaves, without blanks. raw gets it with them; it never fails.
type textReader struct {
	in  *bufio.Reader
	raw io.Writer
}

func (t *textReader) Read(p []byte) (int, error) {
	for {
		piece, err := t.in.Peek(1)
		if err != nil {
			return 0, io.ErrUnexpectedEOF
		}
		if piece[0] == '<' {
			return 0, io.EOF
		}
		piece, _ = t.in.Peek(min(max(1, t.in.Buffered()), len(p)))
		if end := bytes.IndexByte(piece, '<'); end >= 0 {
			piece = piece[:end]
		}
		n := 0
		for _, c := range piece {
			if c != ' ' && c != '\t' && c != '\r' && c != '\n' {
				p[n] = c
				n++
			}
		}
		_, _ = t.raw.Write(piece)
		_, _ = t.in.Discard(len(piece)) // they were peeked
		if n > 0 {
			return n, nil
		}
	}
}
