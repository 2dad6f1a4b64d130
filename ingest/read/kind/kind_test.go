package kind

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"okienko/ingest"
)

func TestGuess(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, file, media, text string
		want                    []string // all of them among the guesses, the first one best
		not                     []string
	}{
		{"a contract by its heading", "skan.pdf", "application/pdf", "UMOWA SPRZEDAŻY POJAZDU\nzawarta w Krakowie dnia 3.10.2026", []string{"umowa_sprzedazy"}, []string{"umowa_najmu"}},
		{"a contract by its name, a picture", "umowa_sprzedazy_Astra.jpg", "image/jpeg", "", []string{"umowa_sprzedazy"}, nil},
		{"a contract as people call it", "umowa kupna-sprzedaży.pdf", "application/pdf", "", []string{"umowa_sprzedazy"}, nil},
		{"a lease in two languages", "Lease.pdf", "application/pdf", "UMOWA NAJMU LOKALU MIESZKALNEGO / LEASE AGREEMENT\n§ 4. Wynajmujący wyraża zgodę na zameldowanie", []string{"umowa_najmu", "zgoda"}, []string{"umowa_sprzedazy"}},
		{"a proof of payment", "10zl.pdf", "application/pdf", "Potwierdzenie wykonania przelewu\nRachunek odbiorcy 49 1020", []string{"potwierdzenie_przelewu"}, []string{"pelnomocnictwo"}},
		{"a payment for a power of attorney is no power of attorney", "oplata pelnomocnictwo.pdf", "application/pdf", "Potwierdzenie przelewu\nTytułem: opłata skarbowa pełnomocnictwo", []string{"potwierdzenie_przelewu"}, []string{"pelnomocnictwo"}},
		{"a power of attorney", "skan1.pdf", "application/pdf", "PEŁNOMOCNICTWO\nJa, niżej podpisana", []string{"pelnomocnictwo"}, nil},
		{"a statement in the text", "pismo.pdf", "application/pdf", "Kraków, 3 maja\nOświadczam, że stale zamieszkuję", []string{"oswiadczenie"}, nil},
		{"a tax return and its UPO are two things", "UPO_PIT-37_2025.pdf", "application/pdf", "URZĘDOWE POŚWIADCZENIE ODBIORU\nFormularz PIT-37", []string{"upo"}, []string{"pit"}},
		{"a tax return", "PIT-37 za rok 2025.pdf", "application/pdf", "PIT-37 Zeznanie o wysokości osiągniętego dochodu", []string{"formularz:PIT-37", "pit"}, []string{"upo"}},
		{"the tax form of the city", "IN-1_Wnuk.docx", "", "IN-1 Informacja o nieruchomościach i obiektach budowlanych\nLiczba załączników ZIN-1\t1", []string{"formularz:IN-1"}, []string{"formularz:ZIN-1"}},
		{"two forms in one file", "IN1_ZIN1.pdf", "", "IN-1 INFORMACJA\n\fZIN-1 DANE O PRZEDMIOTACH", []string{"formularz:IN-1", "formularz:ZIN-1"}, nil},
		{"the form of another city", "DO-1 Sadowa.docx", "", "DO-1 DEKLARACJA O WYSOKOŚCI OPŁATY ZA GOSPODAROWANIE ODPADAMI", []string{"formularz:DO-1", "deklaracja"}, nil},
		{"a form with a short symbol", "DJ.pdf", "", "DJ – DEKLARACJA O WYSOKOŚCI OPŁATY", []string{"formularz:DJ", "deklaracja"}, nil},
		{"a short word that is no form", "zdjęcie dw.jpg", "image/jpeg", "", []string{"zdjecie"}, []string{"formularz:DW"}},
		{"a plan of traffic", "projekt_organizacji_ruchu.pdf", "", "PROJEKT TYMCZASOWEJ ORGANIZACJI RUCHU", []string{"projekt_organizacji_ruchu"}, []string{"projekt"}},
		{"a sketch", "szkic_1-500.pdf", "", "Szkic sytuacyjny 1:500", []string{"mapa"}, nil},
		{"no objection to works", "brak_sprzeciwu.pdf", "", "Zaświadczenie o braku sprzeciwu\nnie wnosi sprzeciwu do zgłoszenia robót budowlanych", []string{"pozwolenie_budowlane"}, nil},
		{"a death card", "skan.pdf", "", "KARTA ZGONU\nNazwisko", []string{"karta_zgonu"}, nil},
		{"a disability certificate", "orzeczenie o niepełnosprawności.pdf", "", "", []string{"orzeczenie_niepelnosprawnosc"}, []string{"orzeczenie_lekarskie"}},
		{"a photograph by its name", "zdjęcie do dowodu.jpg", "image/jpeg", "", []string{"zdjecie"}, nil},
		{"a PDF is no photograph", "zdjęcie do dowodu.pdf", "application/pdf", "", nil, []string{"zdjecie"}},
		{"a number of a camera says nothing", "IMG_2031.jpg", "image/jpeg", "", nil, []string{"zdjecie", "fotografia"}},
		{"nothing", "", "", "", nil, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := Guess(tt.file, tt.media, tt.text)
			var ids []string
			for _, k := range got {
				ids = append(ids, k.ID)
				if k.Confidence < least || k.Confidence > 1 || k.Because == "" {
					t.Errorf("%+v", k)
				}
			}
			for i, w := range tt.want {
				if !slices.Contains(ids, w) || i == 0 && got[0].Confidence > confidence(got, w) {
					t.Errorf("got %v, want %s", got, w)
				}
			}
			for _, n := range tt.not {
				if confidence(got, n) >= 0.6 {
					t.Errorf("got %v, not wanted is %s", got, n)
				}
			}
			if tt.want == nil && tt.not == nil && got != nil {
				t.Errorf("got %v, want nothing", got)
			}
		})
	}
}

func confidence(all []ingest.Kind, id string) float64 {
	for _, k := range all {
		if k.ID == id {
			return k.Confidence
		}
	}
	return 0
}

func TestTheVocabularyCanBeMatched(t *testing.T) {
	t.Parallel()
	id := regexp.MustCompile(`^[a-z_]+$`)
	seen := map[string]bool{}
	for _, k := range Vocabulary() {
		if !id.MatchString(k.ID) || seen[k.ID] || k.Meaning == "" {
			t.Errorf("%q: the id must be new and of small letters, the meaning not empty", k.ID)
		}
		seen[k.ID] = true
		for _, w := range slices.Concat(k.names, k.titles, k.texts, k.against) {
			if w != strings.ToLower(w) || strings.ContainsAny(w, "ąćęłńóśźż") || strings.TrimLeft(w, " ") != w {
				t.Errorf("%s: the pattern %q can never match: small letters without diacritics", k.ID, w)
			}
		}
		for _, w := range k.names {
			if strings.ContainsAny(w, "-_.") {
				t.Errorf("%s: the name %q can never match: dashes and dots of names are blanks", k.ID, w)
			}
		}
		if len(k.names)+len(k.titles)+len(k.texts) == 0 {
			t.Errorf("%s: nothing to match", k.ID)
		}
	}
}

func TestPortrait(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		w, h int
		want bool
	}{{413, 531, true}, {492, 633, true}, {1200, 1600, false}, {3024, 4032, false}, {2479, 3508, false}, {35, 45, false}, {531, 413, false}} {
		if _, ok := Portrait(tt.w, tt.h); ok != tt.want {
			t.Errorf("%d x %d: got %v", tt.w, tt.h, ok)
		}
	}
}
