// Package der owns ASN.1 as signatures carry it: Normalise turns BER (indefinite lengths, strings in pieces) into DER, and
// Value walks it without a schema. It refuses integers with superfluous octets, deep nesting and anything beyond the end,
// and never allocates more than a small multiple of its input. It knows no type of any standard; see keys and cms.
package der

import (
	"bytes"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"time"
)

// Value is one element.
type Value struct {
	Tag     byte   // identifier octet: class, constructed bit and tag number below 31
	Full    []byte // header and content
	Content []byte
}

// The identifier octets used here.
const (
	Boolean     = 0x01
	Integer     = 0x02
	BitString   = 0x03
	OctetString = 0x04
	Null        = 0x05
	OID         = 0x06
	UTF8String  = 0x0C
	UTCTime     = 0x17
	GenTime     = 0x18
	Sequence    = 0x30
	Set         = 0x31
	constructed = 0x20
)

// Context returns the identifier octet of context tag n.
func Context(n byte) byte { return 0x80 | n }

// Explicit returns the identifier octet of context tag n around another value.
func Explicit(n byte) byte { return 0xA0 | n }

const maxDepth = 64

var (
	errShort = errors.New("ASN.1: the data ends too early")
	errDeep  = fmt.Errorf("ASN.1: nested deeper than %d", maxDepth)
)

// Next splits the first element off b, which must be DER.
func Next(b []byte) (v Value, rest []byte, err error) {
	h, err := header(b)
	if err != nil {
		return v, nil, err
	}
	if h.indefinite || h.length > len(b)-h.size {
		return v, nil, errShort
	}
	end := h.size + h.length
	return Value{Tag: b[0], Full: b[:end:end], Content: b[h.size:end:end]}, b[end:], nil
}

// Parse reads b as exactly one element.
func Parse(b []byte) (Value, error) {
	v, rest, err := Next(b)
	if err == nil && len(rest) > 0 {
		err = errors.New("ASN.1: octets after the end")
	}
	return v, err
}

type head struct {
	size, length int
	indefinite   bool
	minimal      bool
}

func header(b []byte) (head, error) {
	if len(b) < 2 {
		return head{}, errShort
	}
	if b[0]&0x1F == 0x1F {
		return head{}, errors.New("ASN.1: tag numbers above 30 are not used in signatures")
	}
	n := int(b[1])
	switch {
	case n < 0x80:
		return head{size: 2, length: n, minimal: true}, nil
	case n == 0x80:
		return head{size: 2, indefinite: true}, nil
	}
	n &= 0x7F
	if n > 4 || len(b) < 2+n {
		return head{}, errShort
	}
	h := head{size: 2 + n, minimal: b[2] != 0}
	for _, c := range b[2 : 2+n] {
		h.length = h.length<<8 | int(c)
	}
	h.minimal = h.minimal && h.length >= 0x80
	return h, nil
}

// Children returns the elements inside a constructed value.
func (v Value) Children() ([]Value, error) {
	var all []Value
	for rest := v.Content; len(rest) > 0; {
		var c Value
		var err error
		if c, rest, err = Next(rest); err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}

// Is reports whether the element has that identifier octet.
func (v Value) Is(tag byte) bool { return v.Full != nil && v.Tag == tag }

// OID returns the dotted form, "" if v is no object identifier.
func (v Value) OID() string {
	if v.Tag != OID || len(v.Content) == 0 {
		return ""
	}
	var b bytes.Buffer
	n, first := 0, true
	for _, c := range v.Content {
		if n > 1<<23 {
			return ""
		}
		n = n<<7 | int(c&0x7F)
		if c&0x80 != 0 {
			continue
		}
		if first {
			top := min(n/40, 2)
			fmt.Fprintf(&b, "%d.%d", top, n-40*top)
			first = false
		} else {
			fmt.Fprintf(&b, ".%d", n)
		}
		n = 0
	}
	return b.String()
}

// Int returns the integer, nil if v is none.
func (v Value) Int() *big.Int {
	if v.Tag != Integer || len(v.Content) == 0 {
		return nil
	}
	n := new(big.Int).SetBytes(v.Content)
	if v.Content[0]&0x80 != 0 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(v.Content))))
	}
	return n
}

// Bits returns the octets of a bit string without unused bits, nil if v is none.
func (v Value) Bits() []byte {
	if v.Tag != BitString || len(v.Content) == 0 || v.Content[0] != 0 {
		return nil
	}
	return v.Content[1:]
}

// Time reads a UTCTime or GeneralizedTime.
func (v Value) Time() (time.Time, error) {
	s := string(v.Content)
	var layouts []string
	switch v.Tag {
	case UTCTime:
		layouts = []string{"060102150405Z0700", "0601021504Z0700"}
	case GenTime:
		layouts = []string{"20060102150405Z0700", "20060102150405.999999999Z0700", "200601021504Z0700"}
	}
	for _, l := range layouts {
		t, err := time.Parse(l, s)
		if err != nil {
			continue
		}
		if v.Tag == UTCTime && t.Year() >= 2050 {
			t = t.AddDate(-100, 0, 0)
		}
		return t.UTC(), nil
	}
	return time.Time{}, errors.New("ASN.1: not a time")
}

// Append writes an element with the given identifier octet around content.
func Append(dst []byte, tag byte, content ...[]byte) []byte {
	n := 0
	for _, c := range content {
		n += len(c)
	}
	dst = appendLength(append(dst, tag), n)
	for _, c := range content {
		dst = append(dst, c...)
	}
	return dst
}

func appendLength(dst []byte, n int) []byte {
	switch {
	case n < 0x80:
		return append(dst, byte(n))
	case n < 1<<8:
		return append(dst, 0x81, byte(n))
	case n < 1<<16:
		return append(dst, 0x82, byte(n>>8), byte(n))
	case n < 1<<24:
		return append(dst, 0x83, byte(n>>16), byte(n>>8), byte(n))
	}
	return append(dst, 0x84, byte(n>>24), byte(n>>16), byte(n>>8), byte(n))
}

// SortedSet returns a SET OF with the elements of v in DER order: what a signer hashes (X.690 section 11.6).
func SortedSet(v Value) ([]byte, error) {
	parts, err := v.Children()
	if err != nil {
		return nil, err
	}
	raw := make([][]byte, len(parts))
	for i, p := range parts {
		raw[i] = p.Full
	}
	slices.SortStableFunc(raw, bytes.Compare)
	return Append(nil, Set, raw...), nil
}
