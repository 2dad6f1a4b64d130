package classify

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"okienko/schemas"
)

// training is what is counted on the way to a Model.
type training struct {
	examples []sample
	classes  []schemas.ProcedureID
	counts   map[string][]float64 // by feature and class
	totals   []float64            // by class
}

// sample is an example as the model sees it.
type sample struct {
	class    int
	features map[string]float64
}

func newTraining(examples []Example) *training {
	t := &training{counts: map[string][]float64{}}
	seen := map[string]int{}
	byClass := map[schemas.ProcedureID]bool{}
	for _, e := range examples {
		byClass[e.Procedure] = true
		for f := range e.features() {
			seen[f]++
		}
	}
	t.classes = slices.Sorted(maps.Keys(byClass))
	t.totals = make([]float64, len(t.classes))
	for _, e := range examples {
		t.count(e, seen)
	}
	return t
}

func (t *training) count(e Example, seen map[string]int) {
	s := sample{features: map[string]float64{}}
	s.class, _ = slices.BinarySearch(t.classes, e.Procedure)
	for f, weight := range e.features() {
		if seen[f] < minExamples {
			continue
		}
		s.features[f] = weight
		if t.counts[f] == nil {
			t.counts[f] = make([]float64, len(t.classes))
		}
		t.counts[f][s.class] += weight
		t.totals[s.class] += weight
	}
	t.examples = append(t.examples, s)
}

// version names the model by all it was trained from.
func (t *training) version() string {
	var lines []string
	for f, byClass := range t.counts {
		lines = append(lines, fmt.Sprintf("%s %.3f", f, byClass))
	}
	slices.Sort(lines)
	sum := sha256.Sum256([]byte(fmt.Sprint(t.classes, strings.Join(lines, "\n"))))
	return fmt.Sprintf("m%x", sum)[:13]
}

// weights are the logarithms of how often a feature stands in each class, beside their mean: what stands everywhere alike says
// nothing.
func (t *training) weights() map[string][]float64 {
	weights := make(map[string][]float64, len(t.counts))
	for f, byClass := range t.counts {
		w := make([]float64, len(byClass))
		for c, n := range byClass {
			w[c] = t.logShare(n, t.totals[c])
		}
		centre(w)
		weights[f] = w
	}
	return weights
}

func (t *training) logShare(n, total float64) float64 {
	return math.Log((n + smoothing) / (total + smoothing*float64(len(t.counts))))
}

func centre(w []float64) {
	mean := 0.0
	for _, x := range w {
		mean += x / float64(len(w))
	}
	for c := range w {
		w[c] -= mean
	}
}

// leaveOut scores each example by the model of all the others.
func (t *training) leaveOut() [][]float64 {
	all := make([][]float64, len(t.examples))
	logs := map[string][]float64{}
	for f, byClass := range t.counts {
		w := make([]float64, len(byClass))
		for c, n := range byClass {
			w[c] = t.logShare(n, t.totals[c])
		}
		logs[f] = w
	}
	for i, s := range t.examples {
		all[i] = t.without(s, logs)
	}
	return all
}

func (t *training) without(s sample, logs map[string][]float64) []float64 {
	scores := make([]float64, len(t.classes))
	own, norm := 0.0, 0.0
	for _, weight := range s.features {
		own += weight
	}
	for _, f := range sortedFeatures(s.features) {
		weight := s.features[f]
		norm += weight
		w := slices.Clone(logs[f])
		w[s.class] = t.logShare(t.counts[f][s.class]-weight, t.totals[s.class]-own)
		centre(w)
		for c := range scores {
			scores[c] += weight * w[c]
		}
	}
	lengthen(scores, norm)
	return scores
}

// calibrate finds the scale at which the probabilities of the left-out examples are least surprising (log loss).
func (t *training) calibrate() float64 {
	scores := t.leaveOut()
	best, least := 1.0, math.Inf(1)
	for scale := 0.05; scale <= 20; scale *= 1.1 {
		loss := 0.0
		for i, s := range t.examples {
			loss -= math.Log(max(1e-12, probabilities(scores[i], scale)[s.class]))
		}
		if loss < least {
			best, least = scale, loss
		}
	}
	return best
}
