package desk

// workshopText are the words of the workshop of rules and of the switch for letters.
type workshopText struct {
	Title, Intro, BuiltIn, InForce, Scheduled, Past, Version, From, Authors, PublishedBy, State, History, Drafts, NoDrafts          string
	Begin, DraftTitle, DraftTitleHint, Import, ImportFile, ImportHint, ImportButton, Begun, Export, Restore, RestoreHint, NoChanges string
	Based, ChangedBy, Check, Sound, Unsound, SoundHint, WhatChanges, Added, Gone, Edit, Services, OtherFiles, Tables, TablesHint    string
	Replay, ReplayHint, ReplayLast, ReplayButton, ReplayRuns, Refresh, ReplayFailed, Replayed, NotReplayed, Counts                  string
	CountServices, CountDesks, CountLetters, CountMissing, CountFreed, CountRight, MoveWhat, MoveFrom, MoveTo, MoveN, Reworded      string
	CaseWhat, CaseBefore, CaseAfter, CaseTo, CaseMissing, CaseFreed, Unshown, Same                                                  string
	Publish, PublishHint, ValidFrom, ValidFromHint, PublishButton, Published, WrongDay, Discard, Discarded                          string
	NotOpen, OwnWork, Behind, TooEarly, Changed, Saved, WrongFields                                                                 string
	GroupService, GroupWords, GroupFee, GroupChannels, GroupRequirements, Required, Effect, TextPL, TextEN, SaveForm                string
	WholeText, WholeTextHint, SaveText, Settings, Threshold, ThresholdHint, Holidays, HolidaysHint, Closed, ClosedHint, Desk, Fee   string
	Sample, Before, After, LetterOf, MissingOf, Nobody, Differs, Equal, SampleOf                                                    string
	Held, HeldIntro, HeldNone, HaltOn, HaltOff, HaltBy, Halt, HaltWhy, Resume, HaltedNow, LetGo, HeldWhy, Release, Cancel           string
	Overrides, OverridesIntro, OverridesNone, NoService, Proposal, ProposalHint, NoProposal, AddAlias, AliasAdded, FromCorrections  string
	Corrected, Count, Banner                                                                                                        string
	Fields, Channels, Effects, Moves, DecidedBy                                                                                     map[string]string
}

var polishWorkshop = workshopText{
	Title: "Reguły", Intro: "Usługi, reguły, wzory pism i ustawienia, według których program ocenia pisma. Zmiana działa dopiero, gdy opublikuje ją druga osoba.",
	BuiltIn: "Wersja wbudowana w program", InForce: "obowiązuje", Scheduled: "od %s", Past: "dawniejsza", Version: "Wersja", From: "Obowiązuje od",
	Authors: "Zmieniali", PublishedBy: "Opublikowała osoba", State: "Stan", History: "Wersje", Drafts: "Szkice", NoDrafts: "Nikt nie pracuje nad zmianą.",
	Begin: "Zacznij szkic", DraftTitle: "Co się zmienia", DraftTitleHint: "Jedno zdanie, bez danych osobowych.", Import: "Wczytaj z pliku", ImportFile: "Plik ZIP",
	ImportHint: "Te same pliki co w eksporcie.", ImportButton: "Wczytaj jako szkic", Begun: "Szkic zaczęty.", Export: "Pobierz (ZIP)", Restore: "Przywróć tę wersję",
	RestoreHint: "Powstanie szkic z plikami tej wersji; publikuje go druga osoba.", NoChanges: "Pliki są takie same.",
	Based: "od wersji", ChangedBy: "Zmieniali", Check: "1. Sprawdzenie", Sound: "Pliki są poprawne.", Unsound: "Pliki mają błędy. Proszę je najpierw poprawić.",
	SoundHint:   "Sprawdzono każdy plik i każde pismo, jakie z niego może powstać.",
	WhatChanges: "Co się zmienia", Added: "nowy plik", Gone: "plik usunięty", Edit: "Zmiana", Services: "Usługi", OtherFiles: "Reguły i wzory pism",
	Tables: "Zestawienie i ustawienia", TablesHint: "Stanowiska, opłaty, kanały, próg pewności, dni wolne.",
	Replay: "2. Próba na dawnych pismach", ReplayHint: "Program ocenia ostatnie pisma dwa razy, według wersji wyjściowej i według szkicu. Niczego nie wysyła i nie zmienia.",
	ReplayLast: "Ile ostatnich pism", ReplayButton: "Zacznij próbę", ReplayRuns: "Próba trwa: %d z najwyżej %d pism.", Refresh: "Odśwież", ReplayFailed: "Próba się nie powiodła. Proszę spróbować jeszcze raz.",
	Replayed: "Próba z %s na %d pismach.", NotReplayed: "Szkic nie był próbowany na dawnych pismach w obecnej postaci.", Counts: "Ile pism ocenionych inaczej",
	CountServices: "inna usługa", CountDesks: "inne stanowisko", CountLetters: "inne pismo do mieszkańca", CountMissing: "nowy brak", CountFreed: "brak znika",
	CountRight: "Z %d pism, których usługę wskazał pracownik, trafnych było %d, a byłoby %d.",
	MoveWhat:   "Zmiana", MoveFrom: "Było", MoveTo: "Byłoby", MoveN: "Pism", Reworded: "to samo pismo, inna treść",
	CaseWhat: "Pismo", CaseBefore: "Było", CaseAfter: "Byłoby", CaseTo: "Do kogo", CaseMissing: "nowe braki", CaseFreed: "nie brakuje już", Unshown: "Dalszych zmienionych pism: %d.", Same: "Żadne pismo nie zostałoby ocenione inaczej.",
	Publish: "3. Publikacja", PublishHint: "Publikuje osoba, która nie zmieniała szkicu.", ValidFrom: "Obowiązuje od dnia", ValidFromHint: "Puste: od zaraz.", PublishButton: "Opublikuj",
	Published: "Opublikowano wersję %d, obowiązuje od %s.", WrongDay: "Proszę podać dzień w postaci RRRR-MM-DD.", Discard: "Porzuć szkic", Discarded: "Szkic porzucony.",
	NotOpen: "Szkic jest już zamknięty.", OwnWork: "Zmieniali Państwo ten szkic, więc opublikuje go druga osoba.",
	Behind: "W międzyczasie opublikowano inną wersję. Proszę zacząć szkic od niej.", TooEarly: "Wersja nie może obowiązywać wcześniej niż najnowsza ani wstecz.",
	Changed: "Ktoś zmienił szkic w międzyczasie. Poniżej jest to, co Państwo wpisali; jeszcze tego nie zapisano.", Saved: "Zapisano w szkicu.", WrongFields: "Nie zapisano: proszę poprawić zaznaczone pola.",
	GroupService: "Usługa", GroupWords: "Po czym ją poznać", GroupFee: "Opłata i termin", GroupChannels: "Czy kanał jest skuteczny", GroupRequirements: "Czego wymaga", Required: "wymagane", Effect: "Skutek braku",
	TextPL: "Po polsku", TextEN: "Po angielsku", SaveForm: "Zapisz formularz", WholeText: "Cały plik", WholeTextHint: "Wszystko, czego nie ma w formularzu. Formularz zmienia w pliku tylko to, co w nim zmieniono.",
	SaveText: "Zapisz plik", Settings: "Ustawienia", Threshold: "Próg pewności", ThresholdHint: "Poniżej niego usługę wybiera pracownik. Od 0 do 1.",
	Holidays: "Dodatkowe święta ustawowe", HolidaysHint: "Dni RRRR-MM-DD, jeden w wierszu. Stałe święta program zna.", Closed: "Dni wolne urzędu", ClosedHint: "Nie są dniami roboczymi, ale termin może się wtedy skończyć.",
	Desk: "Stanowisko", Fee: "Opłata (zł)", Sample: "Pismo na próbę", Before: "Wersja wyjściowa", After: "Szkic", LetterOf: "Pismo do mieszkańca", MissingOf: "Braki", Nobody: "żadnego", Differs: "Szkic ocenia to pismo inaczej.",
	Equal: "Szkic ocenia to pismo tak samo.", SampleOf: "Treść pisma", Held: "Pisma wstrzymane", HeldIntro: "Automatyczne pisma, które czekają na człowieka: zatrzymał je wyłącznik, limit albo bezpiecznik.",
	HeldNone: "Żadne pismo nie czeka.", HaltOn: "Automatyczne pisma są wstrzymane.", HaltOff: "Automatyczne pisma wychodzą same.", HaltBy: "%s, %s. %s", Halt: "Wstrzymaj wszystkie", HaltWhy: "Dlaczego",
	Resume: "Wznów wysyłanie", HaltedNow: "Wstrzymano. Zatrzymanych pism z kolejki: %d.", LetGo: "Nowe pisma znów wychodzą same. Zatrzymane czekają na decyzję.", HeldWhy: "Powód", Release: "Wyślij", Cancel: "Anuluj",
	Overrides: "Poprawki pracowników", OverridesIntro: "Usługi zmienione przez pracowników od %s. Razem: %d.", OverridesNone: "Od %s nikt nie zmienił usługi żadnego pisma.", NoService: "(bez usługi)",
	Proposal: "Propozycja", ProposalHint: "jest w %d z tych pism i w żadnym innym", NoProposal: "nie ma wspólnych słów", AddAlias: "Dodaj do szkicu", AliasAdded: "Dodano „%s” do szkicu.", FromCorrections: "Określenia z poprawek pracowników",
	Corrected: "Zmieniono na", Count: "Ile razy", Banner: "Automatyczne pisma są wstrzymane.",
	Fields: map[string]string{"title.pl": "Nazwa po polsku", "title.en": "Nazwa po angielsku", "desk": "Stanowisko", "valid_from": "Obowiązuje od", "valid_to": "Obowiązuje do",
		"fee.amount": "Opłata (zł)", "fee.basis": "Podstawa opłaty", "fee.note": "Uwaga do opłaty", "deadline.value": "Termin urzędu", "deadline.unit": "Jednostka terminu", "how_to.pl": "Jak załatwić, po polsku", "how_to.en": "Jak załatwić, po angielsku",
		"aliases": "Jak mówią mieszkańcy", "match.frame": "Wzorce: całe pismo", "match.strong": "Wzorce mocne", "match.weak": "Wzorce słabe", "match.against": "Wzorce przeciw"},
	Channels:  map[string]string{"osobiscie": "osobiście", "poczta": "poczta", "e_doreczenia": "e-Doręczenia", "epuap": "ePUAP", "gov_pl": "gov.pl", "email": "e-mail", "urna": "urna"},
	Effects:   map[string]string{"yes": "tak", "no": "nie", "partial": "częściowo", "required": "tylko osobiście", "office_decision": "decyduje urząd"},
	Moves:     map[string]string{"service": "usługa", "desk": "stanowisko", "letter": "pismo do mieszkańca", "missing": "nowy brak", "freed": "brak znika"},
	DecidedBy: map[string]string{"rule": "według reguł", "model": "według podobnych pism", "none": "bez pewności", "clerk": "wskazał pracownik"},
}

var englishWorkshop = workshopText{
	Title: "Rules", Intro: "Services, rules, letter templates and settings by which letters are judged. A change counts once a second person has published it.",
	BuiltIn: "As built into the program", InForce: "in force", Scheduled: "from %s", Past: "earlier", Version: "Version", From: "In force from",
	Authors: "Changed by", PublishedBy: "Published by", State: "State", History: "Versions", Drafts: "Drafts", NoDrafts: "Nobody is working on a change.",
	Begin: "Begin a draft", DraftTitle: "What changes", DraftTitleHint: "One sentence, no personal data.", Import: "Read from a file", ImportFile: "ZIP file",
	ImportHint: "The same files as an export has.", ImportButton: "Read as a draft", Begun: "Draft begun.", Export: "Download (ZIP)", Restore: "Restore this version",
	RestoreHint: "Makes a draft with the files of this version; a second person publishes it.", NoChanges: "The files are the same.",
	Based: "of version", ChangedBy: "Changed by", Check: "1. Check", Sound: "The files are sound.", Unsound: "The files have faults. Please mend them first.",
	SoundHint:   "Every file was checked, and every letter it can make.",
	WhatChanges: "What changes", Added: "new file", Gone: "file removed", Edit: "Change", Services: "Services", OtherFiles: "Rules and letter templates",
	Tables: "Overview and settings", TablesHint: "Desks, fees, channels, threshold, free days.",
	Replay: "2. Replay on past letters", ReplayHint: "The latest letters are judged twice, by the version it was made from and by the draft. Nothing is sent or changed.",
	ReplayLast: "How many of the latest", ReplayButton: "Begin the replay", ReplayRuns: "The replay runs: %d of at most %d letters.", Refresh: "Refresh", ReplayFailed: "The replay failed. Please try again.",
	Replayed: "Replay of %s on %d letters.", NotReplayed: "The draft has not been replayed as it is now.", Counts: "Letters judged otherwise",
	CountServices: "another service", CountDesks: "another desk", CountLetters: "another letter to the resident", CountMissing: "something newly missing", CountFreed: "something no longer missing",
	CountRight: "Of %d letters whose service a clerk chose, %d were right, and %d would be.",
	MoveWhat:   "Change", MoveFrom: "Was", MoveTo: "Would be", MoveN: "Letters", Reworded: "the same letter in other words",
	CaseWhat: "Letter", CaseBefore: "Was", CaseAfter: "Would be", CaseTo: "To whom", CaseMissing: "newly missing", CaseFreed: "no longer missing", Unshown: "Further letters that change: %d.", Same: "No letter would be judged otherwise.",
	Publish: "3. Publication", PublishHint: "Published by somebody who did not change the draft.", ValidFrom: "In force from", ValidFromHint: "Empty: at once.", PublishButton: "Publish",
	Published: "Version %d is published, in force from %s.", WrongDay: "Please write the day as YYYY-MM-DD.", Discard: "Give the draft up", Discarded: "Draft given up.",
	NotOpen: "The draft is closed.", OwnWork: "You changed this draft, so a second person publishes it.",
	Behind: "Another version was published meanwhile. Please begin a draft of that one.", TooEarly: "A version may not be in force before the newest one is, nor in the past.",
	Changed: "Somebody changed the draft meanwhile. Below is what you entered; it is not saved yet.", Saved: "Saved in the draft.", WrongFields: "Not saved: please mend the marked fields.",
	GroupService: "Service", GroupWords: "How it is recognised", GroupFee: "Fee and term", GroupChannels: "Has the channel effect", GroupRequirements: "What it asks for", Required: "required", Effect: "If missing",
	TextPL: "In Polish", TextEN: "In English", SaveForm: "Save the form", WholeText: "The whole file", WholeTextHint: "Everything the form does not have. The form changes in the file only what was changed in it.",
	SaveText: "Save the file", Settings: "Settings", Threshold: "Threshold", ThresholdHint: "Below it a clerk chooses the service. From 0 to 1.",
	Holidays: "Further statutory holidays", HolidaysHint: "Days YYYY-MM-DD, one a line. The usual ones are known.", Closed: "Days the office is closed", ClosedHint: "No working days, but a term may end on them.",
	Desk: "Desk", Fee: "Fee (zł)", Sample: "A letter as a sample", Before: "Version it was made from", After: "Draft", LetterOf: "Letter to the resident", MissingOf: "Missing", Nobody: "none", Differs: "The draft judges this letter otherwise.",
	Equal: "The draft judges this letter alike.", SampleOf: "What the letter says", Held: "Held letters", HeldIntro: "Automatic letters that wait for a person: the switch, a limit or the circuit breaker holds them.",
	HeldNone: "No letter waits.", HaltOn: "Automatic letters are halted.", HaltOff: "Automatic letters leave by themselves.", HaltBy: "%s, %s. %s", Halt: "Halt them all", HaltWhy: "Why",
	Resume: "Let them go again", HaltedNow: "Halted. Letters taken from the queue: %d.", LetGo: "New letters leave by themselves again. Those held wait for a decision.", HeldWhy: "Reason", Release: "Send", Cancel: "Cancel",
	Overrides: "Clerks' corrections", OverridesIntro: "Services changed by clerks since %s. In all: %d.", OverridesNone: "Since %s nobody changed the service of a letter.", NoService: "(no service)",
	Proposal: "Proposal", ProposalHint: "stands in %d of these letters and in no other", NoProposal: "they have no words in common", AddAlias: "Add to the draft", AliasAdded: "“%s” was added to the draft.", FromCorrections: "Words from clerks' corrections",
	Corrected: "Changed to", Count: "How often", Banner: "Automatic letters are halted.",
	Fields: map[string]string{"title.pl": "Title in Polish", "title.en": "Title in English", "desk": "Desk", "valid_from": "Valid from", "valid_to": "Valid to",
		"fee.amount": "Fee (zł)", "fee.basis": "Basis of the fee", "fee.note": "Note on the fee", "deadline.value": "Term of the office", "deadline.unit": "Unit of the term", "how_to.pl": "How it is done, in Polish", "how_to.en": "How it is done, in English",
		"aliases": "As residents say it", "match.frame": "Patterns: whole letter", "match.strong": "Strong patterns", "match.weak": "Weak patterns", "match.against": "Patterns against"},
	Channels:  map[string]string{"osobiscie": "in person", "poczta": "post", "e_doreczenia": "e-Doręczenia", "epuap": "ePUAP", "gov_pl": "gov.pl", "email": "e-mail", "urna": "urn"},
	Effects:   map[string]string{"yes": "yes", "no": "no", "partial": "partly", "required": "in person only", "office_decision": "the office decides"},
	Moves:     map[string]string{"service": "service", "desk": "desk", "letter": "letter to the resident", "missing": "newly missing", "freed": "no longer missing"},
	DecidedBy: map[string]string{"rule": "by the rules", "model": "by similar letters", "none": "without certainty", "clerk": "chosen by a clerk"},
}
