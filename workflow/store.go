package workflow

import (
	"context"
	"io"
	"time"

	"okienko/ingest"
)

// Store keeps cases. All methods may be called concurrently and from several processes. Times are stored in UTC with
// microseconds. Errors are transient (try again) unless they are ErrNotFound or ErrConflict.
type Store interface {
	// Case returns ErrNotFound if there is none.
	Case(ctx context.Context, id CaseID) (Case, error)
	// Queue returns one page, in the order of the query.
	Queue(ctx context.Context, q QueueQuery) ([]CaseSummary, error)
	// Tx runs fn in one transaction and commits if fn returned nil; then everything fn did is durable. If Tx returns an
	// error the transaction may still have been committed (a lost answer): callers must be able to run it again. fn must
	// not use the Store, and must not keep the Tx.
	Tx(ctx context.Context, fn func(Tx) error) error
}

// Tx is the store inside one transaction.
type Tx interface {
	// Create registers c.Submission and sets c.ID, c.Number and c.Version. It returns false, with the ID and Number of the
	// first one, if Source + Key + digest of the body (KeyOnly: Source + Key) exist already; then no number is used up.
	Create(ctx context.Context, c *Case) (created bool, err error)
	// CreatePart makes c a further case of the submission of another, which is locked: c has its number with "-2", "-3" … and
	// takes none of the register. It sets c.ID, c.Number and c.Version.
	CreatePart(ctx context.Context, of Case, c *Case) error
	// Lock reads a case and keeps others from changing it until the transaction ends.
	Lock(ctx context.Context, id CaseID) (Case, error)
	// Update writes everything but ID, Number, Submission and RegisteredAt. c.Version must be the one read; it grows by one.
	Update(ctx context.Context, c *Case) error
	Append(ctx context.Context, e Event) error
	// Enqueue makes the stage run at least once after the commit.
	Enqueue(ctx context.Context, id CaseID, stage Stage) error
	// EnqueueAt is Enqueue for a time to come.
	EnqueueAt(ctx context.Context, id CaseID, stage Stage, at time.Time) error

	Judged(ctx context.Context, id CaseID, j Judgement) error // stores or replaces the judgement of a case
	Receipts
	Letters
	Deliveries
	Proofs
	Links
	Rulings
	Undos
	AddExample(ctx context.Context, e Example) error
}

// Receipts is the ledger of what was seen at the sources, inside a transaction.
type Receipts interface {
	// Settle records what became of an item a source saw. It inserts the sighting if Saw did not. Once registered, an item can
	// only become quarantined.
	Settle(ctx context.Context, source, item string, outcome ReceiptOutcome, id CaseID) error
}

// ReceiptOutcome is what became of an item seen at a source.
type ReceiptOutcome string

// The outcomes.
const (
	ReceiptRegistered  ReceiptOutcome = "registered"
	ReceiptDuplicate   ReceiptOutcome = "duplicate"
	ReceiptQuarantined ReceiptOutcome = "quarantined"
)

// Letters are the outgoing letters, inside a transaction.
type Letters interface {
	// SaveLetter inserts l if l.ID is 0 and sets the ID, else it writes all its fields.
	SaveLetter(ctx context.Context, l *Letter) error
	// LockLetters returns the letters of a case, oldest first, and keeps others from changing them until the end.
	LockLetters(ctx context.Context, id CaseID) ([]Letter, error)
	// CountLetters counts automatic letters created since the given time that are not cancelled: those to one address, and all.
	CountLetters(ctx context.Context, to string, since time.Time) (toAddress, all int, err error)
	// Halted reports whether a person halted all automatic letters, and keeps that from changing until the end.
	Halted(ctx context.Context) (bool, error)
}

// Proofs are the files that show what became of letters, inside a transaction.
type Proofs interface {
	// AddProof keeps p; the same file of the same letter again changes nothing.
	AddProof(ctx context.Context, p Proof) error
}

// Links finds cases that belong together, inside a transaction. Two transactions that name a common key never run side by
// side: the second one sees what the first one put.
type Links interface {
	// Related returns the cases that were put under any of the keys, oldest first, without self.
	Related(ctx context.Context, self CaseID, keys []Key) ([]Related, error)
	PutKeys(ctx context.Context, id CaseID, keys []Key) error
	SaveLink(ctx context.Context, id CaseID, l Link) error
	// DropLink forgets the link of a case to another; if there is none, nothing happens.
	DropLink(ctx context.Context, id, other CaseID) error
}

// Key is something two submissions may have in common. Personal values are hashed before they get here.
type Key struct {
	Kind  KeyKind
	Value string
}

// KeyKind names what a Key is; the values are stored.
type KeyKind string

// The kinds of key.
const (
	KeyMessageID KeyKind = "message_id" // a Message-ID of the submission itself
	KeyOurLetter KeyKind = "our_letter" // a Message-ID of a letter of ours, found in In-Reply-To and References
	KeyReply     KeyKind = "reply"      // a Message-ID of the submission, or one it answers: mails of one conversation
	KeyContent   KeyKind = "content"    // hash of sender, words and attachments
	KeyNumber    KeyKind = "number"     // RPW number, or a znak sprawy the letter quotes
	KeyCode      KeyKind = "code"       // completion code (kod uzupełnienia)
	KeyPerson    KeyKind = "person"     // hash of PESEL + procedure
	KeyWho       KeyKind = "who"        // hash of PESEL, whatever the procedure
	KeyThing     KeyKind = "thing"      // hash of VIN, plate, parcel … + procedure
)

// Related is a case found by a key.
type Related struct {
	Key  Key
	Case Case
}

// Records reads what a case page shows.
type Records interface {
	Judgement(ctx context.Context, id CaseID) (Judgement, error) // ErrNotFound before the case was judged
	Events(ctx context.Context, id CaseID) ([]Event, error)      // oldest first
	CaseLetters(ctx context.Context, id CaseID) ([]Letter, error)
	CaseProofs(ctx context.Context, id CaseID) ([]Proof, error)     // oldest first
	CaseLinks(ctx context.Context, id CaseID) ([]LinkedCase, error) // in both directions
	Numbered(ctx context.Context, number string) (CaseID, error)    // ErrNotFound if no case has the number
	LastStep(ctx context.Context, id CaseID) (Step, error)          // ErrNotFound if no step can be undone
}

// LinkedCase is a link seen from one of its ends.
type LinkedCase struct {
	Link    Link
	Earlier bool // Other is the case Link.Case points at; else Other points here
	Other   CaseSummary
}

// Accounts keeps users. A user's name is unique.
type Accounts interface {
	User(ctx context.Context, name string) (User, error) // ErrNotFound
	Users(ctx context.Context) ([]User, error)
	SaveUser(ctx context.Context, u User) error // inserts or replaces
}

// Overview answers what screens, metrics and the balance need.
type Overview interface {
	Balance(ctx context.Context) ([]SourceBalance, error) // one row per source, by name
	CountCases(ctx context.Context) ([]CaseCount, error)
	// Unfinished returns up to limit cases that wait for the machine (stage judge and not held at the given time, or queued
	// letters, or letters in sending) and did not change since that time: work whose job may have been lost.
	Unfinished(ctx context.Context, before time.Time, limit int) ([]Unfinished, error)
}

// SourceBalance is one source's ledger: Seen = Registered + Duplicates + Quarantined + Pending, and at rest Pending is 0 (P15).
// Gone items are not among Seen: they disappeared before they were taken, because a person moved them or because they have
// another name now, under which they were seen again.
type SourceBalance struct {
	Source                                                   string
	Seen, Registered, Duplicates, Quarantined, Pending, Gone int
	LastSeen                                                 time.Time
}

// Settled counts the items with an outcome.
func (b SourceBalance) Settled() int { return b.Registered + b.Duplicates + b.Quarantined }

// Balanced counts for itself: nothing is pending, and the sum of what was done is what was seen.
func (b SourceBalance) Balanced() bool { return b.Pending == 0 && b.Settled() == b.Seen }

// CaseCount counts cases by what a queue page shows.
type CaseCount struct {
	Desk   string
	Status Status
	N      int
}

// Unfinished is a case and the stage that should run for it.
type Unfinished struct {
	Case  CaseID
	Stage Stage
}

// Evidence keeps original bytes, addressed by digest. Methods may be called concurrently.
type Evidence interface {
	// Put streams r into the store and is durable when it returns (file and directory synced). It never overwrites: the same
	// bytes twice are one file. On error nothing is kept under the digest.
	Put(ctx context.Context, r io.Reader) (ingest.Digest, int64, error)
	// Open returns ErrNotFound if nothing has that digest. The caller closes it.
	Open(ctx context.Context, d ingest.Digest) (io.ReadSeekCloser, error)
}
