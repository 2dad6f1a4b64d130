// Package edeliverytest is e-Doręczenia for tests and the demo: the mailboxes of an office over User Agent API v3, the token
// endpoint, which checks assertions as the platform does, the register BAE over Search Engine API v4, residents who open their
// letters or do not, and the proofs about all of it, sealed. By Switches it misbehaves as such platforms are known to.
//
// It is no e-Doręczenia: it keeps everything in memory and believes that answers look as the contracts say. The form of its
// proofs is made up, because no real one is published. Read next: switches.go.
package edeliverytest

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"okienko/ingest/edelivery"
	"okienko/validate/signature/signaturetest"
)

// The office the simulator knows from the start.
const (
	Address = "AE:PL-12345-67890-URZAD-33"
	System  = "OKIENKO"
)

const audience = "https://int-ow.edoreczenia.example/auth/realms/EDOR"

// Server is a running simulator. Its methods may be called concurrently.
type Server struct {
	// Authority issued Seal, with which proofs are sealed.
	Authority *signaturetest.Authority
	Seal      *signaturetest.Signer

	http   *http.Server
	url    string
	secure *secure // nil: plain HTTP

	mu        sync.Mutex
	switches  Switches
	shift     time.Duration // of the clock
	offices   map[string]edelivery.Key
	assertion map[string]bool // ids of assertions used
	tokens    map[string]grant
	messages  []*message
	tasks     map[string]*task
	residents map[string]Resident
	hooks     map[string]string // where an address wants to be told of news
	calls     map[string]int
	exchanges []Exchange
	nextID    int
}

// Exchange is one JSON request or answer, by the name the contract gives the operation.
type Exchange struct {
	Operation       string
	Request, Answer []byte
}

// maxExchanges bounds what is remembered of the conversation.
const maxExchanges = 2000

// Start serves on a port of this machine, over plain HTTP.
func Start() (*Server, error) { return start(nil) }

func start(by *secure) (*Server, error) {
	s := &Server{
		secure:  by,
		offices: map[string]edelivery.Key{}, assertion: map[string]bool{}, tokens: map[string]grant{},
		tasks: map[string]*task{}, residents: map[string]Resident{}, hooks: map[string]string{}, calls: map[string]int{}, nextID: 1000,
	}
	var err error
	if s.Authority, err = signaturetest.NewAuthority("TEST CA pieczęci e-Doręczeń"); err != nil {
		return nil, err
	}
	if s.Seal, err = s.Authority.Company("Operator wyznaczony TEST"); err != nil {
		return nil, err
	}
	key, err := officeKey()
	if err != nil {
		return nil, err
	}
	s.Register(Address, key)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("e-Doręczenia simulator: %w", err)
	}
	s.url = "http://" + listener.Addr().String()
	if by != nil {
		s.url = "https://" + listener.Addr().String()
		listener = tls.NewListener(listener, by.config())
	}
	s.http = &http.Server{Handler: s.routes(), ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = s.http.Serve(listener) }() // ends with Close
	return s, nil
}

// Close ends the service at once.
func (s *Server) Close() error { return s.http.Close() }

// Register lets a system in for an address.
func (s *Server) Register(address string, key edelivery.Key) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.offices[address] = key
}

// Forget shuts the systems of an address out, with the tokens they have.
func (s *Server) Forget(address string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.offices, address)
	for token, g := range s.tokens {
		if g.address == address {
			delete(s.tokens, token)
		}
	}
}

// Config is how a Source reaches the mailbox of an address that was registered.
func (s *Server) Config(name, address string) edelivery.Config {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := s.offices[address]
	return edelivery.Config{
		Name: name, Address: address, System: System, Key: &key, UAURL: s.url + "/api/v3", SEURL: s.url + "/api/se/v4",
		TokenURL: s.url + "/auth/realms/EDOR/protocol/openid-connect/token", Audience: audience,
	}
}

// Now is the simulator's clock.
func (s *Server) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now()
}

func (s *Server) now() time.Time { return time.Now().Add(s.shift).UTC() }

// Advance moves the clock of deliveries; tokens live by the real one.
func (s *Server) Advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shift += d
}

// Calls counts the requests of one operation: "list", "read", "token" …
func (s *Server) Calls(operation string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[operation]
}

// Exchanges returns the conversation so far.
func (s *Server) Exchanges() []Exchange {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.exchanges)
}

func (s *Server) record(x Exchange) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.exchanges) < maxExchanges {
		s.exchanges = append(s.exchanges, x)
	}
}

func (s *Server) id(prefix string) string {
	s.nextID++
	return fmt.Sprintf("%s-%d", prefix, s.nextID)
}

// RSA keys take long to make: all simulators of a process share this one.
var officeKey = sync.OnceValues(func() (edelivery.Key, error) { return NewKey(officeSystem) })

// NewKey makes an RSA key with a certificate nobody registered.
func NewKey(name string) (edelivery.Key, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return edelivery.Key{}, err
	}
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{Country: []string{"PL"}, CommonName: name},
		NotBefore: signaturetest.From, NotAfter: signaturetest.To, KeyUsage: x509.KeyUsageDigitalSignature}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, key.Public(), key)
	if err != nil {
		return edelivery.Key{}, err
	}
	cert, err := x509.ParseCertificate(der)
	return edelivery.Key{Certificate: cert, Signer: crypto.Signer(key)}, err
}

// AddressOf makes an address whose check digits agree from two numbers and five letters.
func AddressOf(first, second int, letters string) string {
	for check := range 100 {
		a := fmt.Sprintf("AE:PL-%05d-%05d-%s-%02d", first, second, letters, check)
		if edelivery.Checks(a) {
			return a
		}
	}
	return ""
}

// writeJSON answers and remembers the conversation.
func (s *Server) writeJSON(w http.ResponseWriter, operation string, request []byte, status int, v any) {
	raw, err := json.Marshal(v)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	s.record(Exchange{operation, request, raw})
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(raw) // who hung up does not hear it
}

// refuse answers as the mailbox does: with a list of errors.
func refuse(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode([]map[string]string{{"error": code, "error_description": "odmowa TEST"}})
}
