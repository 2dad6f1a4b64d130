// Package signature owns the examination of electronic signatures: XAdES, CAdES, PAdES, ASiC and plain XML signatures, as
// residents and companies send them to a Polish office. It gives three answers and never mixes them: is the cryptography
// intact, what does the signature claim to be, and does that claim hold against the trust data given
// (ETSI EN 319 102-1).
//
// Everything here is a pure function over bytes: no network, no files, bounded memory and time. A bad signature is a
// result, never an error. The formats are the sub-packages xades, cms, pades and asic over xmldoc, der and keys; package
// trust knows trusted lists and certificate paths. Read next: package validate, which uses the reports.
package signature

import (
	"errors"
	"fmt"
	"time"

	"okienko/validate"
	"okienko/validate/signature/asic"
	"okienko/validate/signature/cms"
	"okienko/validate/signature/keys"
	"okienko/validate/signature/pades"
	"okienko/validate/signature/sig"
	"okienko/validate/signature/trust"
	"okienko/validate/signature/xades"
	"okienko/validate/signature/xmldoc"
)

// File is a file to be examined.
type File struct {
	ID        string // what reports call it; "": Name
	Name      string // as the sender named it; detached signatures find their document by it
	MediaType string // a hint; content decides
	Bytes     []byte
}

// Content is a document beside a signature that covers it.
type Content = sig.Content

// Options is what files are examined with. The zero value examines the cryptography and trusts nobody.
type Options struct {
	Content []Content           // detached content
	Strict  bool                // detached content must match by digest or name even if it is the only one
	Certs   []*keys.Certificate // further certificates to look for signers and issuers in
	Trust   *trust.Store        // nil: nobody is trusted, every intact signature is INDETERMINATE
	Now     time.Time           // the moment of judgement, for the record; the zero value means time.Now()
	// Received is when the file reached the office: proof that its signatures existed then. The zero value means Now.
	Received time.Time
	Limits   xmldoc.Limits // of XML documents; the zero value means xmldoc.Defaults
	// fallback is the document a detached XML signature means where neither digest nor name tells.
	fallback *Content
	// Errands asks for Examination.Errands.
	Errands bool
	// Keep asks for Examination.Signed. It costs memory: as many octets as are signed.
	Keep bool
}

// Examination is what was found in one file.
type Examination struct {
	Signatures []validate.SignatureReport
	// Problems says, in English, what looked like a signature and could not be examined: a damaged container, a document
	// over a limit.
	Problems []string
	// Signed holds, with Options.Keep, exactly the octets each intact signature protects: what was signed, as opposed to what
	// the file shows. Who extracts fields or attachments that count as signed takes them from here.
	Signed []SignedContent
	// Errands, with Options.Errands, is what could turn undecided verdicts into others, and where it can be had. Nobody is asked
	// here: package trust/fetch runs errands, and the file is examined again with the answers (trust.Store.With).
	Errands []trust.Errand
	files   [][]byte // signature files inside a container: examined with it, not again by themselves
}

// SignedContent is what one reference of an intact signature digested: an XML canonical form, a file, a PDF revision without
// its gap.
type SignedContent struct {
	Signature int    // index in Examination.Signatures
	Name      string // as in SignatureReport.Covers
	Bytes     []byte
}

// Examine examines every signature in a file.
func Examine(f File, opt Options) Examination {
	if opt.Now.IsZero() {
		opt.Now = time.Now()
	}
	if opt.Received.IsZero() {
		opt.Received = opt.Now
	}
	var e Examination
	found, uncovered := e.examine(f, opt)
	for i, s := range found {
		s.Certificates = append(s.Certificates[:len(s.Certificates):len(s.Certificates)], opt.Certs...)
		e.Signatures = append(e.Signatures, report(f, s, uncovered, opt))
		e.Errands = append(e.Errands, errands(i, s, opt)...)
		for _, c := range s.Covers {
			if opt.Keep && s.Intact() && c.Bytes != nil {
				e.Signed = append(e.Signed, SignedContent{i, coverName(c), c.Bytes})
			}
		}
	}
	return e
}

func errands(index int, s *sig.Signature, opt Options) []trust.Errand {
	if !opt.Errands {
		return nil
	}
	all := opt.Trust.Errands(s, opt.Received)
	for i := range all {
		all[i].Signature = index
	}
	return all
}

// Questions lists the certificates of the signatures in f whose status can be asked for, each once. It asks nobody; package
// trust/fetch does, when an administrator wants it.
func Questions(f File, opt Options) []trust.Question {
	if opt.Received.IsZero() {
		opt.Received = time.Now()
	}
	var e Examination
	found, _ := e.examine(f, opt)
	var all []trust.Question
	seen := map[[32]byte]bool{}
	for _, s := range found {
		for _, q := range opt.Trust.Questions(s, opt.Received) {
			if sum := q.Certificate.Fingerprint(); !seen[sum] {
				seen[sum] = true
				all = append(all, q)
			}
		}
	}
	return all
}

// examine dispatches by format.
func (e *Examination) examine(f File, opt Options) (found []*sig.Signature, uncovered []string) {
	var err error
	switch formatOf(f.Name, f.Bytes) {
	case xmlFormat:
		found, err = examineXML(f, opt)
	case cmsFormat:
		raw := f.Bytes
		if !isSignedData(raw) {
			raw = toDER(raw)
		}
		found, err = cms.Verify(raw, cms.Options{Form: "CAdES", Name: f.Name, Contents: opt.Content, Strict: opt.Strict, Certs: opt.Certs})
	case pdfFormat:
		found, err = pades.Verify(f.Bytes, pades.Options{Name: f.Name, Certs: opt.Certs, Keep: opt.Keep})
	case zipFormat:
		var res asic.Result
		res, err = asic.Verify(f.Bytes, asic.Options{Certs: opt.Certs, Limits: opt.Limits, Keep: opt.Keep})
		found, uncovered = res.Signatures, res.Uncovered
		e.Problems, e.files = res.Problems, res.Files
		if errors.Is(err, asic.ErrNoZip) {
			err = nil
		}
	}
	if err != nil {
		e.Problems = append(e.Problems, fmt.Sprintf("%s: %v", f.Name, err))
	}
	return found, uncovered
}

func examineXML(f File, opt Options) ([]*sig.Signature, error) {
	doc, err := xmldoc.Parse(f.Bytes, opt.Limits)
	if errors.Is(err, xmldoc.ErrDTD) && containsASCII(f.Bytes, "SignatureValue") {
		return []*sig.Signature{refused(err)}, nil
	}
	if err != nil {
		return nil, err
	}
	return xades.Verify(doc, xades.Options{Name: f.Name, Contents: opt.Content, Strict: opt.Strict, Fallback: opt.fallback, Certs: opt.Certs, Limits: opt.Limits, Keep: opt.Keep})
}

// refused stands for the signatures of a document that is not looked into: saying nothing would read as "not signed".
func refused(err error) *sig.Signature {
	s := &sig.Signature{Form: "XMLDSig", Profile: "XML_NOT_ETSI", Broken: true, Problem: err.Error()}
	s.Warn("dtd", "")
	return s
}
