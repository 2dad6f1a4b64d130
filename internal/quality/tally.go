package quality

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"okienko/validate"
)

// Tally is the measurement of a set of cases.
type Tally struct {
	Cases       int
	Submissions int
	Confused    map[[2]string]int // what the label says, what it was taken for; only where they differ
	Procedure   Procedure
	Natures     Ratio // messages that are no submission, recognised
	Lost        int   // submissions taken for something else: harm
	Matters     Sides // further matters
	Conditions  Conditions
	Missing     Sides // requirements called missing, summed
	Unread      int   // of what the labels call missing: told to be unreadable
	ByItem      map[string]*Sides
	Reply       Ratio
	Links       Sides  // of what was attached
	Proposed    Sides  // with what was proposed to a clerk
	Answered    int    // messages that are no submission and would be answered: harm
	Asked       int    // items the label says not to ask for, called missing: harm
	Bands       []Band // of confidence, lowest first
	Wrong       []Wrong
}

// Procedure tells how well the service was found, over the submissions that a clerk would give to one.
type Procedure struct {
	All, Top, Decided, Right int
	LeftToPeople             Ratio // general letters that were not decided to be something else
	Baseline                 Ratio // what the baseline's best guess gets right of All
}

// Ratio is a share.
type Ratio struct{ Right, All int }

func (r *Ratio) add(right bool) {
	r.All++
	if right {
		r.Right++
	}
}

func (r Ratio) String() string {
	return fmt.Sprintf("%d of %d (%s)", r.Right, r.All, percent(r.Right, r.All))
}

// Sides counts what was found against what there was.
type Sides struct{ Both, Found, There int }

func (s *Sides) add(found, there []string) {
	for _, f := range found {
		if slices.Contains(there, f) {
			s.Both++
		}
	}
	s.Found += len(found)
	s.There += len(there)
}

func (s Sides) String() string {
	return fmt.Sprintf("precision %s (%d of %d), recall %s (%d of %d)",
		percent(s.Both, s.Found), s.Both, s.Found, percent(s.Both, s.There), s.Both, s.There)
}

// Conditions counts the truths the labels speak of.
type Conditions struct{ Right, Undecided, Wrong int }

// Wrong is one thing a case got wrong.
type Wrong struct{ Case, What, Detail string }

// Measure counts over all results.
func Measure(results []Result) Tally {
	t := Tally{Confused: map[[2]string]int{}, ByItem: map[string]*Sides{}, Bands: newBands()}
	for _, r := range results {
		t.Cases++
		if r.submission() {
			t.Submissions++
			t.procedure(r)
			t.matters(r)
			t.conditions(r)
			t.completeness(r)
		} else {
			t.nature(r)
		}
		t.reply(r)
		t.link(r)
	}
	return t
}

func (t *Tally) wrong(r Result, what, format string, args ...any) {
	t.Wrong = append(t.Wrong, Wrong{r.Case.ID, what, fmt.Sprintf(format, args...)})
}

const general = "pismo_ogolne"

func (t *Tally) procedure(r Result) {
	right := r.acceptable(r.Judgement.Decision.Procedure) && r.decided()
	if r.Case.Procedure == general {
		t.Procedure.LeftToPeople.add(right || !r.decided())
		if r.decided() && !right {
			t.confuse(r)
		}
		return
	}
	t.Procedure.All++
	t.reliability(r)
	t.Procedure.Baseline.add(r.acceptable(r.Baseline.Procedure))
	if r.acceptable(r.top()) {
		t.Procedure.Top++
	}
	if r.decided() {
		t.Procedure.Decided++
	}
	if right {
		t.Procedure.Right++
		return
	}
	if n := r.Judgement.Decision.Nature; n != "submission" {
		t.Lost++
	}
	t.confuse(r)
}

func (t *Tally) confuse(r Result) {
	t.Confused[[2]string{string(r.Case.Procedure), r.taken()}]++
	d := r.Judgement.Decision
	var because []string
	for _, b := range d.Because {
		because = append(because, b.Words)
	}
	t.wrong(r, "procedure", "a clerk says %s, got %s (best guess %s, %.2f) because of %q", r.Case.Procedure, r.taken(), r.top(), d.Confidence, because)
}

func (t *Tally) nature(r Result) {
	right := r.Judgement.Decision.Nature != "submission"
	t.Natures.add(right)
	if !right {
		t.confuse(r)
	}
	if r.answered() {
		t.Answered++
		t.wrong(r, "answered", "no submission, and would be answered: %s", r.Judgement.Reply.Kind)
	}
}

func (t *Tally) matters(r Result) {
	var found, there []string
	for _, m := range r.Judgement.Decision.OtherMatters {
		found = append(found, string(m))
	}
	for _, m := range r.Case.OtherMatters {
		there = append(there, string(m))
	}
	t.Matters.add(found, there)
	if !sameSet(found, there) {
		t.wrong(r, "matters", "a clerk says %v, got %v", there, found)
	}
}

func (t *Tally) conditions(r Result) {
	for _, id := range slices.Sorted(maps.Keys(r.Case.Conditions)) {
		got, asked := r.Judgement.Conditions[id]
		want := validate.False
		if r.Case.Conditions[id] {
			want = validate.True
		}
		switch {
		case !asked: // another procedure, or one that does not turn on it
		case got == want:
			t.Conditions.Right++
		case got == validate.Undecided:
			t.Conditions.Undecided++
		default:
			t.Conditions.Wrong++
			t.wrong(r, "condition", "%s is %s, a clerk says %s", id, got, want)
		}
	}
}

func (t *Tally) completeness(r Result) {
	found, there := r.missing(), r.Case.Missing
	t.Missing.add(found, there)
	for _, id := range union(found, there) {
		if t.ByItem[id] == nil {
			t.ByItem[id] = &Sides{}
		}
		t.ByItem[id].add(only(found, id), only(there, id))
		switch {
		case !slices.Contains(there, id):
			t.wrong(r, "missing", "%s called missing: %s", id, r.because(id))
		case slices.Contains(r.found(validate.Unreadable), id):
			t.Unread++
			t.wrong(r, "unreadable", "%s: %s", id, r.because(id))
		case !slices.Contains(found, id):
			t.wrong(r, "missing", "%s is missing, not told: %s", id, r.because(id))
		}
		if slices.Contains(found, id) && slices.Contains(r.Case.DoNotAsk, id) {
			t.Asked++
			t.wrong(r, "do_not_ask", "%s called missing though it must not be asked for", id)
		}
	}
}

// because tells what the judgement says of a requirement.
func (r Result) because(id string) string {
	for _, f := range r.Judgement.Findings {
		if f.Requirement == id {
			return string(f.Outcome) + ", " + f.Because
		}
	}
	return "the procedure it was taken for does not ask for it"
}

func (t *Tally) reply(r Result) {
	t.Reply.add(r.sameReply())
	if !r.sameReply() {
		t.wrong(r, "reply", "a clerk says %s, got %s: %s", r.Case.Reply, r.Judgement.Reply.Kind, r.Judgement.Reply.Because)
	}
}

func (t *Tally) link(r Result) {
	found, there := filled(r.Linked), filled(r.Case.Target())
	t.Links.add(found, there)
	t.Proposed.add(append(found, filled(r.Proposed)...), there)
	if !sameSet(found, there) {
		t.wrong(r, "link", "a clerk says %v, got %v", there, found)
	}
}

func filled(id string) []string {
	if id == "" {
		return nil
	}
	return []string{id}
}

func only(list []string, id string) []string {
	if slices.Contains(list, id) {
		return []string{id}
	}
	return nil
}

func union(a, b []string) []string {
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.Compact(all)
}

func sameSet(a, b []string) bool { return slices.Equal(union(a, nil), union(b, nil)) }

func percent[N int | float64](part N, all int) string {
	if all == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f %%", 100*float64(part)/float64(all))
}

// confusions in order: most first.
func (t Tally) confusions() []string {
	keys := slices.Collect(maps.Keys(t.Confused))
	slices.SortFunc(keys, func(a, b [2]string) int {
		return cmp.Or(cmp.Compare(t.Confused[b], t.Confused[a]), strings.Compare(a[0]+a[1], b[0]+b[1]))
	})
	var lines []string
	for _, k := range keys {
		lines = append(lines, fmt.Sprintf("%3d  %-28s taken for %s", t.Confused[k], k[0], k[1]))
	}
	return lines
}
