package desk

import (
	"context"
	"crypto/rand"
	"strings"
	"unicode/utf8"

	"okienko/workflow"
	"okienko/workflow/search"
)

// Words a clerk searches for are names of people. They must not stand in an address, where history, bookmarks and the logs of
// proxies keep them: the form posts them, the session keeps them, and the address carries a token that means nothing elsewhere.

// keptSearches is how many searches of one session can be returned to.
const keptSearches = 20

// longestSearch is in characters.
const longestSearch = 100

// keepSearch stores words in the session and returns their token.
func (d *desk) keepSearch(v *visit, words string) string {
	token := rand.Text()[:8]
	list := append(d.searches(v), token+" "+words)
	d.sessions.Put(v.Context(), sessionSearches, list[max(0, len(list)-keptSearches):])
	return token
}

// searched returns the words of a token, "" if the session does not have it (any more).
func (d *desk) searched(v *visit, token string) string {
	for _, entry := range d.searches(v) {
		if found, words, _ := strings.Cut(entry, " "); found == token {
			return words
		}
	}
	return ""
}

func (d *desk) searches(v *visit) []string {
	list, _ := d.sessions.Get(v.Context(), sessionSearches).([]string)
	return list
}

// searchWords brings what somebody typed into a form that can be kept in one line.
func searchWords(typed string) string {
	words := strings.Join(strings.Fields(typed), " ")
	for utf8.RuneCountInString(words) > longestSearch {
		_, size := utf8.DecodeLastRuneInString(words)
		words = words[:len(words)-size]
	}
	return words
}

// snippetWidth is how much of a text a row shows, in bytes.
const snippetWidth = 160

// snippets returns a piece of what was read in each case, with the words marked; none for cases that were found by what their
// row shows anyway.
func (d *desk) snippets(ctx context.Context, cases []workflow.CaseSummary, words string) (map[workflow.CaseID][]search.Segment, error) {
	q := search.Parse(words)
	if len(q.Words) == 0 || len(cases) == 0 {
		return nil, nil
	}
	var ids []workflow.CaseID
	for _, c := range cases {
		ids = append(ids, c.ID)
	}
	texts, err := d.Queues.Texts(ctx, ids)
	if err != nil {
		return nil, err
	}
	pieces := map[workflow.CaseID][]search.Segment{}
	for id, text := range texts {
		if piece := wholeNumbers(q.Around(text, snippetWidth)); piece != "" {
			pieces[id] = q.Mark(mask(piece))
		}
	}
	return pieces, nil
}

// wholeNumbers takes numbers off both ends of a piece of text: half a personal number would not be known for one and not masked.
func wholeNumbers(piece string) string { return strings.Trim(piece, "0123456789 -\u00a0\n\t\f") }
