package quality

import (
	"fmt"
	"io"
	"maps"
	"slices"
)

// Print tells a measurement to people. With details each wrong case is listed.
func (t Tally) Print(w io.Writer, title string, details bool) error {
	p := printer{w: w}
	p.line("%s: %d cases, %d submissions", title, t.Cases, t.Submissions)
	s := t.Procedure
	p.line("  procedure    top-1 %s; decided %s, of these right %s; %d submissions lost", Ratio{s.Top, s.All}, Ratio{s.Decided, s.All}, Ratio{s.Right, s.Decided}, t.Lost)
	p.line("  baseline     top-1 %s", s.Baseline)
	p.line("  general      left to a person %s", s.LeftToPeople)
	p.line("  no submission recognised %s; answered %d", t.Natures, t.Answered)
	p.line("  other matters %s", t.Matters)
	c := t.Conditions
	p.line("  conditions   right %d, undecided %d, wrong %d", c.Right, c.Undecided, c.Wrong)
	p.line("  missing      %s; told to be unreadable instead %d (recall with these %s); not to be asked for, called missing %d", t.Missing, t.Unread, percent(t.Missing.Both+t.Unread, t.Missing.There), t.Asked)
	p.line("  reply kind   %s", t.Reply)
	p.line("  links        attached: %s; with proposals: %s", t.Links, t.Proposed)
	t.printReliability(&p)
	if details {
		t.details(&p)
	}
	return p.err
}

func (t Tally) details(p *printer) {
	p.line("  confusions")
	for _, line := range t.confusions() {
		p.line("    %s", line)
	}
	p.line("  missing, by requirement")
	for _, id := range slices.Sorted(maps.Keys(t.ByItem)) {
		p.line("    %-30s %s", id, *t.ByItem[id])
	}
	p.line("  wrong, one by one")
	for _, x := range t.Wrong {
		p.line("    %-34s %-10s %s", x.Case, x.What, x.Detail)
	}
}

// printer writes lines until the first error.
type printer struct {
	w   io.Writer
	err error
}

func (p *printer) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format+"\n", args...)
	}
}
