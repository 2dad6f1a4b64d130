package desk

import (
	"encoding/xml"
	"errors"
	"html/template"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/html"

	"okienko/workflow"
)

// screens is the address of every page there is, for each case of a morning, with the status it answers; and the pages that
// only follow a form that could not be taken.
func (w *world) screens() (addresses map[string]int, posted map[string]func(*browser) answered) {
	w.Helper()
	cases := w.morning()
	w.dress(cases)
	w.emptied(1, 3, 3)
	w.emptied(2, 3, 2)
	addresses = map[string]int{"/nothing": 404, "/cases/4711": 404}
	for _, page := range []string{"/queue", "/queue?tab=closed&channel=scan", "/sources", "/help", "/password", "/users", "/users/admin", "/users/anna", "/audit", "/urns", casePath(cases[0].ID) + "/receipt", casePath(cases[0].ID) + "/authority",
		casePath(cases[0].ID) + "/documents/1/text"} {
		addresses[page] = 200
	}
	addresses["/sources/"+cases[0].Submission.Source] = 200
	draft := "/workshop/drafts/" + itoa(w.drafted("anna", "Szkic").ID)
	for _, page := range []string{"/workshop", "/workshop/versions/0", "/workshop/held", "/workshop/overrides", "/numbers", draft, draft + "/tables",
		draft + "/procedures/odpis_aktu", draft + "/files/schemas/words.yaml", draft + "/cases/" + itoa(int64(cases[0].ID))} {
		addresses[page] = 200
	}
	for _, c := range cases {
		addresses[casePath(c.ID)], addresses[casePath(c.ID)+"/call"] = 200, 200
		if c.Status != workflow.StatusQuarantined {
			addresses[casePath(c.ID)+"/documents/0/text"] = 200
		}
	}
	c := casePath(cases[4].ID)
	posted = map[string]func(*browser) answered{
		"a conflict": func(b *browser) answered {
			return b.act(cases[4].ID, "note", url.Values{"version": {"0"}, "text": {"Notatka"}})
		},
		"a conflict of call": func(b *browser) answered {
			return b.act(cases[4].ID, "call", url.Values{"version": {"0"}, "do": {"save"}, "letter": {"0"}, "subject": {"Temat"}, "body": {"Treść"}})
		},
		"not now":       func(b *browser) answered { return b.act(cases[4].ID, "release", nil) },
		"a bad note":    func(b *browser) answered { return b.act(cases[4].ID, "note", nil) },
		"a bad closing": func(b *browser) answered { return b.act(cases[4].ID, "close", nil) },
		"a bad service": func(b *browser) answered { return b.act(cases[4].ID, "service", nil) },
		"a bad call": func(b *browser) answered {
			return b.get(c+"/call").submit(c+"/call", url.Values{"subject": {""}, "body": {""}})
		},
		"a bad passing on": func(b *browser) answered {
			return b.post("/queue/bulk", url.Values{"do": {bulkMove}, "confirmed": {"yes"}, "case": {itoa(int64(cases[4].ID)) + ":1"}})
		},
		"a bad ruling": func(b *browser) answered {
			return b.act(cases[4].ID, "ruling", url.Values{"requirement": {"podpis"}, "outcome": {"met"}})
		},
		"a bad assignment":   func(b *browser) answered { return b.act(cases[4].ID, "assign", url.Values{"person": {"sara2"}}) },
		"a bad handing over": func(b *browser) answered { return b.act(cases[4].ID, "handover", url.Values{"desk": {"PD"}}) },
		"a bad link": func(b *browser) answered {
			return b.act(cases[4].ID, "link", url.Values{"number": {"RPW/4711/2026"}, "kind": {"duplicate"}})
		},
		"a bad split":               func(b *browser) answered { return b.act(cases[4].ID, "split", nil) },
		"a forwarding to nobody":    func(b *browser) answered { return b.act(cases[4].ID, "authority", nil) },
		"a letter of no forwarding": func(b *browser) answered { return b.get(c + "/forward") },
		"a bad emptying":            func(b *browser) answered { return b.post("/urns", nil) },
		"a bad settling":            func(b *browser) answered { return b.post("/urns/2/settle", nil) },
		"a bad user":                func(b *browser) answered { return b.post("/users", nil) },
		"a bad change":              func(b *browser) answered { return b.post("/users/anna", nil) },
		"a bad password":            func(b *browser) answered { return b.post("/password", nil) },
		"a bad form":                func(b *browser) answered { return b.post(c+"/claim", nil) },
		"too much": func(b *browser) answered {
			return b.post(c+"/note", url.Values{"text": {strings.Repeat("a", mostForm+1)}})
		},
		"a bad sign-in": func(b *browser) answered { return w.browser().post("/signin", url.Values{"name": {"anna"}}) },
		"a late form":   func(b *browser) answered { return w.browser().post(c+"/note", url.Values{"text": {"Notatka"}}) },
	}
	return addresses, posted
}

// TestEveryPage walks every page, in both languages, as somebody who may see all of it.
func TestEveryPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	addresses, posted := w.screens()
	walked, seen := 0, w.desk.watch()
	for _, language := range []string{"pl", "en"} {
		admin := w.as("admin")
		admin.post("/language", url.Values{"lang": {language}, "back": {"/"}})
		check := func(name string, p answered, ok bool) {
			walked++
			if !ok {
				t.Errorf("%s in %s: status %d", name, language, p.status)
			}
			for _, wrong := range wrongs(p) {
				t.Errorf("%s in %s: %s", name, language, wrong)
			}
		}
		p := w.browser().get("/signin")
		check("/signin", p, p.status == 200)
		for address, status := range addresses {
			p := admin.get(address)
			check(address, p, p.status == status)
		}
		for name, get := range posted {
			p := get(admin)
			check(name, p, p.status >= 400 && p.status < 500)
		}
	}
	for name := range w.desk.pages {
		if _, ok := seen.Load(name); !ok {
			t.Errorf("the walk did not see the screen %s", name)
		}
	}
	t.Logf("%d pages walked, of %d screens", walked, len(w.desk.pages))
}

// watch returns the names of the screens shown from now on: every screen draws the icon of the layout.
func (d *desk) watch() *sync.Map {
	seen := &sync.Map{}
	for name, t := range d.pages {
		d.pages[name] = template.Must(t.Clone()).Funcs(template.FuncMap{"icon": func(of string) (template.HTML, error) {
			seen.Store(name, true)
			return icon(of)
		}})
	}
	return seen
}

// wrongs lists what is wrong with a page, whatever it is about.
func wrongs(p answered) []string {
	list := wellFormed(p.body)
	add := func(what string, n *html.Node) {
		var b strings.Builder
		html.Render(&b, n)
		list = append(list, what+": "+b.String()[:min(b.Len(), 160)])
	}
	if got := p.header.Get("Content-Security-Policy"); got != pagePolicy {
		list = append(list, "the policy is "+got)
	}
	if n := len(p.all("h1")); n != 1 {
		list = append(list, "the page has not one heading of the first level but "+itoa(int64(n)))
	}
	if n := len(p.all("main")); n != 1 || len(p.all("title")) == 0 || strings.HasPrefix(textOf(p.all("title")[0]), " ·") {
		list = append(list, "the page has no main part or no title")
	}
	ids := map[string]int{}
	for n := range p.root.Descendants() {
		if n.Type == html.ElementNode && hasAttr(n, "id") {
			ids[attr(n, "id")]++
		}
	}
	for id, times := range ids {
		if times > 1 || id == "" {
			list = append(list, "the id "+id+" stands "+itoa(int64(times))+" times")
		}
	}
	for n := range p.root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if isControl(n) && !labelled(p, n) {
			add("no label", n)
		}
		if pressable(n) && (oneLine(textOf(n)) == "" || attr(n, "tabindex") == "-1") {
			add("cannot be reached or named", n)
		}
		for _, a := range n.Attr {
			switch {
			case strings.HasPrefix(a.Key, "on") || a.Key == "style":
				add("inline script or style, which the policy forbids", n)
			case slices.Contains([]string{"aria-labelledby", "aria-describedby", "for"}, a.Key):
				for id := range strings.FieldsSeq(a.Val) {
					if ids[id] == 0 {
						add("refers to "+id+", which is not there", n)
					}
				}
			case a.Key == "href" && strings.HasPrefix(a.Val, "#"):
				if ids[a.Val[1:]] == 0 {
					add("leads to a place that is not there", n)
				}
			case slices.Contains([]string{"href", "src", "action", "formaction", "srcset", "poster", "data"}, a.Key) && elsewhere(a.Val):
				add("refers to another host", n)
			}
		}
		switch n.Data {
		case "div", "span", "li", "p":
			if attr(n, "role") == "button" {
				add("a button that is none", n)
			}
		case "th":
			if attr(n, "scope") == "" {
				add("a heading of nothing", n)
			}
		}
	}
	return list
}

// elsewhere reports whether an address leads away from this host.
func elsewhere(address string) bool {
	u, err := url.Parse(address)
	return err != nil || u.Scheme != "" || u.Host != "" || !strings.HasPrefix(address, "/")
}

// isControl reports whether a person fills in n.
func isControl(n *html.Node) bool {
	return n.Data == "select" || n.Data == "textarea" || n.Data == "input" && attr(n, "type") != "hidden"
}

// labelled reports whether a label says what goes into n.
func labelled(p answered, n *html.Node) bool {
	for up := n.Parent; up != nil; up = up.Parent {
		if up.Data == "label" {
			return oneLine(textOf(up)) != ""
		}
	}
	for _, label := range p.all("label") {
		if attr(label, "for") == attr(n, "id") && attr(n, "id") != "" {
			return oneLine(textOf(label)) != ""
		}
	}
	return oneLine(attr(n, "aria-label")) != "" // in a cell of a table, whose head and row say it to the eye
}

// pressable reports whether n does something when pressed.
func pressable(n *html.Node) bool {
	return n.Data == "button" || n.Data == "summary" || n.Data == "a"
}

// void elements have no end tag (HTML Standard 13.1.2).
var voidElements = []string{"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}

// wellFormed says where tags do not nest: the parser of a browser would repair it and nobody would notice.
func wellFormed(body string) []string {
	var open []string
	z := html.NewTokenizer(strings.NewReader(body))
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			if err := z.Err(); !errors.Is(err, io.EOF) {
				return []string{err.Error()}
			}
			if len(open) > 0 {
				return []string{"not closed: " + strings.Join(open, " ")}
			}
			return nil
		case html.StartTagToken, html.EndTagToken:
			name, _ := z.TagName()
			tag := string(name)
			if slices.Contains(voidElements, tag) {
				continue
			}
			if kind == html.StartTagToken {
				open = append(open, tag)
				continue
			}
			if len(open) == 0 || open[len(open)-1] != tag {
				return []string{"</" + tag + "> closes " + strings.Join(open, " ")}
			}
			open = open[:len(open)-1]
		}
	}
}

// TestStaticFilesAskNoOtherHost: the style sheet, the script and the icon are ours alone.
func TestStaticFilesAskNoOtherHost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	foreign := regexp.MustCompile(`(?i)(https?:)?//[a-z0-9-]+\.[a-z]|@import|url\(`)
	for name, data := range w.desk.assets.files {
		text := strings.ReplaceAll(string(data), `xmlns="http://www.w3.org/2000/svg"`, "")
		if found := foreign.FindString(text); found != "" {
			t.Errorf("%s has %q", name, found)
		}
		if strings.HasSuffix(name, ".svg") {
			if err := xml.Unmarshal(data, new(struct{})); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// TestTheGuardsOfThePageWalkSee: each kind of mistake the walk looks for, made once.
func TestTheGuardsOfThePageWalkSee(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	good := w.browser().get("/signin")
	if list := wrongs(good); len(list) > 0 {
		t.Fatalf("the sign-in page is wrong already: %v", list)
	}
	for name, mistake := range map[string]string{
		"a tag not closed": "<div>", "a tag closed twice": "</p>", "an id twice": `<p id="name"></p>`, "an input without label": `<input name="x" id="x">`,
		"an empty label": `<label for="x"></label><input name="x" id="x">`, "a picture of elsewhere": `<img src="//cdn.example/x.png">`,
		"a script of elsewhere": `<script src="https://cdn.example/x.js"></script>`, "a link to elsewhere": `<a href="https://evil.example">x</a>`,
		"an inline handler": `<button onclick="x()">x</button>`, "an inline style": `<p style="color:red"></p>`, "a button without words": `<button><svg></svg></button>`,
		"a button out of reach": `<button tabindex="-1">x</button>`, "a label that points nowhere": `<label for="gone">x</label>`,
		"a hint that is not there": `<p aria-describedby="gone"></p>`, "a jump to nowhere": `<a href="#gone">x</a>`, "a second heading": "<h1>x</h1>",
		"a false button": `<div role="button">x</div>`,
	} {
		bad := good
		bad.body = strings.Replace(good.body, "</main>", mistake+"</main>", 1)
		var err error
		if bad.root, err = html.Parse(strings.NewReader(bad.body)); err != nil {
			t.Fatal(err)
		}
		if len(wrongs(bad)) == 0 {
			t.Errorf("%s goes unnoticed", name)
		}
	}
	bad := good
	bad.header = bad.header.Clone()
	bad.header.Del("Content-Security-Policy")
	if len(wrongs(bad)) == 0 {
		t.Error("a missing policy goes unnoticed")
	}
}
