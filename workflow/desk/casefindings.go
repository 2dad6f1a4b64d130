package desk

import (
	"slices"
	"strings"

	"okienko/ingest"
	"okienko/validate"
	"okienko/workflow"
)

// findingsView is the completeness of a submission: what lacks or needs eyes first, then what is there.
type findingsView struct {
	Open        []findingView // missing, unreadable, undecided
	Met         []findingView
	NotRequired []findingView
	Missing     int
	Unsure      int // unreadable or undecided
}

type findingView struct {
	validate.Finding
	Label       string
	Because     string
	Consequence string // "" where none follows
	Where       string // anchor in the letter shown beside; ""
	Quote       string // the words, where they stand in another document
	Piece       *pagePictureView

	Ruling       *rulingView // nil: as the machine says
	Wrong, Typed string      // of the form that corrects it, when it came back
}

// outcomeOrder puts what needs a clerk first.
var outcomeOrder = map[validate.Outcome]int{validate.Missing: 0, validate.Unreadable: 1, validate.Unsure: 2}

func (t *messages) findingsView(j workflow.Judgement) findingsView {
	var view findingsView
	shown := t.letterText(j)
	for _, f := range j.Findings {
		one := t.findingView(j, shown, f)
		switch f.Outcome {
		case validate.Met:
			view.Met = append(view.Met, one)
		case validate.NotRequired:
			view.NotRequired = append(view.NotRequired, one)
		case validate.Missing:
			view.Missing++
			view.Open = append(view.Open, one)
		default:
			view.Unsure++
			view.Open = append(view.Open, one)
		}
	}
	slices.SortStableFunc(view.Open, func(a, b findingView) int { return outcomeOrder[a.Outcome] - outcomeOrder[b.Outcome] })
	return view
}

func (t *messages) findingView(j workflow.Judgement, shown letterTextView, f validate.Finding) findingView {
	view := findingView{Finding: f, Label: t.text(f.Label), Because: mask(f.Because), Consequence: t.Consequence[f.Consequence]}
	if f.Place == nil {
		return view
	}
	if shown.has(*f.Place) {
		view.Where = "#" + anchor(*f.Place)
	} else if r, ok := reading(j, f.Place.Document); ok {
		view.Quote = mask(quote(r.Text, *f.Place, 30))
	}
	return view
}

func reading(j workflow.Judgement, document string) (ingest.Reading, bool) {
	for _, r := range j.Contents.Readings {
		if r.Document.ID == document {
			return r, true
		}
	}
	return ingest.Reading{}, false
}

// letterShown is how much of a letter the case page shows, in bytes; the rest is on the page of its text.
const letterShown = 6000

// letterTextView is the letter's own text, with what was concluded from it.
type letterTextView struct {
	Document string // ingest.Document.ID; "" if there is no letter with text
	Segments []segment
	Cut      bool
}

// letterReading is the first reading with text: the letter itself, or the form or scan that is the letter.
func letterReading(j workflow.Judgement) (ingest.Reading, bool) {
	for _, r := range j.Contents.Readings {
		if strings.TrimSpace(r.Text) != "" {
			return r, true
		}
	}
	return ingest.Reading{}, false
}

func (t *messages) letterText(j workflow.Judgement) letterTextView {
	r, ok := letterReading(j)
	if !ok {
		return letterTextView{}
	}
	list, cut := segments(r.Document.ID, r.Text, highlights(j, t), letterShown, true)
	return letterTextView{Document: r.Document.ID, Segments: list, Cut: cut}
}

// has reports whether a place can be pointed at in the letter as shown.
func (l letterTextView) has(p ingest.Place) bool {
	return slices.ContainsFunc(l.Segments, func(s segment) bool { return s.ID == anchor(p) })
}

// highlights are the places that said what the letter is about and that met a requirement.
func highlights(j workflow.Judgement, t *messages) []highlight {
	var list []highlight
	for _, r := range j.Decision.Because {
		if r.Place != nil {
			list = append(list, highlight{*r.Place, markWhy, t.Case.MarkWhy})
		}
	}
	for _, f := range j.Findings {
		if f.Place != nil && f.Outcome == validate.Met {
			list = append(list, highlight{*f.Place, markFound, t.text(f.Label)})
		}
	}
	return list
}

// signatureView is one signature in one sentence, with the details on demand.
type signatureView struct {
	validate.SignatureReport
	Verdict  string // "good", "bad", "unsure"
	Sentence string
	SignerID string
	Document string
	Broken   []string // references that do not hold
}

var verdicts = map[validate.Indication]string{validate.TotalPassed: "good", validate.TotalFailed: "bad"}

func (t *messages) signatureViews(j workflow.Judgement) []signatureView {
	var list []signatureView
	for _, s := range j.Signatures {
		view := signatureView{SignatureReport: s, Verdict: verdicts[s.Indication], Sentence: mask(t.text(s.Sentence)),
			SignerID: mask(s.Signer.ID), Document: s.Document}
		if view.Verdict == "" {
			view.Verdict = "unsure"
		}
		if r, ok := reading(j, s.Document); ok {
			view.Document = mask(r.Document.Name)
		}
		for _, ref := range s.References {
			if !ref.Found || !ref.Intact {
				view.Broken = append(view.Broken, ref.URI)
			}
		}
		list = append(list, view)
	}
	return list
}
