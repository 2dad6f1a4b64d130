package validate_test

import (
	"testing"

	"okienko/ingest"
	"okienko/schemas"
	"okienko/validate"
)

func TestOutcomesByMail(t *testing.T) {
	t.Parallel()
	const signed = "\n\nAnna Przykładowa\nPESEL 90010112345\nul. Długa 5/6, 31-147 Kraków\ntel. 600 100 200"
	contract := doc("umowa.pdf", "UMOWA KUPNA-SPRZEDAŻY POJAZDU zawarta dnia 2.11.2026", "umowa_sprzedazy")
	tests := []struct {
		name string
		id   schemas.ProcedureID
		text string
		docs []ingest.Reading
		req  string
		want validate.Outcome
	}{
		{"a contract that is attached is there", "rejestracja_pojazdu", "Proszę o rejestrację Toyoty.", []ingest.Reading{contract}, "dowod_wlasnosci", validate.Met},
		{"a contract that is only announced is not", "rejestracja_pojazdu", "Proszę o rejestrację Toyoty, umowa kupna w załączeniu.", nil, "dowod_wlasnosci", validate.Missing},
		{"nor is the chain of contracts without it", "rejestracja_pojazdu", "Proszę o rejestrację Toyoty, umowa kupna w załączeniu.", nil, "ciag_wlasnosci", validate.Missing},
		{"with the contract a person checks the chain", "rejestracja_pojazdu", "Proszę o rejestrację Toyoty.", []ingest.Reading{contract}, "ciag_wlasnosci", validate.Unsure},
		{"a photo nobody could read may be the contract", "rejestracja_pojazdu", "Proszę o rejestrację Toyoty.", []ingest.Reading{unread("IMG_1.jpg", ingest.ProblemNoText)}, "dowod_wlasnosci", validate.Unreadable},
		{"so may an encrypted archive", "rejestracja_pojazdu", "Proszę o rejestrację.", []ingest.Reading{unread("dokumenty.zip", ingest.ProblemEncrypted)}, "dowod_oplaty", validate.Unreadable},
		{"a photo known to be something else may not", "rejestracja_pojazdu", "Proszę o rejestrację Toyoty.", []ingest.Reading{unread("dowod rejestracyjny.jpg", ingest.ProblemNoText, "dowod_rejestracyjny")}, "dowod_wlasnosci", validate.Missing},
		{"a document found by its file name is there", "rejestracja_pojazdu", "Proszę o rejestrację.", []ingest.Reading{unread("potwierdzenie opłaty.pdf", ingest.ProblemNoText)}, "dowod_oplaty", validate.Met},
		{"a name with nothing behind it is not", "rejestracja_pojazdu", "Proszę o rejestrację.", []ingest.Reading{unread("potwierdzenie opłaty.pdf", ingest.ProblemUnreadable, "potwierdzenie_przelewu")}, "dowod_oplaty", validate.Unreadable},
		{"a logo inside the mail is no attachment", "rejestracja_pojazdu", "Proszę o rejestrację.", []ingest.Reading{{Document: ingest.Document{ID: "1", Name: "image001.png", Inline: true}, TextFrom: ingest.TextNone}}, "dowod_wlasnosci", validate.Missing},
		{"plates are shown at the desk, never missing", "rejestracja_pojazdu", "Proszę o rejestrację i nowe tablice.", nil, "tablice", validate.NotRequired},
		{"insurance is looked up by the office", "rejestracja_pojazdu", "Proszę o rejestrację.", nil, "oc", validate.NotRequired},
		{"so is the Large Family Card", "deklaracja_odpady", "Składam deklarację DJ, jesteśmy zwolnieni z części opłaty za śmieci.", nil, "kdr_kopia", validate.NotRequired},
		{"excise is not asked for a car from here", "rejestracja_pojazdu", "Proszę o rejestrację Toyoty kupionej w Krakowie.", nil, "akcyza", validate.NotRequired},
		{"but for an imported one", "rejestracja_pojazdu", "Proszę o rejestrację auta sprowadzonego z Niemiec.", nil, "akcyza", validate.Missing},
		{"a promise is no paper", "rejestracja_pojazdu", "Proszę o rejestrację. Umowę kupna doślę w piątek.", []ingest.Reading{unread("skan.pdf", ingest.ProblemNoText)}, "dowod_wlasnosci", validate.Missing},

		{"the number is there", "rejestracja_pojazdu", "Proszę o rejestrację." + signed, nil, "pesel", validate.Met},
		{"the number is not there", "rejestracja_pojazdu", "Proszę o rejestrację.\nAnna Przykładowa", nil, "pesel", validate.Missing},
		{"it may be on a photo", "rejestracja_pojazdu", "Proszę o rejestrację.", []ingest.Reading{unread("IMG_1.jpg", ingest.ProblemNoText)}, "pesel", validate.Unreadable},
		{"not on the picture of a face", "prawo_jazdy", "Proszę o wymianę prawa jazdy.", []ingest.Reading{unread("foto.jpg", ingest.ProblemNoText, "zdjecie")}, "pesel", validate.Missing},
		{"a foreigner's passport stands for it", "zameldowanie", "Chcę się zameldować, jestem obywatelem Indii, paszport nr Z0000071.", nil, "pesel", validate.Met},
		{"an organisation has none", "pas_drogowy", "Alfa sp. z o.o. NIP 9796291999 wnosi o zajęcie pasa drogowego.", nil, "pesel", validate.NotRequired},
		{"a date beside the word for it is the date", "zgloszenie_zbycia_pojazdu", "Sprzedałem auto KR 12345 w dniu 2.11.2026.", nil, "data_zbycia", validate.Met},
		{"a date of something else is left to a person", "zgloszenie_zbycia_pojazdu", "Sprzedałem auto KR 12345. Urodziłem się w Krakowie, a w dowodzie osobistym mam wpisaną następującą datę ważności dokumentu: 2.11.2031.", nil, "data_zbycia", validate.Unsure},
		{"no date at all is missing", "zgloszenie_zbycia_pojazdu", "Sprzedałem auto KR 12345.", nil, "data_zbycia", validate.Missing},
		{"an address with its code is one", "rejestracja_pojazdu", "Proszę o rejestrację." + signed, nil, "adres", validate.Met},
		{"a street and a number may be one", "rejestracja_pojazdu", "Proszę o rejestrację. Mieszkam przy Hetmańskiej 11 w Krakowie.", nil, "adres", validate.Unsure},
		{"no street is no address", "rejestracja_pojazdu", "Proszę o rejestrację.", nil, "adres", validate.Missing},
		{"a way to answer is there by mail", "informacja_publiczna", "Ile kosztowała iluminacja w 2025 roku?", nil, "kontakt", validate.Met},
		{"the girth at the wrong height is not the right one", "usuniecie_drzewa", "Zgłaszam zamiar usunięcia świerka, obwód na wysokości 130 cm 74 cm.", nil, "obwod_5cm", validate.Missing},
		{"the girth at the right height is", "usuniecie_drzewa", "Zgłaszam zamiar usunięcia świerka, obwód na wysokości 5 cm 74 cm.", nil, "obwod_5cm", validate.Met},
		{"another commune's form names no kind", "deklaracja_odpady", "Przesyłam deklarację DO-1, 3 osoby od 1.11.2026.", nil, "rodzaj_deklaracji", validate.Missing},
		{"ours does", "deklaracja_odpady", "Przesyłam deklarację DJ, 3 osoby od 1.11.2026.", nil, "rodzaj_deklaracji", validate.Met},

		{"a PIT without its UPO is not enough", "karta_krakowska", "Nie jestem zameldowana, rozliczam PIT.", []ingest.Reading{doc("pit.pdf", "PIT-37", "pit")}, "pit", validate.Missing},
		{"with the UPO it is", "karta_krakowska", "Nie jestem zameldowana, rozliczam PIT.", []ingest.Reading{doc("pit.pdf", "PIT-37", "pit"), doc("upo.pdf", "UPO", "upo")}, "pit", validate.Met},
		{"a PIT nobody could read may hold the UPO", "karta_krakowska", "Nie jestem zameldowana, rozliczam PIT.", []ingest.Reading{unread("pit.pdf", ingest.ProblemNoText, "pit")}, "pit", validate.Unreadable},
		{"whoever is registered needs none", "karta_krakowska", "Jestem zameldowana na pobyt stały w Krakowie.", nil, "pit", validate.NotRequired},

		{"a proxy shows a power of attorney", "odpis_aktu", "W imieniu klienta wnoszę o odpis skrócony aktu urodzenia.", nil, "pelnomocnictwo", validate.Missing},
		{"and pays 17 zł, which is only information", "odpis_aktu", "Kancelaria radcy prawnego w imieniu klienta wnosi o odpis.", nil, "dowod_oplaty_pelnomocnictwo", validate.Missing},
		{"a daughter pays nothing", "odpis_aktu", "W imieniu mamy, jako córka, proszę o odpis.", nil, "dowod_oplaty_pelnomocnictwo", validate.NotRequired},
		{"who acts for himself shows none", "odpis_aktu", "Proszę o odpis mojego aktu urodzenia.", nil, "pelnomocnictwo", validate.NotRequired},

		{"an extract is paid after the office counted the pages", "wypis_mpzp", "Proszę o wypis i wyrys dla działki 118/4.", nil, "dowod_oplaty_zasw", validate.NotRequired},
		{"a certificate is paid in advance", "wypis_mpzp", "Proszę o zaświadczenie o przeznaczeniu działki 118/4.", nil, "dowod_oplaty_zasw", validate.Missing},
		{"social assistance is exempt from the fee", "zaswiadczenie_zameldowanie", "Proszę o zaświadczenie o zameldowaniu dla MOPS.", nil, "dowod_oplaty", validate.NotRequired},
		{"a bank is not", "zaswiadczenie_zameldowanie", "Proszę o zaświadczenie o zameldowaniu do banku.", nil, "dowod_oplaty", validate.Missing},
		{"without a purpose nobody knows", "zaswiadczenie_zameldowanie", "Proszę o zaświadczenie o zameldowaniu.", nil, "dowod_oplaty", validate.Unsure},

		{"what belongs to an act in person is not asked for", "dowod_osobisty", "Proszę o dowód osobisty.", nil, "fotografia", validate.NotRequired},
		{"what belongs to an abolished procedure neither", "zgloszenie_nabycia_pojazdu", "Zgłaszam zakup auta.", nil, "umowa", validate.NotRequired},
		{"an anonymous complaint has no name", "skarga_wniosek_petycja", "skarga na dziury w ulicy", nil, "adres", validate.Missing},
		{"a letter that points at nothing asks for nothing", "informacja_publiczna", "Dzień dobry, w załączeniu przesyłam wniosek. Pozdrawiam", nil, "tresc", validate.Missing},
		{"a letter that says something does", "informacja_publiczna", "Proszę o podanie liczby etatów w wydziale komunikacji.", nil, "tresc", validate.Met},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			sub, c := mail("", tt.text, tt.docs...)
			if tt.id == "skarga_wniosek_petycja" {
				c.Letter.From.Name = ""
			}
			got := findings(t, tt.id, sub, c)[tt.req]
			if got.Outcome != tt.want {
				t.Errorf("%s is %s (%s), want %s", tt.req, got.Outcome, got.Because, tt.want)
			}
		})
	}
}

func TestOutcomesOnPaper(t *testing.T) {
	t.Parallel()
	const (
		form     = "WNIOSEK O REJESTRACJĘ POJAZDU\nWłaściciel Anna Przykładowa\nPESEL\nul. Długa 5, 31-147 Kraków\nZałączniki: umowa, potwierdzenie opłaty"
		contract = "\fUMOWA KUPNA-SPRZEDAŻY\nzawarta w Krakowie pomiędzy"
		strange  = "\fLista zakupów mleko chleb masło"
		stamped  = "URZĄD MIASTA KRAKOWA WPŁYNĘŁO 2026-11-20 zał.: 0\n"
	)
	tests := []struct {
		name, text, req string
		id              schemas.ProcedureID
		want            validate.Outcome
	}{
		{"a page with the heading of a contract is one", form + contract, "dowod_wlasnosci", "rejestracja_pojazdu", validate.Met},
		{"with the letter alone what it names is missing", form, "dowod_wlasnosci", "rejestracja_pojazdu", validate.Missing},
		{"with all pages known, too", form + contract, "dowod_oplaty", "rejestracja_pojazdu", validate.Missing},
		{"a page nobody knows may be it", form + contract + strange, "dowod_oplaty", "rejestracja_pojazdu", validate.Unsure},
		{"unless the stamp counts no enclosures", stamped + form + strange, "dowod_oplaty", "rejestracja_pojazdu", validate.Missing},
		{"a number beside its name may be handwritten", form, "pesel", "rejestracja_pojazdu", validate.Unsure},
		{"a drawing is not found by words", "Zgłaszam zamiar usunięcia lipy", "mapka", "usuniecie_drzewa", validate.Unsure},
		{"an empty box says that the paper is not there", "WNIOSEK O WARUNKI ZABUDOWY\n[ ] dowód opłaty skarbowej\nnie jestem właścicielem" + strange, "dowod_oplaty", "warunki_zabudowy", validate.Missing},
		{"a ticked one may be right", "WNIOSEK O WARUNKI ZABUDOWY\n[X] dowód opłaty skarbowej\nnie jestem właścicielem" + strange, "dowod_oplaty", "warunki_zabudowy", validate.Unsure},
		{"a page of garbled words may be anything", form + "\fHar4ania BoHqapeHko Kapry BeJmkoi PoquHu IIpolny TeM qwrtz", "dowod_oplaty", "rejestracja_pojazdu", validate.Unreadable},
		{"words OCR did not find may be there", "WNIOSEK o odpis aktu", "rodzaj_odpisu", "odpis_aktu", validate.Unsure},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			sub, c := submission(ingest.Scan, tt.text)
			got := findings(t, tt.id, sub, c)[tt.req]
			if got.Outcome != tt.want {
				t.Errorf("%s is %s (%s), want %s", tt.req, got.Outcome, got.Because, tt.want)
			}
		})
	}
}

func TestFindingsComeInTheOrderOfTheProcedureWithTheSignatureLast(t *testing.T) {
	t.Parallel()
	p := procedure(t, "odpis_aktu")
	sub, c := mail("", "Proszę o odpis.")
	got := validate.Completeness(sub, c, nil, p, validate.Conditions(sub, c, p))
	if len(got) != len(p.Fields)+len(p.Attached)+1 {
		t.Fatalf("%d findings for %d requirements and a signature", len(got), len(p.Fields)+len(p.Attached))
	}
	for i, r := range append(p.Fields, p.Attached...) {
		if got[i].Requirement != r.ID || got[i].Consequence != r.Consequence {
			t.Errorf("finding %d is %s with %s, want %s with %s", i, got[i].Requirement, got[i].Consequence, r.ID, r.Consequence)
		}
	}
	if last := got[len(got)-1]; last.Requirement != validate.SignatureRequirement {
		t.Errorf("the last finding is %s", last.Requirement)
	}
}

func TestAnUndecidedConditionLeavesItsRequirementUndecided(t *testing.T) {
	t.Parallel()
	p := procedure(t, "odpis_aktu")
	sub, c := mail("", "Proszę o odpis.")
	for truth, want := range map[validate.Truth]validate.Outcome{
		validate.True: validate.Missing, validate.False: validate.NotRequired, validate.Undecided: validate.Unsure, "": validate.Unsure,
	} {
		conds := map[string]validate.Truth{}
		if truth != "" {
			conds["if_proxy"] = truth
		}
		for _, f := range validate.Completeness(sub, c, nil, p, conds) {
			if f.Requirement == "pelnomocnictwo" && f.Outcome != want {
				t.Errorf("with if_proxy %q it is %s, want %s", truth, f.Outcome, want)
			}
		}
	}
}

func TestQuotedLettersAndEmptyContentsDoNotPanic(t *testing.T) {
	t.Parallel()
	for _, p := range catalog(t).All(now) {
		for _, channel := range ingest.Channels() {
			sub := ingest.Submission{Channel: channel, ReceivedAt: now}
			for _, c := range []ingest.Contents{{}, {Readings: []ingest.Reading{{}}}, {Readings: []ingest.Reading{{Text: "\f\f\f", Pages: 9}}}} {
				conds := validate.Conditions(sub, c, p)
				if got := validate.Completeness(sub, c, nil, p, conds); len(got) == 0 {
					t.Errorf("%s: no findings", p.ID)
				}
			}
		}
	}
}

func TestPlacesPointAtTheWordsQuoted(t *testing.T) {
	t.Parallel()
	const text = "URZĄD\fżółta kartka\fUMOWA KUPNA-SPRZEDAŻY\nzawarta"
	sub, c := submission(ingest.Scan, text)
	f := findings(t, "rejestracja_pojazdu", sub, c)["dowod_wlasnosci"]
	if f.Outcome != validate.Met || f.Place == nil || f.Place.Page != 3 || text[f.Place.Start:f.Place.End] != "UMOWA KUPNA-SPRZEDAŻY" {
		t.Errorf("finding %+v, place %+v", f, f.Place)
	}
}

func TestForQuestionAndForSupplementAskForNothing(t *testing.T) {
	t.Parallel()
	in := []validate.Finding{{Outcome: validate.Missing}, {Outcome: validate.Unreadable}, {Outcome: validate.Met}, {Outcome: validate.Unsure}}
	for name, tt := range map[string]struct {
		got  []validate.Finding
		want validate.Outcome
	}{
		"question":   {validate.ForQuestion(in), validate.NotRequired},
		"supplement": {validate.ForSupplement(in), validate.Unsure},
	} {
		if tt.got[0].Outcome != tt.want || tt.got[1].Outcome != tt.want || tt.got[2].Outcome != validate.Met || tt.got[3].Outcome != validate.Unsure {
			t.Errorf("%s: %+v", name, tt.got)
		}
	}
	if in[0].Outcome != validate.Missing {
		t.Error("the findings given were changed")
	}
}

func TestAWrongCheckDigitIsForAPerson(t *testing.T) {
	t.Parallel()
	sub, c := mail("", "Proszę o odpis. PESEL 90010112345")
	for checked, want := range map[string]validate.Outcome{"ok": validate.Met, "": validate.Met, "bad": validate.Unsure} {
		for i, f := range c.Readings[0].Fields {
			if f.Type == ingest.FieldPESEL {
				c.Readings[0].Fields[i].Checked = checked
			}
		}
		if got := findings(t, "odpis_aktu", sub, c)["pesel"]; got.Outcome != want {
			t.Errorf("with check digit %q it is %s (%s), want %s", checked, got.Outcome, got.Because, want)
		}
	}
}
