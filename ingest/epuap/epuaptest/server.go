// Package epuaptest is ePUAP for tests and the demo: one office's boxes with their pull queues, skrytka that takes answers and gives
// a signed UPP, and FileRepo, over real HTTP and signed SOAP. It behaves as the platform is known to (head of the queue until
// it is confirmed, every request's signature checked, files given out once) and, by Switches, misbehaves as it is known to.
//
// It answers no ?wsdl: the connector asks for none, and a description of our own would prove nothing; tests hold what is said
// against the platform's own schemas instead. EmergencyDownload is the box as a ZIP file.
//
// It is no ePUAP: it has one office, whose boxes nobody set up, keeps everything in memory and believes that answers look as the public schemas and the
// libraries in use say. Read next: switches.go.
package epuaptest

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"okienko/ingest/epuap"
	"okienko/ingest/epuap/soap"
	"okienko/validate/signature/signaturetest"
	"okienko/validate/signature/xmldoc"
)

// The office the simulator knows.
const (
	Party   = "urzadtest"
	Box     = "skrytka"
	Address = "/urzadtest/skrytka"
)

// Server is a running simulator. Its methods may be called concurrently.
type Server struct {
	Office   soap.Signer // the certificate registered for Party, with its key
	Platform soap.Signer // signs answers
	// Authority issued Seal, with which proofs (UPP) are sealed.
	Authority *signaturetest.Authority
	Seal      *signaturetest.Signer

	http *http.Server
	url  string

	mu        sync.Mutex
	switches  Switches
	queue     []Document
	files     map[string]*storedFile
	sent      []Sent
	orders    []Order
	confirmed int
	exchanges []Exchange
	nextID    int
}

// Exchange is one request with the envelope it was answered with; Answer is nil where the line was cut.
type Exchange struct{ Request, Answer []byte }

// maxExchanges bounds what is remembered of the conversation.
const maxExchanges = 1000

// Start serves on a port of this machine.
func Start() (*Server, error) {
	s := &Server{files: map[string]*storedFile{}, nextID: 10_000_000}
	var err error
	if s.Office, err = officeKey(); err != nil {
		return nil, err
	}
	if s.Platform, err = platformKey(); err != nil {
		return nil, err
	}
	if s.Authority, err = signaturetest.NewAuthority("TEST CA pieczęci"); err != nil {
		return nil, err
	}
	if s.Seal, err = s.Authority.Company("Minister do spraw informatyzacji TEST"); err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("ePUAP simulator: %w", err)
	}
	s.url = "http://" + listener.Addr().String()
	s.http = &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = s.http.Serve(listener) }() // ends with Close
	return s, nil
}

// URL is where the services are; the path does not matter.
func (s *Server) URL() string { return s.url }

// Close ends the service at once.
func (s *Server) Close() error { return s.http.Close() }

// Config is how a Source reaches the box: files go to dir, which also gets the platform's certificate.
func (s *Server) Config(name, dir string) (epuap.Config, error) {
	cert := filepath.Join(dir, "platforma.pem")
	if err := os.WriteFile(cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Platform.Certificate.Raw}), 0o600); err != nil {
		return epuap.Config{}, fmt.Errorf("ePUAP simulator: %w", err)
	}
	return epuap.Config{
		Name: name, Party: Party, Box: Box, Signer: &s.Office, PlatformCertFile: cert, Files: filepath.Join(dir, "files"),
		PullURL: s.url + "/pull", SkrytkaURL: s.url + "/skrytka", FileRepoURL: s.url + "/FileRepoService",
		DoreczycielURL: s.url + "/doreczyciel",
	}, nil
}

// RSA keys take long to make: all simulators of a process share them.
var (
	officeKey   = sync.OnceValues(func() (soap.Signer, error) { return NewSigner("TEST system urzędu") })
	platformKey = sync.OnceValues(func() (soap.Signer, error) { return NewSigner("TEST platforma usług") })
)

// NewSigner makes an RSA key with a certificate nobody registered.
func NewSigner(name string) (soap.Signer, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return soap.Signer{}, err
	}
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{Country: []string{"PL"}, CommonName: name},
		NotBefore: signaturetest.From, NotAfter: signaturetest.To, KeyUsage: x509.KeyUsageDigitalSignature}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, key.Public(), key)
	if err != nil {
		return soap.Signer{}, err
	}
	cert, err := x509.ParseCertificate(der)
	return soap.Signer{Certificate: cert, Key: key}, err
}

// maxRequest bounds a request, as a real server would.
const maxRequest = 64 << 20

// errCut means: close the connection without an answer.
var errCut = errors.New("the line is cut")

// reply is what an operation answers with: an element, or a fault.
type reply struct {
	body   string
	binary []byte // content of the element called @BINARY@ in body; see write
	fault  *soap.Fault
	detail string // element name of the fault's detail, with its namespace declaration
}

// ServeHTTP answers one SOAP request, whatever its path and SOAPAction: the platform goes by the element in the body.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	sw := s.current()
	request, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil || r.Method != http.MethodPost {
		http.Error(w, "a SOAP request is needed", http.StatusBadRequest)
		return
	}
	if !wait(r.Context(), sw.Slow) {
		return
	}
	if sw.NotSOAP != 0 {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(sw.NotSOAP)
		fmt.Fprint(w, "<html><body>Przerwa techniczna</body></html>")
		return
	}
	answer, err := s.handle(request, sw)
	if errors.Is(err, errCut) {
		s.record(request, nil)
		panic(http.ErrAbortHandler)
	}
	s.write(w, request, answer, sw)
}

func wait(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// handle checks who asks and does what is asked.
func (s *Server) handle(request []byte, sw Switches) (reply, error) {
	doc, err := xmldoc.Parse(request, xmldoc.Limits{})
	if err != nil {
		return clientFault("Client", "to nie jest XML"), nil //nolint:nilerr // the fault is the answer
	}
	if err := s.authentic(doc); err != nil {
		return clientFault("wsse:FailedAuthentication", err.Error()), nil
	}
	if sw.Fault != 0 {
		return refusal(sw.Fault), nil
	}
	operations := map[string]func(header, body *xmldoc.Node, sw Switches) (reply, error){
		"ZapytaniePullOczekujace": s.count, "ZapytaniePullPobierz": s.next, "ZapytaniePullPotwierdz": s.confirm,
		"Dokument": s.send, "DownloadFileParam": s.download,
	}
	inside := soap.Body(doc).Elements()
	if len(inside) != 1 || operations[inside[0].Local] == nil {
		return clientFault("Client", "nieznana operacja"), nil
	}
	return operations[inside[0].Local](doc.Element().Child(soap.NS, "Header"), inside[0], sw)
}

// authentic holds a request against what the platform wants: the token first, the signature right after it, over the body
// and nothing else, with the algorithms in use, by the certificate registered for the party.
func (s *Server) authentic(doc *xmldoc.Document) error {
	sig, err := soap.FindSignature(doc)
	switch {
	case err != nil:
		return err
	case !sig.TokenFirst:
		return errors.New("the BinarySecurityToken must come first and the Signature directly after it")
	case sig.Token == nil || !sig.Token.Equal(s.Office.Certificate):
		return errors.New("the certificate is not registered")
	case sig.Method != "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256":
		return errors.New("rsa-sha256 is needed")
	}
	if err := sig.Check(sig.Token); err != nil {
		return err
	}
	if len(sig.Covers) != 1 || sig.Digests[0] != "http://www.w3.org/2001/04/xmlenc#sha256" {
		return errors.New("one reference, with SHA-256, is needed")
	}
	return nil
}

func clientFault(code, text string) reply { return reply{fault: &soap.Fault{Code: code, Text: text}} }

// refusal is a fault with a Wyjatek, as the operations raise it.
func refusal(kod int) reply {
	return reply{fault: &soap.Fault{Code: "soapenv:Server", Kod: kod, Told: true, Text: "odmowa TEST"}, detail: `ob:Wyjatek xmlns:ob="` + objectsNS + `"`}
}
