package desk

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"okienko/validate"
	"okienko/workflow"
)

// finding returns a finding of the case as ruled.
func (w *world) finding(id workflow.CaseID, requirement string) validate.Finding {
	w.Helper()
	j, err := w.store.Judgement(w.Context(), id)
	w.must(err)
	for _, f := range j.Findings {
		if f.Requirement == requirement {
			return f
		}
	}
	w.Fatalf("no finding %s", requirement)
	return validate.Finding{}
}

// lacking is the first finding of the case that is missing and may be called for.
func (w *world) lacking(id workflow.CaseID) string {
	w.Helper()
	j, err := w.store.Judgement(w.Context(), id)
	w.must(err)
	for _, f := range j.Findings {
		if f.Outcome == validate.Missing {
			return f.Requirement
		}
	}
	w.Fatal("nothing is missing")
	return ""
}

func TestACorrectionStandsAndTheLetterFollowsIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.hire("sara2", "Zofia Lis", workflow.RoleClerk, "SA")
	c := w.take(alcoholLacking())
	sara, page := w.as("sara"), casePath(c.ID)
	what, missing := w.lacking(c.ID), c.Missing
	label := w.finding(c.ID, what).Label.PL
	correct := func(outcome, why string) answered {
		return sara.get(page).submit(page+"/ruling", url.Values{"requirement": {what}, "outcome": {outcome}, "text": {why}})
	}
	if call := sara.get(page + "/call"); !strings.Contains(textOf(call.all("textarea")[0]), label) {
		t.Fatalf("the call does not ask for %s before", label)
	}
	sara.get(page+"/call").submit(page+"/call", url.Values{"do": {"save"}})
	p := correct("met", "Jest na odwrocie wniosku.")
	if p.status != http.StatusOK || !p.says("Jest na odwrocie wniosku.", "Poprawka: Sara Wójcik", polish.Work.Undo+": "+polish.Event[workflow.EventRuled]) {
		t.Fatalf("status %d\n%s", p.status, p.text())
	}
	if got := w.get(c.ID); got.Missing != missing-1 || got.Owner != "sara" {
		t.Errorf("%d missing, owner %q", got.Missing, got.Owner)
	}
	if call := sara.get(page + "/call"); !call.says(polish.Work.Stale) {
		t.Error("the saved draft does not say that it is out of date")
	}
	if call := sara.get(page + "/call?anew"); strings.Contains(textOf(call.all("textarea")[0]), label) || call.says(polish.Work.Stale) {
		t.Error("the call written anew still asks for what a clerk found")
	}
	admin := w.as("admin")
	for _, procedure := range []string{string(otherDesk), "zezwolenie_alkohol"} { // judged again, twice
		if p := admin.get(page).submit(page+"/service", url.Values{"procedure": {procedure}}); p.status != http.StatusOK {
			t.Fatalf("%s: status %d", procedure, p.status)
		}
	}
	if f := w.finding(c.ID, what); f.Outcome != validate.Met || f.Overruled == nil {
		t.Errorf("after a new judgement: %+v", f)
	}
	if p := correct("machine", ""); !p.says(polish.Work.Ruled) {
		t.Errorf("taking it back: %s", p.text())
	}
	if f := w.finding(c.ID, what); f.Outcome != validate.Missing || f.Overruled != nil || w.get(c.ID).Missing != missing {
		t.Errorf("taken back: %+v", f)
	}
}

// TestUndo takes back the last step, and nothing else.
func TestUndo(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		story   []did
		then    string // the state after undoing the last one
		history string
	}{
		{"claiming", []did{{"sara", "claim", nil}}, "open brak", "claimed undone"},
		{"giving back", []did{{"sara", "claim", nil}, {"sara", "release", nil}}, "open sara", "claimed released undone"},
		{"accepting", []did{{"sara", "accept", nil}}, "open brak", "accepted undone"},
		{"closing", []did{{"sara", "close", url.Values{"reason": {closeHandled}}}}, "open brak", "closed undone"},
		{"reopening", []did{{"sara", "close", url.Values{"reason": {closeHandled}}}, {"sara", "reopen", nil}}, "closed sara", "closed reopened undone"},
		{"assigning", []did{{"sara", "assign", url.Values{"person": {"zofia"}}}}, "open brak", "assigned undone"},
		{"a note does not stand in the way", []did{{"sara", "claim", nil}, {"sara", "note", url.Values{"text": {"Strona dzwoniła."}}}}, "open brak", "claimed note undone"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.hire("zofia", "Zofia Lis", workflow.RoleClerk, "SA")
			c := w.take(alcoholLacking())
			page := casePath(c.ID)
			for _, d := range tt.story {
				if p := w.as(d.who).get(page).submit(page+"/"+d.action, d.values); p.status != http.StatusOK {
					t.Fatalf("%s: status %d\n%s", d.action, p.status, p.text())
				}
			}
			sara := w.as("sara")
			if w.as("zofia").get(page).has(page + "/undo") {
				t.Error("a colleague may undo it")
			}
			p := sara.get(page).submit(page+"/undo", nil)
			if p.status != http.StatusOK || !p.says(polish.Work.Undone) || p.has(page+"/undo") {
				t.Fatalf("status %d\n%s", p.status, p.text())
			}
			if got := state(w.get(c.ID)); got != tt.then || w.history(c.ID) != "registered judged "+tt.history {
				t.Errorf("the case is %s, history %s, want %s", got, w.history(c.ID), tt.then)
			}
		})
	}
}

// TestUndoOfWhatIsNoLongerTheLastStep changes nothing.
func TestUndoOfWhatIsNoLongerTheLastStep(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.hire("zofia", "Zofia Lis", workflow.RoleClerk, "SA")
	for name, after := range map[string]func(workflow.Case){
		"a colleague did something":  func(c workflow.Case) { w.as("zofia").act(c.ID, "takeover", nil) },
		"the machine did something":  func(c workflow.Case) { w.alter(c.ID, func(c *workflow.Case) { c.Reason = "…" }) },
		"somebody else presses undo": nil,
		"it was undone already":      func(c workflow.Case) { w.as("sara").act(c.ID, "undo", nil) },
		"a letter was withdrawn with": func(c workflow.Case) {
			w.write(c, workflow.ReplyIncomplete, workflow.LetterHeld)
			w.as("sara").act(c.ID, "close", url.Values{"reason": {closeHandled}})
		},
	} {
		f := alcoholLacking()
		f.text += name
		c := w.take(f)
		w.as("sara").act(c.ID, "claim", nil)
		who := "sara"
		if after == nil {
			who = "zofia"
		} else {
			after(c)
		}
		before := w.get(c.ID)
		p := w.as(who).act(c.ID, "undo", nil)
		if now := w.get(c.ID); p.status != http.StatusConflict || now.Version != before.Version || state(now) != state(before) || !p.says(polish.Work.NoUndo) {
			t.Errorf("%s: status %d, %s\n%s", name, p.status, state(now), p.text())
		}
	}
}

func TestAssigningAndHandingOver(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.take(saleByPUAP()) // KM
	page, anna := casePath(c.ID), w.as("anna")
	if p := anna.act(c.ID, "assign", url.Values{"person": {"sara"}}); p.status != 422 || w.get(c.ID).Owner != "" {
		t.Errorf("assigned to somebody of another desk: %d", p.status)
	}
	if p := anna.get(page).submit(page+"/assign", url.Values{"person": {"piotr"}}); !p.says("Sprawę prowadzi: Piotr Zieliński.") || w.get(c.ID).Owner != "piotr" {
		t.Errorf("assigning: %s", p.text())
	}
	if p := anna.act(c.ID, "handover", url.Values{"desk": {"SA"}, "text": {"Sprawa SA."}}); p.status != http.StatusConflict {
		t.Errorf("a colleague's case was handed over: %d", p.status)
	}
	piotr := w.as("piotr")
	p := piotr.get(page).submit(page+"/handover", url.Values{"desk": {"SA"}, "text": {"To sprawa wydziału SA."}})
	if got := w.get(c.ID); p.path != "/queue" || got.Route.Desk != "SA" || got.Owner != "" || !got.DueAt.Equal(c.DueAt) || got.Procedure != c.Procedure {
		t.Errorf("handed over: at %s, case %+v", p.path, got.Route)
	}
	if p := piotr.get(page); p.status != http.StatusNotFound {
		t.Errorf("the old desk still sees it: %d", p.status)
	}
	if len(w.letters(c.ID)) != 0 {
		t.Error("somebody was written to")
	}
}

func TestSplittingALetter(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.take(saleByPUAP())
	page, admin := casePath(c.ID), w.as("admin")
	p := admin.get(page).submit(page+"/split", url.Values{"procedure": {"odpis_aktu"}})
	id, err := w.store.Numbered(t.Context(), c.Number+"-2")
	w.must(err)
	part := w.get(id)
	if part.Procedure != "odpis_aktu" || part.Parent != c.ID || part.Status != workflow.StatusOpen || part.Owner != "" || part.Route.Desk == c.Route.Desk ||
		!part.Submission.ReceivedAt.Equal(c.Submission.ReceivedAt) || part.Submission.Body() != c.Submission.Body() || part.DueAt.IsZero() {
		t.Errorf("the part is %+v", part)
	}
	if p.status != http.StatusOK || !p.says(polish.Case.LinkLater[workflow.LinkPart]+" "+part.Number) {
		t.Errorf("status %d\n%s", p.status, p.text())
	}
	if next := w.take(registrationLacking()); next.Number != "RPW/2/2026" {
		t.Errorf("the next letter is %s", next.Number)
	}
	if p := admin.act(part.ID, "split", url.Values{"procedure": {"dowod_osobisty"}}); p.status != http.StatusConflict || !p.says(polish.Work.PartOfOther) {
		t.Errorf("a part was split: %d", p.status)
	}
	if p := admin.act(c.ID, "unlink", url.Values{"other": {itoa(int64(part.ID))}}); p.status != http.StatusConflict {
		t.Errorf("a part was unlinked: %d", p.status)
	}
	if balance, err := w.store.Balance(t.Context()); err != nil || balance[0].Registered+balance[1].Registered != 2 {
		t.Errorf("the ledger counts %+v (%v)", balance, err)
	}
	if p := admin.get(casePath(part.ID)); p.status != http.StatusOK {
		t.Errorf("the page of the part: %d", p.status)
	}
}

func TestForwardingToAnotherAuthority(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.take(saleByPUAP())
	page, anna := casePath(c.ID), w.as("anna")
	to := url.Values{"authority": {"Starosta Wielicki"}, "address": {"Rynek Górny 2, 32-020 Wieliczka"}, "text": {"Pojazd jest zarejestrowany w powiecie wielickim (art. 78 Prawa o ruchu drogowym)."}}
	p := anna.get(page+"/authority").submit(page+"/authority", to)
	if p.path != page+"/pass_on" || !p.says(polish.Work.PassOnPaper) || !strings.Contains(p.body, "Starosta Wielicki") || !strings.Contains(p.body, "Katarzyna Wrona") {
		t.Fatalf("status %d at %s\n%s", p.status, p.path, p.text())
	}
	p = p.submit(page+"/pass_on", url.Values{"do": {"posted"}})
	if got := w.get(c.ID); p.path != page || got.Status != workflow.StatusOpen || got.Owner != "anna" {
		t.Fatalf("after the letter to the authority: %s, %s at %s\n%s", got.Status, got.Owner, p.path, p.text())
	}
	notice := anna.get(page + "/forward")
	if !strings.Contains(notice.body, "Starosta Wielicki") || !strings.Contains(notice.body, "art. 65") {
		t.Fatalf("the notice: %s", notice.text())
	}
	p = notice.submit(page+"/forward", url.Values{"do": {"send"}})
	if got := w.get(c.ID); p.status != http.StatusOK || got.Status != workflow.StatusClosed {
		t.Errorf("after both letters: %s\n%s", got.Status, p.text())
	}
	if h := w.history(c.ID); !strings.HasPrefix(h, "registered judged letter letter forwarding") || !strings.Contains(h, "forwarded") {
		t.Errorf("history %s", h)
	}
	for _, l := range w.letters(c.ID) {
		if want := map[workflow.ReplyKind]workflow.LetterStatus{workflow.ReplyPassOn: workflow.LetterSent, workflow.ReplyForward: workflow.LetterQueued}[l.Kind]; l.Status != want {
			t.Errorf("%s is %s", l.Kind, l.Status)
		}
	}
	other := w.take(registrationLacking())
	if p := anna.get(casePath(other.ID) + "/forward"); p.status != http.StatusConflict || !p.says(polish.Work.NoDraft) {
		t.Errorf("a notice nobody began: %d", p.status)
	}
}
