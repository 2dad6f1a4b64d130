package der_test

import (
	"bytes"
	"encoding/asn1"
	"encoding/hex"
	"testing"

	"okienko/validate/signature/der"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestNormalise(t *testing.T) {
	t.Parallel()
	long := append([]byte{0x04, 0x82, 0x01, 0x00}, make([]byte, 256)...)
	for _, tt := range []struct{ name, in, want string }{
		{"DER stays", "3003020105", "3003020105"},
		{"indefinite length", "30800201050000", "3003020105"},
		{"a string in pieces", "24800402616204016300000000", "0403616263"},
		{"a long form length that is not needed", "3081030201" + "05", "3003020105"},
		{"nested", "3080308002010100000201020000", "30083003020101020102"},
		{"content of 256 octets in indefinite length", "3080" + hex.EncodeToString(long) + "0000", "30820104" + hex.EncodeToString(long)},
		{"an integer with a superfluous octet", "02020001", ""},
		{"too short", "3005020105", ""},
		{"no end of contents", "3080020105", ""},
		{"a primitive of indefinite length", "0480010000", ""},
	} {
		out, _, err := der.Normalise(unhex(t, tt.in))
		if tt.want == "" {
			if err == nil {
				t.Errorf("%s: accepted as %x", tt.name, out)
			}
			continue
		}
		if err != nil || hex.EncodeToString(out) != tt.want {
			t.Errorf("%s: %x, %v; want %s", tt.name, out, err, tt.want)
		}
	}
}

func TestOIDIsReadAsEncodingASN1Does(t *testing.T) {
	t.Parallel()
	for _, oid := range []asn1.ObjectIdentifier{{1, 2, 840, 113549, 1, 7, 2}, {2, 16, 840, 1, 101, 3, 4, 2, 1}, {0, 4, 0, 1733, 2, 4}, {2, 999, 3}} {
		raw, err := asn1.Marshal(oid)
		if err != nil {
			t.Fatal(err)
		}
		v, err := der.Parse(raw)
		if err != nil || v.OID() != oid.String() {
			t.Errorf("%s read as %s, %v", oid, v.OID(), err)
		}
	}
}

func walk(t *testing.T, v der.Value) {
	kids, err := v.Children()
	if err != nil || v.Tag&0x20 == 0 {
		return
	}
	for _, k := range kids {
		k.OID()
		k.Int()
		k.Bits()
		_, _ = k.Time()
		walk(t, k)
	}
}

// FuzzNormalise: the result is DER: normalising it again changes nothing, and encoding/asn1 can split it.
func FuzzNormalise(f *testing.F) {
	for _, s := range []string{"3003020105", "30800201050000", "24800402616204016300000000", "a0803080060100000000000", "170d3236303131353132303030305a"} {
		b, err := hex.DecodeString(s)
		if err == nil {
			f.Add(b)
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		out, rest, err := der.Normalise(raw)
		if err != nil {
			return
		}
		if len(rest) > len(raw) {
			t.Fatal("more is left than was given")
		}
		again, left, err := der.Normalise(out)
		if err != nil || len(left) != 0 || !bytes.Equal(out, again) {
			t.Fatalf("%x normalised to %x, again to %x (%v)", raw, out, again, err)
		}
		v, err := der.Parse(out)
		if err != nil {
			t.Fatalf("%x: %v", out, err)
		}
		walk(t, v)
	})
}
