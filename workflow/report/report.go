// Package report owns the published form of a judgement: what "okienko check --json" prints, what other systems get, and what a
// case that is handed over carries. schemas/report.schema.json describes it; scripts rely on it, so fields are added and never
// change their meaning.
//
// It refuses to know where a judgement is kept and who asks. Read next: cmd/okienko/check.go and workflow/api, which publish it.
package report

import (
	"okienko/classify"
	"okienko/ingest"
	"okienko/schemas"
	"okienko/validate"
	"okienko/workflow"
)

// Report is what `okienko check --json` prints for one file; schemas/report.schema.json describes it and scripts rely on it.
type Report struct {
	File         string                     `json:"file"`
	Channel      ingest.Channel             `json:"channel"`
	Language     string                     `json:"language"`
	Nature       classify.Nature            `json:"nature"`
	Sender       ingest.Party               `json:"sender"`
	Documents    []Document                 `json:"documents"`
	Signatures   []validate.SignatureReport `json:"signatures"`
	Procedure    Procedure                  `json:"procedure"`
	Alternatives []classify.Alternative     `json:"alternatives"`
	OtherMatters []schemas.ProcedureID      `json:"other_matters"`
	Conditions   map[string]any             `json:"conditions"` // true, false or "undecided"
	Findings     []Finding                  `json:"findings"`
	Legal        validate.Legal             `json:"legal"`
	Reply        workflow.Reply             `json:"reply"`
	Route        workflow.Route             `json:"route"`
}

// Document is one document of the submission, as it came.
type Document struct {
	Name      string          `json:"name"`
	MediaType string          `json:"media_type"`
	Bytes     int64           `json:"bytes"`
	SHA256    ingest.Digest   `json:"sha256"`
	Pages     int             `json:"pages"`
	TextFrom  ingest.TextFrom `json:"text_from"`
	Kind      *string         `json:"kind"`
	Problem   *string         `json:"problem"`
}

// Procedure is what the submission is about; without ID nobody knows, or it is no submission.
type Procedure struct {
	ID         *schemas.ProcedureID `json:"id"`
	Confidence float64              `json:"confidence"`
	DecidedBy  classify.DecidedBy   `json:"decided_by"`
	Because    []string             `json:"because"`
}

// Finding is what became of one requirement.
type Finding struct {
	Requirement string              `json:"requirement"`
	Outcome     validate.Outcome    `json:"outcome"`
	Consequence schemas.Consequence `json:"consequence"`
	Because     string              `json:"because"`
}

// New publishes a judgement. The letter's own text is no document of its own and is left out of Documents, unless it
// is all there is.
func New(file string, channel ingest.Channel, j workflow.Judgement) Report {
	return Report{
		File: file, Channel: channel, Language: j.Contents.Letter.Language, Nature: j.Decision.Nature,
		Sender: j.Contents.Letter.From, Documents: documents(j.Contents), Signatures: signatures(j),
		Procedure: procedure(j.Decision), Alternatives: list(j.Decision.Alternatives),
		OtherMatters: list(j.Decision.OtherMatters), Conditions: conditions(j.Conditions), Findings: findings(j.Findings),
		Legal: j.Legal, Reply: j.Reply, Route: j.Route,
	}
}

func documents(c ingest.Contents) []Document {
	docs := []Document{}
	for _, r := range c.Readings {
		if r.Document.Digest == "" && len(r.Problems) == 0 {
			continue
		}
		d := Document{
			Name: r.Document.Name, MediaType: r.Document.MediaType, Bytes: r.Document.Bytes, SHA256: r.Document.Digest,
			Pages: r.Pages, TextFrom: r.TextFrom,
		}
		if len(r.Kinds) > 0 {
			d.Kind = &r.Kinds[0].ID
		}
		if len(r.Problems) > 0 {
			code := string(r.Problems[0].Code)
			d.Problem = &code
		}
		docs = append(docs, d)
	}
	return docs
}

func signatures(j workflow.Judgement) []validate.SignatureReport {
	names := map[string]string{}
	for _, r := range j.Contents.Readings {
		names[r.Document.ID] = r.Document.Name
	}
	sigs := []validate.SignatureReport{}
	for _, s := range j.Signatures {
		sigs = append(sigs, Signature(s, names))
	}
	return sigs
}

// Signature is the whole report with the document called by the name people know, where names has one, and without
// the pipeline's own ids. Lists that are always there are never null.
func Signature(s validate.SignatureReport, names map[string]string) validate.SignatureReport {
	if name := names[s.Document]; name != "" {
		s.Document = name
	}
	s.CoveredIDs = nil
	s.Covers, s.References, s.Warnings, s.Checked.Trust = list(s.Covers), list(s.References), list(s.Warnings), list(s.Checked.Trust)
	return s
}

func procedure(d classify.Decision) Procedure {
	p := Procedure{Confidence: d.Confidence, DecidedBy: d.DecidedBy, Because: []string{}}
	if d.Procedure != "" && d.Nature == classify.NatureSubmission {
		p.ID = &d.Procedure
	} else {
		p.DecidedBy = classify.ByNone
	}
	for _, r := range d.Because {
		text := r.Text
		if r.Words != "" {
			text += " („" + r.Words + "”)"
		}
		p.Because = append(p.Because, text)
	}
	return p
}

func findings(findings []validate.Finding) []Finding {
	out := []Finding{}
	for _, f := range findings {
		out = append(out, Finding{f.Requirement, f.Outcome, f.Consequence, f.Because})
	}
	return out
}

// list turns nil into an empty list: a report has no null where a list belongs.
func list[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// conditions publishes what was established as true or false, and says so where nothing was.
func conditions(conditions map[string]validate.Truth) map[string]any {
	out := map[string]any{}
	for id, truth := range conditions {
		switch truth {
		case validate.True:
			out[id] = true
		case validate.False:
			out[id] = false
		default:
			out[id] = string(validate.Undecided)
		}
	}
	return out
}
