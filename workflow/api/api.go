// Package api owns what other systems of the office get over HTTP: cases, their history, the feed of everything that happens, the
// files residents sent, the package for handing a case over, and the few decisions a system may make. openapi.yaml describes it.
//
// It refuses to know clerks, sessions and pages, and SQL. A system signs in with a token (workflow.Token), sees the cases of its
// desks only, and every case it reads or changes says so in its history. Read next: routes.go, then openapi.yaml; what is pushed
// instead of asked for is in workflow/webhook.
package api

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"time"

	"okienko/ingest"
	"okienko/internal/web"
	"okienko/workflow"
)

// Deps is what the API needs of the world. All fields are required.
type Deps struct {
	Store   workflow.Store
	Records workflow.Records
	Feed    workflow.Feed
	Tokens  workflow.Tokens
	Auditor Auditor
	Open    func(ctx context.Context, d ingest.Digest) (io.ReadSeekCloser, error) // originals; workflow.Evidence.Open
	Now     func() time.Time
	Log     *slog.Logger
}

// Auditor writes down what belongs to no case.
type Auditor interface {
	Audit(ctx context.Context, actor string, kind workflow.EventKind, detail string) error
}

// Prefix is where the API lives below the address of the desk.
const Prefix = "/api/v1"

type api struct {
	Deps
	strangers *web.Throttle // one key for all: how often an unknown token is written down
}

// New returns the handler of everything below Prefix. It may be used concurrently.
func New(d Deps) http.Handler {
	a := &api{Deps: d, strangers: web.NewThrottle(10, 100*time.Second, d.Now)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+Prefix+"/openapi.yaml", a.describe)
	for _, r := range a.routes() {
		mux.Handle(r.method+" "+Prefix+r.path, a.guarded(r))
	}
	mux.HandleFunc(Prefix+"/", func(w http.ResponseWriter, r *http.Request) { a.fail(w, r, errNowhere) })
	return mux
}
