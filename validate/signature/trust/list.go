package trust

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"okienko/validate/signature/keys"
	"okienko/validate/signature/xades"
	"okienko/validate/signature/xmldoc"
)

const tslNS = "http://uri.etsi.org/02231/v2#"

// List is a trusted list or a list of lists (ETSI TS 119 612, versions 5 and 6).
type List struct {
	Territory  string // "PL"; "EU" for the list of lists
	Operator   string
	OfLists    bool // a list of lists: only such a list may say who signs others
	Version    int
	Sequence   int
	Issued     time.Time
	NextUpdate time.Time // zero for a list that is closed
	Services   []Service
	Pointers   []Pointer
	SHA256     string
	// SignedBy is the certificate whose key the list's own signature fits; nil if there is no intact enveloped signature.
	SignedBy *keys.Certificate
	// Authentic tells whether SignedBy is among the signers the list of lists, or the administrator, names.
	Authentic bool
}

// Service is one trust service with its whole history, newest state first.
type Service struct {
	Provider     string
	Name         string
	Certificates []*keys.Certificate
	States       []State
	// Qualifications are those of the present state.
	Qualifications []Qualification
}

// State is what a service was from Since on.
type State struct {
	Type   string // URI
	Status string // URI
	Since  time.Time
}

// Pointer says where another list is and who may sign it.
type Pointer struct {
	Territory string
	Location  string
	MimeType  string
	Signers   []*keys.Certificate
}

// The service types that matter here.
const (
	TypeCAQC = "http://uri.etsi.org/TrstSvc/Svctype/CA/QC"
	TypeQTST = "http://uri.etsi.org/TrstSvc/Svctype/TSA/QTST"
	typeTSQC = "http://uri.etsi.org/TrstSvc/Svctype/TSA/TSS-QC"
)

// ParseList reads a list and verifies its own signature. An error means that it is no trusted list.
func ParseList(raw []byte) (*List, error) {
	doc, err := xmldoc.Parse(raw, xmldoc.Limits{})
	if err != nil {
		return nil, err
	}
	root := doc.Element()
	if !root.Is(tslNS, "TrustServiceStatusList") {
		return nil, errors.New("not a trusted list of ETSI TS 119 612")
	}
	info := root.Child(tslNS, "SchemeInformation")
	sum := sha256.Sum256(raw)
	l := &List{
		Territory: text(info, "SchemeTerritory"), Operator: english(info.Child(tslNS, "SchemeOperatorName")),
		Issued: date(text(info, "ListIssueDateTime")), NextUpdate: date(info.Child(tslNS, "NextUpdate").Child(tslNS, "dateTime").Text()),
		SHA256: hex.EncodeToString(sum[:]),
	}
	l.OfLists = strings.HasSuffix(text(info, "TSLType"), "/EUlistofthelists")
	l.Version, _ = strconv.Atoi(text(info, "TSLVersionIdentifier"))
	l.Sequence, _ = strconv.Atoi(text(info, "TSLSequenceNumber"))
	if l.Version != 5 && l.Version != 6 {
		return nil, fmt.Errorf("a trusted list of version %d: read are 5 and 6", l.Version)
	}
	for _, p := range info.Child(tslNS, "PointersToOtherTSL").Children(tslNS, "OtherTSLPointer") {
		l.Pointers = append(l.Pointers, pointer(doc, p))
	}
	for _, p := range root.Child(tslNS, "TrustServiceProviderList").Children(tslNS, "TrustServiceProvider") {
		name := english(p.Child(tslNS, "TSPInformation").Child(tslNS, "TSPName"))
		for _, s := range p.Child(tslNS, "TSPServices").Children(tslNS, "TSPService") {
			l.Services = append(l.Services, service(name, s))
		}
	}
	l.SignedBy = signer(doc)
	return l, nil
}

// signer verifies the enveloped signature: it must stand in the root and cover all of it.
func signer(doc *xmldoc.Document) *keys.Certificate {
	found, err := xades.Verify(doc, xades.Options{})
	if err != nil || len(found) != 1 || !found[0].Intact() || len(found[0].Warnings) > 0 && found[0].Warnings[0].Code == "unsigned-content" {
		return nil
	}
	for _, w := range found[0].Warnings {
		if w.Code == "unsigned-content" || w.Code == "bare-key" {
			return nil
		}
	}
	return found[0].Certificate
}

func pointer(doc *xmldoc.Document, p *xmldoc.Node) Pointer {
	out := Pointer{Location: text(p, "TSLLocation")}
	for _, n := range doc.Find(p, tslNS, "SchemeTerritory") {
		out.Territory = strings.TrimSpace(n.Text())
	}
	for _, n := range doc.Nodes[p.Order : p.Last+1] {
		if n.Kind == xmldoc.Element && n.Local == "MimeType" {
			out.MimeType = strings.TrimSpace(n.Text())
		}
	}
	for _, d := range p.Child(tslNS, "ServiceDigitalIdentities").Children(tslNS, "ServiceDigitalIdentity") {
		out.Signers = append(out.Signers, identities(d)...)
	}
	return out
}

func service(provider string, s *xmldoc.Node) Service {
	info := s.Child(tslNS, "ServiceInformation")
	out := Service{Provider: provider, Name: english(info.Child(tslNS, "ServiceName")), Certificates: identities(info.Child(tslNS, "ServiceDigitalIdentity"))}
	out.States = append(out.States, state(info))
	out.Qualifications = qualifications(info.Child(tslNS, "ServiceInformationExtensions"))
	for _, h := range s.Child(tslNS, "ServiceHistory").Children(tslNS, "ServiceHistoryInstance") {
		out.States = append(out.States, state(h))
	}
	return out
}

func state(n *xmldoc.Node) State {
	return State{Type: text(n, "ServiceTypeIdentifier"), Status: text(n, "ServiceStatus"), Since: date(text(n, "StatusStartingTime"))}
}

func identities(n *xmldoc.Node) []*keys.Certificate {
	var all []*keys.Certificate
	for _, d := range n.Children(tslNS, "DigitalId") {
		raw, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(d.Child(tslNS, "X509Certificate").Text()), ""))
		if err != nil || len(raw) == 0 {
			continue
		}
		if c, err := keys.ParseCertificate(raw); err == nil {
			all = append(all, c)
		}
	}
	return all
}

func text(n *xmldoc.Node, local string) string {
	return strings.TrimSpace(n.Child(tslNS, local).Text())
}

// english picks the English name, else the first.
func english(n *xmldoc.Node) string {
	first := ""
	for _, e := range n.Elements() {
		name := strings.Join(strings.Fields(e.Text()), " ")
		for _, a := range e.Attrs {
			if a.Space == xmldoc.XMLSpace && a.Local == "lang" && a.Value == "en" {
				return name
			}
		}
		if first == "" {
			first = name
		}
	}
	return first
}

func date(s string) time.Time {
	t, _ := time.Parse(time.RFC3339Nano, strings.TrimSpace(s))
	return t.UTC()
}

// At returns the state of the service at t; false if it did not exist yet.
func (s Service) At(t time.Time) (State, bool) {
	var best State
	found := false
	for _, st := range s.States {
		if !st.Since.After(t) && (!found || st.Since.After(best.Since)) {
			best, found = st, true
		}
	}
	return best, found
}

// Active reports whether the status lets the service be relied on (TS 119 612 section 5.5.4 and, before eIDAS, annex D of
// version 4).
func (s State) Active() bool {
	i := strings.LastIndexByte(s.Status, '/')
	switch s.Status[i+1:] {
	case "granted", "undersupervision", "accredited", "supervisionincessation", "recognisedatnationallevel", "setbynationallaw":
		return true
	}
	return false
}

// mimeXML is how a pointer marks the list itself, as opposed to its printed form.
const mimeXML = "application/vnd.etsi.tsl+xml"

// vouches reports whether the list of lists l names the signer of the national list n. A national signer may not sign a list
// of lists: it would then speak for every country.
func (l *List) vouches(n *List) bool { return !n.OfLists && n.Territory != l.Territory && l.names(n) }

// succeeded reports whether the list of lists l names the signer of the later list of lists next.
func (l *List) succeeded(next *List) bool {
	return l.OfLists && next.OfLists && next.Territory == l.Territory && next.Sequence > l.Sequence && l.names(next)
}

func (l *List) names(other *List) bool {
	for _, p := range l.XMLPointers() {
		if p.Territory == other.Territory && among(other.SignedBy, p.Signers) {
			return true
		}
	}
	return false
}

// XMLPointers are the pointers to lists for machines; those to their printed forms are left out.
func (l *List) XMLPointers() []Pointer {
	var all []Pointer
	for _, p := range l.Pointers {
		if strings.EqualFold(p.MimeType, mimeXML) {
			all = append(all, p)
		}
	}
	return all
}

// Expired reports whether the list should have been replaced by t.
func (l *List) Expired(t time.Time) bool { return !l.NextUpdate.IsZero() && t.After(l.NextUpdate) }

// Title names the list for people and for the record of what a judgement rests on.
func (l *List) Title() string {
	return fmt.Sprintf("trusted list %s no. %d of %s (SHA-256 %s)", l.Territory, l.Sequence, l.Issued.Format(time.DateOnly), l.SHA256[:16])
}
