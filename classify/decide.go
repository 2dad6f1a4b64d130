package classify

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"okienko/schemas"
)

// What a decision names at most: other procedures, and reasons. Reasons on the same words are told once.
const (
	maxAlternatives = 4
	maxReasons      = 5
)

// Decide says what a letter is about. It is deterministic and pure; it never returns an error, because "unsure" is an answer.
func (rs *Ruleset) Decide(f Features) Decision {
	zones := zonesOf(f)
	g := rs.look(zones)
	if d, ok := rs.nature(f, g); ok {
		return d
	}
	d := rs.choose(g)
	if !d.Unsure() {
		return rs.secondOpinion(d, zones)
	}
	if corrected, ok := rs.corrected(zones); ok {
		if again := rs.choose(rs.look(corrected)); again.Confidence*typed >= rs.threshold {
			again.Confidence = round(again.Confidence * typed)
			return again
		}
	}
	return rs.ask(d, zones)
}

// typed is what remains of the confidence of a decision that rests on words whose spelling was corrected, and spelled how many
// words of a text are looked at: what a letter is about stands at its beginning.
const (
	typed   = 0.9
	spelled = 250
)

// corrected returns the zones with slips of the finger corrected in what the sender wrote, and whether there were any.
func (rs *Ruleset) corrected(zones []zone) ([]zone, bool) {
	any := false
	zones = slices.Clone(zones)
	for i := range zones {
		if !zones[i].name.own() {
			continue
		}
		text, changed := rs.speller.Correct(zones[i].text, spelled)
		zones[i].text, any = text, any || changed
	}
	return zones, any
}

// choose ranks the procedures by what was found and decides, or leaves it to a person.
func (rs *Ruleset) choose(g found) Decision {
	ranked := rs.scores(g)
	main, others := rs.matters(g, ranked)
	d := Decision{Nature: NatureSubmission, Procedure: schemas.General, DecidedBy: ByNone, Ruleset: rs.version,
		Question: g.asks(), Filing: g.files(), Supplement: g.own(roleSupplement), Alarms: g.alarms()}
	if main == nil {
		d.Because = []Reason{{Rule: "none", Text: "Nic w piśmie nie wskazuje na usługę z katalogu."}}
		return d
	}
	for _, o := range others {
		d.OtherMatters = append(d.OtherMatters, rs.procedures[o.procedure].ID)
	}
	rivals := slices.DeleteFunc(slices.Clone(ranked), func(s score) bool {
		return s.procedure == main.procedure || slices.ContainsFunc(others, func(o score) bool { return o.procedure == s.procedure })
	})
	confidence := confidenceOf(*main, rivals)
	d.Because = rs.reasons(g, *main)
	if confidence >= rs.threshold {
		d.Procedure, d.Confidence, d.DecidedBy = rs.procedures[main.procedure].ID, confidence, ByRule
		d.Alternatives = rs.alternatives(rivals)
		return d
	}
	d.Alternatives = rs.alternatives(append([]score{*main}, rivals...))
	d.Because = slices.Insert(d.Because, 0, Reason{Rule: "threshold", Text: fmt.Sprintf(
		"Najbliżej jest „%s”, ale pewność %.0f%% jest mniejsza niż wymagane %.0f%%.", rs.title(main.procedure), 100*confidence, 100*rs.threshold)})
	return d
}

// halfSure is the number of points without a rival at which the confidence is one half.
const halfSure = 1.4

// confidenceOf grows with the points of the best procedure and shrinks with those of its nearest rival. Weak words alone
// never reach the threshold.
func confidenceOf(main score, rivals []score) float64 {
	alone := main.points / (main.points + halfSure)
	if !main.solid {
		alone *= 0.7
	}
	rival := 0.0
	if len(rivals) > 0 {
		rival = min(rivals[0].points, main.points)
	}
	return round(alone * (1 - 0.5*math.Pow(rival/main.points, 1.5)))
}

func (rs *Ruleset) alternatives(rivals []score) []Alternative {
	var list []Alternative
	for i, s := range rivals {
		if len(list) == maxAlternatives {
			break
		}
		if id := rs.procedures[s.procedure].ID; id != schemas.General {
			list = append(list, Alternative{ID: id, Confidence: confidenceOf(s, without(rivals, i))})
		}
	}
	return list
}

// without returns the strongest rival of rivals[i].
func without(rivals []score, i int) []score {
	if i == 0 {
		return rivals[1:]
	}
	return rivals[:1]
}

func round(x float64) float64 { return math.Round(x*1000) / 1000 }

// reasons names what spoke for a procedure, strongest first.
func (rs *Ruleset) reasons(g found, s score) []Reason {
	var list []Reason
	var told []hit
	for _, h := range s.hits {
		if len(list) == maxReasons {
			break
		}
		if slices.ContainsFunc(told, func(o hit) bool { return overlaps(o, h) }) {
			continue
		}
		told = append(told, h)
		p := rs.patterns[h.pattern]
		words, start, end := g.excerpt(h)
		z := g.zones[h.zone]
		list = append(list, Reason{
			Rule:  fmt.Sprintf("%s/%s/%d", rs.procedures[s.procedure].ID, roleNames[p.role], p.nth+1),
			Text:  fmt.Sprintf("%s: „%s” wskazuje na usługę „%s”.", zoneTitles[z.name], words, rs.title(s.procedure)),
			Words: words,
			Place: place(z, start, end),
		})
	}
	return list
}

var zoneTitles = map[zoneName]string{
	zoneSubject: "Temat", zoneLetter: "Treść pisma", zoneFile: "Nazwa załącznika", zoneAttachment: "Treść załącznika",
	zoneQuoted: "Cytowane starsze pismo",
}

// asks reports whether the letter only asks how something is done: it asks, and files nothing.
func (g found) asks() bool {
	return (g.inLetter(roleQuestion) || g.questions()) && !g.files() && !g.own(roleSupplement)
}

// questions reports whether the letter puts a question, whatever its words: a clause begins with "czy", or a sentence ends with a
// question mark.
func (g found) questions() bool {
	return slices.ContainsFunc(g.zones, func(z zone) bool { return z.name == zoneLetter && z.questions() })
}

// whether are the words that make a question of a clause that begins with them.
var whether = map[string]bool{"czy": true, "чи": true}

func (z zone) questions() bool {
	words := z.text.Words
	for i, w := range words {
		if whether[w.Text] && (i == 0 || words[i-1].Clause != w.Clause) || questionMark(z.source[w.End:]) {
			return true
		}
	}
	return false
}

// questionMark reports whether a question mark follows a word. One with something right behind it belongs to a web address.
func questionMark(rest string) bool {
	behind, ok := strings.CutPrefix(rest, "?")
	return ok && (behind == "" || strings.ContainsAny(behind[:1], " ?!)\"\r\n"))
}

// files reports whether the letter files something: it says so, and not in a sentence that has asked before ("jak i gdzie złożyć
// wniosek o …").
func (g found) files() bool {
	return slices.ContainsFunc(g.marks[roleFiling], func(f hit) bool {
		return g.zones[f.zone].name == zoneLetter && !slices.ContainsFunc(g.marks[roleQuestion], func(q hit) bool {
			return q.zone == f.zone && q.from <= f.from && g.sameSentence(q, f)
		})
	})
}

func (g found) sameSentence(a, b hit) bool {
	words := g.zones[a.zone].text.Words
	return words[a.from].Sentence == words[b.from].Sentence
}

func (g found) inLetter(r role) bool {
	return slices.ContainsFunc(g.marks[r], func(h hit) bool { return g.zones[h.zone].name == zoneLetter })
}

// own reports whether a general pattern stands in what the sender wrote.
func (g found) own(r role) bool {
	return slices.ContainsFunc(g.marks[r], func(h hit) bool { return g.zones[h.zone].name.own() })
}

// alarms names what a person has to see at once.
func (g found) alarms() []Reason {
	var list []Reason
	for _, h := range g.marks[roleAlarm] {
		if !g.zones[h.zone].name.own() {
			continue
		}
		words, start, end := g.excerpt(h)
		list = append(list, Reason{
			Rule: "alarm", Text: fmt.Sprintf("„%s”: to pismo musi od razu zobaczyć człowiek.", words), Words: words, Place: place(g.zones[h.zone], start, end),
		})
	}
	return list
}
