package edelivery

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"strings"
)

func isJSON(contentType string) bool {
	media, _, err := mime.ParseMediaType(contentType)
	return err == nil && (media == "application/json" || strings.HasSuffix(media, "+json"))
}

// fileInJSON streams the file out of an attachment that comes as JSON: the base64 in the string "file" of the object "file",
// {"order":1,"file":{"fileMetadata":{…},"file":"UERG…"}}. Package encoding/json would hold the whole string in memory. The
// stream ends with an error if there is no such string, or if the JSON breaks off inside it.
func fileInJSON(r io.Reader) io.Reader {
	s := &jsonString{in: bufio.NewReaderSize(r, 64<<10)}
	return &decodedFile{raw: s, plain: base64.NewDecoder(base64.StdEncoding, s)}
}

// decodedFile hands out the decoded bytes with the error that says most.
type decodedFile struct {
	raw   *jsonString
	plain io.Reader
}

func (d *decodedFile) Read(p []byte) (int, error) {
	n, err := d.plain.Read(p)
	switch {
	case err == nil:
	case d.raw.broken != nil:
		err = d.raw.broken
	case err != io.EOF:
		err = &Error{Kind: Garbled, Reason: "an attachment is not base64", cause: err}
	}
	return n, err
}

// jsonString reads the content of the wanted string. Base64 needs no escapes, but some writers put "\/" and line ends into it.
type jsonString struct {
	in     *bufio.Reader
	found  bool
	ended  bool
	broken error
}

func (s *jsonString) Read(p []byte) (int, error) {
	if !s.found {
		s.found = true
		if err := s.find(); err != nil {
			s.broken = brokenJSON(err)
		}
	}
	n := 0
	for n < len(p) && s.broken == nil && !s.ended {
		n += s.some(p[n:])
	}
	switch {
	case n > 0 || len(p) == 0:
		return n, nil
	case s.broken != nil:
		return 0, s.broken
	}
	return 0, io.EOF
}

// some reads up to the next quote or escape, or what is buffered.
func (s *jsonString) some(p []byte) int {
	if _, err := s.in.Peek(1); err != nil {
		s.broken = brokenJSON(err)
		return 0
	}
	buffered, _ := s.in.Peek(min(s.in.Buffered(), len(p))) // never more than there is: no error
	end := bytes.IndexAny(buffered, `"\\`)
	if end < 0 {
		end = len(buffered)
	}
	n := copy(p, buffered[:end])
	_, _ = s.in.Discard(n) // buffered: no error
	if n == len(buffered) {
		return n
	}
	switch b, err := s.special(); {
	case err != nil:
		s.broken = brokenJSON(err)
	case b != 0:
		p[n] = b
		n++
	}
	return n
}

// special reads the quote that ends the string, or an escape; it returns the character that is meant, 0 if it counts for nothing.
func (s *jsonString) special() (byte, error) {
	b, err := s.in.ReadByte()
	if err != nil || b == '"' {
		s.ended = err == nil
		return 0, err
	}
	switch b, err = s.in.ReadByte(); b {
	case '/':
		return b, err
	case 'n', 'r', 't':
		return 0, err
	}
	if err == nil {
		err = &Error{Kind: Garbled, Reason: "an attachment is not base64"}
	}
	return 0, err
}

func brokenJSON(err error) error {
	if errors.Is(err, io.EOF) {
		return &Error{Kind: Garbled, Reason: "an attachment breaks off, or holds no file"}
	}
	return err
}

// find reads up to the opening quote of the string called "file" two objects deep. Arrays do not occur around it.
func (s *jsonString) find() error {
	depth, name := 0, ""
	for {
		b, err := s.in.ReadByte()
		if err != nil {
			return err
		}
		switch b {
		case '{', '[':
			depth++
			name = ""
		case '}', ']':
			depth--
			name = ""
		case ',':
			name = ""
		case '"':
			if depth == 2 && name == "file" {
				return nil
			}
			if name, err = s.skip(); err != nil {
				return err
			}
		}
	}
}

// skip reads a string and returns its beginning, which is enough to tell a name.
func (s *jsonString) skip() (string, error) {
	var head []byte
	for escaped := false; ; {
		b, err := s.in.ReadByte()
		if err != nil {
			return "", err
		}
		if b == '"' && !escaped {
			return string(head), nil
		}
		escaped = b == '\\' && !escaped
		if len(head) < 16 {
			head = append(head, b)
		}
	}
}
