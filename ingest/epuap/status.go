package epuap

import (
	"errors"

	"okienko/ingest/epuap/soap"
	"okienko/internal/board"
)

// The classes of faults. Those of the wire are the kinds of soap.Error.
const (
	Refused     board.Class = "refused"     // the platform does not accept who we are
	Faulty      board.Class = "fault"       // the platform refused an operation
	NotAccepted board.Class = "accept"      // the document could not be made durable here; it stays at the platform
	NotTaken    board.Class = "acknowledge" // registered, but the platform does not take it off the queue
	NoFile      board.Class = "file"        // a big attachment cannot be had
	NoLedger    board.Class = "ledger"      // what was seen could not be written down; nothing was offered
)

// fault gives an error a class.
type fault struct {
	class board.Class
	err   error
}

func (f *fault) Error() string { return f.err.Error() }
func (f *fault) Unwrap() error { return f.err }

func classed(class board.Class, err error) error {
	if err == nil {
		return nil
	}
	return &fault{class, err}
}

func classOf(err error) board.Class {
	var (
		own    *fault
		wire   *soap.Error
		answer *soap.Fault
	)
	switch {
	case errors.As(err, &own):
		return own.class
	case errors.As(err, &wire):
		return board.Class(wire.Kind)
	case errors.As(err, &answer) && answer.Security():
		return Refused
	}
	return Faulty
}
