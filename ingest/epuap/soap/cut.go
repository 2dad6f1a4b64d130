package soap

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"strings"
)

// cut reads XML and streams the base64 content of the first element called large.Element out of it. It returns the XML without
// that content. Attribute values may hold ">" (XML 1.0 section 2.4), so quotes are minded.
func cut(r io.Reader, large Large, limit int64) ([]byte, error) {
	in := bufio.NewReaderSize(r, 64<<10)
	var kept bytes.Buffer
	found := false
	for {
		if err := copyUntil(&kept, in, '<', limit); errors.Is(err, io.EOF) {
			return kept.Bytes(), nil
		} else if err != nil {
			return nil, err
		}
		tag, err := readTag(in, limit-int64(kept.Len()))
		if err != nil {
			return nil, err
		}
		kept.WriteString(tag)
		if !found && opens(tag, large.Element) {
			found = true
			content := base64.NewDecoder(base64.StdEncoding, &textReader{in: in})
			if err := copyLimited(large.W, content, large.MaxBytes); err != nil {
				return nil, base64Error(err)
			}
		}
	}
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

// textReader reads text up to the next "<", which it leaves, without blanks.
type textReader struct{ in *bufio.Reader }

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
		_, _ = t.in.Discard(len(piece)) // they were peeked
		if n > 0 {
			return n, nil
		}
	}
}
