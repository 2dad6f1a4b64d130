package kind

import (
	"regexp"
	"slices"
	"strings"

	"okienko/ingest"
)

// Symbols of official forms that residents send to a city office. Those with a digit are unmistakable; the short ones of the
// waste declaration are words only in a heading or as the name of a file.
var (
	symbol = `(Z?DN-[12]|ZIN-[123]|Z?I[NRL]-[12]|D[RL]-1|Z?DR-[12]|DO-1|PPS-1|OPS-1|UPL-1P?|ZAP-3|VAT-(?:23|24|25)|PIT-\d{1,2}[ACLS]{0,2}|CEIDG-1|NIP-[278]|` +
		`KRZ|DLR|D[JWBM])`
	// symbolAtLine finds a symbol that begins a line, as the heading of a form does.
	symbolAtLine = regexp.MustCompile(`(?m)^[ \t\f]*` + symbol + `(?:\b|\(|_)`)
	// symbolInName finds symbols in a file name, also written without the dash.
	symbolInName = regexp.MustCompile(`(?:^|[ _.+-])` + strings.ReplaceAll(symbol, "-", "[-_ ]?") + `(?:$|[ _.+()-])`)
)

// forms recognises official forms by their symbols.
func forms(name, text string) []ingest.Kind {
	var all []ingest.Kind
	add := func(s, because string, sure float64) {
		id := Form + s
		if i := slices.IndexFunc(all, func(k ingest.Kind) bool { return k.ID == id }); i >= 0 {
			all[i].Confidence = 1 - (1-all[i].Confidence)*(1-sure)
			all[i].Because += "; " + because
			return
		}
		all = append(all, ingest.Kind{ID: id, Confidence: sure, Because: because})
	}
	for _, m := range symbolAtLine.FindAllStringSubmatch(clip(text, 20_000), 10) {
		add(m[1], "nagłówek: „"+m[1]+"”", 0.9)
	}
	rest := strings.TrimSuffix(name, extensionOf(name))
	for {
		m := symbolInName.FindStringSubmatchIndex(strings.ToUpper(rest))
		if m == nil || m[3] > len(rest) {
			return all
		}
		s := withDash(strings.ToUpper(rest[m[2]:m[3]]))
		if strings.ContainsAny(s, "0123456789") || s == rest[m[2]:m[3]] { // in small letters, "dw" is any abbreviation
			add(s, "nazwa pliku: „"+s+"”", 0.75)
		}
		rest = rest[m[3]:]
	}
}

func extensionOf(name string) string {
	if i := strings.LastIndexByte(name, '.'); i > 0 {
		return name[i:]
	}
	return ""
}

// withDash writes a symbol as the form does: "IN1" and "IN_1" are IN-1.
func withDash(s string) string {
	s = strings.NewReplacer("_", "-", " ", "-").Replace(s)
	if i := strings.IndexAny(s, "0123456789"); i > 0 && s[i-1] != '-' {
		s = s[:i] + "-" + s[i:]
	}
	return s
}
