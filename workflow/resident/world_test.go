package resident

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"okienko/ingest"
	"okienko/internal/web"
	"okienko/schemas"
	"okienko/validate"
	"okienko/workflow"
	"okienko/workflow/files"
	"okienko/workflow/reply"
	"okienko/workflow/store"
	"okienko/workflow/workflowtest"
)

func TestMain(m *testing.M) { workflowtest.Main(m) }

// databases are where what is kept is tested.
var databases = map[string]func(t *testing.T) string{
	"SQLite": func(t *testing.T) string {
		path := filepath.Join(t.TempDir(), "okienko.db")
		if err := store.Migrate(t.Context(), path); err != nil {
			t.Fatal(err)
		}
		return path
	},
	"PostgreSQL": func(t *testing.T) string {
		return workflowtest.PostgresLike(t, func(url string) error { return store.Migrate(context.Background(), url) })
	},
}

// world is the page on a real database, with the real letters, codes and evidence behind it.
type world struct {
	*testing.T
	handler  http.Handler
	store    *store.Store
	evidence *files.Evidence
	codes    reply.Codes
	composer *reply.Composer
	log      *safeBuffer
	offset   *atomic.Int64
	accept   *atomic.Pointer[ingest.AcceptFunc]
	address  string // where requests come from
}

// safeBuffer is a log that handlers write at once.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(b)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func newWorld(t *testing.T, database string, change ...func(*Deps)) *world {
	t.Helper()
	w := &world{T: t, log: &safeBuffer{}, offset: &atomic.Int64{}, accept: &atomic.Pointer[ingest.AcceptFunc]{}, address: "192.0.2.1:4711"}
	var err error
	w.store, err = store.Open(t.Context(), databases[database](t), w.now)
	w.must(err)
	t.Cleanup(func() { w.must(w.store.Close()) })
	w.evidence, err = files.Open(filepath.Join(t.TempDir(), "evidence"))
	w.must(err)
	catalog, err := catalogue()
	w.must(err)
	w.codes, err = reply.NewCodes([]byte("a secret for tests only"))
	w.must(err)
	w.composer, err = reply.New(reply.Config{Office: reply.Kraków(), Procedures: catalog, Codes: w.codes, Page: "https://uzupelnij.um.example"})
	w.must(err)
	pipeline := &workflow.Pipeline{Store: w.store, Evidence: w.evidence, Now: w.now}
	accept := ingest.AcceptFunc(pipeline.Accept)
	w.accept.Store(&accept)
	deps := Deps{
		Config: Config{Listener: web.Listener{Listen: "127.0.0.1:8082"}, Uploads: true, MostFiles: 3, MostBytes: 1 << 20},
		Office: Office{Name: "Urząd Miasta Krakowa", Phone: "12 616 55 55", Hours: "w dni robocze", BIP: "https://bip.example", Controller: "Prezydent", Privacy: "https://bip.example/rodo"},
		Cases:  w.store, Codes: w.codes, Lacking: lacking{w.composer}, Journal: journal{w.store}, Filed: w.store,
		Accept: func(ctx context.Context, e ingest.Envelope) error { return (*w.accept.Load())(ctx, e) },
		Now:    w.now, Log: slog.New(slog.NewTextHandler(w.log, nil)),
	}
	for _, c := range change {
		c(&deps)
	}
	w.handler, err = New(deps)
	w.must(err)
	return w
}

var catalogue = sync.OnceValues(schemas.Default)

// lacking asks the composer, as the program does.
type lacking struct{ composer *reply.Composer }

func (l lacking) Lacking(c workflow.Case, j workflow.Judgement) (items []Item, ways []Way, err error) {
	view := l.composer.Page(c, j)
	for _, i := range view.Lacking {
		items = append(items, Item(i))
	}
	for _, w := range view.Ways {
		ways = append(ways, Way{string(w.Kind), w.Place})
	}
	return items, ways, nil
}

// journal writes into the real store.
type journal struct{ *store.Store }

func (j journal) Opened(ctx context.Context, id workflow.CaseID) error {
	return j.Tx(ctx, func(tx workflow.Tx) error {
		return tx.Append(ctx, workflow.Event{Case: id, Actor: workflow.Nobody, Kind: workflow.EventPageOpened})
	})
}

func (j journal) Refused(ctx context.Context, detail string) error {
	return j.Audit(ctx, workflow.Nobody, workflow.EventRefused, detail)
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) now() time.Time { return time.Now().Add(time.Duration(w.offset.Load())) }

// secrets are what a case knows of a person; no page may show any of it.
var secrets = []string{"Katarzyna", "Wrona", "82051404583", "wrona@poczta.example", "Skarga na sąsiada", "rejestracja_pojazdu", "Rejestracja pojazdu"}

// take registers a case that lacks a contract and a signature, and whose address could not be read.
func (w *world) take() workflow.Case {
	w.Helper()
	c := workflow.Case{
		Submission: ingest.Submission{Source: "poczta", Channel: ingest.Scan, Item: "1", ReceivedAt: w.now(),
			Originals: []ingest.Original{{Role: "body", Digest: ingest.DigestOf([]byte(w.now().String()))}}},
		Stage: workflow.StageDone, Status: workflow.StatusOpen, Procedure: "rejestracja_pojazdu", Subject: "Skarga na sąsiada",
		Sender: ingest.Party{Name: "Katarzyna Wrona", Address: "wrona@poczta.example"}, Route: workflow.Route{Desk: "KM"},
	}
	finding := func(id, pl, en string, o validate.Outcome) validate.Finding {
		return validate.Finding{Requirement: id, Label: schemas.Text{PL: pl, EN: en}, Outcome: o, Consequence: schemas.Art64p2, Because: "PESEL 82051404583 Katarzyny Wrony"}
	}
	w.must(w.store.Tx(w.Context(), func(tx workflow.Tx) error {
		if _, err := tx.Create(w.Context(), &c); err != nil {
			return err
		}
		if err := tx.Update(w.Context(), &c); err != nil {
			return err
		}
		return tx.Judged(w.Context(), c.ID, workflow.Judgement{Findings: []validate.Finding{
			finding("umowa", "Umowa kupna", "Contract of sale", validate.Missing), finding("vin", "Numer VIN", "VIN", validate.Unreadable),
			finding("pesel", "PESEL wnioskodawcy", "PESEL of the applicant", validate.Met)}})
	}))
	return c
}

// answered is a page as a browser got it.
type answered struct {
	*httptest.ResponseRecorder
	body string
}

func (w *world) do(req *http.Request) answered {
	w.Helper()
	req.RemoteAddr = w.address
	rec := httptest.NewRecorder()
	w.handler.ServeHTTP(rec, req.WithContext(w.Context()))
	return answered{rec, rec.Body.String()}
}

func (w *world) open(code, lang string) answered {
	w.Helper()
	req := httptest.NewRequest(http.MethodPost, "/?lang="+lang, strings.NewReader(url.Values{"code": {code}}.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return w.do(req)
}

// file is a file of a form.
type file struct{ name, media, content string }

func (w *world) send(code, text string, list ...file) answered {
	w.Helper()
	return w.do(formRequest(w.T, code, text, list...))
}

func formRequest(t *testing.T, code, text string, list ...file) *http.Request {
	t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	write := func(part io.Writer, err error, content string) {
		if err == nil {
			_, err = io.WriteString(part, content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	part, err := form.CreateFormField("code")
	write(part, err, code)
	part, err = form.CreateFormField("text")
	write(part, err, text)
	for _, f := range list {
		part, err := form.CreatePart(textproto.MIMEHeader{"Content-Disposition": {multipart.FileContentDisposition("file", f.name)}, "Content-Type": {f.media}})
		write(part, err, f.content)
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	req := httptest.NewRequest(http.MethodPost, "/send?lang=pl", &b)
	req.Header.Set("Content-Type", form.FormDataContentType())
	return req
}

// supplements are what came through the page, oldest first.
func (w *world) supplements() []workflow.Case {
	w.Helper()
	list, err := w.store.Queue(w.Context(), workflow.QueueQuery{Channel: ingest.Page})
	w.must(err)
	var all []workflow.Case
	for _, row := range list {
		c, err := w.store.Case(w.Context(), row.ID)
		w.must(err)
		all = append(all, c)
	}
	return all
}

func (w *world) keepsSecrets(p answered) {
	w.Helper()
	for _, secret := range secrets {
		if strings.Contains(p.body, secret) {
			w.Errorf("the page says %q", secret)
		}
	}
}

var numberForm = regexp.MustCompile(`RPW/\d+/\d{4}`)

var errDisk = errors.New("no space left on device")
