package keys

import (
	"math/big"
	"sync"
)

// curve is y² = x³ + ax + b over a prime field. It is used only to verify, on public data: nothing here runs in constant
// time. The curves of NIST are left to crypto/ecdsa; these are the ones European cards carry and it does not know.
type curve struct{ p, a, b, n, gx, gy *big.Int }

// curveTable gives p, a, b, n, Gx, Gy of RFC 5639 sections 3.3 to 3.7 and SEC 2 section 2.4.1, in hexadecimal.
var curveTable = map[string][6]string{
	"1.3.36.3.3.2.8.1.1.5": { // brainpoolP224r1
		"d7c134aa264366862a18302575d1d787b09f075797da89f57ec8c0ff",
		"68a5e62ca9ce6c1c299803a6c1530b514e182ad8b0042a59cad29f43",
		"2580f63ccfe44138870713b1a92369e33e2135d266dbb372386c400b",
		"d7c134aa264366862a18302575d0fb98d116bc4b6ddebca3a5a7939f",
		"d9029ad2c7e5cf4340823b2a87dc68c9e4ce3174c1e6efdee12c07d",
		"58aa56f772c0726f24c6b89e4ecdac24354b9e99caa3f6d3761402cd",
	},
	"1.3.36.3.3.2.8.1.1.7": { // brainpoolP256r1
		"a9fb57dba1eea9bc3e660a909d838d726e3bf623d52620282013481d1f6e5377",
		"7d5a0975fc2c3057eef67530417affe7fb8055c126dc5c6ce94a4b44f330b5d9",
		"26dc5c6ce94a4b44f330b5d9bbd77cbf958416295cf7e1ce6bccdc18ff8c07b6",
		"a9fb57dba1eea9bc3e660a909d838d718c397aa3b561a6f7901e0e82974856a7",
		"8bd2aeb9cb7e57cb2c4b482ffc81b7afb9de27e1e3bd23c23a4453bd9ace3262",
		"547ef835c3dac4fd97f8461a14611dc9c27745132ded8e545c1d54c72f046997",
	},
	"1.3.36.3.3.2.8.1.1.9": { // brainpoolP320r1
		"d35e472036bc4fb7e13c785ed201e065f98fcfa6f6f40def4f92b9ec7893ec28fcd412b1f1b32e27",
		"3ee30b568fbab0f883ccebd46d3f3bb8a2a73513f5eb79da66190eb085ffa9f492f375a97d860eb4",
		"520883949dfdbc42d3ad198640688a6fe13f41349554b49acc31dccd884539816f5eb4ac8fb1f1a6",
		"d35e472036bc4fb7e13c785ed201e065f98fcfa5b68f12a32d482ec7ee8658e98691555b44c59311",
		"43bd7e9afb53d8b85289bcc48ee5bfe6f20137d10a087eb6e7871e2a10a599c710af8d0d39e20611",
		"14fdd05545ec1cc8ab4093247f77275e0743ffed117182eaa9c77877aaac6ac7d35245d1692e8ee1",
	},
	"1.3.36.3.3.2.8.1.1.11": { // brainpoolP384r1
		"8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b412b1da197fb71123acd3a729901d1a71874700133107ec53",
		"7bc382c63d8c150c3c72080ace05afa0c2bea28e4fb22787139165efba91f90f8aa5814a503ad4eb04a8c7dd22ce2826",
		"4a8c7dd22ce28268b39b55416f0447c2fb77de107dcd2a62e880ea53eeb62d57cb4390295dbc9943ab78696fa504c11",
		"8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b31f166e6cac0425a7cf3ab6af6b7fc3103b883202e9046565",
		"1d1c64f068cf45ffa2a63a81b7c13f6b8847a3e77ef14fe3db7fcafe0cbd10e8e826e03436d646aaef87b2e247d4af1e",
		"8abe1d7520f9c2a45cb1eb8e95cfd55262b70b29feec5864e19c054ff99129280e4646217791811142820341263c5315",
	},
	"1.3.36.3.3.2.8.1.1.13": { // brainpoolP512r1
		"aadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca703308717d4d9b009bc66842aecda12ae6a380e62881ff2f2d82c68528aa6056583a48f3",
		"7830a3318b603b89e2327145ac234cc594cbdd8d3df91610a83441caea9863bc2ded5d5aa8253aa10a2ef1c98b9ac8b57f1117a72bf2c7b9e7c1ac4d77fc94ca",
		"3df91610a83441caea9863bc2ded5d5aa8253aa10a2ef1c98b9ac8b57f1117a72bf2c7b9e7c1ac4d77fc94cadc083e67984050b75ebae5dd2809bd638016f723",
		"aadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca70330870553e5c414ca92619418661197fac10471db1d381085ddaddb58796829ca90069",
		"81aee4bdd82ed9645a21322e9c4c6a9385ed9f70b5d916c1b43b62eef4d0098eff3b1f78e2d0d48d50d1687b93b97d5f7c6d5047406a5e688b352209bcb9f822",
		"7dde385d566332ecc0eabfa9cf7822fdf209f70024a57b1aa000c55b881f8111b2dcde494a5f485e5bca4bd88a2763aed1ca2b2fa8f0540678cd1e0f3ad80892",
	},
	"1.3.132.0.10": { // secp256k1
		"fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f",
		"0",
		"7",
		"fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
		"79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
		"483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8",
	},
}

var curves = sync.OnceValue(func() map[string]*curve {
	all := map[string]*curve{}
	for oid, row := range curveTable {
		var v [6]*big.Int
		for i, hex := range row {
			v[i], _ = new(big.Int).SetString(hex, 16)
		}
		all[oid] = &curve{p: v[0], a: v[1], b: v[2], n: v[3], gx: v[4], gy: v[5]}
	}
	return all
})

// point is in Jacobian coordinates; z = 0 is the point at infinity.
type point struct{ x, y, z *big.Int }

func (c *curve) mod(v *big.Int) *big.Int { return v.Mod(v, c.p) }

func (c *curve) mul(a, b *big.Int) *big.Int { return c.mod(new(big.Int).Mul(a, b)) }

func (c *curve) sub(a, b *big.Int) *big.Int { return c.mod(new(big.Int).Sub(a, b)) }

func (c *curve) onCurve(x, y *big.Int) bool {
	if x.Sign() < 0 || y.Sign() < 0 || x.Cmp(c.p) >= 0 || y.Cmp(c.p) >= 0 {
		return false
	}
	right := c.mul(c.mul(x, x), x)
	right.Add(right, c.mul(c.a, x)).Add(right, c.b)
	return c.mul(y, y).Cmp(c.mod(right)) == 0
}

func (c *curve) double(p point) point {
	if p.z.Sign() == 0 || p.y.Sign() == 0 {
		return point{big.NewInt(1), big.NewInt(1), new(big.Int)}
	}
	yy := c.mul(p.y, p.y)
	s := c.mul(big.NewInt(4), c.mul(p.x, yy))
	zz := c.mul(p.z, p.z)
	m := c.mul(big.NewInt(3), c.mul(p.x, p.x))
	m = c.mod(m.Add(m, c.mul(c.a, c.mul(zz, zz))))
	x := c.sub(c.mul(m, m), new(big.Int).Lsh(s, 1))
	y := c.sub(c.mul(m, c.sub(s, x)), c.mul(big.NewInt(8), c.mul(yy, yy)))
	return point{x, y, c.mul(new(big.Int).Lsh(p.y, 1), p.z)}
}

func (c *curve) add(p, q point) point {
	if p.z.Sign() == 0 {
		return q
	}
	if q.z.Sign() == 0 {
		return p
	}
	pz, qz := c.mul(p.z, p.z), c.mul(q.z, q.z)
	u1, u2 := c.mul(p.x, qz), c.mul(q.x, pz)
	s1, s2 := c.mul(p.y, c.mul(qz, q.z)), c.mul(q.y, c.mul(pz, p.z))
	h, r := c.sub(u2, u1), c.sub(s2, s1)
	if h.Sign() == 0 {
		if r.Sign() == 0 {
			return c.double(p)
		}
		return point{big.NewInt(1), big.NewInt(1), new(big.Int)}
	}
	hh := c.mul(h, h)
	hhh, v := c.mul(h, hh), c.mul(u1, hh)
	x := c.sub(c.sub(c.mul(r, r), hhh), new(big.Int).Lsh(v, 1))
	y := c.sub(c.mul(r, c.sub(v, x)), c.mul(s1, hhh))
	return point{x, y, c.mul(h, c.mul(p.z, q.z))}
}

// combined returns the affine x of u·G + v·Q (Shamir's trick), nil at infinity.
func (c *curve) combined(u, v, qx, qy *big.Int) *big.Int {
	one := big.NewInt(1)
	g, q := point{c.gx, c.gy, one}, point{qx, qy, one}
	both := c.add(g, q)
	sum := point{one, one, new(big.Int)}
	for i := max(u.BitLen(), v.BitLen()) - 1; i >= 0; i-- {
		sum = c.double(sum)
		switch {
		case u.Bit(i) == 1 && v.Bit(i) == 1:
			sum = c.add(sum, both)
		case u.Bit(i) == 1:
			sum = c.add(sum, g)
		case v.Bit(i) == 1:
			sum = c.add(sum, q)
		}
	}
	if sum.z.Sign() == 0 {
		return nil
	}
	inv := new(big.Int).ModInverse(sum.z, c.p)
	return c.mul(sum.x, c.mul(inv, inv))
}

// verify follows SEC 1 section 4.1.4.
func (c *curve) verify(qx, qy *big.Int, digest []byte, r, s *big.Int) bool {
	if r.Sign() <= 0 || s.Sign() <= 0 || r.Cmp(c.n) >= 0 || s.Cmp(c.n) >= 0 {
		return false
	}
	e := new(big.Int).SetBytes(digest)
	if excess := 8*len(digest) - c.n.BitLen(); excess > 0 {
		e.Rsh(e, uint(excess))
	}
	w := new(big.Int).ModInverse(s, c.n)
	u := e.Mul(e, w).Mod(e, c.n)
	v := w.Mul(r, w).Mod(w, c.n)
	x := c.combined(u, v, qx, qy)
	return x != nil && x.Mod(x, c.n).Cmp(r) == 0
}
