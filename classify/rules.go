package classify

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"go.yaml.in/yaml/v3"

	"okienko/schemas"
)

// Rules is a rule set as data: what an administrator drafts, replays and publishes. The patterns are those of
// schemas/phrase. Compile makes a Ruleset of it.
type Rules struct {
	Signals    []Signal    `yaml:"signals" json:"signals"`         // what tells that a message is no submission
	Requests   []string    `yaml:"requests" json:"requests"`       // "proszę o …": what follows is what the letter is about
	Negations  []string    `yaml:"negations" json:"negations"`     // "nie chodzi o …": what follows counts little
	Further    []string    `yaml:"further" json:"further"`         // "druga sprawa …": what follows may be another matter
	Questions  []string    `yaml:"questions" json:"questions"`     // "czy mogę …": asks and files nothing
	Filings    []string    `yaml:"filings" json:"filings"`         // "wnoszę o …": files, however it asks beside
	Supplement []string    `yaml:"supplements" json:"supplements"` // "w odpowiedzi na wezwanie": completes an earlier letter
	Alarms     []string    `yaml:"alarms" json:"alarms"`           // a person has to look at once
	Threshold  float64     `yaml:"threshold" json:"threshold"`     // confidence below which a person chooses the procedure
	Procedures []Procedure `yaml:"procedures" json:"procedures"`   // beside those of the catalogue; usually none
}

// Procedure is what letters about one procedure say.
type Procedure struct {
	ID      schemas.ProcedureID `yaml:"id" json:"id"`
	Title   string              `yaml:"title" json:"title"` // Polish, for reasons
	JRWA    string              `yaml:"jrwa" json:"jrwa,omitempty"`
	Symbols []string            `yaml:"symbols" json:"symbols,omitempty"`
	Aliases []string            `yaml:"aliases" json:"aliases,omitempty"`
	Match   schemas.Match       `yaml:"match" json:"match"`
}

// Signal is one sign of what a message is. All of its parts that are given must hold; one of each list suffices.
type Signal struct {
	ID         string              `yaml:"id" json:"id"`
	Nature     Nature              `yaml:"nature" json:"nature"`
	Weight     float64             `yaml:"weight" json:"weight"` // signals of a nature add up; 1 is enough
	Text       string              `yaml:"text" json:"text"`     // Polish, the reason a clerk reads
	NullSender bool                `yaml:"null_sender" json:"null_sender,omitempty"`
	Headers    map[string][]string `yaml:"headers" json:"headers,omitempty"`         // canonical name: a part of the value, lower case; "" for "is there"
	NotHeaders map[string][]string `yaml:"not_headers" json:"not_headers,omitempty"` // the same, and none may hold
	From       []string            `yaml:"from" json:"from,omitempty"`               // a part of the sender's address, lower case
	Subject    []string            `yaml:"subject" json:"subject,omitempty"`         // patterns
	Letter     []string            `yaml:"letter" json:"letter,omitempty"`           // patterns in subject or text
	MinLinks   int                 `yaml:"min_links" json:"min_links,omitempty"`     // web addresses in the text
	NoFiles    bool                `yaml:"no_files" json:"no_files,omitempty"`       // nothing attached
	WithFiles  bool                `yaml:"with_files" json:"with_files,omitempty"`   // something attached
	Foreign    bool                `yaml:"foreign" json:"foreign,omitempty"`         // neither Polish nor Ukrainian
	NoService  bool                `yaml:"no_service" json:"no_service,omitempty"`   // nothing that is hardly ever said but of a service of the office
	PersonalID bool                `yaml:"personal_id" json:"personal_id,omitempty"` // a PESEL stands in the text
	MinLength  int                 `yaml:"min_length" json:"min_length,omitempty"`   // words in the text
	MaxLength  int                 `yaml:"max_length" json:"max_length,omitempty"`   // words in the text; 0: no limit
}

//go:embed rules/*.yaml
var embedded embed.FS

// RuleFiles are the files LoadRules reads, as embedded in the program.
func RuleFiles() fs.FS { return embedded }

// DefaultRules returns the rules embedded in the program with the patterns of the procedures in force at the time.
func DefaultRules(catalog schemas.Catalog, at time.Time) (Rules, error) {
	return LoadRules(embedded, catalog, at)
}

// LoadRules reads rules/general.yaml and rules/nature.yaml of fsys, and adds the patterns of the procedures of the catalogue in
// force at the time. An error names the file, the line and the key.
func LoadRules(fsys fs.FS, catalog schemas.Catalog, at time.Time) (Rules, error) {
	var rules Rules
	for _, name := range []string{"rules/general.yaml", "rules/nature.yaml"} {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return Rules{}, fmt.Errorf("reading %s: %w", name, err)
		}
		d := yaml.NewDecoder(bytes.NewReader(data))
		d.KnownFields(true)
		if err := d.Decode(&rules); err != nil {
			return Rules{}, fmt.Errorf("%s: %w", name, err)
		}
	}
	for _, p := range catalog.All(at) {
		rules.Procedures = append(rules.Procedures, procedureRules(p))
	}
	return rules, nil
}

func procedureRules(p schemas.Procedure) Procedure {
	return Procedure{
		ID: p.ID, Title: p.Title.PL, JRWA: p.JRWA, Symbols: symbolsIn(p.Symbol), Aliases: p.Aliases, Match: p.Match,
	}
}

// Version names the rules by their content: the same rules have the same version everywhere.
func (r Rules) Version() string {
	data, err := json.Marshal(r)
	if err != nil {
		panic(fmt.Errorf("encoding rules: %w", err)) // plain data: cannot happen
	}
	return fmt.Sprintf("r%x", sha256.Sum256(data))[:13]
}

// natures a signal may speak for; a signal for submission speaks against newsletter, spam and private.
func natures() []Nature {
	return []Nature{NatureSubmission, NatureAutomatic, NatureBounce, NatureNewsletter, NatureSpam, NaturePrivate}
}

func (s Signal) check() error {
	if !slices.Contains(natures(), s.Nature) {
		return fmt.Errorf("signal %q: nature %q: allowed are submission, automatic, bounce, newsletter, spam, private", s.ID, s.Nature)
	}
	if s.Weight <= 0 || s.Weight > 2 {
		return fmt.Errorf("signal %q: weight %v: allowed is more than 0, at most 2", s.ID, s.Weight)
	}
	if s.Text == "" {
		return fmt.Errorf("signal %q: key text is empty; a clerk must be able to read the reason", s.ID)
	}
	return nil
}
