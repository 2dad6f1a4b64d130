package validate

import (
	"strings"
	"unicode"
)

// garbled reports whether text from OCR is too bad to conclude anything from what it does not say: many words are no words.
// Handwriting and foreign alphabets come out so.
func garbled(text string) bool {
	words, odd := 0, 0
	for w := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if len([]rune(w)) < 3 {
			continue
		}
		words++
		if oddWord(w) {
			odd++
		}
	}
	return words > 0 && float64(odd) > maxOdd*float64(words)
}

// maxOdd is the share of odd words from which a text counts as garbled. Clean scans have 2 to 8 of 100 (numbers of parcels,
// plates, abbreviations), Cyrillic read as Latin more than 30.
const maxOdd = 0.2

// oddWord reports whether a word has a capital after a small letter, a digit among letters, or no vowel.
func oddWord(w string) bool {
	var lower, letter, digit, vowel bool
	for _, r := range w {
		switch {
		case unicode.IsDigit(r):
			digit = true
		case unicode.IsUpper(r) && lower:
			return true
		default:
			letter = true
		}
		lower = lower || unicode.IsLower(r)
		vowel = vowel || strings.ContainsRune("aąeęioóuyаеєиіїоуюя", unicode.ToLower(r))
	}
	return letter && (digit || !vowel && len([]rune(w)) > 3)
}
