package soap

import (
	"fmt"
	"strconv"
	"strings"

	"okienko/internal/board"
	"okienko/validate/signature/xmldoc"
)

// Fault is the platform's own refusal: soap:Fault with its detail Wyjatek. It comes with HTTP 500, and with 200 as well.
type Fault struct {
	Code string // local part of faultcode: "Client", "Server", "FailedAuthentication" …
	Kod  int    // Wyjatek/kod; 0 if there is no Wyjatek
	Told bool   // there is a Wyjatek: the operation itself refused, not something around it
	// Text is faultstring or Wyjatek/komunikat. It may name a person: it is for no log and no screen but the administrator's.
	Text string
}

// Error leaves Text out: what the platform writes may quote the request.
func (f *Fault) Error() string {
	if f.Told {
		return fmt.Sprintf("the platform refused: fault %s, code %d", f.Code, f.Kod)
	}
	return "the platform refused: fault " + f.Code
}

// Security reports whether the platform did not accept who we are (WS-Security SOAP Message Security 1.0, section 12): then it
// did nothing at all.
func (f *Fault) Security() bool {
	switch f.Code {
	case "UnsupportedSecurityToken", "UnsupportedAlgorithm", "InvalidSecurity", "InvalidSecurityToken", "FailedAuthentication", "FailedCheck", "SecurityTokenUnavailable", "MessageExpired":
		return true
	}
	return false
}

// readFault returns the fault in a body, nil if there is none. Names in the detail are taken by local name: their prefixes and
// namespaces differ between services.
func readFault(body *xmldoc.Node) *Fault {
	n := body.Child(NS, "Fault")
	if n == nil {
		return nil
	}
	f := &Fault{Code: local(n.Child("", "faultcode").Text()), Text: strings.TrimSpace(n.Child("", "faultstring").Text())}
	for _, e := range n.Child("", "detail").Elements() {
		if !strings.HasPrefix(e.Local, "Wyjatek") {
			continue
		}
		f.Told = true
		f.Kod, _ = strconv.Atoi(strings.TrimSpace(e.Child("", "kod").Text())) // what is no number says nothing
		if text := strings.TrimSpace(e.Child("", "komunikat").Text()); text != "" {
			f.Text = text
		}
	}
	return f
}

// local is a qualified name without its prefix, and without what SOAP 1.1 lets follow after a dot.
func local(qname string) string {
	_, name, found := strings.Cut(strings.TrimSpace(qname), ":")
	if !found {
		name = strings.TrimSpace(qname)
	}
	name, _, _ = strings.Cut(name, ".")
	return strings.Map(func(r rune) rune {
		if r < '0' || r > 'z' {
			return -1
		}
		return r
	}, name[:min(len(name), 60)])
}

// Kind says in one word what kept the platform's answer from us.
type Kind = board.Class

// The kinds of errors.
const (
	Unreachable      = board.Unreachable
	Insecure         = board.Insecure
	Silent           = board.Silent
	BadStatus   Kind = "http"      // an HTTP status without a SOAP answer
	Garbled     Kind = "protocol"  // the answer makes no sense, or is larger than allowed
	Unsigned    Kind = "signature" // the answer is not signed by the platform
	Local       Kind = "local"     // something here failed: a full disk
)

// Error is why there is no answer. Its text is free of what was sent and received.
type Error struct {
	Kind   Kind
	Reason string
	Status int // of HTTP; 0 if none came
	// MayHaveArrived: the platform may have carried the request out. False is certain.
	MayHaveArrived bool
	cause          error
}

func (e *Error) Error() string {
	if e.Status != 0 {
		return fmt.Sprintf("%s (HTTP %d)", e.Reason, e.Status)
	}
	return e.Reason
}

func (e *Error) Unwrap() error { return e.cause }
