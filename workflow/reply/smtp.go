package reply

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/mail"
	"time"

	"okienko/workflow"
)

// SMTP carries letters to the office's mail server. It speaks the protocol itself, because the one thing Okienko must know is
// in which phase a conversation broke: before the end of the message was sent the letter surely has not gone, after it nobody
// can know unless the server answered (promise P3). It opens one connection a letter and may be used concurrently.
type SMTP struct {
	config SMTPConfig
	tls    *tls.Config
}

// NewSMTP checks the configuration; it does not connect.
func NewSMTP(c SMTPConfig) (*SMTP, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	c = c.WithDefaults()
	conf, err := c.tlsConfig()
	if err != nil {
		return nil, err
	}
	return &SMTP{config: c, tls: conf}, nil
}

// Send offers the letter to the server, as workflow.Carrier promises. Errors name the phase and the server's answer, without
// addresses. The Date of the mail is l.SendingAt. Once the message is out, the end of ctx no longer cuts the conversation
// short: it waits OutcomeTimeout for the answer rather than leave a letter of which nobody knows.
func (s *SMTP) Send(ctx context.Context, l workflow.Letter) error {
	to, err := mail.ParseAddress(l.To)
	if err != nil {
		return fmt.Errorf("%w: the recipient's address is not one", workflow.ErrRefused)
	}
	l.To = to.Address
	from := sender{s.config.FromName, s.config.From, s.config.ReplyTo}
	raw, err := message(l, from, firstOf(l.SendingAt, l.CreatedAt))
	if err != nil {
		return fmt.Errorf("%w: %w", workflow.ErrRefused, err)
	}
	early, cancel := context.WithTimeout(ctx, s.config.Timeout)
	defer cancel()
	c, err := s.open(early)
	if err != nil {
		return scrub(fmt.Errorf("%w: %w", workflow.ErrNotSent, err), l.To)
	}
	defer c.close()
	if err := c.offer(s.envelopeSender(l), l.To, raw); err != nil {
		return scrub(err, l.To)
	}
	if !c.release() {
		return fmt.Errorf("%w: %w", workflow.ErrNotSent, early.Err())
	}
	c.deadline(s.config.OutcomeTimeout)
	return scrub(c.finish(), l.To)
}

// envelopeSender is none for automatic letters, so that no bounce and no auto-reply comes back.
func (s *SMTP) envelopeSender(l workflow.Letter) string {
	if l.Automatic {
		return ""
	}
	return s.config.Bounces
}

// Check signs in and asks whether the server takes the null sender, which automatic letters need. Nothing is sent.
func (s *SMTP) Check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, min(s.config.Timeout, 30*time.Second))
	defer cancel()
	c, err := s.open(ctx)
	if err != nil {
		return fmt.Errorf("smtp %s: %w", s.config.Addr, err)
	}
	defer c.close()
	if _, err := c.command("MAIL", "MAIL FROM:<>"); err != nil {
		return fmt.Errorf("smtp %s: the server does not take the null sender of automatic letters: %w", s.config.Addr, err)
	}
	if _, err := c.command("RSET", "RSET"); err != nil {
		return fmt.Errorf("smtp %s: %w", s.config.Addr, err)
	}
	return nil
}

// outcome says what a failed phase before the end of the message means for the letter: the server's 5xx to MAIL, RCPT and DATA
// is final, unless it only wants us to sign in; everything else may be tried again.
func outcome(err error) error {
	var answer *smtpError
	if errors.As(err, &answer) && answer.code >= 500 && answer.code < 600 && answer.code != 530 && answer.code != 535 && answer.code != 538 {
		return fmt.Errorf("%w: %w", workflow.ErrRefused, err)
	}
	return fmt.Errorf("%w: %w", workflow.ErrNotSent, err)
}
