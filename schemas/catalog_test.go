package schemas

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"go.yaml.in/yaml/v3"
)

func defaultCatalog(t testing.TB) Catalog {
	t.Helper()
	c, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var today = time.Date(2026, 11, 20, 12, 0, 0, 0, warsaw)

func TestDefaultHoldsTheServicesOfTheOffice(t *testing.T) {
	t.Parallel()
	c := defaultCatalog(t)
	if n := len(c.All(today)); n != 29 {
		t.Errorf("%d procedures in force, want 29", n)
	}
	if _, ok := c.Procedure(General, today); !ok {
		t.Error("the general letter is not there")
	}
	if p, ok := c.Procedure("no_such", today); ok {
		t.Errorf("an unknown id gives %v", p.ID)
	}
}

// TestProceduresSpeakPlainly holds what a letter to a resident needs: both languages, and sentences one can read.
func TestProceduresSpeakPlainly(t *testing.T) {
	t.Parallel()
	for _, p := range defaultCatalog(t).All(today) {
		if p.HowTo.PL == "" || p.HowTo.EN == "" || p.Title.EN == "" {
			t.Errorf("%s: title or how_to lacks a language", p.ID)
		}
		for sentence := range strings.SplitSeq(p.HowTo.PL, ". ") {
			if n := len(strings.Fields(sentence)); n > 34 {
				t.Errorf("%s: a sentence of %d words in how_to: %s", p.ID, n, sentence)
			}
		}
		for _, word := range []string{"niniejsz", "w/w", "przedmiotow", "należy uzupełnić"} {
			if strings.Contains(strings.ToLower(p.HowTo.PL), word) {
				t.Errorf("%s: how_to says %q, which is no plain language", p.ID, word)
			}
		}
		for _, r := range slices.Concat(p.Fields, p.Attached) {
			if r.Label.PL == "" || r.Label.EN == "" {
				t.Errorf("%s: requirement %s lacks a label", p.ID, r.ID)
			}
		}
	}
}

// catalogue is the office's catalogue beside the repository, as far as it must not change here.
type catalogue struct {
	Conditions map[string]string `yaml:"conditions"`
	Services   []struct {
		ID       ProcedureID       `yaml:"id"`
		JRWA     string            `yaml:"jrwa"`
		Fields   []item            `yaml:"fields"`
		Attached []item            `yaml:"attachments"`
		Channels map[string]string `yaml:"channels"`
	} `yaml:"services"`
}

type item struct {
	ID, When, Format string
	Label            string
	Required         bool
	Effect           Consequence `yaml:"missing_effect"`
}

func sharedCatalogue(t *testing.T) (catalogue, bool) {
	t.Helper()
	shared := os.Getenv("OKIENKO_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "shared")
	}
	data, err := os.ReadFile(filepath.Join(shared, "domain", "catalogue.yaml"))
	if err != nil {
		t.Logf("no catalogue at %s (set OKIENKO_SHARED); nothing was compared", shared)
		return catalogue{}, false
	}
	var c catalogue
	if err := yaml.Unmarshal(data, &c); err != nil {
		t.Fatal(err)
	}
	return c, true
}

func TestTheCatalogueOfTheOfficeIsUnchanged(t *testing.T) {
	t.Parallel()
	want, ok := sharedCatalogue(t)
	if !ok {
		return
	}
	got := defaultCatalog(t)
	if len(got.ids) != len(want.Services) {
		t.Errorf("%d procedures, the catalogue has %d", len(got.ids), len(want.Services))
	}
	for _, s := range want.Services {
		p, ok := got.Procedure(s.ID, today)
		if !ok {
			t.Errorf("service %s is missing", s.ID)
			continue
		}
		if p.JRWA != s.JRWA {
			t.Errorf("%s: jrwa %q, want %q", s.ID, p.JRWA, s.JRWA)
		}
		sameItems(t, s.ID, p.Fields, s.Fields)
		sameItems(t, s.ID, p.Attached, s.Attached)
		for channel, effect := range s.Channels {
			if channel != "note" && string(p.Channels[channel]) != effect {
				t.Errorf("%s: channel %s is %q, want %q", s.ID, channel, p.Channels[channel], effect)
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(want.Conditions)) {
		if _, ok := got.Condition(id); !ok {
			t.Errorf("condition %s is missing", id)
		}
	}
}

func sameItems(t *testing.T, id ProcedureID, got []Requirement, want []item) {
	t.Helper()
	var have []item
	for _, r := range got {
		have = append(have, item{ID: r.ID, When: r.When, Format: r.Format, Label: r.Label.PL, Required: r.Required, Effect: r.Consequence})
	}
	if !slices.Equal(have, want) {
		t.Errorf("%s: requirements differ:\n got %+v\nwant %+v", id, have, want)
	}
}

// edited returns the embedded files with one of them changed.
func edited(t *testing.T, file, old, replacement string) fs.FS {
	t.Helper()
	copied := fstest.MapFS{}
	err := fs.WalkDir(embedded, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(embedded, path)
		copied[path] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if file == "" {
		return copied
	}
	before := string(copied[file].Data)
	if old != "" && !strings.Contains(before, old) {
		t.Fatalf("%s does not hold %q: the test is out of date", file, old)
	}
	after := strings.Replace(before, old, replacement, 1)
	if old == "" {
		after = replacement
	}
	copied[file] = &fstest.MapFile{Data: []byte(after)}
	return copied
}

func TestBadFilesAreNamedWithLineAndKey(t *testing.T) {
	t.Parallel()
	const file = "procedures/wypis_mpzp.yaml"
	tests := []struct {
		name, file, old, new string
		want                 []string // parts of the error; nil for none
	}{
		{"the files as they are", "", "", "", nil},
		{"a key nobody knows", file, "desk: BP", "desk: BP\ndesks: BP", []string{file, "desks", "not allowed"}},
		{"a desk nobody has", file, "desk: BP", "desk: XX", []string{file + ":7", "key desk", "KM"}},
		{"a regime that does not exist", file, "regime: kpa", "regime: prl", []string{file, "key regime", "ordynacja"}},
		{"a key that stands there twice", file, "desk: BP", "desk: BP\ndesk: KM", []string{file, "desk"}},
		{"a date that is none", file, "desk: BP", "desk: BP\nvalid_from: 2026-13-45", []string{file}},
		{"a date in another form", file, "desk: BP", "desk: BP\nvalid_from: 1.02.2026", []string{file, "key valid_from"}},
		{"a yes that is a boolean", file, "in_person: false", "in_person: 'no'", []string{file, "key in_person", "boolean"}},
		{"a missing key", file, "jrwa: '6727'\n", "", []string{file, "jrwa"}},
		{"an effect that does not exist", file, "missing_effect: contact", "missing_effect: prison", []string{file, "key fields.2.missing_effect", "art64_2"}},
		{"a condition that does not exist", file, "when: if_fee_due", "when: if_full_moon", []string{file, "if_full_moon", "if_fee_due"}},
		{"a redirect into nowhere", file, "in_person: false", "in_person: false\nredirect: nowhere", []string{file, "key redirect", "nowhere"}},
		{"an id that stands there twice", file, "id: telefon_email", "id: imie_nazwisko", []string{file, "imie_nazwisko", "twice"}},
		{"a channel left out", file, "  urna: 'yes'\n", "", []string{file, "urna"}},
		{"a channel nobody knows", file, "  urna: 'yes'\n", "  urna: 'yes'\n  golab: 'yes'\n", []string{file, "golab"}},
		{"a pattern with Polish letters", file, "- mpzp\n", "- działka\n", []string{file, "match.strong", "dzialka"}},
		{"a list of words nobody wrote", file, "- mpzp\n", "- '@plan'\n", []string{file, "@plan", "@pojazd"}},
		{"lists that name each other", "words.yaml", "gatunek: [", "gatunek: ['@drzewo', ", []string{"words.yaml", "deep"}},
		{"a kind no reader knows", file, "kinds: [potwierdzenie_przelewu]", "kinds: [papirus]", []string{file, "papirus"}},
		{"a file named otherwise", file, "id: wypis_mpzp", "id: wypis_z_planu", []string{file, "wypis_z_planu"}},
		{"an alias of YAML", file, "desk: BP", "desk: &d BP\nnotes: *d", []string{file, "aliases"}},
		{"a second document", file, "desk: BP", "desk: BP\n---\nid: x", []string{file}},
		{"an empty file", file, "", "", []string{file, "empty"}},
		{"no YAML at all", file, "", "{[", []string{file}},
		{"a condition that stands there twice", "conditions.yaml", "id: if_minor", "id: if_proxy", []string{"conditions.yaml", "if_proxy", "twice"}},
		{"a condition with a bad pattern", "conditions.yaml", "'fundacj*'", "'Fundacja'", []string{"conditions.yaml", "if_company", "fundacja"}},
		{"a condition that is always something else", "conditions.yaml", "otherwise: 'true'", "otherwise: 'maybe'", []string{"conditions.yaml", "otherwise", "undecided"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := Load(edited(t, tt.file, tt.old, tt.new))
			if (err != nil) != (tt.want != nil) {
				t.Fatalf("error %v, want one with %q", err, tt.want)
			}
			for _, part := range tt.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("error %q does not say %q", err, part)
				}
			}
		})
	}
}

func TestEveryProblemIsReportedAtOnce(t *testing.T) {
	t.Parallel()
	files := edited(t, "procedures/wypis_mpzp.yaml", "desk: BP", "desk: XX").(fstest.MapFS)
	other := files["procedures/pas_drogowy.yaml"]
	other.Data = []byte(strings.Replace(string(other.Data), "regime: kpa", "regime: prl", 1))
	_, err := Load(files)
	if err == nil || !strings.Contains(err.Error(), "wypis_mpzp.yaml") || !strings.Contains(err.Error(), "pas_drogowy.yaml") {
		t.Errorf("error %v does not name both files", err)
	}
}

func TestAnEmptyDirectoryIsNoCatalogue(t *testing.T) {
	t.Parallel()
	if _, err := Load(fstest.MapFS{}); err == nil || !strings.Contains(err.Error(), "words.yaml") {
		t.Errorf("error %v, want one that names words.yaml", err)
	}
}

func TestTheVersionOfTheDayOfReceiptCounts(t *testing.T) {
	t.Parallel()
	files := edited(t, "procedures/wypis_mpzp.yaml", "desk: BP", "desk: BP\nvalid_to: 2026-12-31").(fstest.MapFS)
	next := strings.Replace(string(files["procedures/wypis_mpzp.yaml"].Data), "desk: BP\nvalid_to: 2026-12-31", "desk: AU\nvalid_from: 2027-01-01", 1)
	files["procedures/wypis_mpzp@2027.yaml"] = &fstest.MapFile{Data: []byte(next)}
	c, err := Load(files)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		at   time.Time
		desk string
	}{
		{"before the change", time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC), "BP"},
		{"the last minute of the year in Kraków", time.Date(2026, 12, 31, 22, 59, 0, 0, time.UTC), "BP"},
		{"the first minute of the next", time.Date(2026, 12, 31, 23, 0, 0, 0, time.UTC), "AU"},
		{"long after", time.Date(2040, 1, 1, 0, 0, 0, 0, time.UTC), "AU"},
	}
	for _, tt := range tests {
		if p, ok := c.Procedure("wypis_mpzp", tt.at); !ok || p.Desk != tt.desk {
			t.Errorf("%s: desk %q (%v), want %q", tt.name, p.Desk, ok, tt.desk)
		}
	}
	if n := len(c.All(today)); n != 29 {
		t.Errorf("%d procedures in force, want 29: one version of each", n)
	}
	files["procedures/wypis_mpzp@2027.yaml"].Data = []byte(strings.Replace(next, "valid_from: 2027-01-01", "valid_from: 2026-12-31", 1))
	if _, err := Load(files); err == nil || !strings.Contains(err.Error(), "overlap") {
		t.Errorf("error %v for two versions on one day", err)
	}
}

func TestConditionsOfAProcedureAreItsOwnOrTheGeneralOnes(t *testing.T) {
	t.Parallel()
	c := defaultCatalog(t)
	p, _ := c.Procedure("wypis_mpzp", today)
	general, _ := c.Condition("if_proxy")
	if got := p.Conditions["if_proxy"]; !slices.Equal(got.Says, general.Says) || got.Label != general.Label {
		t.Errorf("if_proxy is %+v, want the general %+v", got, general)
	}
	fee, _ := c.Condition("if_fee_due")
	if got := p.Conditions["if_fee_due"]; slices.Equal(got.Says, fee.Says) || got.Label != fee.Label {
		t.Errorf("if_fee_due is not the procedure's own with the general label: %+v", got)
	}
	if want := []string{"if_fee_due", "if_proxy", "if_proxy_not_close_family"}; !slices.Equal(p.ConditionsUsed(), want) {
		t.Errorf("conditions used %v, want %v", p.ConditionsUsed(), want)
	}
}

func TestDatesAreDaysInKrakow(t *testing.T) {
	t.Parallel()
	if got := DateOf(time.Date(2026, 11, 20, 23, 30, 0, 0, time.UTC)).String(); got != "2026-11-21" {
		t.Errorf("half past midnight in Kraków is %s", got)
	}
	for _, bad := range []string{"2026-13-01", "1.02.2026", "2026-2-1", "today"} {
		if d, err := ParseDate(bad); err == nil {
			t.Errorf("%q was taken for %v", bad, d)
		}
	}
	d, err := ParseDate("")
	if err != nil || !d.IsZero() || d.String() != "" {
		t.Errorf("the open date is %v, %v", d, err)
	}
	data, _ := Day(2026, time.November, 20).MarshalJSON()
	var back Date
	if err := back.UnmarshalJSON(data); err != nil || back.String() != "2026-11-20" {
		t.Errorf("%s came back as %v, %v", data, back, err)
	}
}

func TestKinds(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]bool{"mapa": true, "formularz:IN-1": true, "formularz:": false, "formularz:in-1": false, "papirus": false, "": false} {
		if KnownKind(kind) != want {
			t.Errorf("KnownKind(%q) is %v", kind, !want)
		}
	}
}

func BenchmarkDefault(b *testing.B) {
	for b.Loop() {
		if _, err := Default(); err != nil {
			b.Fatal(err)
		}
	}
}

func TestTheDecoderRefusesWhatTheTypesDoNotKnow(t *testing.T) {
	t.Parallel()
	var p Procedure
	if err := decodeStrict([]byte("id: x\ncolour: red\n"), &p); err == nil || !strings.Contains(err.Error(), "colour") {
		t.Errorf("error %v, want one that names the key", err)
	}
}
