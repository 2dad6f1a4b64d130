package validate

import (
	"slices"

	"okienko/ingest"
	"okienko/schemas"
	"okienko/schemas/phrase"
)

// Conditions decides the conditions the procedure uses from what the letter says, by condition id. What the letter leaves
// open is Undecided, unless the condition's cues say what silence means.
func Conditions(sub ingest.Submission, c ingest.Contents, proc schemas.Procedure) map[string]Truth {
	return look(sub, c).conditions(proc)
}

func (v view) conditions(proc schemas.Procedure) map[string]Truth {
	texts := v.spokenTexts()
	cues := proc.Cues()
	heard := make([]schemas.Said, len(texts))
	for i, t := range texts {
		heard[i] = cues.Find(t)
	}
	truths := map[string]Truth{}
	for _, id := range proc.ConditionsUsed() {
		truths[id] = v.condition(proc.Conditions[id], texts, heard)
	}
	v.representation(truths)
	return truths
}

// condition weighs what is said for against what is said against.
func (v view) condition(cond schemas.Condition, texts []phrase.Text, heard []schemas.Said) Truth {
	said, denied := false, false
	for i, t := range texts {
		pro, opposite := weighed(t, heard[i][cond.SaysKey()])
		contra, unlike := weighed(t, heard[i][cond.DeniesKey()])
		said, denied = said || pro || unlike, denied || contra || opposite
	}
	switch {
	case said && denied:
		return Undecided
	case said:
		return True
	case denied:
		return False
	}
	return v.silence(cond.Otherwise)
}

// weighed tells whether one of the matches says what it says, and whether one is negated and says the opposite.
func weighed(t phrase.Text, matches []phrase.Match) (plain, opposite bool) {
	for _, m := range matches {
		if negated(t, m) {
			opposite = true
		} else {
			plain = true
		}
	}
	return plain, opposite
}

// silence is what a letter that says nothing means. A letter that nobody could read does not say nothing.
func (v view) silence(otherwise string) Truth {
	if !slices.ContainsFunc(v.spoken(), func(s sheet) bool { return len(s.text.Words) > 0 && !s.unreadable() }) {
		return Undecided
	}
	switch otherwise {
	case "true":
		return True
	case "false":
		return False
	default:
		return Undecided
	}
}

// spokenTexts are the subject and the texts in which the applicant speaks.
func (v view) spokenTexts() []phrase.Text {
	texts := []phrase.Text{v.subject}
	for _, s := range v.spoken() {
		texts = append(texts, s.text)
	}
	return texts
}

func matches(m phrase.Matcher, t phrase.Text) []phrase.Match {
	var all []phrase.Match
	m.Find(t, func(got phrase.Match) { all = append(all, got) })
	return all
}

// notReach is how many words before a match "nie" negates it, within its clause.
const notReach = 5

// negations are the words that turn what is said after them into its opposite.
var negations = map[string]bool{
	"nie": true, "bez": true, "brak": true, "zaden": true, "zadnej": true, "zadnego": true, "niezwiazany": true, "niezwiazana": true, "niezwiazane": true, "not": true, "no": true, "без": true, "не": true,
}

// negated reports whether a negation stands before a match, in its clause, or is the answer behind it ("niepełnosprawność:
// nie"). A match that has a negation in itself says what it says: two of them are still one in Polish.
func negated(t phrase.Text, m phrase.Match) bool {
	w := t.Words
	for _, inside := range w[m.From : m.To+1] {
		if negations[inside.Text] {
			return false
		}
	}
	for i := m.From - 1; i >= 0 && i >= m.From-notReach && w[i].Clause == w[m.From].Clause; i-- {
		if negations[w[i].Text] {
			return true
		}
	}
	return answeredNo(w, m.To+1)
}

// answeredNo reports whether a clause of its own that is nothing but "nie" stands right after a match.
func answeredNo(w []phrase.Word, next int) bool {
	if next >= len(w) || w[next].Text != "nie" && w[next].Text != "no" || w[next].Clause == w[next-1].Clause {
		return false
	}
	return next+1 == len(w) || w[next+1].Clause != w[next].Clause
}
