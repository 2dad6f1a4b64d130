package der

import "errors"

// Normalise reads one BER element from the front of b and returns it as DER (sets keep their order) and what follows it.
// When the element is DER already, the result shares memory with b.
func Normalise(b []byte) (out, rest []byte, err error) {
	r := &berReader{left: maxElements}
	n, rest, err := r.read(b, 0)
	if err != nil {
		return nil, nil, err
	}
	if n.clean {
		return b[: len(b)-len(rest) : len(b)-len(rest)], rest, nil
	}
	return n.append(make([]byte, 0, n.size())), rest, nil
}

// element is a BER element; of a constructed one that must be rewritten, the parts are kept.
type element struct {
	tag    byte
	data   []byte // content of a primitive or clean element
	parts  []element
	clean  bool // data is the DER content as it stands
	length int  // of the content in DER
}

// maxElements bounds memory: a signature with large revocation lists has some hundred thousand.
const maxElements = 2 << 20

type berReader struct{ left int }

func (r *berReader) read(b []byte, depth int) (e element, rest []byte, err error) {
	if depth > maxDepth {
		return e, nil, errDeep
	}
	if r.left--; r.left < 0 {
		return e, nil, errors.New("ASN.1: too many elements")
	}
	h, err := header(b)
	if err != nil {
		return e, nil, err
	}
	e.tag = b[0]
	body := b[h.size:]
	if !h.indefinite {
		if h.length > len(body) {
			return e, nil, errShort
		}
		body, rest = body[:h.length], body[h.length:]
	}
	if e.tag&constructed == 0 {
		if h.indefinite {
			return e, nil, errors.New("ASN.1: a primitive element of indefinite length")
		}
		if e.tag == Integer && !minimalInt(body) {
			return e, nil, errors.New("ASN.1: an integer with superfluous octets")
		}
		e.data, e.clean, e.length = body, h.minimal, len(body)
		return e, rest, nil
	}
	e.clean = h.minimal && !h.indefinite
	for {
		if h.indefinite && len(body) >= 2 && body[0] == 0 && body[1] == 0 {
			rest = body[2:]
			break
		}
		if len(body) == 0 {
			if h.indefinite {
				return e, nil, errShort
			}
			break
		}
		var part element
		if part, body, err = r.read(body, depth+1); err != nil {
			return e, nil, err
		}
		e.clean = e.clean && part.clean
		e.parts = append(e.parts, part)
		e.length += part.size()
	}
	if e.tag == OctetString|constructed {
		return e.joined(), rest, nil
	}
	if e.clean {
		e.data, e.parts = b[h.size:h.size+h.length], nil
	}
	return e, rest, nil
}

func minimalInt(c []byte) bool {
	return len(c) > 0 && (len(c) == 1 || !(c[0] == 0 && c[1]&0x80 == 0 || c[0] == 0xFF && c[1]&0x80 != 0))
}

// joined makes one primitive string of pieces.
func (e element) joined() element {
	var all []byte
	for _, p := range e.parts {
		all = append(all, p.data...)
	}
	return element{tag: OctetString, data: all, length: len(all)}
}

func (e element) size() int {
	n := 2 + e.length
	if e.length >= 0x80 {
		for l := e.length; l > 0; l >>= 8 {
			n++
		}
	}
	return n
}

func (e element) append(dst []byte) []byte {
	dst = appendLength(append(dst, e.tag), e.length)
	if e.parts == nil {
		return append(dst, e.data...)
	}
	for _, p := range e.parts {
		dst = p.append(dst)
	}
	return dst
}
