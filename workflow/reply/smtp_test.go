package reply_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"okienko/ingest"
	"okienko/workflow"
	"okienko/workflow/reply"
	"okienko/workflow/reply/smtpsink"
)

func sink(tb testing.TB) *smtpsink.Sink {
	tb.Helper()
	s, err := smtpsink.Listen("127.0.0.1:0", "")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { s.Close() })
	return s
}

func carrier(tb testing.TB, addr string, change ...func(*reply.SMTPConfig)) *reply.SMTP {
	tb.Helper()
	config := reply.SMTPConfig{
		Addr: addr, TLS: reply.TLSNone, From: "kancelaria@um.krakow.example", FromName: "Urząd Miasta Krakowa",
		ReplyTo: "odpowiedzi@um.krakow.example", Timeout: 5 * time.Second, OutcomeTimeout: 5 * time.Second,
	}
	for _, c := range change {
		c(&config)
	}
	s, err := reply.NewSMTP(config)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

func letter() workflow.Letter {
	return workflow.Letter{
		ID: 5, Case: 17, Kind: workflow.ReplyReceipt, Automatic: true, Channel: ingest.Email, To: "anna.przykladowa@poczta.example",
		Subject: "[RPW/17/2026] Potwierdzenie wpływu pisma", Text: "Dzień dobry,\n\notrzymaliśmy Państwa pismo.\n.kropka na początku\n",
		MessageID: "okienko.1@um.krakow.pl", InReplyTo: []string{"first@poczta.example", "second@poczta.example"}, SendingAt: monday,
	}
}

// verdict names what Send's error means.
func verdict(err error) string {
	switch {
	case err == nil:
		return "sent"
	case errors.Is(err, workflow.ErrNotSent):
		return "not sent"
	case errors.Is(err, workflow.ErrRefused):
		return "refused"
	}
	return "unknown"
}

func TestOutcomesAgainstARealServer(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		fault smtpsink.Fault
		want  string
		kept  int
	}{
		{"a server that takes it", smtpsink.None, "sent", 1},
		{"the sender is refused", smtpsink.RefuseSender, "refused", 0},
		{"the recipient is refused", smtpsink.RefuseRcpt, "refused", 0},
		{"the recipient is greylisted", smtpsink.DeferRcpt, "not sent", 0},
		{"the content is refused", smtpsink.Refuse, "refused", 0},
		{"the content is deferred", smtpsink.Defer, "not sent", 0},
		{"the line breaks after the message was kept", smtpsink.DropAfterKept, "unknown", 1},
		{"the line breaks after the message was dropped", smtpsink.DropUnkept, "unknown", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := sink(t)
			s.Fail(tt.fault)
			err := carrier(t, s.Addr()).Send(t.Context(), letter())
			if verdict(err) != tt.want {
				t.Errorf("Send = %v, want %s", err, tt.want)
			}
			if err != nil && strings.Contains(err.Error(), "anna") {
				t.Errorf("the error names the recipient: %v", err)
			}
			if n := len(s.Messages()); n != tt.kept {
				t.Errorf("%d messages kept, want %d", n, tt.kept)
			}
		})
	}
}

// script is a hostile server: it answers line by line as told and then cuts the line, or keeps silent.
type script struct {
	greeting string
	answers  map[string]string // by command verb; "": cut the line, "-": keep silent
	body     string            // what follows the end of the message; "": cut, "-": silent
	eager    int               // cut the line after so many bytes of the message; 0: never
}

// serve runs the script for one connection after the other and returns the address.
func (s script) serve(tb testing.TB) string {
	tb.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	done := make(chan struct{})
	tb.Cleanup(func() { listener.Close(); close(done) })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				s.talk(conn, done)
			}()
		}
	}()
	return listener.Addr().String()
}

// talk greets and goes on.
func (s script) talk(conn net.Conn, done chan struct{}) {
	if s.say(conn, s.greeting, done) {
		s.talkOn(conn, done)
	}
}

// say answers; false when the script ends here: the line is cut, or silence is kept until the client or the test gives up.
func (s script) say(conn net.Conn, answer string, done chan struct{}) bool {
	switch answer {
	case "":
		return false
	case "-":
		go func() { <-done; conn.Close() }()
		bufio.NewReader(conn).WriteTo(io.Discard)
		return false
	}
	_, err := conn.Write([]byte(answer + "\r\n"))
	return err == nil
}

// talkOn answers commands, and what follows DATA, until the script ends.
func (s script) talkOn(conn net.Conn, done chan struct{}) {
	lines := bufio.NewReader(conn)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return
		}
		verb := strings.ToUpper(strings.Fields(line + " x")[0])
		answer, ok := s.answers[verb]
		if !ok {
			answer = "250 ok"
		}
		if !s.say(conn, answer, done) {
			return
		}
		if verb == "DATA" && strings.HasPrefix(answer, "354") && (!s.swallow(lines) || !s.say(conn, s.body, done)) {
			return
		}
	}
}

// swallow reads a message to its end; false if the line is to be cut inside it.
func (s script) swallow(lines *bufio.Reader) bool {
	for got := 0; ; {
		line, err := lines.ReadString('\n')
		if got += len(line); err != nil || s.eager > 0 && got > s.eager {
			return false
		}
		if line == ".\r\n" {
			return true
		}
	}
}

// Every phase of a conversation, broken in every way: only what follows the end of the message can be unknown.
func TestHostileServers(t *testing.T) {
	t.Parallel()
	honest := func() script {
		return script{greeting: "220 hello", answers: map[string]string{"DATA": "354 go on"}, body: "250 taken"}
	}
	type change func(*script)
	answer := func(verb, with string) change { return func(s *script) { s.answers[verb] = with } }
	body := func(with string) change { return func(s *script) { s.body = with } }
	greeting := func(with string) change { return func(s *script) { s.greeting = with } }
	for _, tt := range []struct {
		name   string
		change change
		want   string
	}{
		{"an honest one", func(*script) {}, "sent"},
		{"hangs up at once", greeting(""), "not sent"},
		{"never greets", greeting("-"), "not sent"},
		{"greets with nonsense", greeting("HTTP/1.1 400 Bad Request"), "not sent"},
		{"greets with 554", greeting("554 no service"), "not sent"},
		{"greets with a line without end", greeting("220 " + strings.Repeat("x", 2<<20)), "not sent"},
		{"hangs up at EHLO", answer("EHLO", ""), "not sent"},
		{"refuses EHLO", answer("EHLO", "502 what"), "not sent"},
		{"is silent at EHLO", answer("EHLO", "-"), "not sent"},
		{"hangs up at MAIL", answer("MAIL", ""), "not sent"},
		{"defers MAIL", answer("MAIL", "451 later"), "not sent"},
		{"refuses MAIL", answer("MAIL", "550 no"), "refused"},
		{"wants a sign-in at MAIL", answer("MAIL", "530 5.7.0 authentication required"), "not sent"},
		{"is silent at MAIL", answer("MAIL", "-"), "not sent"},
		{"hangs up at RCPT", answer("RCPT", ""), "not sent"},
		{"defers RCPT", answer("RCPT", "450 later"), "not sent"},
		{"refuses RCPT", answer("RCPT", "550 5.1.1 <anna.przykladowa@poczta.example> unknown"), "refused"},
		{"answers RCPT with a 3xx", answer("RCPT", "354 go on"), "not sent"},
		{"is silent at RCPT", answer("RCPT", "-"), "not sent"},
		{"hangs up at DATA", answer("DATA", ""), "not sent"},
		{"defers DATA", answer("DATA", "451 later"), "not sent"},
		{"refuses DATA", answer("DATA", "554 no"), "refused"},
		{"says 250 to DATA instead of 354", answer("DATA", "250 taken"), "not sent"},
		{"is silent at DATA", answer("DATA", "-"), "not sent"},
		{"hangs up after the message", body(""), "unknown"},
		{"is silent after the message", body("-"), "unknown"},
		{"answers the message with nonsense", body("ok then"), "unknown"},
		{"answers the message with 354", body("354 go on"), "unknown"},
		{"answers the message with 199", body("199 hm"), "unknown"},
		{"answers the message with half an answer", body("250-taken"), "unknown"},
		{"defers the message", body("451 4.3.0 later"), "not sent"},
		{"closes the service after the message", body("421 shutting down"), "not sent"},
		{"refuses the message", body("554 5.7.1 no"), "refused"},
		{"takes the message with 251", body("251 will forward"), "sent"},
		{"takes the message in two lines", body("250-taken\r\n250 as 42"), "sent"},
		{"cuts the line and never answers QUIT", answer("QUIT", "-"), "sent"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := honest()
			tt.change(&s)
			addr := s.serve(t)
			c := carrier(t, addr, func(c *reply.SMTPConfig) { c.Timeout, c.OutcomeTimeout = 2*time.Second, 2*time.Second })
			err := c.Send(t.Context(), letter())
			if verdict(err) != tt.want {
				t.Errorf("Send = %v, want %s", err, tt.want)
			}
			if err != nil && strings.Contains(err.Error(), "anna") {
				t.Errorf("the error names the recipient: %v", err)
			}
		})
	}
}

// A message so long that it fills every buffer, so that the line breaks while it is being written.
func TestALineThatBreaksInsideTheMessageIsNotSent(t *testing.T) {
	t.Parallel()
	s := script{greeting: "220 hello", answers: map[string]string{"DATA": "354 go on"}, body: "250 taken", eager: 1000}
	l := letter()
	l.Text = strings.Repeat("zdanie bez końca\n", 600_000)
	if err := carrier(t, s.serve(t)).Send(t.Context(), l); verdict(err) != "not sent" {
		t.Errorf("Send = %v, want not sent", err)
	}
}

func TestNobodyListens(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := listener.Addr().String()
	listener.Close()
	if err := carrier(t, addr).Send(t.Context(), letter()); verdict(err) != "not sent" {
		t.Errorf("Send = %v, want not sent", err)
	}
}

func TestAnEndedContextBeforeTheMessageIsNotSent(t *testing.T) {
	t.Parallel()
	s := script{greeting: "220 hello", answers: map[string]string{"RCPT": "-"}}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	start := time.Now()
	if err := carrier(t, s.serve(t)).Send(ctx, letter()); verdict(err) != "not sent" {
		t.Errorf("Send = %v, want not sent", err)
	}
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("it took %v to stop", took)
	}
}

// A graceful stop while the server thinks about the message must not leave a letter nobody knows about.
func TestAnEndedContextAfterTheMessageStillWaitsForTheAnswer(t *testing.T) {
	t.Parallel()
	s := sink(t)
	s.Delay(300 * time.Millisecond)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := carrier(t, s.Addr()).Send(ctx, letter()); err != nil {
		t.Errorf("Send = %v, want sent", err)
	}
	if ctx.Err() == nil {
		t.Error("the context had not ended: this test showed nothing")
	}
}

func TestAnAddressThatIsNoneIsRefused(t *testing.T) {
	t.Parallel()
	s := sink(t)
	for _, to := range []string{"", "anna", "anna@", "a@b.example\r\nRCPT TO:<evil@x.example>", "a@b.example, c@d.example"} {
		l := letter()
		l.To = to
		if err := carrier(t, s.Addr()).Send(t.Context(), l); verdict(err) != "refused" {
			t.Errorf("Send to %q = %v, want refused", to, err)
		}
	}
	if n := len(s.Messages()); n != 0 {
		t.Errorf("%d messages were sent", n)
	}
}
