package reply

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"okienko/schemas"
	"okienko/workflow"
)

// Fault is one thing a letter lacks, or should not say.
type Fault struct {
	Letter string // what was linted: kind, procedure, language
	Rule   string // id: "element", "sentence", "word", "personal", "regime", "form"
	Detail string // Polish, for the person who edits the template
}

func (f Fault) String() string { return f.Letter + ": " + f.Rule + ": " + f.Detail }

// Lint examines a letter of a case, as composed or as a clerk changed it: whether it has what the law wants in a letter of its
// kind (KPA art. 54, 63, 64, 65; RODO art. 13), says nothing the law does not allow there, and can be read.
func (c *Composer) Lint(cs workflow.Case, j workflow.Judgement, l workflow.Letter) []Fault {
	id := firstOf(j.Decision.Procedure, cs.Procedure)
	if !l.Automatic {
		id = firstOf(cs.Procedure, j.Decision.Procedure)
	}
	v := c.view(cs, j, id, firstOf(l.CreatedAt, j.At))
	v.Kind = l.Kind
	return lint(v, l)
}

// lint runs every rule over one letter.
func lint(v view, l workflow.Letter) []Fault {
	var faults []Fault
	add := func(rule, detail string) { faults = append(faults, Fault{string(v.Kind), rule, detail}) }
	text := strings.ToLower(l.Text)
	for _, e := range elements(v) {
		if !e.in(text) {
			add("element", "brakuje: "+e.what)
		}
	}
	for _, r := range rules {
		for _, detail := range r.check(v, l) {
			add(r.id, detail)
		}
	}
	return faults
}

// element is something a letter must contain: one of several wordings.
type element struct {
	what string
	any  []string
}

// in reports whether a text in lower case has one of the wordings.
func (e element) in(text string) bool {
	return slices.ContainsFunc(e.any, func(s string) bool { return s != "" && strings.Contains(text, strings.ToLower(s)) })
}

func must(what string, any ...string) element { return element{what, any} }

// elements are what the law and the office want to find in a letter.
func elements(v view) []element {
	all := []element{
		must("nazwa urzędu", v.Office.Name), must("data z dniem tygodnia", v.Date), must("telefon do człowieka", v.Office.Phone),
		must("administrator danych (art. 13 RODO)", v.Office.Controller), must("inspektor ochrony danych", v.Office.DPO),
		must("adres pełnej klauzuli RODO", v.Office.Privacy),
	}
	if v.Number != "" {
		all = append(all, must("numer sprawy", v.Number))
	}
	switch v.Kind {
	case workflow.ReplyReceipt:
		all = append(all, must("data wpływu", v.Received), must("kanał", v.Channel), must("liczba załączników", fmt.Sprintf("Załączniki: %d", v.Attachments)))
	case workflow.ReplyIncomplete:
		all = append(all, notice(v)...)
	case workflow.ReplyChannelIneffective:
		all = append(all, ineffective(v)...)
	case workflow.ReplyCall:
		all = append(all, call(v)...)
	case workflow.ReplyForward:
		all = append(all, must("podstawa przekazania", "art. 65 § 1 KPA", "art. 170 § 1 Ordynacji"), must("co z terminem", "wniesione w terminie"))
	}
	return all
}

// notice: OFFICE's plain-language example; it asks, it does not summon.
func notice(v view) []element {
	all := []element{must("kod uzupełnienia", v.Code), must("data, o którą prosimy", v.Until), must("zdanie, że to nie wezwanie", "nie wezwaniem", "nie jest wezwaniem", "zwykła prośba")}
	for _, i := range slices.Concat(v.Items, v.Unread) {
		all = append(all, must("„"+i.Label+"”", i.Label))
	}
	for _, way := range v.Ways {
		all = append(all, must("sposób: "+way, way))
	}
	for _, g := range v.Groups {
		if mark := marks[g.Consequence]; mark.basis != "" {
			all = append(all, must("podstawa prawna skutku", mark.basis, basisOf(g)))
		}
	}
	return all
}

func ineffective(v view) []element {
	all := []element{must("że sprawa się nie rozpoczęła", "nie rozpoczęła")}
	if v.Regime != string(schemas.Programme) {
		all = append(all, must("podstawa prawna", v.Basis), must("skutek", "bez rozpoznania", "bez rozpatrzenia"))
	}
	for _, way := range v.Ways {
		all = append(all, must("sposób: "+way, way))
	}
	return all
}

// call: KPA art. 54 § 1 (who, in what matter, in person or by proxy, by when, under what warning) and the article of each group.
func call(v view) []element {
	all := []element{
		must("organ, który wzywa", v.Office.Authority), must("czego dotyczy pismo", v.ReceivedDay), must("kod uzupełnienia", v.Code),
		must("osobiście czy przez pełnomocnika (art. 54 § 1 pkt 3 KPA)", "przez pełnomocnika"),
		must("od kiedy liczy się termin", "od dnia doręczenia", "od otrzymania"), must("pouczenie", "Pouczenie:"),
	}
	for _, g := range v.Groups {
		if g.Consequence == schemas.Art64p1 {
			continue
		}
		all = append(all, must("podstawa prawna", marks[g.Consequence].basis, basisOf(g)), must("skutek po terminie", marks[g.Consequence].warning))
		for _, i := range g.Items {
			all = append(all, must("„"+i.Label+"”", i.Label))
		}
	}
	return all
}

// marks are the words by which the legal text of each group is recognised.
var marks = map[schemas.Consequence]struct{ basis, warning string }{
	schemas.Art64p1:      {"art. 64 § 1 KPA", "bez rozpoznania"},
	schemas.Art64p2:      {"art. 64 § 2 KPA", "bez rozpoznania"},
	schemas.OP169:        {"art. 169", "bez rozpatrzenia"},
	schemas.OP274a:       {"274a Ordynacji", "określić opłatę"},
	schemas.Art261:       {"art. 261", "zwrócon"},
	schemas.Proof:        {"art. 50", "na podstawie dowodów"},
	schemas.LexSpecialis: {"", "przepis szczególny"},
	schemas.Civil:        {"", "nie możemy załatwić"},
}

// basisOf is the second wording of a group's basis: the tax law's own article on evidence, or the special act.
func basisOf(g group) string {
	switch g.Consequence {
	case schemas.Proof:
		return "art. 155"
	case schemas.LexSpecialis, schemas.Civil:
		return g.Basis
	}
	return ""
}

// rule is something no letter may do.
type rule struct {
	id    string
	check func(view, workflow.Letter) []string
}

var rules = []rule{
	{"sentence", longSentences}, {"word", badWords}, {"personal", personalData}, {"regime", foreignLaw}, {"form", leftovers},
}

// longestSentence is prosty język: one sentence, one thought.
const longestSentence = 20

// longSentences names the sentences of the template's own that are too long.
func longSentences(v view, l workflow.Letter) []string {
	var long []string
	for _, s := range sentences(v.ownWords(l.Text)) {
		if n := len(strings.Fields(s)); n > longestSentence {
			long = append(long, fmt.Sprintf("zdanie ma %d słów, najwięcej %d: %q", n, longestSentence, s))
		}
	}
	return long
}

// ownWords is a text without what the catalogue and the configuration put in: names of papers, articles, addresses, how a thing
// is done. A template cannot help those.
func (v view) ownWords(text string) string {
	given := slices.Concat([]string{v.HowTo, v.Basis, v.Service, v.Department}, v.Ways, v.Bring)
	if v.Redirect != nil {
		given = append(append(given, v.Redirect.HowTo, v.Redirect.Service), v.Redirect.Ways...)
	}
	for _, i := range slices.Concat(v.Items, v.Unread) {
		given = append(given, i.Label, i.Example, i.Basis)
	}
	for _, g := range v.Groups {
		given = append(given, g.Basis)
	}
	slices.SortFunc(given, func(a, b string) int { return len(b) - len(a) })
	for _, s := range given {
		if s != "" {
			text = strings.ReplaceAll(text, s, "…")
		}
	}
	return text
}

var (
	sentenceEnd = regexp.MustCompile(`[.!?:]+\s+|\n+`)
	short       = regexp.MustCompile(`\b([Aa]rt|ust|pkt|ul|al|pl|os|nr|tel|godz|np|poz)\.(\s)|\b(r)\.(\s[a-z(])`)
)

// sentences cuts a text at full stops, colons and line ends. The full stop of an abbreviation ends no sentence, that of "r."
// only before a capital.
func sentences(text string) []string {
	return sentenceEnd.Split(short.ReplaceAllString(text, "$1$3$2$4"), -1)
}

// forbidden are the words of officialese, and those that blame the reader: how a word, or two, begin.
var forbidden = []string{
	"niniejsz", "w/w", "ww.", "przedmiotow", "należy", "winien", "winna", "winno", "uprzejmie", "odnośnie", "aczkolwiek", "skutkuje",
	"zaniedba", "zapomni", "nie dopełni", "pod rygorem", "z państwa winy",
}

func badWords(v view, l workflow.Letter) []string {
	var found []string
	text := " " + strings.Join(strings.Fields(strings.ToLower(v.ownWords(l.Subject+"\n"+l.Text))), " ")
	for _, stem := range forbidden {
		if strings.Contains(text, " "+stem) || strings.Contains(text, "("+stem) {
			found = append(found, fmt.Sprintf("słowo „%s…”", stem))
		}
	}
	return found
}

var elevenDigits = regexp.MustCompile(`\b\d{11}\b`)

// personalData: a subject is seen by every server on the way and on locked screens.
func personalData(v view, l workflow.Letter) []string {
	var found []string
	if elevenDigits.MatchString(l.Subject + "\n" + l.Text) {
		found = append(found, "jedenaście cyfr, jak PESEL")
	}
	if v.Service != "" && strings.Contains(l.Subject, v.Service) {
		found = append(found, "temat zdradza, czego dotyczy sprawa")
	}
	if strings.Contains(l.Subject, "@") {
		found = append(found, "adres e-mail w temacie")
	}
	return found
}

// foreignLaw: each regime has its own words (OFFICE.md 1.1), and none of these letters can be appealed against: what follows a
// call has its own instruction, and leaving a letter unconsidered has no appeal at all (NSA I OPS 2/13).
func foreignLaw(v view, l workflow.Letter) []string {
	var found []string
	has := func(s string) bool { return strings.Contains(l.Text, s) }
	group := func(c schemas.Consequence) bool {
		return slices.ContainsFunc(v.Groups, func(g group) bool { return g.Consequence == c })
	}
	asks := v.Kind == workflow.ReplyIncomplete || v.Kind == workflow.ReplyCall
	if asks && v.Regime == string(schemas.Ordynacja) && (has("KPA") || has("bez rozpoznania")) {
		found = append(found, "sprawa podatkowa powołuje KPA")
	}
	if asks && v.Regime == string(schemas.Programme) && (has("KPA") || has("bez rozpoznania")) {
		found = append(found, "usługa z uchwały powołuje KPA")
	}
	if asks && !group(schemas.Art64p2) && !group(schemas.Art64p1) && has("bez rozpoznania") {
		found = append(found, "grozi pozostawieniem bez rozpoznania, choć nic w sprawie do tego nie prowadzi")
	}
	if has("odwołani") || has("zażaleni") {
		found = append(found, "zapowiada środek zaskarżenia, którego nie ma")
	}
	if v.Kind == workflow.ReplyIncomplete && (has("Wzywam") || has("wzywamy") || has("Pouczenie")) {
		found = append(found, "informacja udaje wezwanie")
	}
	return found
}

// remains are what a template leaves behind when a value is missing, and the gaps of a draft.
var remains = []string{"{{", "}}", "<no value>", "%!", ".. ", "..\n", "()", ", ,", "[imię", "[stanowisko"}

func leftovers(_ view, l workflow.Letter) []string {
	var found []string
	for _, s := range remains {
		if strings.Contains(l.Subject+"\n"+l.Text+"\n", s) {
			found = append(found, fmt.Sprintf("resztki szablonu: %q", s))
		}
	}
	return found
}
