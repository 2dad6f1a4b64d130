package epuap

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"strconv"
	"strings"

	"okienko/ingest/epuap/soap"
	"okienko/validate/signature/xmldoc"
)

// Namespaces and actions of the services (pull.wsdl, skrytka.wsdl, filerepo.wsdl of 2008).
const (
	objectsNS  = "http://wsdl.epuap.gov.pl/obiekty/"
	fileRepoNS = "http://wsdl.epuap.gov.pl/filerepocore/"
	pullAction = "http://ws.epuap.gov.pl/pull/"
	sendAction = "http://ws.epuap.gov.pl/skrytka/nadaj"

	deliverAction = "http://ws.epuap.gov.pl/doreczyciel/dorecz"
)

// The status codes that are known. All others are refusals nobody has published a list of.
const (
	statusDone  = 1
	statusEmpty = 0 // of pobierzNastepny: nothing waits
)

// StatusError is an answer whose status is not "done".
type StatusError struct {
	Operation string
	Kod       int
}

func (e *StatusError) Error() string {
	return fmt.Sprintf("%s: the platform answered with status code %d", e.Operation, e.Kod)
}

// Client calls the services for one box. It may be used concurrently.
type Client struct {
	cfg   Config
	quick *soap.Client // questions that may be asked twice
	send  *soap.Client // each on a connection of its own, so that a stale one leaves no doubt whether a letter went
}

// NewClient reads the files cfg names; it does not connect.
func NewClient(cfg Config) (*Client, error) {
	if err := cfg.Validate(); err != nil {
		return nil, fmt.Errorf("ePUAP box %q: %w", cfg.Name, err)
	}
	cfg = cfg.WithDefaults()
	c := &Client{cfg: cfg}
	signer, err := cfg.signer()
	if err != nil {
		return nil, fmt.Errorf("ePUAP box %q: %w", cfg.Name, err)
	}
	platform, err := certificates("platform_cert_file", cfg.PlatformCertFile)
	if err != nil {
		return nil, fmt.Errorf("ePUAP box %q: %w", cfg.Name, err)
	}
	roots, err := certPool("ca_file", cfg.CAFile)
	if err != nil {
		return nil, fmt.Errorf("ePUAP box %q: %w", cfg.Name, err)
	}
	c.quick = &soap.Client{HTTP: soap.NewHTTP(roots, cfg.ConnectTimeout, false), Signer: signer, Platform: platform, MaxBytes: cfg.MaxDocumentBytes}
	c.send = &soap.Client{HTTP: soap.NewHTTP(roots, cfg.ConnectTimeout, true), Signer: signer, Platform: platform, MaxBytes: cfg.MaxDocumentBytes}
	return c, nil
}

// Count returns how many documents wait (oczekujaceDokumenty). It takes nothing.
func (c *Client) Count(ctx context.Context) (int, error) {
	answer, err := c.pull(ctx, "oczekujaceDokumenty", "ZapytaniePullOczekujace", "")
	if err != nil {
		return 0, err
	}
	if err := done("oczekujaceDokumenty", answer); err != nil {
		return 0, err
	}
	return number(answer, "oczekujace")
}

// Next returns the head of the queue, again and again until it is confirmed (pobierzNastepny); nil if nothing waits.
func (c *Client) Next(ctx context.Context) (*Document, error) {
	answer, err := c.pull(ctx, "pobierzNastepny", "ZapytaniePullPobierz", "")
	if err != nil {
		return nil, err
	}
	kod, err := number(child(answer, "status"), "kod")
	if err == nil && kod == statusEmpty {
		return nil, nil
	}
	if err := done("pobierzNastepny", answer); err != nil {
		return nil, err
	}
	return readDocument(answer)
}

// Confirm takes the head off the queue, if hash is that of its bytes (potwierdzOdebranie).
func (c *Client) Confirm(ctx context.Context, hash string) error {
	answer, err := c.pull(ctx, "potwierdzOdebranie", "ZapytaniePullPotwierdz", element("skrot", hash))
	if err != nil {
		return err
	}
	return done("potwierdzOdebranie", answer)
}

func (c *Client) pull(ctx context.Context, operation, request, more string) (*xmldoc.Node, error) {
	body := `<ob:` + request + ` xmlns:ob="` + objectsNS + `">` + element("podmiot", c.cfg.Party) + element("nazwaSkrytki", c.cfg.Box) +
		element("adresSkrytki", c.cfg.Address) + more + `</ob:` + request + `>`
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
	defer cancel()
	answer, err := c.quick.Call(ctx, c.cfg.PullURL, soap.Message{Action: pullAction + operation, Body: body}, nil)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", operation, err)
	}
	return answer, want(operation, answer, strings.Replace(request, "Zapytanie", "Odpowiedz", 1))
}

// Download fetches a big attachment (downloadFile). The platform gives each out once, so w must keep it, also when it is not
// vouched for: then a certificate of the platform is configured, and the answer with the file in it is not signed by it.
func (c *Client) Download(ctx context.Context, fileID string, w io.Writer) (vouched bool, err error) {
	body := `<fc:DownloadFileParam xmlns:fc="` + fileRepoNS + `">` + element("fileId", fileID) + element("subject", c.cfg.Party) + `</fc:DownloadFileParam>`
	ctx, cancel := context.WithTimeout(ctx, c.cfg.FileTimeout)
	defer cancel()
	large := &soap.Large{Element: "file", W: w, MaxBytes: c.cfg.MaxFileBytes}
	answer, err := c.quick.Call(ctx, c.cfg.FileRepoURL, soap.Message{Body: body}, large)
	if err != nil {
		return false, fmt.Errorf("downloadFile: %w", err)
	}
	return large.Unsigned == nil, want("downloadFile", answer, "DataDocument")
}

// Outgoing is a document to send.
type Outgoing struct {
	To      string // box of the addressee
	Name    string // file name
	Content []byte // XML
	Trial   bool   // only check document and address; nothing is delivered and there is no proof
}

// Sent is what the platform says of a document it took.
type Sent struct {
	DocumentID string // identyfikatorDokumentu
	ProofID    string // identyfikatorUpp; ""
	Proof      []byte // the UPP, exactly as it came; nil if the box of the addressee issues none
	ProofName  string
}

// Send puts a document into the box of its addressee (nadaj); answers to it go to this box. A nil error means that it is there.
// Errors: *StatusError and *soap.Fault are refusals, *soap.Error tells whether it may be there all the same.
func (c *Client) Send(ctx context.Context, o Outgoing) (Sent, error) {
	m := soap.Message{Action: sendAction, Headers: c.address(o), Body: o.body()}
	answer, err := c.hand(ctx, "nadaj", c.cfg.SkrytkaURL, m, "OdpowiedzSkrytki")
	if err != nil {
		return Sent{}, err
	}
	s := Sent{DocumentID: text(answer, "identyfikatorDokumentu"), ProofID: text(answer, "identyfikatorUpp")}
	if upp := child(answer, "zalacznik"); upp != nil {
		s.ProofName = text(upp, "nazwaPliku")
		s.Proof, _ = decode(text(upp, "zawartosc")) // a proof that is no base64 is none; the document is there
	}
	return s, nil
}

// address is the headers every document goes with.
func (c *Client) address(o Outgoing) []string {
	trial := "0"
	if o.Trial {
		trial = "1"
	}
	return []string{
		object("IdentyfikatorPodmiotu", c.cfg.Party), object("AdresSkrytki", o.To), object("AdresOdpowiedzi", c.cfg.Address),
		object("CzyProbne", trial), object("DaneDodatkowe", ""),
	}
}

func (o Outgoing) body() string {
	return `<ob:Dokument xmlns:ob="` + objectsNS + `">` + element("nazwaPliku", o.Name) + element("typPliku", "text/xml") +
		element("zawartosc", base64.StdEncoding.EncodeToString(o.Content)) + `</ob:Dokument>`
}

// hand hands a document over, once.
func (c *Client) hand(ctx context.Context, operation, url string, m soap.Message, wanted string) (*xmldoc.Node, error) {
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
	defer cancel()
	answer, err := c.send.Call(ctx, url, m, nil)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", operation, err)
	}
	if err := want(operation, answer, wanted); err != nil {
		return nil, err
	}
	return answer, done(operation, answer)
}

// Party is the office's identifier on the platform.
func (c *Client) Party() string { return c.cfg.Party }

// Address is the box answers come from.
func (c *Client) Address() string { return c.cfg.Address }

func element(name, value string) string {
	return `<` + name + `>` + soap.Escape(value) + `</` + name + `>`
}

func object(name, value string) string {
	return `<ob:` + name + ` xmlns:ob="` + objectsNS + `">` + soap.Escape(value) + `</ob:` + name + `>`
}

// want reports an answer to another question.
func want(operation string, answer *xmldoc.Node, local string) error {
	if answer.Local != local {
		return &soap.Error{Kind: soap.Garbled, Reason: operation + ": the answer is not " + local, MayHaveArrived: true}
	}
	return nil
}

func done(operation string, answer *xmldoc.Node) error {
	kod, err := number(child(answer, "status"), "kod")
	if err != nil {
		return fmt.Errorf("%s: %w", operation, err)
	}
	if kod != statusDone {
		return &StatusError{operation, kod}
	}
	return nil
}

// child is the first child element of that local name: the structures say "no namespace", platforms have differed.
func child(n *xmldoc.Node, local string) *xmldoc.Node {
	for _, c := range n.Elements() {
		if c.Local == local {
			return c
		}
	}
	return nil
}

func text(n *xmldoc.Node, local string) string { return strings.TrimSpace(child(n, local).Text()) }

func number(n *xmldoc.Node, local string) (int, error) {
	v, err := strconv.Atoi(text(n, local))
	if err != nil {
		return 0, &soap.Error{Kind: soap.Garbled, Reason: local + " is not a number", MayHaveArrived: true}
	}
	return v, nil
}

func decode(s string) ([]byte, error) {
	return base64.StdEncoding.DecodeString(strings.Join(strings.Fields(s), ""))
}

// Signer is what requests are signed with.
func (c *Client) Signer() soap.Signer { return c.quick.Signer }
