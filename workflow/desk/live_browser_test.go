package desk

import (
	"fmt"
	"testing"

	"okienko/workflow"
)

// TestTheQueueIsLive in a real browser: what comes is counted and moves nothing, a row on the page changes in its place unless
// somebody is using it.
func TestTheQueueIsLive(t *testing.T) {
	t.Parallel()
	w := hasty(t)
	one, two := w.take(registrationNumber("1")), w.take(registrationNumber("2"))
	b := w.chromium(1440, 900)
	heard := b.complaints()
	b.signIn("anna")
	numbers := func() string {
		return result[string](b, `[...document.querySelectorAll("#cases .number")].map((a) => a.textContent).join(" ")`)
	}
	says := func(script, want string) {
		t.Helper()
		got := ""
		if !soon(func() bool { got = result[string](b, script); return got == want }) {
			t.Errorf("%s is %q, want %q", script, got, want)
		}
	}
	news := `(document.querySelector("#news p")?.hidden ?? true ? "" : document.querySelector("#news p span").textContent)`
	row := func(c workflow.Case, what string) string {
		return fmt.Sprintf(`(document.querySelector('#cases tr[data-id="%d"] %s')?.textContent ?? "")`, c.ID, what)
	}
	before := numbers()
	three := w.take(saleByPUAP())
	w.take(alcoholLacking()) // of another desk
	says(news, fmt.Sprintf(polish.QueueWork.News.One, 1))
	if got := numbers(); got != before {
		t.Errorf("the rows were %s and are %s", before, got)
	}
	w.alter(one.ID, func(c *workflow.Case) { c.Owner = "piotr" })
	says(row(one, ".owner span"), "Piotr Zieliński")
	says(row(one, ".rownote"), polish.QueueWork.RowChanged)
	result[bool](b, fmt.Sprintf(`(document.querySelector('#cases tr[data-id="%d"] .choose input').checked = true)`, two.ID))
	w.alter(two.ID, func(c *workflow.Case) { c.Owner = "piotr" })
	says(row(two, ".rownote"), polish.QueueWork.RowChanged)
	if got := result[string](b, row(two, ".owner span:not(.hidden)")); got != "" {
		t.Errorf("a row somebody chose was replaced: %q", got)
	}
	b.shoot("queue-live")
	result[bool](b, `(document.querySelector("#news a").click(), true)`)
	says(fmt.Sprintf(`String(document.querySelector("#cases")?.textContent.includes(%q))`, three.Number), "true")
	says(news, "")
	for _, wrong := range heard.taken() {
		t.Error(wrong)
	}
}
