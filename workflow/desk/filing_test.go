package desk

import (
	"strings"
	"time"

	"okienko/classify"
	"okienko/ingest"
	"okienko/ingest/read/field"
	"okienko/ingest/read/kind"
	"okienko/validate"
	"okienko/workflow"
	"okienko/workflow/deadline"
)

// paper is a document beside a letter, as a test writes it down.
type paper struct {
	name, media, text string
	problem           ingest.ProblemCode
	pages             int
	ocr               bool
}

// filing is a submission, as a test writes it down.
type filing struct {
	channel    ingest.Channel
	from       ingest.Party
	subject    string
	text       string
	papers     []paper
	ago        time.Duration
	signatures []validate.SignatureReport
	language   string
	quarantine string // the reason; "" if it was judged
	headers    map[string][]string
	test       bool                             // the sender marked it so
	sheets     func(text string) []ingest.Sheet // the pages of a scan as they were read; nil: without places
}

// contents reads the filing with the real finders of fields and kinds.
func (f filing) contents(at time.Time) ingest.Contents {
	c := ingest.Contents{Letter: ingest.Letter{From: f.from, Subject: f.subject, Date: at, Language: f.language, Headers: f.headers,
		MessageID: string(ingest.DigestOf([]byte(f.subject + f.text)))[:16] + "@poczta.example"}}
	if f.language == "" {
		c.Letter.Language = "pl"
	}
	letter := ingest.Document{ID: "0", MediaType: "text/plain", Bytes: int64(len(f.text))}
	if f.channel == ingest.Scan {
		letter.Name, letter.MediaType, letter.Digest = "skan-01.pdf", "application/pdf", ingest.DigestOf([]byte(f.text))
	}
	c.Readings = append(c.Readings, reading0(letter, f.text, f.channel == ingest.Scan, at))
	if f.sheets != nil {
		c.Readings[0].Sheets = f.sheets(f.text)
		c.Readings[0].Pages = len(c.Readings[0].Sheets)
	}
	for i, p := range f.papers {
		doc := ingest.Document{ID: string(rune('1' + i)), Name: p.name, MediaType: p.media, Bytes: int64(len(p.text)*40 + 81_234),
			Digest: ingest.DigestOf(p.bytes())}
		r := reading0(doc, p.text, p.ocr, at)
		r.Pages = p.pages
		if p.problem != "" {
			r.Problems = []ingest.Problem{{Code: p.problem, Document: doc.ID}}
		}
		c.Readings = append(c.Readings, r)
	}
	return c
}

func (p paper) bytes() []byte { return []byte("%%" + p.name + "\n" + p.text) }

func reading0(doc ingest.Document, text string, ocr bool, at time.Time) ingest.Reading {
	r := ingest.Reading{Document: doc, Text: text, TextFrom: ingest.TextEmbedded, Fields: field.Find(text, doc.ID, at),
		Kinds: kind.Guess(doc.Name, doc.MediaType, text)}
	switch {
	case text == "":
		r.TextFrom = ingest.TextNone
	case ocr:
		r.TextFrom = ingest.TextOCR
	}
	return r
}

// take registers a filing, judges it and puts it on its desk, as the pipeline would.
func (w *world) take(f filing) workflow.Case {
	w.Helper()
	at := w.now().Add(-f.ago).UTC().Truncate(time.Second)
	raw := []byte("From: " + f.from.Address + "\nSubject: " + f.subject + "\n\n" + f.text)
	digest, size, err := w.evidence.Put(w.Context(), strings.NewReader(string(raw)))
	w.must(err)
	for _, p := range f.papers {
		_, _, err := w.evidence.Put(w.Context(), strings.NewReader(string(p.bytes())))
		w.must(err)
	}
	sub := ingest.Submission{Source: string(f.channel), Channel: f.channel, Item: string(digest), ReceivedAt: at,
		Originals: []ingest.Original{{Role: "body", Name: "message.eml", MediaType: "message/rfc822", Digest: digest, Size: size}}}
	if f.channel == ingest.Scan {
		sub.Originals[0].Name, sub.Originals[0].MediaType = "skan-01.pdf", "application/pdf"
	}
	if f.test {
		sub.Meta = map[string]string{ingest.MetaTest: "true"}
	}
	c := workflow.Case{Submission: sub, Stage: workflow.StageJudge, Status: workflow.StatusProcessing, RegisteredAt: at.Add(3 * time.Second)}
	w.must(w.store.Tx(w.Context(), func(tx workflow.Tx) error { return w.register(tx, &c, f) }))
	return w.get(c.ID)
}

func (w *world) register(tx workflow.Tx, c *workflow.Case, f filing) error {
	ctx := w.Context()
	if _, err := tx.Create(ctx, c); err != nil {
		return err
	}
	note := func(after time.Duration, kind workflow.EventKind, detail string) error {
		return tx.Append(ctx, workflow.Event{Case: c.ID, At: c.RegisteredAt.Add(after), Actor: workflow.Machine, Kind: kind, Detail: detail})
	}
	if err := tx.Settle(ctx, c.Submission.Source, c.Submission.Item, workflow.ReceiptRegistered, c.ID); err != nil {
		return err
	}
	if err := note(0, workflow.EventRegistered, ""); err != nil {
		return err
	}
	c.Sender, c.Subject = f.from, f.subject
	if f.quarantine != "" {
		c.Status, c.Reason, c.Route = workflow.StatusQuarantined, f.quarantine, workflow.Route{Desk: workflow.DeskRegistry}
		if err := note(time.Second, workflow.EventQuarantined, f.quarantine); err != nil {
			return err
		}
		return tx.Update(ctx, c)
	}
	j := w.judge.Judge(c.Submission, f.contents(c.Submission.ReceivedAt), f.signatures)
	w.judge.Decide(c.Submission, &j, nil)
	if err := tx.Judged(ctx, c.ID, j); err != nil {
		return err
	}
	w.settle(c, j)
	if err := note(2*time.Second, workflow.EventJudged, ""); err != nil {
		return err
	}
	return tx.Update(ctx, c)
}

// settle copies what the judgement says into the case.
func (w *world) settle(c *workflow.Case, j workflow.Judgement) {
	c.Stage, c.Status = workflow.StageDone, workflow.StatusOpen
	c.Nature, c.Procedure, c.Confidence, c.DecidedBy = j.Decision.Nature, j.Decision.Procedure, j.Decision.Confidence, j.Decision.DecidedBy
	c.Route, c.Missing = j.Route, workflow.Missing(j.Findings)
	if c.Nature != classify.NatureSubmission {
		c.Status = workflow.StatusClosed
	}
	if p, ok := w.judge.Catalog.Procedure(c.Procedure, c.Submission.ReceivedAt); ok {
		c.DueAt = dueAt(*c, p, j.Legal, deadline.Calendar{})
	}
}

// alter changes a case behind the desk's back, as the machine or another program would.
func (w *world) alter(id workflow.CaseID, change func(*workflow.Case)) {
	w.Helper()
	w.must(w.store.Tx(w.Context(), func(tx workflow.Tx) error {
		c, err := tx.Lock(w.Context(), id)
		if err != nil {
			return err
		}
		change(&c)
		return tx.Update(w.Context(), &c)
	}))
}

// write puts a letter beside a case, as the machine would.
func (w *world) write(c workflow.Case, kind workflow.ReplyKind, status workflow.LetterStatus) workflow.Letter {
	w.Helper()
	l := workflow.Letter{Case: c.ID, Kind: kind, Automatic: true, Status: status, Channel: c.Submission.Channel, To: c.Sender.Address,
		Subject: "[" + c.Number + "] Pismo", Text: "Dzień dobry,\n\notrzymaliśmy Państwa pismo.", Author: workflow.Machine,
		CreatedAt: c.RegisteredAt.Add(3 * time.Second), MessageID: "okienko." + itoa(int64(c.ID)) + string(status) + "@um.krakow.example"}
	if status == workflow.LetterSent {
		l.SentAt = c.RegisteredAt.Add(9 * time.Second)
	}
	w.must(w.store.Tx(w.Context(), func(tx workflow.Tx) error { return tx.SaveLetter(w.Context(), &l) }))
	return l
}
