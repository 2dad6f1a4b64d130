package classify

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"okienko/schemas/phrase"
)

// titles begin the heading of a letter.
var titles = phrase.MustCompile("wniosek", "podanie", "zgloszenie", "zawiadomienie", "skarga", "petycja", "deklaracja", "informacja",
	"odwolanie", "prosba", "zadanie", "application", "request", "complaint", "заява", "скарга", "dotyczy")

// headingReach is how far into a letter its heading is looked for, and how long it may be.
const (
	headingReach = 2500
	headingWords = 16
)

// headingOf finds the heading of a letter that has no subject line: a short line that begins with the name of a kind of
// letter, with the next line where that is all it says. It returns the byte offset of the heading, and "" if there is none.
func headingOf(text string) (heading string, at int) {
	offset := 0
	lines := strings.SplitAfter(clip(text, headingReach), "\n")
	for i, line := range lines {
		words := phrase.Split(line)
		m, ok := titles.First(words)
		if ok && m.From == 0 && len(words.Words) <= headingWords && !endsSentence(line) {
			if len(words.Words) == 1 {
				line += nextLine(lines[i+1:])
			}
			return strings.TrimRight(line, "\n "), offset
		}
		offset += len(line)
	}
	return "", 0
}

// endsSentence tells running text from a heading: a heading has no full stop and begins with a capital.
func endsSentence(line string) bool {
	line = strings.TrimSpace(line)
	first, _ := utf8.DecodeRuneInString(line)
	return strings.HasSuffix(line, ".") || unicode.IsLower(first)
}

// nextLine returns what follows up to and including the next line that says something.
func nextLine(lines []string) string {
	var b strings.Builder
	for _, line := range lines {
		b.WriteString(line)
		if strings.TrimSpace(line) != "" {
			break
		}
	}
	return b.String()
}
