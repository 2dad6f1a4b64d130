package validate

import "okienko/schemas/phrase"

// The conditions about who acts for whom.
const (
	ifProxy          = "if_proxy"
	ifCompany        = "if_company"
	ifProxyNotFamily = "if_proxy_not_close_family"
)

// family names close relatives: "małżonek, wstępny, zstępny lub rodzeństwo" pay no stamp duty on a power of attorney
// (ustawa o opłacie skarbowej, załącznik, część IV, kolumna 4 pkt 3).
var family = phrase.MustCompile(
	"imieniu ~ mamy|mam|matki|taty|ojca|rodzicow|zony|meza|malzonk*|brata|siostry|syna|corki|babci|dziadka|wnuk*|wnuczki",
	"mojej|moja|moj|mojego|swojego|swojej mama|mamy|mam|matki|tata|taty|ojca|ojciec|zony|zona|meza|maz|brata|brat|siostry|siostra|syna|syn|corki|corka|babci|babcia|dziadka|dziadek",
	"jestem ~ corka|synem|zona|mezem|bratem|siostra|wnuczka|wnukiem",
	"corka|syn|zona|maz|brat|siostra|wnuczka|wnuk wnioskodawc*|mocodawc*|wlasciciel*",
	"on behalf ~ mother|father|wife|husband|son|daughter|brother|sister",
	"мами|тата|чоловіка|дружини|сина|доньки|брата|сестри",
)

// professional names those who act for others by trade: never relatives, as far as the letter says.
var professional = phrase.MustCompile(
	"radca|radcy prawn*", "adwokat*", "kancelari*", "biuro|biura rachunkow*", "klient*", "zleceniodawc*", "inwestor*",
	"wykonawc*", "architekt*", "projektant*", "doradc* podatkow*", "zaklad* pogrzebow*", "komis*", "dealer*", "client",
)

// representation settles the conditions about proxies from each other: a power of attorney among the documents means a proxy,
// and whether the proxy is a relative is only a question where there is one.
func (v view) representation(truths map[string]Truth) {
	proxy, asked := truths[ifProxy]
	if !asked {
		return
	}
	if proxy != True && v.carries("pelnomocnictwo") {
		proxy = True
		truths[ifProxy] = True
	}
	if _, asked := truths[ifProxyNotFamily]; !asked {
		return
	}
	switch proxy {
	case False:
		truths[ifProxyNotFamily] = False
	case Undecided:
		truths[ifProxyNotFamily] = Undecided
	default:
		truths[ifProxyNotFamily] = v.notFamily()
	}
}

func (v view) notFamily() Truth {
	relative, trade := false, false
	for _, t := range v.spokenTexts() {
		_, r := family.First(t)
		_, p := professional.First(t)
		relative, trade = relative || r, trade || p
	}
	switch {
	case relative && !trade:
		return False
	case trade && !relative:
		return True
	default:
		return Undecided
	}
}

// carries reports whether a document of the kind is among the attachments.
func (v view) carries(kind string) bool {
	for _, s := range v.attached() {
		if s.hasKind(kind) {
			return true
		}
	}
	return false
}
