package resident

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"net/http"
)

//go:embed templates static
var embedded embed.FS

// pages are the parsed templates by name, each with the layout around it.
type pages map[string]*template.Template

// style serves the one style sheet. Its address names the version, so a browser keeps it until an upgrade.
type style struct {
	version string
	css     []byte
}

func load() (pages, style, error) {
	css, err := embedded.ReadFile("static/resident.css")
	if err != nil {
		return nil, style{}, err
	}
	sum := sha256.Sum256(css)
	list := pages{}
	for _, name := range []string{"form", "case", "sent"} {
		t, err := template.ParseFS(embedded, "templates/layout.html", "templates/"+name+".html")
		if err != nil {
			return nil, style{}, fmt.Errorf("resident's page %s: %w", name, err)
		}
		list[name] = t
	}
	return list, style{hex.EncodeToString(sum[:6]), css}, nil
}

func (s style) path() string { return "/static/" + s.version + "/resident.css" }

func (s style) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "text/css; charset=utf-8")
	if r.PathValue("version") == s.version {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	_, _ = w.Write(s.css) // an error says that the browser went away
}

// page is what the layout shows around a page.
type page struct {
	T         *texts
	Languages []*texts
	Office    Office
	Style     string
	Body      any
	Code      string // goes along when another language is chosen; "" on the form
}

// show renders a page as a whole before the first byte is sent.
func (s *server) show(w http.ResponseWriter, r *http.Request, status int, name string, body any) {
	p := page{T: textsOf(r), Languages: languages, Office: s.Office, Style: s.style.path(), Body: body}
	switch view := body.(type) {
	case caseView:
		p.Code = view.Code
	case sentView:
		p.Code = view.Code
	}
	var b bytes.Buffer
	if err := s.pages[name].ExecuteTemplate(&b, "layout.html", p); err != nil {
		s.Log.Error("resident's page", "page", name, "error", err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", p.T.Code)
	w.WriteHeader(status)
	_, _ = b.WriteTo(w) // an error says that the browser went away
}
