package desk

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"okienko/internal/web"
	"okienko/workflow"
)

// visit is one request with what the guard of its route found out: who asks, in which language, about which case.
type visit struct {
	*http.Request
	w    http.ResponseWriter
	t    *messages
	now  time.Time
	user workflow.User // zero: nobody signed in
	c    workflow.Case // on routes with access caseOwn
}

// Errors that a handler returns for a page of its own; see problem.go.
var (
	errForbidden  = errors.New("forbidden")
	errBadRequest = errors.New("bad request")
)

func (v *visit) signedIn() bool { return v.user.Name != "" }

// oneLine is a text field of the form without line ends and spare blanks.
func (v *visit) oneLine(field string) string {
	return strings.Join(strings.Fields(v.PostFormValue(field)), " ")
}

// integer is a whole number of the form, which people do not type.
func (v *visit) integer(field string) (int64, error) {
	n, err := strconv.ParseInt(v.PostFormValue(field), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("field %s: %w", field, errBadRequest)
	}
	return n, nil
}

// redirect answers a POST: the page that follows is read with GET, so a reload does nothing twice.
func (v *visit) redirect(path string) error {
	http.Redirect(v.w, v.Request, path, http.StatusSeeOther)
	return nil
}

// local returns path if it is a path of this desk, else "/": a redirect never leaves it.
func local(path string) string {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n\t") {
		return "/"
	}
	return path
}

// address is where a request comes from, without the port.
func (d *desk) address(r *http.Request) string { return web.Address(r, d.Config.Proxied) }
