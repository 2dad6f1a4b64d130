package desk

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"okienko/workflow"
)

// The rules of axe-core, as .ci/axe installs them.
const (
	axeFile   = "bin/axe-4.14.1.min.js"
	axeSHA256 = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"
)

// axe is the source of axe-core. Without it tests fail.
func axe(t *testing.T) string {
	t.Helper()
	source, err := os.ReadFile(filepath.Join("..", "..", filepath.FromSlash(axeFile)))
	if err != nil {
		t.Fatal("axe-core is missing: run sh .ci/axe in the root of the module")
	}
	if sum := sha256.Sum256(source); hex.EncodeToString(sum[:]) != axeSHA256 {
		t.Fatalf("%s is not the version the tests know: run sh .ci/axe", axeFile)
	}
	return string(source)
}

// runAxe lists what breaks a rule of axe, of WCAG 2.2 and of good practice alike.
const runAxe = `axe.run(document, {resultTypes: ["violations"]}).then((r) =>
  r.violations.map((v) => v.id + ": " + v.nodes.map((n) => n.target.join(" ") + " " + n.html.slice(0, 140)).slice(0, 4).join(" | ")))`

// openAll opens every menu and fold of the page, so that what is in them is judged as well.
const openAll = `(() => { document.querySelectorAll("details").forEach((d) => { d.removeAttribute("name"); d.open = true; }); return true })()`

// accessible reports every violation on the page as it is shown.
func (b browserTab) accessible(t *testing.T, name, source string) {
	t.Helper()
	list, err := chromedp.Run(b.ctx, chromedp.Evaluate[[]string](`(() => { if (!window.axe) { `+source+` } return `+runAxe+` })()`, chromedp.EvalAwaitPromise))
	b.must(err)
	for _, violation := range list {
		t.Errorf("%s: %s", name, violation)
	}
}

// put shows a page that a form led to, as the server answered it.
func (b browserTab) put(body string) {
	b.Helper()
	tree, err := chromedp.Call(b.ctx, cdppage.GetFrameTree, cdp.Empty{})
	b.must(err)
	_, err = chromedp.Call(b.ctx, cdppage.SetDocumentContent, cdppage.SetDocumentContentParams{FrameID: tree.FrameTree.Frame.ID, HTML: body})
	b.must(err)
}

// narrow is the width of a page of 1280 pixels at 400 % (WCAG 2.2, 1.4.10).
const narrow = 320

// reflows reports what does not fit a window of that width.
func (b browserTab) reflows(t *testing.T, name string) {
	t.Helper()
	b.do(chromedp.EmulateViewport(narrow, 640))
	for _, fault := range result[[]string](b, layoutFaults) {
		t.Errorf("%s at 400 %%: %s", name, fault)
	}
	b.do(chromedp.EmulateViewport(1440, 900))
}

// statuses gives cases of a morning the statuses it does not have by itself.
func (w *world) statuses(cases []workflow.Case) map[workflow.Status]workflow.CaseID {
	w.Helper()
	w.alter(cases[6].ID, func(c *workflow.Case) { c.Owner, c.Status = "admin", workflow.StatusAccepted })
	w.alter(cases[7].ID, func(c *workflow.Case) { c.Stage, c.Status = workflow.StageJudge, workflow.StatusProcessing })
	w.must(w.store.Tx(w.Context(), func(tx workflow.Tx) error {
		return tx.SetRulings(w.Context(), cases[4].ID, []workflow.Ruling{{Requirement: "podpis", Outcome: "met", Because: "Na odwrocie.", By: "anna", At: w.now()}})
	}))
	return map[workflow.Status]workflow.CaseID{
		workflow.StatusOpen: cases[4].ID, workflow.StatusWaiting: cases[15].ID, workflow.StatusAccepted: cases[6].ID,
		workflow.StatusClosed: cases[16].ID, workflow.StatusQuarantined: cases[14].ID, workflow.StatusProcessing: cases[7].ID,
	}
}

// TestAccessibility runs axe on every screen in every state it has: signed out and in, full and empty, a case in each status
// with its menus closed and open, forms that came back, errors; the main ones in the dark and in English. Each also at 400 %.
func TestAccessibility(t *testing.T) {
	t.Parallel()
	source := axe(t)
	w := newWorld(t)
	addresses, posted := w.screens()
	cases, err := w.store.Queue(t.Context(), workflow.QueueQuery{Limit: 200})
	w.must(err)
	byID := make([]workflow.Case, len(cases))
	for _, c := range cases {
		byID[c.ID-1] = c.Case
	}
	states := w.statuses(byID)
	w.as("admin").act(byID[8].ID, "split", url.Values{"procedure": {"odpis_aktu"}}) // a link to a part, and a step to undo
	admin := w.as("admin")
	b := w.chromium(1440, 900)
	shown := 0
	judge := func(name string) {
		t.Helper()
		shown++
		b.accessible(t, name, source)
		b.reflows(t, name)
	}
	b.open("/signin")
	judge("/signin")
	b.put(posted["a bad sign-in"](admin).body)
	judge("a bad sign-in")
	b.signIn("admin")
	for address := range addresses {
		if strings.HasPrefix(address, "/cases/") && strings.Count(address, "/") == 2 {
			continue // below, by status
		}
		if strings.HasSuffix(address, "/call") && address != casePath(byID[4].ID)+"/call" && address != casePath(byID[0].ID)+"/call" {
			continue // the same screen
		}
		if strings.HasSuffix(address, "/text") && address != casePath(byID[0].ID)+"/documents/1/text" {
			continue
		}
		b.open(address)
		judge(address)
	}
	for status, id := range states {
		b.open(casePath(id))
		judge("a case that is " + string(status))
		if status == workflow.StatusOpen || status == workflow.StatusQuarantined {
			result[bool](b, openAll)
			b.accessible(t, "the menus of a case that is "+string(status), source)
		}
	}
	for _, id := range []workflow.CaseID{byID[0].ID, byID[5].ID, byID[8].ID, byID[13].ID} { // signed, with links, with a part, unsure
		b.open(casePath(id))
		judge(byID[id-1].Number)
	}
	for name, get := range posted {
		if name != "a bad sign-in" {
			b.put(get(admin).body)
			shown++
			b.accessible(t, name, source)
		}
	}
	b.scheme("dark")
	for _, path := range []string{"/queue", casePath(byID[4].ID), casePath(byID[0].ID), casePath(byID[4].ID) + "/call", "/help", "/sources"} {
		b.open(path)
		judge("dark " + path)
	}
	b.scheme("light")
	admin.post("/language", url.Values{"lang": {"en"}, "back": {"/"}})
	for _, path := range []string{"/queue", casePath(byID[4].ID), casePath(byID[4].ID) + "/authority", "/help"} {
		b.put(admin.get(path).body)
		judge("English " + path)
	}
	t.Logf("%d pages judged, of %d screens", shown, len(w.desk.pages))
}

// TestTheAccessibilityCheckSees each kind of mistake, made once.
func TestTheAccessibilityCheckSees(t *testing.T) {
	t.Parallel()
	source := axe(t)
	w := newWorld(t)
	b := w.chromium(1440, 900)
	for name, mistake := range map[string]string{
		"a picture without words": `<img src='/x.png'>`, "a pale word": `<p class='pale'>blado</p>`, "a button without a name": `<button></button>`,
		"a field without a label": `<input>`, "a list of no items": `<ul><p>x</p></ul>`,
	} {
		b.open("/signin")
		script := `document.querySelector("main").insertAdjacentHTML("beforeend", ` + fmt.Sprintf("%q", mistake) + `);
			for (const p of document.querySelectorAll(".pale")) { p.style.color = "#ccc"; p.style.background = "#fff"; }`
		result[bool](b, `(() => { `+script+` return true })()`)
		list, err := chromedp.Run(b.ctx, chromedp.Evaluate[[]string](`(() => { `+source+` return `+runAxe+` })()`, chromedp.EvalAwaitPromise))
		if b.must(err); len(list) == 0 {
			t.Errorf("%s goes unnoticed", name)
		}
	}
	b.open("/signin")
	b.do(chromedp.EmulateViewport(narrow, 640))
	if result[[]string](b, `(() => { document.querySelector("h1").textContent = "x".repeat(99); return `+layoutFaults+`})()`) == nil {
		t.Error("a page that does not fit at 400 % goes unnoticed")
	}
}

// TestACaseFitsOneScreen at 1440x900: nothing scrolls but single cards, every heading and what matters most is in sight, and
// there are at most two primary actions (OFFICE.md 4.1).
func TestACaseFitsOneScreen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cases := w.morning()
	w.dress(cases)
	b := w.chromium(1440, 900)
	b.signIn("admin")
	ordinary := 0
	for _, c := range cases {
		b.open(casePath(c.ID))
		b.shoot("fits-" + itoa(int64(c.ID)))
		for _, fault := range result[[]string](b, onOneScreen) {
			t.Errorf("%s %q: %s", c.Number, c.Subject, fault)
		}
		if over := result[[]string](b, `[...document.querySelectorAll(".shrinks")].filter((e) => e.scrollHeight > e.clientHeight + 1).map((e) => e.getAttribute("aria-labelledby"))`); len(over) == 0 {
			ordinary++
		} else {
			t.Logf("%s %q: cards with more than fits: %v", c.Number, c.Subject, over)
		}
	}
	if ordinary < len(cases)-3 {
		t.Errorf("only %d of %d cases show all of every card", ordinary, len(cases))
	}
}

const onOneScreen = `(() => {
  const faults = [];
  if (document.documentElement.scrollHeight > 900) faults.push("the page is " + document.documentElement.scrollHeight + " high");
  if (document.querySelectorAll(".actions > .primary, .actions > form .primary, .actions > .menu > .primary").length > 1) faults.push("more than one action stands out");
  const big = document.querySelectorAll(".actions > a.button, .actions > form > button:not(.quiet)").length;
  if (big > 3) faults.push(big + " buttons in a row");
  for (const e of document.querySelectorAll(".card h2, .next, .due-late, .due-soon, .due-calm, .due-none, .findings > li:first-child .req, .signatures > li:first-child .mark, .letters > li:first-child strong, .lettertext, .events > li:first-child strong")) {
    if (!e.checkVisibility() || e.closest("details:not([open])")) continue;
    const r = e.getBoundingClientRect(), at = document.elementFromPoint(r.left + Math.min(r.width / 2, 20), r.top + Math.min(r.height / 2, 8));
    if (r.bottom > 900 && !e.matches(".lettertext, .findings *") || !at || !(e.contains(at) || at.contains(e))) faults.push("out of sight: " + e.className + " " + e.textContent.trim().slice(0, 30));
  }
  return faults;
})()`

// mostPage is how much a page may weigh with all it needs, in bytes, uncompressed and without documents.
const mostPage = 150 << 10

func TestPagesAreLight(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	addresses, posted := w.screens()
	admin := w.as("admin")
	files := 0
	for _, data := range w.desk.assets.files {
		files += len(data)
	}
	heaviest, most := "", 0
	weigh := func(name string, p answered) {
		if weight := files + len(p.body); weight > most {
			heaviest, most = name, weight
		}
		if files+len(p.body) > mostPage {
			t.Errorf("%s weighs %d bytes", name, files+len(p.body))
		}
	}
	for address := range addresses {
		weigh(address, admin.get(address))
	}
	for name, get := range posted {
		weigh(name, get(admin))
	}
	t.Logf("the heaviest is %s: %d bytes, %d of them style, script and icon", heaviest, most, files)
}

// TestMotionPrintAndNoScript: nothing moves for who asked for that, the print is the case without its buttons, and a menu works
// where scripts do not.
func TestMotionPrintAndNoScript(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.take(alcoholLacking())
	b := w.chromium(1440, 900)
	b.signIn("admin")
	media := func(kind string, features ...*emulation.MediaFeature) {
		_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: kind, Features: features})
		b.must(err)
	}
	b.open(casePath(c.ID))
	media("", &emulation.MediaFeature{Name: "prefers-reduced-motion", Value: "reduce"})
	if moving := result[[]string](b, `[...document.querySelectorAll("*")].filter((e) => { const s = getComputedStyle(e); return s.scrollBehavior !== "auto" || parseFloat(s.transitionDuration) || s.animationName !== "none" }).map((e) => e.tagName)`); len(moving) > 0 {
		t.Errorf("these move: %v", moving)
	}
	media("print")
	if seen := result[[]string](b, `[...document.querySelectorAll("button, .top, .actions, input, select, summary.small")].filter((e) => e.checkVisibility()).map((e) => e.outerHTML.slice(0, 80))`); len(seen) > 0 {
		t.Errorf("in print: %v", seen)
	}
	if height := result[int](b, `document.documentElement.scrollHeight`); height <= 900 && result[bool](b, `getComputedStyle(document.body).display === "flex"`) {
		t.Error("the print is cut at the height of the screen")
	}
	media("")
	_, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	b.must(err)
	b.open(casePath(c.ID))
	b.do(chromedp.Click(".extra > summary"), chromedp.WaitVisible(".choices"), chromedp.Click(`.choices details:has(#person) > summary`), chromedp.WaitVisible("#person"),
		chromedp.Click(`form[action$="/assign"] button`), chromedp.WaitVisible(".flash"))
	if got := w.get(c.ID); got.Owner == "" {
		t.Error("without scripts nobody could be assigned")
	}
}
