package desk

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"okienko/workflow"
)

// tabTo presses Tab until the control is in focus.
func (b browserTab) tabTo(selector string) {
	b.Helper()
	for range 80 {
		if result[bool](b, `document.activeElement.matches(`+quoted(selector)+`)`) {
			return
		}
		b.do(chromedp.KeyEvent(kb.Tab))
	}
	b.Fatalf("Tab does not reach %s", selector)
}

func quoted(s string) string { return "`" + s + "`" }

// TestAClerksMorning is a morning by keyboard alone: sign in, claim the most urgent case, correct a finding the machine got
// wrong, read the call that follows, send it, take a step back on the next case and go on with it.
func TestAClerksMorning(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.take(alcoholLacking())
	f := alcoholLacking()
	f.text, f.ago = f.text+" Drugi sklep.", 5*day
	second := w.take(f)
	what := w.lacking(first.ID)
	label := w.finding(first.ID, what).Label.PL
	b := w.chromium(1440, 900)
	heard := b.complaints()
	b.signIn("sara")

	b.do(chromedp.KeyEvent("j"), chromedp.KeyEvent("c"), chromedp.WaitVisible(".flash"))
	if got := w.get(first.ID); got.Owner != "sara" {
		t.Fatalf("the most urgent case is %q's", got.Owner)
	}
	b.do(chromedp.KeyEvent("j"), chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(".case"))
	if at := result[string](b, `document.querySelector(".crumbs strong").textContent`); at != first.Number {
		t.Fatalf("Enter opens %s", at)
	}

	b.do(chromedp.KeyEvent("k"), chromedp.WaitVisible(".correct[open] input[name=text]"))
	b.tabTo("#why-" + what)
	result[bool](b, `(() => { document.activeElement.value = ""; return true })()`) // the protocol types the k as well, which a keyboard does not
	b.do(chromedp.KeyEvent("Jest w aktach."))
	b.tabTo(`.correct[open] button[value=met]`)
	b.do(chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(".flash"))
	if got := w.finding(first.ID, what); got.Overruled == nil || got.Because != "Jest w aktach." {
		t.Fatalf("the finding is %+v", got)
	}

	b.do(chromedp.KeyEvent("w"), chromedp.WaitVisible("#body"))
	if text := result[string](b, `document.getElementById("body").value`); strings.Contains(text, label) || !strings.Contains(text, "Podpis") {
		t.Errorf("the call asks for the wrong things:\n%s", text)
	}
	b.tabTo(`button[value=send]`)
	b.do(chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(".case .next"))
	if got := state(w.get(first.ID)); got != "waiting sara" {
		t.Errorf("after the call the case is %s", got)
	}

	b.do(chromedp.KeyEvent("u"), chromedp.WaitVisible(".queue"), chromedp.KeyEvent("j"))
	for range 3 { // the first one may still stand above
		if result[string](b, `document.activeElement.textContent`) == second.Number {
			break
		}
		b.do(chromedp.KeyEvent("j"))
	}
	b.do(chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(".case"), chromedp.KeyEvent("a"), chromedp.WaitVisible(".flash"))
	if got := state(w.get(second.ID)); got != "accepted sara" {
		t.Errorf("the next case is %s", got)
	}
	b.do(chromedp.KeyEvent("z"), chromedp.WaitVisible(`[action$="/claim"]`))
	if got := state(w.get(second.ID)); got != "open brak" {
		t.Errorf("after undoing it is %s", got)
	}
	b.do(chromedp.KeyEvent("m"), chromedp.WaitVisible(".choices"))
	if !result[bool](b, `!!document.activeElement.closest(".choices")`) {
		t.Error("the menu opens without its first choice in focus")
	}
	if history := w.history(first.ID); history != "registered judged claimed ruled letter letter" {
		t.Errorf("history %s", history)
	}
	for _, wrong := range heard.taken() {
		t.Error(wrong)
	}
	if letters := w.letters(first.ID); len(letters) != 1 || letters[0].Status != workflow.LetterQueued || letters[0].Author != "sara" {
		t.Errorf("letters %+v", letters)
	}
}
