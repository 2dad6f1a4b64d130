package signature

import (
	"bytes"
	"encoding/base64"
	"encoding/pem"
	"strings"
)

// Format is what a file is, as far as signatures are concerned.
type format int

const (
	unknownFormat format = iota
	xmlFormat
	cmsFormat
	pdfFormat
	zipFormat
)

// Detect reports whether a file may hold a signature: a cheap look at its first octets and a search for the marks every
// signature of its format must have. A false answer is certain; a true one means that Examine is worth its price.
func Detect(name, mediaType string, b []byte) bool {
	switch formatOf(name, b) {
	case xmlFormat:
		return containsASCII(b, "SignatureValue")
	case cmsFormat:
		return true
	case pdfFormat:
		return bytes.Contains(b, []byte("ByteRange")) // its offsets cannot lie in a compressed object
	case zipFormat:
		return bytes.Contains(b, []byte("META-INF/"))
	}
	return false
}

// containsASCII also finds the word in UTF-16.
func containsASCII(b []byte, word string) bool {
	if bytes.Contains(b, []byte(word)) {
		return true
	}
	if !bytes.HasPrefix(b, []byte{0xFF, 0xFE}) && !bytes.HasPrefix(b, []byte{0xFE, 0xFF}) && !bytes.Contains(b[:min(len(b), 8)], []byte{0}) {
		return false
	}
	wide := make([]byte, 0, 2*len(word))
	for i := range len(word) {
		wide = append(wide, word[i], 0)
	}
	return bytes.Contains(b, wide[:len(wide)-1])
}

// formatOf judges by content; the name helps only where content cannot (detached CMS in base64).
func formatOf(name string, b []byte) format {
	head := b[:min(len(b), 1024)]
	trimmed := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF")), " \t\r\n")
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return zipFormat
	case bytes.HasPrefix(trimmed, []byte("<")), bytes.HasPrefix(head, []byte{0xFF, 0xFE, '<', 0}), bytes.HasPrefix(head, []byte{0xFE, 0xFF, 0, '<'}),
		bytes.HasPrefix(head, []byte{'<', 0}), bytes.HasPrefix(head, []byte{0, '<'}):
		return xmlFormat
	case bytes.Contains(head, []byte("%PDF-")):
		return pdfFormat
	case isSignedData(head), toDER(b) != nil:
		return cmsFormat
	}
	return unknownFormat
}

var signedDataOID = []byte{0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02}

// isSignedData recognises the beginning of a CMS SignedData.
func isSignedData(b []byte) bool {
	return len(b) > 16 && b[0] == 0x30 && bytes.Contains(b[:min(len(b), 24)], signedDataOID)
}

// toDER returns the CMS inside PEM or bare base64, nil if there is none.
func toDER(b []byte) []byte {
	t := bytes.TrimSpace(b)
	if bytes.HasPrefix(t, []byte("-----BEGIN ")) {
		if p, _ := pem.Decode(t); p != nil && isSignedData(p.Bytes) {
			return p.Bytes
		}
		return nil
	}
	if len(t) < 32 || t[0] != 'M' { // base64 of a SEQUENCE begins so
		return nil
	}
	clean := func(b []byte) string {
		return strings.Map(func(r rune) rune {
			if r == ' ' || r == '\t' || r == '\r' || r == '\n' {
				return -1
			}
			return r
		}, string(b))
	}
	head := clean(t[:min(len(t), 64)])
	raw, err := base64.StdEncoding.DecodeString(head[:len(head)/4*4])
	if err != nil || !isSignedData(raw) {
		return nil
	}
	if raw, err = base64.StdEncoding.DecodeString(clean(t)); err != nil {
		return nil
	}
	return raw
}
