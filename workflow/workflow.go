// Package workflow owns what happens to a submission: the Case with its Stage and Status, the Route to a Desk, the Letter to
// the resident, the Event that records each step, and the Pipeline that moves a case from one stage to the next. It states
// what it needs of the world as small interfaces (Store, Tx, Evidence, Examiner, Composer, Carrier), each with its contract.
//
// It refuses to know SQL, River, SMTP, HTML and every file format. Read next: pipeline.go for the way of one submission,
// store.go for the contracts; then workflow/store, workflow/jobs, workflow/reply and workflow/desk, which hang below it.
package workflow

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"okienko/classify"
	"okienko/ingest"
	"okienko/schemas"
	"okienko/validate"
)

// ErrNotFound is returned for a case, letter or user that does not exist or that the caller may not see.
var ErrNotFound = errors.New("not found")

// ErrConflict is returned when a case changed since it was read: read it again, nothing was written.
var ErrConflict = errors.New("changed by somebody else in the meantime")

// CaseID numbers cases inside one installation, from 1. It is no secret and has no legal meaning; the Number has.
type CaseID int64

// Case (sprawa) is one registered submission on its way through the office. A submission that turns out to be a duplicate or
// a supplement keeps its own Case and Number and is linked to the first one.
type Case struct {
	ID         CaseID
	Number     string // in the register of incoming letters (RPW): "RPW/17/2026", gap-free a year; of a test: "TEST/3/2026"; of a part: "RPW/17/2026-2"
	Submission ingest.Submission

	RegisteredAt time.Time // UTC
	Stage        Stage
	Status       Status
	Version      int64 // grows by one with each Update; Update refuses a stale one with ErrConflict

	// Set by the judgement, changed by clerks.
	Sender     ingest.Party
	Subject    string
	Nature     classify.Nature
	Procedure  schemas.ProcedureID // "" before the judgement and for what is no submission
	Confidence float64
	DecidedBy  classify.DecidedBy
	Route      Route
	Reply      ReplyKind
	Missing    int       // findings with outcome missing
	DueAt      time.Time // end of the office's term (KPA art. 35), UTC; zero: none runs
	Owner      string    // user name of the clerk who claimed it; "" unclaimed
	// HeldUntil is when the hold of an urn ends, in UTC: until then the machine does nothing with the case. Zero: no hold.
	HeldUntil time.Time
	Parent    CaseID // the case this one is a duplicate or supplement of; 0: none
	Reason    string // Polish, why a person is needed (quarantine, unsure, unreadable); "" if not
}

// Stage is what the machine has to do next with a case. Stages only move forward.
type Stage string

// The stages.
const (
	StageJudge   Stage = "judge"   // read, verify, classify, link, check, decide: one commit at the end
	StageDone    Stage = "done"    // nothing left for the machine; letters may still be on their way
	StageDeliver Stage = "deliver" // a job only, never stored in a Case: send the queued letters of the case
)

// DeliverBy is StageDeliver for the letters of one channel. Each channel's letters wait in a queue of their own, so that a platform
// that stands still holds no other letters up.
func DeliverBy(c ingest.Channel) Stage {
	if c == "" {
		return StageDeliver
	}
	return StageDeliver + "_" + Stage(c)
}

// DeliverStages are StageDeliver and those of every channel.
func DeliverStages() []Stage {
	return []Stage{StageDeliver, DeliverBy(ingest.Email), DeliverBy(ingest.EPUAP), DeliverBy(ingest.EDelivery), DeliverBy(ingest.Scan)}
}

// Delivers reports whether a stage is one in which letters are sent, and of which channel; "": of all.
func (s Stage) Delivers() (c ingest.Channel, ok bool) {
	if s == StageDeliver {
		return "", true
	}
	channel, ok := strings.CutPrefix(string(s), string(StageDeliver)+"_")
	return ingest.Channel(channel), ok
}

// Status says who acts next.
type Status string

// The statuses.
const (
	StatusProcessing  Status = "processing"  // the machine
	StatusOpen        Status = "open"        // a clerk of Route.Desk
	StatusWaiting     Status = "waiting"     // the resident, who was called upon to complete it
	StatusAccepted    Status = "accepted"    // a clerk found it complete and works on it
	StatusClosed      Status = "closed"      // nobody: no submission, discarded or handed over
	StatusQuarantined Status = "quarantined" // a clerk: the machine could not handle it; Case.Reason says why
)

// Route is where a case goes.
type Route struct {
	Desk    string `json:"desk"`    // id of the e-referat: "KM", "SA" …; DeskRegistry when a person must assign it
	Because string `json:"because"` // Polish, one sentence
}

// DeskRegistry (kancelaria) is the desk for what the machine could not place.
const DeskRegistry = "KP"

// DeskTest is where documents go that their sender marked as a test (Submission.Test): a desk of their own that no queue shows
// unless asked for it. They have numbers of their own, run no term, belong to no other case, and get no automatic answer.
const DeskTest = "TEST"

// ReplyKind is the kind of automatic letter a submission gets.
type ReplyKind string

// The reply kinds.
const (
	ReplyNone               ReplyKind = "none"
	ReplyReceipt            ReplyKind = "receipt"             // potwierdzenie wpływu
	ReplyIncomplete         ReplyKind = "incomplete"          // what is missing and how to send it
	ReplyChannelIneffective ReplyKind = "channel_ineffective" // KPA art. 63 § 1: a plain e-mail starts nothing; the ways that count
	ReplyInfo               ReplyKind = "info"                // how this is done (in person, abolished procedure, 17 zł)
	ReplyHuman              ReplyKind = "human"               // a person decides before anything is sent

	// Letters a clerk approves; never the kind of an automatic reply.
	ReplyCall    ReplyKind = "call"    // wezwanie do usunięcia braków
	ReplyForward ReplyKind = "forward" // zawiadomienie o przekazaniu według właściwości
	ReplyPassOn  ReplyKind = "pass_on" // pismo przekazujące, to the competent authority
	ReplyLetter  ReplyKind = "letter"  // a clerk's own words
)

// Reply is the decision about the letter to the resident, with its text when there is one.
type Reply struct {
	Kind    ReplyKind `json:"kind"`
	Because string    `json:"because"` // Polish, one sentence
	Subject string    `json:"subject"` // "" when nothing is sent
	Text    string    `json:"text"`
}

// Judgement is everything the machine concluded about one submission, stored as evidence of why it did what it did.
type Judgement struct {
	At         time.Time                  `json:"at"`
	Contents   ingest.Contents            `json:"contents"`
	Signatures []validate.SignatureReport `json:"signatures"`
	Decision   classify.Decision          `json:"decision"`
	Conditions map[string]validate.Truth  `json:"conditions"`
	Legal      validate.Legal             `json:"legal"`
	Findings   []validate.Finding         `json:"findings"` // as ruled, when read from the store
	Rulings    []Ruling                   `json:"-"`        // what people said of requirements; the store keeps them apart
	Link       *Link                      `json:"link,omitempty"`
	Reply      Reply                      `json:"reply"`
	Route      Route                      `json:"route"`
	Rulebook   int64                      `json:"rulebook,omitempty"` // version of the rule book it was judged with; 0: as built in
}

// LinkKind is how two cases belong together.
type LinkKind string

// The kinds of link.
const (
	LinkDuplicate  LinkKind = "duplicate"  // the same matter filed again
	LinkSupplement LinkKind = "supplement" // completes an earlier submission
	LinkPart       LinkKind = "part"       // another matter of the same letter, split off by a clerk
)

// Link ties a case to an earlier one. Score follows the table of OFFICE.md 3.5: at 0.90 and above the link is made
// (Attached), from 0.60 it is proposed to a clerk.
type Link struct {
	Case     CaseID   `json:"case"`
	Kind     LinkKind `json:"kind"`
	Score    float64  `json:"score"`
	Attached bool     `json:"attached"`
	Because  string   `json:"because"`

	// Procedure is what the earlier case was about when the link was found; "" if nobody knew. It is kept with the judgement only.
	Procedure schemas.ProcedureID `json:"procedure,omitempty"`
}

// Event is one line of a case's history, append-only. Detail is for people and free of personal data.
type Event struct {
	ID     int64 // set by the store
	Case   CaseID
	At     time.Time // UTC
	Actor  string    // user name, or "okienko" for the machine
	Kind   EventKind
	Detail string
}

// Machine is the Actor of what no person did.
const Machine = "okienko"

// Nobody is the Actor where no user is known.
const Nobody = "-"

// EventKind names what happened; the values are stored.
type EventKind string

// The events.
const (
	EventRegistered  EventKind = "registered"
	EventSecondCopy  EventKind = "second_copy" // the same bytes were offered again
	EventJudged      EventKind = "judged"
	EventLinked      EventKind = "linked"
	EventQuarantined EventKind = "quarantined"
	EventLetter      EventKind = "letter" // a letter changed its status
	EventClaimed     EventKind = "claimed"
	EventReleased    EventKind = "released"
	EventReassigned  EventKind = "reassigned" // procedure or desk changed by a clerk
	EventAccepted    EventKind = "accepted"
	EventClosed      EventKind = "closed"
	EventReopened    EventKind = "reopened"
	EventViewed      EventKind = "viewed"     // a person opened the case
	EventDownloaded  EventKind = "downloaded" // a person took a file
	EventNote        EventKind = "note"
	EventHeld        EventKind = "held"    // scanned before the hold of the urn was over
	EventUnheld      EventKind = "unheld"  // a person ended the hold
	EventReceipt     EventKind = "receipt" // a person printed a receipt
	EventAssigned    EventKind = "assigned"
	EventHandedOver  EventKind = "handed_over" // to another desk of the office
	EventForwarding  EventKind = "forwarding"  // the letters of a forwarding to another authority were drafted (KPA art. 65)
	EventForwarded   EventKind = "forwarded"   // and have left
	EventRuled       EventKind = "ruled"       // a person said what became of a requirement
	EventUnlinked    EventKind = "unlinked"
	EventMerged      EventKind = "merged" // closed as a twin of another case
	EventSplit       EventKind = "split"
	EventUndone      EventKind = "undone"      // the person took back their last step
	EventPageOpened  EventKind = "page_opened" // somebody opened the resident's page with the code of the case's letters
)

// The events outside the history of any case, which an Auditor keeps: what people did at the desk.
const (
	EventSignedIn     EventKind = "signed_in"
	EventSignInFailed EventKind = "sign_in_failed"
	EventSignedOut    EventKind = "signed_out"
	EventRefused      EventKind = "refused" // somebody asked for what they may not see or do
	EventUserChanged  EventKind = "user_changed"
	EventToken        EventKind = "token"      // a system was let in, or no more
	EventUrn          EventKind = "urn"        // the count of an emptying was entered, or a difference settled
	EventAuditRead    EventKind = "audit_read" // the audit was shown or exported

	EventRulesDrafted   EventKind = "rules_drafted"   // a draft of the rule book was begun, or imported
	EventRulesChanged   EventKind = "rules_changed"   // a draft got other files
	EventRulesReplayed  EventKind = "rules_replayed"  // a draft was tried on past cases
	EventRulesPublished EventKind = "rules_published" // a draft became a version
	EventRulesDiscarded EventKind = "rules_discarded" // a draft was given up
	EventHaltSwitched   EventKind = "halt_switched"   // automatic letters were halted, or let go again
)

// LetterID numbers letters inside one installation, from 1.
type LetterID int64

// Letter is one message to a resident, from draft to outcome.
type Letter struct {
	ID        LetterID
	Case      CaseID
	Kind      ReplyKind
	Automatic bool // no person approved it
	Status    LetterStatus
	Channel   ingest.Channel
	To        string // address in the Channel
	Subject   string
	Text      string
	MessageID string   // without angle brackets; fixed before the first attempt, so that a second copy would be recognisable
	InReplyTo []string // without angle brackets
	Author    string   // user name, or Machine
	CreatedAt time.Time
	SendingAt time.Time // when the attempt under way began; zero before
	SentAt    time.Time // when the next server took it; zero before
	Detail    string    // why it failed or is unknown; free of personal data
}

// Moved is the line of a case's history that tells what became of a letter; before is "" for a new one.
func (l Letter) Moved(before LetterStatus) string {
	if before == "" {
		return fmt.Sprintf("Pismo %d (%s): %s.", l.ID, l.Kind, l.Status)
	}
	return fmt.Sprintf("Pismo %d (%s): %s → %s.", l.ID, l.Kind, before, l.Status)
}

// LetterStatus says how far a letter is (promise P3: one reply at most).
type LetterStatus string

// The letter statuses and what may follow: draft -> queued | cancelled; held -> queued | cancelled; queued -> sending;
// sending -> sent | queued (surely not sent) | failed | unknown; sent -> failed (the platform refused it after it had taken it
// over, see Delivery). unknown is never sent again by the machine.
const (
	LetterDraft     LetterStatus = "draft"     // a clerk writes
	LetterHeld      LetterStatus = "held"      // would have been sent: a limit or the circuit breaker holds it
	LetterQueued    LetterStatus = "queued"    // to be sent
	LetterSending   LetterStatus = "sending"   // the intent is durable, the outcome is not known yet
	LetterSent      LetterStatus = "sent"      // taken over by the next server
	LetterFailed    LetterStatus = "failed"    // refused for good
	LetterUnknown   LetterStatus = "unknown"   // interrupted while sending: a person must check
	LetterCancelled LetterStatus = "cancelled" // withdrawn before it left
)

// Role is what a user may do.
type Role string

// The roles.
const (
	RoleClerk Role = "clerk" // works on the cases of its desks
	RoleAdmin Role = "admin" // sees everything, tunes the rules, manages users
)

// User is a person who signs in at the desk.
type User struct {
	Name         string // sign-in name, lower case
	FullName     string
	Position     string // stands below the letters a clerk signs (KPA art. 54 § 2): "inspektor"; "" until known
	Role         Role
	Desks        []string // a clerk sees these desks' cases and DeskRegistry's; nil: all
	PasswordHash string   // argon2id in PHC form
	Disabled     bool
}

// Example is a correction a clerk made, kept to learn from and to replay rules on.
type Example struct {
	Case   CaseID
	At     time.Time
	Actor  string
	Before schemas.ProcedureID
	After  schemas.ProcedureID
}
