package desk

import (
	"okienko/classify"
	"okienko/ingest"
	"okienko/schemas"
	"okienko/validate"
	"okienko/workflow"
)

// messages is everything the desk says in one language: messages_pl.go and messages_en.go each hold one. A key is a field, so a
// page cannot ask for one that does not exist; TestNoMessageIsMissing holds both languages against every field and every
// constant of the nouns.
type messages struct {
	Code   string // of the language, BCP 47
	Name   string // of the language, in itself
	Yes    string
	No     string
	Layout layoutText

	Channel       map[ingest.Channel]string
	Status        map[workflow.Status]string
	Nature        map[classify.Nature]string
	Regime        map[schemas.Regime]string
	Outcome       map[validate.Outcome]string
	Consequence   map[schemas.Consequence]string
	Reply         map[workflow.ReplyKind]string
	LetterStatus  map[workflow.LetterStatus]string
	Event         map[workflow.EventKind]string
	SignatureKind map[validate.SignatureKind]string
	ReadProblem   map[ingest.ProblemCode]string
	TextFrom      map[ingest.TextFrom]string
	UserRole      map[workflow.Role]string
	Role          map[string]string // of an original: ingest.Original.Role
	Field         map[string]string // ingest.FieldPESEL …, those of shownFields
	Kind          map[string]string // ingest.Kind.ID
	Languages     map[string]string // of a letter

	Minutes, Hours, DaysAgo, Pages, Wait counted
	DaysLeft, DaysLate                   counted
	Missing, MissingShort, UnsureShort   counted
	Today, Tomorrow, NoTerm, Ended, Now  string
	Weekdays                             [7]string // Sunday first, short
	Months                               [12]string

	SignIn    signInText
	Queue     queueText
	Case      caseText
	Editor    editorText
	Delivery  deliveryText
	Post      postText
	Text      textText
	Sources   sourcesText
	Urns      urnsText
	Pictures  picturesText
	Paper     paperText
	Work      workText
	Users     usersText
	Password  passwordText
	Help      helpText
	Problem   problemText
	QueueWork queueWorkText
	Workshop  workshopText
	Numbers   numbersText
	Audit     auditText
}

// counted is a phrase with a number in it ("%d"), in the plural forms of Polish; other languages repeat the ones they have.
type counted struct{ One, Few, Many string }

type layoutText struct {
	Skip, Nav, Queue, Sources, Urns, Rules, Held, Numbers, Users, Audit, Help, Password, SignOut, Expiring, Stay string
}

type signInText struct {
	Title, Heading, Office, Name, Password, Button, Forgotten, Wrong, TooMany, Ended, Kept string
}

type queueText struct {
	Title, Caption, TabsLabel, Filters                                        string
	Tabs                                                                      map[string]string
	Words, WordsHint, Desk, AnyDesk, Service, AnyService, Channel, AnyChannel string
	Owner, AnyOwner, OwnerMe, OwnerNobody, Apply, Clear, Registry, Tests      string
	ColNumber, ColLetter, ColService, ColMissing, ColDue, ColStatus, ColOwner string
	NoSubject, NoSender, NotJudged, NothingMissing, Claim, NoOwner            string
	Empty, EmptyFiltered, Paging, FirstPage, NextPage                         string
	Sure, Likely, Unsure, ByClerk                                             string
}

type caseText struct {
	Desk, OwnedBy, Unclaimed, NextStep                                                                     string
	DoCall, DoWrite, DoDraft, DoAccept, DoClaim, DoRelease, DoReopen, DoTakeOver, DoService, DoClose       string
	TakeOverAsk, TakeOverYes                                                                               string
	Alternatives, ServiceLabel, ServiceHint, ServiceButton, ServiceChanged                                 string
	CloseLegend, CloseText, CloseButton, CloseNeedsText, Closed, NoPersonal                                string
	CloseReasons                                                                                           map[string]string
	What, ConfidenceLabel, OtherMatters, InPerson, Redirect, MarkWhy, WholeReasons, LegendWhy, LegendFound string
	Clock, Received, Due, Legal, Fee, FeeProof, KnownByRegister                                            string
	Known                                                                                                  map[ingest.Channel]string
	Effective                                                                                              map[validate.Truth]string
	Who, Sender, Proxy, Language, BadDigit                                                                 string
	ProxyIs                                                                                                map[validate.Truth]string
	Letter, WholeText, NoText, NotYet, LetterItself                                                        string
	Documents, ByOCR, TextLink, Preview, Originals                                                         string
	Completeness, AllThere, NothingAsked, Unread, Present, NotRequired, ShowPlace                          string
	Signatures, NoSignatures, Details, SigDocument, SigKind, SigIntact, SigVerdict, SigSigner              string
	SigTime, SigCovers, SigBroken, SigWarnings                                                             string
	Letters, LetterRead, To, UnknownAsk, LetterRelease, LetterArrived, LetterAgain                         string
	LetterCancel                                                                                           string
	Proofs, ProofDocument                                                                                  string
	Proof                                                                                                  map[workflow.ProofVerdict]string
	Links, LinkProposed, LinkElsewhere                                                                     string
	LinkEarlier, LinkLater                                                                                 map[workflow.LinkKind]string
	History, JudgedAs, Readings, AddNote, NoteLabel, NoteButton, NoteKept, Machine, Done                   string
	Steps                                                                                                  stepsText
}

type stepsText struct {
	Processing, Closed, Quarantined, NotSubmission, Waiting, Accepted, Unsure, Ineffective, Draft, Check, Complete, Others string
}

// letterText is what the editor says about one kind of letter.
type letterText struct {
	Title, SendHint, PaperHint, Sent, Posted string
	Checks                                   []string
}

type editorText struct {
	Of                                                                         map[workflow.ReplyKind]letterText
	Nothing, Back, Paper, Subject, SubjectHint, Body, DoSend, DoPosted, DoSave string
	Lacks, CheckHeading, Saved, PersonalSubject, Placeholder                   string
}

type textText struct{ Title, File string }

type sourcesText struct {
	Title, Intro, Caption, Balanced, Unbalanced, Source, Seen, Registered, Duplicates, Quarantined, Pending, Gone, GoneHint string
	Verdict, Last, RowBalanced, RowUnbalanced, Never, None                                                                  string
}

type usersText struct {
	Title, Name, NameHint, FullName, Position, PositionHint, Role, Desks, DesksHint, AllDesks, RegistryOnly, State, Active, Disabled string
	AddHeading, Add, ClerkIs, AdminIs, Password, PasswordHint, Rights, Save, NewPassword, SetPassword                                string
	Enable, Disable, DisableHint, NotSelf                                                                                            string
	WrongName, Taken, WrongFullName, WrongPosition, PasswordShort, PasswordLong, PasswordName                                        string
	Added, Saved, DisabledDone, EnabledDone, PasswordSet                                                                             string
}

type passwordText struct{ Title, Old, New, Button, Hint, Wrong, Later, Changed string }

type helpText struct {
	Title, Keys, KeysIntro, KeysOn, KeysOff, Marks, Statuses, Privacy, PrivacyText string
	KeyList                                                                        []keyHelp
	MarkList                                                                       []markHelp
	StatusList                                                                     []statusHelp
}

type keyHelp struct {
	Keys []string
	Does string
}

type markHelp struct{ Icon, Name, Means string }

type statusHelp struct {
	Status workflow.Status
	Means  string
}

type problemText struct {
	NotFound, NotFoundText, Forbidden, ForbiddenText, BadRequest, BadRequestText, TooLarge, TooLargeText, Failed, FailedText string
	ToStart, Empty, TooLong, Choose                                                                                          string
	Conflict, ConflictText, NotNow, Meanwhile, Yours, SeeCase, Anyway                                                        string
	Taken, NotOwner, Finished, NotClosed, Accepted, Machine, SameThing, Letter, NoAddress, NoService                         string
	Fields                                                                                                                   map[string]string
}
