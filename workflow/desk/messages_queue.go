package desk

// queueWorkText are the words for working in the queue: the clock, saved views, several cases at once, news.
type queueWorkText struct {
	Clock, AnyClock                                                              string
	Clocks                                                                       map[string]string // by clock
	PreviousPage, Found                                                          string
	Views, ViewSave, ViewNameLabel, ViewFor, ViewMine, ViewButton                string
	ViewTwice, ViewSaved, ViewNothing, ViewName, ViewMany, ViewDropped, ViewDrop string
	ChooseRow, ChooseAll, BulkLegend, BulkNone, BulkGone, BulkChanged, BulkBack  string
	BulkTitle, BulkAsk, BulkDo, BulkDone                                         map[string]string // by what is done
	BulkDesk, BulkWhy, BulkWhyHint, BulkOutcome, BulkCaption, BulkNowAt          string
	BulkGood                                                                     string // "%d z %d"
	News                                                                         counted
	NewsShow, NewsReload, RowChanged, RowGone                                    string
	Pulse, Ledger, LedgerOK, LedgerBad, NoContact, Seconds                       string
	Contact, ToMissing, Missing, MissingCaption, MissingNone, MissingMore, Item  string
	ItemSeen, ToQuarantined, SourceBack, MissingIntro                            string
}

var polishQueueWork = queueWorkText{
	Clock: "Termin", AnyClock: "dowolny", Clocks: map[string]string{clockLate: "po terminie", clockSoon: "do 3 dni", clockNone: "bez terminu"},
	PreviousPage: "Poprzednie", Found: "Znaleziono w treści:",
	Views: "Zapisane widoki", ViewSave: "Zapisz ten widok", ViewNameLabel: "Nazwa widoku", ViewFor: "Dla kogo",
	ViewMine: "tylko dla mnie", ViewButton: "Zapisz widok", ViewTwice: "Widok o tej nazwie już tu jest.", ViewSaved: "Widok zapisany.",
	ViewNothing: "Proszę najpierw wybrać filtry. Szukanych słów nie zapisujemy, bo to często nazwiska.", ViewName: "Proszę podać nazwę widoku, do 40 znaków, bez danych osobowych.",
	ViewMany: "Jest już 12 widoków. Proszę usunąć któryś.", ViewDropped: "Widok usunięty.", ViewDrop: "Usuń widok",
	ChooseRow: "Zaznacz", ChooseAll: "Zaznacz wszystkie na stronie", BulkLegend: "Z zaznaczonymi", BulkNone: "Proszę zaznaczyć przynajmniej jedną sprawę.",
	BulkGone: "Tej sprawy już tu nie ma.", BulkChanged: "Ktoś zmienił sprawę w międzyczasie. Nic nie nadpisano.", BulkBack: "Wróć do kolejki",
	BulkTitle: map[string]string{bulkClaim: "Przejęcie kilku spraw", bulkMove: "Przekazanie kilku spraw"},
	BulkAsk:   map[string]string{bulkClaim: "Te sprawy będą Twoje:", bulkMove: "Te sprawy trafią na inne stanowisko i nikt nie będzie ich miał przypisanych:"},
	BulkDo:    map[string]string{bulkClaim: "Przejmij", bulkMove: "Przekaż"},
	BulkDone:  map[string]string{bulkClaim: "przejęta", bulkMove: "przekazana"},
	BulkDesk:  "Na stanowisko", BulkWhy: "Dlaczego", BulkWhyHint: "Trafi do historii każdej sprawy. Bez danych osobowych.", BulkOutcome: "Wynik", BulkCaption: "Wybrane sprawy",
	BulkNowAt: "Co się stało", BulkGood: "Udało się: %d z %d.",
	News:     counted{"%d nowa lub zmieniona sprawa", "%d nowe lub zmienione sprawy", "%d nowych lub zmienionych spraw"},
	NewsShow: "Pokaż", NewsReload: "Zmieniło się wiele spraw.", RowChanged: "zmieniono przed chwilą", RowGone: "nie ma jej już na tej liście",
	Pulse: "Ostatni kontakt:", Ledger: "Widziano %d = zarejestrowano %d + drugie kopie %d + kwarantanna %d", LedgerOK: "rachunek się zgadza",
	LedgerBad: "rachunek się nie zgadza", NoContact: "kłopot z połączeniem", Seconds: "%d s temu",
	Contact: "Kontakt", ToMissing: "czego brakuje", Missing: "Bez rozstrzygnięcia", MissingCaption: "Pozycje, które źródło pokazało, a system ich jeszcze nie rozliczył",
	MissingNone: "Wszystko, co źródło pokazało, jest rozliczone.", MissingMore: "Jest ich więcej; najstarsze 200.", Item: "Pozycja u źródła", ItemSeen: "Widziana po raz pierwszy",
	ToQuarantined: "Sprawy w kwarantannie", SourceBack: "Wszystkie źródła", MissingIntro: "System próbuje je przyjąć sam. Co tu zostaje dłużej niż kilka minut, powinien obejrzeć administrator.",
}

var englishQueueWork = queueWorkText{
	Clock: "Term", AnyClock: "any", Clocks: map[string]string{clockLate: "overdue", clockSoon: "within 3 days", clockNone: "without a term"},
	PreviousPage: "Previous", Found: "Found in the text:",
	Views: "Saved views", ViewSave: "Save this view", ViewNameLabel: "Name of the view", ViewFor: "For whom",
	ViewMine: "only for me", ViewButton: "Save the view", ViewTwice: "There is a view of that name already.", ViewSaved: "View saved.",
	ViewNothing: "Please choose filters first. Words are not saved: they are often names.", ViewName: "Please name the view, in up to 40 characters, without personal data.",
	ViewMany: "There are 12 views already. Please delete one.", ViewDropped: "View deleted.", ViewDrop: "Delete the view",
	ChooseRow: "Choose", ChooseAll: "Choose all on this page", BulkLegend: "With those chosen", BulkNone: "Please choose at least one case.",
	BulkGone: "This case is not here any more.", BulkChanged: "Somebody changed the case meanwhile. Nothing was overwritten.", BulkBack: "Back to the queue",
	BulkTitle: map[string]string{bulkClaim: "Claiming several cases", bulkMove: "Passing several cases on"},
	BulkAsk:   map[string]string{bulkClaim: "These cases will be yours:", bulkMove: "These cases will go to another desk, unclaimed:"},
	BulkDo:    map[string]string{bulkClaim: "Claim", bulkMove: "Pass on"},
	BulkDone:  map[string]string{bulkClaim: "claimed", bulkMove: "passed on"},
	BulkDesk:  "To the desk", BulkWhy: "Why", BulkWhyHint: "It is kept in the history of each case. No personal data.", BulkOutcome: "Outcome", BulkCaption: "Chosen cases",
	BulkNowAt: "What happened", BulkGood: "Done: %d of %d.",
	News:     counted{"%d new or changed case", "%d new or changed cases", "%d new or changed cases"},
	NewsShow: "Show", NewsReload: "Many cases have changed.", RowChanged: "changed just now", RowGone: "not in this list any more",
	Pulse: "Last contact:", Ledger: "Seen %d = registered %d + second copies %d + quarantined %d", LedgerOK: "the ledger balances",
	LedgerBad: "the ledger does not balance", NoContact: "trouble with the connection", Seconds: "%d s ago",
	Contact: "Contact", ToMissing: "what is missing", Missing: "Without an outcome", MissingCaption: "Items the source has shown and the system has not settled yet",
	MissingNone: "Everything the source has shown is settled.", MissingMore: "There are more; the oldest 200.", Item: "Item at the source", ItemSeen: "First seen",
	ToQuarantined: "Cases in quarantine", SourceBack: "All sources", MissingIntro: "The system takes them in by itself. What stays here longer than some minutes is for an administrator to look at.",
}
