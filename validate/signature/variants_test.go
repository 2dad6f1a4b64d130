package signature_test

import (
	"crypto"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"okienko/validate/signature"
	"okienko/validate/signature/keys"
	"okienko/validate/signature/signaturetest"
	"okienko/validate/signature/xmldoc"
)

const (
	more01 = "http://www.w3.org/2001/04/xmldsig-more#"
	more07 = "http://www.w3.org/2007/05/xmldsig-more#"
	more21 = "http://www.w3.org/2021/04/xmldsig-more#"
)

func method(uri string) string { return `<ds:SignatureMethod Algorithm="` + uri + `"/>` }

// TestAlgorithmsOfXMLSignatures: every family of RFC 9231 in use, with the digests of all ages; one changed octet of the content
// breaks each.
func TestAlgorithmsOfXMLSignatures(t *testing.T) {
	t.Parallel()
	ca := must(signaturetest.NewAuthority("TEST"))(t)
	pairs := must(signaturetest.Keys())(t)
	pss := `<ds:SignatureMethod Algorithm="` + more07 + `rsa-pss"><pss:RSAPSSParams xmlns:pss="` + more07 + `"><ds:DigestMethod Algorithm="` + more01 +
		`sha384"/><pss:MaskGenerationFunction Algorithm="` + more07 + `MGF1"><ds:DigestMethod Algorithm="` + more01 + `sha384"/></pss:MaskGenerationFunction><pss:SaltLength>20</pss:SaltLength></pss:RSAPSSParams></ds:SignatureMethod>`
	methods := map[string][]string{
		"RSA": {method(more01 + "rsa-sha256"), method(more01 + "rsa-sha384"), method(more01 + "rsa-sha512"), method(more01 + "rsa-sha224"), pss,
			method(more07 + "sha256-rsa-MGF1"), method(more07 + "sha384-rsa-MGF1"), method(more07 + "sha512-rsa-MGF1"), method(more07 + "sha3-256-rsa-MGF1"), method(more07 + "sha3-512-rsa-MGF1")},
		"P-256":   {method(more01 + "ecdsa-sha256"), method(more01 + "ecdsa-sha1"), method(more21 + "ecdsa-sha3-256")},
		"P-384":   {method(more01 + "ecdsa-sha384"), method(more21 + "ecdsa-sha3-384")},
		"P-521":   {method(more01 + "ecdsa-sha512"), method(more21 + "ecdsa-sha3-512")},
		"Ed25519": {method(more21 + "eddsa-ed25519")},
	}
	digests := map[string]crypto.Hash{"http://www.w3.org/2000/09/xmldsig#sha1": crypto.SHA1, more01 + "sha224": crypto.SHA224, more01 + "sha384": crypto.SHA384,
		"http://www.w3.org/2001/04/xmlenc#sha512": crypto.SHA512, "http://www.w3.org/2001/04/xmlenc#ripemd160": crypto.RIPEMD160,
		more07 + "sha3-224": crypto.SHA3_224, more07 + "sha3-256": crypto.SHA3_256, more07 + "sha3-384": crypto.SHA3_384, more07 + "sha3-512": crypto.SHA3_512}
	var refs []signaturetest.Ref
	for uri, h := range digests {
		refs = append(refs, signaturetest.Ref{URI: "#tresc", Digest: uri, Hash: h})
	}
	for key, list := range methods {
		signer := must(ca.WithKey("Klucz "+key, pairs[key]))(t)
		for _, m := range list {
			doc := must(signaturetest.XMLSig{Method: m, Refs: refs, Objects: []string{`<ds:Object Id="tresc">Proszę o odpis</ds:Object>`}}.Sign(signer))(t)
			r := signature.Examine(signature.File{Name: "a.xml", Bytes: doc}, signature.Options{Now: received}).Signatures[0]
			if !r.Intact || len(r.References) != len(refs) {
				t.Errorf("%s %s: %s %+v", key, m, r.Problem, r.References)
			}
			changed := strings.Replace(string(doc), "o odpis", "o zgodę", 1)
			if r := signature.Examine(signature.File{Name: "a.xml", Bytes: []byte(changed)}, signature.Options{Now: received}).Signatures[0]; r.Intact {
				t.Errorf("%s %s: intact after a change", key, m)
			}
			other := must(signaturetest.XMLSig{Method: m, Refs: refs, Objects: []string{`<ds:Object Id="tresc">Proszę o zgodę</ds:Object>`}}.Sign(signer))(t)
			value := func(d []byte) string {
				_, rest, _ := strings.Cut(string(d), `<ds:SignatureValue Id="wartosc">`)
				v, _, _ := strings.Cut(rest, "<")
				return v
			}
			moved := strings.Replace(string(doc), value(doc), value(other), 1)
			if r := signature.Examine(signature.File{Name: "a.xml", Bytes: []byte(moved)}, signature.Options{Now: received}).Signatures[0]; r.Intact {
				t.Errorf("%s %s: the value of another signature fits", key, m)
			}
		}
	}
}

// TestShapesOfXMLSignatures: what a signature may look like beyond the usual.
func TestShapesOfXMLSignatures(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	object := `<ds:Object Id="tresc">Proszę o odpis</ds:Object>`
	ref := signaturetest.Ref{URI: "#tresc"}
	text := signature.Content{Name: "pismo.txt", Bytes: []byte("Proszę o odpis")}
	manifest := func(sum []byte) string {
		return `<ds:Object><ds:Manifest Id="spis"><ds:Reference URI="pismo.txt"><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue>` +
			base64.StdEncoding.EncodeToString(sum) + `</ds:DigestValue></ds:Reference></ds:Manifest></ds:Object>`
	}
	const manifestType = ` Type="http://www.w3.org/2000/09/xmldsig#Manifest"`
	for name, c := range map[string]struct {
		x        signaturetest.XMLSig
		intact   bool
		verdict  string
		uncovers string // part of the warnings
	}{
		"canonicalised inclusively":             {signaturetest.XMLSig{C14N: "http://www.w3.org/TR/2001/REC-xml-c14n-20010315", Refs: []signaturetest.Ref{ref}, Objects: []string{object}}, true, "TOTAL_PASSED/", ""},
		"canonicalised by the second edition":   {signaturetest.XMLSig{C14N: "http://www.w3.org/2006/12/xml-c14n11#WithComments", Refs: []signaturetest.Ref{ref}, Objects: []string{object}}, true, "TOTAL_PASSED/", ""},
		"in a document with namespaces around":  {signaturetest.XMLSig{Before: `<p:pismo xmlns:p="urn:p" xmlns="urn:d" xml:lang="pl">`, After: `</p:pismo>`, C14N: "http://www.w3.org/TR/2001/REC-xml-c14n-20010315", Refs: []signaturetest.Ref{ref}, Objects: []string{object}}, true, "TOTAL_PASSED/", ""},
		"over a part beside it":                 {signaturetest.XMLSig{Before: `<pismo><a id="czesc">Proszę</a>`, After: `</pismo>`, Refs: []signaturetest.Ref{{URI: "#czesc"}}}, true, "TOTAL_PASSED/", ""},
		"over a part, another part unsigned":    {signaturetest.XMLSig{Before: `<pismo><a id="czesc">Proszę</a><b>Nie proszę</b>`, After: `</pismo>`, Refs: []signaturetest.Ref{{URI: "#czesc"}}}, true, "TOTAL_PASSED/", "nikt nie podpisał"},
		"by XPointer":                           {signaturetest.XMLSig{Refs: []signaturetest.Ref{{URI: "#xpointer(id('tresc'))", Octets: []byte(`<ds:Object xmlns:ds="http://www.w3.org/2000/09/xmldsig#" Id="tresc">Proszę o odpis</ds:Object>`)}}, Objects: []string{object}}, true, "TOTAL_PASSED/", ""},
		"base64 decoded":                        {signaturetest.XMLSig{Refs: []signaturetest.Ref{{URI: "#tresc", Octets: text.Bytes, Inside: `<ds:Transforms><ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#base64"/></ds:Transforms>`}}, Objects: []string{`<ds:Object Id="tresc">` + base64.StdEncoding.EncodeToString(text.Bytes) + `</ds:Object>`}}, true, "TOTAL_PASSED/", ""},
		"a document beside, by name":            {signaturetest.XMLSig{Refs: []signaturetest.Ref{{URI: "pismo.txt", Octets: text.Bytes}}}, true, "TOTAL_PASSED/", ""},
		"a document beside and a part":          {signaturetest.XMLSig{Refs: []signaturetest.Ref{{URI: "pismo.txt", Octets: text.Bytes}, ref}, Objects: []string{object}}, true, "TOTAL_PASSED/", ""},
		"one digest of two wrong":               {signaturetest.XMLSig{Refs: []signaturetest.Ref{{URI: "#tresc", Damaged: true}, ref}, Objects: []string{object}}, false, "TOTAL_FAILED/HASH_FAILURE", ""},
		"XSLT, even if the signer put it there": {signaturetest.XMLSig{Refs: []signaturetest.Ref{{URI: "#tresc", Inside: `<ds:Transforms><ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"/><ds:Transform Algorithm="` + xmldoc.C14NExclusive + `"/></ds:Transforms>`}}, Objects: []string{object}}, false, "INDETERMINATE/SIGNED_DATA_NOT_FOUND", ""},
		"an identifier that reads like a path":  {signaturetest.XMLSig{Before: `<pismo><a id="a[1]">Proszę</a>`, After: `</pismo>`, Refs: []signaturetest.Ref{{URI: "#a[1]"}}}, false, "INDETERMINATE/SIGNED_DATA_NOT_FOUND", ""},
		"a digest nobody knows":                 {signaturetest.XMLSig{Refs: []signaturetest.Ref{{URI: "#tresc", Digest: "urn:nowy"}}, Objects: []string{object}}, false, "INDETERMINATE/CRYPTO_CONSTRAINTS_FAILURE", ""},
		"a manifest":                            {signaturetest.XMLSig{Refs: []signaturetest.Ref{{URI: "#spis", Attrs: manifestType}}, Objects: []string{manifest(sha(text.Bytes))}}, true, "TOTAL_PASSED/", ""},
		"a manifest whose document was changed": {signaturetest.XMLSig{Refs: []signaturetest.Ref{{URI: "#spis", Attrs: manifestType}}, Objects: []string{manifest(sha([]byte("co innego")))}}, true, "TOTAL_FAILED/HASH_FAILURE", ""},
		"only a key, no certificate": {signaturetest.XMLSig{Refs: []signaturetest.Ref{ref}, Objects: []string{object}, KeyInfo: `<ds:KeyInfo><ds:DEREncodedKeyValue xmlns="http://www.w3.org/2009/xmldsig11#"/><ds11:DEREncodedKeyValue xmlns:ds11="http://www.w3.org/2009/xmldsig11#">` +
			base64.StdEncoding.EncodeToString(o.person.Certificate.RawSubjectPublicKeyInfo) + `</ds11:DEREncodedKeyValue></ds:KeyInfo>`}, true, "INDETERMINATE/NO_SIGNING_CERTIFICATE_FOUND", ""},
		"the certificate last of three":    {signaturetest.XMLSig{Refs: []signaturetest.Ref{ref}, Objects: []string{object}, KeyInfo: keyInfo(o.minister, o.citizen, o.person)}, true, "TOTAL_PASSED/", ""},
		"the certificate of somebody else": {signaturetest.XMLSig{Refs: []signaturetest.Ref{ref}, Objects: []string{object}, KeyInfo: keyInfo(o.citizen)}, false, "TOTAL_FAILED/SIG_CRYPTO_FAILURE", ""},
		"no reference at all":              {signaturetest.XMLSig{Objects: []string{object}}, false, "INDETERMINATE/SIGNED_DATA_NOT_FOUND", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := o.examine(signature.File{Name: "a.xml", Bytes: must(c.x.Sign(o.person))(t)}, text).Signatures[0]
			if v := fmt.Sprintf("%s/%s", r.Indication, r.SubIndication); r.Intact != c.intact || v != c.verdict || !strings.Contains(strings.Join(r.Warnings, " "), c.uncovers) {
				t.Errorf("intact %v, %s, want %v, %s: %s %+v %q", r.Intact, v, c.intact, c.verdict, r.Problem, r.References, r.Warnings)
			}
		})
	}
}

func keyInfo(signers ...*signaturetest.Signer) string {
	var b strings.Builder
	for _, s := range signers {
		b.WriteString(`<ds:X509Certificate>` + base64.StdEncoding.EncodeToString(s.Certificate.Raw) + `</ds:X509Certificate>`)
	}
	return `<ds:KeyInfo><ds:X509Data>` + b.String() + `</ds:X509Data></ds:KeyInfo>`
}

// TestXAdESOfEveryEdition: the properties are recognised by namespace, whatever the edition and the prefix.
func TestXAdESOfEveryEdition(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for _, space := range []string{"http://uri.etsi.org/01903/v1.1.1#", "http://uri.etsi.org/01903/v1.2.2#", "http://uri.etsi.org/01903/v1.3.2#"} {
		for _, prefix := range []string{"xades", "etsi", "q"} {
			sum := base64.StdEncoding.EncodeToString(keys.Sum(crypto.SHA256, o.person.Certificate.Raw))
			props := strings.ReplaceAll(`<ds:Object><xades:QualifyingProperties xmlns:xades="`+space+`" Target="#podpis"><xades:SignedProperties Id="wlasciwosci"><xades:SignedSignatureProperties><xades:SigningTime>2026-03-02T10:15:00Z</xades:SigningTime><xades:SigningCertificate><xades:Cert><xades:CertDigest>`+
				`<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue>`+sum+`</ds:DigestValue></xades:CertDigest></xades:Cert></xades:SigningCertificate></xades:SignedSignatureProperties></xades:SignedProperties></xades:QualifyingProperties></ds:Object>`, "xades:", prefix+":")
			props = strings.ReplaceAll(props, "xmlns:xades", "xmlns:"+prefix)
			typ := strings.Replace(space, "v1.3.2#", "", 1)
			typ = strings.TrimSuffix(typ, "/") + "#SignedProperties"
			if strings.Contains(space, "v1.1") || strings.Contains(space, "v1.2") {
				typ = space + "SignedProperties"
			}
			x := signaturetest.XMLSig{Refs: []signaturetest.Ref{{URI: "#tresc"}, {URI: "#wlasciwosci", Attrs: ` Type="` + typ + `"`}}, Objects: []string{`<ds:Object Id="tresc">Proszę</ds:Object>`, props}}
			r := o.examine(signature.File{Name: "a.xml", Bytes: must(x.Sign(o.person))(t)}).Signatures[0]
			if !r.Intact || r.Format != "XAdES" || r.SigningTime == nil || !r.SigningTime.Equal(signedAt) || r.SubIndication != "" {
				t.Errorf("%s %s: intact %v %s %v %s/%s %q", space, prefix, r.Intact, r.Format, r.SigningTime, r.Indication, r.SubIndication, r.Warnings)
			}
		}
	}
}
