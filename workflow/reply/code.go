package reply

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"sync"

	"okienko/workflow"
)

// Codes turns cases into completion codes (kod uzupełnienia) a person can read out on the phone, "7K4-MAPA", and back. It is
// a permutation chosen by a secret: no two cases share a code, and from one code nobody can tell the next. The zero Codes has
// no secret; get one from NewCodes. It may be used concurrently.
type Codes struct{ secret []byte }

// NewCodes takes the office's secret, at least 16 bytes. Another secret makes other codes; those in letters already sent are
// then known only where they were stored.
func NewCodes(secret []byte) (Codes, error) {
	if len(secret) < 16 {
		return Codes{}, errors.New("secret for completion codes: at least 16 bytes are needed")
	}
	return Codes{secret: slices.Clone(secret)}, nil
}

// Of returns the code of a case. Codes repeat after 23 million cases.
func (c Codes) Of(id workflow.CaseID) string {
	n := c.walk(uint64(id)%codeCount(), c.forward)
	w := words()
	return w.heads[n/uint64(len(w.tails))] + "-" + w.tails[n%uint64(len(w.tails))]
}

// Case returns the case a code stands for. Lower case, blanks, another dash or none do not matter. ok is false for what no
// letter of ours can have said; true does not mean that the case exists.
func (c Codes) Case(code string) (id workflow.CaseID, ok bool) {
	code = plainCode(code)
	if len(code) != 7 {
		return 0, false
	}
	w := words()
	head, okHead := slices.BinarySearch(w.heads, code[:3])
	tail, okTail := slices.BinarySearch(w.tails, code[3:])
	if !okHead || !okTail {
		return 0, false
	}
	return workflow.CaseID(c.walk(uint64(head*len(w.tails)+tail), c.backward)), true
}

// plainCode is the code in capitals without what people put between its parts.
func plainCode(code string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(" -\u00a0\u2010\u2011\u2012\u2013\u2014", r):
			return -1
		case r == 'Ó':
			return 'U'
		}
		return r
	}, strings.ToUpper(code))
}

// walk applies the permutation of 2^26 numbers until the result is one that has a code: cycle walking keeps it a permutation.
func (c Codes) walk(n uint64, step func(uint64) uint64) uint64 {
	for n = step(n); n >= codeCount(); n = step(n) {
	}
	return n
}

// The Feistel network: two halves of 13 bits, eight rounds of HMAC-SHA-256.
const (
	half   = 13
	mask   = 1<<half - 1
	rounds = 8
)

func (c Codes) forward(n uint64) uint64 {
	left, right := n>>half, n&mask
	for i := range rounds {
		left, right = right, left^c.round(i, right)
	}
	return left<<half | right
}

func (c Codes) backward(n uint64) uint64 {
	left, right := n>>half, n&mask
	for i := rounds - 1; i >= 0; i-- {
		left, right = right^c.round(i, left), left
	}
	return left<<half | right
}

func (c Codes) round(i int, n uint64) uint64 {
	sum := hmac.New(sha256.New, c.secret)
	sum.Write([]byte{'c', byte(i), byte(n), byte(n >> 8)})
	return binary.BigEndian.Uint64(sum.Sum(nil)) & mask
}

// Signs that are taken for one another when read or heard are left out: 0 and O, 1 and I and L, C and K, Q, V and W, Y.
const (
	codeDigits     = "23456789"
	codeConsonants = "BDFGHKMNPRSTWZ"
	codeVowels     = "AEOU"
)

// badHeads and badTails are what no office should print in Polish, Ukrainian or English, and what reads as a number.
var (
	badHeads = []string{"88", "SS", "KK"}
	badTails = strings.Fields(`BABA BABO DUPA DUPE DUPO DUPU FAGE FAGO FAKE FAKU FUKA FUKE FUKO FUKU GEBA GEBO GUPA GUPE GUPO
		HAMA HAME HAMO HOMO KAKA KAKO KAPO KOKA KUPA KUPE KUPO KUPU KUTA MASO NAGA NAGO NAHU NAZE NAZO NUDE PATO PEDA PEDE PEDO
		POHU PUPA PUPE PUPO PUTA PUTO RAKA RAKU RAPE RUHA RUHO SADO SEKU SUKA SUKE SUKO SUKU TEPA TEPE TEPO ZADU ZERO ZOPA ZOPO
		ZAHU BEKA DEBE GOWE SUTE`)
)

// codeWords are all first and second parts a code may have, sorted.
type codeWords struct{ heads, tails []string }

var words = sync.OnceValue(func() codeWords {
	var w codeWords
	signs := strings.Split(codeDigits+codeConsonants, "")
	for _, a := range signs {
		for _, b := range signs {
			for _, c := range signs {
				w.heads = append(w.heads, a+b+c)
			}
		}
	}
	w.heads = slices.DeleteFunc(w.heads, func(s string) bool {
		return !strings.ContainsAny(s, codeDigits) || slices.ContainsFunc(badHeads, func(bad string) bool { return strings.Contains(s, bad) })
	})
	var syllables []string
	for _, c := range codeConsonants {
		for _, v := range codeVowels {
			syllables = append(syllables, string(c)+string(v))
		}
	}
	for _, first := range syllables {
		for _, second := range syllables {
			if !slices.Contains(badTails, first+second) {
				w.tails = append(w.tails, first+second)
			}
		}
	}
	slices.Sort(w.heads)
	slices.Sort(w.tails)
	return w
})

func codeCount() uint64 { return uint64(len(words().heads) * len(words().tails)) }
