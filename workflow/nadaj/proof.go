package nadaj

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"okienko/validate"
	"okienko/validate/signature"
	"okienko/validate/signature/trust"
	"okienko/validate/signature/xmldoc"
	"okienko/workflow"
)

// Proof is an official proof of submission (UPP, urzędowe poświadczenie przedłożenia) or of delivery (UPD).
type Proof struct {
	Kind        string // "UPP" or "UPD"
	ID          string // IdentyfikatorPoswiadczenia
	Addressee   Party
	Sender      Party     // of a UPP
	Issuer      Party     // of a UPD
	DeliveredAt time.Time // DataDoreczenia or DataOdbioru; zero if it is not readable
	IssuedAt    time.Time
	DocumentID  string // IdentyfikatorDokumentu
	CaseID      string // IdentyfikatorSprawy of a UPD; ""
	Additional  []Additional
	Signatures  []validate.SignatureReport
	signed      bool // the fields above are those the first intact signature covers
}

// Party is somebody a proof names.
type Party struct{ Name, ID, IDKind string }

// Additional is a further statement of a proof (InformacjaUzupelniajaca).
type Additional struct{ Kind, Value string }

// Signed reports whether what the proof says is what its issuer sealed.
func (p Proof) Signed() bool { return p.signed }

// Trusted reports whether the seal also holds against the trust data given.
func (p Proof) Trusted() bool {
	return p.signed && slices.ContainsFunc(p.Signatures, func(s validate.SignatureReport) bool { return s.Indication == validate.TotalPassed })
}

// Names reports whether the proof is about the document the platform gave that identifier.
func (p Proof) Names(documentID string) bool {
	if documentID == "" {
		return false
	}
	same := func(a Additional) bool { return strings.TrimSpace(a.Value) == documentID }
	return p.DocumentID == documentID || p.DocumentID == "DOK"+documentID || slices.ContainsFunc(p.Additional, same)
}

// Examine reads a proof and says in Polish what it is worth. about reports whether it is about what it should be. What cannot be
// read is a broken proof, and kept like a good one; Case, Letter, At, Digest and Bytes are the caller's to fill in.
func Examine(raw []byte, trusted *trust.Store, now time.Time, about func(Proof) bool) workflow.Proof {
	p, err := ReadProof(raw, trusted, now)
	if err != nil {
		return workflow.Proof{Kind: "UPP", Verdict: workflow.ProofBroken, Because: "zamiast poświadczenia przyszło coś innego"}
	}
	found := workflow.Proof{Kind: p.Kind, ID: p.ID, Verdict: workflow.ProofGenuine}
	var said []string
	if !p.DeliveredAt.IsZero() {
		said = append(said, "doręczono "+p.DeliveredAt.Format(time.RFC3339))
	}
	switch {
	case !p.Signed():
		found.Verdict = workflow.ProofBroken
		said = append(said, "PIECZĘĆ NIE ZGADZA SIĘ: poświadczenie zmieniono albo nie jest opieczętowane")
	case p.Trusted():
		said = append(said, "pieczęć prawdziwa")
	default:
		found.Verdict = workflow.ProofUnchecked
		said = append(said, "pieczęć nienaruszona, wystawcy nie sprawdzono ("+p.Signatures[0].SubIndication+")")
	}
	if !about(p) {
		found.Verdict = workflow.ProofBroken
		said = append(said, "poświadczenie nie wymienia tego dokumentu")
	}
	found.Because = strings.Join(said, ", ")
	return found
}

var errNoProof = errors.New("it is no UPP and no UPD")

// maxProof bounds a proof in bytes; real ones have a few thousand.
const maxProof = 4 << 20

// ReadProof reads a proof and verifies its seal. A bad seal, or none, is a result; an error means that raw is no proof. What
// an intact seal covers is read from the very octets it covers, never from what stands around them.
func ReadProof(raw []byte, trusted *trust.Store, now time.Time) (Proof, error) {
	limits := xmldoc.Limits{Bytes: maxProof, Depth: 64, Nodes: 100_000, Attrs: 100, Scope: 200}
	found := signature.Examine(signature.File{Name: "upp.xml", MediaType: "application/xml", Bytes: raw},
		signature.Options{Trust: trusted, Now: now, Limits: limits, Keep: true})
	for _, content := range found.Signed {
		if p, err := readProof(content.Bytes, limits); err == nil {
			p.Signatures, p.signed = found.Signatures, true
			return p, nil
		}
	}
	p, err := readProof(raw, limits)
	p.Signatures = found.Signatures
	return p, err
}

func readProof(raw []byte, limits xmldoc.Limits) (Proof, error) {
	doc, err := xmldoc.Parse(raw, limits)
	if err != nil {
		return Proof{}, fmt.Errorf("%w: %w", errNoProof, err)
	}
	root := doc.Element()
	if root.Local != "Dokument" || !strings.HasPrefix(root.Space, "http://crd.gov.pl/xml/schematy/UPO/") {
		return Proof{}, errNoProof
	}
	for _, kind := range []string{"UPP", "UPD"} {
		if n := root.Child(root.Space, kind); n != nil {
			return proofOf(kind, n), nil
		}
	}
	return Proof{}, errNoProof
}

func proofOf(kind string, n *xmldoc.Node) Proof {
	text := func(names ...string) string {
		for _, name := range names {
			if t := strings.TrimSpace(n.Child(n.Space, name).Text()); t != "" {
				return t
			}
		}
		return ""
	}
	p := Proof{
		Kind: kind, ID: text("IdentyfikatorPoswiadczenia"), DocumentID: text("IdentyfikatorDokumentu"), CaseID: text("IdentyfikatorSprawy"),
		Addressee: partyOf(n.Child(n.Space, "Adresat")), Sender: partyOf(n.Child(n.Space, "Nadawca")), Issuer: partyOf(n.Child(n.Space, "PodmiotWystawiajacyPoswiadczenie")),
	}
	p.DeliveredAt, _ = time.Parse(time.RFC3339Nano, text("DataDoreczenia", "DataOdbioru")) // zero where it makes no sense
	p.IssuedAt, _ = time.Parse(time.RFC3339Nano, text("DataWytworzeniaPoswiadczenia", "DataUtworzeniaPoswiadczenia"))
	for _, a := range n.Children(n.Space, "InformacjaUzupelniajaca") {
		p.Additional = append(p.Additional, Additional{attribute(a, "TypInformacjiUzupelniajacej"), strings.TrimSpace(a.Text())})
	}
	return p
}

func partyOf(n *xmldoc.Node) Party {
	if n == nil {
		return Party{}
	}
	id := n.Child(n.Space, "IdentyfikatorPodmiotu")
	return Party{strings.TrimSpace(n.Child(n.Space, "Nazwa").Text()), strings.TrimSpace(id.Text()), attribute(id, "TypIdentyfikatora")}
}

// attribute is taken by local name: one source writes these attributes in the namespace of the proof, another in none.
func attribute(n *xmldoc.Node, local string) string {
	if n == nil {
		return ""
	}
	for _, a := range n.Attrs {
		if a.Local == local {
			return a.Value
		}
	}
	return ""
}
