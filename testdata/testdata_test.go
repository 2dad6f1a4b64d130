package testdata_test

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	"okienko/testdata"
)

func stories(t *testing.T) []testdata.Story {
	t.Helper()
	all, err := testdata.Stories()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func byName(t *testing.T) map[string]testdata.Story {
	t.Helper()
	names := map[string]testdata.Story{}
	for _, s := range stories(t) {
		names[s.Name] = s
	}
	return names
}

func TestStoriesComeInTheOrderOfArrival(t *testing.T) {
	t.Parallel()
	all := stories(t)
	if !slices.IsSortedFunc(all, func(a, b testdata.Story) int { return cmp.Compare(a.Want.Received.Unix(), b.Want.Received.Unix()) }) {
		t.Error("the stories are not in the order of Received")
	}
	for _, s := range all {
		if got := s.Want.Received.Format("2006-01 -0700"); got != "2026-11 +0100" {
			t.Errorf("%s: received in %s, want November 2026 in Warsaw's winter time", s.Name, got)
		}
	}
}

func TestLinksPointToEarlierStories(t *testing.T) {
	t.Parallel()
	names := byName(t)
	for _, s := range names {
		for _, other := range []string{s.Want.DuplicateOf, s.Want.SupplementOf} {
			if other == "" {
				continue
			}
			earlier, ok := names[other]
			if !ok || !earlier.Want.Received.Before(s.Want.Received) || earlier.Want.Procedure != s.Want.Procedure {
				t.Errorf("%s points to %q, which must be an earlier story about the same procedure", s.Name, other)
			}
		}
	}
}

func TestALabelIsReadStrictly(t *testing.T) {
	t.Parallel()
	const good = `{"channel": "email", "received": "2026-11-02T08:00:00+01:00", "deliver": 1}`
	for _, tt := range []struct {
		name, label, complains string
	}{
		{"a good label passes", good, ""},
		{"a trailing blank line passes", good + "\n \n", ""},
		{"an unknown key is named", `{"channel": "email", "colour": "red"}`, "colour"},
		{"a channel without an original is refused", `{"channel": "fax"}`, "allowed are email, epuap"},
		{"a second object is refused", good + good, "follows"},
		{"half an object is refused", `{"channel": "email"`, "want.json"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := testdata.ParseWant([]byte(tt.label))
			switch {
			case tt.complains == "" && err != nil:
				t.Errorf("refused: %v", err)
			case tt.complains != "" && (err == nil || !strings.Contains(err.Error(), tt.complains)):
				t.Errorf("error %v, want one with %q", err, tt.complains)
			}
		})
	}
}
