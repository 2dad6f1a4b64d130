// Package desk owns what clerks and administrators see and do: signing in, the queue and what changes in it, the case with its
// findings, signatures, documents and letters, the call for completion, the ledger of the sources, the urns, the users, the
// workshop of the rules, the numbers and the audit. It renders pages on the server, works without JavaScript and by keyboard, and
// sends no request to any other host.
//
// What a clerk does to a case is in actions.go, without HTTP, or a function of workflow.Deed: each action locks the case, compares
// its version, changes it and appends an Event in one transaction. Who may open what is in routes.go, one line a route. The package
// refuses to know SQL, how anything is judged and how letters are worded or sent; it asks through the interfaces below. Read next:
// routes.go, then case.go and actions.go; each screen is one file with its template beside it in templates/.
package desk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"

	"okienko/ingest"
	"okienko/internal/web"
	"okienko/schemas"
	"okienko/workflow"
	"okienko/workflow/numbers"
	"okienko/workflow/rulebook"
)

// Deps is what the desk needs. All but Now, Sites, MailDomain, Ending, Deliveries, Addresses and Pages is required.
type Deps struct {
	Config     Config
	Store      workflow.Store
	Records    workflow.Records
	Accounts   workflow.Accounts
	Overview   workflow.Overview
	Sessions   scs.CtxStore
	Urns       workflow.Urns
	Sites      []Urn  // may be empty
	MailDomain string // of the Message-IDs of receipts; "": the office sends no mail
	Procedures Procedures
	Files      Files
	Drafter    Drafter
	Rejudger   Rejudger
	Casework   Casework
	Auditor    Auditor
	Rules      Workshop
	Numbers    numbers.Source
	AuditLog   workflow.AuditLog
	Now        func() time.Time // nil: time.Now
	Log        *slog.Logger

	Queues   workflow.QueueReader
	Views    workflow.Views
	Contacts workflow.Contacts
	Ending   <-chan struct{} // closed when the server shuts down, which streams must not keep it from; nil: never

	Deliveries workflow.DeliveryRecords // nil: no channel tells what becomes of letters
	Addresses  Addresses                // nil: the register of addresses cannot be asked
	Pages      Pages                    // nil: no pictures of pages are shown
}

// Procedures finds the version of a procedure in force on a day; schemas.Catalog is one.
type Procedures interface {
	Procedure(id schemas.ProcedureID, day time.Time) (schemas.Procedure, bool)
	All(day time.Time) []schemas.Procedure // sorted by id
}

// Files opens what residents sent, and what was sent to them. All return workflow.ErrNotFound for what the case does not have. The caller closes Body.
type Files interface {
	// Original opens one of c.Submission.Originals; the desk has checked that it is.
	Original(ctx context.Context, c workflow.Case, d ingest.Digest) (File, error)
	// Document opens the decoded bytes of a document inside an original, by ingest.Document.ID.
	Document(ctx context.Context, c workflow.Case, documentID string) (File, error)
	// Proof opens a proof; the desk has checked that the case has it.
	Proof(ctx context.Context, p workflow.Proof) (File, error)
}

// File is an open file.
type File struct {
	Body      io.ReadCloser
	Name      string // as the sender named it; the desk shows it and never hands it to a file system
	MediaType string // "" if unknown
}

// Drafter writes the first version of a letter that a clerk edits and approves.
type Drafter interface {
	// Call drafts the call for completion (wezwanie). It returns ErrNothingToCall if nothing is missing that may be called
	// for; the clerk may still write a Letter.
	Call(c workflow.Case, j workflow.Judgement, by workflow.User, at time.Time) (workflow.Letter, error)
	// Letter drafts the frame of a letter in the clerk's own words, with a blank in square brackets where they go.
	Letter(c workflow.Case, j workflow.Judgement, by workflow.User, at time.Time) (workflow.Letter, error)
	// Forward drafts the two letters of a forwarding to another authority (KPA art. 65): the notice to the sender, and the
	// cover of the filing for the authority, which goes with the originals.
	Forward(c workflow.Case, j workflow.Judgement, by workflow.User, at time.Time, to Authority) (notice, cover workflow.Letter, err error)
}

// Authority is who a filing is forwarded to, and why. Name and Because are not empty.
type Authority struct {
	Name    string
	Address string // where it sits, or its address for e-Doręczenia; ""
	Because string // the provision that makes it competent, one sentence
}

// Casework carries out the actions that need the case judged again or touch a second case; *workflow.Pipeline is one. The cases
// are locked. An action that the state of a case does not allow is workflow.ErrNotNow.
type Casework interface {
	Overrule(ctx context.Context, d *workflow.Deed, r workflow.Ruling) error
	Attach(ctx context.Context, d *workflow.Deed, other *workflow.Case, kind workflow.LinkKind) error
	Detach(ctx context.Context, d *workflow.Deed, other *workflow.Case, why string) error
	Split(ctx context.Context, d *workflow.Deed, procedure schemas.ProcedureID) (workflow.Case, error)
	Undo(ctx context.Context, d *workflow.Deed) error
}

// ErrNothingToCall is returned by Drafter.Call.
var ErrNothingToCall = errors.New("nothing is missing that a call may ask for")

// Rejudger judges a case again as if it were about another procedure: conditions, legal effect, findings, route. It stores
// nothing. The Contents and Signatures of the judgement it returns are those of the case, which has been judged before.
type Rejudger interface {
	Rejudge(ctx context.Context, id workflow.CaseID, procedure schemas.ProcedureID) (workflow.Judgement, error)
}

// Auditor keeps what happened outside the history of any case: signing in and out, refusals, changes of users. It is durable
// when it returns nil; the desk refuses to go on if it cannot write down who did what. detail is free of personal data
// other than names of users.
type Auditor interface {
	Audit(ctx context.Context, actor string, kind workflow.EventKind, detail string) error
}

// desk serves the pages. It may be used concurrently.
type desk struct {
	Deps
	sessions  *scs.SessionManager
	passwords *passwords
	byName    *web.Throttle
	byAddress *web.Throttle
	refusals  *web.Throttle // how often a throttled address is written down
	pages     pages
	assets    assets
	live      *live
	pulses    pulseCache
	bench     *workbench
}

// How often somebody may fail to sign in within throttleWindow: with one name, and from one address. A whole office may come
// from one address.
const (
	triesByName    = 8
	triesByAddress = 60
	throttleWindow = 15 * time.Minute
)

// New returns the handler of the desk. An error names the key of the configuration, or the part that is missing.
func New(deps Deps) (http.Handler, error) {
	d, err := newDesk(deps, usualCost)
	if err != nil {
		return nil, err
	}
	return d.handler(), nil
}

func newDesk(deps Deps, c cost) (*desk, error) {
	if err := deps.check(); err != nil {
		return nil, err
	}
	if deps.Now == nil {
		deps.Now = time.Now
	}
	assets, err := loadAssets()
	if err != nil {
		return nil, err
	}
	pages, err := parsePages()
	if err != nil {
		return nil, err
	}
	return &desk{
		Deps: deps, sessions: newSessions(deps.Config, deps.Sessions, deps.Log), passwords: newPasswords(c),
		byName:    web.NewThrottle(triesByName, throttleWindow, deps.Now),
		byAddress: web.NewThrottle(triesByAddress, throttleWindow, deps.Now),
		refusals:  web.NewThrottle(1, time.Minute, deps.Now),
		pages:     pages, assets: assets,
		live:  newLive(deps.Queues, deps.Now, func(err error) { deps.Log.Warn("desk: changes of cases could not be read", "error", err) }),
		bench: &workbench{running: map[int64]*replayRun{}, checked: map[string][]rulebook.Complaint{}},
	}, nil
}

func (d Deps) check() error {
	for _, part := range []struct {
		name    string
		missing bool
	}{
		{"Store", d.Store == nil}, {"Records", d.Records == nil}, {"Accounts", d.Accounts == nil}, {"Overview", d.Overview == nil},
		{"Sessions", d.Sessions == nil}, {"Urns", d.Urns == nil}, {"Procedures", d.Procedures == nil}, {"Files", d.Files == nil}, {"Drafter", d.Drafter == nil},
		{"Queues", d.Queues == nil}, {"Views", d.Views == nil}, {"Contacts", d.Contacts == nil},
		{"Numbers", d.Numbers == nil}, {"Rules.Shelf", d.Rules.Shelf == nil}, {"Rules.Past", d.Rules.Past == nil}, {"Rules.Library", d.Rules.Library == nil},
		{"Rules.Halts", d.Rules.Halts == nil}, {"Rules.Corrections", d.Rules.Corrections == nil},
		{"Rejudger", d.Rejudger == nil}, {"Casework", d.Casework == nil}, {"Auditor", d.Auditor == nil}, {"AuditLog", d.AuditLog == nil}, {"Log", d.Log == nil},
	} {
		if part.missing {
			return fmt.Errorf("desk: Deps.%s is missing", part.name)
		}
	}
	return d.Config.Validate()
}

// mostForm is the largest form a page sends: a long letter, encoded.
const mostForm = 1 << 20

// handler puts the guards around the routes: headers on every answer, foreign origins refused before anything is read.
func (d *desk) handler() http.Handler {
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(d.sessions.LoadAndSave(http.HandlerFunc(d.crossOrigin)))
	return web.Headers(pagePolicy, d.Config.Secure(), limitBody(guard.Handler(d.mux())))
}

func limitBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, mostForm)
		next.ServeHTTP(w, r)
	})
}
