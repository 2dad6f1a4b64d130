package desk

import (
	"net/http"
	"testing"
	"time"

	"okienko/workflow"
)

// queued reports how many letters wait to be sent, and fails if one of them has no job that would send it.
func (w *world) queued() int {
	w.Helper()
	n, err := w.store.Waiting(w.Context())
	w.must(err)
	lost, err := w.store.Unfinished(w.Context(), w.now().Add(time.Hour), 100)
	w.must(err)
	if len(lost) > 0 {
		w.Errorf("nothing will send %+v", lost)
	}
	return n
}

// TestWhatAClerkDoesToLetters walks every status of a letter with every action: the page offers what is possible, and what it
// does not offer changes nothing.
func TestWhatAClerkDoesToLetters(t *testing.T) {
	t.Parallel()
	want := map[workflow.LetterStatus]map[string]workflow.LetterStatus{
		workflow.LetterDraft:     {"cancel": workflow.LetterCancelled},
		workflow.LetterHeld:      {"cancel": workflow.LetterCancelled, "release": workflow.LetterQueued},
		workflow.LetterUnknown:   {"arrived": workflow.LetterSent, "again": workflow.LetterQueued},
		workflow.LetterFailed:    {"again": workflow.LetterQueued},
		workflow.LetterSent:      {},
		workflow.LetterCancelled: {},
	}
	w := newWorld(t)
	anna, tried, waiting := w.as("anna"), 0, 0
	for from, allowed := range want {
		for _, action := range []string{"release", "cancel", "arrived", "again"} {
			c := w.take(registrationNumber(string(from) + action))
			l := w.write(c, workflow.ReplyIncomplete, from)
			path := casePath(c.ID) + "/letters/" + itoa(int64(l.ID)) + "/" + action
			to, possible := allowed[action]
			page := anna.get(casePath(c.ID))
			if page.has(path) != possible {
				t.Errorf("%s: the page offers to %s: %t, want %t", from, action, page.has(path), possible)
			}
			p := anna.act(c.ID, "letters/"+itoa(int64(l.ID))+"/"+action, nil)
			tried++
			got, events := w.letters(c.ID)[0], w.happened(c.ID)
			last := events[len(events)-1]
			switch {
			case !possible && (p.status != http.StatusConflict || got.Status != from || last.Kind == workflow.EventLetter):
				t.Errorf("%s: %s was not possible, but status %d, the letter is %s", from, action, p.status, got.Status)
			case possible && (p.status != http.StatusOK || got.Status != to || last.Kind != workflow.EventLetter || last.Actor != "anna"):
				t.Errorf("%s: %s: status %d, the letter is %s, the last event %s by %s", from, action, p.status, got.Status, last.Kind, last.Actor)
			case got.MessageID != l.MessageID:
				t.Errorf("%s: %s: the Message-ID changed: a second copy would not be recognised", from, action)
			}
			if to == workflow.LetterQueued {
				waiting++
			}
		}
	}
	if n := w.queued(); n != waiting {
		t.Errorf("%d letters wait to be sent, want %d", n, waiting)
	}
	t.Logf("%d actions on letters tried, %d letters queued", tried, waiting)
}

// TestALetterOfAnotherCaseIsNone: the address names the case, and a letter is looked for in it only.
func TestALetterOfAnotherCaseIsNone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mine, other := w.take(registrationNumber("1")), w.take(registrationNumber("2"))
	l := w.write(other, workflow.ReplyIncomplete, workflow.LetterHeld)
	for _, letter := range []string{itoa(int64(l.ID)), "4711", "x"} {
		if p := w.as("anna").act(mine.ID, "letters/"+letter+"/release", nil); p.status != http.StatusNotFound {
			t.Errorf("letter %s: status %d", letter, p.status)
		}
	}
	if got := w.letters(other.ID)[0].Status; got != workflow.LetterHeld {
		t.Errorf("the letter is %s", got)
	}
}

// TestClosingWithdrawsWhatWasHeld: a closed case sends nothing any more.
func TestClosingWithdrawsWhatWasHeld(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.take(registrationLacking())
	w.write(c, workflow.ReplyIncomplete, workflow.LetterHeld)
	w.as("anna").act(c.ID, "close", map[string][]string{"reason": {closeTwin}})
	if got := w.letters(c.ID)[0]; got.Status != workflow.LetterCancelled || w.history(c.ID) != "registered judged letter closed" {
		t.Errorf("the letter is %s, history %s", got.Status, w.history(c.ID))
	}
}
