package schemas

import "strings"

// FormKind is what the kind of a recognised official form begins with: "formularz:IN-1".
const FormKind = "formularz:"

// KnownKind reports whether a reader may recognise documents of this kind (ingest.Kind.ID): one of the list, or
// "formularz:" with a form's symbol.
func KnownKind(id string) bool {
	if symbol, ok := strings.CutPrefix(id, FormKind); ok {
		return symbol != "" && symbol == strings.ToUpper(symbol)
	}
	return kinds[id]
}

var kinds = map[string]bool{
	"umowa_sprzedazy": true, "umowa_darowizny": true, "faktura": true, "dowod_rejestracyjny": true,
	"karta_pojazdu": true, "badanie_techniczne": true, "zaswiadczenie_demontaz": true, "zaswiadczenie_policja": true,
	"polisa": true, "akcyza": true, "homologacja": true, "tablice": true, "umowa_leasingu": true,
	"dowod_osobisty": true, "paszport": true, "karta_pobytu": true, "prawo_jazdy": true, "legitymacja": true,
	"zdjecie": true, "odpis_aktu": true, "karta_urodzenia": true, "karta_zgonu": true, "ksiazeczka_wojskowa": true,
	"uznanie_ojcostwa": true, "umowa_najmu": true, "akt_notarialny": true, "ksiega_wieczysta": true,
	"tytul_prawny": true, "mapa": true, "projekt": true, "projekt_organizacji_ruchu": true, "projekt_nasadzen": true,
	"pozwolenie_budowlane": true, "zapewnienie_mediow": true, "wypis_rejestru": true, "fotografia": true,
	"potwierdzenie_przelewu": true, "rachunek": true, "pit": true, "upo": true, "zaswiadczenie_us": true,
	"zaswiadczenie_dochody": true, "deklaracja_dochodow": true, "pelnomocnictwo": true, "oswiadczenie": true,
	"zgoda": true, "tlumaczenie": true, "umowa_spolki": true, "odpis_krs": true, "decyzja": true,
	"decyzja_sanepid": true, "postanowienie_sadu": true, "orzeczenie_niepelnosprawnosc": true,
	"orzeczenie_lekarskie": true, "orzeczenie_psychologiczne": true, "zaswiadczenie_szkola": true,
	"zaswiadczenie": true, "protokol": true, "formularz": true, "wniosek": true, "deklaracja": true, "pismo": true,
	"wezwanie": true,
}
