package desk

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"okienko/ingest"
	"okienko/validate"
	"okienko/workflow"
	"okienko/workflow/reply"
)

// readAs is an examiner to whom every submission says the same: reading is not what these tests are about.
type readAs struct{ filing }

func (r readAs) Examine(_ context.Context, sub ingest.Submission, _ workflow.Opener) (ingest.Contents, []validate.SignatureReport, error) {
	return r.contents(sub.ReceivedAt), r.signatures, nil
}

// judged sends a filing through the real pipeline, with the rule book in force.
func (w *world) judged(f filing) workflow.Case {
	w.Helper()
	p := &workflow.Pipeline{Store: w.store, Records: w.store, Evidence: w.evidence, Examiner: readAs{f}, Rulebook: w.library, Now: w.now,
		Hold: reply.Limits{}.Hold, Carried: func(ingest.Channel) bool { return true }, Secret: []byte("a secret for tests only")}
	w.must(p.Accept(w.Context(), ingest.Envelope{Source: "test", Channel: f.channel, Item: f.subject + f.text, Key: f.subject + f.text, ReceivedAt: w.now(),
		Name: "pismo.xml", MediaType: "application/xml", Body: strings.NewReader(f.subject + f.text)}))
	page, err := w.store.Queue(w.Context(), workflow.QueueQuery{Limit: 200})
	w.must(err)
	var newest workflow.CaseID
	for _, c := range page {
		newest = max(newest, c.ID)
	}
	w.must(p.Advance(w.Context(), newest, workflow.StageJudge))
	return w.get(newest)
}

// TestAnAdministratorsRuleChange walks the workshop in a real browser: one administrator moves a service to another desk and changes
// the receipt, replays, a second one publishes; the next letter is judged by it, and the letter before stays as it was. On the way
// every page of the workshop is looked at.
func TestAnAdministratorsRuleChange(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.dress(w.morning())
	w.hire("ewa", "Ewa Druga", workflow.RoleAdmin)
	f := saleByPUAP()
	f.text += "\nPierwsze."
	before := w.judged(f)
	b := w.chromium(1440, 900)
	heard := b.complaints()
	look := func(name string) {
		t.Helper()
		b.shoot("workshop-" + name)
		for _, wrong := range append(result[[]string](b, layoutFaults), heard.taken()...) {
			t.Errorf("%s: %s", name, wrong)
		}
	}
	press := func(selector, next string) {
		t.Helper()
		b.do(chromedp.Click(selector, chromedp.NodeVisible), chromedp.WaitVisible(next))
	}
	set := func(selector, value string) {
		t.Helper()
		b.do(chromedp.SetValue(selector, value))
	}
	b.signIn("admin")
	b.open("/workshop")
	set("#title", "Zbycie pojazdu trafia do SA")
	press(`form[action="/workshop/drafts"] button`, "#replay")
	b.open("/workshop/drafts/1/procedures/zgloszenie_zbycia_pojazdu")
	look("procedure")
	set(`[name="desk"]`, "SA")
	press(".workshop form .primary", ".flash")
	b.open("/workshop/drafts/1/files/workflow/reply/letters/receipt.txt")
	look("file")
	result[bool](b, `(() => { const t = document.querySelector("#text"); t.value = t.value.replace("Temat: ", "Temat: Nowe: "); return true })()`)
	press(".workshop form .primary", ".flash")
	b.open("/workshop/drafts/1/tables")
	look("tables")
	b.open("/workshop/drafts/1")
	press(`form[action$="/replay"] button`, "#replay")
	if d := w.replayed(1); d.Replay.Desks == 0 || d.Replay.Letters == 0 {
		t.Errorf("the replay found %d other desks and %d other letters", d.Replay.Desks, d.Replay.Letters)
	}
	b.open("/workshop/drafts/1")
	look("draft-author")
	if result[bool](b, `document.querySelector('form[action$="/publish"]') !== null`) {
		t.Error("the author may publish")
	}
	b.open("/workshop/held")
	set("#because", "Próba wyłącznika")
	press(`form[action="/workshop/halt"] button`, ".halted")
	look("held")
	press(`form[action="/workshop/halt"] button`, ".flash")
	b.open("/workshop/overrides")
	look("overrides")
	b.open("/numbers")
	look("numbers")
	b.scheme("dark")
	look("numbers-dark")
	b.scheme("light")
	b.do(chromedp.EmulateViewport(360, 800))
	for _, path := range []string{"/workshop/drafts/1", "/workshop/drafts/1/procedures/zgloszenie_zbycia_pojazdu", "/numbers"} {
		b.open(path)
		look("narrow" + strings.ReplaceAll(path, "/", "-"))
	}
	b.do(chromedp.EmulateViewport(1440, 900))

	press(`form[action="/signout"] button`, "#name")
	b.signIn("ewa")
	b.open(fmt.Sprintf("/workshop/drafts/1/cases/%d", before.ID))
	look("sample")
	b.open("/workshop/drafts/1")
	look("draft")
	press(`form[action$="/publish"] button`, ".flash")
	look("published")
	b.open("/workshop/versions/1")
	look("version")

	f.text += "\nDrugie, po zmianie."
	after := w.judged(f)
	for _, c := range []struct {
		of      workflow.Case
		desk    string
		version int64
		subject string
	}{{before, "KM", 0, "Potwierdzenie"}, {after, "SA", 1, "Nowe: "}} {
		j, err := w.store.Judgement(t.Context(), c.of.ID)
		w.must(err)
		if j.Route.Desk != c.desk || j.Rulebook != c.version {
			t.Errorf("case %d is on desk %s by version %d, want %s by %d", c.of.ID, j.Route.Desk, j.Rulebook, c.desk, c.version)
		}
		if letters := w.letters(c.of.ID); len(letters) != 1 || !strings.Contains(letters[0].Subject, c.subject) {
			t.Errorf("case %d has %d letters, %+v", c.of.ID, len(letters), letters)
		}
	}
	p := &workflow.Pipeline{Store: w.store, Records: w.store, Rulebook: w.library, Now: time.Now}
	if j, err := p.Rejudge(t.Context(), before.ID, "zgloszenie_zbycia_pojazdu"); err != nil || j.Route.Desk != "KM" {
		t.Errorf("judged again, the earlier case goes to desk %s (%v): it keeps its version", j.Route.Desk, err)
	}
}
