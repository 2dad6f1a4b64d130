package reply_test

import (
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"net/textproto"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"okienko/internal/loopback"
	"okienko/workflow/reply"
)

// certificate makes a certificate for 127.0.0.1 and returns it with the PEM file that trusts it.
func certificate(tb testing.TB) (tls.Certificate, string) {
	tb.Helper()
	ca, err := loopback.NewCA()
	if err != nil {
		tb.Fatal(err)
	}
	server, err := ca.TLS("127.0.0.1")
	if err != nil {
		tb.Fatal(err)
	}
	file := filepath.Join(tb.TempDir(), "ca.pem")
	if err := os.WriteFile(file, ca.PEM, 0o600); err != nil {
		tb.Fatal(err)
	}
	return server.Certificates[0], file
}

// guarded is a server that wants a sign-in: user "okienko", password "tajne hasło".
type guarded struct {
	mechanisms []string
	mails      int
}

type guardedSession struct {
	*guarded
	in bool
}

func (s *guardedSession) Reset()                   {}
func (s *guardedSession) Logout() error            { return nil }
func (s *guardedSession) AuthMechanisms() []string { return s.mechanisms }

func (s *guardedSession) Auth(mechanism string) (sasl.Server, error) {
	check := func(user, password string) error {
		if s.in = user == "okienko" && password == "tajne hasło"; !s.in {
			return errors.New("wrong password")
		}
		return nil
	}
	if mechanism == sasl.Login {
		return &loginServer{check: check}, nil
	}
	return sasl.NewPlainServer(func(_, user, password string) error { return check(user, password) }), nil
}

// loginServer is the server's side of AUTH LOGIN, which go-sasl has for clients only.
type loginServer struct {
	check func(user, password string) error
	user  string
	step  int
}

func (s *loginServer) Next(response []byte) (challenge []byte, done bool, err error) {
	switch s.step++; s.step {
	case 1:
		return []byte("Username:"), false, nil
	case 2:
		s.user = string(response)
		return []byte("Password:"), false, nil
	}
	return nil, true, s.check(s.user, string(response))
}

func (s *guardedSession) Mail(string, *smtp.MailOptions) error {
	if !s.in {
		return &smtp.SMTPError{Code: 530, EnhancedCode: smtp.EnhancedCode{5, 7, 0}, Message: "Authentication required"}
	}
	return nil
}

func (s *guardedSession) Rcpt(string, *smtp.RcptOptions) error { return nil }

func (s *guardedSession) Data(r io.Reader) error {
	s.mails++
	_, err := io.Copy(io.Discard, r)
	return err
}

// serveGuarded starts the server on a plain listener, or a TLS one.
func serveGuarded(tb testing.TB, g *guarded, cert tls.Certificate, implicit bool) string {
	tb.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &guardedSession{guarded: g}, nil }))
	server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{cert}}
	server.ErrorLog = log.New(io.Discard, "", 0)
	addr := listener.Addr().String()
	if implicit {
		listener = tls.NewListener(listener, server.TLSConfig)
	}
	go server.Serve(listener)
	tb.Cleanup(func() { listener.Close(); server.Close() })
	return addr
}

func TestTLSAndSignIn(t *testing.T) {
	t.Parallel()
	cert, ca := certificate(t)
	_, stranger := certificate(t)
	secret := func(tb testing.TB, password string) string {
		file := filepath.Join(tb.TempDir(), "password")
		if err := os.WriteFile(file, []byte(password), 0o600); err != nil {
			tb.Fatal(err)
		}
		return file
	}
	for _, tt := range []struct {
		name       string
		mode, ca   string
		password   string
		mechanisms []string
		want       string
		says       string
	}{
		{"implicit TLS, PLAIN", reply.TLSImplicit, ca, "tajne hasło", []string{"PLAIN"}, "sent", ""},
		{"implicit TLS, LOGIN, a line end in the file", reply.TLSImplicit, ca, "tajne hasło\n", []string{"LOGIN"}, "sent", ""},
		{"STARTTLS, PLAIN", reply.TLSStart, ca, "tajne hasło\r\n", []string{"LOGIN", "PLAIN"}, "sent", ""},
		{"a wrong password", reply.TLSStart, ca, "inne", []string{"PLAIN"}, "not sent", "AUTH"},
		{"a wrong password by LOGIN", reply.TLSStart, ca, "inne", []string{"LOGIN"}, "not sent", "AUTH"},
		{"no way to sign in", reply.TLSStart, ca, "tajne hasło", []string{"SCRAM-SHA-256"}, "not sent", "AUTH PLAIN"},
		{"a certificate nobody vouches for", reply.TLSImplicit, "", "tajne hasło", []string{"PLAIN"}, "not sent", "TLS"},
		{"a certificate of a stranger", reply.TLSStart, stranger, "tajne hasło", []string{"PLAIN"}, "not sent", "TLS"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			g := &guarded{mechanisms: tt.mechanisms}
			c := carrier(t, serveGuarded(t, g, cert, tt.mode == reply.TLSImplicit), func(c *reply.SMTPConfig) {
				c.TLS, c.CAFile, c.User, c.PasswordFile = tt.mode, tt.ca, "okienko", secret(t, tt.password)
			})
			err := c.Send(t.Context(), letter())
			if verdict(err) != tt.want || err != nil && (!strings.Contains(err.Error(), tt.says) || strings.Contains(err.Error(), "hasło")) {
				t.Errorf("Send = %v, want %s with %q", err, tt.want, tt.says)
			}
			if (g.mails == 1) != (err == nil) {
				t.Errorf("%d mails arrived", g.mails)
			}
			if err := c.Check(t.Context()); (err == nil) != (tt.want == "sent") {
				t.Errorf("Check = %v", err)
			}
		})
	}
}

func TestNoSignInWhereOneIsWantedIsNotARefusal(t *testing.T) {
	t.Parallel()
	cert, ca := certificate(t)
	c := carrier(t, serveGuarded(t, &guarded{}, cert, true), func(c *reply.SMTPConfig) { c.TLS, c.CAFile = reply.TLSImplicit, ca })
	if err := c.Send(t.Context(), letter()); verdict(err) != "not sent" {
		t.Errorf("Send = %v, want not sent", err)
	}
}

// STARTTLS that is missing, refused, or followed by more plain text: never a letter in the clear.
func TestStartTLSNeverFallsBack(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*script){
		"not offered":            func(s *script) { s.answers["EHLO"] = "250 hello" },
		"refused":                func(s *script) { s.answers["STARTTLS"] = "454 not now" },
		"plain text smuggled in": func(s *script) { s.answers["STARTTLS"] = "220 go\r\n250 injected" },
		"no TLS after it":        func(s *script) { s.answers["STARTTLS"] = "220 go" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := script{greeting: "220 hello", answers: map[string]string{"EHLO": "250-hello\r\n250 STARTTLS", "DATA": "354 go on"}, body: "250 taken"}
			change(&s)
			c := carrier(t, s.serve(t), func(c *reply.SMTPConfig) { c.TLS, c.Timeout = reply.TLSStart, time.Second })
			if err := c.Send(t.Context(), letter()); verdict(err) != "not sent" {
				t.Errorf("Send = %v, want not sent", err)
			}
		})
	}
}

// The smuggler speaks real TLS afterwards: only the extra line gives it away (CVE-2011-0411).
func TestPlainTextBehindStartTLSEndsTheConversation(t *testing.T) {
	t.Parallel()
	cert, ca := certificate(t)
	for extra, want := range map[string]string{"": "sent", "250 injected\r\n": "not sent"} {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { listener.Close() })
		go func() {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			defer conn.Close()
			text := textproto.NewConn(conn)
			text.PrintfLine("220 hello")
			text.ReadLine()
			text.PrintfLine("250-hello\r\n250 STARTTLS")
			text.ReadLine()
			conn.Write([]byte("220 go\r\n" + extra))
			secure := tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{cert}})
			script{greeting: "-", answers: map[string]string{"DATA": "354 go on"}, body: "250 taken"}.talkOn(secure, make(chan struct{}))
		}()
		c := carrier(t, listener.Addr().String(), func(c *reply.SMTPConfig) { c.TLS, c.CAFile = reply.TLSStart, ca })
		if err := c.Send(t.Context(), letter()); verdict(err) != want {
			t.Errorf("with %q behind the answer Send = %v, want %s", extra, err, want)
		}
	}
}

func TestCheckAsksForTheNullSender(t *testing.T) {
	t.Parallel()
	s := script{greeting: "220 hello", answers: map[string]string{}}
	if err := carrier(t, s.serve(t)).Check(t.Context()); err != nil {
		t.Errorf("Check = %v", err)
	}
	s.answers["MAIL"] = "550 no null sender here"
	if err := carrier(t, s.serve(t)).Check(t.Context()); err == nil || !strings.Contains(err.Error(), "null sender") {
		t.Errorf("Check = %v, want a word about the null sender", err)
	}
}

// Automatic letters have the null sender; a clerk's has one, so that a bounce is seen.
func TestEnvelopeSender(t *testing.T) {
	t.Parallel()
	s := sink(t)
	c := carrier(t, s.Addr(), func(c *reply.SMTPConfig) { c.Bounces = "zwroty@um.krakow.example" })
	l := letter()
	for _, automatic := range []bool{true, false} {
		l.Automatic = automatic
		if err := c.Send(t.Context(), l); err != nil {
			t.Fatal(err)
		}
	}
	mails := s.Messages()
	if mails[0].From != "" || mails[1].From != "zwroty@um.krakow.example" {
		t.Errorf("envelope senders %q and %q", mails[0].From, mails[1].From)
	}
	if to := mails[0].To; len(to) != 1 || to[0] != l.To {
		t.Errorf("sent to %q", to)
	}
	if auto := mails[1].Header().Get("Auto-Submitted"); auto != "" {
		t.Errorf("a clerk's letter says Auto-Submitted: %s", auto)
	}
}

func TestAddressesBeyondASCII(t *testing.T) {
	t.Parallel()
	l := letter()
	l.To = "żaneta@poczta.example"
	if err := carrier(t, sink(t).Addr()).Send(t.Context(), l); err != nil {
		t.Errorf("to a server with SMTPUTF8: %v", err)
	}
	s := script{greeting: "220 hello", answers: map[string]string{}}
	if err := carrier(t, s.serve(t)).Send(t.Context(), l); verdict(err) != "refused" || strings.Contains(err.Error(), "aneta") {
		t.Errorf("to a server without: %v, want refused", err)
	}
}

func TestSMTPConfig(t *testing.T) {
	t.Parallel()
	good := reply.SMTPConfig{Addr: "mail.um.krakow.example:465", From: "kancelaria@um.krakow.example"}
	for _, tt := range []struct {
		name   string
		change func(*reply.SMTPConfig)
		says   string // "": fine
	}{
		{"the least there can be", func(*reply.SMTPConfig) {}, ""},
		{"no address", func(c *reply.SMTPConfig) { c.Addr = "" }, "smtp.addr"},
		{"no port", func(c *reply.SMTPConfig) { c.Addr = "mail.example" }, "smtp.addr"},
		{"no host", func(c *reply.SMTPConfig) { c.Addr = ":25" }, "smtp.addr"},
		{"an unknown mode", func(c *reply.SMTPConfig) { c.TLS = "ssl" }, "implicit, starttls, none"},
		{"plain text to another machine", func(c *reply.SMTPConfig) { c.TLS = "none" }, "smtp.tls"},
		{"plain text to this machine", func(c *reply.SMTPConfig) { c.TLS, c.Addr = "none", "[::1]:25" }, ""},
		{"plain text to localhost", func(c *reply.SMTPConfig) { c.TLS, c.Addr = "none", "localhost:25" }, ""},
		{"a user without a password", func(c *reply.SMTPConfig) { c.User = "x" }, "smtp.password_file"},
		{"a password without a user", func(c *reply.SMTPConfig) { c.PasswordFile = "x" }, "smtp.user"},
		{"no sender", func(c *reply.SMTPConfig) { c.From = "" }, "smtp.from"},
		{"a sender with a name", func(c *reply.SMTPConfig) { c.From = "Urząd <k@um.example>" }, "smtp.from"},
		{"bounces that are no address", func(c *reply.SMTPConfig) { c.Bounces = "zwroty" }, "smtp.bounces"},
		{"answers that are no address", func(c *reply.SMTPConfig) { c.ReplyTo = "odpowiedzi" }, "smtp.reply_to"},
		{"a hello with a blank", func(c *reply.SMTPConfig) { c.Hello = "a b" }, "smtp.hello"},
		{"a negative timeout", func(c *reply.SMTPConfig) { c.Timeout = -1 }, "smtp.timeout"},
		{"a file of authorities that is not there", func(c *reply.SMTPConfig) { c.CAFile = "nowhere.pem" }, "smtp.ca_file"},
		{"a file of authorities without one", func(c *reply.SMTPConfig) { c.CAFile = "smtp.go" }, "smtp.ca_file"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := good
			tt.change(&c)
			_, err := reply.NewSMTP(c)
			if (err != nil) != (tt.says != "") || err != nil && !strings.Contains(err.Error(), tt.says) {
				t.Errorf("NewSMTP = %v, want %q in it", err, tt.says)
			}
		})
	}
	if got := good.Longest(); got != 7*time.Minute {
		t.Errorf("Longest = %v; it must stay under a Postman's lease of ten minutes", got)
	}
}

func TestOfficeConfig(t *testing.T) {
	t.Parallel()
	if err := reply.Kraków().Validate(); err != nil {
		t.Error(err)
	}
	for key, change := range map[string]func(*reply.Office){
		"office.name":      func(o *reply.Office) { o.Name = "" },
		"office.phone":     func(o *reply.Office) { o.Phone = " " },
		"office.bip":       func(o *reply.Office) { o.BIP = "bip.krakow.pl" },
		"office.privacy":   func(o *reply.Office) { o.Privacy = "javascript:alert(1)" },
		"office.booking":   func(o *reply.Office) { o.Booking = "tutaj" },
		"office.cards":     func(o *reply.Office) { o.Cards = "https://bip.example/%s/%s" },
		"office.mailboxes": func(o *reply.Office) { o.Mailboxes = []string{"kancelaria"} },
		"office.proxy_fee": func(o *reply.Office) { o.ProxyFee = "" },
	} {
		o := reply.Kraków()
		change(&o)
		if err := o.Validate(); err == nil || !strings.Contains(err.Error(), key) {
			t.Errorf("%s: %v", key, err)
		}
	}
}
