package cms

import (
	"io"
	"slices"
	"time"

	"okienko/validate/signature/der"
	"okienko/validate/signature/sig"
)

// Archive time-stamps of before 2013 (ETSI TS 101 733 V1.8.3 section 6.4.1) cover the message itself: content, certificates,
// revocations and the signer info with the unsigned attributes that were there then. Editions of that specification differ in
// whether the header of the unsigned attributes is covered, and the attributes may have been sorted since. A token is good if
// one of these readings fits; if none does, nobody can tell a change from a reading not known here, and it stays undecided.
func (m *Message) oldArchiveStamp(s *signer, c content, token der.Value) sig.Timestamp {
	t := Token("archive", token.Full, nil)
	info, err := stampInfo(token.Full)
	if err != nil || !m.HasContent && (!c.found || c.octets.Digest != nil) {
		return t
	}
	for _, tail := range s.unsignedBefore(info.time, token) {
		if info.fits(m.archivedV2(s, c, tail)) == sig.Yes {
			t.Imprint = sig.Yes
			break
		}
	}
	return t
}

// maxOldStamps bounds how often the content of one message is digested for these time-stamps; further ones stay undecided.
const maxOldStamps = 10

// stampInfo reads what a token says without verifying it.
func stampInfo(raw []byte) (tstInfo, error) {
	m, err := Parse(raw)
	if err != nil {
		return tstInfo{}, err
	}
	return parseTST(m.Content)
}

// archivedV2 writes what the stamp covers, with tail for the unsigned attributes.
func (m *Message) archivedV2(s *signer, c content, tail []byte) func(io.Writer) error {
	parts := [][]byte{m.rawContentInfo.Full}
	if !m.HasContent {
		parts = append(parts, c.octets.Bytes)
	}
	parts = append(parts, m.rawCerts.Full, m.rawRevocations.Full)
	fields, err := s.raw.Children()
	if err != nil {
		return nil
	}
	for _, f := range fields {
		if f.Tag != der.Explicit(1) {
			parts = append(parts, f.Full)
		}
	}
	return octets(append(parts, tail)...)
}

// unsignedBefore gives the readings of the unsigned attributes that were there at t, when token was added.
func (s *signer) unsignedBefore(t time.Time, token der.Value) [][]byte {
	var kept [][]byte
	for _, a := range s.unsigned {
		if !isArchive(a.oid) || !later(a, t, token) {
			kept = append(kept, a.full)
		}
	}
	asIs := slices.Concat(kept...)
	slices.SortFunc(kept, slices.Compare)
	sorted := slices.Concat(kept...)
	return [][]byte{asIs, der.Append(nil, der.Explicit(1), asIs), sorted, der.Append(nil, der.Explicit(1), sorted)}
}

func isArchive(oid string) bool {
	return oid == attrArchiveStamp || oid == attrArchiveStampV2 || oid == attrArchiveStampV3
}

// later reports whether an archive time-stamp is token itself or was made after t.
func later(a attribute, t time.Time, token der.Value) bool {
	for _, v := range a.values {
		info, err := stampInfo(v.Full)
		if string(v.Full) == string(token.Full) || err == nil && !info.time.Before(t) {
			return true
		}
	}
	return false
}
