package read

import (
	"bytes"
	"io"
	"net/textproto"
	"strings"

	gomessage "github.com/emersion/go-message"
	"github.com/jhillyerd/enmime/v2"
)

// message is a mail taken apart.
type message struct {
	header textproto.MIMEHeader
	parts  []mailPart
}

// mimeParser leaves contents encoded: decoding and charsets are done here, forgiving and the same for both readers.
var mimeParser = enmime.NewParser(enmime.RawContent(true), enmime.MultipartWOBoundaryAsSinglePart(true), enmime.MaxStoredPartErrors(10))

// parseMail takes a mail apart. enmime reads the most malformed mail; what it gives up on, go-message reads in another way;
// what neither reads is one text with the whole mail in it. damage says in what way the mail breaks the rules, "" if it does
// not.
func parseMail(data []byte) (m message, damage string) {
	m, damage, ok := readEnmime(data)
	if ok {
		return m, damage
	}
	if m, ok := readGoMessage(data); ok {
		return m, "read by the second MIME reader: " + damage
	}
	header, body := splitHead(data)
	return message{header, []mailPart{{header: textproto.MIMEHeader{}, raw: body}}}, "not readable as MIME: shown as one text"
}

func readEnmime(data []byte) (m message, damage string, ok bool) {
	defer func() {
		if r := recover(); r != nil {
			m, damage, ok = message{}, "the first MIME reader failed in "+panicSite(), false
		}
	}()
	root, err := mimeParser.ReadParts(bytes.NewReader(data))
	if err != nil {
		return m, "MIME structure damaged", false
	}
	m.header = root.Header
	c := enmimeCollector{m: &m}
	c.collect(root, 0, false, false, 0)
	if len(m.parts) == 0 {
		return m, "a multipart mail without parts", false
	}
	return m, c.damage, true
}

// enmimeCollector flattens enmime's tree.
type enmimeCollector struct {
	m            *message
	alternatives int
	damage       string
}

func (c *enmimeCollector) collect(p *enmime.Part, alternative int, related, signed bool, depth int) {
	for _, e := range p.Errors {
		if e.Severe && c.damage == "" {
			c.damage = e.Name
		}
	}
	if depth > 50 {
		c.damage = "multipart nested too deep"
		c.m.parts = append(c.m.parts, mailPart{header: p.Header, raw: p.Content})
		return
	}
	if p.FirstChild == nil {
		if strings.HasPrefix(p.ContentType, "multipart/") {
			c.childless(p)
			return
		}
		c.m.parts = append(c.m.parts, mailPart{p.Header, p.Content, alternative, related, signed})
		return
	}
	switch p.ContentType {
	case "multipart/alternative":
		c.alternatives++
		alternative = c.alternatives
	case "multipart/related":
		related = true
	case "multipart/signed":
		signed = true
	}
	for child := p.FirstChild; child != nil; child = child.NextSibling {
		// The pictures of a related part inside an alternative belong to the HTML, the next text may not.
		c.collect(child, alternative, related && child != p.FirstChild || related && p.ContentType != "multipart/related", signed, depth+1)
	}
}

// childless keeps what a multipart without a single boundary holds: whatever it is, it is shown as text.
func (c *enmimeCollector) childless(p *enmime.Part) {
	content := p.Content
	if len(content) == 0 {
		content = p.Epilogue
	}
	if len(bytes.TrimSpace(content)) == 0 {
		return
	}
	c.damage = "a multipart whose boundary does not occur"
	c.m.parts = append(c.m.parts, mailPart{header: textproto.MIMEHeader{}, raw: content})
}

func readGoMessage(data []byte) (m message, ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	root, err := gomessage.ReadWithOptions(bytes.NewReader(data), &gomessage.ReadOptions{MaxHeaderBytes: 4 << 20})
	if root == nil || err != nil && !gomessage.IsUnknownCharset(err) && !gomessage.IsUnknownEncoding(err) {
		return m, false
	}
	m.header = goHeader(&root.Header)
	_ = root.Walk(func(_ []int, e *gomessage.Entity, err error) error {
		if e == nil || e.MultipartReader() != nil {
			return err
		}
		body, _ := io.ReadAll(e.Body) // what was read of a damaged part counts
		h := goHeader(&e.Header)
		// go-message has undone the transfer encoding and, for text, the charset.
		h.Del("Content-Transfer-Encoding")
		m.parts = append(m.parts, mailPart{header: h, raw: body})
		return nil // the next part may be sound
	})
	return m, len(m.parts) > 0
}

func goHeader(h *gomessage.Header) textproto.MIMEHeader {
	out := textproto.MIMEHeader{}
	for f := h.Fields(); f.Next(); {
		out.Add(textproto.CanonicalMIMEHeaderKey(f.Key()), f.Value())
	}
	return out
}

// splitHead reads as much of a head as there is and returns the rest.
func splitHead(data []byte) (textproto.MIMEHeader, []byte) {
	h := textproto.MIMEHeader{}
	rest := data
	last := ""
	for len(rest) > 0 {
		line, after, _ := bytes.Cut(rest, []byte("\n"))
		line = bytes.TrimRight(line, "\r")
		if len(line) == 0 {
			return h, after
		}
		name, value, ok := bytes.Cut(line, []byte(":"))
		switch {
		case (line[0] == ' ' || line[0] == '\t') && last != "":
			v := h[last]
			v[len(v)-1] += " " + string(bytes.TrimSpace(line))
		case ok && !bytes.ContainsAny(name, " \t"):
			last = textproto.CanonicalMIMEHeaderKey(string(name))
			h.Add(last, string(bytes.TrimSpace(value)))
		default:
			return h, rest // no head line: the body begins without an empty line
		}
		rest = after
	}
	return h, rest
}
