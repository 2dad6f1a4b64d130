package desk

// auditText are the words of the page that shows what people did.
type auditText struct {
	Title, Intro, Actor, Kind, AnyKind, From, To, Show, CSV, When, Who, What, Number, Detail, None, Full string
}

var polishAudit = auditText{
	Title: "Audyt", Intro: "Kto co otworzył, pobrał, zmienił, komu odmówiono. Wpisy tworzą łańcuch: zmianę pokaże „okienko verify”.",
	Actor: "Użytkownik", Kind: "Co się stało", AnyKind: "cokolwiek", From: "Od dnia", To: "Do dnia", Show: "Pokaż", CSV: "Pobierz jako CSV",
	When: "Kiedy", Who: "Kto", What: "Co", Number: "Sprawa", Detail: "Szczegóły", None: "Nie ma takich wpisów.", Full: "Pokazano %d najnowszych wpisów. Plik CSV ma wszystkie.",
}

var englishAudit = auditText{
	Title: "Audit", Intro: "Who opened, downloaded and changed what, and who was refused. The lines form a chain: \"okienko verify\" shows a change.",
	Actor: "User", Kind: "What happened", AnyKind: "anything", From: "From", To: "To", Show: "Show", CSV: "Download as CSV",
	When: "When", Who: "Who", What: "What", Number: "Case", Detail: "Details", None: "There are no such lines.", Full: "The latest %d lines are shown. The CSV file has all.",
}
