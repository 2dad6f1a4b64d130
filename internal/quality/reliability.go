package quality

import (
	"fmt"

	"okienko/classify"
)

// bands are the lower ends of the bands of confidence in which decisions are counted.
var bands = []float64{0, 0.55, 0.65, 0.75, 0.85, 0.95}

// Band is how often decisions of a band of confidence were right, and what they said of themselves. Where confidence is
// calibrated the two agree.
type Band struct {
	From float64 // the lower end, 0 to 1
	Ratio
	Sum float64 // of the confidences
}

func (b Band) String() string {
	return fmt.Sprintf("from %.2f: said %s, right %s", b.From, percent(b.Sum, b.All), b.Ratio)
}

// reliability counts a decision in its band. A guess that was left to a person counts with the confidence that was too little.
func (t *Tally) reliability(r Result) {
	confidence := r.confidence()
	for i := len(t.Bands) - 1; i >= 0; i-- {
		if confidence >= t.Bands[i].From {
			t.Bands[i].add(r.acceptable(r.top()))
			t.Bands[i].Sum += confidence
			return
		}
	}
}

// confidence of the best guess, decided or not.
func (r Result) confidence() float64 {
	d := r.Judgement.Decision
	if d.Unsure() && len(d.Alternatives) > 0 {
		return d.Alternatives[0].Confidence
	}
	return d.Confidence
}

// Cost of deciding only from a threshold on, in letters left to people: each wrong one counts as classify.WrongCosts.
func (t Tally) Cost(threshold float64) int {
	cost := 0
	for _, b := range t.Bands {
		if b.From < threshold {
			cost += b.All
		} else {
			cost += classify.WrongCosts * (b.All - b.Right)
		}
	}
	return cost
}

func newBands() []Band {
	all := make([]Band, len(bands))
	for i, from := range bands {
		all[i].From = from
	}
	return all
}

func (t Tally) printReliability(p *printer) {
	p.line("  confidence of the best guess, and how often it was right")
	for _, b := range t.Bands {
		if b.All > 0 {
			p.line("    %s; deciding from here on costs %d", b, t.Cost(b.From))
		}
	}
}
