package classify

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"okienko/schemas/phrase"
)

// What the model reads of a letter. Stems are the first letters of a word: enough to tell "rejestracja" from "rejestr" and to
// join what inflection parts; letter groups find words with a slip in them again.
const (
	stemLetters  = 6
	groupLetters = 4
	modelReads   = 200 // words of a text: what it is about stands at its beginning
	groupWeight  = 0.25
	pairWeight   = 0.7
)

// features are the model's view of an example.
func (e Example) features() map[string]float64 {
	if e.learnt != nil {
		return e.learnt
	}
	return vocabulary(zonesOf(e.Features))
}

// vocabulary counts what stands in the zones, each feature once, by the weight of its best zone. What was quoted is not read.
func vocabulary(zones []zone) map[string]float64 {
	features := map[string]float64{}
	for _, z := range zones {
		if z.name == zoneQuoted || z.name == zoneAttachment {
			continue
		}
		before := ""
		for _, w := range z.text.Words[:min(modelReads, len(z.text.Words))] {
			stem, ok := stemmed(w.Text)
			if !ok {
				before = ""
				continue
			}
			note(features, stem, z.weight)
			if before != "" {
				note(features, before+" "+stem, z.weight*pairWeight)
			}
			for group := range groups(w.Text) {
				note(features, "~"+group, z.weight*groupWeight)
			}
			before = stem
		}
	}
	return features
}

func note(features map[string]float64, f string, weight float64) {
	features[f] = max(features[f], weight)
}

// stemmed returns the stem of a word, and false for what says nothing: small words, and numbers, which name a person or a thing.
func stemmed(word string) (string, bool) {
	if utf8.RuneCountInString(word) < 3 || stopWords[word] || strings.ContainsAny(word, "0123456789") && !isFormSymbol(word) {
		return "", false
	}
	return firstRunes(word, stemLetters), true
}

// isFormSymbol tells "in1" and "pit37" from numbers.
func isFormSymbol(word string) bool {
	letters := strings.TrimRight(word, "0123456789")
	return len(letters) >= 2 && len(letters) <= 3 && len(word)-len(letters) <= 2 && strings.TrimLeft(letters, "abcdefghijklmnopqrstuvwxyz") == ""
}

func firstRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// groups yields the letter groups of a word long enough to hold several.
func groups(word string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		r := []rune(word)
		if len(r) <= groupLetters+1 || strings.ContainsAny(word, "0123456789") {
			return
		}
		for i := 0; i+groupLetters <= len(r); i++ {
			if !yield(string(r[i : i+groupLetters])) {
				return
			}
		}
	}
}

// stopWords say nothing of what a letter is about, though they are not evenly spread over a few hundred letters.
var stopWords = words(`
	aby albo ale bardzo bez bo byc byl byla bylo chce ciag czy dla dnia dniu dobry dzien gdy gdzie ich ile im innych jak jaka jaki jakie jako jej
	jest jestem jeszcze jezeli juz kiedy kto ktora ktore ktory lub mam maja mial mialam mialem mnie moga moge moj moja moje mojego mojej moze mozna
	musze nam nas nasz nie nim niz oraz pan pani panstwa panstwo pod ponad powazaniem poza prosze prosimy przed przez przy roku rok sie sobie swoj
	swoje szanowni tak tam tego tej ten teraz tez tylko tym ulica was wiec witam wszystko zas zeby zostal
	and are but can for from have hello how not our out the their this to was what with you your dear sir regards kind
	та те це цей для про прошу дуже день добрий доброго дня як чи що дякую можу можна
	krakow krakowie krakowa krakowska ulicy tel telefon pesel mail email poczta`)

func words(list string) map[string]bool {
	set := map[string]bool{}
	for _, w := range phrase.Split(list).Words {
		set[w.Text] = true
	}
	return set
}

func sortedFeatures(features map[string]float64) []string { return slices.Sorted(maps.Keys(features)) }
