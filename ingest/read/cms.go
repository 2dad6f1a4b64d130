package read

import (
	"bytes"
	"encoding/pem"

	"okienko/ingest"
)

// readCMS opens a signed CMS file (.p7m): what was signed becomes a document inside it; a detached signature (.p7s) holds
// nothing. Whether the signature holds is not
// asked here (package validate/signature).
func readCMS(w *walker, at int, it item) {
	if !w.enters(it) || w.tooDeep(at, it) {
		return
	}
	data := it.file.data
	if block, _ := pem.Decode(data); block != nil {
		data = block.Bytes
	}
	contentType, content, ok := cmsContent(data)
	switch {
	case !ok:
		w.problem(at, ingest.ProblemUnreadable, "not a CMS structure")
	case contentType == oidEnvelopedData:
		w.problem(at, ingest.ProblemEncrypted, "encrypted for a certificate")
	case contentType != oidSignedData:
		w.problem(at, ingest.ProblemUnsupported, "a CMS structure that is not signed data")
	case len(content) > 0:
		inside := it.child(1, innerName(it.name), content)
		w.document(inside)
	}
}

// innerName is the name of the signed file: "umowa.pdf.p7m" holds "umowa.pdf".
func innerName(name string) string {
	if ext := extension(name); ext == ".p7m" || ext == ".sig" || ext == ".p7s" {
		return name[:len(name)-len(ext)]
	}
	return name
}

// The content types of RFC 5652.
const (
	oidSignedData    = "\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02"
	oidEnvelopedData = "\x2A\x86\x48\x86\xF7\x0D\x01\x07\x03"
)

// cmsContent returns the content type of a ContentInfo and, of signed data, the encapsulated content, nil for a detached
// signature. It reads BER, as signing software writes it: indefinite lengths, strings in pieces.
func cmsContent(data []byte) (contentType string, content []byte, ok bool) {
	info, _, ok := readBER(data)
	if !ok || info.tag != 0x30 {
		return "", nil, false
	}
	parts := info.children()
	if len(parts) < 2 || parts[0].tag != 0x06 {
		return "", nil, false
	}
	contentType = string(parts[0].body)
	if contentType != oidSignedData {
		return contentType, nil, true
	}
	signed := parts[1].children() // [0] EXPLICIT
	if len(signed) == 0 {
		return contentType, nil, false
	}
	for _, field := range signed[0].children() {
		if field.tag != 0x30 {
			continue
		}
		encap := field.children() // EncapsulatedContentInfo: type, [0] content
		if len(encap) < 2 {
			return contentType, nil, true
		}
		return contentType, encap[1].octets(0), true
	}
	return contentType, nil, false
}

// ber is one element of BER.
type ber struct {
	tag  byte
	body []byte
}

// readBER reads the first element of data and returns what follows it.
func readBER(data []byte) (e ber, rest []byte, ok bool) { return readBERAt(data, 0) }

func readBERAt(data []byte, depth int) (e ber, rest []byte, ok bool) {
	if len(data) < 2 || data[0]&0x1F == 0x1F || depth > 64 { // long tags do not occur in CMS
		return ber{}, nil, false
	}
	e.tag = data[0]
	length, data := int(data[1]), data[2:]
	if length == 0x80 {
		return indefinite(e.tag, data, depth)
	}
	if length > 0x80 {
		n := length & 0x7F
		if n > 4 || n > len(data) {
			return ber{}, nil, false
		}
		length = 0
		for _, b := range data[:n] {
			length = length<<8 | int(b)
		}
		data = data[n:]
	}
	if length < 0 || length > len(data) {
		return ber{}, nil, false
	}
	e.body = data[:length]
	return e, data[length:], true
}

// indefinite reads elements up to the end-of-contents mark.
func indefinite(tag byte, data []byte, depth int) (ber, []byte, bool) {
	rest := data
	for {
		if bytes.HasPrefix(rest, []byte{0, 0}) {
			return ber{tag, data[:len(data)-len(rest)]}, rest[2:], true
		}
		_, after, ok := readBERAt(rest, depth+1)
		if !ok {
			return ber{}, nil, false
		}
		rest = after
	}
}

func (e ber) children() []ber {
	var all []ber
	for rest := e.body; len(rest) > 0; {
		c, after, ok := readBER(rest)
		if !ok {
			break
		}
		all = append(all, c)
		rest = after
	}
	return all
}

// octets joins an octet string that may be in pieces and inside an explicit tag.
func (e ber) octets(depth int) []byte {
	if e.tag == 0x04 || depth > 16 {
		return e.body
	}
	var all []byte
	for _, c := range e.children() {
		all = append(all, c.octets(depth+1)...)
	}
	return all
}
