package workflow

import (
	"context"
	"fmt"
	"time"

	"okienko/ingest"
	"okienko/schemas"
)

// Pipeline moves submissions from a source to a desk. Each step stores what it did before it says so: bytes before the case,
// the case before the acknowledgement, the intent to write before the letter. Its methods may be called concurrently, from
// several processes, and again after any failure: the second call finds the work done and changes nothing.
type Pipeline struct {
	Store    Store
	Records  Records
	Evidence Evidence
	Examiner Examiner
	Judge    Judge
	Composer Composer
	Postman  Postman
	// Rulebook gives the Judge and the Composer of each judgement; nil: always those above.
	Rulebook Rulebook
	// Hold decides whether an automatic letter waits for a person (limits of P11, the office's switch). Counts are those of
	// automatic letters: of this case, to this address in 24 hours, and in all in one hour.
	Hold func(ofCase, toAddress, all int) (held bool, because string)
	// HeldUntil tells when the hold of what came in ends; zero: none. nil: there are no holds.
	HeldUntil func(ingest.Submission) time.Time
	// Carried tells whether letters can go out over a channel.
	Carried func(ingest.Channel) bool
	Secret  []byte           // keys the hashes under which personal values are compared; at least 16 bytes, same in all processes
	Now     func() time.Time // the clock
}

// Accept takes one item in: it is an ingest.AcceptFunc. When it returns nil, the original bytes and the case are durable and
// the item may be acknowledged (promise P1). The same item offered again ends as the same case (P2, P8).
func (p *Pipeline) Accept(ctx context.Context, e ingest.Envelope) error {
	sub, err := p.keep(ctx, e)
	if err != nil {
		return fmt.Errorf("accept %s item %q: %w", e.Source, e.Item, err)
	}
	err = p.Store.Tx(ctx, func(tx Tx) error { return p.register(ctx, tx, sub) })
	if err != nil {
		return fmt.Errorf("accept %s item %q: %w", e.Source, e.Item, err)
	}
	return nil
}

// keep makes every original of an envelope durable.
func (p *Pipeline) keep(ctx context.Context, e ingest.Envelope) (ingest.Submission, error) {
	sub := ingest.Submission{
		Source: e.Source, Channel: e.Channel, Item: e.Item, Key: e.Key,
		ReceivedAt: e.ReceivedAt.UTC(), ReceivedBy: e.ReceivedBy, Meta: e.Meta, KeyOnly: e.KeyOnly, Paper: e.Paper,
	}
	parts := append([]ingest.Part{{Role: "body", Name: e.Name, MediaType: e.MediaType, Body: e.Body}}, e.Parts...)
	for _, part := range parts {
		digest, size, err := p.Evidence.Put(ctx, part.Body)
		if err != nil {
			return sub, fmt.Errorf("keep %s: %w", part.Role, err)
		}
		sub.Originals = append(sub.Originals, ingest.Original{
			Role: part.Role, Name: part.Name, MediaType: part.MediaType, Digest: digest, Size: size,
		})
	}
	return sub, nil
}

// register makes a submission a case, or notes that it is one already.
func (p *Pipeline) register(ctx context.Context, tx Tx, sub ingest.Submission) error {
	now := p.Now().UTC()
	if sub.ReceivedAt.IsZero() {
		sub.ReceivedAt = now
	}
	c := Case{Submission: sub, RegisteredAt: now, Stage: StageJudge, Status: StatusProcessing, HeldUntil: p.heldUntil(sub, now)}
	if !c.HeldUntil.IsZero() {
		c.Route = Route{DeskRegistry, "Przesyłka z urny czeka na koniec kwarantanny."}
		c.Reason = "Zeskanowano przed końcem kwarantanny. Program opracuje pismo, gdy kwarantanna minie."
	}
	if sub.Test() { // no queue shows it even while it is being judged
		c.Route = Route{Desk: DeskTest}
	}
	created, err := tx.Create(ctx, &c)
	if err != nil {
		return err
	}
	if !created {
		return p.secondCopy(ctx, tx, c.ID, sub)
	}
	if err := tx.Settle(ctx, sub.Source, sub.Item, ReceiptRegistered, c.ID); err != nil {
		return err
	}
	if err := tx.Append(ctx, p.event(c.ID, EventRegistered, c.Number)); err != nil {
		return err
	}
	if !c.HeldUntil.IsZero() {
		return p.hold(ctx, tx, c)
	}
	return tx.Enqueue(ctx, c.ID, StageJudge)
}

// heldUntil is when the hold of what came in ends; zero if there is none, or it is over.
func (p *Pipeline) heldUntil(sub ingest.Submission, now time.Time) time.Time {
	if p.HeldUntil == nil {
		return time.Time{}
	}
	if until := p.HeldUntil(sub); until.After(now) {
		return until
	}
	return time.Time{}
}

// hold has the case judged when its hold is over. What was scanned before was opened before: that must be in its history.
func (p *Pipeline) hold(ctx context.Context, tx Tx, c Case) error {
	if err := tx.Append(ctx, p.event(c.ID, EventHeld, c.HeldUntil.UTC().Format(time.RFC3339))); err != nil {
		return err
	}
	return tx.EnqueueAt(ctx, c.ID, StageJudge, c.HeldUntil)
}

// heldError is the answer of Advance before the hold of a case is over: nothing failed, it is too early.
type heldError struct{ left time.Duration }

func (e heldError) Error() string             { return "the hold of the urn is not over" }
func (e heldError) RetryAfter() time.Duration { return e.left }

// secondCopy handles bytes that are registered already. The same item again only means that an acknowledgement got lost.
func (p *Pipeline) secondCopy(ctx context.Context, tx Tx, first CaseID, sub ingest.Submission) error {
	c, err := tx.Lock(ctx, first)
	if err != nil {
		return err
	}
	if c.Submission.Item == sub.Item {
		return nil
	}
	if err := tx.Settle(ctx, sub.Source, sub.Item, ReceiptDuplicate, first); err != nil {
		return err
	}
	return tx.Append(ctx, p.event(first, EventSecondCopy, "item "+sub.Item))
}

// Advance runs a stage of a case, if it is still due: jobs may be lost, doubled and late. An error means that nothing was
// decided and the stage may be tried again.
func (p *Pipeline) Advance(ctx context.Context, id CaseID, stage Stage) error {
	if channel, ok := stage.Delivers(); ok {
		return p.Postman.Deliver(ctx, id, channel)
	}
	c, err := p.Store.Case(ctx, id)
	if err != nil {
		return fmt.Errorf("advance case %d: %w", id, err)
	}
	if c.Stage != StageJudge {
		return nil
	}
	if left := c.HeldUntil.Sub(p.Now()); left > 0 {
		return heldError{left}
	}
	contents, sigs, err := p.Examiner.Examine(ctx, c.Submission, p.Evidence.Open)
	if err != nil {
		return fmt.Errorf("examine case %d: %w", id, err)
	}
	p, version, err := p.today(ctx)
	if err != nil {
		return fmt.Errorf("judge case %d: %w", id, err)
	}
	j := p.Judge.Judge(c.Submission, contents, sigs)
	j.At, j.Rulebook = p.Now().UTC(), version
	if err := p.Store.Tx(ctx, func(tx Tx) error { return p.commit(ctx, tx, id, j) }); err != nil {
		return fmt.Errorf("judge case %d: %w", id, err)
	}
	return nil
}

// commit stores a judgement with all that follows from it, once: whoever comes second finds the stage gone.
func (p *Pipeline) commit(ctx context.Context, tx Tx, id CaseID, j Judgement) error {
	c, err := tx.Lock(ctx, id)
	if err != nil || c.Stage != StageJudge {
		return err
	}
	c.HeldUntil, c.Reason = time.Time{}, ""
	var parent *Case
	if !notSplit(j.Contents) { // what the letters of several people have in common with a case is nobody's link
		if parent, err = p.link(ctx, tx, &c, &j); err != nil {
			return err
		}
	}
	p.Judge.decide(&c, &j, p.Composer)
	follow(&c, &j, parent)
	if err := p.letter(ctx, tx, &c, &j); err != nil {
		return err
	}
	if err := tx.Judged(ctx, id, j); err != nil {
		return err
	}
	if err := tx.Append(ctx, p.event(id, EventJudged, judgedDetail(j))); err != nil {
		return err
	}
	return tx.Update(ctx, &c)
}

// letter writes down the letter the judgement calls for and enqueues its delivery, or holds it.
func (p *Pipeline) letter(ctx context.Context, tx Tx, c *Case, j *Judgement) error {
	if j.Reply.Kind == ReplyNone || j.Reply.Kind == ReplyHuman {
		return nil
	}
	l, err := p.compose(*c, j)
	if err != nil {
		return err
	}
	if err := p.admit(ctx, tx, &l); err != nil {
		return err
	}
	if err := p.put(ctx, tx, l); err != nil {
		return err
	}
	if l.Status != LetterQueued {
		return nil
	}
	return tx.Enqueue(ctx, c.ID, StageDeliver)
}

// compose writes the automatic letter of a case, without a status.
func (p *Pipeline) compose(c Case, j *Judgement) (Letter, error) {
	l, err := p.Composer.Compose(c, *j)
	if err != nil {
		return l, fmt.Errorf("compose %s: %w", j.Reply.Kind, err)
	}
	l.Case, l.Kind, l.Automatic, l.Author, l.CreatedAt = c.ID, j.Reply.Kind, true, Machine, p.Now().UTC()
	j.Reply.Subject, j.Reply.Text = l.Subject, l.Text
	return l, nil
}

// put stores a new automatic letter: an answer to it finds its case again.
func (p *Pipeline) put(ctx context.Context, tx Tx, l Letter) error {
	if err := tx.SaveLetter(ctx, &l); err != nil {
		return err
	}
	if err := tx.PutKeys(ctx, l.Case, letterKeys(l)); err != nil {
		return err
	}
	return tx.Append(ctx, p.event(l.Case, EventLetter, string(l.Kind)+": "+string(l.Status)))
}

// admit sets the status an automatic letter starts with.
func (p *Pipeline) admit(ctx context.Context, tx Tx, l *Letter) error {
	if l.To == "" || !p.Carried(l.Channel) {
		l.Status, l.Detail = LetterDraft, "no electronic way back: print it or choose another channel"
		return nil
	}
	ofCase, err := tx.LockLetters(ctx, l.Case)
	if err != nil {
		return err
	}
	toAddress, _, err := tx.CountLetters(ctx, l.To, l.CreatedAt.Add(-24*time.Hour))
	if err != nil {
		return err
	}
	_, all, err := tx.CountLetters(ctx, l.To, l.CreatedAt.Add(-time.Hour))
	if err != nil {
		return err
	}
	l.Status = LetterQueued
	halted, err := tx.Halted(ctx)
	if err != nil {
		return err
	}
	if halted {
		l.Status, l.Detail = LetterHeld, HaltedBecause
		return nil
	}
	if held, because := p.Hold(len(ofCase), toAddress, all); held {
		l.Status, l.Detail = LetterHeld, because
	}
	return nil
}

// GiveUp ends the machine's attempts at a stage: the case goes to a clerk with a reason, never nowhere (promise P7).
func (p *Pipeline) GiveUp(ctx context.Context, id CaseID, stage Stage, cause error) error {
	return p.Store.Tx(ctx, func(tx Tx) error {
		c, err := tx.Lock(ctx, id)
		if err != nil {
			return err
		}
		if channel, ok := stage.Delivers(); ok {
			return p.giveUpLetters(ctx, tx, c, channel)
		}
		if c.Stage != StageJudge {
			return nil
		}
		return p.quarantine(ctx, tx, c)
	})
}

func (p *Pipeline) quarantine(ctx context.Context, tx Tx, c Case) error {
	c.Stage, c.Status = StageDone, StatusQuarantined
	c.Route = Route{Desk: DeskRegistry, Because: "System nie zdołał opracować tego pisma."}
	if c.Submission.Test() {
		c.Route.Desk = DeskTest
	}
	c.Reason = "Automatyczne opracowanie nie powiodło się mimo kilku prób. Oryginał jest bezpieczny: proszę go otworzyć i przydzielić ręcznie."
	if err := tx.Settle(ctx, c.Submission.Source, c.Submission.Item, ReceiptQuarantined, c.ID); err != nil {
		return err
	}
	if err := tx.Append(ctx, p.event(c.ID, EventQuarantined, "gave up after several attempts")); err != nil {
		return err
	}
	return tx.Update(ctx, &c)
}

// giveUpLetters puts letters of a channel ("": of all) that could not be handed over into a person's hands.
func (p *Pipeline) giveUpLetters(ctx context.Context, tx Tx, c Case, channel ingest.Channel) error {
	letters, err := tx.LockLetters(ctx, c.ID)
	if err != nil {
		return err
	}
	for _, l := range letters {
		if l.Status != LetterQueued || channel != "" && l.Channel != channel {
			continue
		}
		l.Status, l.Detail = LetterHeld, "the server for outgoing mail did not take it after several attempts"
		if err := tx.SaveLetter(ctx, &l); err != nil {
			return err
		}
		if err := tx.Append(ctx, p.event(c.ID, EventLetter, string(l.Kind)+": "+string(l.Status))); err != nil {
			return err
		}
	}
	return nil
}

// Rejudge judges a case again as if it were about the given procedure; it stores nothing. The desk shows it before, and
// stores it with, a clerk's correction.
func (p *Pipeline) Rejudge(ctx context.Context, id CaseID, procedure schemas.ProcedureID) (Judgement, error) {
	c, err := p.Store.Case(ctx, id)
	if err != nil {
		return Judgement{}, fmt.Errorf("rejudge case %d: %w", id, err)
	}
	old, err := p.Records.Judgement(ctx, id)
	if err != nil {
		return Judgement{}, fmt.Errorf("rejudge case %d: %w", id, err)
	}
	if p, err = p.with(ctx, old.Rulebook); err != nil {
		return Judgement{}, fmt.Errorf("rejudge case %d: %w", id, err)
	}
	return p.Judge.as(c, old, procedure)
}

func (p *Pipeline) event(id CaseID, kind EventKind, detail string) Event {
	return Event{Case: id, At: p.Now().UTC(), Actor: Machine, Kind: kind, Detail: detail}
}

func judgedDetail(j Judgement) string {
	return fmt.Sprintf("%s %s %.2f by %s, reply %s, desk %s", j.Decision.Nature, j.Decision.Procedure,
		j.Decision.Confidence, j.Decision.DecidedBy, j.Reply.Kind, j.Route.Desk)
}
