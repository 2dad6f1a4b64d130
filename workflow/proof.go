package workflow

import (
	"time"

	"okienko/ingest"
)

// Proof is a file that shows what became of a letter: the letter as it went out, or an official proof of it (ePUAP: UPP, UPD).
// Its bytes are evidence under Digest. What a proof is worth was examined when it came; it is kept whatever that said.
type Proof struct {
	Case    CaseID
	Letter  LetterID
	At      time.Time // UTC, when it was kept
	Kind    string    // "UPP", "UPD"; ProofDocument
	ID      string    // as its issuer names it; "" if it says none
	Digest  ingest.Digest
	Bytes   int64
	Verdict ProofVerdict
	Because string // Polish, one line, free of personal data; ""
}

// ProofDocument is the Kind of the letter itself, as it went out: it proves nothing and has no verdict.
const ProofDocument = "document"

// ProofVerdict says what a proof is worth; the values are stored.
type ProofVerdict string

// The verdicts.
const (
	ProofGenuine   ProofVerdict = "genuine"   // what it says is sealed, and the seal holds against the trust data
	ProofUnchecked ProofVerdict = "unchecked" // what it says is sealed, but nobody knows by whom
	ProofBroken    ProofVerdict = "broken"    // the seal does not hold, there is none, or it is about something else
)
