package signaturetest

import (
	"encoding/base64"
	"fmt"
	"strings"
	"time"
)

// List is a trusted list as ETSI TS 119 612 shapes it, as far as tests need: who signs other lists, and one authority.
type List struct {
	Territory  string
	Sequence   int
	OfLists    bool
	Issued     time.Time
	NextUpdate time.Time
	Pointers   []ListPointer
	Authority  *Authority // granted CA/QC since Issued; nil for none
}

// ListPointer says where another list is and who signs it.
type ListPointer struct {
	Territory, Location string
	Mime                string // "": the XML form
	Signers             []*Signer
}

// Sign returns the list with an enveloped signature of s.
func (l List) Sign(s *Signer) ([]byte, error) {
	kind := "EUgeneric"
	if l.OfLists {
		kind = "EUlistofthelists"
	}
	var pointers, services strings.Builder
	for _, p := range l.Pointers {
		pointers.WriteString(p.xml())
	}
	if l.Authority != nil {
		fmt.Fprintf(&services, `<TrustServiceProvider><TSPInformation><TSPName><Name xml:lang="en">TEST</Name></TSPName></TSPInformation><TSPServices><TSPService><ServiceInformation>`+
			`<ServiceTypeIdentifier>http://uri.etsi.org/TrstSvc/Svctype/CA/QC</ServiceTypeIdentifier><ServiceName><Name xml:lang="en">TEST</Name></ServiceName>`+
			`<ServiceDigitalIdentity>%s</ServiceDigitalIdentity><ServiceStatus>http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/granted</ServiceStatus>`+
			`<StatusStartingTime>%s</StatusStartingTime></ServiceInformation></TSPService></TSPServices></TrustServiceProvider>`, digitalID(l.Authority.Certificate.Raw), xmlTime(l.Issued))
	}
	return XAdES{Time: l.Issued}.Sign(fmt.Appendf(nil, `<TrustServiceStatusList xmlns="http://uri.etsi.org/02231/v2#"><SchemeInformation><TSLVersionIdentifier>6</TSLVersionIdentifier>`+
		`<TSLSequenceNumber>%d</TSLSequenceNumber><TSLType>http://uri.etsi.org/TrstSvc/TrustedList/TSLType/%s</TSLType><SchemeOperatorName><Name xml:lang="en">TEST</Name></SchemeOperatorName>`+
		`<SchemeTerritory>%s</SchemeTerritory><PointersToOtherTSL>%s</PointersToOtherTSL><ListIssueDateTime>%s</ListIssueDateTime><NextUpdate><dateTime>%s</dateTime></NextUpdate>`+
		`</SchemeInformation><TrustServiceProviderList>%s</TrustServiceProviderList></TrustServiceStatusList>`,
		l.Sequence, kind, l.Territory, pointers.String(), xmlTime(l.Issued), xmlTime(l.NextUpdate), services.String()), s)
}

func (p ListPointer) xml() string {
	ids := ""
	for _, s := range p.Signers {
		ids += "<ServiceDigitalIdentity>" + digitalID(s.Certificate.Raw) + "</ServiceDigitalIdentity>"
	}
	mime := p.Mime
	if mime == "" {
		mime = "application/vnd.etsi.tsl+xml"
	}
	return fmt.Sprintf(`<OtherTSLPointer><ServiceDigitalIdentities>%s</ServiceDigitalIdentities><TSLLocation>%s</TSLLocation><AdditionalInformation><OtherInformation><SchemeTerritory>%s</SchemeTerritory></OtherInformation>`+
		`<OtherInformation><MimeType>%s</MimeType></OtherInformation></AdditionalInformation></OtherTSLPointer>`, ids, p.Location, p.Territory, mime)
}

func digitalID(cert []byte) string {
	return "<DigitalId><X509Certificate>" + base64.StdEncoding.EncodeToString(cert) + "</X509Certificate></DigitalId>"
}

func xmlTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }
