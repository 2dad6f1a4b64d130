package classify

import (
	"testing"

	"okienko/schemas"
)

// TestTheModelLeavesOneOut reports how well each example is judged by the model of all the others, and holds a floor.
func TestTheModelLeavesOneOut(t *testing.T) {
	t.Parallel()
	examples, err := Examples()
	if err != nil {
		t.Fatal(err)
	}
	tr := newTraining(examples)
	scale := tr.calibrate()
	top, sure, right, surely := 0, 0, 0, 1-1.0/WrongCosts
	for i, scores := range tr.leaveOut() {
		best := ranked(tr.classes, probabilities(scores, scale))[0]
		ok := best.procedure == examples[i].Procedure
		if ok {
			top++
		} else {
			t.Logf("%-34s %s taken for %s %.2f", examples[i].ID, examples[i].Procedure, best.procedure, best.probability)
		}
		if best.probability >= surely && best.procedure != schemas.General {
			sure++
			if ok {
				right++
			}
		}
	}
	t.Logf("%d examples, %d features, scale %.2f: top %d, sure %d, of these right %d", len(examples), len(tr.counts), scale, top, sure, right)
	if float64(top) < 0.75*float64(len(examples)) || float64(right) < 0.95*float64(sure) {
		t.Error("below the floor")
	}
}
