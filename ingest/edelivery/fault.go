package edelivery

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"okienko/internal/board"
)

// Class says in one word what is wrong with a source; see board.Class.
type Class = board.Class

// The classes of faults.
const (
	Unreachable       = board.Unreachable
	Insecure          = board.Insecure
	Silent            = board.Silent
	Refused     Class = "refused"  // the platform does not accept who we are
	Limited     Class = "limited"  // too many requests: it told us to wait
	BadStatus   Class = "http"     // the platform refused, or failed at, an operation
	Missing     Class = "missing"  // what was asked for is not there
	Garbled     Class = "protocol" // the answer makes no sense, or is larger than any sensible one
	Local       Class = "local"    // the request could not be made
	NotReady    Class = "content"  // a message's content is still on its way to the platform
	NoProof     Class = "proof"    // a message's proof of receipt, or its file, cannot be had
	NoFile      Class = "file"     // an attachment cannot be had
	NotAccepted Class = "accept"   // a message could not be made durable here; it stays at the platform
	NoLedger    Class = "ledger"   // what was seen could not be written down; nothing was offered
)

// Error is why there is no proper answer. Its text is fit for a log: it holds nothing of what the platform sent but the codes
// of its errors.
type Error struct {
	Kind       Class
	Reason     string
	Status     int           // HTTP; 0 if there was no answer, or a proper one
	Codes      []string      // "error" of the platform's list of errors
	RetryAfter time.Duration // what a 429 or 503 asks for; 0 if nothing
	// MayHaveArrived: nobody knows whether the platform did what was asked. It is false only where it surely did not.
	MayHaveArrived bool
	cause          error
}

func (e *Error) Error() string { return e.Reason }
func (e *Error) Unwrap() error { return e.cause }

func (e *Error) code() string {
	if len(e.Codes) == 0 {
		return ""
	}
	return ": " + strings.Join(e.Codes, ", ")
}

// asError finds the Error in err; never nil.
func asError(err error) *Error {
	if e := (*Error)(nil); errors.As(err, &e) {
		return e
	}
	return &Error{Kind: Local, Reason: err.Error(), cause: err}
}

func classOf(err error) Class {
	if class, ok := board.ClassOf(err); ok {
		return class
	}
	return asError(err).Kind
}

// transportError explains why no answer began.
func transportError(err error, connected bool) *Error {
	kind, reason, arrived := board.Transport(err, connected)
	return &Error{Kind: kind, Reason: reason, MayHaveArrived: arrived, cause: err}
}

// statusError explains an answer that is none.
func statusError(resp *http.Response, codes []string) *Error {
	status := resp.StatusCode
	e := &Error{Kind: BadStatus, Status: status, Codes: codes, MayHaveArrived: !neverDone(status)}
	switch {
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		e.Kind = Refused
	case status == http.StatusTooManyRequests:
		e.Kind = Limited
	case status == http.StatusNotFound || status == http.StatusGone:
		e.Kind = Missing
	}
	e.Reason = fmt.Sprintf("the server answered %d %s", status, http.StatusText(status)) + e.code()
	if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
		e.RetryAfter = retryAfter(resp.Header.Get("Retry-After"), time.Now())
	}
	return e
}

// neverDone names the statuses with which a server says that it did not do what was asked (RFC 9110 sections 15.4 and 15.5,
// and 503). Behind a 500, 502 or 504 something may have been done.
func neverDone(status int) bool {
	return status >= 300 && status < 500 || status == http.StatusServiceUnavailable
}
