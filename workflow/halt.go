package workflow

import (
	"context"
	"time"
)

// Halt is the switch that holds every automatic letter.
type Halt struct {
	On      bool
	By      string // who threw it last; "" if nobody did
	At      time.Time
	Because string
}

// HeldLetter is a letter that waits for a person, with its case: ID, Number, Version, Route.Desk and Procedure only.
type HeldLetter struct {
	Letter Letter
	Case   Case
}

// Halts keeps the switch, and lists what is held, whatever holds it.
type Halts interface {
	Halt(ctx context.Context) (Halt, error)
	// SetHalt throws the switch, with its audit event. Switched on, every automatic letter that is queued becomes held in the same
	// commit, and none becomes queued until it is off; what is being sent leaves. It returns how many were held.
	SetHalt(ctx context.Context, on bool, by, because string) (held int, err error)
	// HeldLetters returns up to limit held letters with IDs above after, oldest first.
	HeldLetters(ctx context.Context, after LetterID, limit int) ([]HeldLetter, error)
}

// HaltedBecause is the detail of a letter the switch holds.
const HaltedBecause = "Wysyłanie automatycznych pism jest wstrzymane."
