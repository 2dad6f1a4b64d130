package cms

import (
	"bytes"
	"crypto"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"okienko/validate/signature/der"
	"okienko/validate/signature/keys"
	"okienko/validate/signature/sig"
)

const timeStamping = "1.3.6.1.5.5.7.3.8" // id-kp-timeStamping

// Token verifies an RFC 3161 time-stamp token: its signature, the purpose of its certificate, and its imprint over what
// stamped writes. A nil stamped, or one that fails, leaves the imprint undecided.
func Token(kind string, raw []byte, stamped func(io.Writer) error) sig.Timestamp {
	t := sig.Timestamp{Kind: kind}
	m, err := Parse(raw)
	if err == nil && (m.ContentType != oidTSTInfo || !m.HasContent || len(m.signers) != 1) {
		err = errors.New("not a time-stamp token")
	}
	if err != nil {
		t.Problem = err.Error()
		return t
	}
	info, err := parseTST(m.Content)
	if err != nil {
		t.Problem = err.Error()
		return t
	}
	t.Time, t.Bundle, t.CRLs, t.OCSPs = info.time, m.Certificates, m.CRLs, m.OCSPs
	s := m.verifySigner(m.signers[0], Options{Form: "TST"})[0]
	t.Signed, t.Certificate, t.Problem = s.Intact(), s.Certificate, s.Problem
	t.CRLs, t.OCSPs = s.CRLs, s.OCSPs
	switch {
	case t.Certificate != nil && !t.Certificate.ExtendedUsage(timeStamping):
		t.Signed, t.Problem = false, "the certificate is not meant for time-stamps"
	case s.Bound == sig.No:
		t.Signed, t.Problem = false, "the token names another certificate"
	}
	t.Imprint = info.fits(stamped)
	if t.Imprint == sig.No {
		t.Problem = "the time-stamp is not over this content"
	}
	return t
}

type tstInfo struct {
	hash    crypto.Hash
	imprint []byte
	time    time.Time
}

// parseTST reads TSTInfo (RFC 3161 section 2.4.2).
func parseTST(raw []byte) (tstInfo, error) {
	bad := errors.New("time-stamp information that cannot be read")
	v, err := der.Parse(raw)
	if err != nil {
		return tstInfo{}, bad
	}
	f, err := v.Children()
	if err != nil || len(f) < 5 {
		return tstInfo{}, bad
	}
	imprint, err := f[2].Children()
	if err != nil || len(imprint) != 2 || imprint[1].Tag != der.OctetString {
		return tstInfo{}, bad
	}
	at, err := f[4].Time()
	if err != nil {
		return tstInfo{}, fmt.Errorf("time-stamp: %w", err)
	}
	return tstInfo{hash: keys.HashByIdentifier(imprint[0]), imprint: imprint[1].Content, time: at}, nil
}

func (i tstInfo) fits(stamped func(io.Writer) error) sig.Truth {
	if stamped == nil || i.hash == 0 || !i.hash.Available() {
		return sig.Undecided
	}
	h := i.hash.New()
	if stamped(h) != nil {
		return sig.Undecided
	}
	if bytes.Equal(h.Sum(nil), i.imprint) {
		return sig.Yes
	}
	return sig.No
}

func octets(b ...[]byte) func(io.Writer) error {
	return func(w io.Writer) error {
		for _, p := range b {
			if _, err := w.Write(p); err != nil {
				return err
			}
		}
		return nil
	}
}

const maxTimestamps = 100

// timestamps verifies the tokens among the attributes (EN 319 122-1 sections 5.2.8, 5.3 and 5.5 and annex A).
func (m *Message) timestamps(s *signer, c content, out *sig.Signature) {
	add := func(kind string, values []der.Value, stamped func(der.Value) func(io.Writer) error) {
		for _, v := range values {
			if len(out.Timestamps) < maxTimestamps {
				out.Timestamps = append(out.Timestamps, Token(kind, v.Full, stamped(v)))
			}
		}
	}
	fixed := func(w func(io.Writer) error) func(der.Value) func(io.Writer) error {
		return func(der.Value) func(io.Writer) error { return w }
	}
	if c.found && c.octets.Digest == nil {
		add("content", all(s.signed, attrContentStamp), fixed(octets(c.octets.Bytes)))
	} else {
		add("content", all(s.signed, attrContentStamp), fixed(nil))
	}
	add("signature", all(s.unsigned, attrSignatureStamp), fixed(octets(s.signature)))
	add("references", all(s.unsigned, attrRefsStamp), func(v der.Value) func(io.Writer) error {
		return s.fitting(v, attrCertRefs, attrRevocationRefs)
	})
	add("references", all(s.unsigned, attrEscStamp), func(v der.Value) func(io.Writer) error {
		return s.fitting(v, attrSignatureStamp, attrCertRefs, attrRevocationRefs)
	})
	old := append(all(s.unsigned, attrArchiveStamp), all(s.unsigned, attrArchiveStampV2)...)
	add("archive", old[min(len(old), maxOldStamps):], fixed(nil))
	for _, v := range old[:min(len(old), maxOldStamps)] {
		out.Timestamps = append(out.Timestamps, m.oldArchiveStamp(s, c, v))
	}
	for _, v := range all(s.unsigned, attrArchiveStampV3) {
		if len(out.Timestamps) < maxTimestamps {
			out.Timestamps = append(out.Timestamps, m.archiveStampV3(s, c, v))
		}
	}
}

// fitting returns the writer of what a time-stamp over the attributes named covers (EN 319 122-1 annex A.1.5), over the
// signature value too if a time-stamp is among them. The order is that of the standard; signers who took the attributes as they
// stand in their set are understood as well.
func (s *signer) fitting(token der.Value, oids ...string) func(io.Writer) error {
	var head, listed, standing [][]byte
	if oids[0] == attrSignatureStamp {
		head = [][]byte{s.signature}
	}
	for _, oid := range oids {
		for _, a := range s.unsigned {
			if a.oid == oid {
				listed = append(listed, inner(a.full))
			}
		}
	}
	for _, a := range s.unsigned {
		if slices.Contains(oids, a.oid) {
			standing = append(standing, inner(a.full))
		}
	}
	asStanding := octets(append(head, standing...)...)
	if info, err := stampInfo(token.Full); err == nil && info.fits(asStanding) == sig.Yes {
		return asStanding
	}
	return octets(append(head, listed...)...)
}

// inner is an attribute without the header of its sequence: type and values.
func inner(full []byte) []byte {
	v, err := der.Parse(full)
	if err != nil {
		return nil
	}
	return v.Content
}
