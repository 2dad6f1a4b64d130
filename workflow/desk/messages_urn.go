package desk

// urnsText are the words of the page of the urns.
type urnsText struct {
	Title, Intro, None, Site, Window, Counted, Scanned, Verdict, Entered, AddHeading                            string
	From, To, Envelopes, Bag, BagHint, Witness, WitnessHint, Add, Added, Twice, WrongWindow, WrongCount, Nobody string
	Held, Balanced, Missing, Extra, Unparted, NotEntered, NotScanned, Settled, SettleLabel, SettleHint, Settle  string
	SettledDone, AllRight, Trouble                                                                              string
}

// paperText are the words for a letter on paper: its times, its hold, its receipt.
type paperText struct {
	Place, Dropped, Between, Opened, Scanned, Registered, Batch, BatchPart, Party, PartyHint  string
	Held, HeldUntil, EndHold, EndHoldText, EndHoldHint, HoldEnded                             string
	Receipt, ReceiptBack, ReceiptPrint, ReceiptSend, ReceiptTo, ReceiptNoAddress, ReceiptSent string
}

var polishUrns = urnsText{
	Title: "Urny", Intro: "Każde opróżnienie urny: ile kopert policzono i ile zeskanowano. Różnica jest czerwona, dopóki ktoś jej nie wyjaśni.",
	None: "Nie wpisano jeszcze żadnego opróżnienia.", Site: "Urna", Window: "Wrzucono", Counted: "Policzono", Scanned: "Zeskanowano",
	Verdict: "Stan", Entered: "Wpisano", AddHeading: "Wpisz opróżnienie", From: "Poprzednie opróżnienie", To: "To opróżnienie",
	Envelopes: "Liczba kopert", Bag: "Numer bezpiecznej koperty lub worka", BagHint: "Jeśli jest.", Witness: "Druga osoba",
	WitnessHint: "Urnę opróżniają dwie osoby.", Add: "Wpisz", Added: "Opróżnienie wpisane.", Twice: "To opróżnienie jest już wpisane.",
	WrongWindow: "Proszę podać oba czasy: od poprzedniego opróżnienia do tego.", WrongCount: "Proszę podać liczbę kopert, od 0 do 9999.",
	Nobody: "Proszę podać drugą osobę.", Held: "kwarantanna do %s", Balanced: "zgadza się", Missing: "brakuje %d", Extra: "o %d za dużo",
	Unparted: "partie do ręcznego podziału: %d", NotEntered: "nikt nie wpisał liczby kopert", NotScanned: "czeka na skanowanie", Settled: "wyjaśniono: %s",
	SettleLabel: "Wyjaśnienie różnicy", SettleHint: "Bez danych osobowych.", Settle: "Uznaj za wyjaśnione", SettledDone: "Różnica wyjaśniona.",
	AllRight: "Wszystkie opróżnienia się zgadzają albo są wyjaśnione.", Trouble: "Są opróżnienia do wyjaśnienia.",
}

var englishUrns = urnsText{
	Title: "Urns", Intro: "Every emptying of an urn: how many envelopes were counted and how many scanned. A difference is red until somebody explains it.",
	None: "No emptying was entered yet.", Site: "Urn", Window: "Dropped in", Counted: "Counted", Scanned: "Scanned",
	Verdict: "State", Entered: "Entered", AddHeading: "Enter an emptying", From: "Emptying before", To: "This emptying",
	Envelopes: "Number of envelopes", Bag: "Number of the sealed bag", BagHint: "If there is one.", Witness: "Second person",
	WitnessHint: "Two people empty an urn.", Add: "Enter", Added: "Emptying entered.", Twice: "This emptying was entered already.",
	WrongWindow: "Please give both times: from the emptying before to this one.", WrongCount: "Please give the number of envelopes, 0 to 9999.",
	Nobody: "Please name the second person.", Held: "held until %s", Balanced: "balanced", Missing: "%d missing", Extra: "%d too many",
	Unparted: "batches to part by hand: %d", NotEntered: "nobody entered the number of envelopes", NotScanned: "to be scanned", Settled: "explained: %s",
	SettleLabel: "Why they differ", SettleHint: "No personal data.", Settle: "Accept as explained", SettledDone: "Difference explained.",
	AllRight: "All emptyings balance or are explained.", Trouble: "Some emptyings need an explanation.",
}

var polishPaper = paperText{
	Place: "Gdzie", Dropped: "Wrzucono", Between: "od %s do %s", Opened: "Otwarto", Scanned: "Zeskanowano", Registered: "Zarejestrowano",
	Batch: "Partia skanów", BatchPart: "koperta %d, strony %d-%d, SHA-256 %s…", Party: "Dla terminu strony",
	PartyHint: "najwcześniejsza chwila, w której mogło być wrzucone", Held: "Kwarantanna", HeldUntil: "do %s",
	EndHold: "Zakończ kwarantannę", EndHoldText: "Dlaczego przed czasem", EndHoldHint: "Trafi do historii sprawy. Bez danych osobowych.", HoldEnded: "Kwarantanna zakończona.",
	Receipt: "Potwierdzenie wpływu", ReceiptBack: "Wróć do sprawy", ReceiptPrint: "Wydrukuj tę stronę (Ctrl+P) albo wyślij ją e-mailem.",
	ReceiptSend: "Wyślij e-mailem", ReceiptTo: "Adres z pisma", ReceiptNoAddress: "W piśmie nie ma adresu e-mail albo urząd nie wysyła poczty: potwierdzenie można wydrukować.",
	ReceiptSent: "Potwierdzenie czeka na wysłanie.",
}

var englishPaper = paperText{
	Place: "Where", Dropped: "Dropped in", Between: "from %s to %s", Opened: "Opened", Scanned: "Scanned", Registered: "Registered",
	Batch: "Batch of scans", BatchPart: "envelope %d, pages %d-%d, SHA-256 %s…", Party: "For the party's term",
	PartyHint: "the earliest moment it can have been dropped in", Held: "Hold", HeldUntil: "until %s",
	EndHold: "End the hold", EndHoldText: "Why before its time", EndHoldHint: "It is kept in the history of the case. No personal data.", HoldEnded: "The hold was ended.",
	Receipt: "Receipt", ReceiptBack: "Back to the case", ReceiptPrint: "Print this page (Ctrl+P) or send it by e-mail.",
	ReceiptSend: "Send by e-mail", ReceiptTo: "Address in the letter", ReceiptNoAddress: "The letter gives no e-mail address, or the office sends no mail: the receipt can be printed.",
	ReceiptSent: "The receipt waits to be sent.",
}
