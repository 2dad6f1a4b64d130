package reply

import (
	"fmt"
	"strings"
	"time"

	"okienko/workflow/deadline"
)

// Polish names of days and months; weekdaysGen is the genitive that follows "do".
var (
	weekdays    = [...]string{"niedziela", "poniedziałek", "wtorek", "środa", "czwartek", "piątek", "sobota"}
	weekdaysGen = [...]string{"niedzieli", "poniedziałku", "wtorku", "środy", "czwartku", "piątku", "soboty"}
	months      = [...]string{"", "stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca", "lipca", "sierpnia", "września", "października", "listopada", "grudnia"}
)

// longDate is "23 listopada 2026 r.", the day in Kraków.
func longDate(t time.Time) string {
	d := deadline.DayOf(t)
	return fmt.Sprintf("%d %s %d r.", d.Day, months[d.Month], d.Year)
}

// dayAndDate is "poniedziałek, 23 listopada 2026 r.".
func dayAndDate(t time.Time) string {
	return weekdays[deadline.DayOf(t).Weekday()] + ", " + longDate(t)
}

// untilDate is "poniedziałku, 23 listopada 2026 r.", after "do".
func untilDate(t time.Time) string {
	return weekdaysGen[deadline.DayOf(t).Weekday()] + ", " + longDate(t)
}

// moment is dayAndDate with the hour.
func moment(t time.Time) string {
	return dayAndDate(t) + ", godz. " + t.In(deadline.Warsaw()).Format("15:04")
}

// things is how many things something lacks: "jednej rzeczy", "dwóch rzeczy", "12 rzeczy".
func things(n int) string {
	small := [...]string{"", "jednej", "dwóch", "trzech", "czterech", "pięciu"}
	if n > 0 && n < len(small) {
		return small[n] + " rzeczy"
	}
	return fmt.Sprintf("%d rzeczy", n)
}

// vocatives are the first names whose vocative and gender are beyond doubt and that are hardly ever a surname. Everybody else
// is greeted without a name: a wrong form of address is worse than none.
var vocatives = map[string]string{
	"agata": "Pani Agato", "agnieszka": "Pani Agnieszko", "aleksandra": "Pani Aleksandro", "alicja": "Pani Alicjo",
	"anna": "Pani Anno", "barbara": "Pani Barbaro", "beata": "Pani Beato", "danuta": "Pani Danuto", "dorota": "Pani Doroto",
	"elżbieta": "Pani Elżbieto", "ewa": "Pani Ewo", "grażyna": "Pani Grażyno", "halina": "Pani Halino", "irena": "Pani Ireno",
	"iwona": "Pani Iwono", "izabela": "Pani Izabelo", "jadwiga": "Pani Jadwigo", "janina": "Pani Janino",
	"joanna": "Pani Joanno", "julia": "Pani Julio", "justyna": "Pani Justyno", "karolina": "Pani Karolino",
	"katarzyna": "Pani Katarzyno", "krystyna": "Pani Krystyno", "magdalena": "Pani Magdaleno", "małgorzata": "Pani Małgorzato",
	"maria": "Pani Mario", "marta": "Pani Marto", "monika": "Pani Moniko", "natalia": "Pani Natalio", "paulina": "Pani Paulino",
	"renata": "Pani Renato", "sylwia": "Pani Sylwio", "teresa": "Pani Tereso", "urszula": "Pani Urszulo",
	"weronika": "Pani Weroniko", "wiesława": "Pani Wiesławo", "zofia": "Pani Zofio",
	"andrzej": "Panie Andrzeju", "dariusz": "Panie Dariuszu", "grzegorz": "Panie Grzegorzu", "jakub": "Panie Jakubie",
	"janusz": "Panie Januszu", "jerzy": "Panie Jerzy", "józef": "Panie Józefie", "krzysztof": "Panie Krzysztofie",
	"łukasz": "Panie Łukaszu", "maciej": "Panie Macieju", "marcin": "Panie Marcinie", "mariusz": "Panie Mariuszu",
	"mateusz": "Panie Mateuszu", "michał": "Panie Michale", "paweł": "Panie Pawle", "piotr": "Panie Piotrze",
	"rafał": "Panie Rafale", "sebastian": "Panie Sebastianie", "sławomir": "Panie Sławomirze", "stanisław": "Panie Stanisławie",
	"tadeusz": "Panie Tadeuszu", "tomasz": "Panie Tomaszu", "wojciech": "Panie Wojciechu", "zbigniew": "Panie Zbigniewie",
}

// address is how the letter speaks to its reader: the greeting, and whose the letter was ("Pani", "Pana", "Państwa"). By first
// name only when the name is two or three words of which the first alone is a known first name.
func address(name string) (greeting, your string) {
	switch greeting = greetingOf(name); {
	case strings.HasPrefix(greeting, "Pani "):
		return greeting, "Pani"
	case strings.HasPrefix(greeting, "Panie "):
		return greeting, "Pana"
	}
	return greeting, "Państwa"
}

func greetingOf(name string) string {
	words := strings.Fields(strings.ToLower(name))
	if len(words) < 2 || len(words) > 3 || strings.ContainsAny(name, "@.,0123456789&/()\"") {
		return "Dzień dobry,"
	}
	for _, w := range words[1:] {
		if _, first := vocatives[w]; first || company[w] {
			return "Dzień dobry,"
		}
	}
	if form, ok := vocatives[words[0]]; ok {
		return form + ","
	}
	return "Dzień dobry,"
}

// company are words that make a name that of an organisation.
var company = map[string]bool{
	"spółka": true, "sp": true, "firma": true, "fundacja": true, "stowarzyszenie": true, "kancelaria": true, "biuro": true,
	"sklep": true, "studio": true, "salon": true, "nieruchomości": true, "catering": true, "auto": true, "moto": true, "i": true, "oraz": true,
}
