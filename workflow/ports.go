package workflow

import (
	"context"
	"errors"
	"io"

	"okienko/ingest"
	"okienko/validate"
)

// Examiner looks inside originals: it reads them and verifies their signatures, in a sandboxed child process.
type Examiner interface {
	// Examine never fails on bad input: what it could not read is a Problem in the Contents. An error means that the
	// examination could not be carried out (no child process, evidence unreachable) and may be tried again.
	Examine(ctx context.Context, sub ingest.Submission, open Opener) (ingest.Contents, []validate.SignatureReport, error)
}

// Opener opens an original; Evidence.Open is one. The caller closes what it returns.
type Opener func(ctx context.Context, d ingest.Digest) (io.ReadSeekCloser, error)

// Composer writes letters to residents. It is pure: no clock, no server.
type Composer interface {
	// MayAnswer holds the loop guards of RFC 3834 (promise P11). because says in Polish why not.
	MayAnswer(sub ingest.Submission, l ingest.Letter) (ok bool, because string)
	// Compose returns the letter of kind j.Reply.Kind for c as a draft with To, Subject, Text, MessageID, InReplyTo and
	// Channel set. Kinds none and human have no letter: Compose returns an error for them.
	Compose(c Case, j Judgement) (Letter, error)
	// Code is the completion code (kod uzupełnienia) the letters of a case quote: who sends it answers that case.
	Code(id CaseID) string
}

// Postman sends what is queued.
type Postman interface {
	// Deliver tries every queued letter of a case once, those of some channels only if any is named but "", and never sends one
	// twice. An error means that something is left to do: try again later.
	Deliver(ctx context.Context, id CaseID, only ...ingest.Channel) error
}

// Carrier takes letters to residents over one channel.
type Carrier interface {
	// Send returns nil when the next server has taken the letter over, ErrNotSent when it surely has not (try again),
	// ErrRefused when it never will; any other error means that nobody can know, and the letter must not be sent again.
	Send(ctx context.Context, l Letter) error
}

// The outcomes of Carrier.Send that leave no doubt. They are wrapped: use errors.Is.
var (
	ErrNotSent = errors.New("not sent")
	ErrRefused = errors.New("refused")
)
