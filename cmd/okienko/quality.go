package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"go.yaml.in/yaml/v3"

	"okienko/classify"
	"okienko/ingest"
	"okienko/internal/cases"
	"okienko/internal/quality"
	"okienko/validate"
	"okienko/workflow"
)

type qualityCmd struct {
	Reading   qualityReadingCmd   `cmd:"" help:"How much of labelled submissions is read: fields, documents, signatures."`
	Judgement qualityJudgementCmd `cmd:"" help:"Hold the judgement of labelled cases against their labels."`
}

type qualityJudgementCmd struct {
	Config  string   `help:"Configuration file with the office's policy and address." type:"existingfile"`
	Known   string   `help:"YAML list of what the office knew of some cases before the others came: id, number, letter, waiting." type:"existingfile"`
	Summary bool     `help:"Only the figures, without the wrong cases."`
	Dirs    []string `arg:"" name:"dir" help:"Directories of labelled cases: */case.yaml, */want.json or *.yaml." type:"existingdir"`
}

// Run judges every case of each directory as the office would on its day, and prints what agrees with the labels. The same
// cases give the same lines every time.
func (q *qualityJudgementCmd) Run(ctx context.Context, out streams) error {
	checker, err := newChecker(q.Config, "")
	if err != nil {
		return err
	}
	if q.Config == "" {
		asLabelled(checker)
	}
	defer func() { _ = checker.close() }() // its children have nothing left to do
	known, err := readKnown(q.Known)
	if err != nil {
		return fmt.Errorf("--known: %w", err)
	}
	examples, err := classify.Examples()
	if err != nil {
		return err
	}
	m := measurer{checker: checker, known: known, examples: examples, baseline: quality.NewBaseline(examples)}
	for _, dir := range q.Dirs {
		results, err := m.judgeAll(ctx, dir)
		if err != nil {
			return err
		}
		if err := quality.Measure(results).Print(out.out, filepath.ToSlash(dir), !q.Summary); err != nil {
			return err
		}
	}
	return nil
}

// asLabelled sets what the labels assume: an office that treats ePUAP as an account in its own system.
func asLabelled(c *checker) { c.judge.Policy.EPUAPAccepted = validate.True }

// known is what the office had written down of a case before the others came.
type known struct {
	ID      string `yaml:"id"`
	Number  string `yaml:"number"`  // RPW number
	File    string `yaml:"file"`    // znak sprawy
	Letter  string `yaml:"letter"`  // Message-ID of the letter it was answered with
	Waiting bool   `yaml:"waiting"` // a call is under way
}

func readKnown(file string) (map[string]known, error) {
	byID := map[string]known{}
	if file == "" {
		return byID, nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var list []known
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	if err := d.Decode(&list); err != nil {
		return nil, err
	}
	for _, k := range list {
		byID[k.ID] = k
	}
	return byID, nil
}

// measurer judges cases one after the other, each knowing those before it.
type measurer struct {
	*checker
	known    map[string]known
	examples []classify.Example
	baseline quality.Baseline
}

// baselineFor has not seen the case itself.
func (m measurer) baselineFor(id string) quality.Baseline {
	if !slices.ContainsFunc(m.examples, func(e classify.Example) bool { return e.ID == id }) {
		return m.baseline
	}
	return quality.NewBaseline(slices.DeleteFunc(slices.Clone(m.examples), func(e classify.Example) bool { return e.ID == id }))
}

func (m measurer) judgeAll(ctx context.Context, dir string) ([]quality.Result, error) {
	all, err := cases.Load(dir)
	if err != nil {
		return nil, err
	}
	links := newLinkIndex(workflow.Pipeline{Composer: m.composer, Secret: make([]byte, secretSize)})
	var results []quality.Result
	for i, c := range all {
		r, err := m.judgeOne(ctx, c, workflow.CaseID(i+1), links)
		if err != nil {
			return nil, fmt.Errorf("case %s: %w", c.ID, err)
		}
		results = append(results, r)
	}
	slices.SortFunc(results, func(a, b quality.Result) int { return bytes.Compare([]byte(a.Case.ID), []byte(b.Case.ID)) })
	return results, nil
}

func (m measurer) judgeOne(ctx context.Context, c cases.Case, id workflow.CaseID, links *linkIndex) (quality.Result, error) {
	sub := submissionOf(c.Name, c.Body, c.Channel, c.Received)
	contents, sigs, err := m.examiner.Examine(ctx, sub, opener(c.Body))
	if err != nil {
		return quality.Result{}, err
	}
	j := m.judge.Judge(sub, contents, sigs)
	j.At = c.Received
	linked, proposed := links.link(c, id, &j, m.known[c.ID])
	m.judge.Decide(sub, &j, m.composer)
	return quality.Result{Case: c, Judgement: j, Linked: linked, Proposed: proposed, Baseline: m.baselineFor(c.ID).Guess(classify.FeaturesOf(sub, contents))}, nil
}

// linkIndex is what the store's keys are to the pipeline.
type linkIndex struct {
	pipeline workflow.Pipeline
	cases    map[workflow.Key][]workflow.Case
	names    map[workflow.CaseID]string
}

func newLinkIndex(p workflow.Pipeline) *linkIndex {
	return &linkIndex{p, map[workflow.Key][]workflow.Case{}, map[workflow.CaseID]string{}}
}

// link finds the earlier case a case belongs to and files the case's own keys. Only what would be attached counts as linked.
func (x *linkIndex) link(c cases.Case, id workflow.CaseID, j *workflow.Judgement, k known) (linked, proposed string) {
	wc := workflow.Case{ID: id, Number: k.Number, Submission: ingest.Submission{Channel: c.Channel}, Sender: j.Contents.Letter.From, Procedure: j.Decision.Procedure, Status: workflow.StatusOpen}
	if wc.Number == "" {
		wc.Number = fmt.Sprintf("RPW/%d/%d", id, c.Received.Year())
	}
	if k.Waiting {
		wc.Status = workflow.StatusWaiting
	}
	own, sought := x.pipeline.Keys(wc, *j)
	var related []workflow.Related
	for _, key := range sought {
		for _, other := range x.cases[key] {
			related = append(related, workflow.Related{Key: key, Case: other})
		}
	}
	j.Link = workflow.BestLink(wc, *j, related)
	switch {
	case j.Link != nil && j.Link.Attached:
		linked = x.names[j.Link.Case]
	case j.Link != nil:
		proposed = x.names[j.Link.Case]
	}
	if k.Letter != "" {
		own = append(own, workflow.Key{Kind: workflow.KeyOurLetter, Value: k.Letter})
	}
	if k.File != "" {
		own = append(own, workflow.Key{Kind: workflow.KeyNumber, Value: k.File})
	}
	for _, key := range own {
		x.cases[key] = append(x.cases[key], wc)
	}
	x.names[id] = c.ID
	return linked, proposed
}
