package read

import (
	"regexp"
	"strings"
	"unicode"
)

// SplitQuoted parts a letter's own text from the older letters quoted or forwarded in it. Every line lands in one of the
// two. forwarded tells that the older part was passed on, not answered.
func SplitQuoted(text string) (own, quoted string, forwarded bool) {
	lines := strings.Split(text, "\n")
	var mine, older []string
	for i := 0; i < len(lines); {
		if isQuoteMark(lines[i]) {
			older = append(older, lines[i])
			i++
			continue
		}
		n, kind := opensOlder(lines[i:])
		switch kind {
		case attribution:
			older = append(older, lines[i:i+n]...)
			i += n
			if !followedByMarks(lines[i:]) {
				older = append(older, lines[i:]...)
				i = len(lines)
			}
		case header, forward:
			forwarded = forwarded || kind == forward && len(older) == 0
			older = append(older, lines[i:]...)
			i = len(lines)
		default:
			mine = append(mine, lines[i])
			i++
		}
	}
	return trimLines(mine), trimLines(older), forwarded
}

// trimLines joins lines without the empty ones at both ends.
func trimLines(lines []string) string {
	return strings.TrimRightFunc(strings.TrimLeft(strings.Join(lines, "\n"), "\n"), unicode.IsSpace)
}

func isQuoteMark(line string) bool {
	return strings.HasPrefix(strings.TrimLeft(line, " \t"), ">")
}

func followedByMarks(lines []string) bool {
	for _, l := range lines {
		if strings.TrimSpace(l) != "" {
			return isQuoteMark(l)
		}
	}
	return false
}

// opening is what a line can begin.
type opening int

const (
	ordinary    opening = iota
	attribution         // "W dniu … X pisze:", then the older letter, usually with ">" marks
	header              // a block of From, Sent, To, Subject: all below is older
	forward             // a line that says "forwarded": all below is older
)

// opensOlder tells what the first of lines begins and how many lines that takes.
func opensOlder(lines []string) (int, opening) {
	line := strings.TrimSpace(lines[0])
	switch {
	case line == "":
		return 0, ordinary
	case forwardLine.MatchString(line):
		return 1, forward
	case originalLine.MatchString(line):
		return 1, header
	}
	if n := attributionLines(lines); n > 0 {
		return n, attribution
	}
	if subject, ok := headerBlock(lines); ok {
		if forwardSubject.MatchString(subject) {
			return 1, forward
		}
		return 1, header
	}
	return 0, ordinary
}

var (
	// originalLine is what Outlook and its relatives write above the letter they answer.
	originalLine = regexp.MustCompile(`(?i)^[-_*= ]{2,}\s*(original message|wiadomość oryginalna|oryginalna wiadomość|wiadomosc oryginalna|` +
		`reply message|вихідне повідомлення|оригінальне повідомлення|исходное сообщение)\s*[-_*= ]{2,}$`)
	forwardLine = regexp.MustCompile(`(?i)^([-_*= ]{2,}\s*(forwarded message|forwarded by .{1,80}|wiadomość przekazana dalej|przekazana wiadomość|` +
		`przesłana wiadomość|treść przekazanej wiadomości|wiadomość przesłana dalej|przekazywana wiadomość|пересилане повідомлення|` +
		`переслане повідомлення|пересылаемое сообщение)\s*[-_*= ]{2,}` +
		`|begin forwarded message:|początek przekazywanej wiadomości:|początek przekazanej wiadomości:|rozpoczęto przekazywanie wiadomości:` +
		`|wiadomość napisana przez .{1,120} przekazana dalej:|початок пересланого повідомлення:)$`)
	forwardSubject = regexp.MustCompile(`(?i)^(fwd?|pd|przek|przekaz|i|пересл|fw)\s*:`)
)

// attributionEnd closes the sentence that names the author of the quoted letter.
var attributionEnd = regexp.MustCompile(`(?i)(pisze|napisał|napisała|napisał\(a\)|napisał/a|napisali|wrote|writes|пише|написав|написала|написав\(ла\)|` +
	`написал|napisal|napisala|napisal\(a\))\s*:?\s*$`)

// attributionStart opens it: "W dniu", "On", a weekday as Gmail abbreviates it, a bare date, "Wiadomość napisana przez".
var attributionStart = regexp.MustCompile(`(?i)^(w dniu |dnia |dn\. |on |am |użytkownik |uzytkownik |wiadomość napisana |wiadomosc napisana |` +
	`(pon|wt|śr|sr|czw|pt|sob|niedz|nd|mon|tue|wed|thu|fri|sat|sun|пн|вт|ср|чт|пт|сб|нд)[a-zа-я]*\.?,? |\d{1,4}[-./ ]|від: )`)

// attributionLines returns how many lines, at most three, make up an attribution; 0 if the first line begins none.
func attributionLines(lines []string) int {
	if !attributionStart.MatchString(strings.TrimLeft(lines[0], " \t*")) {
		return 0
	}
	joined := ""
	for n := 1; n <= 3 && n <= len(lines); n++ {
		l := strings.TrimSpace(lines[n-1])
		if l == "" {
			return 0
		}
		joined += " " + l
		if len(joined) > 400 {
			return 0
		}
		if attributionEnd.MatchString(l) {
			// A sentence like "Dnia 3 maja sąsiad napisał:" is a story, unless an address, a time or quoted lines stand by it.
			if strings.ContainsAny(joined, "@") || clockTime.MatchString(joined) || followedByMarks(lines[n:]) {
				return n
			}
			return 0
		}
	}
	return 0
}

var clockTime = regexp.MustCompile(`\b\d{1,2}[:.]\d{2}\b`)

// headerLabel matches a line of an older letter's head, also in Outlook's bold.
var headerLabel = regexp.MustCompile(`(?i)^[*_ ]*(from|od|nadawca|von|від|от|sent|wysłano|wysłane|wyslano|data|date|надіслано|дата|отправлено|to|do|adresat|кому|` +
	`cc|dw|do wiadomości|udw|копія|копия|subject|temat|тема)[*_]*\s*:[*_]*\s*(.*)$`)

// headerBlock recognises at least three consecutive head lines, the author first, with the time it was sent, or with a
// subject and an address. "Od: 1.12., Do: 31.12., Temat: rusztowanie" is a letter's own.
func headerBlock(lines []string) (subject string, ok bool) {
	seen := map[string]bool{}
	count, address := 0, false
	for _, l := range lines[:min(len(lines), 9)] {
		m := headerLabel.FindStringSubmatch(strings.TrimSpace(l))
		if m == nil {
			if count > 0 && strings.TrimSpace(l) != "" && strings.HasPrefix(l, " ") {
				continue // a folded list of addressees
			}
			break
		}
		what := headerRole[strings.ToLower(m[1])]
		if count == 0 && what != "from" {
			return "", false
		}
		if what == "subject" {
			subject = strings.Trim(m[2], "* ")
		}
		seen[what] = true
		address = address || strings.Contains(l, "@")
		count++
	}
	return subject, count >= 3 && seen["from"] && (seen["date"] || seen["subject"] && address)
}

var headerRole = map[string]string{
	"from": "from", "od": "from", "nadawca": "from", "von": "from", "від": "from", "от": "from",
	"sent": "date", "wysłano": "date", "wysłane": "date", "wyslano": "date", "data": "date", "date": "date", "надіслано": "date",
	"дата": "date", "отправлено": "date", "subject": "subject", "temat": "subject", "тема": "subject",
}

// coverNoteWords is how long the text above a forwarded letter may be and still be only a cover note ("przesyłam").
const coverNoteWords = 30

// letterText decides what the text of a letter is. Older letters are not part of it, with one exception: who forwards a
// letter with only a few words above it sends that letter, so it stays.
func letterText(text string) (own, quoted string) {
	own, quoted, forwarded := SplitQuoted(text)
	if forwarded && len(strings.Fields(own)) <= coverNoteWords {
		return strings.TrimSpace(text), ""
	}
	return own, quoted
}
