package desk

// numbersText are the words of the page of charts.
type numbersText struct {
	Title, Intro, From, To, Apply, TableOf, CSV, None, Days string
	Charts                                                  map[string]chartText
	Legends                                                 map[string][]string // of Charts; that of arrivals are the channels
}

// chartText is what is said of one chart. The head of arrivals goes on with the channels.
type chartText struct {
	Title, Desc string
	Head        []string
}

var polishNumbers = numbersText{
	Title: "Liczby", Intro: "Okres najwyżej 92 dni. Dokumentów próbnych się nie liczy.", From: "Od dnia", To: "do dnia", Apply: "Pokaż", TableOf: "Tabela", CSV: "Pobierz CSV", None: "W tym okresie nie ma czego liczyć.", Days: "%.0f dni",
	Charts: map[string]chartText{
		"arrivals": {"Wpływ dzień po dniu", "Ile pism zarejestrowano każdego dnia, według kanału.", []string{"Dzień"}},
		"complete": {"Kompletne za pierwszym razem", "Ile pism wszczynających sprawę nie miało żadnego braku, według kanału; w tabeli także według usługi.", []string{"Kanał", "Usługa", "Pism", "Kompletnych", "Udział"}},
		"paces":    {"Ile to trwa", "Od rejestracji do stanowiska i do decyzji pracownika (przyjęcia lub zamknięcia), z ostatnich najwyżej 1000 spraw okresu. Wykres: mediana do decyzji.", []string{"Usługa", "Na stanowisku", "Mediana", "90 na 100", "Z decyzją", "Mediana", "90 na 100"}},
		"risks":    {"Terminy zagrożone", "Sprawy w toku, których termin minął albo mija w ciągu 14 dni, według stanowiska.", []string{"Stanowisko", "Po terminie", "Do 3 dni", "Do 14 dni"}},
		"lacks":    {"Czego najczęściej brakuje", "Braki stwierdzone w ostatnich najwyżej 1000 sprawach okresu.", []string{"Usługa", "Czego brakuje", "Ile razy", "Spraw", "Udział"}},
		"choices":  {"Usługa wybrana przez program", "Ile razy program sam wybrał usługę i ile razy pracownik ją zmienił.", []string{"Usługa", "Wybrał program", "Zmienił pracownik", "Udział"}},
	},
	Legends: map[string][]string{
		"complete": {"kompletne", "z brakami"},
		"paces":    {"do decyzji"},
		"risks":    {"po terminie", "do 3 dni", "do 14 dni"},
		"lacks":    {"ile razy"},
		"choices":  {"bez zmiany", "zmienione"},
	},
}

var englishNumbers = numbersText{
	Title: "Numbers", Intro: "A period of at most 92 days. Test documents are not counted.", From: "From", To: "to", Apply: "Show", TableOf: "Table", CSV: "Download CSV", None: "There is nothing to count in this period.", Days: "%.0f days",
	Charts: map[string]chartText{
		"arrivals": {"Arrivals day by day", "How many letters were registered each day, by channel.", []string{"Day"}},
		"complete": {"Complete at first filing", "How many first filings lacked nothing, by channel; in the table by service as well.", []string{"Channel", "Service", "Letters", "Complete", "Share"}},
		"paces":    {"How long it takes", "From registration to the desk, and to a clerk's decision (accepted or closed), of the latest 1000 cases of the period at most. The chart: median to the decision.", []string{"Service", "At the desk", "Median", "90 of 100", "Decided", "Median", "90 of 100"}},
		"risks":    {"Clocks at risk", "Cases in work whose term is over or ends within 14 days, by desk.", []string{"Desk", "Late", "Within 3 days", "Within 14 days"}},
		"lacks":    {"What is missing most", "What was found missing in the latest 1000 cases of the period at most.", []string{"Service", "What is missing", "How often", "Cases", "Share"}},
		"choices":  {"Service chosen by the program", "How often the program chose the service by itself, and how often a clerk changed it.", []string{"Service", "Chosen by the program", "Changed by a clerk", "Share"}},
	},
	Legends: map[string][]string{
		"complete": {"complete", "lacking"},
		"paces":    {"to the decision"},
		"risks":    {"late", "within 3 days", "within 14 days"},
		"lacks":    {"how often"},
		"choices":  {"unchanged", "changed"},
	},
}
