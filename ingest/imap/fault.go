package imap

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"okienko/internal/board"
	"os"
	"strings"
	"unicode"

	"github.com/emersion/go-imap/v2"
)

// Class says in one word what is wrong with a source: the same fault is always the same class, so that a screen can
// explain it and an alarm is raised once.
type Class = board.Class

// The classes of faults.
const (
	Unreachable Class = "unreachable" // no connection, or none any more
	Insecure    Class = "tls"         // TLS failed, or the server offers none
	Refused     Class = "refused"     // the server does not let us in
	NoFolder    Class = "folder"      // the folder cannot be opened
	Silent      Class = "timeout"     // the server owes an answer and does not give it
	Garbled     Class = "protocol"    // the server's answer makes no sense, or is larger than any sensible one
	NotAccepted Class = "accept"      // letters could not be made durable here; they stay at the server
	NotMoved    Class = "acknowledge" // registered letters could not be moved to the done folder
	NoLedger    Class = "ledger"      // what was seen could not be written down; nothing was offered
	BadConfig   Class = "config"      // a file named in the configuration cannot be used
)

// fault is a failure of a source. Its text is fit for a log: it never holds what a server sent after the folder was opened.
type fault struct {
	class  Class
	doing  string
	reason string // "" if the class says it all
	cause  error  // for errors.Is; its text is not shown
	final  bool   // waiting will not mend it, if it happens before the source ever worked
}

func (f *fault) Error() string {
	if f.reason == "" {
		return fmt.Sprintf("%s: %s", f.doing, f.class)
	}
	return fmt.Sprintf("%s: %s", f.doing, f.reason)
}

func (f *fault) Unwrap() error { return f.cause }

// classOf tells the class of err, "" if it is no fault.
func classOf(err error) Class {
	if f := (*fault)(nil); errors.As(err, &f) {
		return f.class
	}
	return ""
}

// wireFault explains err, which the connection or the protocol layer reported. What the guard noticed (nil if nothing)
// says more than the protocol layer, which only sees that it cannot go on.
func wireFault(doing string, err, noticed error) *fault {
	f := &fault{class: Garbled, doing: doing, reason: "the server's answer cannot be understood", cause: err}
	var answer *imap.Error
	switch {
	case errors.As(err, &answer):
		f.reason = fmt.Sprintf("the server answered %s %s", answer.Type, answer.Code)
	case errors.Is(err, errNoBody):
		f.reason = "the server sent no letter"
	case errors.Is(err, errLarger):
		f.reason = "a letter is larger than the server had said"
	case errors.Is(noticed, errTooMuch):
		f.reason = "the server's answer is larger than any sensible one"
	case errors.Is(noticed, os.ErrDeadlineExceeded):
		f.class, f.reason = Silent, "the server did not answer in time"
	case noticed != nil || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed):
		f.class, f.reason = Unreachable, "the connection was lost"
	}
	return f
}

// dialFault explains why no connection came about.
func dialFault(doing string, err error) *fault {
	f := &fault{class: Unreachable, doing: doing, reason: err.Error(), cause: err}
	var (
		unknown x509.UnknownAuthorityError
		host    x509.HostnameError
		invalid x509.CertificateInvalidError
		verify  *tls.CertificateVerificationError
		alert   tls.AlertError
		record  tls.RecordHeaderError
	)
	switch {
	case errors.As(err, &unknown), errors.As(err, &host), errors.As(err, &invalid), errors.As(err, &verify),
		errors.As(err, &alert), errors.As(err, &record), errors.Is(err, errNoStartTLS):
		f.class = Insecure
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		f.class, f.reason = Silent, "the server did not answer in time"
	}
	return f
}

// serverSaid is the server's own words before any letter was in play: sign-in and opening the folder. They help an
// administrator more than any of ours.
func serverSaid(err error) string {
	var answer *imap.Error
	if !errors.As(err, &answer) {
		return ""
	}
	text := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, answer.Text)
	if r := []rune(text); len(r) > 120 {
		text = string(r[:120])
	}
	return strings.TrimSpace(fmt.Sprintf("%s [%s] %s", answer.Type, answer.Code, text))
}

// isRefusal reports whether the server answered no, as opposed to not answering properly: the connection is still good.
func isRefusal(err error) bool {
	var answer *imap.Error
	return errors.As(err, &answer) && answer.Type != imap.StatusResponseTypeBye
}

func hasCode(err error, codes ...imap.ResponseCode) bool {
	var answer *imap.Error
	if !errors.As(err, &answer) {
		return false
	}
	for _, code := range codes {
		if strings.EqualFold(string(answer.Code), string(code)) {
			return true
		}
	}
	return false
}
