package classify

import (
	"regexp"
	"sort"
	"strings"

	"okienko/schemas/phrase"
)

// caseNumber is the form of a znak sprawy (rozporządzenie PRM z 18 stycznia 2011 r., instrukcja kancelaryjna § 5): unit,
// class of the file plan, number, year. A letter that quotes one belongs to a procedure of that class.
var caseNumber = regexp.MustCompile(`\b\p{Lu}{2,5}(?:-\d{1,3})*\.(\d{2,4})(?:\.\d{1,6}){1,3}\.(?:19|20)\d{2}\b`)

// lookForCaseNumbers adds a hit for every procedure of the class of a case number the letter quotes. A class that several
// procedures share says less of each.
func (rs *Ruleset) lookForCaseNumbers(got *found) {
	for z := range got.zones {
		if !got.zones[z].name.own() || !strings.Contains(got.zones[z].source, ".20") && !strings.Contains(got.zones[z].source, ".19") {
			continue
		}
		for _, at := range caseNumber.FindAllStringSubmatchIndex(got.zones[z].source, -1) {
			patterns := rs.classes[got.zones[z].source[at[2]:at[3]]]
			from, to := wordsBetween(got.zones[z].text.Words, at[0], at[1])
			for _, pattern := range patterns {
				got.hits = append(got.hits, hit{pattern: pattern, zone: z, from: from, to: to, share: 1 / float64(len(patterns))})
			}
		}
	}
}

// wordsBetween returns the first and last of the words that lie in the bytes start to end.
func wordsBetween(words []phrase.Word, start, end int) (from, to int) {
	from = sort.Search(len(words), func(i int) bool { return words[i].End > start })
	to = sort.Search(len(words), func(i int) bool { return words[i].Start >= end }) - 1
	return from, max(from, to)
}
