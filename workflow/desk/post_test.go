package desk

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"okienko/ingest"
	"okienko/workflow"
	"okienko/workflow/deadline"
)

// call puts a call beside a case, with a term.
func (w *world) call(c workflow.Case, channel ingest.Channel, status workflow.LetterStatus) workflow.Letter {
	w.Helper()
	l := w.write(c, workflow.ReplyCall, status)
	l.Channel, l.Text = channel, "Wzywam.\nTermin: 7 dni od dnia doręczenia tego wezwania."
	w.must(w.store.Tx(w.Context(), func(tx workflow.Tx) error { return tx.SaveLetter(w.Context(), &l) }))
	return l
}

// TestALetterOnPaperRunsItsTermFromItsReceipt walks what a clerk enters after the letter was printed: KPA art. 39, 44, 46, 47, 57.
func TestALetterOnPaperRunsItsTermFromItsReceipt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	anna := w.as("anna")
	day := func(ago int) string { return w.now().AddDate(0, 0, -ago).In(deadline.Warsaw()).Format(time.DateOnly) }
	shown := func(ago int) string { return polish.Date(w.now().AddDate(0, 0, -ago)) }
	for _, tt := range []struct {
		name   string
		how    string
		ago    int // of the day that is entered
		says   string
		runs   bool
		failed bool
	}{
		{"received", postReceived, 3, "Doręczono " + shown(3), true, false},
		{"refused at the door", postRefused, 3, "Doręczono " + shown(3), true, false},
		{"kept for 14 days after a notice", postNotice, 18, "Uznano za doręczone " + shown(4), true, false},
		{"came back", postReturned, 3, "Wróciło niedoręczone", false, true},
	} {
		c := w.take(registrationNumber(tt.name))
		l := w.call(c, ingest.Scan, workflow.LetterSent)
		path := casePath(c.ID) + "/letters/" + itoa(int64(l.ID))
		if p := anna.get(casePath(c.ID)); !p.has(path+"/posted") || p.has(path+"/delivered") {
			t.Fatalf("%s: the page does not ask for the posting\n%s", tt.name, p.text())
		}
		p := anna.act(c.ID, "letters/"+itoa(int64(l.ID))+"/posted", url.Values{"way": {"post"}, "number": {"(00) 5590 0773 1234"}, "day": {day(20)}})
		if p.status != http.StatusOK || !p.says("list polecony", "(00) 5590 0773 1234", polish.Post.NoReceipt) || strings.Contains(p.text(), "Termin 7 dni mija") {
			t.Fatalf("%s: after the posting: %d\n%s", tt.name, p.status, p.text())
		}
		p = anna.act(c.ID, "letters/"+itoa(int64(l.ID))+"/delivered", url.Values{"how": {tt.how}, "day": {day(tt.ago)}})
		if p.status != http.StatusOK || !p.says(tt.says) || strings.Contains(p.text(), "Termin 7 dni mija") != tt.runs {
			t.Errorf("%s: %d\n%s", tt.name, p.status, p.text())
		}
		d := w.deliveries(c.ID)[0]
		if d.Way != workflow.ByPost || d.Failed != tt.failed || d.Deemed != (tt.how == postNotice) || !d.DueAt.IsZero() {
			t.Errorf("%s: %+v", tt.name, d)
		}
		if !tt.runs {
			continue
		}
		end := deadline.Office(d.DeliveredAt, 7, deadline.Days)
		if !p.says("Termin 7 dni mija " + polish.Date(end)) {
			t.Errorf("%s: the term does not end on %s\n%s", tt.name, polish.Date(end), p.text())
		}
		p = anna.act(c.ID, "letters/"+itoa(int64(l.ID))+"/delivered", url.Values{"how": {postReceived}, "day": {day(1)}})
		if !p.says("Doręczono "+shown(1), "poprawiono, było "+d.DeliveredAt.In(deadline.Warsaw()).Format(time.DateOnly)) {
			t.Errorf("%s: corrected: %d\n%s", tt.name, p.status, p.text())
		}
	}
}

func (w *world) deliveries(id workflow.CaseID) []workflow.Delivery {
	w.Helper()
	all, err := w.store.CaseDeliveries(w.Context(), id)
	w.must(err)
	return all
}

func TestWhatCannotBeTrueOfALetterOnPaperIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	anna := w.as("anna")
	day := func(ago int) string { return w.now().AddDate(0, 0, -ago).In(deadline.Warsaw()).Format(time.DateOnly) }
	c := w.take(registrationNumber("1"))
	l := w.call(c, ingest.Scan, workflow.LetterSent)
	letter := "letters/" + itoa(int64(l.ID))
	for _, tt := range []struct {
		name, action string
		form         url.Values
		says         string
	}{
		{"no way", "posted", url.Values{"number": {"12345"}, "day": {day(2)}}, polish.Problem.Choose},
		{"a way there is not", "posted", url.Values{"way": {"ade"}, "number": {"12345"}, "day": {day(2)}}, polish.Problem.Choose},
		{"registered without a number", "posted", url.Values{"way": {"post"}, "day": {day(2)}}, polish.Post.WrongNumber},
		{"a number that is none", "posted", url.Values{"way": {"post"}, "number": {"<b>"}, "day": {day(2)}}, polish.Post.WrongNumber},
		{"tomorrow", "posted", url.Values{"way": {"post"}, "number": {"12345"}, "day": {day(-1)}}, polish.Post.WrongDay},
		{"no day", "posted", url.Values{"way": {"post"}, "number": {"12345"}}, polish.Post.WrongDay},
		{"posted", "posted", url.Values{"way": {"puh"}, "day": {day(10)}}, ""},
		{"nothing said", "delivered", url.Values{"day": {day(2)}}, polish.Problem.Choose},
		{"delivered tomorrow", "delivered", url.Values{"how": {postReceived}, "day": {day(-1)}}, polish.Post.WrongDay},
		{"delivered before it was posted", "delivered", url.Values{"how": {postReceived}, "day": {day(11)}}, polish.Post.BeforePosting},
		{"a notice whose 14 days are not over", "delivered", url.Values{"how": {postNotice}, "day": {day(9)}}, "list czeka 14 dni"},
		{"delivered on the day it was posted", "delivered", url.Values{"how": {postReceived}, "day": {day(10)}}, ""},
	} {
		p := anna.act(c.ID, letter+"/"+tt.action, tt.form)
		if want := http.StatusUnprocessableEntity; tt.says != "" && (p.status != want || !p.says(tt.says)) || tt.says == "" && p.status != http.StatusOK {
			t.Errorf("%s: status %d\n%s", tt.name, p.status, p.text())
		}
	}
	// An electronic letter that is on its way is nothing for the post; one that failed is.
	for status, possible := range map[workflow.LetterStatus]bool{workflow.LetterQueued: false, workflow.LetterFailed: true} {
		c := w.take(registrationNumber(string(status)))
		l := w.call(c, ingest.EDelivery, status)
		p := anna.act(c.ID, "letters/"+itoa(int64(l.ID))+"/posted", url.Values{"way": {"post"}, "number": {"12345"}, "day": {day(0)}})
		if (p.status == http.StatusOK) != possible || (w.letters(c.ID)[0].Status == workflow.LetterSent) != possible {
			t.Errorf("%s: status %d, the letter is %s", status, p.status, w.letters(c.ID)[0].Status)
		}
	}
}
