package desk

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strings"

	"okienko/workflow"
)

// pages are the parsed templates, by file name without extension: each is the layout with one screen in it.
type pages map[string]*template.Template

// shared are the templates every screen may use.
var shared = []string{"templates/layout.html", "templates/parts.html", "templates/pieces.html", "templates/post.html"}

func parsePages() (pages, error) {
	base, err := template.New("layout.html").Funcs(template.FuncMap{"icon": icon, "dict": dict, "symbol": shortSymbol}).ParseFS(embedded, shared...)
	if err != nil {
		return nil, fmt.Errorf("parsing templates: %w", err)
	}
	names, err := fs.Glob(embedded, "templates/*.html")
	if err != nil {
		return nil, err
	}
	list := pages{}
	for _, name := range names {
		if slices.Contains(shared, name) {
			continue
		}
		t, err := base.Clone()
		if err == nil {
			t, err = t.ParseFS(embedded, name)
		}
		if err != nil {
			return nil, fmt.Errorf("parsing %s: %w", name, err)
		}
		list[strings.TrimSuffix(path.Base(name), ".html")] = t
	}
	return list, nil
}

// page is what the layout shows around a screen.
type page struct {
	T     *messages
	User  workflow.User
	Admin bool
	Title string
	Nav   string // the entry of the navigation that is current; ""
	Path  string // of this page, to come back to after choosing a language; "/" where that makes no sense
	Flash string
	Idle  int  // seconds until the session ends unless something is asked for
	Keys  bool // single-key shortcuts are on
	Halt  bool // automatic letters are halted; administrators are told on every page
	Body  any

	assets assets
}

// Asset returns the address of a static file.
func (p page) Asset(name string) string { return p.assets.path(name) }

// OtherLanguage is the one the page offers to switch to.
func (p page) OtherLanguage() *messages {
	if p.T.Code == english.Code {
		return &polish
	}
	return &english
}

// screen is one rendered answer.
type screen struct {
	name   string // of the template
	title  string
	nav    string
	status int // 0: 200
	body   any
}

// statusOf is the status of a form that is shown, or shown again with what is wrong in it.
func statusOf(wrong bool) int {
	if wrong {
		return http.StatusUnprocessableEntity
	}
	return http.StatusOK
}

// page prepares what the layout shows around a screen.
func (d *desk) page(v *visit, s screen) page {
	return page{
		T: v.t, User: v.user, Admin: v.user.Role == workflow.RoleAdmin, Title: s.title, Nav: s.nav, Path: "/", Body: s.body, Keys: !d.keysOff(v.Request),
		Idle: int(d.Config.idle().Seconds()), assets: d.assets,
	}
}

// showPart renders one template of a screen, for a page that has the rest.
func (d *desk) showPart(v *visit, s screen, part string) error {
	var b bytes.Buffer
	if err := d.pages[s.name].ExecuteTemplate(&b, part, d.page(v, s)); err != nil {
		return fmt.Errorf("rendering %s of %s: %w", part, s.name, err)
	}
	v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = b.WriteTo(v.w) // an error says that the browser went away
	return nil
}

// show renders a screen. It is rendered as a whole before the first byte is sent: half a page is never shown as one.
func (d *desk) show(v *visit, s screen) error {
	p := d.page(v, s)
	if v.Method == http.MethodGet {
		p.Path = v.URL.RequestURI()
	}
	if p.Admin {
		h, err := d.Rules.Halts.Halt(v.Context())
		if err != nil && s.status < http.StatusInternalServerError { // a page about a broken database must still come
			return err
		}
		p.Halt = h.On
	}
	if v.signedIn() {
		p.Flash = d.sessions.PopString(v.Context(), sessionFlash)
	}
	var b bytes.Buffer
	if err := d.pages[s.name].ExecuteTemplate(&b, "layout.html", p); err != nil {
		return fmt.Errorf("rendering %s: %w", s.name, err)
	}
	h := v.w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", v.t.Code)
	if s.status != 0 {
		v.w.WriteHeader(s.status)
	}
	_, _ = b.WriteTo(v.w) // an error says that the browser went away
	return nil
}
