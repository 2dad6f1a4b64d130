package main

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"okienko/ingest"
	"okienko/internal/cases"
	"okienko/schemas"
	"okienko/validate"
)

type qualityReadingCmd struct {
	Dir     string `arg:"" help:"Directory of labelled cases, as for quality judgement." type:"existingdir"`
	Channel string `help:"Only submissions of this channel."`
	Only    string `help:"Only submissions whose id contains this."`
}

// Run reads every labelled submission as the program does and compares what was found with the labels. The procedure and
// its conditions are taken from the label: how well those are recognised is not the question here.
func (q *qualityReadingCmd) Run(ctx context.Context, out streams) error {
	list, err := readingCases(q.Dir, q.Channel, q.Only)
	if err != nil {
		return err
	}
	catalog, err := schemas.Default()
	if err != nil {
		return fmt.Errorf("catalogue of procedures: %w", err)
	}
	pool, err := newPool(runtime.GOMAXPROCS(0), userCache(), "")
	if err != nil {
		return err
	}
	defer func() { _ = pool.Close() }() // its children have nothing left to do
	exam := readingExam{examiner: newClient(pool), catalog: catalog, results: make([]readingResult, len(list))}
	exam.examiner.eyes.Patience = time.Hour // what can be read is the question, not how fast this machine is
	if err := exam.all(ctx, list); err != nil {
		return err
	}
	return writeReadingQuality(out.out, exam.results)
}

// readingCases are the cases in dir of a channel, "" for all, whose id contains only.
func readingCases(dir, channel, only string) ([]cases.Case, error) {
	all, err := cases.Load(dir)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(c cases.Case) bool {
		return channel != "" && string(c.Channel) != channel || !strings.Contains(c.ID, only)
	}), nil
}

// readingResult is one submission: the label, and what was read.
type readingResult struct {
	label     cases.Label
	contents  ingest.Contents
	fields    tally // ids of the procedure
	checked   tally // those of them with a check digit
	papers    tally
	signature string // as the labels name it; "?" cannot tell
}

// tally counts ids found against ids that are there.
type tally struct{ right, wrong, missed []string }

func compareIDs(got, want []string) tally {
	var t tally
	for _, id := range got {
		if slices.Contains(want, id) {
			t.right = append(t.right, id)
		} else {
			t.wrong = append(t.wrong, id)
		}
	}
	for _, id := range want {
		if !slices.Contains(got, id) {
			t.missed = append(t.missed, id)
		}
	}
	return t
}

func (t *tally) add(o tally) {
	t.right, t.wrong, t.missed = append(t.right, o.right...), append(t.wrong, o.wrong...), append(t.missed, o.missed...)
}

// split parts a tally in two by id.
func (t tally) split(in func(string) bool) (yes, no tally) {
	part := func(ids []string) (y, n []string) {
		for _, id := range ids {
			if in(id) {
				y = append(y, id)
			} else {
				n = append(n, id)
			}
		}
		return y, n
	}
	yes.right, no.right = part(t.right)
	yes.wrong, no.wrong = part(t.wrong)
	yes.missed, no.missed = part(t.missed)
	return yes, no
}

// readingExam reads submissions, as many at a time as there are processors.
type readingExam struct {
	examiner client
	catalog  schemas.Catalog
	results  []readingResult
}

func (e *readingExam) all(ctx context.Context, list []cases.Case) error {
	var (
		wg    sync.WaitGroup
		once  sync.Once
		first error
		slots = make(chan struct{}, runtime.GOMAXPROCS(0))
	)
	for i, c := range list {
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			r, err := e.one(ctx, c)
			if err != nil {
				once.Do(func() { first = fmt.Errorf("%s: %w", c.ID, err) })
			}
			e.results[i] = r
		})
	}
	wg.Wait()
	return first
}

func (e *readingExam) one(ctx context.Context, l cases.Case) (readingResult, error) {
	r := readingResult{label: l.Label}
	sub := submissionOf(l.Name, l.Body, l.Channel, l.Received)
	contents, sigs, err := e.examiner.Examine(ctx, sub, opener(l.Body))
	if err != nil {
		return r, err
	}
	r.contents, r.signature = contents, signatureFound(l.Channel, contents, sigs)
	proc, ok := e.catalog.Procedure(l.Procedure, sub.ReceivedAt)
	if !ok {
		return r, nil // no submission: nothing to find
	}
	conds := validate.Conditions(sub, contents, proc)
	for id, holds := range l.Conditions {
		conds[id] = validate.False
		if holds {
			conds[id] = validate.True
		}
	}
	met := map[string]bool{}
	for _, f := range validate.Completeness(sub, contents, sigs, proc, conds) {
		met[f.Requirement] = f.Outcome == validate.Met
		if f.Requirement == validate.SignatureRequirement && l.Channel == ingest.Scan && f.Outcome != validate.NotRequired {
			r.signature = handwritten(f.Outcome)
		}
	}
	ids := func(rs []schemas.Requirement) (ids []string) {
		for _, q := range rs {
			if met[q.ID] {
				ids = append(ids, q.ID)
			}
		}
		return ids
	}
	r.checked, r.fields = compareIDs(ids(proc.Fields), l.Fields).split(hasCheckDigit(proc))
	r.papers = compareIDs(ids(proc.Attached), l.Attachments)
	return r, nil
}

// hasCheckDigit tells which fields of a procedure are numbers whose last digit proves the others.
func hasCheckDigit(proc schemas.Procedure) func(id string) bool {
	return func(id string) bool {
		r, _ := proc.Requirement(id)
		return slices.Contains([]string{"pesel", "nip", "vin", "kw", "iban"}, r.Format)
	}
}

// signatureFound is what the labels call the signature that was found.
func signatureFound(channel ingest.Channel, c ingest.Contents, sigs []validate.SignatureReport) string {
	switch {
	case channel == ingest.Scan:
		return map[ingest.Hand]string{ingest.HandYes: "handwritten", ingest.HandNo: "handwritten_missing", ingest.HandUnsure: "?"}[firstSigned(c)]
	case len(sigs) == 0:
		return "none"
	case slices.ContainsFunc(sigs, func(s validate.SignatureReport) bool { return !s.Intact }):
		return "broken"
	}
	return string(sigs[0].Kind)
}

// handwritten is what the labels call the outcome of the signature of a letter of paper.
func handwritten(o validate.Outcome) string {
	switch o {
	case validate.Met:
		return "handwritten"
	case validate.Missing:
		return "handwritten_missing"
	}
	return "?"
}

// firstSigned is what is on the first line to sign on: that of the letter, which comes before its enclosures.
func firstSigned(c ingest.Contents) ingest.Hand {
	for _, r := range c.Readings {
		for _, s := range r.Sheets {
			if s.Signed != nil {
				return s.Signed.Hand
			}
		}
	}
	return ingest.HandUnsure
}

// writeReadingQuality prints a table by channel, then every submission that was not read as labelled.
func writeReadingQuality(w io.Writer, results []readingResult) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%-10s %-34s %6s %6s %6s %10s %8s\n", "channel", "what", "right", "wrong", "missed", "precision", "recall")
	for _, channel := range append(ingest.Channels(), "") {
		of := slices.DeleteFunc(slices.Clone(results), func(r readingResult) bool { return channel != "" && r.label.Channel != channel })
		if len(of) > 0 {
			writeChannel(&b, channel, of)
		}
	}
	b.WriteString("\nread otherwise than labelled:\n")
	for _, r := range results {
		for _, row := range r.rows() {
			if len(row.wrong)+len(row.missed) > 0 {
				fmt.Fprintf(&b, "%-34s %s: wrong [%s], missed [%s]\n", r.label.ID, row.what, strings.Join(row.wrong, " "), strings.Join(row.missed, " "))
			}
		}
	}
	for _, r := range results {
		writeSigned(&b, r)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// writeSigned says what was seen on every line to sign on.
func writeSigned(w io.Writer, r readingResult) {
	for _, rd := range r.contents.Readings {
		for _, p := range rd.Problems {
			if p.Code == ingest.ProblemReaderDied {
				fmt.Fprintf(w, "%-34s %s: %s\n", r.label.ID, rd.Document.Name, p.Detail)
			}
		}
		for _, s := range rd.Sheets {
			if s.Signed != nil {
				fmt.Fprintf(w, "%-34s %s page %d: %s, %s\n", r.label.ID, rd.Document.Name, s.Page, s.Signed.Hand, s.Signed.Because)
			}
		}
	}
}

// readingRow is one measure.
type readingRow struct {
	what string
	tally
}

func (r readingResult) rows() []readingRow {
	return []readingRow{
		{"fields with a check digit", r.checked}, {"other fields", r.fields}, {"documents", r.papers}, {"signature", r.signed()},
	}
}

// signed counts the signature like the rest: "cannot tell" is missed, the wrong answer is both wrong and missed.
func (r readingResult) signed() tally {
	if r.signature == "?" {
		return tally{missed: []string{r.label.Signature}}
	}
	return compareIDs([]string{r.signature}, []string{r.label.Signature})
}

func writeChannel(w io.Writer, channel ingest.Channel, results []readingResult) {
	if channel == "" {
		channel = "all"
	}
	var sums []readingRow
	for _, r := range results {
		for i, row := range r.rows() {
			if i == len(sums) {
				sums = append(sums, readingRow{what: row.what})
			}
			sums[i].add(row.tally)
		}
	}
	for _, s := range sums {
		right, wrong, missed := len(s.right), len(s.wrong), len(s.missed)
		fmt.Fprintf(w, "%-10s %-34s %6d %6d %6d %10s %8s\n", channel, s.what, right, wrong, missed, share(right, right+wrong), share(right, right+missed))
	}
}

// share is a percentage with one digit; "-" of nothing.
func share(part, whole int) string {
	if whole == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f %%", 100*float64(part)/float64(whole))
}
