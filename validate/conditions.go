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
	v := look(sub, c)
	truths := map[string]Truth{}
	for _, id := range proc.ConditionsUsed() {
		truths[id] = v.condition(proc.Conditions[id].Cues)
	}
	v.representation(truths)
	return truths
}

// condition weighs what is said for against what is said against.
func (v view) condition(cues schemas.Cues) Truth {
	says, denies := compile(cues.Says), compile(cues.Denies)
	said, denied := false, false
	for _, t := range v.spokenTexts() {
		against := matches(denies, t)
		denied = denied || len(against) > 0
		for _, m := range matches(says, t) {
			switch {
			case insideAny(m, against):
			case negated(t, m):
				denied = true
			default:
				said = true
			}
		}
	}
	switch {
	case said && denied:
		return Undecided
	case said:
		return True
	case denied:
		return False
	}
	return v.silence(cues.Otherwise)
}

// silence is what a letter that says nothing means. A letter that nobody could read does not say nothing.
func (v view) silence(otherwise string) Truth {
	if !slices.ContainsFunc(v.spoken(), func(s sheet) bool { return len(s.text.Words) > 0 }) {
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

// compile makes a matcher of patterns that were checked when the catalogue was loaded; a bad one matches nothing.
func compile(patterns []string) phrase.Matcher {
	m, err := phrase.CompileAll(patterns)
	if err != nil {
		return phrase.Matcher{}
	}
	return m
}

func matches(m phrase.Matcher, t phrase.Text) []phrase.Match {
	var all []phrase.Match
	m.Find(t, func(got phrase.Match) { all = append(all, got) })
	return all
}

// insideAny reports whether a match shares a word with one of the others.
func insideAny(m phrase.Match, others []phrase.Match) bool {
	for _, o := range others {
		if m.From <= o.To && o.From <= m.To {
			return true
		}
	}
	return false
}

// negated reports whether "nie", "bez" or "brak" stands at most two words before a match, in its sentence.
func negated(t phrase.Text, m phrase.Match) bool {
	for i := m.From - 1; i >= 0 && i >= m.From-2 && t.Words[i].Sentence == t.Words[m.From].Sentence; i-- {
		switch t.Words[i].Text {
		case "nie", "bez", "brak", "zaden", "zadnej", "zadnego", "not", "no", "без", "не":
			return true
		}
	}
	return false
}
