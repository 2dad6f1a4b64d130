package signature

import (
	"fmt"
	"strings"

	"okienko/schemas"
	"okienko/validate"
	"okienko/validate/signature/sig"
	"okienko/validate/signature/trust"
)

// sentence tells a clerk, in this order: what kind of signature and whose, what it covers, whether it counts here, and if
// not, why.
func sentence(r validate.SignatureReport, s *sig.Signature, v trust.Verdict) schemas.Text {
	pl, en := kindNames(r, s)
	whoPL, whoEN := "nie wiadomo czyj", "of an unknown person"
	if r.Signer.Name != "" {
		whoPL, whoEN = r.Signer.Name, r.Signer.Name
	}
	coversPL, coversEN := "", ""
	if names := documents(r.Covers); r.Intact && len(names) > 0 {
		list := strings.Join(names, ", ")
		coversPL, coversEN = " Obejmuje: "+list+".", " It covers: "+list+"."
	}
	why := reason(r, s.Certificate != nil && trust.IsSeal(s.Certificate))
	notePL, noteEN := beware(s)
	return schemas.Text{
		PL: fmt.Sprintf("%s (%s).%s %s%s", pl, whoPL, coversPL, why.PL, notePL),
		EN: fmt.Sprintf("%s (%s).%s %s%s", en, whoEN, coversEN, why.EN, noteEN),
	}
}

// beware adds what must not be overlooked although the signature itself holds: the reader sees more than was signed.
func beware(s *sig.Signature) (pl, en string) {
	if !s.Intact() {
		return "", ""
	}
	for _, w := range s.Warnings {
		switch w.Code {
		case "annotations-added":
			return " Uwaga: po podpisaniu dodano adnotacje lub wypełniono pola, których podpis nie obejmuje.", " Beware: notes or form fields were added after signing; the signature does not cover them."
		case "unsigned-content":
			return " Uwaga: plik zawiera też treść, której podpis nie obejmuje.", " Beware: the file also holds content the signature does not cover."
		}
	}
	return "", ""
}

// documents names each covered document once, without the part.
func documents(covers []string) []string {
	var all []string
	seen := map[string]bool{}
	for _, c := range covers {
		name, part, _ := strings.Cut(c, "#")
		if part != "" {
			name += " (część)"
		}
		if !seen[name] {
			seen[name] = true
			all = append(all, name)
		}
		if len(all) == 5 && len(covers) > 5 {
			return append(all, "…")
		}
	}
	return all
}

func kindNames(r validate.SignatureReport, s *sig.Signature) (pl, en string) {
	seal := s.Certificate != nil && trust.IsSeal(s.Certificate)
	switch {
	case r.Counter:
		return "Kontrasygnata", "Counter-signature"
	case r.Kind == validate.Trusted:
		return "Podpis zaufany", "Trusted signature (podpis zaufany)"
	case r.Kind == validate.Personal:
		return "Podpis osobisty", "Personal signature (podpis osobisty)"
	case seal && trust.IsQualifiedSeal(s.Certificate):
		return "Kwalifikowana pieczęć elektroniczna", "Qualified electronic seal"
	case r.Kind == validate.Qualified:
		return "Kwalifikowany podpis elektroniczny", "Qualified electronic signature"
	case seal:
		return "Pieczęć elektroniczna", "Electronic seal"
	case r.Kind == validate.Advanced:
		return "Zaawansowany podpis elektroniczny", "Advanced electronic signature"
	}
	return "Podpis elektroniczny nieznanego rodzaju", "Electronic signature of an unknown kind"
}

// reason is the verdict in plain words.
func reason(r validate.SignatureReport, seal bool) schemas.Text {
	if r.Indication == validate.TotalPassed {
		switch r.Kind {
		case validate.Qualified, validate.Trusted, validate.Personal:
			return schemas.Text{PL: "Podpis jest ważny i wystarcza do wniesienia pisma (KPA art. 63 § 3a).", EN: "The signature is valid and enough to file a letter (KPA art. 63 § 3a)."}
		}
		if seal {
			return schemas.Text{PL: "Pieczęć jest ważna, ale to pieczęć organizacji: podpisu osoby nie zastąpi.",
				EN: "The seal is valid, but it is an organisation's: it does not replace a person's signature."}
		}
		return schemas.Text{PL: "Podpis jest ważny, ale to nie jest podpis kwalifikowany, zaufany ani osobisty: pisma wymagającego podpisu nie zastąpi.",
			EN: "The signature is valid but neither qualified nor trusted nor personal: it does not replace a required signature."}
	}
	if t, ok := reasons[r.SubIndication]; ok {
		return t
	}
	return schemas.Text{PL: "Podpisu nie udało się sprawdzić do końca.", EN: "The signature could not be checked completely."}
}

// reasons puts every sub-indication in words. Where the content is unchanged, it says so: the clerk then knows what is
// certain and what is not.
var reasons = map[string]schemas.Text{
	trust.FormatFailure: {PL: "Podpis NIE jest ważny: plik nie ma budowy, jakiej wymaga podpis, albo zmieniono go po podpisaniu.",
		EN: "The signature is NOT valid: the file is not built as a signature must be, or was changed after signing."},
	trust.HashFailure: {PL: "Podpis NIE jest ważny: treść zmieniono po podpisaniu.",
		EN: "The signature is NOT valid: the content was changed after signing."},
	trust.SigCryptoFailure: {PL: "Podpis NIE jest ważny: nie pasuje do certyfikatu podpisującego.",
		EN: "The signature is NOT valid: it does not fit the signer's certificate."},
	trust.NotYetValid: {PL: "Podpis NIE jest ważny: złożono go, zanim certyfikat zaczął obowiązywać.",
		EN: "The signature is NOT valid: it was made before the certificate became valid."},
	trust.Revoked: {PL: "Podpis NIE jest ważny: certyfikat był unieważniony, gdy go użyto.",
		EN: "The signature is NOT valid: the certificate was revoked when it was used."},
	trust.NoSigner: {PL: "Nie można ustalić, kto podpisał: brakuje certyfikatu podpisującego albo podpis wskazuje inny.",
		EN: "It cannot be established who signed: the signer's certificate is missing, or the signature names another."},
	trust.NoChain: {PL: "Treści nie zmieniono, ale nie można potwierdzić, kto podpisał: wystawcy certyfikatu nie ma wśród tych, którym urząd ufa.",
		EN: "The content is unchanged, but it cannot be confirmed who signed: the issuer is not among those the office trusts."},
	trust.DataNotFound: {PL: "Nie można sprawdzić podpisu: brakuje pliku, który podpisano, albo nie da się go jednoznacznie wskazać.",
		EN: "The signature cannot be checked: the signed file is missing or cannot be identified."},
	trust.OutOfBounds: {PL: "Treści nie zmieniono, ale certyfikat wygasł i nic nie dowodzi, że podpis złożono wcześniej.",
		EN: "The content is unchanged, but the certificate has expired and nothing proves that the signature is older."},
	trust.RevokedCA: {PL: "Treści nie zmieniono, ale certyfikat wystawcy unieważniono.",
		EN: "The content is unchanged, but the issuer's certificate was revoked."},
	trust.TryLater: {PL: "Treści nie zmieniono, a wystawca certyfikatu jest zaufany. Nie sprawdzono jeszcze, czy certyfikat nie został unieważniony.",
		EN: "The content is unchanged and the issuer trusted. Whether the certificate was revoked has not been checked yet."},
	trust.Crypto: {PL: "Podpisu nie można sprawdzić: użyto algorytmu, którego tu się nie obsługuje.",
		EN: "The signature cannot be checked: its algorithm is not supported here."},
	trust.CryptoNoPOE: {PL: "Treści nie zmieniono, ale użyto algorytmu, któremu już nie można ufać.",
		EN: "The content is unchanged, but the algorithm can no longer be relied on."},
}

// warningTexts puts the warning codes of the packages below in words for clerks.
var warningTexts = map[string]string{
	"unsigned-content":       "Plik zawiera też treść, której nikt nie podpisał.",
	"covers-nothing":         "Jedno z odwołań podpisu nie obejmuje żadnej treści.",
	"signed-by-others":       "Część treści pliku podpisał ktoś inny, nie ten podpis.",
	"properties-not-signed":  "Dane o podpisie (czas, rola) nie są podpisane; pominięto je.",
	"bare-key":               "Podpis nie zawiera certyfikatu, tylko sam klucz: nie wiadomo, kto podpisał.",
	"certificate-unreadable": "Jednego z dołączonych certyfikatów nie udało się odczytać.",
	"manifest-too-long":      "Lista podpisanych plików jest zbyt długa; nie sprawdzono jej.",
	"dictionary-replaced":    "Opis podpisu (powód, nazwisko) zmieniono po podpisaniu; pominięto go.",
	"pages-changed":          "Po podpisaniu zmieniono treść stron dokumentu.",
	"changes-unknown":        "Dokument rozszerzono po podpisaniu, a jego stron nie da się odczytać: nie wiadomo, czy zmieniono ich treść.",
	"container-shape":        "Kontener nie ma budowy, jaką podaje: nie wiadomo na pewno, który plik podpisano.",
	"annotations-added":      "Po podpisaniu dodano do dokumentu adnotacje lub wypełniono pola.",
	"later-signatures":       "Po tym podpisie dokument podpisano ponownie.",
	"list-expired":           "Lista zaufania, z której skorzystano, powinna już być zastąpiona nowszą.",
	"revocation-stale":       "Dane o unieważnieniach, które urząd ma, są za stare, by rozstrzygnąć o tym podpisie.",
	"no-revocation-source":   "Certyfikat nie wskazuje, gdzie sprawdzić, czy go unieważniono.",
	"weak-algorithm":         "Użyto słabego algorytmu.",
	"role-without-seal":      "Podpis podaje się za podpis zaufany, ale nie ma pieczęci ministra; podanych w nim danych osoby nie uznano.",
	"time-is-a-claim":        "Czas podpisania podał podpisujący; nie potwierdza go żaden znacznik czasu.",
	"bad-timestamp":          "Znacznik czasu jest nieprawidłowy; pominięto go.",
	"manifest-hole":          "Nie wszystkie pliki wymienione w podpisie są na miejscu i niezmienione.",
	"dtd":                    "Plik zawiera definicję typu dokumentu (DTD), która mogłaby zmienić podpisaną treść; nie sprawdzono go.",
}

// warnings collects what a clerk should know beside the verdict.
func warnings(s *sig.Signature, v trust.Verdict, uncovered []string) []string {
	codes := make([]string, 0, 8)
	for _, w := range s.Warnings {
		codes = append(codes, w.Code)
	}
	codes = append(codes, v.Warnings...)
	if s.Role != nil && v.Kind != validate.Trusted {
		codes = append(codes, "role-without-seal")
	}
	stamped := false
	for i, t := range s.Timestamps {
		stamped = stamped || v.Stamps[i] && t.Kind != "content"
		if t.Imprint == sig.No || !t.Signed {
			codes = append(codes, "bad-timestamp")
		}
	}
	if s.SigningTime != nil && !stamped {
		codes = append(codes, "time-is-a-claim")
	}
	for _, m := range s.Manifest {
		if !m.Found || !m.Intact {
			codes = append(codes, "manifest-hole")
		}
	}
	all := []string{}
	seen := map[string]bool{}
	for _, c := range codes {
		text := warningTexts[c]
		if text == "" {
			text = c
		}
		if !seen[text] {
			seen[text] = true
			all = append(all, text)
		}
	}
	if len(uncovered) > 0 {
		all = append(all, "Żaden podpis nie obejmuje: "+strings.Join(uncovered, ", ")+".")
	}
	return all
}
