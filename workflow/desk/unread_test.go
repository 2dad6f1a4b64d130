package desk

import (
	"strings"
	"testing"

	"golang.org/x/net/html"

	"okienko/classify"
	"okienko/workflow"
)

// standsOut is the text of the action that the page shows as the likeliest; "" if none.
func (p answered) standsOut() string {
	for n := range p.root.Descendants() {
		if n.Type == html.ElementNode && (n.Data == "summary" || n.Data == "a" || n.Data == "button") &&
			strings.Contains(" "+attr(n, "class")+" ", " primary ") && !inside(n, "pop") {
			return oneLine(textOf(n))
		}
	}
	return ""
}

func inside(n *html.Node, class string) bool {
	for up := n.Parent; up != nil; up = up.Parent {
		if attr(up, "class") == class {
			return true
		}
	}
	return false
}

// TestTheNextStepStandsOut: one sentence says what to do, and one button at most is the likeliest.
func TestTheNextStepStandsOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cases := w.morning()
	admin := w.as("admin")
	mine := func(c *workflow.Case) { c.Owner = "admin" }
	for _, tt := range []struct {
		name   string
		number int
		before func(*workflow.Case)
		says   string
		button string
	}{
		{"complete", 0, nil, polish.Case.Steps.Complete, polish.Case.DoAccept},
		{"lacking", 4, nil, "Brakuje 3 rzeczy", polish.Case.DoCall},
		{"to be checked", 1, nil, polish.Case.Steps.Check, polish.Case.DoAccept},
		{"without effect", 5, nil, polish.Case.Steps.Ineffective, polish.Case.DoClose},
		{"unsure", 13, nil, polish.Case.Steps.Unsure, polish.Case.DoService},
		{"in quarantine", 14, nil, polish.Case.Steps.Quarantined, polish.Case.DoService},
		{"closed", 16, nil, polish.Case.Steps.Closed, polish.Case.DoReopen},
		{"no submission, opened again", 17, func(c *workflow.Case) { c.Status = workflow.StatusOpen }, polish.Case.Steps.NotSubmission, polish.Case.DoClose},
		{"waiting", 15, func(c *workflow.Case) { c.Status = workflow.StatusWaiting }, polish.Case.Steps.Waiting, ""},
		{"accepted", 12, func(c *workflow.Case) { mine(c); c.Status = workflow.StatusAccepted }, polish.Case.Steps.Accepted, ""},
		{"a colleague's", 3, func(c *workflow.Case) { c.Owner = "anna" }, "Sprawę prowadzi Anna Nowak.", ""},
		{"with the machine", 2, func(c *workflow.Case) { c.Status = workflow.StatusProcessing }, polish.Case.Steps.Processing, ""},
	} {
		c := cases[tt.number]
		if tt.before != nil {
			w.alter(c.ID, tt.before)
		}
		p := admin.get(casePath(c.ID))
		if got := p.standsOut(); !p.says(tt.says) || got != tt.button {
			t.Errorf("%s: %q stands out, want %q", tt.name, got, tt.button)
		}
	}
}

// TestWhatIsNoSubmission says what it is and how sure the machine is, not that it is unsure of a service nobody asks for.
func TestWhatIsNoSubmission(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.take(filings()[16])
	p := w.as("admin").get(casePath(c.ID))
	if !p.says(polish.Nature[classify.NatureNewsletter], polish.Queue.Sure+", 99 %", polish.Case.NothingAsked) {
		t.Error(p.text())
	}
}

// TestWhatTheMachineNeverRead is no longer being read, and nobody can call for anything yet.
func TestWhatTheMachineNeverRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.take(filings()[14])
	p := w.as("admin").get(casePath(c.ID))
	if !p.says(polish.Case.NoText, polish.Case.Unread) || strings.Contains(p.text(), polish.Case.NotYet) || p.link(polish.Case.DoCall) != "" {
		t.Error(p.text())
	}
}
