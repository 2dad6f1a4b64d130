package trust

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"time"

	"okienko/validate/signature/keys"
)

// Place says under which name a file of trust data belongs in the directory Load reads, by its content: lists/PL-139.xml,
// crls/…, or the directory of purpose for a certificate. An error means that it is none of these. It is the first half of
// importing: the caller writes the file.
func Place(raw []byte, purpose Purpose) (name string, err error) {
	sum := sha256.Sum256(raw)
	short := fmt.Sprintf("%x", sum[:6])
	if bytes.HasPrefix(bytes.TrimLeft(raw, "\xEF\xBB\xBF \t\r\n"), []byte("<")) {
		l, err := ParseList(raw)
		if err != nil {
			return "", err
		}
		if l.SignedBy == nil {
			return "", errors.New("the signature of this trusted list does not hold")
		}
		return path.Join("lists", fmt.Sprintf("%s-%d.xml", l.Territory, l.Sequence)), nil
	}
	if isCRL(raw) {
		return path.Join("crls", short+".crl"), nil
	}
	switch purpose {
	case AnyPurpose, Qualified, Seal, Personal, Advanced, Stamps, Signers:
	default:
		return "", fmt.Errorf("purpose %q: allowed are qualified, trusted, personal, advanced, timestamps, signers", purpose)
	}
	certs, err := certificates(raw)
	if err != nil || len(certs) == 0 {
		return "", errors.New("neither a trusted list nor a certificate nor a revocation list")
	}
	ending := ".der"
	if bytes.Contains(raw, []byte("-----BEGIN ")) {
		ending = ".pem"
	}
	return path.Join(string(purpose), slug(certs[0].Subject.Get(keys.CommonName))+"-"+short+ending), nil
}

func isCRL(raw []byte) bool {
	if p, _ := pem.Decode(raw); p != nil {
		return p.Type == "X509 CRL"
	}
	_, err := x509.ParseRevocationList(raw)
	return err == nil
}

// slug makes a file name of a certificate's name.
func slug(s string) string {
	words := strings.FieldsFunc(Fold(s), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	s = strings.Join(words, "-")
	return strings.Trim(s[:min(len(s), 40)], "-")
}

// WriteText lists the trust data for an administrator: what is used, until when, and what is not used and why.
func (s *Store) WriteText(w io.Writer, now time.Time) error {
	var b strings.Builder
	for _, a := range s.Anchors {
		purpose := string(a.Purpose)
		if purpose == "" {
			purpose = "any purpose"
		}
		fmt.Fprintf(&b, "anchor  %-11s  %s  until %s  (%s)\n", purpose, a.Certificate.Subject, a.Certificate.NotAfter.Format(time.DateOnly), a.Name)
	}
	for _, l := range s.newest() {
		qc, ts := l.granted(now)
		fmt.Fprintf(&b, "list    %-11s  no. %d of %s, next update %s: %d authorities for signatures, %d for time-stamps\n",
			l.Territory, l.Sequence, l.Issued.Format(time.DateOnly), l.NextUpdate.Format(time.DateOnly), qc, ts)
	}
	for _, r := range s.revocationLists() {
		fmt.Fprintf(&b, "revoked %d by %s, of %s, next update %s\n", len(r.RevokedCertificateEntries), r.Issuer,
			r.ThisUpdate.UTC().Format(time.RFC3339), r.NextUpdate.UTC().Format(time.RFC3339))
	}
	if len(s.OCSPs) > 0 {
		fmt.Fprintf(&b, "answers about %d certificates, by OCSP\n", len(s.OCSPs))
	}
	for _, warning := range s.Warnings(now) {
		fmt.Fprintf(&b, "warning: %s\n", warning)
	}
	if b.Len() == 0 {
		b.WriteString("no trust data: every intact signature is INDETERMINATE\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// granted counts the services that may be relied on at t.
func (l *List) granted(t time.Time) (qc, ts int) {
	for _, s := range l.Services {
		st, ok := s.At(t)
		switch {
		case !ok || !st.Active():
		case st.Type == TypeCAQC:
			qc++
		case st.Type == TypeQTST:
			ts++
		}
	}
	return qc, ts
}
