package desk

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"okienko/workflow"
)

// twins are the same notice by e-mail, which has no effect, and a day later through ePUAP.
func (w *world) twins() (mail, platform workflow.Case) {
	f := saleByPUAP()
	f.channel, f.from.Address, f.ago = "email", "k.wrona@poczta.example", 3*day
	return w.take(f), w.take(saleByPUAP())
}

func link(c workflow.Case, kind workflow.LinkKind) url.Values {
	return url.Values{"number": {strings.ToLower(strings.TrimPrefix(c.Number, "RPW/"))}, "kind": {string(kind)}}
}

func unlink(c workflow.Case) url.Values {
	return url.Values{"other": {itoa(int64(c.ID))}, "text": {"To inna osoba."}}
}

// TestTwinsGoOnInTheFirstEffectiveOne: the e-mail came first and has no effect, so the other one's date is the legal one.
func TestTwinsGoOnInTheFirstEffectiveOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mail, platform := w.twins()
	w.write(mail, workflow.ReplyChannelIneffective, workflow.LetterHeld)
	anna := w.as("anna")
	p := anna.get(casePath(mail.ID)).submit(casePath(mail.ID)+"/link", link(platform, workflow.LinkDuplicate))
	if p.status != http.StatusOK || !p.says(polish.Work.Linked, polish.Case.LinkEarlier[workflow.LinkDuplicate]+" "+platform.Number) {
		t.Fatalf("status %d\n%s", p.status, p.text())
	}
	twin, kept := w.get(mail.ID), w.get(platform.ID)
	if twin.Status != workflow.StatusClosed || twin.Parent != kept.ID || kept.Status != workflow.StatusOpen || !kept.DueAt.Equal(platform.DueAt) {
		t.Errorf("the e-mail is %s of %d, the other %s due %s", twin.Status, twin.Parent, kept.Status, kept.DueAt)
	}
	for _, l := range w.letters(mail.ID) {
		if l.Status != workflow.LetterCancelled {
			t.Errorf("the twin is still told: %s %s", l.Kind, l.Status)
		}
	}
	if twin.Number != mail.Number || kept.Number != platform.Number {
		t.Error("a number of the register changed")
	}

	p = anna.get(casePath(kept.ID)).submit(casePath(kept.ID)+"/unlink", unlink(twin))
	twin, kept = w.get(mail.ID), w.get(platform.ID)
	if p.status != http.StatusOK || twin.Status != workflow.StatusOpen || twin.Parent != 0 || kept.Status != workflow.StatusOpen {
		t.Errorf("unlinked: status %d, the e-mail is %s of %d", p.status, twin.Status, twin.Parent)
	}
	if twin.Reply != workflow.ReplyChannelIneffective {
		t.Errorf("the e-mail by itself is answered with %s", twin.Reply)
	}
	letters := w.letters(mail.ID)
	if last := letters[len(letters)-1]; last.Status != workflow.LetterHeld || last.Kind != workflow.ReplyChannelIneffective {
		t.Errorf("the letter of the e-mail is %s, %s: a person must see it first", last.Kind, last.Status)
	}
	for _, id := range []workflow.CaseID{mail.ID, platform.ID} {
		if h := w.history(id); !strings.Contains(h, "linked") || !strings.Contains(h, "unlinked") {
			t.Errorf("history of %d: %s", id, h)
		}
	}
}

// TestASupplementAsksForNothingByItself, and lacks what it lacks again once it is unlinked.
func TestASupplementAsksForNothingByItself(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.hire("zofia", "Zofia Lis", workflow.RoleClerk, "SA")
	first := w.take(alcoholLacking())
	f := alcoholLacking()
	f.text, f.ago = f.text+" Przesyłam jeszcze raz.", time.Hour
	later := w.take(f)
	zofia := w.as("zofia")
	alone := w.get(later.ID).Missing
	p := zofia.get(casePath(first.ID)).submit(casePath(first.ID)+"/link", link(later, workflow.LinkSupplement)) // from the earlier one
	if got := w.get(later.ID); p.status != http.StatusOK || got.Parent != first.ID || got.Missing >= alone {
		t.Fatalf("status %d, parent %d, %d missing of %d\n%s", p.status, got.Parent, got.Missing, alone, p.text())
	}
	if p := zofia.act(later.ID, "link", link(first, workflow.LinkSupplement)); p.status != http.StatusConflict || !p.says(polish.Problem.SameThing) {
		t.Errorf("linked twice: %d", p.status)
	}
	zofia.get(casePath(later.ID)).submit(casePath(later.ID)+"/unlink", unlink(first))
	if got := w.get(later.ID); got.Parent != 0 || got.Missing != alone {
		t.Errorf("by itself again: parent %d, %d missing, before %d", got.Parent, got.Missing, alone)
	}
	if links, err := w.store.CaseLinks(t.Context(), first.ID); err != nil || len(links) != 0 {
		t.Errorf("links left: %+v (%v)", links, err)
	}
}

// TestAProposalIsConfirmedOrTurnedDown by a person, and nothing else of the cases changes when it is turned down.
func TestAProposalIsConfirmedOrTurnedDown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mail, platform := w.twins()
	propose := func() {
		w.must(w.store.Tx(t.Context(), func(tx workflow.Tx) error {
			return tx.SaveLink(t.Context(), platform.ID, workflow.Link{Case: mail.ID, Kind: workflow.LinkDuplicate, Score: 0.7, Because: "ta sama osoba"})
		}))
	}
	propose()
	anna, page := w.as("anna"), casePath(platform.ID)
	p := anna.get(page).submit(page+"/unlink", unlink(mail))
	if got := w.get(platform.ID); p.status != http.StatusOK || got.Missing != platform.Missing || got.Status != workflow.StatusOpen || len(w.letters(platform.ID)) != 0 {
		t.Errorf("turned down: status %d, %+v", p.status, got)
	}
	propose()
	shown := anna.get(page)
	if !shown.says(polish.Work.Confirm, polish.Work.UnlinkProposal) {
		t.Fatal("the proposal is not shown")
	}
	if p := anna.act(platform.ID, "link", link(mail, workflow.LinkDuplicate)); p.status != http.StatusOK || w.get(mail.ID).Status != workflow.StatusClosed {
		t.Errorf("confirmed: status %d, the e-mail is %s", p.status, w.get(mail.ID).Status)
	}
}

func TestLinksThatAreNotPossible(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mail, platform := w.twins()
	other := w.take(alcoholLacking()) // desk SA, which anna does not see
	test := saleByPUAP()
	test.test, test.text = true, test.text+" test"
	trial := w.take(test)
	w.alter(mail.ID, func(c *workflow.Case) { c.Owner = "piotr" })
	anna, admin := w.as("anna"), w.as("admin")
	for _, tt := range []struct {
		name   string
		by     *browser
		values url.Values
		status int
		says   string
	}{
		{"to a case of another desk", anna, link(other, workflow.LinkSupplement), 422, polish.Work.NoSuchCase},
		{"to a number nobody has", anna, url.Values{"number": {"RPW/99/2026"}, "kind": {"supplement"}}, 422, polish.Work.NoSuchCase},
		{"to itself", anna, link(platform, workflow.LinkSupplement), 409, polish.Problem.SameThing},
		{"as something that there is not", anna, url.Values{"number": {mail.Number}, "kind": {"part"}}, 422, polish.Problem.Choose},
		{"to a test", admin, url.Values{"number": {trial.Number}, "kind": {"supplement"}}, 409, polish.Work.TestAlone},
		{"as a twin of a colleague's", anna, link(mail, workflow.LinkDuplicate), 409, polish.Work.TwinTaken},
	} {
		before := w.get(platform.ID)
		p := tt.by.act(platform.ID, "link", tt.values)
		if after := w.get(platform.ID); p.status != tt.status || !p.says(tt.says) || after.Version != before.Version {
			t.Errorf("%s: status %d, version %d after %d\n%s", tt.name, p.status, after.Version, before.Version, p.text())
		}
	}
}
