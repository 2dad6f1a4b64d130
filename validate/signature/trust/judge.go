package trust

import (
	"slices"
	"strings"
	"time"

	"okienko/validate"
	"okienko/validate/signature/keys"
	"okienko/validate/signature/sig"
)

// Verdict is the judgement of one signature.
type Verdict struct {
	Kind          validate.SignatureKind
	Indication    validate.Indication
	SubIndication string
	For           time.Time // the moment the certificate was judged for (best signature time)
	Path          *Path     // nil if none was found
	Stamps        []bool    // for each time-stamp: it is good and its authority trusted
	Used          []string  // the trust data it rests on: lists, anchors, revocation statements; each named once
	Warnings      []string  // codes, as in sig.Warning
}

// The sub-indications of EN 319 102-1 tables 5 and 6 that occur here.
const (
	FormatFailure    = "FORMAT_FAILURE"
	HashFailure      = "HASH_FAILURE"
	SigCryptoFailure = "SIG_CRYPTO_FAILURE"
	NotYetValid      = "NOT_YET_VALID"
	Revoked          = "REVOKED"
	NoSigner         = "NO_SIGNING_CERTIFICATE_FOUND"
	NoChain          = "NO_CERTIFICATE_CHAIN_FOUND"
	DataNotFound     = "SIGNED_DATA_NOT_FOUND"
	OutOfBounds      = "OUT_OF_BOUNDS_NO_POE"
	RevokedCA        = "REVOKED_CA_NO_POE"
	TryLater         = "TRY_LATER"
	Crypto           = "CRYPTO_CONSTRAINTS_FAILURE"
	CryptoNoPOE      = "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"
)

// Judge carries out the validation of EN 319 102-1 for one signature: cryptographic verification, the signer's certificate,
// its path, validity and revocation, and the strength of algorithms, all at the earliest moment at which the signature
// demonstrably existed. existed is such a moment known from outside, the receipt of the letter; a trusted time-stamp may
// show an earlier one. A nil store trusts nobody.
func (s *Store) Judge(sg *sig.Signature, existed time.Time) Verdict { return s.judged(sg, existed).v }

func (s *Store) judged(sg *sig.Signature, existed time.Time) *judge {
	j := &judge{store: s, sig: sg, v: Verdict{Kind: KindOf(sg), For: existed}}
	j.stamps()
	for _, step := range []func() bool{j.cryptography, j.manifests, j.document, j.signer, j.path, j.validity, j.revocation, j.strength} {
		if !step() {
			return j
		}
	}
	j.v.Indication = validate.TotalPassed
	return j
}

type judge struct {
	store *Store
	sig   *sig.Signature
	v     Verdict
}

func (j *judge) failed(sub string) bool {
	j.v.Indication, j.v.SubIndication = validate.TotalFailed, sub
	return false
}

func (j *judge) undecided(sub string) bool {
	j.v.Indication, j.v.SubIndication = validate.Indeterminate, sub
	return false
}

// rests records a piece of trust data as evidence.
func (j *judge) rests(on string) {
	if !has(j.v.Used, on) {
		j.v.Used = append(j.v.Used, on)
	}
}

func (j *judge) warn(code string) { j.v.Warnings = append(j.v.Warnings, code) }

// stamps finds which time-stamps prove a time, and the earliest of them.
func (j *judge) stamps() {
	j.v.Stamps = make([]bool, len(j.sig.Timestamps))
	for i, t := range j.sig.Timestamps {
		if !t.Good() || t.Certificate == nil {
			continue
		}
		p, err := j.store.Find(t.Certificate, append(t.Bundle, j.sig.Certificates...), t.Time, func(a Authority) bool { return stampAuthority(a, t.Time) })
		if err != nil || t.Time.Before(t.Certificate.NotBefore) || t.Time.After(t.Certificate.NotAfter) {
			continue
		}
		j.v.Stamps[i] = true
		j.rests(p.End.Describe())
		// A content time-stamp is older than the signature: it proves nothing about the signature's own age.
		if t.Kind != "content" && t.Time.Before(j.v.For) {
			j.v.For = t.Time
		}
	}
}

func stampAuthority(a Authority, at time.Time) bool {
	if a.Anchor != nil {
		return a.Anchor.Purpose == AnyPurpose || a.Anchor.Purpose == Stamps
	}
	st, ok := a.Service.At(at)
	return ok && st.Active() && (st.Type == TypeQTST || st.Type == typeTSQC || st.Type == TypeCAQC)
}

// cryptography is clause 5.2.7 with the format checks of 5.2.2.
func (j *judge) cryptography() bool {
	missing, changed, unknown := false, false, false
	for _, r := range j.sig.References {
		changed = changed || r.Changed
		unknown = unknown || r.Unverifiable
		missing = missing || !r.Found || !r.Intact && !r.Changed && !r.Unverifiable
	}
	switch {
	case j.sig.Broken:
		return j.failed(FormatFailure)
	case changed:
		return j.failed(HashFailure)
	case missing || len(j.sig.References) == 0:
		return j.undecided(DataNotFound)
	case unknown:
		return j.undecided(Crypto)
	case j.sig.ValueIntact:
		return true
	case j.sig.Certificate == nil && j.sig.Unverifiable:
		return j.undecided(NoSigner)
	case j.sig.Unverifiable:
		return j.undecided(Crypto)
	}
	return j.failed(SigCryptoFailure)
}

// manifests: EU DSS keeps a signature intact when an entry of its manifest is gone; a container with a hole is not a good one.
func (j *judge) manifests() bool {
	for _, r := range j.sig.Manifest {
		if r.Changed {
			return j.failed(HashFailure)
		}
	}
	for _, r := range j.sig.Manifest {
		if !r.Found || !r.Intact {
			return j.undecided(DataNotFound)
		}
	}
	return true
}

// document: what a reader shows is not, or no longer, what was signed.
func (j *judge) document() bool {
	for _, w := range j.sig.Warnings {
		if w.Code == "pages-changed" || w.Code == "container-shape" {
			return j.failed(FormatFailure)
		}
		if w.Code == "covers-nothing" || w.Code == "changes-unknown" {
			return j.undecided(DataNotFound)
		}
	}
	return true
}

// signer is clause 5.2.3: the certificate must be there and be the one the signature names.
func (j *judge) signer() bool {
	if j.sig.Certificate == nil || j.sig.Bound == sig.No {
		return j.undecided(NoSigner)
	}
	return true
}

// bundle are the certificates that came with the signature.
func (j *judge) bundle() []*keys.Certificate {
	bundle := j.sig.Certificates
	for _, t := range j.sig.Timestamps {
		bundle = append(bundle[:len(bundle):len(bundle)], t.Bundle...)
	}
	return bundle
}

func (j *judge) path() bool {
	p, err := j.store.Find(j.sig.Certificate, j.bundle(), j.v.For, func(a Authority) bool { return vouches(a, j.v.Kind, j.v.For) })
	if err != nil {
		return j.undecided(NoChain)
	}
	j.v.Path = &p
	j.rests(p.End.Describe())
	j.v.Kind = refine(j.v.Kind, j.sig, p.End.Service)
	if p.End.List != nil && p.End.List.Expired(j.v.For) {
		j.warn("list-expired")
	}
	return true
}

// vouches decides whether an authority may vouch for a signature of that kind.
func vouches(a Authority, kind validate.SignatureKind, at time.Time) bool {
	if a.Anchor != nil {
		want := map[validate.SignatureKind]Purpose{validate.Qualified: Qualified, validate.Trusted: Seal, validate.Personal: Personal, validate.Advanced: Advanced}[kind]
		return a.Anchor.Purpose == AnyPurpose || a.Anchor.Purpose == want && want != AnyPurpose || kind == validate.Advanced && a.Anchor.Purpose == Qualified
	}
	if kind == validate.Personal {
		return false
	}
	st, ok := a.Service.At(at)
	return ok && st.Active() && st.Type == TypeCAQC
}

func (j *judge) validity() bool {
	c := j.sig.Certificate
	switch {
	case j.v.For.Before(c.NotBefore):
		return j.failed(NotYetValid)
	case j.v.For.After(c.NotAfter):
		return j.undecided(OutOfBounds)
	}
	return true
}

// statements are those the signature embeds and those at hand.
func (j *judge) statements() (crls, ocsps [][]byte) {
	return slices.Concat(j.sig.CRLs, j.store.CRLs), slices.Concat(j.sig.OCSPs, j.store.OCSPs)
}

// revocation uses what the signature embeds and what was imported. A certificate that names no place to ask cannot be
// revoked visibly; then nothing is missing.
func (j *judge) revocation() bool {
	crls, ocsps := j.statements()
	r := status(j.sig.Certificate, j.v.Path.issuer(), crls, ocsps, j.v.For)
	if r.known {
		j.rests(r.source)
	}
	if r.revoked && !r.at.After(j.v.For) {
		return j.failed(Revoked)
	}
	for i, ca := range j.v.Path.Certificates[1:] {
		issuer := Path{j.v.Path.Certificates[i+1:], j.v.Path.End}.issuer()
		s := status(ca, issuer, crls, ocsps, j.v.For)
		if s.known {
			j.rests(s.source)
		}
		if s.revoked && !s.at.After(j.v.For) {
			return j.undecided(RevokedCA)
		}
	}
	if !r.known {
		if checkable(j.sig.Certificate) {
			if !r.stale.IsZero() {
				j.warn("revocation-stale")
			}
			return j.undecided(TryLater)
		}
		j.warn("no-revocation-source")
	}
	return true
}

// endings says until when an algorithm could be relied on (the cryptographic constraints of EU DSS, after ETSI TS 119 312).
var endings = []struct {
	mark string
	end  time.Time
}{
	{"MD5", time.Date(2004, 8, 1, 0, 0, 0, 0, time.UTC)},
	{"SHA-1", time.Date(2012, 8, 1, 0, 0, 0, 0, time.UTC)},
	{"RIPEMD-160", time.Date(2014, 8, 1, 0, 0, 0, 0, time.UTC)},
}

// strength is the cryptographic constraint check: a weak algorithm counts only for signatures that existed in its time.
func (j *judge) strength() bool {
	ok := true
	for _, a := range j.sig.Algorithms {
		for _, e := range endings {
			if hasMark(a, e.mark) && j.v.For.After(e.end) {
				ok = false
			}
		}
	}
	if k := j.sig.Certificate.Key; k != nil && j.v.For.After(keyEnd(k)) {
		ok = false
	}
	if !ok {
		j.warn("weak-algorithm")
		return j.undecided(CryptoNoPOE)
	}
	return true
}

func hasMark(name, mark string) bool {
	return name == mark || strings.HasSuffix(name, " "+mark)
}

func keyEnd(k *keys.Public) time.Time {
	never := time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	switch {
	case k.Scheme == keys.ECDSA && k.Bits < 224:
		return time.Date(2012, 8, 1, 0, 0, 0, 0, time.UTC)
	case k.Scheme == keys.EdDSA || k.Scheme == keys.ECDSA || k.Bits >= 1900:
		return never
	case k.Bits >= 1536:
		return time.Date(2010, 12, 31, 0, 0, 0, 0, time.UTC)
	}
	return time.Date(2008, 12, 31, 0, 0, 0, 0, time.UTC)
}
