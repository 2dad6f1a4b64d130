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

func classOf(err error) board.Class {
	var (
		wire   *soap.Error
		answer *soap.Fault
	)
	if class, ok := board.ClassOf(err); ok {
		return class
	}
	switch {
	case errors.As(err, &wire):
		return wire.Kind
	case errors.As(err, &answer) && answer.Security():
		return Refused
	}
	return Faulty
}
