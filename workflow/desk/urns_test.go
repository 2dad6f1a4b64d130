package desk

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"okienko/ingest"
	"okienko/workflow"
)

// urns are those of the world.
var urns = []Urn{{Name: "urna", Place: "al. Powstania Warszawskiego 10", Hold: mustHold("next_working_day")}}

func mustHold(s string) workflow.Hold {
	h, err := workflow.ParseHold(s)
	if err != nil {
		panic(err)
	}
	return h
}

// emptying is the form of the urn emptied at a minute of the world's clock.
func (w *world) emptying(ago time.Duration, count string) (url.Values, time.Time) {
	warsaw, err := time.LoadLocation("Europe/Warsaw")
	w.must(err)
	to := w.now().Add(-ago).In(warsaw).Truncate(time.Minute)
	return url.Values{"site": {"urna"}, "from": {to.Add(-17 * time.Hour).Format("2006-01-02T15:04")}, "to": {to.Format("2006-01-02T15:04")},
		"count": {count}, "bag": {"B-17"}, "witness": {"Jan Drugi"}}, to.UTC()
}

// scans are what a batch of that emptying became.
func (w *world) scans(text string, to time.Time, envelopes int) {
	b := ingest.Batch{Source: "urna", Digest: ingest.DigestOf([]byte(text)), DroppedTo: to, Parts: make([]ingest.BatchPart, envelopes)}
	if envelopes == 0 {
		b.Reason = ingest.BatchMissing
	}
	w.must(w.store.SaveBatch(w.Context(), b))
}

// emptied is an emptying some weeks ago, with what was scanned of it.
func (w *world) emptied(weeks, counted, scanned int) {
	_, to := w.emptying(time.Duration(weeks)*7*day, "")
	w.must(w.store.AddEmptying(w.Context(), &workflow.Emptying{Site: "urna", From: to.Add(-17 * time.Hour), To: to, Counted: counted, Witness: "Jan", EnteredBy: "anna"}))
	w.scans(to.String(), to, scanned)
}

func TestTheCountOfAnUrnIsHeldAgainstWhatWasScanned(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.serve()
	b := w.as("anna")
	form, to := w.emptying(14*day, "3") // long ago: whatever day it is, the hold is over
	if page := b.post("/urns", form); !strings.Contains(page.body, "Opróżnienie wpisane.") || !strings.Contains(page.body, "brakuje 3") {
		t.Fatalf("after entering: %d\n%s", page.status, page.body)
	}
	if page := b.post("/urns", form); page.status != http.StatusUnprocessableEntity || !strings.Contains(page.body, "już wpisane") {
		t.Errorf("entered twice: %d", page.status)
	}
	w.scans("a", to, 2)
	page := b.get("/urns")
	if !strings.Contains(page.body, `<tr class="bad">`) || !strings.Contains(page.body, "brakuje 1") || !strings.Contains(page.body, "al. Powstania Warszawskiego 10") {
		t.Errorf("one is missing:\n%s", page.body)
	}
	w.scans("b", to, 1)
	if page = b.get("/urns"); !strings.Contains(page.body, `<tr class="ok">`) || !strings.Contains(page.body, "zgadza się") {
		t.Errorf("all are there:\n%s", page.body)
	}
	w.scans("c", to, 0)
	if page = b.get("/urns"); !strings.Contains(page.body, "partie do ręcznego podziału: 1") {
		t.Errorf("a batch to part by hand:\n%s", page.body)
	}
	if page = b.post("/urns/1/settle", url.Values{"note": {""}}); page.status != http.StatusUnprocessableEntity {
		t.Errorf("settled without a word: %d", page.status)
	}
	page = b.post("/urns/1/settle", url.Values{"note": {"podzielono ręcznie"}})
	if !strings.Contains(page.body, `<tr class="ok">`) || !strings.Contains(page.body, "wyjaśniono: podzielono ręcznie") || strings.Contains(page.body, "settle") {
		t.Errorf("settled:\n%s", page.body)
	}
	if page = b.post("/urns/99/settle", url.Values{"note": {"x"}}); page.status != http.StatusNotFound {
		t.Errorf("an emptying that is none: %d", page.status)
	}
}

func TestTheHoldOfAnUrnIsSeenBeforeItsTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.serve()
	b := w.as("anna")
	form, _ := w.emptying(time.Minute, "3")
	if page := b.post("/urns", form); !strings.Contains(page.body, `<tr class="waits">`) || !strings.Contains(page.body, "kwarantanna do ") {
		t.Errorf("in hold: %d\n%s", page.status, page.body)
	}
	w.scans("other", w.now().Add(-100*day).Truncate(time.Minute), 2)
	if page := b.get("/urns"); !strings.Contains(page.body, "nikt nie wpisał liczby kopert") {
		t.Errorf("scans nobody counted:\n%s", page.body)
	}
}

func TestWrongEmptyingsAreRefusedWithWhatIsWrong(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.serve()
	b := w.as("anna")
	for _, tt := range []struct{ field, value, want string }{
		{"site", "inna", "Proszę wybrać"}, {"from", "", "oba czasy"}, {"to", "2019-01-01T08:00", "oba czasy"}, {"to", "2099-01-01T08:00", "oba czasy"},
		{"count", "-1", "liczbę kopert"}, {"count", "dużo", "liczbę kopert"}, {"witness", " ", "drugą osobę"},
	} {
		form, _ := w.emptying(time.Hour, "3")
		form.Set(tt.field, tt.value)
		if page := b.post("/urns", form); page.status != http.StatusUnprocessableEntity || !strings.Contains(page.body, tt.want) {
			t.Errorf("%s %q: status %d, want %q", tt.field, tt.value, page.status, tt.want)
		}
	}
	if all, err := w.store.Emptyings(t.Context(), 0); err != nil || len(all) != 0 {
		t.Errorf("kept %v, %v", all, err)
	}
}

// paperLetter is a letter from the urn, which gives an address.
func (w *world) paperLetter(heldFor time.Duration) workflow.Case {
	c := w.take(registrationLacking())
	err := w.store.Tx(w.Context(), func(tx workflow.Tx) error {
		locked, err := tx.Lock(w.Context(), c.ID)
		if err != nil {
			return err
		}
		if heldFor > 0 {
			locked.Stage, locked.Status, locked.HeldUntil = workflow.StageJudge, workflow.StatusProcessing, w.now().Add(heldFor)
			locked.Route.Desk = workflow.DeskRegistry
		}
		c = locked
		return tx.Update(w.Context(), &c)
	})
	w.must(err)
	return c
}

func TestAHeldCaseShowsItsHoldAndMayBeReleasedEarlyWithAReason(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.paperLetter(20 * time.Hour)
	w.serve()
	b := w.as("anna")
	page := b.get(casePath(c.ID))
	if !strings.Contains(page.body, "Kwarantanna") || !strings.Contains(page.body, casePath(c.ID)+"/unhold") {
		t.Fatalf("held case: %d\n%s", page.status, page.body)
	}
	form := url.Values{"version": {itoa(c.Version)}, "text": {""}}
	if page = b.post(casePath(c.ID)+"/unhold", form); page.status != http.StatusUnprocessableEntity {
		t.Errorf("released without a reason: %d", page.status)
	}
	form.Set("text", "termin mija dziś")
	if page = b.post(casePath(c.ID)+"/unhold", form); !strings.Contains(page.body, "Kwarantanna zakończona.") {
		t.Errorf("released: %d", page.status)
	}
	got, err := w.store.Case(t.Context(), c.ID)
	w.must(err)
	events, err := w.store.Events(t.Context(), c.ID)
	w.must(err)
	if last := events[len(events)-1]; !got.HeldUntil.IsZero() || got.Stage != workflow.StageJudge || !hasEvent(events, workflow.EventUnheld, "termin mija dziś") {
		t.Errorf("held until %v, last event %+v", got.HeldUntil, last)
	}
	form.Set("version", itoa(got.Version))
	if page = b.post(casePath(c.ID)+"/unhold", form); page.status != http.StatusConflict {
		t.Errorf("released twice: %d", page.status)
	}
}

func hasEvent(events []workflow.Event, kind workflow.EventKind, detail string) bool {
	for _, e := range events {
		if e.Kind == kind && e.Detail == detail {
			return true
		}
	}
	return false
}

func TestAReceiptIsPrintedOrMailedToAnAddressInTheLetter(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.paperLetter(0)
	w.serve()
	b := w.as("anna")
	path := casePath(c.ID) + "/receipt"
	page := b.get(path)
	if !strings.Contains(page.body, "Potwierdzenie wpływu "+c.Number) || !strings.Contains(page.body, "można wydrukować") || strings.Contains(page.body, "79030812376") {
		t.Errorf("receipt without an address: %d\n%s", page.status, page.body)
	}
	form := url.Values{"version": {itoa(c.Version)}, "to": {"obcy@poczta.example"}}
	if page = b.post(path, form); page.status != http.StatusConflict {
		t.Errorf("mailed to an address nobody gave: %d", page.status)
	}
	j, err := w.store.Judgement(t.Context(), c.ID)
	w.must(err)
	j.Contents.Readings[0].Fields = append(j.Contents.Readings[0].Fields, ingest.Field{Type: ingest.FieldEmail, Value: "t.bielak@poczta.example"})
	w.must(w.store.Tx(t.Context(), func(tx workflow.Tx) error { return tx.Judged(t.Context(), c.ID, j) }))
	if page = b.get(path); !strings.Contains(page.body, "t.bielak@poczta.example") {
		t.Errorf("receipt with an address:\n%s", page.body)
	}
	before, err := w.store.CaseLetters(t.Context(), c.ID)
	w.must(err)
	form.Set("to", "t.bielak@poczta.example")
	if page = b.post(path, form); !strings.Contains(page.body, "czeka na wysłanie") {
		t.Errorf("mailed: %d", page.status)
	}
	letters, err := w.store.CaseLetters(t.Context(), c.ID)
	w.must(err)
	if len(letters) != len(before)+1 {
		t.Fatalf("%d letters, want one more than %d", len(letters), len(before))
	}
	l := letters[len(letters)-1]
	if l.Kind != workflow.ReplyReceipt || l.Status != workflow.LetterQueued || l.Channel != ingest.Email || l.Automatic || l.Author != "anna" ||
		!strings.Contains(l.Text, c.Number) || l.Subject != "Potwierdzenie wpływu "+c.Number || l.MessageID == "" {
		t.Errorf("letter %+v", l)
	}
}

func TestTheTimesOfALetterOnPaperAreApart(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 24, 7, 0, 0, 0, time.UTC)
	c := workflow.Case{Number: "RPW/1/2026", RegisteredAt: at.Add(2 * time.Hour), Submission: ingest.Submission{Channel: ingest.Scan, ReceivedAt: at.Add(30 * time.Minute),
		Paper: &ingest.Paper{Place: "al. Powstania", DroppedFrom: at.Add(-17 * time.Hour), DroppedTo: at, OpenedAt: at.Add(30 * time.Minute),
			ScannedAt: at.Add(time.Hour), Batch: ingest.DigestOf([]byte("b")), Envelope: 2, PageFrom: 4, PageTo: 5}}}
	v := polish.paperView(c)
	if v.Window == "" || !v.Party.Equal(at.Add(-17*time.Hour)) || !v.Opened.Equal(at.Add(30*time.Minute)) || !strings.HasPrefix(v.Batch, "koperta 2, strony 4-5") {
		t.Errorf("view %+v", v)
	}
	text := strings.Join(new(desk).receiptLines(c, ""), "\n")
	for _, want := range []string{"Wrzucono między", "Kopertę otwarto", "na Państwa korzyść", "Zarejestrowano", "RPW/1/2026"} {
		if !strings.Contains(text, want) {
			t.Errorf("the receipt does not say %q:\n%s", want, text)
		}
	}
	if (&polish).paperView(workflow.Case{}) != nil {
		t.Error("a mail has times of paper")
	}
}
