package reply

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"strings"

	"okienko/workflow"
)

// A completion code says which case; among 23 million of them somebody finds a case by guessing. What opens the resident's page
// therefore has a second part that proves the letter: twelve signs that depend on the case and the secret, 53 bits.
const (
	pageKeySigns = 12
	pageKeyGroup = 4
)

// OfPage returns what opens the resident's page of a case: "7K4-MAPA H3N8-RT5W-9DKM". It begins with the completion code.
func (c Codes) OfPage(id workflow.CaseID) string {
	key := c.pageKey(id)
	var groups []string
	for len(key) > 0 {
		groups = append(groups, key[:pageKeyGroup])
		key = key[pageKeyGroup:]
	}
	return c.Of(id) + " " + strings.Join(groups, "-")
}

// PageCase returns the case whose page a code opens. Lower case, blanks and dashes do not matter. Whatever is wrong, the same work
// is done and the key is compared in constant time. true does not mean that the case exists.
func (c Codes) PageCase(code string) (id workflow.CaseID, ok bool) {
	const head = 7
	code = plainCode(code)
	key := ""
	if len(code) == head+pageKeySigns {
		code, key = code[:head], code[head:]
	}
	id, ok = c.Case(code)
	right := subtle.ConstantTimeCompare([]byte(c.pageKey(id)), []byte(key)) == 1
	return id, ok && right
}

// pageKey is read off a MAC of its own, so that nobody who knows completion codes knows keys.
func (c Codes) pageKey(id workflow.CaseID) string {
	const signs = codeDigits + codeConsonants
	mac := hmac.New(sha256.New, c.secret)
	mac.Write([]byte("page"))
	_ = binary.Write(mac, binary.BigEndian, uint64(id)) // a hash never fails
	n := binary.BigEndian.Uint64(mac.Sum(nil))
	var key [pageKeySigns]byte
	for i := range key {
		key[i] = signs[n%uint64(len(signs))]
		n /= uint64(len(signs))
	}
	return string(key[:])
}
