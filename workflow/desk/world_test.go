package desk

import (
	"context"
	"errors"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	_ "time/tzdata" // the tests must not depend on the zone data of the machine

	"okienko/classify"
	"okienko/ingest"
	"okienko/ingest/read/field"
	"okienko/ingest/read/kind"
	"okienko/schemas"
	"okienko/validate"
	"okienko/workflow"
	"okienko/workflow/files"
	"okienko/workflow/reply"
	"okienko/workflow/store"
)

// world is a desk on a real database, with the real catalogue, classification, completeness, letters and evidence behind it.
type world struct {
	*testing.T
	desk     *desk
	server   *httptest.Server // once somebody has a browser
	store    *store.Store
	evidence *files.Evidence
	audit    *auditLog
	judge    judge
	offset   *atomic.Int64 // how far the clock of the world is ahead
}

// cheap makes passwords of tests quick to check.
var cheap = cost{memory: 64, time: 1, threads: 1}

// password is everybody's.
const password = "koń bateria zszywka"

// officeToday is the policy of the tests: the office treats ePUAP as its own account.
var officeToday = validate.Policy{EPUAPAccepted: validate.True}

// emptyDatabase is a migrated SQLite file, made once.
var emptyDatabase = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "okienko-desk")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "okienko.db")
	if err := store.Migrate(context.Background(), path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

var catalogue = sync.OnceValues(schemas.Default)

// newWorld opens an office with an administrator (admin) and clerks of the desks KM (anna, piotr) and SA (sara).
func newWorld(t *testing.T, change ...func(*Deps)) *world {
	t.Helper()
	w := &world{T: t, audit: &auditLog{}, offset: &atomic.Int64{}}
	w.open()
	catalog, err := catalogue()
	w.must(err)
	w.judge = newJudge(t, catalog)
	deps := Deps{
		Config: Config{Listen: "127.0.0.1:8080"}, Store: w.store, Records: w.store, Accounts: w.store, Overview: w.store,
		Sessions: w.store.Sessions(), Procedures: catalog, Files: evidenceFiles{w.evidence, w.store}, Drafter: w.judge, Rejudger: w,
		Auditor: w.audit, Now: w.now, Log: slog.New(slog.NewTextHandler(testWriter{t}, nil)),
	}
	for _, c := range change {
		c(&deps)
	}
	w.desk, err = newDesk(deps, cheap)
	w.must(err)
	w.hire("admin", "Ada Kierownik", workflow.RoleAdmin)
	w.hire("anna", "Anna Nowak", workflow.RoleClerk, "KM")
	w.hire("piotr", "Piotr Zieliński", workflow.RoleClerk, "KM")
	w.hire("sara", "Sara Wójcik", workflow.RoleClerk, "SA")
	return w
}

func (w *world) open() {
	w.Helper()
	empty, err := emptyDatabase()
	w.must(err)
	path := filepath.Join(w.TempDir(), "okienko.db")
	w.must(os.WriteFile(path, empty, 0o600))
	w.store, err = store.Open(w.Context(), path, w.now)
	w.must(err)
	w.Cleanup(func() { w.must(w.store.Close()) })
	w.evidence, err = files.Open(filepath.Join(w.TempDir(), "evidence"))
	w.must(err)
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// now is the clock of the desk and of the store.
func (w *world) now() time.Time { return time.Now().Add(time.Duration(w.offset.Load())) }

// later moves the clock.
func (w *world) later(d time.Duration) { w.offset.Add(int64(d)) }

func (w *world) hire(name, fullName string, role workflow.Role, desks ...string) {
	w.Helper()
	w.must(w.store.SaveUser(context.Background(), workflow.User{Name: name, FullName: fullName, Role: role, Desks: desks,
		PasswordHash: cheap.hash(password)}))
}

// Case reads a case back.
func (w *world) get(id workflow.CaseID) workflow.Case {
	w.Helper()
	c, err := w.store.Case(w.Context(), id)
	w.must(err)
	return c
}

// history returns the kinds of events of a case, oldest first, without readings.
func (w *world) history(id workflow.CaseID) string {
	w.Helper()
	events, err := w.store.Events(w.Context(), id)
	w.must(err)
	var kinds []string
	for _, e := range events {
		if !isReading(e.Kind) {
			kinds = append(kinds, string(e.Kind))
		}
	}
	return strings.Join(kinds, " ")
}

func (w *world) letters(id workflow.CaseID) []workflow.Letter {
	w.Helper()
	list, err := w.store.CaseLetters(w.Context(), id)
	w.must(err)
	return list
}

// Rejudge is the Rejudger of the world: the same parts as the pipeline, for the procedure a clerk chose.
func (w *world) Rejudge(ctx context.Context, id workflow.CaseID, p schemas.ProcedureID) (workflow.Judgement, error) {
	c, err := w.store.Case(ctx, id)
	if err != nil {
		return workflow.Judgement{}, err
	}
	old, err := w.store.Judgement(ctx, id)
	if err != nil {
		return workflow.Judgement{}, err
	}
	return w.judge.as(p, c.Submission, old), nil
}

// judge puts the real parts of the judgement together.
type judge struct {
	catalog  schemas.Catalog
	rules    *classify.Ruleset
	composer *reply.Composer
}

func newJudge(t *testing.T, catalog schemas.Catalog) judge {
	t.Helper()
	rules, err := rulesToday()
	if err != nil {
		t.Fatal(err)
	}
	codes, err := reply.NewCodes([]byte("a secret for tests only"))
	if err != nil {
		t.Fatal(err)
	}
	composer, err := reply.New(reply.Config{Office: reply.Kraków(), Procedures: catalog, Codes: codes, Policy: officeToday})
	if err != nil {
		t.Fatal(err)
	}
	return judge{catalog, rules, composer}
}

var rulesToday = sync.OnceValues(func() (*classify.Ruleset, error) {
	catalog, err := catalogue()
	if err != nil {
		return nil, err
	}
	return classify.Default(catalog, time.Now())
})

// Call is the Drafter of the world.
func (j judge) Call(c workflow.Case, of workflow.Judgement, by workflow.User, at time.Time) (workflow.Letter, error) {
	l, err := j.composer.DraftCall(c, of, reply.Call{Clerk: reply.Clerk{User: by.Name, Name: by.FullName, Position: "inspektor"}, At: at})
	if errors.Is(err, reply.ErrNothingToCall) {
		return l, ErrNothingToCall
	}
	return l, err
}

// judge decides about contents as the pipeline would.
func (j judge) judge(sub ingest.Submission, c ingest.Contents, signatures []validate.SignatureReport) workflow.Judgement {
	out := workflow.Judgement{At: time.Now(), Contents: c, Signatures: signatures, Decision: j.rules.Decide(classify.FeaturesOf(sub, c))}
	return j.as(out.Decision.Procedure, sub, out)
}

// as judges as if the letter were about the procedure.
func (j judge) as(id schemas.ProcedureID, sub ingest.Submission, out workflow.Judgement) workflow.Judgement {
	p, ok := j.catalog.Procedure(id, sub.ReceivedAt)
	if !ok {
		return out
	}
	out.Conditions = validate.Conditions(sub, out.Contents, p)
	out.Legal = validate.Effectiveness(p, sub.Channel, sub.ReceivedAt, officeToday)
	out.Findings = validate.Completeness(sub, out.Contents, out.Signatures, p, out.Conditions)
	out.Route = workflow.Route{Desk: p.Desk, Because: "Usługa: " + p.Title.PL + "."}
	return out
}

// evidenceFiles opens originals and documents, which the world keeps both as evidence.
type evidenceFiles struct {
	evidence *files.Evidence
	records  workflow.Records
}

func (f evidenceFiles) Original(ctx context.Context, c workflow.Case, d ingest.Digest) (File, error) {
	body, err := f.evidence.Open(ctx, d)
	return File{Body: body, MediaType: c.Submission.Body().MediaType, Name: c.Submission.Body().Name}, err
}

func (f evidenceFiles) Document(ctx context.Context, c workflow.Case, id string) (File, error) {
	j, err := f.records.Judgement(ctx, c.ID)
	if err != nil {
		return File{}, err
	}
	for _, r := range j.Contents.Readings {
		if r.Document.ID == id && r.Document.Digest != "" {
			body, err := f.evidence.Open(ctx, r.Document.Digest)
			return File{Body: body, Name: r.Document.Name, MediaType: r.Document.MediaType}, err
		}
	}
	return File{}, workflow.ErrNotFound
}

// auditLog is the Auditor of the world. It fails while down is set.
type auditLog struct {
	mu    sync.Mutex
	lines []string
	down  error
}

func (a *auditLog) Audit(_ context.Context, actor string, kind workflow.EventKind, detail string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.down == nil {
		a.lines = append(a.lines, actor+" "+string(kind)+" "+detail)
	}
	return a.down
}

// last returns the last line, "" if there is none.
func (a *auditLog) last() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.lines) == 0 {
		return ""
	}
	return a.lines[len(a.lines)-1]
}

// testWriter sends the desk's log to the test's.
type testWriter struct{ t *testing.T }

func (w testWriter) Write(b []byte) (int, error) {
	w.t.Log(strings.TrimSpace(string(b)))
	return len(b), nil
}

// paper is a document beside a letter, as a test writes it down.
type paper struct {
	name, media, text string
	problem           ingest.ProblemCode
	pages             int
	ocr               bool
}

// filing is a submission, as a test writes it down.
type filing struct {
	channel    ingest.Channel
	from       ingest.Party
	subject    string
	text       string
	papers     []paper
	ago        time.Duration
	signatures []validate.SignatureReport
	language   string
	quarantine string // the reason; "" if it was judged
}

// contents reads the filing with the real finders of fields and kinds.
func (f filing) contents(at time.Time) ingest.Contents {
	c := ingest.Contents{Letter: ingest.Letter{From: f.from, Subject: f.subject, Date: at, Language: f.language,
		MessageID: string(ingest.DigestOf([]byte(f.subject + f.text)))[:16] + "@poczta.example"}}
	if f.language == "" {
		c.Letter.Language = "pl"
	}
	letter := ingest.Document{ID: "0", MediaType: "text/plain", Bytes: int64(len(f.text))}
	if f.channel == ingest.Scan {
		letter.Name, letter.MediaType = "skan-01.pdf", "application/pdf"
	}
	c.Readings = append(c.Readings, reading0(letter, f.text, f.channel == ingest.Scan, at))
	for i, p := range f.papers {
		doc := ingest.Document{ID: string(rune('1' + i)), Name: p.name, MediaType: p.media, Bytes: int64(len(p.text)*40 + 81_234),
			Digest: ingest.DigestOf(p.bytes())}
		r := reading0(doc, p.text, p.ocr, at)
		r.Pages = p.pages
		if p.problem != "" {
			r.Problems = []ingest.Problem{{Code: p.problem, Document: doc.ID}}
		}
		c.Readings = append(c.Readings, r)
	}
	return c
}

func (p paper) bytes() []byte { return []byte("%%" + p.name + "\n" + p.text) }

func reading0(doc ingest.Document, text string, ocr bool, at time.Time) ingest.Reading {
	r := ingest.Reading{Document: doc, Text: text, TextFrom: ingest.TextEmbedded, Fields: field.Find(text, doc.ID, at),
		Kinds: kind.Guess(doc.Name, doc.MediaType, text)}
	switch {
	case text == "":
		r.TextFrom = ingest.TextNone
	case ocr:
		r.TextFrom = ingest.TextOCR
	}
	return r
}

// take registers a filing, judges it and puts it on its desk, as the pipeline would.
func (w *world) take(f filing) workflow.Case {
	w.Helper()
	at := w.now().Add(-f.ago).UTC().Truncate(time.Second)
	raw := []byte("From: " + f.from.Address + "\nSubject: " + f.subject + "\n\n" + f.text)
	digest, size, err := w.evidence.Put(w.Context(), strings.NewReader(string(raw)))
	w.must(err)
	for _, p := range f.papers {
		_, _, err := w.evidence.Put(w.Context(), strings.NewReader(string(p.bytes())))
		w.must(err)
	}
	sub := ingest.Submission{Source: string(f.channel), Channel: f.channel, Item: string(digest), ReceivedAt: at,
		Originals: []ingest.Original{{Role: "body", Name: "message.eml", MediaType: "message/rfc822", Digest: digest, Size: size}}}
	if f.channel == ingest.Scan {
		sub.Originals[0].Name, sub.Originals[0].MediaType = "skan-01.pdf", "application/pdf"
	}
	c := workflow.Case{Submission: sub, Stage: workflow.StageJudge, Status: workflow.StatusProcessing, RegisteredAt: at.Add(3 * time.Second)}
	w.must(w.store.Tx(w.Context(), func(tx workflow.Tx) error { return w.register(tx, &c, f) }))
	return w.get(c.ID)
}

func (w *world) register(tx workflow.Tx, c *workflow.Case, f filing) error {
	ctx := w.Context()
	if _, err := tx.Create(ctx, c); err != nil {
		return err
	}
	note := func(after time.Duration, kind workflow.EventKind, detail string) error {
		return tx.Append(ctx, workflow.Event{Case: c.ID, At: c.RegisteredAt.Add(after), Actor: workflow.Machine, Kind: kind, Detail: detail})
	}
	if err := tx.Settle(ctx, c.Submission.Source, c.Submission.Item, workflow.ReceiptRegistered, c.ID); err != nil {
		return err
	}
	if err := note(0, workflow.EventRegistered, ""); err != nil {
		return err
	}
	c.Sender, c.Subject = f.from, f.subject
	if f.quarantine != "" {
		c.Status, c.Reason, c.Route = workflow.StatusQuarantined, f.quarantine, workflow.Route{Desk: workflow.DeskRegistry}
		if err := note(time.Second, workflow.EventQuarantined, f.quarantine); err != nil {
			return err
		}
		return tx.Update(ctx, c)
	}
	j := w.judge.judge(c.Submission, f.contents(c.Submission.ReceivedAt), f.signatures)
	if err := tx.Judged(ctx, c.ID, j); err != nil {
		return err
	}
	w.settle(c, j)
	if err := note(2*time.Second, workflow.EventJudged, ""); err != nil {
		return err
	}
	return tx.Update(ctx, c)
}

// settle copies what the judgement says into the case.
func (w *world) settle(c *workflow.Case, j workflow.Judgement) {
	c.Stage, c.Status = workflow.StageDone, workflow.StatusOpen
	c.Nature, c.Procedure, c.Confidence, c.DecidedBy = j.Decision.Nature, j.Decision.Procedure, j.Decision.Confidence, j.Decision.DecidedBy
	c.Route, c.Missing = j.Route, countMissing(j.Findings)
	if c.Nature != classify.NatureSubmission {
		c.Status, c.Route = workflow.StatusClosed, workflow.Route{Desk: workflow.DeskRegistry}
	}
	if c.DecidedBy == classify.ByNone {
		c.Route = workflow.Route{Desk: workflow.DeskRegistry, Because: "Program nie jest pewien usługi."}
	}
	if p, ok := w.judge.catalog.Procedure(c.Procedure, c.Submission.ReceivedAt); ok {
		c.DueAt = dueAt(*c, p, j.Legal)
	}
}
