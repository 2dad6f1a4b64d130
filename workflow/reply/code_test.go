package reply_test

import (
	"math"
	"regexp"
	"strings"
	"testing"

	"okienko/workflow"
	"okienko/workflow/reply"
)

func codes(tb testing.TB, secret string) reply.Codes {
	tb.Helper()
	c, err := reply.NewCodes([]byte(secret))
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

func TestCodesAreUniqueReadableAndLeadBack(t *testing.T) {
	t.Parallel()
	c := codes(t, "a secret for tests only")
	form := regexp.MustCompile(`^[2-9BDFGHKMNPRSTWZ]{3}-([BDFGHKMNPRSTWZ][AEOU]){2}$`)
	bad := regexp.MustCompile(`88|SS|DUPA|SUKA|KUPA|PEDA|ZERO`)
	seen := map[string]bool{}
	const trials = 10_000
	for id := workflow.CaseID(1); id <= trials; id++ {
		code := c.Of(id)
		if !form.MatchString(code) || !strings.ContainsAny(code[:3], "23456789") || bad.MatchString(code) {
			t.Fatalf("code %q of case %d has the wrong form", code, id)
		}
		if seen[code] {
			t.Fatalf("code %q was given twice", code)
		}
		seen[code] = true
		if back, ok := c.Case(code); !ok || back != id {
			t.Fatalf("Case(%q) = %d, %v, want %d", code, back, ok, id)
		}
	}
	t.Logf("%d codes: 0 alike", trials)
}

// A mistyped code should point at no case, or at one nobody would take for it.
func TestAMistypedCodeHardlyEverHitsACase(t *testing.T) {
	t.Parallel()
	c := codes(t, "a secret for tests only")
	const registered = 100_000
	const alphabet = "23456789BDFGHKMNPRSTWZAEOU"
	tried, hits := 0, 0
	for id := workflow.CaseID(1); id <= 200; id++ {
		code := []byte(c.Of(id))
		for i := range code {
			for _, wrong := range []byte(alphabet) {
				if code[i] == '-' || code[i] == wrong {
					continue
				}
				typo := append([]byte{}, code...)
				typo[i] = wrong
				tried++
				if other, ok := c.Case(string(typo)); ok && other >= 1 && other <= registered {
					hits++
				}
			}
		}
	}
	share := float64(hits) / float64(tried)
	t.Logf("%d mistyped codes, %d hit one of %d cases (%.2f %%)", tried, hits, registered, 100*share)
	if share > 0.01 {
		t.Errorf("%.2f %% of mistyped codes hit another case, want under 1 %%", 100*share)
	}
}

func TestCodesAreReadAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	c := codes(t, "a secret for tests only")
	code := c.Of(17)
	for _, written := range []string{code, strings.ToLower(code), " " + code + " ", strings.Replace(code, "-", "", 1), strings.Replace(code, "-", " – ", 1)} {
		if id, ok := c.Case(written); !ok || id != 17 {
			t.Errorf("Case(%q) = %d, %v, want 17", written, id, ok)
		}
	}
	for _, none := range []string{"", "7K4", "7K4-MAPAA", "7K4-MIPA", "BBB-MAPA", "1K4-MAPA", "7K4-ŻAPA", "7K4_MAPA", "889-MAPA", "7K4-DUPA"} {
		if id, ok := c.Case(none); ok {
			t.Errorf("Case(%q) = %d, want none", none, id)
		}
	}
}

func TestCodesDependOnTheSecret(t *testing.T) {
	t.Parallel()
	a, b := codes(t, "a secret for tests only"), codes(t, "another secret for tests")
	same := 0
	for id := workflow.CaseID(1); id <= 1000; id++ {
		if a.Of(id) == b.Of(id) {
			same++
		}
	}
	if same > 2 {
		t.Errorf("%d of 1000 codes are the same under another secret", same)
	}
	if _, err := reply.NewCodes([]byte("short")); err == nil {
		t.Error("a short secret was taken")
	}
}

func FuzzCase(f *testing.F) {
	f.Add("7K4-MAPA")
	f.Add("ó ó")
	c := codes(f, "a secret for tests only")
	f.Fuzz(func(t *testing.T, s string) {
		id, ok := c.Case(s)
		if ok && (id < 0 || int64(id) > math.MaxInt32) {
			t.Errorf("Case(%q) = %d", s, id)
		}
		if back, _ := c.Case(c.Of(id)); ok && back != id {
			t.Errorf("Case(%q) = %d, whose code %q is that of %d", s, id, c.Of(id), back)
		}
	})
}
