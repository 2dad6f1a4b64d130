package classify

import (
	"fmt"
	"slices"

	"okienko/schemas"
)

// Lesson is a clerk's correction without the letter it was made on: what the model reads of it, and the procedure the clerk
// chose. Numbers are never in it; a word is only there if the embedded examples or a second correction have it too, so that no
// name or street of one resident is kept.
type Lesson struct {
	Procedure schemas.ProcedureID `json:"procedure"`
	Features  map[string]float64  `json:"features"`
}

// Lessons keeps of corrections what may be kept.
func Lessons(corrections, base []Example) []Lesson {
	known, seen := map[string]bool{}, map[string]int{}
	for _, e := range base {
		for f := range e.features() {
			known[f] = true
		}
	}
	for _, e := range corrections {
		for f := range e.features() {
			seen[f]++
		}
	}
	var lessons []Lesson
	for _, e := range corrections {
		l := Lesson{e.Procedure, map[string]float64{}}
		for f, weight := range e.features() {
			if known[f] || seen[f] >= minExamples {
				l.Features[f] = weight
			}
		}
		lessons = append(lessons, l)
	}
	return lessons
}

// Learn trains a model of the embedded examples and of lessons. A lesson of a procedure the rules do not have is an error: the
// model could not name it.
func (rs *Ruleset) Learn(lessons []Lesson) (*Model, error) {
	examples, err := Examples()
	if err != nil {
		return nil, err
	}
	for i, l := range lessons {
		if !slices.ContainsFunc(rs.procedures, func(p Procedure) bool { return p.ID == l.Procedure }) {
			return nil, fmt.Errorf("lesson %d: no procedure %q", i+1, l.Procedure)
		}
		examples = append(examples, Example{ID: fmt.Sprintf("lesson-%d", i+1), Procedure: l.Procedure, learnt: l.Features})
	}
	return Train(examples), nil
}
