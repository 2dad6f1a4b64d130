package cms

import (
	"crypto"
	"errors"
	"fmt"
	"io"

	"okienko/validate/signature/der"
	"okienko/validate/signature/keys"
	"okienko/validate/signature/sig"
)

const attrHashIndex, attrHashIndexV3 = "0.4.0.1733.2.5", "0.4.0.19122.1.5"

// archiveStampV3 verifies an archive-time-stamp-v3 (EN 319 122-1 section 5.5.3). A token whose index lists what is not there
// any more still proves the time; what it no longer proves is said.
func (m *Message) archiveStampV3(s *signer, c content, token der.Value) sig.Timestamp {
	index, err := hashIndex(token.Full)
	if err != nil {
		t := Token("archive", token.Full, nil)
		if t.Problem == "" {
			t.Problem = err.Error()
		}
		return t
	}
	t := Token("archive", token.Full, m.archivedV3(s, c, token, index))
	if t.Good() && !m.indexHolds(s, index) {
		t.Problem = "the index of the archived data lists data that is not in the signature"
	}
	return t
}

// hashIndex returns the index of digests a token carries, of the third edition or the one before.
func hashIndex(token []byte) (der.Value, error) {
	t, err := Parse(token)
	if err != nil || len(t.signers) != 1 {
		return der.Value{}, errors.New("not a time-stamp token")
	}
	ts, err := parseSigner(t.signers[0])
	if err != nil {
		return der.Value{}, err
	}
	index, n := only(ts.unsigned, attrHashIndexV3)
	if n == 0 {
		index, n = only(ts.unsigned, attrHashIndex)
	}
	if n != 1 {
		return der.Value{}, fmt.Errorf("an archive time-stamp needs one index of what it archives, not %d", n)
	}
	return index, nil
}

// archivedV3 writes what an archive-time-stamp-v3 covers: the type and digest of the content, the signer info up to the
// unsigned attributes, and the index.
func (m *Message) archivedV3(s *signer, c content, token, index der.Value) func(io.Writer) error {
	info, err := stampInfo(token.Full)
	if err != nil || info.hash == 0 || !info.hash.Available() || !c.found {
		return nil
	}
	return func(w io.Writer) error {
		sum := c.octets.Sum(info.hash)
		ci, err := m.rawContentInfo.Children()
		f, err2 := s.raw.Children()
		if sum == nil || err != nil || err2 != nil {
			return errors.New("the archived content is not at hand")
		}
		parts := [][]byte{ci[0].Full, sum}
		for _, v := range f {
			if v.Tag != der.Explicit(1) {
				parts = append(parts, v.Full)
			}
		}
		return octets(append(parts, index.Full)...)(w)
	}
}

// indexHolds reports whether everything the index lists is still in the message: what was taken away is not archived any more
// (EN 319 122-1 section 5.5.2). What was added later is simply not listed.
func (m *Message) indexHolds(s *signer, index der.Value) bool {
	f, err := index.Children()
	if err != nil {
		return false
	}
	h := crypto.SHA256
	if len(f) == 4 {
		h, f = keys.HashByIdentifier(f[0]), f[1:]
	}
	if len(f) != 3 || h == 0 || !h.Available() {
		return false
	}
	sum := func(parts ...[]byte) string { return string(keys.Sum(h, parts...)) }
	have := map[string]bool{}
	for _, set := range []der.Value{m.rawCerts, m.rawRevocations} {
		list, err := set.Children()
		if err != nil {
			return false
		}
		for _, v := range list {
			have[sum(v.Full)] = true
		}
	}
	for _, a := range s.unsigned {
		have[sum(a.full)] = true
		for _, v := range a.values { // the third edition hashes every value by itself, with its type
			have[sum(typeOf(a), v.Full)] = true
		}
	}
	for _, group := range f {
		listed, err := group.Children()
		if err != nil {
			return false
		}
		for _, v := range listed {
			if !have[string(v.Content)] {
				return false
			}
		}
	}
	return true
}

// typeOf is the object identifier of an attribute in DER.
func typeOf(a attribute) []byte {
	v, _, err := der.Next(inner(a.full))
	if err != nil {
		return nil
	}
	return v.Full
}
