package epuap

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"time"

	"okienko/ingest"
	"okienko/ingest/epuap/soap"
	"okienko/validate/signature/xmldoc"
)

// Document is the head of the queue.
type Document struct {
	ID        string    // IdentyfikatorDokumentu in daneDodatkowe; "" if the platform gave none
	SentAt    time.Time // dataNadania; zero if it is not readable
	Box       string    // adresSkrytki it was sent to
	ReplyBox  string    // adresOdpowiedzi; "" if the sender gave none
	Test      bool      // czyTestowe
	Name      string    // nazwaPliku
	MediaType string    // typPliku as we write it; "" if it was not given
	Content   []byte    // exactly as it came, a byte order mark included
	Party     Party
}

// Party is who the platform says sent a document: the account, not the signature.
type Party struct {
	ID      string // identyfikator
	Kind    string // typOsoby: P, F, PP …; an open list
	Name    string
	User    string // uzytkownik; "" if a system sent it
	System  string // system; "" if a person sent it
	Consent bool   // zgoda on electronic letters
}

// readDocument reads OdpowiedzPullPobierz. Only the content must be readable: without it nothing can be confirmed.
func readDocument(n *xmldoc.Node) (*Document, error) {
	file, party, sender := child(n, "dokument"), child(n, "danePodmiotu"), child(n, "daneNadawcy")
	content, err := decode(child(file, "zawartosc").Text())
	if err != nil || child(file, "zawartosc") == nil {
		return nil, &soap.Error{Kind: soap.Garbled, Reason: "pobierzNastepny: the document is not base64"}
	}
	d := &Document{
		ID: documentID(text(n, "daneDodatkowe")), Box: text(n, "adresSkrytki"), ReplyBox: text(n, "adresOdpowiedzi"),
		Test: isTrue(text(n, "czyTestowe")), Name: text(file, "nazwaPliku"), MediaType: mediaType(text(file, "typPliku")), Content: content,
		Party: Party{
			ID: text(party, "identyfikator"), Kind: text(party, "typOsoby"), Consent: isTrue(text(party, "zgoda")),
			Name: strings.TrimSpace(text(party, "imieSkrot") + " " + text(party, "nazwiskoNazwa")),
			User: text(sender, "uzytkownik"), System: text(sender, "system"),
		},
	}
	d.SentAt = moment(text(n, "dataNadania"))
	return d, nil
}

// documentID is the last IdentyfikatorDokumentu in the XML that daneDodatkowe holds, as base64 or as it is. Its schema is not
// published.
func documentID(daneDodatkowe string) string {
	raw, err := decode(daneDodatkowe)
	if err != nil {
		raw = []byte(daneDodatkowe)
	}
	doc, err := xmldoc.Parse(raw, xmldoc.Limits{Bytes: 1 << 20, Depth: 64, Nodes: 10_000, Attrs: 100, Scope: 100})
	if err != nil {
		return ""
	}
	id := ""
	for _, n := range doc.Nodes {
		if n.Kind == xmldoc.Element && n.Local == "IdentyfikatorDokumentu" {
			id = strings.TrimSpace(n.Text())
		}
	}
	if len(id) > 200 {
		return ""
	}
	return id
}

// mediaType puts the names in use for XML into one.
func mediaType(s string) string {
	switch lower := strings.ToLower(s); lower {
	case "xml", "text/xml", "application/xml":
		return "application/xml"
	default:
		return lower
	}
}

func isTrue(s string) bool { return s == "true" || s == "1" } // xs:boolean

// moment reads xs:dateTime. Without a zone it is the time in Poland.
func moment(s string) time.Time {
	if t, err := time.Parse(time.RFC3339Nano, s); err == nil {
		return t
	}
	warsaw, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		return time.Time{}
	}
	t, err := time.ParseInLocation("2006-01-02T15:04:05.999999999", s, warsaw)
	if err != nil {
		return time.Time{}
	}
	return t
}

// Hash is what a confirmation carries: base64 of the hash of the bytes.
func (d *Document) Hash(h Hash) string {
	if h == SHA256 {
		sum := sha256.Sum256(d.Content)
		return base64.StdEncoding.EncodeToString(sum[:])
	}
	sum := sha1.Sum(d.Content)
	return base64.StdEncoding.EncodeToString(sum[:])
}

// item names the document for the ledger: the same each time it is the head.
func (d *Document) item() string {
	if d.ID != "" {
		return d.ID
	}
	return string(ingest.DigestOf(d.Content)[:16]) + "@" + d.SentAt.UTC().Format("20060102T150405.000")
}
