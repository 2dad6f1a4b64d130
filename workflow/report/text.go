package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"
)

// WriteText prints a report for people, Polish first.
func (r Report) WriteText(w io.Writer) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\n", r.File)
	fmt.Fprintf(&b, "  rodzaj (nature):    %s, %s, język %s\n", r.Nature, r.Channel, r.Language)
	procedure := "—"
	if r.Procedure.ID != nil {
		procedure = string(*r.Procedure.ID)
	}
	fmt.Fprintf(&b, "  sprawa (service):   %s, %.0f%%, %s: %s\n", procedure, 100*r.Procedure.Confidence, r.Procedure.DecidedBy,
		strings.Join(r.Procedure.Because, "; "))
	for _, d := range r.Documents {
		fmt.Fprintf(&b, "  dokument:           %s, %s, %d B%s\n", d.Name, d.MediaType, d.Bytes, problemText(d.Problem))
	}
	for _, s := range r.Signatures {
		fmt.Fprintf(&b, "  podpis (signature): %s %s\n", s.Indication, s.Sentence.PL)
	}
	fmt.Fprintf(&b, "  skuteczność:        %s %s\n", r.Legal.Effective, r.Legal.Because)
	for _, f := range r.Findings {
		fmt.Fprintf(&b, "  %-19s %s (%s): %s\n", f.Outcome, f.Requirement, f.Consequence, f.Because)
	}
	fmt.Fprintf(&b, "  biurko (desk):      %s %s\n", r.Route.Desk, r.Route.Because)
	fmt.Fprintf(&b, "  odpowiedź (reply):  %s %s\n", r.Reply.Kind, r.Reply.Because)
	if r.Reply.Text != "" {
		fmt.Fprintf(&b, "\n%s\n\n%s\n", r.Reply.Subject, r.Reply.Text)
	}
	_, err := w.Write(b.Bytes())
	return err
}

func problemText(code *string) string {
	if code == nil {
		return ""
	}
	return ", problem: " + *code
}
