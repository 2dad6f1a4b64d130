package reply

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"strings"
	"time"
)

// conversation is one SMTP session (RFC 5321) up to and including one message. Every method that fails says in which phase.
type conversation struct {
	conn    net.Conn
	text    *textproto.Conn
	ext     map[string]string // extensions of the last EHLO, upper case, with their parameters
	release func() bool       // lets go of the context; false if it ended before
}

// smtpError is an answer other than the one hoped for.
type smtpError struct {
	phase string
	code  int
	text  string
}

func (e *smtpError) Error() string { return fmt.Sprintf("%s: %d %s", e.phase, e.code, e.text) }

// open connects, secures the line and signs in. The end of ctx breaks the conversation off until release is called.
func (s *SMTP) open(ctx context.Context) (*conversation, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", s.config.Addr)
	if err != nil {
		return nil, fmt.Errorf("connecting: %w", err)
	}
	c := &conversation{conn: conn}
	c.release = context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })
	if err := s.greet(ctx, c); err != nil {
		c.release()
		conn.Close()
		return nil, err
	}
	return c, nil
}

func (s *SMTP) greet(ctx context.Context, c *conversation) error {
	if s.config.TLS == TLSImplicit {
		if err := c.secure(ctx, s.tls); err != nil {
			return err
		}
	} else {
		c.speak(c.conn)
	}
	if _, err := c.answer("greeting", 2); err != nil {
		return err
	}
	if err := c.hello(s.config.Hello); err != nil {
		return err
	}
	if s.config.TLS == TLSStart {
		if err := c.startTLS(ctx, s.tls, s.config.Hello); err != nil {
			return err
		}
	}
	if s.config.User == "" {
		return nil
	}
	password, err := s.config.password()
	if err != nil {
		return err
	}
	return c.signIn(s.config.User, password)
}

// most is how much a server may say in one conversation.
const most = 1 << 20

// speak starts the line protocol on conn.
func (c *conversation) speak(conn net.Conn) {
	c.conn = conn
	c.text = textproto.NewConn(struct {
		io.Reader
		io.WriteCloser
	}{io.LimitReader(conn, most), conn})
}

func (c *conversation) secure(ctx context.Context, conf *tls.Config) error {
	conn := tls.Client(c.conn, conf)
	if err := conn.HandshakeContext(ctx); err != nil {
		return fmt.Errorf("TLS: %w", err)
	}
	c.speak(conn)
	return nil
}

// startTLS never falls back to plain text. What the server said beyond its answer came from before the handshake, where
// anybody can have put it (CVE-2011-0411): then the conversation ends.
func (c *conversation) startTLS(ctx context.Context, conf *tls.Config, hello string) error {
	if _, ok := c.ext["STARTTLS"]; !ok {
		return errors.New("the server does not offer STARTTLS")
	}
	if _, err := c.command("STARTTLS", "STARTTLS"); err != nil {
		return err
	}
	if c.text.R.Buffered() > 0 {
		return errors.New("STARTTLS: the server went on talking in plain text")
	}
	if err := c.secure(ctx, conf); err != nil {
		return err
	}
	return c.hello(hello)
}

func (c *conversation) hello(name string) error {
	text, err := c.command("EHLO", "EHLO "+name)
	if err != nil {
		return err
	}
	c.ext = map[string]string{}
	for _, line := range strings.Split(text, "\n")[1:] {
		keyword, params, _ := strings.Cut(line, " ")
		c.ext[strings.ToUpper(keyword)] = strings.ToUpper(params)
	}
	return nil
}

// signIn uses PLAIN (RFC 4616), else LOGIN, which some servers still have alone.
func (c *conversation) signIn(user, password string) error {
	encode := base64.StdEncoding.EncodeToString
	offered := strings.Fields(c.ext["AUTH"])
	switch {
	case contains(offered, "PLAIN"):
		_, err := c.command("AUTH", "AUTH PLAIN "+encode([]byte("\x00"+user+"\x00"+password)))
		return err
	case contains(offered, "LOGIN"):
		for _, step := range []string{"AUTH LOGIN", encode([]byte(user))} {
			if err := c.say("AUTH", step, 3); err != nil {
				return err
			}
		}
		_, err := c.command("AUTH", encode([]byte(password)))
		return err
	}
	return errors.New("the server offers neither AUTH PLAIN nor AUTH LOGIN on this line")
}

// offer brings the conversation to the point where only the end of the message is missing: a server that never sees it must
// drop what it got (RFC 5321 section 4.1.1.4). Its errors are outcomes.
func (c *conversation) offer(from, to string, raw []byte) error {
	params := ""
	if !isPlain(to) || !isPlain(from) {
		if _, ok := c.ext["SMTPUTF8"]; !ok {
			return outcome(&smtpError{"RCPT", 553, "the server takes no addresses beyond ASCII"})
		}
		params = " SMTPUTF8"
	}
	for _, step := range []struct{ phase, line string }{
		{"MAIL", "MAIL FROM:<" + from + ">" + params},
		{"RCPT", "RCPT TO:<" + to + ">"},
	} {
		if _, err := c.command(step.phase, step.line); err != nil {
			return outcome(err)
		}
	}
	if err := c.say("DATA", "DATA", 3); err != nil {
		return outcome(err)
	}
	if _, err := c.text.W.Write(dotStuffed(raw)); err != nil {
		return outcome(fmt.Errorf("message: %w", err))
	}
	if err := c.text.W.Flush(); err != nil {
		return outcome(fmt.Errorf("message: %w", err))
	}
	return nil
}

// finish sends the end of the message and waits for the verdict. From the first byte on only an answer makes it certain.
func (c *conversation) finish() error {
	if err := c.text.PrintfLine("."); err != nil {
		return fmt.Errorf("end of message: %w", err)
	}
	_, err := c.answer("end of message", 2)
	var verdict *smtpError
	if errors.As(err, &verdict) && verdict.code >= 400 && verdict.code < 600 {
		return outcome(err)
	}
	return err
}

// command sends a line and wants a 2xx answer.
func (c *conversation) command(phase, line string) (text string, err error) {
	if err := c.text.PrintfLine("%s", line); err != nil {
		return "", fmt.Errorf("%s: %w", phase, err)
	}
	return c.answer(phase, 2)
}

// say sends a line and wants an answer of the class: 3 is "go on".
func (c *conversation) say(phase, line string, class int) error {
	if err := c.text.PrintfLine("%s", line); err != nil {
		return fmt.Errorf("%s: %w", phase, err)
	}
	_, err := c.answer(phase, class)
	return err
}

func (c *conversation) answer(phase string, class int) (text string, err error) {
	code, text, err := c.text.ReadResponse(0)
	if err != nil {
		return "", fmt.Errorf("%s: %w", phase, err)
	}
	if code/100 != class {
		return "", &smtpError{phase, code, strings.ReplaceAll(text, "\n", " ")}
	}
	return text, nil
}

// deadline gives the rest of the conversation so long.
func (c *conversation) deadline(d time.Duration) { c.conn.SetDeadline(time.Now().Add(d)) }

// close says goodbye, but does not wait for an answer that matters to nobody.
func (c *conversation) close() {
	c.release()
	c.deadline(time.Second)
	_ = c.text.PrintfLine("QUIT")
	c.text.Close()
}

// dotStuffed doubles the dot at the start of a line (RFC 5321 section 4.5.2). raw has CRLF line ends and a last one.
func dotStuffed(raw []byte) []byte {
	if bytes.HasPrefix(raw, []byte(".")) {
		raw = append([]byte("."), raw...)
	}
	return bytes.ReplaceAll(raw, []byte("\r\n."), []byte("\r\n.."))
}

func contains(all []string, one string) bool {
	for _, s := range all {
		if s == one {
			return true
		}
	}
	return false
}
