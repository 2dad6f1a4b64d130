package signature_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"okienko/validate"
	"okienko/validate/signature"
	"okienko/validate/signature/signaturetest"
	"okienko/validate/signature/trust"
)

// TestLongTermXAdES goes through the levels with what each adds: a certificate that has expired since is saved by the time-stamp
// and by what the signature carries, without anything being asked; archive time-stamps cover all that stands before them.
func TestLongTermXAdES(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	then := time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC)
	crl := signaturetest.WithCRL("http://crl.example/ca.crl")
	signer := must(o.authority.Person("Anna", "Dawna", "0", signaturetest.Valid(signaturetest.From, then.AddDate(0, 1, 0)), crl))(t)
	stamper := must(o.authority.Stamper())(t)
	list := must(o.authority.CRL(then.Add(-time.Hour)))(t)
	late := must(o.authority.CRL(then.Add(-time.Hour), signer))(t)
	responder := must(o.authority.Responder())(t)
	answer := must(o.authority.Answer(then.Add(-time.Hour), signer, false, responder))(t)
	long := &signaturetest.LongTerm{Certificates: [][]byte{o.authority.Certificate.Raw}, CRLs: [][]byte{list}}
	two := []*signaturetest.Signer{stamper, stamper}
	for _, tt := range []struct {
		name    string
		x       signaturetest.XAdES
		level   string
		verdict string
		stamps  string
	}{
		{"B: only a claim of the time", signaturetest.XAdES{}, "B", "INDETERMINATE/" + trust.OutOfBounds, ""},
		{"T: nobody asked about revocation", signaturetest.XAdES{Stamp: stamper}, "T", "INDETERMINATE/" + trust.TryLater, "signature"},
		{"LT by a list", signaturetest.XAdES{Stamp: stamper, Long: long}, "LT", "TOTAL_PASSED/", "signature"},
		{"LT by an OCSP answer", signaturetest.XAdES{Stamp: stamper, Long: &signaturetest.LongTerm{Certificates: [][]byte{o.authority.Certificate.Raw, responder.Certificate.Raw}, OCSPs: [][]byte{answer}}}, "LT", "TOTAL_PASSED/", "signature"},
		{"LT whose list names the signer", signaturetest.XAdES{Stamp: stamper, Long: &signaturetest.LongTerm{Certificates: long.Certificates, CRLs: [][]byte{late}}}, "LT", "TOTAL_FAILED/" + trust.Revoked, "signature"},
		{"LTA", signaturetest.XAdES{Stamp: stamper, Long: long, Archives: two[:1]}, "LTA", "TOTAL_PASSED/", "signature archive"},
		{"LTA renewed", signaturetest.XAdES{Stamp: stamper, Long: long, Archives: two}, "LTA", "TOTAL_PASSED/", "signature archive archive"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.x.Time = then
			r := o.examine(signature.File{Name: "a.xml", Bytes: must(tt.x.Sign([]byte(letter), signer))(t)}).Signatures[0]
			var kinds []string
			for _, s := range r.Timestamps {
				kinds = append(kinds, s.Kind)
				if !s.Good || !s.Trusted {
					t.Errorf("%+v", s)
				}
			}
			if v := fmt.Sprintf("%s/%s", r.Indication, r.SubIndication); !r.Intact || r.Level != tt.level || v != tt.verdict || strings.Join(kinds, " ") != tt.stamps {
				t.Errorf("intact %v, level %s (%s), %s, %q; want %s, %s, %s", r.Intact, r.Level, r.Profile, v, kinds, tt.level, tt.verdict, tt.stamps)
			}
		})
	}
}

// TestAnArchiveTimeStampNoticesEveryChangeBeforeIt: also of what the signature itself does not protect.
func TestAnArchiveTimeStampNoticesEveryChangeBeforeIt(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	list := must(o.authority.CRL(signedAt.Add(-time.Hour)))(t)
	other := must(o.authority.CRL(signedAt.Add(-2 * time.Hour)))(t)
	good := must(signaturetest.XAdES{Time: signedAt, Stamp: o.stamper, Archives: []*signaturetest.Signer{o.stamper, o.stamper},
		Long: &signaturetest.LongTerm{Certificates: [][]byte{o.authority.Certificate.Raw}, CRLs: [][]byte{list}}}.Sign([]byte(letter), o.person))(t)
	in := func(a, b string) []byte {
		out := strings.Replace(string(good), a, b, 1)
		if out == string(good) {
			t.Fatalf("%.40q does not occur", a)
		}
		return []byte(out)
	}
	b64 := base64.StdEncoding.EncodeToString
	archives := regexp.MustCompile(`<xades141:ArchiveTimeStamp.*?</xades141:ArchiveTimeStamp>`).FindAllString(string(good), -1)
	for _, tt := range []struct {
		name   string
		doc    []byte
		intact bool
		good   string // of the time-stamps: signature, archive, archive
	}{
		{"nothing", good, true, "true true true"},
		{"the letter", in("zaświadczenia", "zezwolenia"), false, "true false false"},
		{"the revocation list, which no signature covers", in(b64(list), b64(other)), true, "true false false"},
		{"the certificate of the authority left out", in(b64(o.authority.Certificate.Raw), b64(o.minister.Certificate.Raw)), true, "true false false"},
		{"the signature time-stamp left out", regexp.MustCompile(`<xades:SignatureTimeStamp.*?</xades:SignatureTimeStamp>`).ReplaceAll(good, nil), true, "false false"},
		{"the first archive time-stamp left out", in(archives[0], ""), true, "true false"},
		{"the last archive time-stamp left out", in(archives[1], ""), true, "true true"},
		{"the archive time-stamps exchanged", in(archives[0]+archives[1], archives[1]+archives[0]), true, "true false false"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := o.examine(signature.File{Name: "a.xml", Bytes: tt.doc}).Signatures[0]
			var have []string
			for _, s := range r.Timestamps {
				have = append(have, fmt.Sprint(s.Good))
			}
			if r.Intact != tt.intact || strings.Join(have, " ") != tt.good {
				t.Errorf("intact %v, %q, want %v, %s", r.Intact, have, tt.intact, tt.good)
			}
		})
	}
}

// TestXMLCounterSignatures: a signature of a signature is one of its own, and holds only over the value it stands with.
func TestXMLCounterSignatures(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	first := string(must(signaturetest.XAdES{Time: signedAt}.Sign([]byte(letter), o.person))(t))
	second := string(must(signaturetest.XAdES{Time: signedAt.Add(time.Hour)}.Sign([]byte(letter), o.person))(t))
	element := regexp.MustCompile(`<ds:SignatureValue Id="SignatureValue-9c17b21b">[^<]*</ds:SignatureValue>`)
	over := func(doc string) string { // the value, as exclusive canonicalisation has it
		value := strings.Replace(element.FindString(doc), "<ds:SignatureValue ", `<ds:SignatureValue xmlns:ds="http://www.w3.org/2000/09/xmldsig#" `, 1)
		return string(must(signaturetest.XMLSig{Refs: []signaturetest.Ref{{URI: "#SignatureValue-9c17b21b", Octets: []byte(value)}}}.Sign(o.citizen))(t))
	}
	into := func(doc, counter string) []byte {
		return []byte(strings.Replace(doc, `</xades:QualifyingProperties>`, `<xades:UnsignedProperties><xades:UnsignedSignatureProperties><xades:CounterSignature>`+counter+
			`</xades:CounterSignature></xades:UnsignedSignatureProperties></xades:UnsignedProperties></xades:QualifyingProperties>`, 1))
	}
	elsewhere := string(must(signaturetest.XMLSig{Refs: []signaturetest.Ref{{URI: "#tresc"}}, Objects: []string{`<ds:Object Id="tresc">Zgoda</ds:Object>`}}.Sign(o.citizen))(t))
	for _, tt := range []struct {
		name    string
		doc     []byte
		counter bool
	}{
		{"over the signature it stands in", into(first, over(first)), true},
		{"moved from another signature", into(first, over(second)), false},
		{"over something of its own", into(first, elsewhere), false},
		{"damaged", bytes.Replace(into(first, over(first)), []byte(`<ds:SignatureValue Id="wartosc">`), []byte(`<ds:SignatureValue Id="wartosc">AAAA`), 1), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := o.examine(signature.File{Name: "a.xml", Bytes: tt.doc}).Signatures
			if len(got) != 2 || got[0].Counter || !got[1].Counter || !got[0].Intact || got[1].Intact != tt.counter || got[1].Kind != validate.Personal {
				t.Errorf("%+v", got)
			}
		})
	}
}
