package classify

import (
	"cmp"
	"fmt"
	"slices"

	"okienko/schemas"
	"okienko/schemas/phrase"
)

// WithModel returns the rules with a model beside them, which is asked where they are unsure; nil for none.
func (rs *Ruleset) WithModel(m *Model) *Ruleset {
	with := *rs
	with.model = m
	if m != nil {
		with.version = rs.version + "+" + m.version
	}
	return &with
}

// ask lets the model decide where the rules were unsure. A letter that asks for several things, or whose best procedure is
// none of the catalogue's, stays with a person.
func (rs *Ruleset) ask(d Decision, zones []zone) Decision {
	list := rs.model.guesses(vocabulary(zones))
	if len(list) == 0 || list[0].procedure == schemas.General {
		return d
	}
	best := list[0]
	confidence := best.probability
	if len(d.Alternatives) > 0 && d.Alternatives[0].ID == best.procedure {
		confidence = 1 - (1-best.probability)*(1-d.Alternatives[0].Confidence) // rules and model look at different things
	}
	title, ok := rs.titleOf(best.procedure)
	if !ok || confidence < rs.model.threshold {
		return d
	}
	d.Procedure, d.Confidence, d.DecidedBy = best.procedure, round(min(confidence, 0.999)), ByModel
	d.Because = rs.modelReasons(best.procedure, title, zones)
	d.Alternatives = nil
	for _, g := range list[1:] {
		if len(d.Alternatives) < maxAlternatives && g.procedure != schemas.General && g.probability >= 0.01 {
			d.Alternatives = append(d.Alternatives, Alternative{g.procedure, round(g.probability)})
		}
	}
	return d
}

// What the model thinks of a decision by rules is asked only where they were hardly sure, and counts only where it thinks
// next to nothing of it.
const (
	hardlySure = 0.65
	unlikely   = 0.05
)

// secondOpinion leaves a letter to a person that the rules were hardly sure of and the model gives to something else.
func (rs *Ruleset) secondOpinion(d Decision, zones []zone) Decision {
	if d.Confidence >= hardlySure {
		return d
	}
	list := rs.model.guesses(vocabulary(zones))
	i := slices.IndexFunc(list, func(g guess) bool { return g.procedure == d.Procedure })
	if i <= 0 || list[i].probability >= unlikely {
		return d
	}
	d.Alternatives = append([]Alternative{{d.Procedure, d.Confidence}}, d.Alternatives...)
	d.Because = slices.Insert(d.Because, 0, Reason{Rule: "second_opinion", Text: "Reguły były mało pewne, a pisma podobne do tego dotyczyły czego innego."})
	d.Procedure, d.Confidence, d.DecidedBy = schemas.General, 0, ByNone
	return d
}

func (rs *Ruleset) titleOf(id schemas.ProcedureID) (string, bool) {
	i := slices.IndexFunc(rs.procedures, func(p Procedure) bool { return p.ID == id })
	if i < 0 {
		return "", false
	}
	return rs.title(i), true
}

// spoken is a word of the letter and how much it speaks for a procedure.
type spoken struct {
	zone   int
	word   phrase.Word
	weight float64
}

// modelReasons names the words that spoke most for a procedure, as they stand in the letter.
func (rs *Ruleset) modelReasons(id schemas.ProcedureID, title string, zones []zone) []Reason {
	class, _ := slices.BinarySearch(rs.model.classes, id)
	best := map[string]spoken{}
	for i, z := range zones {
		if z.name == zoneQuoted || z.name == zoneAttachment {
			continue
		}
		for _, w := range z.text.Words[:min(modelReads, len(z.text.Words))] {
			stem, ok := stemmed(w.Text)
			weights := rs.model.weights[stem]
			if s := (spoken{i, w, 0}); ok && weights != nil && weights[class]*z.weight > best[stem].weight {
				s.weight = weights[class] * z.weight
				best[stem] = s
			}
		}
	}
	var list []spoken
	for _, s := range best {
		list = append(list, s)
	}
	slices.SortFunc(list, func(a, b spoken) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.word.Text, b.word.Text))
	})
	var reasons []Reason
	for i, s := range list[:min(maxReasons, len(list))] {
		z := zones[s.zone]
		words := z.source[s.word.Start:s.word.End]
		reasons = append(reasons, Reason{Rule: fmt.Sprintf("model/%s/%d", rs.model.version, i+1), Words: words,
			Text:  fmt.Sprintf("%s: słowo „%s” jak w pismach o „%s”.", zoneTitles[z.name], words, title),
			Place: place(z, s.word.Start, s.word.End)})
	}
	return reasons
}
