package desk

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
)

// cost is how much work one guess at a password takes. It is written into each hash, so it can be raised at any time: an old
// hash is renewed at the next sign-in.
type cost struct {
	memory  uint32 // KiB
	time    uint32 // passes
	threads uint8
}

// usualCost is the first configuration of the OWASP password storage cheat sheet for argon2id.
var usualCost = cost{memory: 46 * 1024, time: 1, threads: 1}

const (
	saltBytes = 16
	keyBytes  = 32
)

// The length of a password in characters. The upper bound only keeps a stranger from making the desk hash megabytes.
const (
	ShortestPassword = 12
	LongestPassword  = 256
)

// HashPassword returns the argon2id hash of a password in PHC form, for workflow.User.PasswordHash. It refuses what is
// shorter than ShortestPassword or longer than LongestPassword.
func HashPassword(password string) (string, error) {
	if err := checkPassword(password); err != nil {
		return "", err
	}
	return usualCost.hash(password), nil
}

var (
	errPasswordShort = fmt.Errorf("the password has fewer than %d characters", ShortestPassword)
	errPasswordLong  = fmt.Errorf("the password has more than %d characters", LongestPassword)
)

func checkPassword(password string) error {
	switch n := utf8.RuneCountInString(password); {
	case n < ShortestPassword:
		return errPasswordShort
	case n > LongestPassword:
		return errPasswordLong
	}
	return nil
}

func (c cost) hash(password string) string {
	salt := make([]byte, saltBytes)
	rand.Read(salt) // never fails
	key := argon2.IDKey([]byte(password), salt, c.time, c.memory, c.threads, keyBytes)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.memory, c.time, c.threads,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key))
}

// hash is a parsed PHC string.
type hash struct {
	cost
	salt, key []byte
}

var errHash = errors.New("not an argon2id hash in PHC form")

func parseHash(phc string) (hash, error) {
	part := strings.Split(phc, "$")
	if len(part) != 6 || part[0] != "" || part[1] != "argon2id" {
		return hash{}, errHash
	}
	var h hash
	var version int
	if _, err := fmt.Sscanf(part[2], "v=%d", &version); err != nil || version != argon2.Version {
		return hash{}, errHash
	}
	if _, err := fmt.Sscanf(part[3], "m=%d,t=%d,p=%d", &h.memory, &h.time, &h.threads); err != nil {
		return hash{}, errHash
	}
	var errSalt, errKey error
	h.salt, errSalt = base64.RawStdEncoding.DecodeString(part[4])
	h.key, errKey = base64.RawStdEncoding.DecodeString(part[5])
	if errSalt != nil || errKey != nil || !h.sane() {
		return hash{}, errHash
	}
	return h, nil
}

// sane keeps a damaged row from panicking argon2 or from taking the whole memory.
func (h hash) sane() bool {
	return len(h.salt) >= 8 && len(h.key) >= 16 && len(h.key) <= 64 &&
		h.time >= 1 && h.time <= 64 && h.threads >= 1 && h.memory >= 8*uint32(h.threads) && h.memory <= 1<<20
}

func (h hash) matches(password string) bool {
	key := argon2.IDKey([]byte(password), h.salt, h.time, h.memory, h.threads, uint32(len(h.key)))
	return subtle.ConstantTimeCompare(key, h.key) == 1
}

// passwords checks passwords, few at a time: each check takes tens of megabytes.
type passwords struct {
	cost  cost
	slots chan struct{}
	dummy hash // of nobody: an unknown name must take as long as a known one
}

func newPasswords(c cost) *passwords {
	dummy, err := parseHash(c.hash(rand.Text()))
	if err != nil {
		panic("desk: " + err.Error()) // hash and parseHash disagree
	}
	return &passwords{cost: c, slots: make(chan struct{}, 2), dummy: dummy}
}

// check reports whether the password fits the hash, and whether the hash should be renewed. A hash that cannot be read, and
// the "" of an unknown user, fits nothing and takes as long as any other. An error means that ctx ended while waiting.
func (p *passwords) check(ctx context.Context, phc, password string) (ok, stale bool, err error) {
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-ctx.Done():
		return false, false, ctx.Err()
	}
	h, err := parseHash(phc)
	if err != nil {
		p.dummy.matches(password)
		return false, false, nil
	}
	return h.matches(password), h.cost != p.cost, nil
}
