package reply

import (
	"okienko/schemas"
	"okienko/validate"
	"okienko/workflow"
)

// PageView is what the resident's page may say of a case: what lacks, and the ways to send it. It names nobody.
type PageView struct {
	Lacking []Lacking
	Ways    []Way
}

// Lacking is one thing to send.
type Lacking struct {
	Label      schemas.Text
	Unreadable bool // it was there and could not be read
}

// Page lists what the letters of a case would list, in every language there is.
func (c *Composer) Page(cs workflow.Case, j workflow.Judgement) PageView {
	proc, _ := c.procedures.Procedure(cs.Procedure, firstOf(cs.Submission.ReceivedAt, cs.RegisteredAt))
	view := PageView{Ways: c.wayList(proc, cs.Submission.Channel)}
	for _, outcome := range []validate.Outcome{validate.Missing, validate.Unreadable} {
		for _, i := range c.items(proc, cs.Submission.Channel, j.Findings, outcome) {
			label := requirement(proc, i.ID).Label
			for _, f := range j.Findings {
				if f.Requirement == i.ID && f.Label.PL != "" {
					label = f.Label
				}
			}
			if label.PL == "" {
				label.PL = i.Label
			}
			view.Lacking = append(view.Lacking, Lacking{Label: label, Unreadable: outcome == validate.Unreadable})
		}
	}
	return view
}

// page is the address of the resident's page with the code that opens it, in letters that ask for something.
type page struct{ Address, Code string }

func (c *Composer) pageOf(id workflow.CaseID) *page {
	if c.page == "" {
		return nil
	}
	return &page{c.page, c.codes.OfPage(id)}
}
