package desk

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"okienko/workflow"
)

// TestPictures shows every page in a real browser at the size of a clerk's screen, and the busiest ones narrower and in the
// dark: nothing covers anything else or spills out of its card, and the browser has nothing to complain about. Where
// OKIENKO_SCREENSHOTS names a directory it keeps the pictures.
func TestPictures(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cases := w.morning()
	w.dress(cases)
	b := w.chromium(1440, 900)
	heard := b.complaints()
	shown := 0
	check := func(name string) {
		t.Helper()
		b.shoot(name)
		shown++
		for _, wrong := range append(result[[]string](b, layoutFaults), heard.taken()...) {
			t.Errorf("%s: %s", name, wrong)
		}
	}
	look := func(name, path string) {
		t.Helper()
		b.open(path)
		check(name)
	}
	look("signin", "/signin")
	b.signIn("admin")
	lacking := casePath(cases[4].ID)
	for _, p := range [][2]string{
		{"queue", "/queue"}, {"case-complete", casePath(cases[0].ID)}, {"case-lacking", lacking}, {"case-scan", casePath(cases[1].ID)},
		{"case-mail", casePath(cases[5].ID)}, {"case-unsure", casePath(cases[13].ID)}, {"case-quarantine", casePath(cases[14].ID)}, {"case-newsletter", casePath(cases[16].ID)},
		{"call", lacking + "/call"}, {"letter", lacking + "/letter"}, {"text", casePath(cases[0].ID) + "/documents/0/text"}, {"sources", "/sources"}, {"users", "/users"},
		{"user", "/users/anna"}, {"help", "/help"}, {"password", "/password"}, {"notfound", "/cases/4711"}, {"empty", "/queue?tab=closed&channel=scan"},
	} {
		look(p[0], p[1])
	}
	b.scheme("dark")
	look("dark-queue", "/queue")
	look("dark-case", lacking)
	b.scheme("light")
	for _, p := range [][2]string{{"queue", "/queue"}, {"case", lacking}, {"complete", casePath(cases[0].ID)}, {"call", lacking + "/call"}, {"users", "/users"}} {
		b.open(p[1])
		for _, width := range []int64{1920, 1280, 1100, 961, 768, 360} {
			b.do(chromedp.EmulateViewport(width, 800))
			check(fmt.Sprintf("%s-%d", p[0], width))
		}
	}
	t.Logf("%d pages shown", shown)
}

// layoutFaults lists what covers something else, and text that spills out of its card or of the page.
const layoutFaults = `(() => {
  const faults = [];
  const name = (e) => e.tagName.toLowerCase() + "." + [...e.classList].join(".") + " “" + e.textContent.trim().replace(/\s+/g, " ").slice(0, 40) + "”";
  const seen = (e) => e.checkVisibility() && !e.closest(".hidden, .skip");
  if (document.documentElement.scrollWidth > innerWidth) faults.push("the page is " + document.documentElement.scrollWidth + " wide in a window of " + innerWidth);

  const boxes = [...document.querySelectorAll(".top, .tabs, .filters .field, .filters .buttons, .cases tbody tr, .casehead, .what, .actions, .actions > *, .next, .column, .card, .finding, .docs > li, .facts > *, .line > *, .buttons > *, .crumbs > *")]
    .filter((e) => seen(e) && getComputedStyle(e).position !== "absolute").map((e) => [e, e.getBoundingClientRect()]);
  boxes.forEach(([a, r], i) => boxes.slice(i + 1).forEach(([b, s]) => {
    if (a.contains(b) || b.contains(a) || a.closest(".scroll") !== b.closest(".scroll")) return;
    const x = Math.min(r.right, s.right) - Math.max(r.left, s.left), y = Math.min(r.bottom, s.bottom) - Math.max(r.top, s.top);
    if (x > 1 && y > 1) faults.push(name(a) + " and " + name(b) + " cover each other");
  }));

  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode, parent = text.parentElement;
    if (!text.data.trim() || !seen(parent) || parent.closest("select, .scroll, .lettertext, .events, pre, textarea")) continue;
    const card = (parent.closest("button, .button, .badge, .status, .card, .column, .casehead") ?? document.body).getBoundingClientRect();
    const range = document.createRange();
    range.selectNodeContents(text);
    for (const r of range.getClientRects())
      if (r.width && (r.right > card.right + 1 || r.left < card.left - 1)) { faults.push("“" + text.data.trim().slice(0, 40) + "” spills out of " + name(parent)); break; }
  }
  return faults;
})()`

// TestTheLayoutCheckSees each kind of fault, made once.
func TestTheLayoutCheckSees(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.take(alcoholLacking())
	b := w.chromium(1440, 900)
	heard := b.complaints()
	b.signIn("admin")
	b.open(casePath(c.ID))
	if faults := result[[]string](b, layoutFaults); len(faults) > 0 {
		t.Fatalf("the page has faults already: %v", faults)
	}
	for name, fault := range map[string]string{
		"a column over another":  `document.querySelector(".column.left").style.width = "40rem"`,
		"a word out of its card": `document.querySelector(".findings .req").textContent = "x".repeat(200)`,
		"a page too wide":        `document.querySelector("main").style.width = "2000px"`,
	} {
		b.open(casePath(c.ID))
		if result[[]string](b, `(() => {`+fault+`; return `+layoutFaults+`})()`) == nil {
			t.Errorf("%s goes unnoticed", name)
		}
	}
	heard.taken()
	for name, fault := range map[string]string{
		"a script that fails":   `setTimeout(() => { throw new Error("x") }, 0)`,
		"a word on the console": `console.error("x")`,
		"a foreign picture":     `new Image().src = "https://cdn.example/x.png"`,
		"an inline style":       `document.body.insertAdjacentHTML("beforeend", "<p style='color:red'>x</p>")`,
	} {
		result[bool](b, `(() => { `+fault+`; return true })()`)
		if !soon(func() bool { return len(heard.taken()) > 0 }) {
			t.Errorf("%s goes unnoticed", name)
		}
	}
}

// soon waits up to five seconds for something to become true.
func soon(is func() bool) bool {
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if is() {
			return true
		}
	}
	return false
}

// TestEverythingIsReachedByKeyboard presses Tab through pages: every control is reached, and one sees where one is.
func TestEverythingIsReachedByKeyboard(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cases := w.morning()
	w.dress(cases)
	b := w.chromium(1440, 900)
	b.signIn("admin")
	for _, path := range []string{"/queue?desk=KM", casePath(cases[4].ID), casePath(cases[5].ID), casePath(cases[4].ID) + "/call", "/users", "/users/anna", "/sources", "/help", "/password"} {
		b.open(path)
		n := result[int](b, keyboardStart)
		for range n + 5 {
			b.do(chromedp.KeyEvent(kb.Tab))
			result[bool](b, `keyboard.step()`)
		}
		for _, fault := range result[[]string](b, `keyboard.faults()`) {
			t.Errorf("%s: %s", path, fault)
		}
		if n < 5 {
			t.Errorf("%s has only %d controls", path, n)
		}
	}
}

// keyboardStart lists the controls of the page that can be seen. Of a group of radio buttons one is reached by Tab and the
// others by arrows.
const keyboardStart = `(() => {
  const radios = new Set(), reached = new Set(), unseen = new Set();
  const controls = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")].filter((e) => {
    if (!e.checkVisibility() || e.disabled) return false;
    if (e.type !== "radio") return true;
    const first = !radios.has(e.name);
    radios.add(e.name);
    return first;
  });
  window.keyboard = {
    step() {
      const e = document.activeElement, style = getComputedStyle(e);
      reached.add(e.type === "radio" ? controls.find((c) => c.name === e.name) : e);
      if (e !== document.body && (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2)) unseen.add(e);
      return true;
    },
    faults() {
      return [...controls.filter((c) => !reached.has(c)).map((c) => "Tab does not reach " + c.outerHTML.slice(0, 120)),
        ...[...unseen].map((c) => "one does not see that one is at " + c.outerHTML.slice(0, 120))];
    },
  };
  return controls.length;
})()`

// TestWorkingByKeyboard signs in, finds a case, claims it, opens it and accepts it without a mouse.
func TestWorkingByKeyboard(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, second := w.take(registrationNumber("1")), w.take(registrationNumber("2"))
	b := w.chromium(1440, 900)
	b.signIn("anna")
	b.do(chromedp.KeyEvent("j"), chromedp.KeyEvent("j"), chromedp.KeyEvent("k"), chromedp.KeyEvent("j"))
	if at := result[string](b, `document.activeElement.textContent`); at != second.Number {
		t.Errorf("j j k j leads to %q, want %s", at, second.Number)
	}
	b.do(chromedp.KeyEvent("c"), chromedp.WaitVisible(".flash"))
	if w.get(second.ID).Owner != "anna" || w.get(first.ID).Owner != "" {
		t.Error("c did not claim the case one was at")
	}
	b.do(chromedp.KeyEvent("j"), chromedp.KeyEvent("j"), chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(".case"))
	b.do(chromedp.Focus("[data-key=e]"), chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible("#procedure"), chromedp.KeyEvent(kb.Escape))
	if open := result[bool](b, `!!document.querySelector("details.menu[open]") || document.activeElement.tagName !== "SUMMARY"`); open {
		t.Error("Escape does not close the menu and return to it")
	}
	b.do(chromedp.Focus(`form[action$="/accept"] button`), chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(".flash"))
	if got := state(w.get(second.ID)); got != "accepted anna" {
		t.Errorf("the case is %s", got)
	}
	b.do(chromedp.KeyEvent("u"), chromedp.WaitVisible(".queue"), chromedp.KeyEvent("/"))
	result[bool](b, `(() => { document.activeElement.value = ""; return true })()`) // the protocol types the slash as well, which a keyboard does not
	b.do(chromedp.KeyEvent("jck"))
	if typed := result[string](b, `document.getElementById("words").value`); typed != "jck" || w.get(first.ID).Owner != "" {
		t.Errorf("letters typed into the search went elsewhere: it has %q", typed)
	}
	if history := w.history(second.ID); !strings.HasSuffix(history, string(workflow.EventClaimed)+" "+string(workflow.EventAccepted)) {
		t.Errorf("history %s", history)
	}
}
