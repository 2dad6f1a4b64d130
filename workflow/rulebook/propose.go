package rulebook

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode"

	"okienko/ingest"
	"okienko/schemas"
	"okienko/schemas/phrase"
	"okienko/workflow"
)

// Correction is a clerk's change of a service, with what the letter says.
type Correction struct {
	Case          workflow.CaseID
	Channel       ingest.Channel
	Before, After schemas.ProcedureID
	Text          string // subject and text
}

// Override is what clerks change alike, with words that could have told.
type Override struct {
	Before, After schemas.ProcedureID
	N             int
	Phrase        string // words that several of these letters have and no other; "" if there are none. Lower case, without Polish letters
	In            int    // how many of them have it
}

// LetterText is the subject and the text of a letter as it was read.
func LetterText(j workflow.Judgement) string {
	text := j.Contents.Letter.Subject
	for _, r := range j.Contents.Readings {
		if r.Document.ID == "0" {
			text += "\n" + r.Text
		}
	}
	return text
}

// Overrides groups corrections and proposes for each group an alias of the service clerks chose: two to four words that at least
// two of its letters have and none of the others, neither those corrected otherwise nor the texts of letters nobody corrected. What
// one letter alone says is never proposed: it may be somebody's name.
func Overrides(corrections []Correction, others []string) []Override {
	groups := map[[2]schemas.ProcedureID][]map[string]bool{}
	elsewhere := map[string]bool{}
	for _, text := range others {
		maps.Copy(elsewhere, phrases(text))
	}
	for _, c := range corrections {
		if key := [2]schemas.ProcedureID{c.Before, c.After}; c.Before != c.After {
			groups[key] = append(groups[key], phrases(c.Text))
		}
	}
	var list []Override
	for key, letters := range groups {
		o := Override{Before: key[0], After: key[1], N: len(letters)}
		o.Phrase, o.In = telling(letters, func(words string) bool { return elsewhere[words] || inOther(groups, key, words) })
		list = append(list, o)
	}
	slices.SortFunc(list, func(a, b Override) int {
		return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Before, b.Before), cmp.Compare(a.After, b.After))
	})
	return list
}

// inOther reports whether letters of another service have the words.
func inOther(groups map[[2]schemas.ProcedureID][]map[string]bool, key [2]schemas.ProcedureID, words string) bool {
	for other, letters := range groups {
		if other[1] != key[1] && slices.ContainsFunc(letters, func(l map[string]bool) bool { return l[words] }) {
			return true
		}
	}
	return false
}

// telling is the phrase most of the letters share; of several the longest.
func telling(letters []map[string]bool, known func(string) bool) (best string, in int) {
	counts := map[string]int{}
	for _, l := range letters {
		for words := range l {
			counts[words]++
		}
	}
	for words, n := range counts {
		if n < 2 || known(words) {
			continue
		}
		if c := cmp.Or(cmp.Compare(n, in), cmp.Compare(len(words), len(best)), strings.Compare(best, words)); c > 0 {
			best, in = words, n
		}
	}
	return best, in
}

// mostWords bounds how far into a letter is looked: what it is about stands at its beginning.
const mostWords = 120

// phrases are the runs of two to four words of a text, none of them with a digit, at least one of them long enough to mean something.
func phrases(text string) map[string]bool {
	var words []string
	for _, w := range phrase.Split(text).Words {
		words = append(words, w.Text)
	}
	words = words[:min(len(words), mostWords)]
	set := map[string]bool{}
	for i := range words {
		for n := 2; n <= 4 && i+n <= len(words); n++ {
			if run := words[i : i+n]; plainWords(run) {
				set[strings.Join(run, " ")] = true
			}
		}
	}
	return set
}

func plainWords(run []string) bool {
	long := false
	for _, w := range run {
		if strings.ContainsFunc(w, func(r rune) bool { return !unicode.IsLetter(r) }) {
			return false
		}
		long = long || len(w) > 5
	}
	return long && len(run[0]) > 2 && len(run[len(run)-1]) > 2
}

// AddAlias is the book with a further alias of a procedure, in the newest file of the procedure.
func (b Book) AddAlias(id schemas.ProcedureID, alias string) (Book, error) {
	name := ""
	for _, file := range b.Procedures() {
		if file == string(id) || strings.HasPrefix(file, string(id)+"@") {
			name = Procedure(file)
		}
	}
	if name == "" {
		return nil, workflow.ErrNotFound
	}
	aliases, _ := Value(b[name], "aliases")
	if slices.Contains(aliases, alias) {
		return b, nil
	}
	text, err := Set(b[name], "aliases", append(aliases, alias))
	if err != nil {
		return nil, err
	}
	return b.With(name, text), nil
}
