package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"time"

	"okienko/ingest"
	"okienko/ingest/read"
	"okienko/ingest/sandbox"
	"okienko/validate"
	"okienko/validate/signature/trust"
	"okienko/validate/signature/trust/fetch"
	"okienko/workflow"
)

// The step between examining the signatures of a letter and judging it: the child process says what it lacked (trust.Errand), the
// server fetches it without looking inside, and the child examines the signatures again with the answers.

// asker takes the step. Nothing that goes wrong here keeps a letter: what was not learned stays undecided.
type asker struct {
	pool     *sandbox.Pool
	courier  *fetch.Courier
	kinds    []trust.Kind // of revocation data, the first first
	timeout  time.Duration
	evidence interface {
		Put(ctx context.Context, r io.Reader) (ingest.Digest, int64, error)
	}
	log *slog.Logger
	now func() time.Time
}

// newAsker returns nil if nobody may be asked.
func (a *app) newAsker(pool *sandbox.Pool, evidence workflow.Evidence) *asker {
	u := a.cfg.TrustUpdate
	if len(u.Ask.Hosts) == 0 || a.cfg.Trust == "" {
		return nil
	}
	courier := fetch.NewCourier(u.Ask.Hosts, u.Ask.Timeout/2, u.PrivateNetworks, nil)
	return &asker{pool: pool, courier: courier, kinds: u.Revocation, timeout: u.Ask.Timeout, evidence: evidence, log: a.log, now: time.Now}
}

const (
	maxRounds  = 6        // of asking and examining again
	maxErrands = 12       // run for one letter
	maxBrought = 32 << 20 // octets of answers
)

// complete returns the signatures judged with what could be learned; without an asker, as they are.
func (k *asker) complete(ctx context.Context, sub ingest.Submission, open read.Opener, first examination) []validate.SignatureReport {
	if k == nil || len(first.Errands) == 0 {
		return first.Signatures
	}
	ctx, cancel := context.WithTimeout(ctx, k.timeout)
	defer cancel()
	a := &asking{asker: k, sub: sub, open: open, done: map[string]validate.Inquiry{}, asked: make([][]validate.Inquiry, len(first.Signatures))}
	last := first
	for range maxRounds {
		round, before := a.next(last.Errands), len(a.answers)
		if len(round) == 0 {
			break
		}
		for _, e := range round {
			a.asked[e.Signature] = append(a.asked[e.Signature], a.run(ctx, e))
		}
		if len(a.answers) == before {
			continue // nothing came; perhaps from the next address
		}
		again, err := a.examine(ctx)
		if err != nil || len(again.Signatures) != len(first.Signatures) {
			k.log.Warn("signatures could not be examined again with what was fetched; they stay as they were", "error", err)
			break
		}
		last = again
	}
	for i := range last.Signatures {
		last.Signatures[i].Checked.Asked = a.asked[i]
	}
	return last.Signatures
}

// asking is one letter's way through the step.
type asking struct {
	*asker
	sub     ingest.Submission
	open    read.Opener
	done    map[string]validate.Inquiry // by errand
	asked   [][]validate.Inquiry        // by signature
	answers []trust.Answer
	size    int // octets of answers
}

func keyOf(e trust.Errand) string { return string(e.Kind) + " " + e.Address + " " + string(e.Body) }

// next picks of each certificate's errands the first that was not run, in the office's order of kinds.
func (a *asking) next(all []trust.Errand) []trust.Errand {
	order := append([]trust.Kind{trust.Issuer}, a.kinds...)
	var round []trust.Errand
	for _, kind := range order {
		for _, e := range all {
			_, done := a.done[keyOf(e)]
			taken := slices.ContainsFunc(round, func(r trust.Errand) bool { return r.Signature == e.Signature && r.About == e.About })
			if e.Kind == kind && !done && !taken && e.Signature < len(a.asked) {
				round = append(round, e)
			}
		}
	}
	return round
}

// run runs an errand, unless another signature of this letter had the same, and keeps what came.
func (a *asking) run(ctx context.Context, e trust.Errand) validate.Inquiry {
	if q, ok := a.done[keyOf(e)]; ok {
		return q
	}
	q := validate.Inquiry{Kind: string(e.Kind), Address: e.Address, At: a.now().UTC()}
	digest, err := a.fetch(ctx, e)
	if q.Digest = string(digest); err != nil {
		q.Problem = err.Error()
		a.log.Warn("a question about a certificate was not answered; its signature may stay undecided", "kind", e.Kind, "error", err)
	}
	a.done[keyOf(e)] = q
	return q
}

// fetch makes the answer durable before it counts.
func (a *asking) fetch(ctx context.Context, e trust.Errand) (ingest.Digest, error) {
	if len(a.done) >= maxErrands || a.size >= maxBrought {
		return "", errors.New("not asked: too much was asked about one letter")
	}
	raw, err := a.courier.Run(ctx, e)
	if err != nil {
		return "", err
	}
	digest, _, err := a.evidence.Put(ctx, bytes.NewReader(raw))
	if err != nil {
		return "", fmt.Errorf("the answer could not be kept and does not count: %w", err)
	}
	a.answers, a.size = append(a.answers, trust.Answer{Kind: e.Kind, Raw: raw}), a.size+len(raw)
	return digest, nil
}

// reexamine is the request of verbReexamine; the answers follow the originals as bodies.
type reexamine struct {
	Submission ingest.Submission `json:"submission"`
	Answers    []trust.Kind      `json:"answers"`
}

// examine has a child examine the signatures again with the answers.
func (a *asking) examine(ctx context.Context) (examination, error) {
	req, bodies := reexamine{Submission: a.sub}, read.Bodies(a.sub, a.open)
	for _, answer := range a.answers {
		req.Answers = append(req.Answers, answer.Kind)
		bodies = append(bodies, sandbox.Body{Size: int64(len(answer.Raw)), Open: func(context.Context) (io.ReadCloser, error) {
			return io.NopCloser(bytes.NewReader(answer.Raw)), nil
		}})
	}
	var again examination
	err := a.pool.Do(ctx, sandbox.Task{Verb: verbReexamine, Request: req, Bodies: bodies, Answer: &again})
	return again, err
}

// reexamine is the child's side.
func (e *examiner) reexamine(ctx context.Context, c *sandbox.Call) (any, error) {
	var req reexamine
	if err := c.Request(&req); err != nil {
		return nil, err
	}
	originals := len(c.Bodies) - len(req.Answers)
	if originals < 0 {
		return nil, errors.New("fewer bodies than answers")
	}
	var answers []trust.Answer
	for i, kind := range req.Answers {
		answers = append(answers, trust.Answer{Kind: kind, Raw: c.Bodies[originals+i]})
	}
	c.Bodies = c.Bodies[:originals]
	return e.examineWith(ctx, c, e.trust.With(answers))
}
