package validate

import (
	"fmt"

	"okienko/schemas"
	"okienko/schemas/phrase"
)

// later are the words with which people say that a paper is not there yet.
var later = phrase.MustCompile(
	"w trakcie", "dosle|doslemy|dosylam pozniej", "dosle|doslac|dostarcze|dostarczymy|doniose|przyniose|uzupelnie|uzupelnimy|dolacze|donies*",
	"moge ~ doslac", "pozniej", "w przyszlym|nastepnym tygodniu", "po niedzieli", "jak tylko", "jeszcze nie", "nie mam|mialem|mialam|zdazylem|zdazylam",
	"zapomnialem|zapomnialam", "will send|follow later", "later", "do not have yet", "пізніше|згодом|ще не",
)

// promised finds a paper of which the letter itself says that it is not there: "zgoda wspólnoty – w trakcie".
func (e examination) promised(r schemas.Requirement) (presence, bool) {
	for _, s := range e.spoken() {
		hits := s.said[r.WordsKey()]
		if len(hits) == 0 {
			continue
		}
		promises := matches(later, s.text)
		for _, m := range hits {
			if p, ok := s.promisedNear(m, promises); ok {
				return p, true
			}
		}
	}
	return presence{}, false
}

// promiseReach is how many words after the paper's name, or before it, the promise may stand, in the same sentence.
const promiseReach = 4

func (s sheet) promisedNear(paper phrase.Match, promises []phrase.Match) (presence, bool) {
	for _, p := range promises {
		w := s.text.Words
		if w[p.From].Sentence != w[paper.From].Sentence || p.From > paper.To+promiseReach || p.To < paper.From-promiseReach {
			continue
		}
		quote, place := s.quote(phrase.Match{From: min(p.From, paper.From), To: max(p.To, paper.To)})
		return presence{absent, fmt.Sprintf("Pismo samo mówi, że tego jeszcze nie ma: „%s”.", quote), place}, true
	}
	return presence{}, false
}
