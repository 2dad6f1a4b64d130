package kind

// Form begins the id of a kind that is one official form: Form + "IN-1".
const Form = "formularz:"

// Kind is one entry of the vocabulary. The patterns are lower case without diacritics; each must begin at the beginning of
// a word and may end inside one, so that "umow" finds every case of umowa.
type Kind struct {
	ID      string
	Meaning string // Polish, for clerks

	names       []string // in the file name
	titles      []string // in the heading
	texts       []string // anywhere in the beginning of the text
	against     []string // in heading or name: it is more likely something that speaks of this kind
	pictureOnly bool     // a kind only a picture can be
}

// Vocabulary returns all kinds, without the forms, which are open-ended.
func Vocabulary() []Kind { return append([]Kind(nil), vocabulary...) }

var vocabulary = []Kind{
	// Vehicles.
	{ID: "umowa_sprzedazy", Meaning: "umowa kupna-sprzedaży",
		names:  []string{"umowa sprzed", "umowa kup", "umowa k s", "kupno sprzed", "umowa auto", "umowa samoch", "umowa motor", "umowa poj", "sprzedaz samoch", "sprzedaz auta", "umowa zbycia"},
		titles: []string{"umowa sprzedazy", "umowa kupna", "umowa kupna-sprzedazy", "umowa kupna - sprzedazy", "sale agreement", "purchase agreement", "contract of sale", "kaufvertrag", "договір купівлі"},
		texts:  []string{"sprzedajacy przenosi", "kupujacy nabywa", "przedmiotem umowy jest pojazd", "przedmiotem sprzedazy jest"}},
	{ID: "umowa_darowizny", Meaning: "umowa darowizny",
		names: []string{"darowizn", "umowa darow"}, titles: []string{"umowa darowizny"}, texts: []string{"darczynca daruje", "obdarowany przyjmuje"}},
	{ID: "faktura", Meaning: "faktura",
		names:  []string{"faktura", "fv ", "fv0", "fv1", "fv2", "invoice", "rechnung"},
		titles: []string{"faktura", "invoice", "rechnung"}, texts: []string{"faktura vat", "faktura nr"},
		against: []string{"wezwanie do zaplaty"}},
	{ID: "dowod_rejestracyjny", Meaning: "dowód rejestracyjny, pozwolenie czasowe",
		names:  []string{"dowod rej", "dow rej", "rejestracyjny", "dr auto", "pozwolenie czasowe"},
		titles: []string{"dowod rejestracyjny", "pozwolenie czasowe", "registration certificate", "zulassungsbescheinigung"},
		texts:  []string{"dowod rejestracyjny seria", "data pierwszej rejestracji pojazdu"}},
	{ID: "karta_pojazdu", Meaning: "karta pojazdu", names: []string{"karta pojazdu"}, titles: []string{"karta pojazdu"}},
	{ID: "badanie_techniczne", Meaning: "zaświadczenie o badaniu technicznym",
		names: []string{"badanie tech", "przeglad"}, titles: []string{"badaniu technicznym", "badania technicznego", "zaswiadczenie o przeprowadzonym badaniu"}},
	{ID: "zaswiadczenie_demontaz", Meaning: "zaświadczenie o demontażu pojazdu",
		names: []string{"demontaz", "zlom", "zezlomowan", "kasacj"}, titles: []string{"zaswiadczenie o demontazu", "demontazu pojazdu"}, texts: []string{"stacja demontazu", "stacji demontazu"}},
	{ID: "zaswiadczenie_policja", Meaning: "zaświadczenie Policji o kradzieży, umorzenie dochodzenia",
		names: []string{"policja", "kradziez", "umorzen"}, titles: []string{"komenda miejska policji", "komenda powiatowa policji", "komisariat policji", "umorzeniu dochodzenia", "o umorzeniu sledztwa"}},
	{ID: "polisa", Meaning: "polisa ubezpieczenia OC",
		names: []string{"polisa", "oc ", "ubezpieczenie"}, titles: []string{"polisa", "potwierdzenie zawarcia umowy ubezpieczenia", "insurance policy"}, texts: []string{"ubezpieczenie oc posiadaczy"}},
	{ID: "akcyza", Meaning: "dokument akcyzowy, VAT-25", names: []string{"akcyz", "vat 25", "vat25"}, titles: []string{"akcyz", "potwierdzenie zaplaty akcyzy", "vat-25"}},
	{ID: "homologacja", Meaning: "świadectwo zgodności WE, homologacja",
		names: []string{"homologac", "coc", "swiadectwo zgodnosci"}, titles: []string{"swiadectwo zgodnosci", "certificate of conformity", "homologac", "dane do rejestracji"}},
	{ID: "tablice", Meaning: "tablice rejestracyjne (zdjęcie)", names: []string{"tablic", "blachy"}, pictureOnly: true},
	{ID: "umowa_leasingu", Meaning: "umowa leasingu lub najmu pojazdu",
		names: []string{"leasing", "umowa leas", "najem pojazdu"}, titles: []string{"umowa leasingu", "leasing", "umowa najmu pojazdu"}, texts: []string{"leasingodawca", "leasingobiorca"}},

	// Persons and civil status.
	{ID: "dowod_osobisty", Meaning: "dowód osobisty",
		names: []string{"dowod osob", "dowod os", "dowod przod", "dowod tyl", "dowod awers", "dowod rewers", "id card", "mdowod"}, titles: []string{"dowod osobisty", "identity card", "rzeczpospolita polska dowod"},
		against: []string{"wniosek o wydanie", "zaswiadczenie", "dowod rejestracyjny"}},
	{ID: "paszport", Meaning: "paszport", names: []string{"paszport", "passport", "паспорт"}, titles: []string{"paszport", "passport", "паспорт"}},
	{ID: "karta_pobytu", Meaning: "karta pobytu, wiza, zaświadczenie o pobycie obywatela UE",
		names: []string{"karta pobytu", "wiza", "visa", "residence card"}, titles: []string{"karta pobytu", "residence permit", "zaswiadczenie o zarejestrowaniu pobytu", "wiza", "visa"}},
	{ID: "prawo_jazdy", Meaning: "prawo jazdy", names: []string{"prawo jazdy", "prawko", "driving licen"}, titles: []string{"prawo jazdy", "driving licence"},
		against: []string{"wniosek", "przelew", "potwierdzenie", "oplata"}},
	{ID: "legitymacja", Meaning: "legitymacja", names: []string{"legitymacj", "student id"}, titles: []string{"legitymacja"}},
	{ID: "zdjecie", Meaning: "fotografia osoby",
		names: []string{"zdjecie do", "zdjecie", "foto", "fotografia", "photo", "portret", "35x45"}, pictureOnly: true,
		against: []string{"umow", "dowod rej", "tablic", "dzialk", "mapa", "drzew", "budyn"}},
	{ID: "odpis_aktu", Meaning: "odpis aktu stanu cywilnego",
		names:   []string{"odpis aktu", "akt urodz", "akt malz", "akt slub", "akt zgonu", "odpis skroc", "odpis zupel", "birth certificate", "marriage certificate"},
		titles:  []string{"odpis skrocony aktu", "odpis zupelny aktu", "odpis aktu", "birth certificate", "marriage certificate", "свідоцтво про народження", "свідоцтво про шлюб"},
		against: []string{"pelnomocnictw", "wniosek", "przelew", "potwierdzenie"}},
	{ID: "karta_urodzenia", Meaning: "karta urodzenia", names: []string{"karta urodzenia"}, titles: []string{"karta urodzenia", "karta martwego urodzenia"}},
	{ID: "karta_zgonu", Meaning: "karta zgonu", names: []string{"karta zgonu"}, titles: []string{"karta zgonu"}},
	{ID: "ksiazeczka_wojskowa", Meaning: "książeczka wojskowa", names: []string{"ksiazeczka woj"}, titles: []string{"ksiazeczka wojskowa"}},
	{ID: "uznanie_ojcostwa", Meaning: "uznanie ojcostwa", names: []string{"uznanie ojc"}, titles: []string{"uznanie ojcostwa", "uznaniu ojcostwa"}},

	// Property.
	{ID: "umowa_najmu", Meaning: "umowa najmu, dzierżawy lub użyczenia",
		names:  []string{"umowa najmu", "umowa wynajmu", "najem", "najmu", "dzierzaw", "uzyczen", "lease", "rental"},
		titles: []string{"umowa najmu", "umowa dzierzawy", "umowa uzyczenia", "lease agreement", "rental agreement", "tenancy agreement", "договір оренди"},
		texts:  []string{"przedmiotem najmu", "wynajmujacy"}},
	{ID: "akt_notarialny", Meaning: "akt notarialny", names: []string{"akt notar", "notarial", "akt not"}, titles: []string{"akt notarialny", "repertorium a", "kancelaria notarialna"}, texts: []string{"repertorium a numer", "przede mna, notariusz"}},
	{ID: "ksiega_wieczysta", Meaning: "odpis księgi wieczystej", names: []string{"ksiega wieczysta", "odpis kw", "kw "}, titles: []string{"odpis ksiegi wieczystej", "ksiega wieczysta", "odpis zwykly ksiegi", "odpis zupelny ksiegi"}},
	{ID: "tytul_prawny", Meaning: "inny tytuł prawny do lokalu", names: []string{"tytul prawny", "przydzial", "spoldzielcze"},
		titles: []string{"przydzial lokalu", "spoldzielcze lokatorskie", "spoldzielcze wlasnosciowe", "tytul prawny do lokalu"}},
	{ID: "mapa", Meaning: "mapa, szkic, plan sytuacyjny",
		names:  []string{"mapa", "mapka", "szkic", "rysunek", "plan syt", "usytuowan", "lokalizacja", "wyrys"},
		titles: []string{"mapa ", "mapka", "szkic", "plan sytuacyjny", "wyrys", "rysunek usytuowania"}},
	{ID: "projekt", Meaning: "projekt zagospodarowania, projekt budowlany", names: []string{"projekt", "pzt"}, titles: []string{"projekt zagospodarowania", "projekt budowlany", "projekt architektoniczno"},
		against: []string{"organizacji ruchu", "organizacja ruchu", "nasadzen"}},
	{ID: "projekt_organizacji_ruchu", Meaning: "projekt organizacji ruchu", names: []string{"organizacji ruchu", "organizacja ruchu", "por ", "projekt organizacji"}, titles: []string{"organizacji ruchu", "organizacja ruchu"}},
	{ID: "projekt_nasadzen", Meaning: "projekt nasadzeń zastępczych", names: []string{"nasadzen"}, titles: []string{"nasadzen"}},
	{ID: "pozwolenie_budowlane", Meaning: "pozwolenie na budowę, zgłoszenie robót", names: []string{"pozwolenie na budowe", "pozwolenie bud", "zgloszenie robot", "brak sprzeciwu"},
		titles: []string{"pozwolenie na budowe", "pozwolenia na budowe", "decyzja o pozwoleniu na budowe", "pozwoleniu na budowe", "braku sprzeciwu", "zgloszenie robot budowlanych", "nie wnosi sprzeciwu"}},
	{ID: "zapewnienie_mediow", Meaning: "zapewnienie dostawy mediów", names: []string{"zapewnien", "warunki przylacz", "tauron", "wodociag"}, titles: []string{"zapewnienie dostawy", "warunki przylaczenia", "warunki techniczne przylacz", "mozliwosci przylaczenia"}},
	{ID: "wypis_rejestru", Meaning: "wypis z rejestru gruntów", names: []string{"wypis z rej", "wypis grunt", "wypis z ewid"}, titles: []string{"wypis z rejestru gruntow", "wypis z ewidencji", "uproszczony wypis"}},
	{ID: "fotografia", Meaning: "zdjęcie rzeczy lub miejsca", names: []string{"zdjecie dzialk", "zdjecie drzew", "zdjecie budyn", "szkoda", "uszkodzen", "dziura"}, pictureOnly: true},

	// Money.
	{ID: "potwierdzenie_przelewu", Meaning: "potwierdzenie przelewu, wpłaty, opłaty",
		names:   []string{"przelew", "potwierdzenie", "wplat", "oplat", "dowod wplaty", "payment", "10zl", "17zl", "33zl", "22zl", "zaplac", "transakc"},
		titles:  []string{"potwierdzenie wykonania przelewu", "potwierdzenie przelewu", "potwierdzenie wykonania operacji", "potwierdzenie transakcji", "potwierdzenie wplaty", "dowod wplaty", "polecenie przelewu", "payment confirmation", "transfer confirmation", "potwierdzenie operacji"},
		texts:   []string{"rachunek odbiorcy", "nazwa odbiorcy", "tytulem"},
		against: []string{"potwierdzenie zawarcia", "potwierdzenie wplywu", "upo"}},
	{ID: "rachunek", Meaning: "rachunek, zawiadomienie o opłatach (czynsz, media)",
		names: []string{"rachun", "czynsz", "media", "prad", "gaz", "woda", "energia", "oplaty za mieszk"}, titles: []string{"zawiadomienie o oplatach", "zawiadomienie o wysokosci oplat", "wymiar oplat", "rachunek za", "naliczenie czynszu", "faktura za energie"}},
	{ID: "pit", Meaning: "zeznanie podatkowe PIT", names: []string{"pit"}, titles: []string{"zeznanie o wysokosci", "pit-37", "pit-36", "pit-28", "pit-38"}, against: []string{"upo", "urzedowe poswiadczenie"}},
	{ID: "upo", Meaning: "UPO, urzędowe poświadczenie odbioru", names: []string{"upo"}, titles: []string{"urzedowe poswiadczenie odbioru", "urzedowe poswiadczenie przedlozenia", "upo "}},
	{ID: "zaswiadczenie_us", Meaning: "zaświadczenie urzędu skarbowego", names: []string{"zaswiadczenie us", "zaswiadczenie z us", "zap 3", "zap3"}, titles: []string{"naczelnik urzedu skarbowego", "zap-3"}, texts: []string{"zaswiadczenie o niezaleganiu", "zaswiadcza sie, ze podatnik"}},
	{ID: "zaswiadczenie_dochody", Meaning: "zaświadczenie o dochodach",
		names: []string{"zarobk", "dochod", "pit 11", "pit11", "emerytur", "odcinek", "decyzja zus", "wynagrodzen"}, titles: []string{"zaswiadczenie o dochodach", "zaswiadczenie o zarobkach", "zaswiadczenie o wynagrodzeniu", "zaswiadczenie o zatrudnieniu", "pit-11", "o waloryzacji emerytury", "decyzja o przyznaniu emerytury"},
		against: []string{"deklaracja o dochodach"}},
	{ID: "deklaracja_dochodow", Meaning: "deklaracja o dochodach", names: []string{"deklaracja o doch", "deklaracja doch"}, titles: []string{"deklaracja o dochodach", "deklaracja o wysokosci dochodow"}},

	// Representation and statements.
	{ID: "pelnomocnictwo", Meaning: "pełnomocnictwo, upoważnienie",
		names:   []string{"pelnomocn", "upowazn", "power of attorney", "pps 1", "upl 1", "довірен"},
		titles:  []string{"pelnomocnictw", "upowaznieni", "power of attorney", "pps-1", "upl-1", "довіреність"},
		texts:   []string{"udzielam pelnomocnictwa", "upowazniam"},
		against: []string{"przelew", "potwierdzenie", "oplata"}},
	{ID: "oswiadczenie", Meaning: "oświadczenie", names: []string{"oswiadcz", "statement"}, titles: []string{"oswiadczeni"}, texts: []string{"oswiadczam, ze", "swiadomy odpowiedzialnosci karnej", "swiadoma odpowiedzialnosci karnej"}},
	{ID: "zgoda", Meaning: "zgoda", names: []string{"zgoda", "zgody"}, titles: []string{"zgoda ", "wyrazam zgode", "wyrazenie zgody", "uchwala wspolnoty"}, texts: []string{"wyrazam zgode", "wyraza zgode", "wyrazamy zgode"}},
	{ID: "tlumaczenie", Meaning: "tłumaczenie przysięgłe", names: []string{"tlumacz", "translation", "przysiegl"}, titles: []string{"tlumaczenie poswiadczone", "tlumaczenie uwierzytelnione", "tlumaczenie przysiegle", "certified translation"}, texts: []string{"tlumacz przysiegly", "poswiadczam zgodnosc tlumaczenia"}},
	{ID: "umowa_spolki", Meaning: "umowa spółki cywilnej", names: []string{"umowa spolki", "spolka cywilna"}, titles: []string{"umowa spolki"}},
	{ID: "odpis_krs", Meaning: "odpis KRS, wydruk CEIDG", names: []string{"krs", "ceidg"}, titles: []string{"krajowy rejestr sadowy", "centralna ewidencja i informacja o dzialalnosci", "odpis aktualny", "informacja odpowiadajaca odpisowi"}},

	// Decisions and certificates.
	{ID: "decyzja", Meaning: "decyzja administracyjna", names: []string{"decyzj"}, titles: []string{"decyzja"}, texts: []string{"na podstawie art. 104"}, against: []string{"oplata", "przelew"}},
	{ID: "decyzja_sanepid", Meaning: "decyzja Państwowego Inspektora Sanitarnego", names: []string{"sanepid", "psse"}, titles: []string{"inspektor sanitarny", "inspektora sanitarnego", "stacja sanitarno"}},
	{ID: "postanowienie_sadu", Meaning: "orzeczenie sądu, akt poświadczenia dziedziczenia",
		names: []string{"wyrok", "postanowienie", "sad ", "apd", "spadek", "spadk", "dziedzicz"}, titles: []string{"wyrok", "postanowienie", "w imieniu rzeczypospolitej", "akt poswiadczenia dziedziczenia", "sad rejonowy", "sad okregowy"}},
	{ID: "orzeczenie_niepelnosprawnosc", Meaning: "orzeczenie o niepełnosprawności", names: []string{"niepelnospr", "orzeczenie o niep", "orzeczenie o stop"}, titles: []string{"orzeczenie o niepelnosprawnosci", "orzeczenie o stopniu niepelnosprawnosci", "zespol do spraw orzekania"}},
	{ID: "orzeczenie_lekarskie", Meaning: "orzeczenie lekarskie", names: []string{"orzeczenie lek", "badania lek"}, titles: []string{"orzeczenie lekarskie"}},
	{ID: "orzeczenie_psychologiczne", Meaning: "orzeczenie psychologiczne", names: []string{"orzeczenie psych", "psycholog", "psychotech"}, titles: []string{"orzeczenie psychologiczne"}},
	{ID: "zaswiadczenie_szkola", Meaning: "zaświadczenie ze szkoły lub uczelni", names: []string{"szkol", "uczeln", "student", "o nauce"}, titles: []string{"jest uczniem", "jest studentem", "jest studentka", "jest uczennica", "zaswiadczenie ze szkoly"}, texts: []string{"jest uczniem", "jest uczennica", "jest studentem", "jest studentka", "kontynuuje nauke"}},
	{ID: "zaswiadczenie", Meaning: "inne zaświadczenie", names: []string{"zaswiadcz", "certificate"}, titles: []string{"zaswiadczenie", "zaswiadcza sie"}, against: []string{"przelew", "wniosek o wydanie zaswiadczenia"}},
	{ID: "protokol", Meaning: "protokół", names: []string{"protokol"}, titles: []string{"protokol"}},

	// Forms and letters.
	{ID: "deklaracja", Meaning: "deklaracja", names: []string{"deklaracj"}, titles: []string{"deklaracja o wysokosci oplaty", "deklaracja na podatek", "deklaracja "}},
	{ID: "formularz", Meaning: "urzędowy formularz", names: []string{"formularz", "druk "}, titles: []string{"formularz", "informacja o nieruchomosciach", "zgloszenie pobytu", "wniosek o wydanie dowodu", "zgloszenie wymeldowania", "wzor wniosku"}},
	{ID: "wniosek", Meaning: "wniosek, podanie", names: []string{"wniosek", "podanie", "application form"}, titles: []string{"wniosek", "podanie o", "prosze o wydanie", "wnosze o", "zwracam sie z prosba"}, against: []string{"decyzja", "postanowienie"}},
	{ID: "wezwanie", Meaning: "wezwanie lub pismo urzędu (kopia)", names: []string{"wezwanie"}, titles: []string{"wezwanie do", "wzywam do"}},
}
