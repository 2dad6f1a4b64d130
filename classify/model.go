package classify

import (
	"cmp"
	"math"
	"slices"

	"okienko/schemas"
)

// Model is what was learnt from examples: a multinomial naive Bayes over word stems, pairs of them and letter groups. It stands
// beside the rules and is asked where they are unsure. It is small, trained in milliseconds and always the same for the same
// examples; it is immutable and may be used concurrently. The nil Model says nothing.
//
// Its probabilities are calibrated: one temperature, fitted so that each example is judged best by the model of all the others.
type Model struct {
	version   string
	classes   []schemas.ProcedureID
	weights   map[string][]float64 // by feature: how much it speaks for each class
	scale     float64              // 1 / temperature
	threshold float64
}

// WrongCosts says how many letters left to a person are as bad as one given to a wrong service: a minute of a clerk against a
// wrong letter to a resident and a lost day. A guess pays when (1 - p) * WrongCosts < 1.
const WrongCosts = 10

// smoothing is the count every feature has in every class before anything was seen (Lidstone), by leave-one-out on the examples.
const smoothing = 0.1

// minExamples is in how many examples a feature must stand: what only one letter says is its sender's name, street and chance.
const minExamples = 2

// Train makes a model of examples. Their order does not matter. It returns nil if there are none.
func Train(examples []Example) *Model {
	if len(examples) == 0 {
		return nil
	}
	t := newTraining(examples)
	m := &Model{version: t.version(), classes: t.classes, weights: t.weights(), threshold: 1 - 1.0/WrongCosts}
	m.scale = t.calibrate()
	return m
}

// Version names the model by what it learnt from.
func (m *Model) Version() string {
	if m == nil {
		return ""
	}
	return m.version
}

// guess is one procedure a model thinks of.
type guess struct {
	procedure   schemas.ProcedureID
	probability float64
}

// guesses ranks all classes, best first. nil if no feature is known.
func (m *Model) guesses(features map[string]float64) []guess {
	if m == nil {
		return nil
	}
	scores, known := m.scores(features)
	if !known {
		return nil
	}
	return ranked(m.classes, probabilities(scores, m.scale))
}

func (m *Model) scores(features map[string]float64) (scores []float64, known bool) {
	scores = make([]float64, len(m.classes))
	norm := 0.0
	for _, f := range sortedFeatures(features) {
		w, ok := m.weights[f]
		if !ok {
			continue
		}
		known = true
		norm += features[f]
		for c := range scores {
			scores[c] += features[f] * w[c]
		}
	}
	lengthen(scores, norm)
	return scores, known
}

// lengthen makes long letters not surer than short ones by their length alone: features of one letter are not independent.
func lengthen(scores []float64, norm float64) {
	for c := range scores {
		scores[c] /= math.Sqrt(norm + 1)
	}
}

func probabilities(scores []float64, scale float64) []float64 {
	top, sum := slices.Max(scores), 0.0
	p := make([]float64, len(scores))
	for c, s := range scores {
		p[c] = math.Exp((s - top) * scale)
		sum += p[c]
	}
	for c := range p {
		p[c] /= sum
	}
	return p
}

func ranked(classes []schemas.ProcedureID, p []float64) []guess {
	list := make([]guess, len(classes))
	for c, id := range classes {
		list[c] = guess{id, p[c]}
	}
	slices.SortFunc(list, func(a, b guess) int {
		return cmp.Or(cmp.Compare(b.probability, a.probability), cmp.Compare(a.procedure, b.procedure))
	})
	return list
}
