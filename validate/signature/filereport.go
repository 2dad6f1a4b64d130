package signature

import (
	"fmt"
	"io"
	"strings"

	"okienko/validate"
)

// FileReport is what is published about the signatures in one file: a line of "okienko signatures --json".
type FileReport struct {
	File       string                     `json:"file"`
	Signatures []validate.SignatureReport `json:"signatures"`
	Problems   []string                   `json:"problems,omitempty"` // English, what could not be examined
}

// Report examines a file for publication.
func Report(f File, opt Options) FileReport {
	e := Examine(f, opt)
	r := FileReport{File: f.Name, Signatures: e.Signatures, Problems: e.Problems}
	if r.Signatures == nil {
		r.Signatures = []validate.SignatureReport{} // published as [], never null
	}
	return r
}

// ParseContent splits the argument of --content: PATH, or NAME=PATH where the signature knows the document by another name.
// The name of a bare path is its last element.
func ParseContent(arg string) (name, path string) {
	if name, path, ok := strings.Cut(arg, "="); ok && name != "" && !strings.ContainsAny(name, `/\`) {
		return name, path
	}
	return arg[strings.LastIndexAny(arg, `/\`)+1:], arg
}

// WriteText writes r for people, Polish first.
func (r FileReport) WriteText(w io.Writer) error {
	var b strings.Builder
	if len(r.Signatures) == 0 {
		fmt.Fprintf(&b, "%s: nie znaleziono podpisu elektronicznego (no electronic signature found)\n", r.File)
	}
	for i, s := range r.Signatures {
		fmt.Fprintf(&b, "%s, podpis %d z %d: %s\n", r.File, i+1, len(r.Signatures), s.Sentence.PL)
		fmt.Fprintf(&b, "  %s %s  %s", s.Format, s.Profile, s.Indication)
		if s.SubIndication != "" {
			fmt.Fprintf(&b, " / %s", s.SubIndication)
		}
		if s.SigningTime != nil {
			fmt.Fprintf(&b, "  czas deklarowany %s", s.SigningTime.Format("2006-01-02 15:04:05 -0700"))
		}
		b.WriteByte('\n')
		for _, warning := range s.Warnings {
			fmt.Fprintf(&b, "  - %s\n", warning)
		}
		if s.Problem != "" {
			fmt.Fprintf(&b, "  (%s)\n", s.Problem)
		}
	}
	for _, p := range r.Problems {
		fmt.Fprintf(&b, "  ! %s\n", p)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
