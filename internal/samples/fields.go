package samples

import (
	"regexp"
	"strings"

	"okienko/ingest"
	"okienko/schemas/phrase"
)

// fieldForms recognise values by their form, roughly.
var fieldForms = []struct {
	kind string
	form *regexp.Regexp
}{
	{ingest.FieldPESEL, regexp.MustCompile(`\b\d{11}\b`)},
	{ingest.FieldNIP, regexp.MustCompile(`(?i)NIP:? ?(\d{3}-?\d{3}-?\d{2}-?\d{2})`)},
	{ingest.FieldVIN, regexp.MustCompile(`\b[A-HJ-NPR-Z0-9]{17}\b`)},
	{ingest.FieldPlate, regexp.MustCompile(`\b[A-Z]{2,3} [A-Z0-9]{4,5}\b`)},
	{ingest.FieldDate, regexp.MustCompile(`\b\d{1,2}[.\-/ ]\d{1,2}[.\-/ ]\d{4}\b|\b\d{1,2} \pL{3,12} \d{4}\b|\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2} (stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|września|wrzesnia|października|pazdziernika|listopada|grudnia)\b`)},
	{ingest.FieldEmail, regexp.MustCompile(`\b[\w.+-]+@[\w-]+\.[\w.-]+\b`)},
	{ingest.FieldPhone, regexp.MustCompile(`\b(?:\+48 ?)?\d{3}[ -]?\d{3}[ -]?\d{3}\b`)},
	{ingest.FieldAccount, regexp.MustCompile(`\b\d{2}(?: ?\d{4}){6}\b`)},
	{ingest.FieldAmount, regexp.MustCompile(`\b\d+(?:[,.]\d{2})? ?(?:zł|zl|PLN)`)},
	{ingest.FieldAddress, regexp.MustCompile(`\b\d{2}-\d{3}\b`)},
	{ingest.FieldLandReg, regexp.MustCompile(`\b[A-Z]{2}\d[A-Z]/\d{8}/\d\b`)},
	{ingest.FieldParcel, regexp.MustCompile(`(?i)(?:dz\.|działk\pL*|dzialk\pL*)\D{0,12}(\d+(?:/\d+)?)`)},
}

func fieldsOf(r ingest.Reading) []ingest.Field {
	var fields []ingest.Field
	for _, f := range fieldForms {
		for _, at := range f.form.FindAllStringIndex(r.Text, -1) {
			fields = append(fields, ingest.Field{
				Type: f.kind, Value: r.Text[at[0]:at[1]], Confidence: 0.9,
				Place: ingest.Place{Document: r.Document.ID, Start: at[0], End: at[1]},
			})
		}
	}
	return fields
}

// kindWords name documents by their words, roughly.
var kindWords = []struct {
	kind  string
	words phrase.Matcher
}{
	{"umowa_sprzedazy", phrase.MustCompile("umow* ~ kupna|sprzedazy|motor|auto", "umow* sprzedaz*")},
	{"faktura", phrase.MustCompile("faktur*")},
	{"dowod_rejestracyjny", phrase.MustCompile("dowod* rejestracyjn*", "rzeczpospolita polska dowod rejestracyjny")},
	{"pelnomocnictwo", phrase.MustCompile("pelnomocnict*")},
	{"potwierdzenie_przelewu", phrase.MustCompile("potwierdzenie przelewu|transakcji|operacji|wplaty|wykonania", "przelew*", "oplat*", "wplat*", "10zl", "17zl")},
	{"mapa", phrase.MustCompile("map*", "szkic*")},
	{"zdjecie", phrase.MustCompile("zdjecie", "foto*")},
	{"upo", phrase.MustCompile("upo", "urzedowe poswiadczenie odbioru")},
	{"pit", phrase.MustCompile("pit37", "pit 37")},
	{"akt_notarialny", phrase.MustCompile("akt notarialny")},
	{"karta_zgonu", phrase.MustCompile("karta zgonu")},
	{"zgoda", phrase.MustCompile("zgoda")},
	{"umowa_najmu", phrase.MustCompile("umow* najmu", "lease")},
	{"paszport", phrase.MustCompile("passport", "paszport")},
	{"zaswiadczenie_demontaz", phrase.MustCompile("demontaz*", "zaswiadczenie zlom*")},
	{"decyzja_sanepid", phrase.MustCompile("inspektor* sanitarn*", "sanepid")},
	{"projekt_organizacji_ruchu", phrase.MustCompile("organizacji ruchu")},
	{"pozwolenie_budowlane", phrase.MustCompile("brak sprzeciwu")},
	{"deklaracja_dochodow", phrase.MustCompile("deklaracja o dochodach|wysokosci dochodow")},
	{"zaswiadczenie_dochody", phrase.MustCompile("zaswiadczenie ~ dochod*|zarobk*|emerytur*")},
	{"formularz:IN-1", phrase.MustCompile("in1")},
	{"formularz:ZIN-1", phrase.MustCompile("zin1")},
	{"formularz:ZIN-3", phrase.MustCompile("zin3")},
	{"formularz:DO-1", phrase.MustCompile("do1")},
}

func kindsOf(name, text string) []ingest.Kind {
	var kinds []ingest.Kind
	form := false
	named := strings.NewReplacer("_", " ", ".", " ").Replace(name)
	if len(text) > 600 {
		text = text[:600]
	}
	for _, k := range kindWords {
		if isForm := strings.HasPrefix(k.kind, "formularz:"); isForm && form {
			continue // a form names others it goes with; the first is itself
		} else if isForm && (k.words.In(named) || k.words.In(text)) {
			form = true
		}
		switch {
		case k.words.In(named):
			kinds = append(kinds, ingest.Kind{ID: k.kind, Confidence: 0.7, Because: "file name"})
		case k.words.In(text):
			kinds = append(kinds, ingest.Kind{ID: k.kind, Confidence: 0.8, Because: "text"})
		}
	}
	return kinds
}
