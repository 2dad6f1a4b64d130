package board

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"os"
	"strings"
)

// The classes of what can go wrong on the way to any server.
const (
	Unreachable Class = "unreachable" // no connection, or none any more
	Insecure    Class = "tls"         // TLS failed
	Silent      Class = "timeout"     // the server owes an answer and does not give it
)

// fault is an error with its class.
type fault struct {
	class   Class
	bounded bool
	err     error
}

func (f *fault) Error() string { return f.err.Error() }
func (f *fault) Unwrap() error { return f.err }

// Classed gives err a class; nil stays nil.
func Classed(class Class, err error) error {
	if err == nil {
		return nil
	}
	return &fault{class: class, err: err}
}

// Bounded is Classed for what the source tries a few times more, and then goes on without: see Status.Bounded.
func Bounded(class Class, err error) error {
	if err == nil {
		return nil
	}
	return &fault{class: class, bounded: true, err: err}
}

func bounded(err error) bool {
	f := (*fault)(nil)
	return errors.As(err, &f) && f.bounded
}

// ClassOf returns the class that Classed gave err, and whether it did.
func ClassOf(err error) (class Class, ok bool) {
	if f := (*fault)(nil); errors.As(err, &f) {
		return f.class, true
	}
	return "", false
}

// refusedCertificate reports whether the other side said by a TLS alert that it does not accept our certificate, or wants one: then
// it took no request. With TLS 1.3 that is told after the connection stands.
func refusedCertificate(err error) bool {
	op := (*net.OpError)(nil)
	return errors.As(err, &op) && op.Op == "remote error" && strings.Contains(op.Err.Error(), "certificate")
}

// Transport explains why no answer to a request began. connected: there was a connection; then nobody knows how much of the
// request went through, and it may have arrived, unless our certificate was refused. The reason is fit for a log.
func Transport(err error, connected bool) (class Class, reason string, arrived bool) {
	class, reason = explain(err, connected)
	return class, reason, connected && !refusedCertificate(err)
}

func explain(err error, connected bool) (class Class, reason string) {
	var (
		op      *net.OpError
		verify  *tls.CertificateVerificationError
		record  tls.RecordHeaderError
		alert   tls.AlertError
		unknown x509.UnknownAuthorityError
		slow    net.Error
	)
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &slow) && slow.Timeout():
		return Silent, "the server did not answer in time"
	case errors.As(err, &verify):
		return Insecure, "TLS: " + verify.Err.Error()
	case refusedCertificate(err):
		return Insecure, "TLS: the server does not accept our certificate"
	case errors.As(err, &unknown), errors.As(err, &record), errors.As(err, &alert):
		return Insecure, "TLS failed"
	case connected:
		return Unreachable, "the connection was lost before the answer"
	case errors.As(err, &op):
		return Unreachable, "no connection: " + op.Err.Error()
	}
	return Unreachable, "no connection"
}
