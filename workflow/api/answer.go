package api

import (
	"encoding/json"
	"errors"
	"net/http"

	"okienko/workflow"
)

// The errors of this package; answers below puts them, and those of package workflow, into a status.
var (
	errNoToken  = errors.New("send a token in force: Authorization: Bearer okn_…")
	errScope    = errors.New("the token lacks the scope")
	errNowhere  = errors.New("there is nothing at this path; /api/v1/openapi.yaml describes what there is")
	errBad      = errors.New("bad request")
	errNoMatch  = errors.New("send the version of the case you saw: If-Match: \"7\"")
	errTooLarge = errors.New("the request is larger than 64 KiB")
)

var answers = []struct {
	err    error
	status int
}{
	{errNoToken, http.StatusUnauthorized},
	{errScope, http.StatusForbidden},
	{errNowhere, http.StatusNotFound},
	{workflow.ErrNotFound, http.StatusNotFound},
	{errBad, http.StatusBadRequest},
	{workflow.ErrCursor, http.StatusBadRequest},
	{errTooLarge, http.StatusRequestEntityTooLarge},
	{errNoMatch, http.StatusPreconditionRequired},
	{workflow.ErrConflict, http.StatusPreconditionFailed},
	{workflow.ErrNotNow, http.StatusConflict},
}

// problem is an error for a machine (RFC 9457).
type problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail,omitempty"`
}

// fail answers with a problem. What is our own trouble is logged and not told.
func (a *api) fail(w http.ResponseWriter, r *http.Request, err error) {
	status, detail := http.StatusInternalServerError, ""
	for _, known := range answers {
		if errors.Is(err, known.err) {
			status, detail = known.status, err.Error()
			break
		}
	}
	switch status {
	case http.StatusInternalServerError:
		a.Log.Error("api: a request failed", "method", r.Method, "error", err)
	case http.StatusUnauthorized:
		w.Header().Set("WWW-Authenticate", `Bearer realm="okienko"`)
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(problem{"about:blank", http.StatusText(status), status, detail}) //nolint:errcheck // nobody is left to tell
}

// answer sends a value as JSON.
func (c *call) answer(v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	c.w.Header().Set("Content-Type", "application/json")
	_, err = c.w.Write(body)
	return err
}
