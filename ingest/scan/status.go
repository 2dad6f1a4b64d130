package scan

import (
	"okienko/internal/board"
	"time"
)

// The classes of faults.
const (
	NoFolder    board.Class = "folder"  // the folder cannot be read
	NotRead     board.Class = "read"    // a file cannot be read; it stays where it is
	NoLedger    board.Class = "ledger"  // what was seen could not be written down; nothing was offered
	NotCut      board.Class = "cut"     // the process that parts batches does not work; the file stays in the folder
	NotAccepted board.Class = "accept"  // a file could not be made durable; it stays in the folder
	NotMoved    board.Class = "move"    // registered, but the file cannot be moved to the done folder
	Faulty      board.Class = "unknown" // anything else
)

func classOf(err error) board.Class {
	if class, ok := board.ClassOf(err); ok {
		return class
	}
	return Faulty
}

// Unfinished are the files under a writer's name for what is not finished, or without bytes: nobody knows whether they ever will
// be letters.
type Unfinished struct {
	Files int
	Since time.Time // since when the longest-waiting of these looks as it does; zero: there are none
}

// Unfinished tells what the scanner has not finished. It is safe for concurrent use.
func (s *Source) Unfinished() Unfinished {
	if u := s.unfinished.Load(); u != nil {
		return *u
	}
	return Unfinished{}
}

// looked records what a look into the folder showed.
func (s *Source) looked(v view) {
	s.unfinished.Store(&Unfinished{v.unfinished, v.oldest})
	s.status.Enter(board.Working)
	s.status.Update(func(st *board.Status) { st.LastContact, st.Waiting = time.Now(), len(v.ready)+v.settling })
}

// rested records a look at which nothing was ready and nothing failed.
func (s *Source) rested(v view) {
	if v.settling == 0 {
		s.status.Enter(board.Idle)
	}
	s.status.Well()
}
