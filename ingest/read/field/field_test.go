package field

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"okienko/ingest"
)

var november = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// of renders the values of one type as "value|label|checked".
func of(fieldType, text string) []string {
	var all []string
	for _, f := range Find(text, "1", november) {
		if f.Type == fieldType {
			all = append(all, strings.TrimRight(f.Value+"|"+f.Label+"|"+f.Checked, "|"))
		}
	}
	return all
}

func TestFind(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, fieldType, text string
		want                  []string
	}{
		{"a PESEL with its name", ingest.FieldPESEL, "Jan Nowak, PESEL 44051401458, zam.", []string{"44051401458|PESEL|ok"}},
		{"a PESEL in brackets", ingest.FieldPESEL, "Stanisława Gacka (PESEL 48050817515, ul. X)", []string{"48050817515|PESEL|ok"}},
		{"a PESEL of this century", ingest.FieldPESEL, "pesel: 19281219988", []string{"19281219988|pesel|ok"}},
		{"a PESEL without its name", ingest.FieldPESEL, "córka 19281219988 ma", []string{"19281219988|córka|ok"}},
		{"a mistyped PESEL", ingest.FieldPESEL, "PESEL 44051401459", []string{"44051401459|PESEL|bad"}},
		{"a PESEL with blanks", ingest.FieldPESEL, "PESEL: 440514 01458", []string{"44051401458|PESEL|ok"}},
		{"eleven digits with the right sum that are no date", ingest.FieldPESEL, "nr 99999999994", nil},
		{"digits inside a longer number", ingest.FieldPESEL, "numer 440514014581", nil},

		{"a NIP with dashes", ingest.FieldNIP, "firma 979-881-47-34 Kraków", []string{"9798814734|firma|ok"}},
		{"a NIP in a table", ingest.FieldNIP, "NIP\t9798814734", []string{"9798814734|NIP|ok"}},
		{"a mistyped NIP", ingest.FieldNIP, "NIP 9798814735", []string{"9798814735|NIP|bad"}},
		{"a REGON", ingest.FieldREGON, "REGON 972616205", []string{"972616205|REGON|ok"}},
		{"a phone number is no REGON", ingest.FieldREGON, "tel. 600100243", nil},
		{"a REGON of a local unit", ingest.FieldREGON, "REGON: 12345678512347", []string{"12345678512347|REGON|ok"}},
		{"a KRS", ingest.FieldKRS, "KRS 0000123456", []string{"0000123456|KRS"}},

		{"a VIN", ingest.FieldVIN, "VIN W0LPE6EC8D1047315.", []string{"W0LPE6EC8D1047315|VIN"}},
		{"a VIN in small letters", ingest.FieldVIN, "Nr vin jyarj221000047163 Motor", []string{"JYARJ221000047163|Nr vin"}},
		{"a VIN with an American check digit", ingest.FieldVIN, "nadwozie 1M8GDM9AXKP042788", []string{"1M8GDM9AXKP042788|nadwozie|ok"}},
		{"a VIN with the letter O", ingest.FieldVIN, "VIN WOLPE6EC8D1047315", []string{"WOLPE6EC8D1047315|VIN|bad"}},
		{"seventeen letters are no VIN", ingest.FieldVIN, "VIN ABCDEFGHJKLMNPRST", nil},

		{"a plate with a blank", ingest.FieldPlate, "nr rejestracyjny KR 9WN41, VIN", []string{"KR9WN41|nr rejestracyjny"}},
		{"a plate without", ingest.FieldPlate, "wyrejestrowanie KR6814C Gacek", []string{"KR6814C|wyrejestrowanie"}},
		{"a plate of a county", ingest.FieldPlate, "auto KRA 12AC", []string{"KRA12AC|auto"}},
		{"a plate in small letters", ingest.FieldPlate, "nr rej. kr 9wn41", []string{"KR9WN41|nr rej"}},
		{"a plate in English", ingest.FieldPlate, "The car (plates KR 2PV59), so", []string{"KR2PV59|plates"}},
		{"a tax form is no plate", ingest.FieldPlate, "Zeznanie PIT 37 i PIT 2025 za auto", nil},
		{"a year is no plate", ingest.FieldPlate, "samochód kupiony OD 2024 roku", nil},
		{"a form is no plate without a vehicle", ingest.FieldPlate, "załącznik ST 12345", nil},

		{"a dotted date", ingest.FieldDate, "z dnia 31.10.2026 r.", []string{"2026-10-31|z dnia"}},
		{"a date in words", ingest.FieldDate, "że w dniu 31 października 2026 r. sprzedałam", []string{"2026-10-31|że w dniu"}},
		{"a date without diacritics", ingest.FieldDate, "dnia 5 wrzesnia 2026", []string{"2026-09-05|dnia"}},
		{"a date without a year", ingest.FieldDate, "kupiony w sobotę 7 listopada od", []string{"2026-11-07|kupiony w sobotę"}},
		{"a date without a year lies in the past", ingest.FieldDate, "od 20 marca", []string{"2026-03-20|od"}},
		{"an ISO date with time", ingest.FieldDate, "Dnia 2026-03-21T17:44:09", []string{"2026-03-21|Dnia"}},
		{"a date with a Roman month", ingest.FieldDate, "2.XI.2026", []string{"2026-11-02"}},
		{"an English date", ingest.FieldDate, "I was born on 19 April 2003, and", []string{"2003-04-19|I was born on"}},
		{"an American date", ingest.FieldDate, "on November 7, 2026", []string{"2026-11-07|on"}},
		{"a Ukrainian date", ingest.FieldDate, "8 листопада в Кракові", []string{"2026-11-08"}},
		{"a short year", ingest.FieldDate, "z dn. 9.11.26 r.", []string{"2026-11-09|z dn"}},
		{"a label in a form", ingest.FieldDate, "Data zbycia: 31.10.2026", []string{"2026-10-31|Data zbycia"}},
		{"a day that does not exist", ingest.FieldDate, "31.02.2026", nil},
		{"a paragraph is no date", ingest.FieldDate, "pkt 1.2.26", nil},
		{"carrots are no month", ingest.FieldDate, "3 marchewki i 2 majonezy", nil},

		{"an amount", ingest.FieldAmount, "opłata 17 zł", []string{"17.00|opłata"}},
		{"an amount with a blank", ingest.FieldAmount, "kwotę 1 249,77 PLN.", []string{"1249.77|kwotę"}},
		{"the end of a period", ingest.FieldDate, "od 1.12.2026 do 31.01.2027", []string{"2026-12-01|od", "2027-01-31|do"}},
		{"an amount without diacritics", ingest.FieldAmount, "za 2300zl", []string{"2300.00|za"}},
		{"an amount with a dash", ingest.FieldAmount, "cena 12.500,- zł", []string{"12500.00|cena"}},
		{"thousands", ingest.FieldAmount, "za 2,5 tys. zł", []string{"2500.00|za"}},
		{"an amount without currency", ingest.FieldAmount, "Kwota: 1 249,77", []string{"1249.77|Kwota"}},
		{"square metres are no money", ingest.FieldAmount, "54,20 m2", nil},

		{"the account of the office", ingest.FieldAccount, "Rachunek odbiorcy 49 1020 2892 2276 3005 0000 0000", []string{"49102028922276300500000000|Rachunek odbiorcy|ok"}},
		{"an IBAN", ingest.FieldAccount, "PL49102028922276300500000000", []string{"49102028922276300500000000||ok"}},
		{"a mistyped account", ingest.FieldAccount, "konto 49 1020 2892 2276 3005 0000 0001", []string{"49102028922276300500000001|konto|bad"}},

		{"a mobile phone", ingest.FieldPhone, "tel. 600 100 233", []string{"600100233|tel"}},
		{"a mobile phone alone on its line", ingest.FieldPhone, "Damian Kurczab\n600100231\n", []string{"600100231"}},
		{"a land line", ingest.FieldPhone, "tel.: 12 616 55 55", []string{"126165555|tel"}},
		{"a land line in brackets", ingest.FieldPhone, "(12) 616-55-55", []string{"126165555"}},
		{"with the country", ingest.FieldPhone, "+48 600 100 239", []string{"600100239"}},
		{"a Ukrainian phone", ingest.FieldPhone, "+380 67 123 45 67", []string{"+380671234567"}},
		{"a postal code is no phone", ingest.FieldPhone, "30-398 Kraków", nil},

		{"an e-mail address", ingest.FieldEmail, "pisz na Jan.Kowalski@Poczta.example.", []string{"jan.kowalski@poczta.example|pisz na"}},
		{"no address", ingest.FieldEmail, "@home a@ @b", nil},

		{"a land register number", ingest.FieldLandReg, "KW nr LU1B/00012345/8", []string{"LU1B/00012345/8|KW nr|ok"}},
		{"another one, short", ingest.FieldLandReg, "gd1w/90409/1", []string{"GD1W/00090409/1||ok"}},
		{"a mistyped one", ingest.FieldLandReg, "KR1P/00000000/1", []string{"KR1P/00000000/1||bad"}},

		{"a parcel with its district", ingest.FieldParcel, "na swojej dzialce nr 214/7 obreb 33 Podgorze, ul.", []string{"214/7 obr. 33 Podgorze|na swojej dzialce nr"}},
		{"a parcel, short", ingest.FieldParcel, "dz. 402/11 obr. 9 Krowodrza", []string{"402/11 obr. 9 Krowodrza|dz"}},
		{"a parcel alone", ingest.FieldParcel, "dla działki nr 118/4", []string{"118/4|dla działki nr"}},
		{"a road parcel", ingest.FieldParcel, "działka drogowa nr 77/2 obr. 1 Śródmieście", []string{"77/2 obr. 1 Śródmieście|działka drogowa nr"}},
		{"a house number is no parcel", ingest.FieldParcel, "ul. Długa 214/7", nil},

		{"our own number", ingest.FieldRPW, "Numer mojego pisma RPW/61873/2026.", []string{"RPW/61873/2026|Numer mojego pisma"}},
		{"our own number, sloppy", ingest.FieldRPW, "rpw 61873/2026", []string{"RPW/61873/2026"}},
		{"the sign of a case", ingest.FieldCaseNumber, "znak sprawy SA-04.7340.2.318.2026, przesyłam", []string{"SA-04.7340.2.318.2026|znak sprawy"}},
		{"a sign with the clerk", ingest.FieldCaseNumber, "OR-02.1511.19.2014.AB", []string{"OR-02.1511.19.2014.AB"}},
		{"a completion code", ingest.FieldCode, "Kod: 7K4-MAPA", []string{"7K4-MAPA|Kod"}},
		{"a word with a dash is no code", ingest.FieldCode, "NIE-TAKI ABC-DEFG", nil},

		{"an address on one line", ingest.FieldAddress, "zam. ul. Nad Stawem 2, 32-050 Skawina.", []string{"ul. Nad Stawem 2, 32-050 Skawina|zam"}},
		{"an address on two lines", ingest.FieldAddress, "Jan Nowak\nul. Kasztanowych Sadów 21/9\n30-398 Kraków\n", []string{"ul. Kasztanowych Sadów 21/9, 30-398 Kraków"}},
		{"an address without the word street", ingest.FieldAddress, "Adres: Wierzbowa Dolina 33/12, 30-614 Kraków. PESEL", []string{"Wierzbowa Dolina 33/12, 30-614 Kraków|Adres"}},
		{"an address, the code last", ingest.FieldAddress, "ul Bociania Laka 14 Krakow 30-819", []string{"ul Bociania Laka 14 Krakow 30-819"}},
		{"an address without code or word", ingest.FieldAddress, "Henryk Warchoł, Hetmańska Górka 11 Kraków. Dowód", []string{"Hetmańska Górka 11 Kraków"}},
		{"an address behind an enterprise", ingest.FieldAddress, "Wspólnoty Mieszkaniowej Ratuszowa Brama 19, 31-015 Kraków (NIP", []string{"Ratuszowa Brama 19, 31-015 Kraków|Wspólnoty Mieszkaniowej"}},
		{"an address behind a person", ingest.FieldAddress, "Jan Kowalski Długa 5, 30-001 Kraków", []string{"Długa 5, 30-001 Kraków"}},
		{"a street alone", ingest.FieldAddress, "bloku przy ul. Kasztanowych Sadów 21. Od", []string{"ul. Kasztanowych Sadów 21|bloku przy"}},
		{"an estate", ingest.FieldAddress, "os. Słonecznikowe 12 m. 44\n31-870 Kraków", []string{"os. Słonecznikowe 12 m. 44, 31-870 Kraków"}},
		{"a village", ingest.FieldAddress, "Zalas 15, 32-067 Tenczynek", []string{"Zalas 15, 32-067 Tenczynek"}},
		{"a code broken by a PDF", ingest.FieldAddress, "zam. ul. Pod Lipami 40, 32-\n091 Michałowice (Wynajmujący", []string{"ul. Pod Lipami 40, 32-091 Michałowice|zam"}},
		{"a street named for a day", ingest.FieldAddress, "al. 29 Listopada 130, 31-406 Kraków", []string{"al. 29 Listopada 130, 31-406 Kraków"}},

		{"a name with its label", ingest.FieldName, "Nabywcą jest Pan Tomasz Widła, zam.", []string{"Tomasz Widła|Nabywcą jest Pan"}},
		{"a signature", ingest.FieldName, "Z poważaniem\nEwelina Pasternak\nPESEL", []string{"Ewelina Pasternak"}},
		{"a signature with an unknown first name", ingest.FieldName, "Pozdrawiam\n\nXymena Kowal\n", []string{"Xymena Kowal"}},
		{"a name in another case", ingest.FieldName, "w imieniu taty, Stanisława Gacka (PESEL", []string{"Stanisława Gacka"}},
		{"a name in capitals", ingest.FieldName, "Imię i nazwisko: KINGA ŻÓŁTOWSKA", []string{"KINGA ŻÓŁTOWSKA|Imię i nazwisko"}},
		{"the surname first", ingest.FieldName, "Nazwisko i imię\tWnuk Grzegorz\n", []string{"Wnuk Grzegorz|Nazwisko i imię"}},
		{"a name on two lines of a form", ingest.FieldName, "16. Nazwisko ŻÓŁTOWSKA\n17. Pierwsze imię KINGA\n18.", []string{"KINGA ŻÓŁTOWSKA|16. Nazwisko"}},
		{"a name behind a label without colon", ingest.FieldName, "Nadawca Dominika Brożek\n", []string{"Dominika Brożek|Nadawca"}},
		{"a Ukrainian name", ingest.FieldName, "Мій чоловік Андрій Гриценко зараз", []string{"Андрій Гриценко|Мій чоловік"}},
		{"an office is no person", ingest.FieldName, "Szanowni Państwo,\nUrząd Miasta Krakowa, Stare Miasto, Karta Krakowska", nil},
		{"a car is no person", ingest.FieldName, "samochód Opel Astra i Skoda Octavia", nil},
		{"a street is no person", ingest.FieldName, "ul. Jana Matejki 5, 31-157 Kraków", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := of(tt.fieldType, tt.text); fmt.Sprint(got) != fmt.Sprint(tt.want) {
				t.Errorf("%q: got %q, want %q", tt.text, got, tt.want)
			}
		})
	}
}

func TestPagesAreCounted(t *testing.T) {
	t.Parallel()
	text := "PESEL 44051401458\n\fdata 31.10.2026\n\f\n\ftel. 600 100 233"
	var pages []string
	for _, f := range Find(text, "2.1", november) {
		pages = append(pages, fmt.Sprint(f.Place.Document, ":", f.Place.Page))
	}
	if got, want := fmt.Sprint(pages), "[2.1:1 2.1:2 2.1:4]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestADateWithoutAYearNeedsAReference(t *testing.T) {
	t.Parallel()
	if got := Find("w dniu 7 listopada", "", time.Time{}); len(got) != 0 {
		t.Errorf("got %+v", got)
	}
}

// FuzzFind: whatever the text, every value is valid for its type, lies where it says, and none overlaps another.
func FuzzFind(f *testing.F) {
	for _, s := range []string{
		"Jan Kowalski, PESEL 44051401458, ul. Długa 5/3, 31-147 Kraków, tel. 600 100 200", "VIN W0LPE6EC8D1047315 KR 9WN41 31.10.2026 17 zł",
		"49 1020 2892 2276 3005 0000 0000 KR1P/00012345/6 dz. 1/2 obr. 3 RPW/1/2026 SA-04.7340.2.318.2026 7K4-MAPA a@b.example",
		"Z poważaniem\nJan Nowak\n", "NIP 979-881-47-34\f7 listopada \xff\xfe 32-\n091 Wieś",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		end := 0
		for _, v := range Find(text, "1", november) {
			p := v.Place
			if p.Start < end || p.End <= p.Start || p.End > len(text) {
				t.Fatalf("%+v lies outside the text of %d bytes or on the value before, which ends at %d", v, len(text), end)
			}
			end = p.End
			if !Valid(v.Type, v.Value) && v.Checked != "bad" {
				t.Fatalf("%+v is not valid", v)
			}
			if v.Confidence <= 0 || v.Confidence > 1 || !utf8.ValidString(v.Label) || len(v.Label) > 2*maxLabelBytes {
				t.Fatalf("%+v", v)
			}
		}
	})
}
