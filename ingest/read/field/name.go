package field

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"okienko/ingest"
)

// Names of persons. No form tells "Jan Kowalski" from "Nowy Sącz"; what does is a first name people have, a label, a title
// (Pan, Pani), or the place of a signature. The value stands as in the text, in whatever case of the sentence.
var (
	// nameForm is a first name and a surname, perhaps with a second first name or a double surname.
	nameForm = regexp.MustCompile(`\p{Lu}[\p{L}'’-]+(?: \p{Lu}\.)?(?:[ \t]+\p{Lu}[\p{L}'’-]+){1,2}`)
	// closing is how letters end before the signature.
	closing = regexp.MustCompile(`(?im)^[ \t]*(?:z (?:poważaniem|powazaniem|wyrazami szacunku|uszanowaniem|pozdrowieniami)|pozdrawiam(?:y)?(?: \pL+)?|` +
		`łączę wyrazy szacunku|(?:kind|best|warm) regards|regards|yours (?:sincerely|faithfully)|sincerely|best|cheers|thank you|` +
		`з повагою|дякую|дуже дякую[^\n]*)[ \t,.!]*$`)
	// nameLabel stands before a name.
	nameLabel = regexp.MustCompile(`(?i)(?:imi[ęe] i nazwisko|nazwisko i imi[ęe]|nazwisko, imi[ęe]|imiona i nazwisko|osoba|nabywc[aąy]|sprzedaj[ąa]c[yaą]|zbywc[aąy]|kupuj[ąa]c[yaą]|` +
		`nadawca|wnioskodawc[aąy]|właściciel(?:ka)?|wlasciciel(?:ka)?|pełnomocni\pL+|inwestor|podatnik|najemca|wynajmuj[ąa]c[yaą]|imię matki|imię ojca|name|tenant|landlord|` +
		`pan|pani|panem|panią|pana|panu|p\.|niżej podpisan[yaą]|nizej podpisan[yaą]|syn[au]?|córk[aięąi]|corka|corki|m[ąa]ż|żona|zona|tat[ayę]|mam[ayę])[ \t]*:?[ \t]*$`)
)

// formName is a form that asks for surname and first name on lines of their own.
var (
	formSurname = regexp.MustCompile(`(?im)^[ \t]*(?:\d+\. ?)?nazwisko[ \t:]+(\p{Lu}[\p{L}'’-]+)[ \t]*$`)
	formFirst   = regexp.MustCompile(`(?im)^[ \t]*(?:\d+\. ?)?(?:pierwsze )?imi(?:ę|e|ona)(?: \(imiona\))?[ \t:]+(\p{Lu}[\p{L}'’-]+)`)
)

// formNames reports names whose parts stand on two lines of a form.
func (s *scan) formNames() {
	for _, a := range formSurname.FindAllStringSubmatchIndex(s.text, -1) {
		from := max(0, a[0]-150)
		for _, b := range formFirst.FindAllStringSubmatchIndex(s.text[from:min(len(s.text), a[1]+150)], 1) {
			surname, first := s.text[a[2]:a[3]], s.text[from+b[2]:from+b[3]]
			start, end := min(a[2], from+b[2]), max(a[3], from+b[3])
			if !s.isTaken(start, end) {
				s.report(ingest.FieldName, start, end, verdict{value: first + " " + surname, confidence: 0.9})
			}
		}
	}
}

// names reports persons.
func (s *scan) names() {
	s.formNames()
	signed := s.signatureLines()
	for _, m := range nameForm.FindAllStringIndex(s.text, -1) {
		start, end := m[0], s.freeUntil(m[0], m[1])
		if start == end || s.insideWord(start) || s.followedByWord(end) {
			continue
		}
		start, end = s.trimName(start, end)
		words := strings.Fields(s.text[start:end])
		before := s.text[max(0, start-60):start]
		switch {
		case len(words) < 2 || notName(words):
		case signed[lineStart(s.text, start)] && start == firstWord(s.text, start):
			s.report(ingest.FieldName, start, end, verdict{value: join(words), confidence: 0.9})
		case nameLabel.MatchString(strings.ToValidUTF8(before, "")) && !strings.Contains(before[strings.LastIndexByte(before, '\n')+1:], ". "):
			s.report(ingest.FieldName, start, end, verdict{value: join(words), confidence: 0.85})
		case isFirstName(words[0]) || isFirstName(words[len(words)-1]) && lineOf(s.text, start, end):
			s.report(ingest.FieldName, start, end, verdict{value: join(words), confidence: 0.75})
		}
	}
}

// freeUntil returns the end of the words from start that no other value has taken.
func (s *scan) freeUntil(start, end int) int {
	if s.taken == nil {
		return end
	}
	if i := slices.Index(s.taken[start:end], true); i >= 0 {
		end = start + len(strings.TrimRight(s.text[start:start+i], " \t"))
	}
	return end
}

// trimName takes words off both ends of three that are no part of a name: "Pan Tomasz Widła", "Jan Nowak Kraków".
func (s *scan) trimName(start, end int) (int, int) {
	words := strings.Fields(s.text[start:end])
	for len(words) > 2 && (notNames[strings.ToLower(words[0])] || isFirstName(words[1]) && !isFirstName(words[0])) {
		start += strings.Index(s.text[start:end], words[0]) + len(words[0])
		start += len(s.text[start:end]) - len(strings.TrimLeft(s.text[start:end], " \t"))
		words = words[1:]
	}
	for len(words) > 2 && notNames[strings.ToLower(words[len(words)-1])] {
		end = start + strings.LastIndex(s.text[start:end], words[len(words)-1])
		end = start + len(strings.TrimRight(s.text[start:end], " \t"))
		words = words[:len(words)-1]
	}
	return start, end
}

func join(words []string) string { return strings.Join(words, " ") }

// signatureLines returns the beginnings of the lines where a signature is expected: the two that follow a closing.
func (s *scan) signatureLines() map[int]bool {
	lines := make(map[int]bool)
	for _, m := range closing.FindAllStringIndex(s.text, -1) {
		at := m[1]
		for n := 0; n < 2 && at < len(s.text); {
			next := strings.IndexByte(s.text[at:], '\n')
			if next < 0 {
				break
			}
			at += next + 1
			line, _, _ := strings.Cut(s.text[at:], "\n")
			if strings.TrimSpace(line) != "" {
				lines[at] = true
				n++
			}
		}
	}
	return lines
}

func lineStart(text string, at int) int { return strings.LastIndexByte(text[:at], '\n') + 1 }

// firstWord returns where the first word of the line begins that holds at.
func firstWord(text string, at int) int {
	start := lineStart(text, at)
	return start + len(text[start:]) - len(strings.TrimLeft(text[start:], " \t"))
}

// lineOf reports whether a name has its line to itself, as under a letter.
func lineOf(text string, start, end int) bool {
	line, _, _ := strings.Cut(text[lineStart(text, start):], "\n")
	return strings.TrimSpace(line) == text[start:end]
}

// notName recognises capitalised words that are no person: offices, streets, months, headings in capitals of other words.
func notName(words []string) bool {
	for _, w := range words {
		l := strings.ToLower(w)
		if notNames[l] || strings.HasSuffix(l, "ów") && len(words) == 2 && !isFirstName(words[0]) {
			return true
		}
		if _, ok := monthForms[l]; ok && len(l) > 4 {
			return true
		}
	}
	return !unicode.IsUpper([]rune(words[0])[0])
}

// notNames are words of offices, letters and places that stand capitalised beside each other.
var notNames = wordSet(`urząd urzad urzędu urzedu urzędem miasta miasto gminy gmina krakowa kraków krakow krakowie prezydent prezydenta rzeczpospolita rzeczypospolitej
	polska polskiej wydział wydzial wydziału referat dzień dzien dobry dobre szanowni państwo panstwo szanowna szanowny pani pan proszę prosze dziękuję dziekuje z
	poważaniem powazaniem pozdrawiam witam zarząd zarzad dróg drog wspólnota wspolnota mieszkaniowa spółdzielnia spoldzielnia spółka spolka sp o.o. stare miasto
	karta krakowska dużej duzej rodziny dowód dowod osobisty rejestracyjny prawo jazdy profil zaufany ministerstwo finansów skarbowy skarbowa sąd sad rejonowy okręgowy
	wojewódzki ustawa kodeks ordynacja podatkowa biuletyn informacji publicznej publiczna zakład zaklad ubezpieczeń społecznych ubezpieczen spolecznych bank
	skoda opel fiat ford toyota volkswagen renault octavia astra punto golf yamaha honda dear sir madam kind regards best thank you the office city hall plac ulica
	aleja osiedle nowy nowa nowe nowym stary stara nowego targ targu sącz sącza huta śródmieście podgórze krowodrza rok data numer nr umowa umowy wniosek oświadczenie
	oswiadczenie pełnomocnictwo pelnomocnictwo zaświadczenie zaswiadczenie deklaracja informacja potwierdzenie wykonania przelewu załącznik zalacznik faktura biuro
	rachunkowe dział dzial rada dzielnicy dzielnica osoba osoby nazwisko imię imie adres telefon podpis dane miejscowość miejscowosc kod kraj województwo powiat
	ulicy galaxy iphone samsung wysłane wyslane sent from my windows android gmail outlook добрий день шановні пані вул`)

func wordSet(s string) map[string]bool {
	m := make(map[string]bool)
	for _, w := range strings.Fields(s) {
		m[w] = true
	}
	return m
}

// isFirstName reports whether a word is a first name, in any case of the sentence.
func isFirstName(w string) bool {
	w = strings.ToLower(w)
	if firstNames[w] {
		return true
	}
	// Endings of the oblique cases, and what the nominative has in their place.
	for _, e := range caseEndings {
		stem, ok := strings.CutSuffix(w, e.ending)
		if ok && len([]rune(stem)) >= 3 && firstNames[stem+e.nominative] {
			return true
		}
	}
	return false
}

var caseEndings = []struct{ ending, nominative string }{
	{"a", ""}, {"owi", ""}, {"em", ""}, {"ie", ""}, {"y", "a"}, {"i", "a"}, {"ii", "ia"}, {"ę", "a"}, {"ą", "a"}, {"ie", "a"}, {"rze", "ra"},
	{"iego", "i"}, {"ego", "y"}, {"emu", "y"}, {"iem", "i"}, {"ła", "eł"}, {"łowi", "eł"}, {"łem", "eł"}, {"ka", "ek"}, {"kowi", "ek"}, {"kiem", "ek"},
	{"tra", "tr"}, {"trze", "tr"},
}

// firstNames are the common ones among Poles and Ukrainians in Poland, with some that foreigners have.
var firstNames = wordSet(`adam adrian agata agnieszka albert aldona aleksander aleksandra alicja alina amelia anastazja andrzej aneta angelika anita anna antoni
	antonina apolonia arkadiusz artur barbara bartłomiej bartosz beata bernadeta bogdan bogumiła bogusław bogusława bolesław bożena bronisław bronisława błażej
	cecylia cezary czesław czesława damian daniel danuta daria dariusz dawid dominik dominika dorota edward edyta elwira elżbieta emilia emil ernest eugenia
	eugeniusz eva ewa ewelina fabian feliks filip franciszek gabriel gabriela genowefa grażyna grzegorz hanna halina helena henryk henryka hubert ida ignacy igor ilona
	irena ireneusz iwona iza izabela jacek jadwiga jakub jan janina janusz jarosław jerzy joanna jolanta józef józefa judyta julia julian juliusz justyna kacper kamil
	kamila karina karol karolina katarzyna kazimiera kazimierz kinga klaudia konrad kornelia krystian krystyna krzysztof ksawery laura lech lena leon leszek lidia liliana
	lucyna lucjan ludwik łucja łukasz maciej magda magdalena maja małgorzata malwina marcel marcelina marcin marek margareta maria marian marianna marika mariola
	mariusz marlena marta martyna maryla mateusz matylda michalina michał mieczysław mikołaj milena mirosław mirosława monika natalia natan nadia nikodem nikola nina norbert
	ola olaf oliwia olga oliwier oskar oskara otylia patrycja patryk paula paulina paweł piotr przemysław radosław rafał regina remigiusz renata robert roksana roman ryszard
	róża sabina sandra sebastian seweryn sławomir stanisław stanisława stefan stefania sylwester sylwia szczepan szymon tadeusz tamara teodor teresa tobiasz tomasz
	tymon tymoteusz urszula wacław waldemar wanda weronika wiesław wiesława wiktor wiktoria wincenty witold władysław włodzimierz wojciech zbigniew zdzisław
	zenon zofia zuzanna zygmunt
	андрій ганна анна богдан василь вікторія володимир галина дарія дмитро євген іван ірина катерина лариса людмила максим марія микола михайло надія наталія
	оксана олег олександр олександра олексій олена ольга павло петро роман світлана сергій соломія софія тарас тетяна юлія юрій ярослав
	andrij bohdan dmytro iryna ivan kateryna maksym mykola nataliia oksana oleh oleksandr oleksandra olena pavlo petro serhii sofiia svitlana taras tetiana vasyl
	viktoriia volodymyr yaroslav yuliia yurii john mary peter paul james david michael sarah rohan siobhan william thomas anne jane george richard`)
