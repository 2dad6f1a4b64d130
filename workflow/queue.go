package workflow

import (
	"context"
	"time"

	"okienko/ingest"
)

// QueueQuery selects a page of the queue. The zero value is the first page of everything, most urgent first.
type QueueQuery struct {
	Desks     []string // nil: all
	NotDesk   string   // leaves the cases of one desk out; "": none
	Statuses  []Status // nil: all
	Channel   ingest.Channel
	Service   string    // ProcedureID
	Owner     string    // "": anybody; OwnerNobody: unclaimed only
	DueFrom   time.Time // inclusive; zero: whenever
	DueBefore time.Time // exclusive; zero: whenever
	NoTerm    bool      // only cases without a term; DueFrom and DueBefore do not count then
	Text      string    // words that stand in what was read, or in number, sender, subject; see package search
	IDs       []CaseID  // nil: all; else only these, at most 200 of them
	Limit     int       // 0: 50, at most 200
	After     string    // CaseSummary.Cursor of the last row of the page before this one; what is none is ErrCursor, here and in Before
	Before    string    // CaseSummary.Cursor of the first row of the page after this one; not together with After
}

// OwnerNobody selects unclaimed cases.
const OwnerNobody = "-"

// CaseSummary is one row of the queue.
type CaseSummary struct {
	Case          // Submission holds Source, Channel and ReceivedAt only
	Cursor string // opaque: where the next page starts
}

// QueueReader answers what stands beside a page of the queue.
type QueueReader interface {
	// CountQueue counts what a query selects, by status. Limit, After and Before do not count. A status without cases is missing.
	CountQueue(ctx context.Context, q QueueQuery) (map[Status]Count, error)
	// Texts returns what was read in each of the cases, for a piece of it to be shown; nothing for those without text.
	Texts(ctx context.Context, ids []CaseID) (map[CaseID]string, error)
	// Changed returns cases that changed at that time or later, oldest change first, at most limit. A change may become visible
	// some time after it was made: who follows changes asks for the last half minute each time.
	Changed(ctx context.Context, since time.Time, limit int) ([]Change, error)
}

// Count is a number of cases: exactly N, or with More at least N.
type Count struct {
	N    int
	More bool
}

// Plus adds up two counts.
func (c Count) Plus(o Count) Count { return Count{c.N + o.N, c.More || o.More} }

// Change says that a case has another version now. It holds nothing about anybody.
type Change struct {
	Case    CaseID
	Version int64
	Desk    string // where the case is now
	At      time.Time
}

// View is a filter of the queue under a name, of one person or of everybody at a desk.
type View struct {
	ID        int64
	Name      string
	Owner     string // user name; "" for a view of a desk
	Desk      string // "" for a view of one person
	Filter    string // as in the address of the queue; never words, which are names of people
	CreatedBy string // user name
	CreatedAt time.Time
}

// Views keeps saved views. Errors are transient unless they are ErrNotFound or ErrConflict.
type Views interface {
	// Views returns those of a user and those of the desks, by name; desks nil: of all desks.
	Views(ctx context.Context, user string, desks []string) ([]View, error)
	// AddView stores v and sets its ID. ErrConflict: there is one of that name at that place.
	AddView(ctx context.Context, v *View) error
	// DropView returns ErrNotFound if there is none.
	DropView(ctx context.Context, id int64) error
}

// SourceContact is when a source last heard from where letters come from, as the process that runs it wrote down.
type SourceContact struct {
	Source    string
	Channel   ingest.Channel
	ContactAt time.Time // zero: never
	Trouble   string    // class of the fault, "" while all is well
}

// SourceItem is an item of a source in the ledger.
type SourceItem struct {
	Item   string // the source's own name for it
	SeenAt time.Time
}

// Contacts tells how the sources do, over all processes.
type Contacts interface {
	SaveContacts(ctx context.Context, list []SourceContact) error
	SourceContacts(ctx context.Context) ([]SourceContact, error) // by name
	// Pending returns items that were seen and have no outcome yet, oldest first.
	Pending(ctx context.Context, source string, limit int) ([]SourceItem, error)
}
