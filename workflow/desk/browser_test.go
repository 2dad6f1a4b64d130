package desk

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// browser is somebody at the desk: a client with cookies that sends forms as the pages have them.
type browser struct {
	*world
	client *http.Client
	name   string
}

// browser returns a client nobody has signed in with.
func (w *world) browser() *browser {
	w.Helper()
	w.serve()
	jar, err := cookiejar.New(nil)
	w.must(err)
	return &browser{world: w, client: &http.Client{Jar: jar}}
}

// serve starts the server, which a test in a bubble of synctest must not have.
func (w *world) serve() {
	if w.server == nil {
		w.server = httptest.NewServer(w.desk.handler())
		w.Cleanup(w.server.Close)
	}
}

// as returns a browser with the user signed in.
func (w *world) as(name string) *browser {
	w.Helper()
	b := w.browser()
	b.name = name
	p := b.get("/signin").submit("/signin", url.Values{"name": {name}, "password": {password}})
	if p.status != http.StatusOK || p.path != "/queue" {
		w.Fatalf("signing in as %s: status %d at %s", name, p.status, p.path)
	}
	return b
}

// answered is a page as a browser got it, after redirects.
type answered struct {
	b      *browser
	status int
	path   string
	header http.Header
	body   string
	root   *html.Node
}

func (b *browser) get(path string) answered {
	b.Helper()
	req, err := http.NewRequest(http.MethodGet, b.server.URL+path, nil)
	b.must(err)
	return b.do(req)
}

func (b *browser) post(path string, values url.Values) answered {
	b.Helper()
	req, err := http.NewRequest(http.MethodPost, b.server.URL+path, strings.NewReader(values.Encode()))
	b.must(err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(req)
}

func (b *browser) do(req *http.Request) answered {
	b.Helper()
	res, err := b.client.Do(req)
	b.must(err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	b.must(err)
	p := answered{b: b, status: res.StatusCode, path: res.Request.URL.RequestURI(), header: res.Header, body: string(body)}
	p.root, err = html.Parse(strings.NewReader(p.body))
	b.must(err)
	return p
}

// submit sends the form of the page with that action, as it is filled in, with values over it.
func (p answered) submit(action string, values url.Values) answered {
	p.b.Helper()
	for _, form := range p.all("form") {
		if attr(form, "action") != action {
			continue
		}
		filled := formValues(form)
		for key, value := range values {
			filled[key] = value
		}
		return p.b.post(action, filled)
	}
	p.b.Fatalf("%s has no form with action %s", p.path, action)
	return answered{}
}

// has reports whether the page has a form with that action.
func (p answered) has(action string) bool {
	for _, form := range p.all("form") {
		if attr(form, "action") == action {
			return true
		}
	}
	return false
}

// formValues is what a browser would send of an untouched form.
func formValues(form *html.Node) url.Values {
	values := url.Values{}
	for n := range form.Descendants() {
		name := attr(n, "name")
		switch {
		case n.Type != html.ElementNode || name == "":
		case n.Data == "input" && (attr(n, "type") == "radio" || attr(n, "type") == "checkbox"):
			if hasAttr(n, "checked") {
				values.Add(name, attr(n, "value"))
			}
		case n.Data == "input":
			values.Add(name, attr(n, "value"))
		case n.Data == "textarea":
			values.Add(name, textOf(n))
		case n.Data == "select":
			values.Add(name, selected(n))
		}
	}
	return values
}

func selected(list *html.Node) string {
	first, found := "", false
	for n := range list.Descendants() {
		if n.Type != html.ElementNode || n.Data != "option" {
			continue
		}
		if hasAttr(n, "selected") {
			return attr(n, "value")
		}
		if !found {
			first, found = attr(n, "value"), true
		}
	}
	return first
}

// all returns the elements of that name.
func (p answered) all(name string) []*html.Node {
	var list []*html.Node
	for n := range p.root.Descendants() {
		if n.Type == html.ElementNode && n.Data == name {
			list = append(list, n)
		}
	}
	return list
}

// byID returns the text of the element with that id, "" if there is none.
func (p answered) byID(id string) string {
	for n := range p.root.Descendants() {
		if n.Type == html.ElementNode && attr(n, "id") == id {
			return textOf(n)
		}
	}
	return ""
}

// text is what a reader of the page sees, in one line.
func (p answered) text() string {
	for _, main := range p.all("main") {
		return oneLine(textOf(main))
	}
	return oneLine(textOf(p.root))
}

// says reports whether every text stands on the page.
func (p answered) says(texts ...string) bool {
	for _, text := range texts {
		if !strings.Contains(p.text(), text) {
			p.b.Logf("%s does not say %q", p.path, text)
			return false
		}
	}
	return true
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func hasAttr(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}
