package main

import (
	"bytes"
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"okienko/ingest"
	"okienko/ingest/sandbox"
	"okienko/workflow"
	"okienko/workflow/deadline"
	"okienko/workflow/files"
	"okienko/workflow/reply"
	"okienko/workflow/reply/smtpsink"
	"okienko/workflow/store"
	"okienko/workflow/workflowtest"
)

// counter is the pipeline with all its real parts, where the test plays source and worker: so it can let any call fail, and run
// any step as often and as many times at once as it likes.
type counter struct {
	store  *store.Store
	sink   *smtpsink.Sink
	config config
	later  atomic.Int64 // how far the clock is ahead, as a Duration
	pool   *sandbox.Pool
}

// newReaders starts the child processes that the counters of one test share: starting them takes longer than a trial.
func newReaders(t *testing.T) *sandbox.Pool {
	t.Helper()
	pool, err := newPool(1, userCache(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pool.Close() })
	return pool
}

func newCounter(t *testing.T, database string, pool *sandbox.Pool) *counter {
	t.Helper()
	c := &counter{pool: pool, config: defaultConfig()}
	var err error
	if c.store, err = store.Open(t.Context(), database, nil); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.store.Close() })
	if c.sink, err = smtpsink.Listen("127.0.0.1:0", ""); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.sink.Close() })
	c.config.Data = t.TempDir()
	c.config.SMTP.Addr, c.config.SMTP.TLS, c.config.SMTP.From = c.sink.Addr(), "none", "podania@um-krakow.example"
	return c
}

func (c *counter) now() time.Time { return time.Now().Add(time.Duration(c.later.Load())) }

// pipeline is what one process runs. Every call to the store, the evidence, the readers and the mail server goes through f.
func (c *counter) pipeline(t *testing.T, f *workflowtest.Faults) *workflow.Pipeline {
	t.Helper()
	secret, err1 := loadSecret(c.config.Data)
	evidence, err2 := files.Open(c.config.evidenceDir())
	judge, err3 := newJudge(c.config)
	composer, err4 := newComposer(c.config, judge.Catalog, secret, nil, deadline.Calendar{})
	carrier, err5 := reply.NewSMTP(c.config.SMTP)
	if err := errors.Join(err1, err2, err3, err4, err5); err != nil {
		t.Fatal(err)
	}
	faulty := f.Store(c.store)
	carriers := map[ingest.Channel]workflow.Carrier{ingest.Email: faultyCarrier{carrier, f}}
	p := postman{reply.Postman{Store: faulty, Carriers: carriers, Now: c.now, Lease: c.config.Replies.Lease}}
	return &workflow.Pipeline{
		Store: faulty, Records: faulty, Evidence: f.Evidence(evidence), Judge: judge, Composer: composer, Postman: p,
		Examiner: newClient(c.pool), Hold: c.config.Replies.Hold, Carried: p.carries, Secret: secret, Now: c.now,
	}
}

type faultyCarrier struct {
	workflow.Carrier
	f *workflowtest.Faults
}

func (c faultyCarrier) Send(ctx context.Context, l workflow.Letter) error {
	return c.f.Call("Send", func() error { return c.Carrier.Send(ctx, l) })
}

// noFault lets nothing fail.
func noFault() *workflowtest.Faults { return workflowtest.FailCall(0, workflowtest.NotDone) }

// envelope is a mail as the connector offers it.
func envelope(item string, mail []byte) ingest.Envelope {
	return ingest.Envelope{Source: "podania", Channel: ingest.Email, Item: item, Name: "message.eml", MediaType: "message/rfc822",
		ReceivedAt: time.Now(), Body: bytes.NewReader(mail)}
}

// offer writes down that an item was seen and hands it over, as the connector does until it is taken.
func (c *counter) offer(ctx context.Context, p *workflow.Pipeline, item string, mail []byte) error {
	if err := p.Store.(workflowtest.Store).Saw(ctx, "podania", []string{item}); err != nil {
		return err
	}
	return p.Accept(ctx, envelope(item, mail))
}

// until tries as River and the connector do, and fails after more tries than one failure can cost.
func (c *counter) until(t *testing.T, what string, try func() error) {
	t.Helper()
	for tries := 1; ; tries++ {
		err := try()
		if err == nil {
			return
		}
		if tries == 3 {
			t.Fatalf("%s: still fails: %v", what, err)
		}
		c.later.Add(int64(c.config.Replies.Lease) + int64(time.Second)) // a letter in a dead hand is let go
	}
}

// work runs every stage of every case, until nothing is left to do.
func (c *counter) work(t *testing.T, p *workflow.Pipeline) {
	t.Helper()
	cases, err := allCases(t.Context(), c.store)
	if err != nil {
		t.Fatal(err)
	}
	for _, stage := range []workflow.Stage{workflow.StageJudge, workflow.StageDeliver} {
		c.wantNothingLost(t)
		for _, one := range cases {
			c.until(t, string(stage), func() error { return p.Advance(t.Context(), one.ID, stage) })
		}
	}
}

// wantNothingLost holds that whatever waits for the machine has a job.
func (c *counter) wantNothingLost(t *testing.T) {
	t.Helper()
	if lost, err := c.store.Unfinished(t.Context(), c.store.Now().Add(time.Hour), 10); err != nil || len(lost) != 0 {
		t.Errorf("%d cases wait for the machine without a job, %v", len(lost), err)
	}
}
