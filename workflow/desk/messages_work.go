package desk

// workText are the words for what a clerk does to a case beside claiming and answering it.
type workText struct {
	More, Person, Assign, Assigned, Nobody                                              string
	HandOver, ToDesk, Why, HandOverHint, HandedOver                                     string
	Link, Number, NumberHint, LinkAs, AsSupplement, AsDuplicate, LinkHint, NoSuchCase   string
	Linked, Unlink, UnlinkProposal, UnlinkAsk, UnlinkHint, Unlinked, Confirm, LinkEvent string
	Split, SplitHint, SplitMatter, SplitDone                                            string
	Forward, ForwardTitle, ForwardIntro, Authority, Address, AddressHint, ForwardWhy    string
	ForwardWhyHint, ForwardDraft, ForwardDrafted, ForwardContinue, NoDraft              string
	Correct, IsThere, IsMissing, TakeBack, CorrectWhy, Ruled, RuledBy, MachineSaid      string
	Undo, Undone, NoUndo, TwinTaken, OtherLinked, PartOfOther, TestAlone                string
	Stale, WriteAnew, PassOnPaper, PassOnPosted, Reason                                 string
}

var polishWork = workText{
	More: "Więcej", Person: "Pracownik", Assign: "Przydziel", Assigned: "Sprawę prowadzi: %s.", Nobody: "Nikt inny nie ma dostępu do tego stanowiska.",
	HandOver: "Przekaż na inne stanowisko", ToDesk: "Stanowisko", Why: "Dlaczego", HandOverHint: "Data wpływu się nie zmienia i nikt nie dostaje pisma. Bez danych osobowych.",
	HandedOver: "%s: sprawa jest na stanowisku %s.",
	Link:       "Powiąż z inną sprawą", Number: "Numer sprawy", NumberHint: "Na przykład RPW/17/2026.", LinkAs: "Czym są dla siebie",
	AsSupplement: "późniejsze pismo uzupełnia wcześniejsze", AsDuplicate: "to samo pismo przyszło dwa razy",
	LinkHint:   "Przy dwóch egzemplarzach prowadzimy ten, który pierwszy wpłynął skutecznie; drugi zostanie zamknięty.",
	NoSuchCase: "Nie ma sprawy o tym numerze albo należy do stanowiska, którego nie widzisz.", Linked: "Sprawy powiązane i ocenione na nowo.",
	Unlink: "Odłącz", UnlinkProposal: "Odrzuć", UnlinkAsk: "Powiązanie jest błędne", UnlinkHint: "Obie sprawy ocenimy znów osobno. Powiązanie zniknie z obu, ślad zostanie w historii.",
	Unlinked: "Odłączono. Sprawy są znów osobno.", Confirm: "Potwierdź", LinkEvent: "%s %s",
	Split: "Wydziel inną sprawę z pisma", SplitHint: "Nowa sprawa ma ten sam oryginał, tę samą datę wpływu i ten sam numer RPW z dopiskiem -2.", SplitMatter: "Czego dotyczy",
	SplitDone: "Wydzielono %s: %s, stanowisko %s.",
	Forward:   "Przekaż innemu organowi", ForwardTitle: "Przekazanie innemu organowi",
	ForwardIntro: "Gdy o sprawie decyduje inny organ (art. 65 KPA). Przygotujemy dwa pisma: do organu i do nadawcy. Data wpływu do nas liczy się też tam.",
	Authority:    "Właściwy organ", Address: "Adres organu", AddressHint: "Pocztowy albo do e-Doręczeń. Można zostawić puste.",
	ForwardWhy: "Dlaczego ten organ", ForwardWhyHint: "Jedno zdanie z przepisem. Przeczyta je nadawca.", ForwardDraft: "Przygotuj oba pisma",
	ForwardDrafted: "Przygotowano dwa szkice: do organu i do nadawcy.", ForwardContinue: "Dokończ przekazanie",
	NoDraft: "Tego pisma nikt jeszcze nie przygotował. Najpierw trzeba wskazać właściwy organ.",
	Correct: "popraw", IsThere: "Jest", IsMissing: "Brakuje", TakeBack: "Cofnij poprawkę", CorrectWhy: "Skąd to wiadomo", Ruled: "Poprawka zapisana.",
	RuledBy: "Poprawka: %s, %s.", MachineSaid: "Program: %s.",
	Undo: "Cofnij", Undone: "Cofnięto.", NoUndo: "Tego kroku nie da się już cofnąć: w sprawie coś się od tego czasu stało.",
	TwinTaken:   "Drugi egzemplarz prowadzi kto inny. Najpierw trzeba przejąć tamtą sprawę.",
	OtherLinked: "Ta sprawa jest już powiązana z inną. Najpierw trzeba ją odłączyć.",
	PartOfOther: "To część większego pisma. Dalsze sprawy wydziela się ze sprawy, z której powstała ta; części nie da się odłączyć.",
	TestAlone:   "Dokument próbny nie należy do żadnej sprawy.",
	Stale:       "Po zapisaniu tego szkicu zmieniono ocenę, czego brakuje.", WriteAnew: "Napisz szkic od nowa",
	PassOnPaper: "To pismo wychodzi razem z oryginałem i załącznikami: pocztą albo z systemu urzędu.", PassOnPosted: "Wysłano razem z oryginałem", Reason: "Powód",
}

var englishWork = workText{
	More: "More", Person: "Person", Assign: "Assign", Assigned: "Now with %s.", Nobody: "Nobody else may see this desk.",
	HandOver: "Hand over to another desk", ToDesk: "Desk", Why: "Why", HandOverHint: "The date of receipt stays and nobody is written to. No personal data.",
	HandedOver: "%s: the case is on desk %s.",
	Link:       "Link to another case", Number: "Number of the case", NumberHint: "For example RPW/17/2026.", LinkAs: "What they are to each other",
	AsSupplement: "the later letter completes the earlier one", AsDuplicate: "the same letter came twice",
	LinkHint:   "Of two copies the one goes on that came first with legal effect; the other is closed.",
	NoSuchCase: "There is no case with this number, or it is on a desk you do not see.", Linked: "The cases are linked and judged again.",
	Unlink: "Unlink", UnlinkProposal: "Turn down", UnlinkAsk: "The link is wrong", UnlinkHint: "Both cases are judged by themselves again. The link goes from both, the history keeps it.",
	Unlinked: "Unlinked. Each case is by itself again.", Confirm: "Confirm", LinkEvent: "%s %s",
	Split: "Split off another matter", SplitHint: "The new case has the same original, the same date of receipt and the same register number with -2 after it.", SplitMatter: "What it is about",
	SplitDone: "Split off %s: %s, desk %s.",
	Forward:   "Forward to another authority", ForwardTitle: "Forwarding to another authority",
	ForwardIntro: "Where another authority decides (KPA art. 65). Two letters are prepared: to the authority and to the sender. The date of receipt here counts there.",
	Authority:    "Competent authority", Address: "Its address", AddressHint: "Postal or for e-Doręczenia. May stay empty.",
	ForwardWhy: "Why that authority", ForwardWhyHint: "One sentence with the provision, in Polish. The sender reads it.", ForwardDraft: "Prepare both letters",
	ForwardDrafted: "Two drafts are prepared: to the authority and to the sender.", ForwardContinue: "Finish forwarding",
	NoDraft: "Nobody has prepared this letter yet. First name the competent authority.",
	Correct: "correct", IsThere: "It is there", IsMissing: "It is missing", TakeBack: "Take the correction back", CorrectWhy: "How this is known", Ruled: "Correction kept.",
	RuledBy: "Corrected by %s, %s.", MachineSaid: "The program: %s.",
	Undo: "Undo", Undone: "Undone.", NoUndo: "This step can no longer be undone: something happened to the case since.",
	TwinTaken:   "Somebody else works on the other copy. Take that case over first.",
	OtherLinked: "This case is linked to another one. Unlink it first.",
	PartOfOther: "This is a part of a larger letter. Further matters are split off the case it came from; a part cannot be unlinked.",
	TestAlone:   "A test document belongs to no case.",
	Stale:       "What is missing was corrected after this draft was saved.", WriteAnew: "Write the draft anew",
	PassOnPaper: "This letter leaves with the original and its attachments: by post or from the office's system.", PassOnPosted: "Sent with the original", Reason: "Reason",
}
