// Package validate owns what a submission is worth: the SignatureReport of each signature, the Finding for each requirement
// of a procedure, and whether the channel has legal effect. Everything here is a pure function of the submission, its
// Contents, the Procedure and the day of receipt; a bad signature or a missing paper is a result, never an error.
//
// Conditions comes first, then Completeness, which examines each requirement (completeness.go): whether it is asked for at all
// (asked.go), then fields (fields.go, base.go) and attachments (attachments.go, pages.go, promises.go, boxes.go, fees.go), then
// the signature (signing.go). Effectiveness is about the channel. What the reader could not read is never missing.
//
// It refuses to know how a procedure is found (package classify), what is written to the resident (workflow/reply) and any
// server or disk. Signatures are examined in validate/signature. Read next: package workflow.
package validate

import (
	"time"

	"okienko/ingest"
	"okienko/schemas"
)

// Truth is three-valued: what nobody could establish is Undecided, never false.
type Truth string

// The truth values.
const (
	True      Truth = "true"
	False     Truth = "false"
	Undecided Truth = "undecided"
)

// Outcome is what became of a requirement.
type Outcome string

// The outcomes. Unreadable: something was there that the reader could not read, so nobody may call it missing.
const (
	Met         Outcome = "met"
	Missing     Outcome = "missing"
	Unreadable  Outcome = "unreadable"
	Unsure      Outcome = "undecided"
	NotRequired Outcome = "not_required"
)

// SignatureRequirement is the id under which the signature (podpis) stands among the findings.
const SignatureRequirement = "podpis"

// Finding is the outcome of one requirement for one submission.
type Finding struct {
	Requirement string              `json:"requirement"` // id of the catalogue, or SignatureRequirement
	Label       schemas.Text        `json:"label"`
	Outcome     Outcome             `json:"outcome"`
	Consequence schemas.Consequence `json:"consequence"` // what its absence would lead to
	Because     string              `json:"because"`     // Polish, one sentence a clerk can check; may quote the letter
	Place       *ingest.Place       `json:"place,omitempty"`
	// Overruled is what the machine had found where a person decided otherwise (workflow.Ruling); nil where nobody did. It is
	// not stored with the judgement: that is the machine's.
	Overruled *Finding `json:"-"`
}

// Legal is whether a submission has legal effect by its channel on its day.
type Legal struct {
	Effective Truth  `json:"effective"`
	Basis     string `json:"basis"`   // article of law or the office's setting
	Because   string `json:"because"` // Polish, one sentence
}

// Policy is what the office itself decides, by configuration.
type Policy struct {
	// EPUAPAccepted tells whether the office treats ePUAP as an account in its own system since 2026-01-01 (KPA art. 63 § 1).
	EPUAPAccepted Truth
	// EPUAPByProcedure overrides EPUAPAccepted for single procedures; nil if none.
	EPUAPByProcedure map[schemas.ProcedureID]Truth
}

// Indication is the main verdict of ETSI EN 319 102-1, section 5.1.3.
type Indication string

// The indications.
const (
	TotalPassed   Indication = "TOTAL_PASSED"
	TotalFailed   Indication = "TOTAL_FAILED"
	Indeterminate Indication = "INDETERMINATE"
)

// SignatureKind says what a signature claims to be, by its certificate and role; Indication says whether that holds.
type SignatureKind string

// The kinds, in the law's order of weight.
const (
	Qualified SignatureKind = "qualified" // kwalifikowany
	Trusted   SignatureKind = "trusted"   // podpis zaufany
	Personal  SignatureKind = "personal"  // podpis osobisty
	Advanced  SignatureKind = "advanced"  // zaawansowany, other
	Unknown   SignatureKind = "unknown"
)

// SignatureReport is the result of examining one signature. Three answers, never mixed: Intact is cryptography only, Kind is
// what it claims to be, Indication is whether that claim holds against the trust data given.
type SignatureReport struct {
	Document      string         `json:"document"`          // ingest.Document.ID, or the file's name when examined alone
	Format        string         `json:"format"`            // XAdES, CAdES, PAdES, ASiC-S-XAdES, ASiC-E-CAdES, XMLDSig …
	Level         string         `json:"level"`             // B, T, LT, LTA, or "" for less than B
	Profile       string         `json:"profile"`           // the level in full, as EU DSS names it: "XAdES_BASELINE_B", "CAdES_EPES"
	ID            string         `json:"id,omitempty"`      // what the file calls the signature; "" if nothing
	Counter       bool           `json:"counter,omitempty"` // signs another signature, not a document
	Intact        bool           `json:"intact"`
	Indication    Indication     `json:"indication"`
	SubIndication string         `json:"sub_indication"` // "" when passed
	Kind          SignatureKind  `json:"kind"`
	Signer        Signer         `json:"signer"`
	SigningTime   *time.Time     `json:"signing_time"`          // nil if the signature does not claim one; a claim unless time-stamped
	Covers        []string       `json:"covers"`                // names of the documents whose bytes it protects
	CoveredIDs    []string       `json:"covered_ids,omitempty"` // ingest.Document.ID of other documents of the submission it protects
	References    []SignatureRef `json:"references"`
	Manifest      []SignatureRef `json:"manifest,omitempty"` // entries of signed manifests; they do not decide Intact, but Indication
	Uncovered     []string       `json:"uncovered,omitempty"`
	Timestamps    []TimeStamp    `json:"timestamps,omitempty"`
	Certificate   *Certificate   `json:"certificate,omitempty"` // nil if the signer's certificate is not known
	Problem       string         `json:"problem,omitempty"`     // English, for administrators: why not intact
	Warnings      []string       `json:"warnings"`              // Polish, for clerks
	Checked       Checked        `json:"checked"`
	Sentence      schemas.Text   `json:"sentence"` // for a clerk: who signed what, whether it counts here, if not why
}

// Signer is who a certificate or a podpis zaufany names.
type Signer struct {
	Name string `json:"name"`
	ID   string `json:"id"` // PESEL or the like, as in the certificate; mask it on screens
}

// SignatureRef is one signed reference.
type SignatureRef struct {
	URI     string `json:"uri"`
	Found   bool   `json:"found"`
	Intact  bool   `json:"intact"`
	Problem string `json:"problem,omitempty"` // English, why not
}

// TimeStamp is one RFC 3161 time-stamp of a signature. Only a good one proves a time; anything else is a claim.
type TimeStamp struct {
	Kind    string    `json:"kind"` // signature, content, references, archive, document, container
	Time    time.Time `json:"time"` // UTC
	Good    bool      `json:"good"` // imprint and the token's own signature hold
	Trusted bool      `json:"trusted"`
	By      string    `json:"by,omitempty"`
	Problem string    `json:"problem,omitempty"` // English
}

// Certificate is what a signer's certificate says, for people.
type Certificate struct {
	Subject   string    `json:"subject"`
	Issuer    string    `json:"issuer"`
	Serial    string    `json:"serial"` // hexadecimal
	NotBefore time.Time `json:"not_before"`
	NotAfter  time.Time `json:"not_after"`
	SHA256    string    `json:"sha256"`
	CRLs      []string  `json:"crls,omitempty"` // where its authority publishes revocations
}

// Checked says against what and when a signature was judged: the evidence behind its Indication.
type Checked struct {
	At    time.Time `json:"at"`    // the moment of judgement, UTC
	For   time.Time `json:"for"`   // the moment the certificate was judged for: a trusted time-stamp's, else At
	Trust []string  `json:"trust"` // trust data used: name, sequence number or digest, date; empty if there was none
	// Asked is what was asked elsewhere for this judgement, in that order; nil if nothing was.
	Asked []Inquiry `json:"asked,omitempty"`
}

// Inquiry is one question asked elsewhere about a certificate: the record that it was asked, whatever came of it. Whether what
// came counted, Checked.Trust says.
type Inquiry struct {
	Kind    string    `json:"kind"` // crl, ocsp, or issuer: the certificate of an authority
	Address string    `json:"address"`
	At      time.Time `json:"at"`                // UTC
	Digest  string    `json:"digest,omitempty"`  // the answer, kept as evidence, by its ingest.Digest; "" if there was none
	Problem string    `json:"problem,omitempty"` // English: why there was none
}
