// Package smtpsink owns a mail server that keeps what it is given and sends nothing on: the outgoing mail of the demo, which
// people want to look at, and the server of tests, which must fail in every way a real one does. It listens on loopback only,
// refuses to know what a letter means, and imports nothing of this module.
package smtpsink

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

// Message is one mail the sink took over.
type Message struct {
	From string // envelope sender; "" is the null sender
	To   []string
	At   time.Time
	Raw  []byte // as sent, CRLF line ends
}

// Header reads the header of the message; it is empty if there is none that can be read.
func (m Message) Header() mail.Header {
	parsed, err := mail.ReadMessage(bytes.NewReader(m.Raw))
	if err != nil {
		return mail.Header{}
	}
	return parsed.Header
}

// Fault is one way a server fails.
type Fault string

// The faults. They last until another is set.
const (
	None          Fault = ""
	RefuseSender  Fault = "refuse_sender" // 550 to MAIL
	RefuseRcpt    Fault = "refuse_rcpt"   // 550 to RCPT
	DeferRcpt     Fault = "defer_rcpt"    // 451 to RCPT: greylisting
	Refuse        Fault = "refuse"        // 554 to the whole message
	Defer         Fault = "defer"         // 451 to the whole message
	DropInData    Fault = "drop_in_data"  // the line breaks while the message is under way: not kept
	DropAfterKept Fault = "drop_after"    // the message is kept, the line breaks before the answer
	DropUnkept    Fault = "drop_unkept"   // the whole message came, it is not kept, the line breaks before the answer
)

// Sink is a running server. Its methods may be called concurrently.
type Sink struct {
	server   *smtp.Server
	listener net.Listener
	dir      string
	served   chan struct{}

	mu       sync.Mutex
	messages []Message
	fault    Fault
	delay    time.Duration
	taking   int
}

// Listen starts a sink on a loopback address; port 0 chooses one. If dir is not "", every message is also written there as a
// file 000001.eml; the directory must exist.
func Listen(addr, dir string) (*Sink, error) {
	host, _, err := net.SplitHostPort(addr)
	if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() {
		return nil, fmt.Errorf("smtp sink on %q: only loopback addresses are allowed, like 127.0.0.1:0", addr)
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("smtp sink: %w", err)
	}
	s := &Sink{listener: listener, dir: dir, served: make(chan struct{})}
	s.server = smtp.NewServer(smtp.BackendFunc(s.session))
	s.server.Domain, s.server.MaxRecipients, s.server.MaxMessageBytes = "sink.localhost", 10, 10<<20
	s.server.ReadTimeout, s.server.WriteTimeout = time.Minute, time.Minute
	s.server.EnableSMTPUTF8 = true
	s.server.ErrorLog = log.New(io.Discard, "", 0)
	go func() {
		defer close(s.served)
		s.server.Serve(listener)
	}()
	return s, nil
}

// Addr is where the sink listens.
func (s *Sink) Addr() string { return s.listener.Addr().String() }

// Close ends the server and waits until it is gone. The messages stay.
func (s *Sink) Close() error {
	err := s.server.Close()
	s.listener.Close() // the server does not know it yet if it was closed at once
	<-s.served
	if errors.Is(err, smtp.ErrServerClosed) || errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// Messages returns what was kept so far, oldest first.
func (s *Sink) Messages() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.messages)
}

// Fail makes the sink fail in one way from now on; None ends it.
func (s *Sink) Fail(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = f
}

// Delay makes the sink wait before it answers a whole message.
func (s *Sink) Delay(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.delay = d
}

// Taking returns how many whole messages wait for the sink's answer at this moment.
func (s *Sink) Taking() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.taking
}

func (s *Sink) failing(any ...Fault) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Contains(any, s.fault)
}

func (s *Sink) session(c *smtp.Conn) (smtp.Session, error) { return &session{sink: s, conn: c}, nil }

// session is one client. The server calls its methods one after the other.
type session struct {
	sink *Sink
	conn *smtp.Conn
	now  Message
}

func (s *session) Reset()        { s.now = Message{} }
func (s *session) Logout() error { return nil }

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if s.sink.failing(RefuseSender) {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "Sender refused"}
	}
	s.now = Message{From: from}
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	switch {
	case s.sink.failing(RefuseRcpt):
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "<" + to + "> no such user"}
	case s.sink.failing(DeferRcpt):
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "Greylisted, try again later"}
	}
	s.now.To = append(s.now.To, to)
	return nil
}

func (s *session) Data(r io.Reader) error {
	if s.sink.failing(DropInData) {
		io.CopyN(io.Discard, r, 10)
		s.conn.Conn().Close()
		return errors.New("dropped")
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.now.Raw = raw
	return s.sink.take(s.now, s.conn.Conn())
}

// take keeps a message, or fails as told.
func (s *Sink) take(m Message, conn net.Conn) error {
	s.wait()
	switch {
	case s.failing(Refuse):
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "Content refused"}
	case s.failing(Defer):
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "Try again later"}
	case s.failing(DropUnkept):
		return conn.Close()
	}
	if err := s.keep(m); err != nil {
		return err
	}
	if s.failing(DropAfterKept) {
		return conn.Close()
	}
	return nil
}

// wait is the server's time to think.
func (s *Sink) wait() {
	s.mu.Lock()
	delay := s.delay
	s.taking++
	s.mu.Unlock()
	time.Sleep(delay)
	s.mu.Lock()
	s.taking--
	s.mu.Unlock()
}

func (s *Sink) keep(m Message) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	m.At = time.Now().UTC()
	if s.dir != "" {
		name := filepath.Join(s.dir, fmt.Sprintf("%06d.eml", len(s.messages)+1))
		if err := os.WriteFile(name, m.Raw, 0o600); err != nil {
			return fmt.Errorf("keeping a message: %w", err)
		}
	}
	s.messages = append(s.messages, m)
	return nil
}
