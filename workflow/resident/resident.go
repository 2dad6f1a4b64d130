// Package resident owns the page a resident opens with the code of a letter: what is still missing in one case, how to send it,
// and, where the office allows it, a form to send it here. It needs no account and no script, speaks Polish, English and
// Ukrainian, and prints.
//
// The code is a bearer secret. It travels in the bodies of POST requests only, never in an address: addresses end in logs, in
// histories and in Referer headers, bodies do not. Nothing is kept between two requests; the page carries the code in its own
// forms. Whoever has no code learns nothing, not even whether a case exists: a wrong code, an unknown case and a closed case get
// one answer.
//
// What is sent here is a submission like any other, durable before the number is shown. The package refuses to know who a
// resident is, what lacks by which law, and how anything is stored; it asks through the interfaces below. Read next: open.go for
// the code, send.go for the upload, workflow/reply (pagecode.go) for how codes are made.
package resident

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"okienko/ingest"
	"okienko/internal/web"
	"okienko/schemas"
	"okienko/workflow"
)

// Source is the name under which the ledger keeps what is sent through the page.
const Source = "strona"

// Deps is what the page needs. All but Now is required; Accept and Filed only where Config.Uploads is set.
type Deps struct {
	Config  Config
	Office  Office
	Cases   Cases
	Codes   Codes
	Lacking Lacking
	Journal Journal
	Accept  ingest.AcceptFunc
	Filed   Filed
	Now     func() time.Time // nil: time.Now
	Log     *slog.Logger
}

// Office is what the page says about the office.
type Office struct{ Name, Phone, Hours, BIP, Controller, Privacy string }

// Cases reads a case; workflow.Store and workflow.Records are one.
type Cases interface {
	Case(ctx context.Context, id workflow.CaseID) (workflow.Case, error)           // workflow.ErrNotFound
	Judgement(ctx context.Context, id workflow.CaseID) (workflow.Judgement, error) // workflow.ErrNotFound
	CaseLinks(ctx context.Context, id workflow.CaseID) ([]workflow.LinkedCase, error)
}

// Codes knows which case a code opens.
type Codes interface {
	// PageCase takes the same time whatever is wrong.
	PageCase(code string) (id workflow.CaseID, ok bool)
	// Of is the short code by which the office's letters and its workers find the case.
	Of(id workflow.CaseID) string
}

// Lacking says what a case lacks and how to send it, as the letters do.
type Lacking interface {
	Lacking(c workflow.Case, j workflow.Judgement) ([]Item, []Way, error)
}

// Item is one thing to send.
type Item struct {
	Label      schemas.Text
	Unreadable bool // it was there and could not be read
}

// Way is one way to send it: one of the kinds of wayNames, with its place or "".
type Way struct{ Kind, Place string }

// Journal keeps who looked. Both are durable when they return nil; the page shows nothing it cannot write down.
type Journal interface {
	Opened(ctx context.Context, id workflow.CaseID) error
	Refused(ctx context.Context, detail string) error
}

// Filed tells the number of an item that was accepted; workflow.ErrNotFound if there is none.
type Filed interface {
	FiledAs(ctx context.Context, source, item string) (number string, err error)
}

// How often one address may give a wrong code, and all addresses together; how often the page of one case may be opened, and how
// often something may be sent to it. The keys have 53 bits: the limits keep guessing cheap for us, not impossible for them.
const (
	wrongByAddress = 10
	wrongInAll     = 600
	opensByCase    = 60
	sendsByCase    = 20
	window         = 15 * time.Minute
	sendWindow     = 24 * time.Hour
	everyone       = "" // the one key of a limit for all
)

// server serves the page. It is immutable after New and may be used concurrently.
type server struct {
	Deps
	pages     pages
	style     style
	byAddress *web.Throttle
	inAll     *web.Throttle
	byCase    *web.Throttle
	sends     *web.Throttle
	refusals  *web.Throttle
	uploads   chan struct{} // each upload under way takes room on the disk
}

// uploadsAtOnce bounds it.
const uploadsAtOnce = 4

// New returns the handler of the page. An error names the key of the configuration, or the part that is missing.
func New(d Deps) (http.Handler, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	if d.Now == nil {
		d.Now = time.Now
	}
	pages, style, err := load()
	if err != nil {
		return nil, err
	}
	s := &server{
		Deps: d, pages: pages, style: style,
		byAddress: web.NewThrottle(wrongByAddress, window, d.Now), inAll: web.NewThrottle(wrongInAll, window, d.Now),
		byCase: web.NewThrottle(opensByCase, window, d.Now), sends: web.NewThrottle(sendsByCase, sendWindow, d.Now),
		refusals: web.NewThrottle(1, time.Minute, d.Now), uploads: make(chan struct{}, uploadsAtOnce),
	}
	return s.handler(), nil
}

func (d Deps) check() error {
	for _, part := range []struct {
		name    string
		missing bool
	}{
		{"Cases", d.Cases == nil}, {"Codes", d.Codes == nil}, {"Lacking", d.Lacking == nil}, {"Journal", d.Journal == nil}, {"Log", d.Log == nil},
		{"Accept", d.Accept == nil && d.Config.Uploads}, {"Filed", d.Filed == nil && d.Config.Uploads},
	} {
		if part.missing {
			return fmt.Errorf("resident: Deps.%s is missing", part.name)
		}
	}
	return d.Config.Validate()
}

// policy allows the page's own style sheet and its own forms, and nothing else: there is no script to run.
const policy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// mostForm is the largest form without files.
const mostForm = 64 << 10

// handler puts the guards around the routes. There are four.
func (s *server) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.showForm)
	mux.HandleFunc("POST /{$}", s.open)
	mux.HandleFunc("POST /send", s.send)
	mux.Handle("GET /static/{version}/resident.css", s.style)
	mux.HandleFunc("/", s.nothingHere)
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(http.HandlerFunc(s.foreign))
	return web.Headers(policy, s.Config.Secure(), guard.Handler(mux))
}
