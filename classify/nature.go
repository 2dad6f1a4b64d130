package classify

import (
	"slices"
	"strings"
)

// evident is the sum of signals at which a message is no submission.
const evident = 1.0

// nature decides whether a message is a submission at all. Any doubt leaves it one: a wrong "spam" loses a resident's letter.
func (rs *Ruleset) nature(f Features, g found) (Decision, bool) {
	sums := map[Nature]float64{}
	because := map[Nature][]Reason{}
	facts := rs.factsOf(f, g)
	for i, s := range rs.signals {
		if !rs.holds(i, s.Signal, f, g, facts) {
			continue
		}
		sums[s.Nature] += s.Weight
		because[s.Nature] = append(because[s.Nature], rs.signalReason(i, s.Signal, g))
	}
	for _, n := range []Nature{NatureNewsletter, NatureSpam, NaturePrivate} {
		sums[n] -= sums[NatureSubmission]
	}
	for _, n := range []Nature{NatureBounce, NatureAutomatic, NatureSpam, NatureNewsletter, NaturePrivate} {
		if sums[n] >= evident-1e-9 {
			return Decision{
				Nature: n, Confidence: round(min(0.99, 0.7+0.2*sums[n])), DecidedBy: ByNone, Because: because[n], Ruleset: rs.version,
			}, true
		}
	}
	return Decision{}, false
}

// facts are what signals ask about the text as a whole.
type facts struct {
	links, words, files int
	pesel, service      bool
}

func (rs *Ruleset) factsOf(f Features, g found) facts {
	words := g.zones[zoneLetter].text.Words
	x := facts{words: len(words), files: len(f.Attachments), service: rs.namesService(g)}
	for _, w := range words {
		switch {
		case w.Text == "http" || w.Text == "https" || w.Text == "www":
			x.links++
		case len(w.Text) == 11 && validPESEL(w.Text):
			x.pesel = true
		}
	}
	return x
}

// namesService reports whether the sender's own words hold what is hardly ever said but of one service.
func (rs *Ruleset) namesService(g found) bool {
	return slices.ContainsFunc(g.hits, func(h hit) bool {
		r := rs.patterns[h.pattern].role
		return r != roleWeak && r != roleAgainst && g.zones[h.zone].name.own()
	})
}

// holds reports whether all parts of a signal hold.
func (rs *Ruleset) holds(i int, s Signal, f Features, g found, x facts) bool {
	switch {
	case s.NullSender && (f.Letter.ReturnPath == nil || *f.Letter.ReturnPath != ""):
	case len(s.Headers) > 0 && !anyHeader(f.Letter.Headers, s.Headers):
	case len(s.NotHeaders) > 0 && anyHeader(f.Letter.Headers, s.NotHeaders):
	case len(s.From) > 0 && !slices.ContainsFunc(s.From, func(part string) bool { return strings.Contains(strings.ToLower(f.Letter.From.Address), part) }):
	case len(s.Subject) > 0 && !g.signalled(rs, i, roleSignalSubject):
	case len(s.Letter) > 0 && !g.signalled(rs, i, roleSignalLetter):
	case s.MinLinks > x.links:
	case s.NoFiles && x.files > 0, s.WithFiles && x.files == 0:
	case s.Foreign && (f.Letter.Language == "pl" || f.Letter.Language == "uk"):
	case s.NoService && x.service:
	case s.PersonalID && !x.pesel:
	case s.MinLength > x.words, s.MaxLength > 0 && x.words > s.MaxLength:
	default:
		return true
	}
	return false
}

// anyHeader reports whether one of the wanted header fields is there and holds one of the wanted parts.
func anyHeader(have, want map[string][]string) bool {
	for name, parts := range want {
		for _, value := range have[name] {
			value = strings.ToLower(value)
			if slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(value, part) }) {
				return true
			}
		}
	}
	return false
}

// signalled reports whether a pattern of signal i was found where it may stand: in the subject, or in subject or letter.
func (g found) signalled(rs *Ruleset, i int, r role) bool {
	_, ok := g.signalHit(rs, i, r)
	return ok
}

func (g found) signalHit(rs *Ruleset, i int, r role) (hit, bool) {
	for _, h := range g.marks[r] {
		name := g.zones[h.zone].name
		if rs.patterns[h.pattern].owner == i && (name == zoneSubject || r == roleSignalLetter && name == zoneLetter) {
			return h, true
		}
	}
	return hit{}, false
}

func (rs *Ruleset) signalReason(i int, s Signal, g found) Reason {
	reason := Reason{Rule: "signal/" + s.ID, Text: s.Text}
	for _, r := range []role{roleSignalSubject, roleSignalLetter} {
		if h, ok := g.signalHit(rs, i, r); ok {
			words, start, end := g.excerpt(h)
			reason.Words, reason.Place = words, place(g.zones[h.zone], start, end)
			break
		}
	}
	return reason
}

// validPESEL reports whether eleven characters are digits with the check digit of a PESEL number.
func validPESEL(digits string) bool {
	sum := 0
	for i, weight := range []int{1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1} {
		if digits[i] < '0' || digits[i] > '9' {
			return false
		}
		sum += weight * int(digits[i]-'0')
	}
	return sum%10 == 0
}
