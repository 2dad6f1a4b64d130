// Package schemas owns what the office knows beforehand: the Procedure (usługa, procedura) with its Requirements, the
// Catalog of all procedures, and the JSON Schemas of everything Okienko publishes. It is a leaf that imports nothing of this
// module and refuses to know any submission: it says what a service asks for, never whether a letter has it.
//
// The procedures are the files procedures/*.yaml, embedded, one a service, validated against procedure.schema.json when
// loaded. Read next: package validate, which holds a submission against a Procedure, and package classify, which finds the
// Procedure a letter is about.
package schemas

// ProcedureID names a service; the values are those of the office's catalogue and never change.
type ProcedureID string

// General is the fallback procedure (pismo ogólne): a letter for a person to assign.
const General ProcedureID = "pismo_ogolne"

// Procedure is one service of the office as in force on a day.
type Procedure struct {
	ID          ProcedureID       `yaml:"id" json:"id"`
	Title       Text              `yaml:"title" json:"title"`
	Symbol      string            `yaml:"symbol" json:"symbol"`         // card in the BIP, "KM-2"; "" if none
	Department  string            `yaml:"department" json:"department"` // for people
	Desk        string            `yaml:"desk" json:"desk"`             // id of the e-referat that works on it: "KM", "SA", "PD" …
	JRWA        string            `yaml:"jrwa" json:"jrwa"`             // class of the file plan; "" if not established
	Regime      Regime            `yaml:"regime" json:"regime"`
	Basis       []string          `yaml:"basis" json:"basis"` // acts and articles
	ValidFrom   Date              `yaml:"valid_from" json:"valid_from,omitzero"`
	ValidTo     Date              `yaml:"valid_to" json:"valid_to,omitzero"` // last day, inclusive
	Fields      []Requirement     `yaml:"fields" json:"fields"`
	Attached    []Requirement     `yaml:"attachments" json:"attachments"`
	Signature   Signature         `yaml:"signature" json:"signature"`
	Fee         Fee               `yaml:"fee" json:"fee"`
	Deadline    Term              `yaml:"deadline" json:"deadline"` // the office's
	PartyTerm   *Term             `yaml:"party_deadline" json:"party_deadline,omitempty"`
	Channels    map[string]Effect `yaml:"channels" json:"channels"`                   // by catalogue name: email, epuap, e_doreczenia, urna, poczta, osobiscie, gov_pl
	ChannelNote string            `yaml:"channel_note" json:"channel_note,omitempty"` // for people
	InPerson    bool              `yaml:"in_person" json:"in_person"`                 // a letter cannot start it: answer with how and where
	Redirect    ProcedureID       `yaml:"redirect" json:"redirect"`                   // the procedure that replaced an abolished one; "" if in force
	Aliases     []string          `yaml:"aliases" json:"aliases"`                     // as residents say it
	Defects     []string          `yaml:"typical_defects" json:"defects"`             // for clerks
	Match       Match             `yaml:"match" json:"match"`                         // what package classify recognises it by
	// Conditions say how a letter settles each condition the procedure uses, by condition id. A file gives only what differs
	// from conditions.yaml; Load fills in the rest.
	Conditions map[string]Condition `yaml:"conditions" json:"conditions,omitempty"`
	HowTo      Text                 `yaml:"how_to" json:"how_to"`           // one or two sentences: how to do it properly
	Review     []string             `yaml:"review" json:"review,omitempty"` // caveats a department must confirm
	Notes      string               `yaml:"notes" json:"notes,omitempty"`   //

	lexicons *lexicons // nil where the procedure did not come from Load
}

// Text is one text in the languages of the office. PL is never empty; the others may be.
type Text struct {
	PL string `yaml:"pl" json:"pl"`
	EN string `yaml:"en" json:"en,omitempty"`
	UK string `yaml:"uk" json:"uk,omitempty"`
}

// Regime is the body of law a procedure runs under; it decides which letter is lawful.
type Regime string

// The regimes.
const (
	KPA       Regime = "kpa"       // Kodeks postępowania administracyjnego
	Ordynacja Regime = "ordynacja" // Ordynacja podatkowa: taxes, waste
	UDIP      Regime = "udip"      // dostęp do informacji publicznej
	Petition  Regime = "petition"  // skargi, wnioski (KPA dział VIII), petycje
	Registry  Regime = "registry"  // akta stanu cywilnego, ewidencja ludności: special acts
	Programme Regime = "programme" // cards and permits by council resolution, no KPA effect
)

// Requirement is one thing a procedure asks for: a field (dane) or an attachment (załącznik).
type Requirement struct {
	ID          string      `yaml:"id" json:"id"`
	Label       Text        `yaml:"label" json:"label"`
	Required    bool        `yaml:"required" json:"required"`             // together with When: required if Required and When holds
	When        string      `yaml:"when" json:"when"`                     // id of a Condition; "always"
	Consequence Consequence `yaml:"missing_effect" json:"missing_effect"` // what its absence leads to
	Format      string      `yaml:"format" json:"format,omitempty"`       // an ingest field type where the value has a form of its own
	Form        string      `yaml:"form" json:"form,omitempty"`           // "oryginał; elektronicznie skan"
	Register    bool        `yaml:"register" json:"register,omitempty"`   // the office can look it up (KPA art. 220): never asked for
	Kinds       []string    `yaml:"kinds" json:"kinds,omitempty"`         // attachments: document kinds (ingest.Kind.ID) that satisfy it
	Words       []string    `yaml:"words" json:"words,omitempty"`         // patterns (schemas/phrase) that name it in a letter or on the document
	Near        []string    `yaml:"near" json:"near,omitempty"`           // fields with a format: patterns that tell which of several values is meant
	Closed      bool        `yaml:"closed" json:"closed,omitempty"`       // Words are all the ways to say it: none found means that it is not there
	Follows     string      `yaml:"follows" json:"follows,omitempty"`     // id of the attachment it stands on: missing where that is missing, else a person looks
	Example     Text        `yaml:"example" json:"example,omitzero"`      // one example for the letter to the resident; may be empty
}

// Consequence is what the absence of a requirement leads to; the ids of the catalogue.
type Consequence string

// The consequences, with the article that sets them.
const (
	Art64p1      Consequence = "art64_1"       // KPA art. 64 § 1
	Art64p2      Consequence = "art64_2"       // KPA art. 64 § 2
	Art261       Consequence = "art261"        // KPA art. 261
	OP169        Consequence = "op169"         // Ordynacja podatkowa art. 169
	OP274a       Consequence = "op274a"        // Ordynacja podatkowa art. 274-274a
	LexSpecialis Consequence = "lex_specialis" // a special act
	Proof        Consequence = "evidence"      // KPA art. 50: proves a fact, never a formal defect
	ShownAtDesk  Consequence = "desk"          // shown in person, never asked for by letter
	FeeProxy     Consequence = "fee_pow"       // 17 zł: inform, never block
	ContactOnly  Consequence = "contact"       // no effect
	Civil        Consequence = "civil"         // a request without KPA effect
)

// Effect is whether a channel has legal effect for a procedure.
type Effect string

// The values of the catalogue.
const (
	EffectYes      Effect = "yes"
	EffectNo       Effect = "no"
	EffectPartial  Effect = "partial"
	EffectPresence Effect = "required"        // presence needed
	EffectOffice   Effect = "office_decision" // the office decides (ePUAP since 2026-01-01)
)

// Signature tells whether and how a submission must be signed (KPA art. 63 § 3, 3a).
type Signature struct {
	Required bool   `yaml:"required" json:"required"`
	Text     string `yaml:"text" json:"text"`
}

// Fee is what the procedure costs; Amount nil when it depends on a decision.
type Fee struct {
	Amount *float64  `yaml:"amount" json:"amount"` // złoty
	Basis  string    `yaml:"basis" json:"basis"`
	When   string    `yaml:"when" json:"when"`
	Note   string    `yaml:"note" json:"note,omitempty"`
	Items  []FeeItem `yaml:"items" json:"items,omitempty"`
}

// FeeItem is a variant of a fee.
type FeeItem struct {
	Label  string   `yaml:"label" json:"label"`
	Amount *float64 `yaml:"amount" json:"amount"`
}

// Term is a period of time set by law.
type Term struct {
	Text  string `yaml:"text" json:"text"`
	Value int    `yaml:"value" json:"value"` // 0 where the law gives no number
	Unit  string `yaml:"unit" json:"unit"`   // day, working_day, week, month, immediate
	Basis string `yaml:"basis" json:"basis"`
}

// Match is what a letter about the procedure says, as patterns of schemas/phrase: lower-case Polish without diacritics; a
// trailing "*" stands for any ending, words of a phrase follow each other with at most two others between.
type Match struct {
	Frame   []string `yaml:"frame" json:"frame,omitempty"`     // names the legal way, whatever the topic: "informacja publiczna" about trees
	Strong  []string `yaml:"strong" json:"strong,omitempty"`   // hardly ever said of anything else
	Weak    []string `yaml:"weak" json:"weak,omitempty"`       // points there, with others
	Against []string `yaml:"against" json:"against,omitempty"` // speaks against it
	Forms   []string `yaml:"forms" json:"forms,omitempty"`     // symbols of the forms it is filed on: "IN-1"
}

// Condition is one of the catalogue's conditions (if_proxy …): under it a requirement applies.
type Condition struct {
	ID    string `yaml:"id" json:"id"`
	Label Text   `yaml:"label" json:"label"`
	Cues  `yaml:",inline"`
}

// Cues are what settles a condition: patterns of schemas/phrase that speak for and against it.
type Cues struct {
	Says   []string `yaml:"says" json:"says,omitempty"`
	Denies []string `yaml:"denies" json:"denies,omitempty"`
	// Otherwise is the answer of a letter that says nothing: "false" where whoever it concerns would say so, "true" where it
	// is the rule, "undecided" elsewhere. "" means undecided.
	Otherwise string `yaml:"otherwise" json:"otherwise,omitempty"`
}
