package desk

import (
	"context"
	"errors"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	_ "time/tzdata" // the tests must not depend on the zone data of the machine

	"okienko/classify"
	"okienko/ingest"
	"okienko/internal/web"
	"okienko/schemas"
	"okienko/validate"
	"okienko/workflow"
	"okienko/workflow/files"
	"okienko/workflow/reply"
	"okienko/workflow/rulebook"
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
	judge    workflow.Judge
	library  *rulebook.Library
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
	drafter := newDrafter(t, catalog)
	pipeline := &workflow.Pipeline{Store: w.store, Records: w.store, Judge: w.judge, Composer: drafter.composer, Now: w.now, Secret: []byte("a secret for tests only")}
	deps := Deps{
		Config: Config{Listener: web.Listener{Listen: "127.0.0.1:8080"}}, Store: w.store, Records: w.store, Accounts: w.store, Overview: w.store,
		Sessions: w.store.Sessions(), Deliveries: w.store, Urns: w.store, Sites: urns, MailDomain: "um.krakow.example", Procedures: catalog, Files: evidenceFiles{w.evidence, w.store}, Drafter: drafter,
		Rejudger: pipeline, Casework: pipeline,
		Queues: w.store, Views: w.store, Contacts: w.store,
		Rules: w.workshop(), Numbers: w.store,
		Auditor: w.audit, AuditLog: w.store, Pages: drawnPages{}, Now: w.now, Log: slog.New(slog.NewTextHandler(testWriter{t}, nil)),
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
	w.must(w.store.SaveUser(context.Background(), workflow.User{Name: name, FullName: fullName, Position: "inspektor", Role: role, Desks: desks,
		PasswordHash: cheap.hash(password)}))
}

// Case reads a case back.
func (w *world) get(id workflow.CaseID) workflow.Case {
	w.Helper()
	c, err := w.store.Case(w.Context(), id)
	w.must(err)
	return c
}

// events returns the history of a case with readings, oldest first.
func (w *world) events(id workflow.CaseID) []workflow.Event {
	w.Helper()
	events, err := w.store.Events(w.Context(), id)
	w.must(err)
	return events
}

// happened returns the history of a case without readings.
func (w *world) happened(id workflow.CaseID) []workflow.Event {
	w.Helper()
	return slices.DeleteFunc(w.events(id), func(e workflow.Event) bool { return isReading(e.Kind) })
}

// history returns the kinds of what happened, in a line.
func (w *world) history(id workflow.CaseID) string {
	w.Helper()
	var kinds []string
	for _, e := range w.happened(id) {
		kinds = append(kinds, string(e.Kind))
	}
	return strings.Join(kinds, " ")
}

func (w *world) letters(id workflow.CaseID) []workflow.Letter {
	w.Helper()
	list, err := w.store.CaseLetters(w.Context(), id)
	w.must(err)
	return list
}

// newJudge puts the real parts of the judgement together.
func newJudge(t *testing.T, catalog schemas.Catalog) workflow.Judge {
	t.Helper()
	rules, err := rulesToday()
	if err != nil {
		t.Fatal(err)
	}
	return workflow.Judge{Rules: rules, Catalog: catalog, Policy: officeToday}
}

var rulesToday = sync.OnceValues(func() (*classify.Ruleset, error) {
	catalog, err := catalogue()
	if err != nil {
		return nil, err
	}
	return classify.Default(catalog, time.Now())
})

// drafter writes calls with the real composer.
type drafter struct{ composer *reply.Composer }

func newDrafter(t *testing.T, catalog schemas.Catalog) drafter {
	t.Helper()
	codes, err := reply.NewCodes([]byte("a secret for tests only"))
	if err != nil {
		t.Fatal(err)
	}
	composer, err := reply.New(reply.Config{Office: reply.Kraków(), Procedures: catalog, Codes: codes, Policy: officeToday})
	if err != nil {
		t.Fatal(err)
	}
	return drafter{composer}
}

// Call implements Drafter.
func (d drafter) Call(c workflow.Case, of workflow.Judgement, by workflow.User, at time.Time) (workflow.Letter, error) {
	l, err := d.composer.DraftCall(c, of, reply.Call{Clerk: clerk(by), At: at})
	if errors.Is(err, reply.ErrNothingToCall) {
		return l, ErrNothingToCall
	}
	return l, err
}

// Letter implements Drafter.
func (d drafter) Letter(c workflow.Case, of workflow.Judgement, by workflow.User, at time.Time) (workflow.Letter, error) {
	return d.composer.DraftLetter(c, of, clerk(by), at)
}

// Forward implements Drafter.
func (d drafter) Forward(c workflow.Case, j workflow.Judgement, by workflow.User, at time.Time, to Authority) (notice, cover workflow.Letter, err error) {
	f := reply.Forward{Clerk: clerk(by), At: at, Authority: to.Name, Address: to.Address, Because: to.Because}
	if notice, err = d.composer.DraftForward(c, j, f); err != nil {
		return notice, cover, err
	}
	cover, err = d.composer.DraftPassOn(c, j, f)
	return notice, cover, err
}

func clerk(u workflow.User) reply.Clerk {
	return reply.Clerk{User: u.Name, Name: u.FullName, Position: u.Position}
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

func (f evidenceFiles) Proof(ctx context.Context, p workflow.Proof) (File, error) {
	body, err := f.evidence.Open(ctx, p.Digest)
	return File{Body: body, MediaType: "application/xml"}, err
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
