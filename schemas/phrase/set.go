package phrase

import "unicode/utf8"

// Set finds many patterns in one pass over a text. It is immutable and may be used concurrently.
type Set struct {
	patterns []Pattern
	exact    map[string][]entry
	stems    map[string][]entry
	shortest int // of the stems, in bytes
	longest  int
	guards   *guards // nil where every pattern may be tried
}

// entry says: a word equal to the key may be element `at` of the first part of a variant of the pattern, which cannot match
// without its guard; -1 for none.
type entry struct {
	pattern, variant, at, guard int
}

// Match is one place where a pattern was found.
type Match struct {
	Pattern int // index in the patterns given to NewSet
	From    int // index of the first word in Text.Words
	To      int // index of the last word, inclusive
}

// NewSet prepares patterns for Find. Their order gives Match.Pattern.
func NewSet(patterns []Pattern) *Set {
	s := &Set{patterns: patterns, exact: map[string][]entry{}, stems: map[string][]entry{}, shortest: 1 << 10}
	for i, p := range patterns {
		for j, v := range p.variants {
			key := keyOf(v[0])
			for _, a := range v[0][key] {
				s.add(a, entry{pattern: i, variant: j, at: key, guard: -1})
			}
		}
	}
	s.guard()
	return s
}

// guard writes the guards into the entries.
func (s *Set) guard() {
	if s.guards = s.newGuards(); s.guards == nil {
		return
	}
	for _, index := range []map[string][]entry{s.exact, s.stems} {
		for _, entries := range index {
			for i, e := range entries {
				if id, ok := s.guards.of[[2]int{e.pattern, e.variant}]; ok {
					entries[i].guard = id
				}
			}
		}
	}
}

func (s *Set) add(a alternative, e entry) {
	if !a.stem {
		s.exact[a.text] = append(s.exact[a.text], e)
		return
	}
	s.stems[a.text] = append(s.stems[a.text], e)
	s.shortest = min(s.shortest, len(a.text))
	s.longest = max(s.longest, len(a.text))
}

// Find calls yield for every match, in the order of the words that triggered them. A pattern may match several times.
func (s *Set) Find(t Text, yield func(Match)) {
	there := s.guards.present(t, s.shortest)
	for i, w := range t.Words {
		for _, e := range s.exact[w.Text] {
			if s.guards.passes(e, there) {
				s.try(t, i, e, yield)
			}
		}
		for n := s.shortest; n <= min(s.longest, len(w.Text)); n++ {
			if n < len(w.Text) && !utf8.RuneStart(w.Text[n]) {
				continue
			}
			for _, e := range s.stems[w.Text[:n]] {
				if s.guards.passes(e, there) {
					s.try(t, i, e, yield)
				}
			}
		}
	}
}

func (s *Set) try(t Text, i int, e entry, yield func(Match)) {
	parts := s.patterns[e.pattern].variants[e.variant]
	from, to, ok := around(t.Words, parts[0], e.at, i)
	if !ok {
		return
	}
	for _, part := range parts[1:] {
		f, l, ok := near(t.Words, part, from, to)
		if !ok {
			return
		}
		from, to = min(from, f), max(to, l)
	}
	yield(Match{Pattern: e.pattern, From: from, To: to})
}

// around matches a part whose element at stands at word i, and returns the first and last word of it.
func around(words []Word, part []element, at, i int) (from, to int, ok bool) {
	if from, ok = walk(words, part, at, i, -1); !ok {
		return 0, 0, false
	}
	to, ok = walk(words, part, at, i, +1)
	return from, to, ok
}

// walk matches the elements after (step +1) or before (step -1) element at, each at most MaxGap words further on, and
// returns where the last one stands.
func walk(words []Word, part []element, at, i, step int) (int, bool) {
	next := at + step
	if next < 0 || next >= len(part) {
		return i, true
	}
	reach := MaxGap + 1
	if part[at].short() && part[next].short() {
		reach = 1
	}
	for gap := 1; gap <= reach; gap++ {
		j := i + gap*step
		if j < 0 || j >= len(words) || words[j].Paragraph != words[i].Paragraph {
			return 0, false
		}
		if !part[next].matches(words[j].Text) {
			continue
		}
		if end, ok := walk(words, part, next, j, step); ok {
			return end, true
		}
	}
	return 0, false
}

// near finds a part within MaxNear words of the words from..to, nearest first.
func near(words []Word, part []element, from, to int) (int, int, bool) {
	key := max(0, keyOf(part))
	for d := 0; d <= MaxNear+len(part); d++ {
		for _, i := range [2]int{to + 1 + d, from - 1 - d} {
			if i < 0 || i >= len(words) || words[i].Paragraph != words[from].Paragraph || !part[key].matches(words[i].Text) {
				continue
			}
			if f, l, ok := around(words, part, key, i); ok && (f > to || l < from) {
				return f, l, true
			}
		}
	}
	return 0, 0, false
}

// Matcher is a Set whose patterns need not be told apart.
type Matcher struct{ set *Set }

// MustCompile returns a Matcher of patterns written in the program; it panics on a bad pattern, which a test finds.
func MustCompile(patterns ...string) Matcher {
	m, err := CompileAll(patterns)
	if err != nil {
		panic(err)
	}
	return m
}

// CompileAll returns a Matcher of the patterns, or the error of the first bad one.
func CompileAll(patterns []string) (Matcher, error) {
	compiled := make([]Pattern, 0, len(patterns))
	for _, source := range patterns {
		p, err := Compile(source)
		if err != nil {
			return Matcher{}, err
		}
		compiled = append(compiled, p)
	}
	return Matcher{set: NewSet(compiled)}, nil
}

// First returns the earliest match, the longest of several at the same word. The zero Matcher finds nothing.
func (m Matcher) First(t Text) (Match, bool) {
	best, found := Match{}, false
	m.Find(t, func(got Match) {
		if !found || got.From < best.From || got.From == best.From && got.To > best.To {
			best, found = got, true
		}
	})
	return best, found
}

// Find calls yield for every match.
func (m Matcher) Find(t Text, yield func(Match)) {
	if m.set != nil {
		m.set.Find(t, yield)
	}
}

// In reports whether s holds a match.
func (m Matcher) In(s string) bool {
	_, found := m.First(Split(s))
	return found
}
