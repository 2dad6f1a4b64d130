package resident

import (
	"context"
	"errors"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"okienko/internal/web"
	"okienko/workflow"
)

// formView is the form that asks for the code.
type formView struct{ Error string }

// caseView is the page of one case. It has no name, no subject and no service: only what to send.
type caseView struct {
	Code     string // as typed, for the forms of the page
	Number   string
	Missing  []line
	Unread   []line
	Ways     []line
	Accepted bool // a clerk found the case complete
	Waiting  bool // nobody has read it yet
	Earlier  []receipt
	Upload   *uploadView // nil: the office takes nothing here
}

// line is a sentence with the language it is in.
type line struct{ Lang, Text, Also string }

// receipt is a supplement that has come.
type receipt struct {
	Number string
	At     time.Time
}

// uploadView is the form for a supplement.
type uploadView struct {
	MostFiles  int
	MostMB     int64
	Error      string
	Text       string
	MostLetter int
}

func (s *server) showForm(w http.ResponseWriter, r *http.Request) {
	s.show(w, r, http.StatusOK, "form", formView{})
}

// open shows the page of the case whose code was given.
func (s *server) open(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, mostForm)
	if err := r.ParseForm(); err != nil {
		s.failed(w, r, err)
		return
	}
	c, err := s.admit(r.Context(), web.Address(r, s.Config.Proxied), r.PostFormValue("code"))
	if err == nil {
		err = s.showCase(w, r, http.StatusOK, c, r.PostFormValue("code"), uploadView{})
	}
	if err != nil {
		s.failed(w, r, err)
	}
}

// waitError asks to come back later.
type waitError struct{ left time.Duration }

func (waitError) Error() string { return "too many attempts" }

// errCode is the one answer to whatever is wrong with a code.
var errCode = errors.New("the code opens nothing")

// admit returns the case a code opens. An attempt is counted before its outcome is known, and given back if the code was right.
func (s *server) admit(ctx context.Context, address, code string) (workflow.Case, error) {
	if wait := max(s.byAddress.Take(address), s.inAll.Take(everyone)); wait > 0 {
		return workflow.Case{}, waitError{wait}
	}
	c, err := s.find(ctx, code)
	if errors.Is(err, errCode) {
		return c, errors.Join(err, s.refused(ctx, "wrong code from "+address, address))
	}
	if err != nil {
		return c, err
	}
	s.byAddress.Give(address)
	s.inAll.Give(everyone)
	if wait := s.byCase.Take(strconv.FormatInt(int64(c.ID), 10)); wait > 0 {
		return workflow.Case{}, waitError{wait}
	}
	return c, s.Journal.Opened(ctx, c.ID)
}

// find returns the case of a code. A case that is closed, or is none of the office's, has no page any more.
func (s *server) find(ctx context.Context, code string) (workflow.Case, error) {
	id, ok := s.Codes.PageCase(code)
	if !ok {
		return workflow.Case{}, errCode
	}
	c, err := s.Cases.Case(ctx, id)
	if errors.Is(err, workflow.ErrNotFound) || err == nil && (c.Status == workflow.StatusClosed || c.Submission.Test()) {
		return workflow.Case{}, errCode
	}
	return c, err
}

// refused writes a refusal down once a minute for an address: a flood must not fill the audit.
func (s *server) refused(ctx context.Context, detail, address string) error {
	if s.refusals.Take(address) > 0 {
		return nil
	}
	return s.Journal.Refused(ctx, detail)
}

func (s *server) showCase(w http.ResponseWriter, r *http.Request, status int, c workflow.Case, code string, form uploadView) error {
	view, err := s.caseView(r.Context(), textsOf(r), c)
	if err != nil {
		return err
	}
	view.Code = strings.TrimSpace(code)
	if s.Config.Uploads {
		form.MostFiles, form.MostMB, form.MostLetter = s.Config.mostFiles(), s.Config.mostBytes()>>20, mostLetter
		view.Upload = &form
	}
	s.show(w, r, status, "case", view)
	return nil
}

func (s *server) caseView(ctx context.Context, t *texts, c workflow.Case) (caseView, error) {
	view := caseView{Number: c.Number, Accepted: c.Status == workflow.StatusAccepted}
	j, err := s.Cases.Judgement(ctx, c.ID)
	if view.Waiting = errors.Is(err, workflow.ErrNotFound); view.Waiting {
		err = nil
	}
	if err != nil {
		return view, err
	}
	items, ways, err := s.Lacking.Lacking(c, j)
	if err != nil {
		return view, err
	}
	if !view.Accepted {
		view.list(t, items)
	}
	for _, way := range ways {
		view.Ways = append(view.Ways, line{t.Code, t.way(way, s.Office.BIP), ""})
	}
	view.Earlier, err = s.earlier(ctx, c.ID)
	return view, err
}

func (v *caseView) list(t *texts, items []Item) {
	for _, i := range items {
		if i.Unreadable {
			v.Unread = append(v.Unread, t.label(i.Label))
		} else {
			v.Missing = append(v.Missing, t.label(i.Label))
		}
	}
}

// earlier are the supplements of a case that came through the page, so that nobody sends them again for want of an answer.
func (s *server) earlier(ctx context.Context, id workflow.CaseID) ([]receipt, error) {
	links, err := s.Cases.CaseLinks(ctx, id)
	if err != nil {
		return nil, err
	}
	var list []receipt
	for _, l := range links {
		if !l.Earlier && l.Link.Attached && l.Other.Submission.Source == Source {
			list = append(list, receipt{l.Other.Number, l.Other.Submission.ReceivedAt})
		}
	}
	return list, nil
}

// failed turns an error into a page that says nothing of any case.
func (s *server) failed(w http.ResponseWriter, r *http.Request, err error) {
	t := textsOf(r)
	var wait waitError
	var tooLarge *http.MaxBytesError
	switch {
	case errors.Is(err, context.Canceled):
	case errors.As(err, &wait):
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.left.Seconds()))))
		s.show(w, r, http.StatusTooManyRequests, "form", formView{Error: t.Later})
	case errors.Is(err, errCode):
		s.show(w, r, http.StatusNotFound, "form", formView{Error: t.Wrong})
	case errors.As(err, &tooLarge):
		s.show(w, r, http.StatusRequestEntityTooLarge, "form", formView{Error: t.TooLarge})
	case errors.Is(err, errForm):
		s.show(w, r, http.StatusBadRequest, "form", formView{Error: t.BadForm})
	default:
		s.Log.Error("resident's page", "method", r.Method, "route", r.Pattern, "error", err)
		s.show(w, r, http.StatusServiceUnavailable, "form", formView{Error: t.Failed})
	}
}

func (s *server) nothingHere(w http.ResponseWriter, r *http.Request) {
	s.show(w, r, http.StatusNotFound, "form", formView{})
}

// foreign answers a form sent by a page of another site.
func (s *server) foreign(w http.ResponseWriter, r *http.Request) {
	address := web.Address(r, s.Config.Proxied)
	if err := s.refused(r.Context(), "cross-origin "+r.Method+" to the resident's page from "+address, address); err != nil {
		s.failed(w, r, err)
		return
	}
	s.show(w, r, http.StatusForbidden, "form", formView{Error: textsOf(r).BadForm})
}
