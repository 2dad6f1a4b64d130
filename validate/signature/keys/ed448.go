package keys

import (
	"crypto/sha3"
	"math/big"
	"sync"
)

// Ed448 of RFC 8032 section 5.2, which the standard library does not have. It is used only to verify, on public data: nothing here
// runs in constant time.

const ed448Size = 57

// edwards448 is x² + y² = 1 + d·x²y² over the field of p, with a base point of order l.
type edwards448 struct{ p, d, l, x, y *big.Int }

var ed448 = sync.OnceValue(func() edwards448 {
	number := func(s string) *big.Int {
		n, ok := new(big.Int).SetString(s, 0)
		if !ok {
			panic("keys: constant " + s) // constants only
		}
		return n
	}
	p := new(big.Int).Lsh(big.NewInt(1), 448)
	p.Sub(p, new(big.Int).Lsh(big.NewInt(1), 224))
	p.Sub(p, big.NewInt(1))
	l := new(big.Int).Lsh(big.NewInt(1), 446)
	l.Sub(l, number("0x8335dc163bb124b65129c96fde933d8d723a70aadc873d6d54a7bb0d"))
	return edwards448{p: p, d: new(big.Int).Sub(p, big.NewInt(39081)), l: l,
		x: number("224580040295924300187604334099896036246789641632564134246125461686950415467406032909029192869357953282578032075146446173674602635247710"),
		y: number("298819210078481492676017930443930673437544040154080242095928241372331506189835876003536878655418784733982303233503462500531545062832660")}
})

// point448 is in projective coordinates: (X/Z, Y/Z).
type point448 struct{ x, y, z *big.Int }

// decode reads a point (section 5.2.3); nil if there is none.
func (c edwards448) decode(b []byte) *point448 {
	if len(b) != ed448Size || b[ed448Size-1]&0x7F != 0 {
		return nil
	}
	y := littleEndian(b[:ed448Size-1])
	if y.Cmp(c.p) >= 0 {
		return nil
	}
	// x² = (y²-1) / (d·y²-1); the root is the power (p+1)/4, for p is 3 modulo 4.
	y2 := c.mul(y, y)
	den := c.sub(c.mul(c.d, y2), big.NewInt(1))
	x2 := c.mul(c.sub(y2, big.NewInt(1)), new(big.Int).ModInverse(den, c.p)) // d is no square: den is never zero
	x := new(big.Int).Exp(x2, new(big.Int).Rsh(new(big.Int).Add(c.p, big.NewInt(1)), 2), c.p)
	sign := uint(b[ed448Size-1] >> 7)
	if c.mul(x, x).Cmp(x2) != 0 || x.Sign() == 0 && sign == 1 {
		return nil
	}
	if x.Bit(0) != sign {
		x.Sub(c.p, x)
	}
	return &point448{x, y, big.NewInt(1)}
}

func (c edwards448) mul(a, b *big.Int) *big.Int {
	r := new(big.Int).Mul(a, b)
	return r.Mod(r, c.p)
}

func (c edwards448) sub(a, b *big.Int) *big.Int {
	r := new(big.Int).Sub(a, b)
	return r.Mod(r, c.p)
}

// add is complete: it also doubles (section 5.2.4).
func (c edwards448) add(a, b point448) point448 {
	zz, xx, yy := c.mul(a.z, b.z), c.mul(a.x, b.x), c.mul(a.y, b.y)
	z2, e := c.mul(zz, zz), c.mul(c.d, c.mul(xx, yy))
	f, g := c.sub(z2, e), new(big.Int).Add(z2, e)
	h := c.sub(c.mul(new(big.Int).Add(a.x, a.y), new(big.Int).Add(b.x, b.y)), new(big.Int).Add(xx, yy))
	return point448{c.mul(zz, c.mul(f, h)), c.mul(zz, c.mul(g, c.sub(yy, xx))), c.mul(f, g)}
}

func (c edwards448) times(k *big.Int, a point448) point448 {
	r := point448{big.NewInt(0), big.NewInt(1), big.NewInt(1)}
	for i := k.BitLen() - 1; i >= 0; i-- {
		r = c.add(r, r)
		if k.Bit(i) == 1 {
			r = c.add(r, a)
		}
	}
	return r
}

// verifyEd448 is section 5.2.7 without context.
func verifyEd448(key, message, sig []byte) bool {
	c := ed448()
	if len(sig) != 2*ed448Size {
		return false
	}
	a, r, s := c.decode(key), c.decode(sig[:ed448Size]), littleEndian(sig[ed448Size:])
	if a == nil || r == nil || s.Cmp(c.l) >= 0 {
		return false
	}
	h := sha3.NewSHAKE256()
	for _, part := range [][]byte{[]byte("SigEd448\x00\x00"), sig[:ed448Size], key, message} {
		_, _ = h.Write(part) // a hash never fails
	}
	sum := make([]byte, 2*ed448Size)
	_, _ = h.Read(sum)
	k := new(big.Int).Mod(littleEndian(sum), c.l)
	left, right := c.times(s, point448{c.x, c.y, big.NewInt(1)}), c.add(*r, c.times(k, *a))
	return c.mul(left.x, right.z).Cmp(c.mul(right.x, left.z)) == 0 && c.mul(left.y, right.z).Cmp(c.mul(right.y, left.z)) == 0
}

func littleEndian(b []byte) *big.Int {
	reversed := make([]byte, len(b))
	for i, v := range b {
		reversed[len(b)-1-i] = v
	}
	return new(big.Int).SetBytes(reversed)
}
