package quality

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"okienko/classify"
	"okienko/schemas"
	"okienko/schemas/phrase"
)

// Baseline is the plainest classifier that is any good: the nearest centroid of TF-IDF weights of words. It tells what the
// rules and the model are worth: it learns from the same examples and sees the same letters.
type Baseline struct {
	idf       map[string]float64
	centroids map[schemas.ProcedureID]map[string]float64
}

// NewBaseline learns from examples.
func NewBaseline(examples []classify.Example) Baseline {
	b := Baseline{idf: map[string]float64{}, centroids: map[schemas.ProcedureID]map[string]float64{}}
	for _, e := range examples {
		for word := range counts(e.Features) {
			b.idf[word]++
		}
	}
	for word, n := range b.idf {
		b.idf[word] = math.Log((1 + float64(len(examples))) / (1 + n))
	}
	for _, e := range examples {
		c := b.centroids[e.Procedure]
		if c == nil {
			c = map[string]float64{}
			b.centroids[e.Procedure] = c
		}
		for word, weight := range b.vector(e.Features) {
			c[word] += weight
		}
	}
	for _, c := range b.centroids {
		normalise(c)
	}
	return b
}

// Guess names the nearest centroid.
func (b Baseline) Guess(f classify.Features) Guess {
	v := b.vector(f)
	best := Guess{}
	for _, id := range slices.Sorted(maps.Keys(b.centroids)) {
		if s := product(v, b.centroids[id]); s > best.Confidence {
			best = Guess{id, s}
		}
	}
	return best
}

func counts(f classify.Features) map[string]float64 {
	n := map[string]float64{}
	texts := []string{f.Letter.Subject, f.Text}
	for _, a := range f.Attachments {
		texts = append(texts, a.Name)
	}
	for _, text := range texts {
		for _, w := range phrase.Split(text).Words {
			n[w.Text]++
		}
	}
	return n
}

func (b Baseline) vector(f classify.Features) map[string]float64 {
	v := counts(f)
	for word, n := range v {
		v[word] = (1 + math.Log(n)) * b.idf[word]
	}
	normalise(v)
	return v
}

func normalise(v map[string]float64) {
	if length := math.Sqrt(product(v, v)); length > 0 {
		for word := range v {
			v[word] /= length
		}
	}
}

// product sums in the order of the words: floating-point sums depend on it.
func product(a, b map[string]float64) float64 {
	sum := 0.0
	for _, word := range slices.SortedFunc(maps.Keys(a), cmp.Compare[string]) {
		sum += a[word] * b[word]
	}
	return sum
}
