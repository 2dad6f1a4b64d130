package desk

import (
	"fmt"
	"testing"
	"time"

	"okienko/classify"
	"okienko/ingest"
	"okienko/schemas"
	"okienko/validate"
	"okienko/workflow"
)

const day = 24 * time.Hour

// All persons and things are invented; the PESEL numbers have right check digits and were drawn at random.

// saleByPUAP is a notice of sale with everything, filed over ePUAP and signed.
func saleByPUAP() filing {
	return filing{
		channel: ingest.EPUAP, from: ingest.Party{Name: "Katarzyna Wrona", Address: "/KatarzynaWrona/domyslna"}, ago: 2 * day,
		subject: "Zawiadomienie o zbyciu pojazdu KR 7TW41",
		text: "Kraków, dnia 20 listopada 2026 r.\n\nPrezydent Miasta Krakowa\nWydział Ewidencji Pojazdów i Kierowców\n\nZAWIADOMIENIE O ZBYCIU POJAZDU\n\n" +
			"Ja, Katarzyna Wrona, zamieszkała ul. Kalwaryjska 41/7, 30-504 Kraków, PESEL 82051404583, zawiadamiam, że dnia 14 listopada 2026 r. " +
			"sprzedałam samochód osobowy Opel Astra, nr rejestracyjny KR 7TW41, VIN W0L0AHL4865043218.\n\n" +
			"Nabywca: Marek Lis, ul. Długa 12, 32-020 Wieliczka.\n\nW załączeniu umowa sprzedaży.\nTelefon: 601 234 567\n\nKatarzyna Wrona",
		papers: []paper{{name: "umowa_astra.pdf", media: "application/pdf", pages: 2,
			text: "UMOWA SPRZEDAŻY SAMOCHODU\nzawarta w Krakowie dnia 14 listopada 2026 r. pomiędzy:\nKatarzyną Wrona, PESEL 82051404583, zwaną Sprzedającym\na Markiem Lisem, zwanym Kupującym.\n" +
				"§ 1. Przedmiotem umowy jest pojazd Opel Astra, nr rej. KR 7TW41, VIN W0L0AHL4865043218.\n§ 2. Cena: 14 500,00 zł."}},
		signatures: []validate.SignatureReport{trustedSignature("Katarzyna Wrona", "82051404583")},
	}
}

func trustedSignature(name, id string) validate.SignatureReport {
	when := time.Date(2026, 11, 20, 10, 2, 0, 0, time.UTC)
	return validate.SignatureReport{
		Document: "0", Format: "XAdES", Level: "B", Intact: true, Indication: validate.TotalPassed, Kind: validate.Trusted,
		Signer: validate.Signer{Name: name, ID: id}, SigningTime: &when, Covers: []string{"pismo", "umowa_astra.pdf"},
		References: []validate.SignatureRef{{URI: "", Found: true, Intact: true}, {URI: "#SignedProperties_1", Found: true, Intact: true}},
		Sentence: schemas.Text{PL: "Podpis zaufany osoby: " + name + ". Obejmuje pismo i załącznik; liczy się jako podpis w tej sprawie.",
			EN: "Podpis zaufany of " + name + ". It covers the letter and its attachment, and counts as a signature here."},
	}
}

// registrationLacking is an application to register a car, on paper, without the contract and unsigned.
func registrationLacking() filing {
	return filing{
		channel: ingest.Scan, from: ingest.Party{Name: "Tomasz Bielak"}, ago: 19 * day, subject: "Wniosek o rejestrację pojazdu",
		text: "WNIOSEK O REJESTRACJĘ POJAZDU\n\nTomasz Bielak\nos. Złotej Jesieni 5/31, 31-826 Kraków\nPESEL: 79030812376\ntel. 512 000 111\n\n" +
			"Wnoszę o rejestrację pojazdu samochodowego zakupionego 2 listopada 2026 r. w Niepołomicach:\nmarka Skoda Fabia, rok produkcji 2016, VIN TMBEA6NJ8GZ123456,\n" +
			"dotychczasowy numer rejestracyjny KNT 4K28.\n\nZałączam dowód rejestracyjny i potwierdzenie opłaty.\n",
		papers: []paper{
			{name: "skan-02.pdf", media: "application/pdf", pages: 1, ocr: true, text: "DOWÓD REJESTRACYJNY\nA KNT 4K28\nB 2016-05-11\nD.1 SKODA\nD.3 FABIA\nE TMBEA6NJ8GZ123456"},
			{name: "skan-03.jpg", media: "image/jpeg", pages: 1, problem: ingest.ProblemNoText},
		},
	}
}

// registrationNumber is a further application to register a car; no two are the same.
func registrationNumber(what string) filing {
	f := registrationLacking()
	f.text += "Uwagi: " + what
	return f
}

// alcoholLacking is an application for a licence to sell alcohol, without any of its papers.
func alcoholLacking() filing {
	return filing{channel: ingest.EPUAP, from: ingest.Party{Name: "Jan Kowalczyk", Address: "/jkowalczyk/domyslna"}, ago: 25 * day,
		subject: "Wniosek o wydanie zezwolenia na sprzedaż alkoholu",
		text: "Wnoszę o wydanie zezwolenia na sprzedaż napojów alkoholowych do 4,5% oraz piwa w sklepie Pod Lipą, ul. Kazimierza Wielkiego 9, Kraków. " +
			"Przedsiębiorca: Jan Kowalczyk Handel, NIP 6762481018. Jan Kowalczyk"}
}

// filings is a morning at the office.
func filings() []filing {
	mail := func(name, address, subject, text string, ago time.Duration, papers ...paper) filing {
		return filing{channel: ingest.Email, from: ingest.Party{Name: name, Address: address}, subject: subject, text: text, ago: ago, papers: papers}
	}
	return []filing{
		saleByPUAP(),
		registrationLacking(),
		{channel: ingest.EPUAP, from: ingest.Party{Name: "Zofia Maj", Address: "/ZofiaMaj/skrytka"}, ago: 3 * day, subject: "Zgłoszenie zamiaru usunięcia drzewa",
			text:   "Zgłaszam zamiar usunięcia drzewa z mojej działki nr 214/3 obręb 21 Podgórze. Jest to świerk o obwodzie pnia 71 cm na wysokości 5 cm, usycha i zagraża dachowi. Zofia Maj, ul. Wielicka 210, 30-663 Kraków, PESEL 64112308621. W załączeniu rysunek.",
			papers: []paper{{name: "szkic dzialki.png", media: "image/png", problem: ingest.ProblemNoText, pages: 1}}},
		{channel: ingest.Scan, from: ingest.Party{Name: "Barbara Sowa"}, ago: 29 * day, subject: "Wniosek o dodatek mieszkaniowy",
			text: "WNIOSEK O PRZYZNANIE DODATKU MIESZKANIOWEGO\nBarbara Sowa, ul. Kijowska 14/3, 30-079 Kraków, PESEL 51091504283\nNazwa i siedziba zarządcy domu: SM Krowodrza. Powierzchnia użytkowa lokalu 38,20 m2. Liczba osób w gospodarstwie 1.\nWydatki na mieszkanie za ostatni miesiąc 812,40 zł.\nPodpis: B. Sowa"},
		alcoholLacking(),
		mail("Ewa Tomczak", "ewa.tomczak@poczta.example", "sprzedalam auto", "Dzien dobry, chcialam zglosic ze sprzedalam samochod Fiat Panda KR 5H220 dnia 18.11.2026. Umowa w zalaczniku. Ewa Tomczak, ul. Zakopiańska 58, 30-418 Kraków, pesel 90021712341", day,
			paper{name: "umowa.jpg", media: "image/jpeg", pages: 1, problem: ingest.ProblemNoText}),
		mail("Stowarzyszenie Zielony Zakątek", "biuro@zakatek.example", "Wniosek o udostępnienie informacji publicznej", "Na podstawie art. 2 ust. 1 ustawy o dostępie do informacji publicznej wnoszę o udostępnienie rejestru umów zawartych przez ZZM w 2026 r. Odpowiedź proszę przesłać na ten adres e-mail.", 12*day),
		mail("Michał Rudnik", "m.rudnik@poczta.example", "Skarga na obsługę", "Składam skargę na obsługę w urzędzie przy ul. Wielickiej w dniu 19 listopada. Czekałem trzy godziny mimo rezerwacji. Michał Rudnik, ul. Nowosądecka 4/2, 30-383 Kraków", 4*day),
		{channel: ingest.EDelivery, from: ingest.Party{Name: "Budopol Sp. z o.o.", Address: "AE:PL-12345-67890-ABCDE-11"}, ago: 8 * day, subject: "Wniosek o ustalenie warunków zabudowy",
			text: "Wnosimy o ustalenie warunków zabudowy dla budynku mieszkalnego jednorodzinnego na działce nr 77/12 obr. 5 Krowodrza. Budopol Sp. z o.o., ul. Balicka 100, 30-149 Kraków, KRS 0000123456. Powierzchnia zabudowy 140 m2, wysokość 8,5 m."},
		{channel: ingest.Scan, from: ingest.Party{Name: "Helena Dudek"}, ago: 6 * day, subject: "Wymeldowanie",
			text: "Zgłoszenie wymeldowania z pobytu stałego. Helena Dudek PESEL 73080903268, ul. Szwedzka 2/9, 30-324 Kraków. Proszę o wymeldowanie byłego męża Pawła Dudka, który wyprowadził się w 2024 roku. Helena Dudek (podpis)"},
		mail("Oleksandr Kovalenko", "o.kovalenko@mail.example", "Реєстрація народження", "Добрий день! У нас народилася дитина в Кракові, хочемо зареєструвати народження. Які документи потрібні?", 2*day),
		mail("Anna Przybylska", "anna.p@poczta.example", "Zmiana deklaracji śmieciowej", "Od grudnia w domu przy ul. Borkowskiej 18 mieszkają 4 osoby zamiast 3. Proszę o zmianę deklaracji o wysokości opłaty za gospodarowanie odpadami komunalnymi. Anna Przybylska", day),
		{channel: ingest.EPUAP, from: ingest.Party{Name: "Adam Gil", Address: "/adamgil/domyslna"}, ago: 5 * day, subject: "Odpis aktu urodzenia",
			text: "Proszę o wydanie odpisu skróconego aktu urodzenia mojego syna Antoniego Gila, ur. 3 maja 2019 r. w Krakowie. Adam Gil, PESEL 85010112376, ul. Lea 30/2, 30-052 Kraków. Do celów szkolnych. Opłatę 22 zł uiściłem."},
		mail("Jerzy", "jurek1950@poczta.example", "pytanie", "dzien dobry co z moja sprawa bo czekam i nikt nie dzwoni", 6*time.Hour),
		{channel: ingest.Email, from: ingest.Party{Name: "", Address: "biuro@firma.example"}, subject: "=?windows-1250?Q?faktura", ago: 9 * time.Hour,
			quarantine: "Przesyłki nie udało się odczytać pięć razy z rzędu; oryginał jest zachowany."},
		{channel: ingest.EPUAP, from: ingest.Party{Name: "Ilona Madej", Address: "/imadej/domyslna"}, ago: 10 * day, subject: "Wyrejestrowanie pojazdu po demontażu",
			text: "Wnoszę o wyrejestrowanie pojazdu marki Ford Focus, nr rejestracyjny KR 208VN, w związku z przekazaniem do stacji demontażu. Ilona Madej, ul. Halszki 7/15, 30-611 Kraków, PESEL 88070712344."},
		{channel: ingest.Email, from: ingest.Party{Name: "Akademia Samorządu", Address: "biuletyn@akademia.example"}, ago: 20 * time.Hour, subject: "Szkolenia w grudniu",
			text: "Zapraszamy na szkolenia. Aby wypisać się z listy, kliknij tutaj.", headers: map[string][]string{"List-Unsubscribe": {"<https://akademia.example/u>"}, "Precedence": {"bulk"}}},
		{channel: ingest.Email, from: ingest.Party{Name: "Tomasz Bielak", Address: "t.bielak@poczta.example"}, ago: 20 * time.Hour, subject: "Automatyczna odpowiedź: nie ma mnie w biurze",
			text: "Jestem na urlopie do 1 grudnia.", headers: map[string][]string{"Auto-Submitted": {"auto-replied"}}},
	}
}

// morning fills a world with filings and some history, and returns the cases in the order of filings.
func (w *world) morning() []workflow.Case {
	w.Helper()
	var list []workflow.Case
	for _, f := range filings() {
		list = append(list, w.take(f))
	}
	return list
}

// TestTheMorningIsJudged holds what other tests take for granted of the morning, and that it has something of everything.
func TestTheMorningIsJudged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cases := w.morning()
	for i, want := range map[int]string{
		0: "zgloszenie_zbycia_pojazdu KM open, 0 missing", 1: "rejestracja_pojazdu KM open, 0 missing", 3: "dodatek_mieszkaniowy SO open, 3 missing",
		4: "zezwolenie_alkohol SA open, 3 missing", 13: "pismo_ogolne KP open, 0 missing", 14: " KP quarantined, 0 missing", 17: " KP closed, 0 missing",
	} {
		c := cases[i]
		if got := fmt.Sprintf("%s %s %s, %d missing", c.Procedure, c.Route.Desk, c.Status, c.Missing); got != want {
			t.Errorf("case %d is %s, want %s", i, got, want)
		}
	}
	if c := cases[13]; c.DecidedBy != classify.ByNone {
		t.Errorf("case 13 was decided by %s; the tests need one that is unsure", c.DecidedBy)
	}
}

// dress gives the cases of a morning owners, letters and links, as a morning's work would.
func (w *world) dress(cases []workflow.Case) {
	w.Helper()
	w.alter(cases[0].ID, func(c *workflow.Case) { c.Owner = "anna" })
	w.alter(cases[3].ID, func(c *workflow.Case) { c.DueAt = w.now().Add(-30 * time.Hour) })
	w.alter(cases[4].ID, func(c *workflow.Case) { c.DueAt = w.now().Add(2 * day) })
	w.alter(cases[9].ID, func(c *workflow.Case) { c.Owner = "sara" })
	w.alter(cases[15].ID, func(c *workflow.Case) { c.Owner, c.Status = "piotr", workflow.StatusWaiting })
	w.write(cases[0], workflow.ReplyReceipt, workflow.LetterSent)
	w.write(cases[4], workflow.ReplyIncomplete, workflow.LetterHeld)
	w.write(cases[5], workflow.ReplyChannelIneffective, workflow.LetterUnknown)
	w.must(w.store.Tx(w.Context(), func(tx workflow.Tx) error {
		return tx.SaveLink(w.Context(), cases[5].ID, workflow.Link{Case: cases[0].ID, Kind: workflow.LinkDuplicate, Score: 0.72, Because: "Ten sam rodzaj pojazdu i zbliżona data."})
	}))
}
