package validate

import (
	"fmt"
	"slices"
	"strings"

	"okienko/ingest"
	"okienko/schemas"
)

// signature decides the requirement podpis.
//
// KPA art. 63 § 3: "Podanie wniesione pisemnie albo ustnie do protokołu powinno być podpisane przez wnoszącego".
// KPA art. 63 § 3a: "Podanie wniesione w formie dokumentu elektronicznego powinno (…) być uwierzytelnione (…) kwalifikowanym
// podpisem elektronicznym, podpisem zaufanym albo podpisem osobistym".
func (e examination) signature() Finding {
	f := Finding{Requirement: SignatureRequirement, Label: signatureLabel, Consequence: e.signatureEffect()}
	switch {
	case !e.proc.Signature.Required:
		f.Outcome, f.Because = NotRequired, "W tej sprawie podpis nie jest wymagany."
	case e.proc.InPerson:
		f.Outcome, f.Because = NotRequired, "Podpisuje się na miejscu, w urzędzie."
	case e.proc.Redirect != "":
		f.Outcome, f.Because = NotRequired, "Tej procedury już nie ma; niczego się w niej nie uzupełnia."
	case e.sub.Channel == ingest.Email && len(e.sigs) == 0 && !mailMayBeSigned(e.sub, e.proc):
		f.Outcome, f.Because = NotRequired, "Zwykły e-mail i tak nie jest w tej sprawie skuteczny, dlatego o podpis się nie prosi."
	case len(e.sigs) > 0:
		f.Outcome, f.Because = weigh(e.sigs)
	case e.sub.Channel == ingest.Scan:
		f.Outcome, f.Because, f.Place = e.handwritten()
	default:
		f.Outcome, f.Because = Missing, "Dokument nie ma żadnego podpisu elektronicznego."
	}
	return f
}

var signatureLabel = schemas.Text{PL: "Podpis", EN: "Signature"}

// signatureEffect: an unsigned submission is called for under the act the procedure runs under.
func (e examination) signatureEffect() schemas.Consequence {
	switch e.proc.Regime {
	case schemas.Ordynacja:
		return schemas.OP169
	case schemas.Petition, schemas.UDIP:
		return schemas.LexSpecialis
	case schemas.Programme:
		return schemas.Civil
	default:
		return schemas.Art64p2
	}
}

// mailMayBeSigned reports whether an e-mail counts in this matter, so that its signature is worth asking for.
func mailMayBeSigned(sub ingest.Submission, proc schemas.Procedure) bool {
	return Effectiveness(proc, ingest.Email, sub.ReceivedAt, Policy{}).Effective != False
}

// weigh decides by the best of the signatures. A signature whose trust nobody could establish is never called valid, and a
// broken one is not hidden by a good one on another document: a person looks.
func weigh(sigs []SignatureReport) (Outcome, string) {
	good := slices.IndexFunc(sigs, func(s SignatureReport) bool { return s.Intact && s.Indication == TotalPassed && lawful(s.Kind) })
	broken := slices.IndexFunc(sigs, func(s SignatureReport) bool { return !s.Intact || s.Indication == TotalFailed })
	switch {
	case good >= 0 && broken < 0:
		return Met, fmt.Sprintf("%s, ważny, złożył(a): %s.", kindTitles[sigs[good].Kind], sigs[good].Signer.Name)
	case good >= 0:
		return Unsure, "Jeden podpis jest ważny, inny jest naruszony; trzeba sprawdzić, co obejmują."
	case broken >= 0 && !slices.ContainsFunc(sigs, func(s SignatureReport) bool { return s.Intact && s.Indication != TotalFailed }):
		return Missing, fmt.Sprintf("Podpis jest nieważny: %s.", whyBad(sigs[broken]))
	case slices.ContainsFunc(sigs, func(s SignatureReport) bool { return s.Intact && lawful(s.Kind) }):
		return Unsure, "Podpis jest nienaruszony, ale nie potwierdzono zaufania do certyfikatu."
	default:
		return Unsure, "Jest podpis, ale nie wiadomo, czy to podpis kwalifikowany, zaufany lub osobisty."
	}
}

// lawful are the three kinds of KPA art. 63 § 3a.
func lawful(k SignatureKind) bool { return k == Qualified || k == Trusted || k == Personal }

var kindTitles = map[SignatureKind]string{
	Qualified: "Podpis kwalifikowany", Trusted: "Podpis zaufany", Personal: "Podpis osobisty",
}

func whyBad(s SignatureReport) string {
	if !s.Intact {
		return "dokument zmieniono po podpisaniu"
	}
	if s.SubIndication != "" {
		return s.SubIndication
	}
	return "nie spełnia wymagań"
}

// signedPESEL finds the number in the signature: podpis zaufany and podpis osobisty name it, and it identifies whoever files
// (KPA art. 63 § 3a). A proxy's is not the party's.
func (e examination) signedPESEL() (presence, bool) {
	for _, s := range e.sigs {
		if !s.Intact || !namesPESEL(s.Signer.ID) {
			continue
		}
		if e.truth(ifProxy) == True && e.truth(ifCompany) != True {
			return maybe("W podpisie jest numer PESEL, ale pełnomocnika.", nil), true
		}
		return found("Numer PESEL jest w podpisie elektronicznym.", nil), true
	}
	return presence{}, false
}

// namesPESEL reports whether the identifier of a signer is a PESEL, perhaps in the form of ETSI EN 319 412-1, section 5.1.3.
func namesPESEL(id string) bool {
	n := strings.TrimPrefix(id, "PNOPL-")
	return len(n) == 11 && strings.Trim(n, "0123456789") == ""
}
