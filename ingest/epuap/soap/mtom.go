package soap

import (
	"crypto/x509"
	"encoding/base64"
	"errors"
	"io"
	"mime/multipart"
	"net/url"
	"regexp"
	"strings"

	"okienko/validate/signature/xmldoc"
)

// readMTOM reads a multipart/related answer (XOP 1.0): the envelope in its first part, binary content in the others. Without
// large the content is put where its xop:Include stands, which also is the form signatures are made over.
func readMTOM(r io.Reader, params map[string]string, limit int64, large *Large, platform []*x509.Certificate) ([]byte, error) {
	if params["boundary"] == "" {
		return nil, garbledMTOM
	}
	parts := multipart.NewReader(r, params["boundary"])
	first, err := parts.NextPart()
	if err != nil {
		return nil, mtomError(err)
	}
	root, err := readAll(first, limit)
	if err != nil {
		return nil, mtomError(err)
	}
	if large != nil {
		return root, streamPart(parts, root, large, platform)
	}
	return inline(parts, root, limit)
}

var garbledMTOM = &Error{Kind: Garbled, Reason: "the MTOM answer makes no sense"}

// mtomError keeps what the connection did apart from what the content is.
func mtomError(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || strings.HasPrefix(err.Error(), "multipart: NextPart: EOF") {
		return io.ErrUnexpectedEOF
	}
	if strings.HasPrefix(err.Error(), "multipart:") {
		return garbledMTOM
	}
	return err
}

// streamPart copies the content the element includes to where large wants it, and checks the signature as cut does.
func streamPart(parts *multipart.Reader, root []byte, large *Large, platform []*x509.Certificate) error {
	doc, err := xmldoc.Parse(root, xmldoc.Limits{})
	if err != nil {
		return garbledMTOM
	}
	id := ""
	for _, include := range doc.Find(doc.Top, xopNS, "Include") {
		if include.Parent.Local == large.Element {
			id = contentID(include.Value("href"))
		}
	}
	if id == "" {
		return nil // a fault, or a result without content: the caller sees it
	}
	for {
		part, err := parts.NextPart()
		if err != nil {
			return mtomError(err)
		}
		if partID(part) == id {
			return followPart(part, root, id, large, platform)
		}
	}
}

// followPart copies one part. What is signed is the message with the content in its place as base64.
func followPart(part io.Reader, root []byte, id string, large *Large, platform []*x509.Certificate) error {
	large.streamed = true
	b := newBig(platform)
	var message []byte
	if b != nil {
		message = include.ReplaceAllFunc(root, func(m []byte) []byte {
			if contentID("cid:"+string(include.FindSubmatch(m)[2])) == id {
				return []byte(b.mark)
			}
			return m
		})
		b.begin(message)
	}
	text := b.binary()
	if err := copyLimited(large.W, io.TeeReader(part, text), large.MaxBytes); err != nil {
		return err
	}
	_ = text.Close() // what it writes to never fails
	if b != nil {
		large.Unsigned = b.check(message, platform)
	}
	return nil
}

// include matches an xop:Include element; an empty one may be written in two ways.
var include = regexp.MustCompile(`<([A-Za-z_][\w.-]*:)?Include\b[^<>]*?\bhref\s*=\s*["']cid:([^"'<>]*)["'][^<>]*?(/>|>\s*</([A-Za-z_][\w.-]*:)?Include\s*>)`)

// inline replaces every xop:Include by the base64 of its part.
func inline(parts *multipart.Reader, root []byte, limit int64) ([]byte, error) {
	content := map[string][]byte{}
	total := int64(len(root))
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, mtomError(err)
		}
		b, err := readAll(part, limit-total)
		if err != nil {
			return nil, mtomError(err)
		}
		total += int64(len(b))
		content[partID(part)] = b
	}
	missing := false
	whole := include.ReplaceAllFunc(root, func(m []byte) []byte {
		b, ok := content[contentID("cid:"+string(include.FindSubmatch(m)[2]))]
		missing = missing || !ok
		return base64.StdEncoding.AppendEncode(nil, b)
	})
	if missing {
		return nil, garbledMTOM
	}
	return whole, nil
}

// contentID is the identity a cid: URL names (RFC 2392).
func contentID(href string) string {
	id, ok := strings.CutPrefix(href, "cid:")
	if plain, err := url.PathUnescape(id); err == nil && ok {
		return plain
	}
	return id
}

func partID(p *multipart.Part) string { return strings.Trim(p.Header.Get("Content-Id"), "<> ") }

// copyLimited copies at most limit bytes; more is an error.
func copyLimited(w io.Writer, r io.Reader, limit int64) error {
	n, err := io.Copy(&localWriter{w}, io.LimitReader(r, limit+1))
	if err == nil && n > limit {
		return errTooLarge
	}
	return err
}

// localWriter makes a failure to write tell that it happened here and not at the platform.
type localWriter struct{ w io.Writer }

func (l *localWriter) Write(p []byte) (int, error) {
	n, err := l.w.Write(p)
	if err != nil {
		err = &Error{Kind: Local, Reason: "keeping a file: " + err.Error(), cause: err}
	}
	return n, err
}
