package read

import (
	"strings"
	"unicode"
)

// Language guesses the language of a text: "pl", "en", "uk", or "" if none of them is likely.
func Language(s string) string {
	s = s[:min(len(s), 16<<10)]
	if cyrillic, latin := letters(s); cyrillic > latin {
		return cyrillicLanguage(s)
	}
	score := map[string]int{}
	for _, w := range strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) }) {
		if l, ok := commonWords[w]; ok {
			score[l]++
		}
		if strings.ContainsAny(w, "ąćęłńśźż") {
			score["pl"]++
		}
	}
	switch {
	case score["pl"] == 0 && score["en"] == 0:
		return ""
	case score["en"] > score["pl"]:
		return "en"
	}
	return "pl"
}

func letters(s string) (cyrillic, latin int) {
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Cyrillic, r):
			cyrillic++
		case unicode.IsLetter(r):
			latin++
		}
	}
	return cyrillic, latin
}

// cyrillicLanguage tells Ukrainian from Russian by the letters only one of them has.
func cyrillicLanguage(s string) string {
	uk, ru := 0, 0
	for _, r := range strings.ToLower(s) {
		switch r {
		case 'і', 'ї', 'є', 'ґ':
			uk++
		case 'ы', 'э', 'ъ', 'ё':
			ru++
		}
	}
	if ru > uk {
		return ""
	}
	return "uk"
}

// commonWords are words that letters hold and that only one of the languages has; the Polish ones also without diacritics,
// as people write on telephones.
var commonWords = func() map[string]string {
	m := make(map[string]string)
	for lang, words := range map[string]string{
		"pl": "w z na nie jest się sie oraz że ze za przez dla jak dzień dzien dobry proszę prosze pan pani państwo panstwo " +
			"witam szanowni pozdrawiam poważaniem powazaniem wniosek sprawie załączeniu zalaczeniu ul nr dnia który ktory " +
			"chciałbym chcialbym chciałabym jestem mam już juz czy są sa od po mój moj moja we",
		"en": "the and of you your is are this that with please for have would like dear regards sincerely i my we not from " +
			"be attached application it at as can will but thank thanks hello",
	} {
		for _, w := range strings.Fields(words) {
			m[w] = lang
		}
	}
	return m
}()
