package nadaj_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"okienko/ingest"
	"okienko/ingest/epuap"
	"okienko/ingest/epuap/epuaptest"
	"okienko/validate/signature/trust"
	"okienko/workflow"
	"okienko/workflow/files"
	"okienko/workflow/nadaj"
	"okienko/workflow/reply"
	"okienko/workflow/seal"
	"okienko/workflow/store"
	"okienko/workflow/workflowtest"
)

func TestMain(m *testing.M) { workflowtest.Main(m) }

// world is an office that answers through a simulated platform.
type world struct {
	platform *epuaptest.Server
	store    *store.Store
	evidence *files.Evidence
	carrier  *nadaj.Carrier
	now      time.Time
}

// eachDatabase runs a test on SQLite and on PostgreSQL.
func eachDatabase(t *testing.T, test func(t *testing.T, open func(*testing.T) *world)) {
	for name, url := range map[string]func(testing.TB) string{
		"SQLite":     func(tb testing.TB) string { return filepath.Join(tb.TempDir(), "okienko.db") },
		"PostgreSQL": workflowtest.Postgres,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, func(t *testing.T) *world { return newWorld(t, url(t)) })
		})
	}
}

func newWorld(t *testing.T, url string) *world {
	t.Helper()
	if err := store.Migrate(context.Background(), url); err != nil {
		t.Fatal(err)
	}
	w := &world{now: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)}
	var err error
	if w.store, err = store.Open(context.Background(), url, nil); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.store.Close() })
	if w.evidence, err = files.Open(filepath.Join(t.TempDir(), "evidence")); err != nil {
		t.Fatal(err)
	}
	if w.platform, err = epuaptest.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.platform.Close() })
	w.carrier = w.newCarrier(t)
	return w
}

func (w *world) newCarrier(t *testing.T) *nadaj.Carrier { return w.carrierOf(t, epuaptest.Box) }

func (w *world) carrierOf(t *testing.T, box string) *nadaj.Carrier {
	t.Helper()
	cfg, err := w.platform.Config(box, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	cfg.Box, cfg.Timeout = box, 2*time.Second
	client, err := epuap.NewClient(cfg)
	if err != nil {
		t.Fatal(err)
	}
	trusted, err := trust.New(map[string][]byte{"ca.pem": w.platform.Authority.PEM()})
	if err != nil {
		t.Fatal(err)
	}
	return &nadaj.Carrier{
		Client: client, Seal: seal.Seal{Certificate: w.platform.Office.Certificate, Key: w.platform.Office.Key}, Office: "Urząd Miasta",
		Evidence: w.evidence, Store: w.store, Trust: trusted, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return w.now },
	}
}

func (w *world) postman() reply.Postman {
	return reply.Postman{Store: w.store, Carriers: map[ingest.Channel]workflow.Carrier{ingest.EPUAP: w.carrier}, Now: func() time.Time { return w.now }}
}

// newCase registers a case with one queued letter.
func (w *world) newCase(t *testing.T, change func(*workflow.Letter)) workflow.CaseID {
	t.Helper()
	return w.newCaseBy(t, "skrytka", nil, change)
}

// newCaseBy registers a case that came by a source.
func (w *world) newCaseBy(t *testing.T, source string, meta map[string]string, change func(*workflow.Letter)) workflow.CaseID {
	t.Helper()
	var id workflow.CaseID
	err := w.store.Tx(t.Context(), func(tx workflow.Tx) error {
		c := workflow.Case{Submission: ingest.Submission{Source: source, Channel: ingest.EPUAP, Item: "1", ReceivedAt: w.now, Meta: meta,
			Originals: []ingest.Original{{Role: "body", Digest: ingest.DigestOf([]byte(t.Name()))}}}, Stage: workflow.StageDone, Status: workflow.StatusOpen}
		if _, err := tx.Create(t.Context(), &c); err != nil {
			return err
		}
		id = c.ID
		l := workflow.Letter{Case: id, Kind: workflow.ReplyIncomplete, Automatic: true, Status: workflow.LetterQueued, Channel: ingest.EPUAP, To: "/anna_testowa/domyslna",
			Subject: "[RPW/1/2026] Braki w piśmie", Text: "Dzień dobry,\n\nbrakuje: <pełnomocnictwa> & opłaty.\n\nUrząd", MessageID: "okienko.1@um.example", CreatedAt: w.now}
		if change != nil {
			change(&l)
		}
		return tx.SaveLetter(t.Context(), &l)
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func (w *world) letter(t *testing.T, id workflow.CaseID) workflow.Letter {
	t.Helper()
	all, err := w.store.CaseLetters(t.Context(), id)
	if err != nil || len(all) != 1 {
		t.Fatalf("%d letters, %v", len(all), err)
	}
	return all[0]
}

// history is what the case's events say, in one text.
func (w *world) history(t *testing.T, id workflow.CaseID) string {
	t.Helper()
	events, err := w.store.Events(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, e := range events {
		fmt.Fprintln(&b, e.Detail)
	}
	return b.String()
}

func TestALetterGoesOutAndItsProofIsKept(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, open func(*testing.T) *world) {
		w := open(t)
		id := w.newCase(t, nil)
		if err := w.postman().Deliver(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		sent := w.platform.Sent()
		if l := w.letter(t, id); l.Status != workflow.LetterSent || len(sent) != 1 || sent[0].To != l.To {
			t.Fatalf("letter %+v, %d delivered", l, len(sent))
		}
		for _, content := range [][]byte{sent[0].Content, sent[0].Proof} {
			f, err := w.evidence.Open(t.Context(), ingest.DigestOf(content))
			if err != nil {
				t.Fatalf("not kept as evidence: %v", err)
			}
			if b, err := io.ReadAll(f); err != nil || string(b) != string(content) {
				t.Errorf("evidence differs: %v", err)
			}
			f.Close()
			if !strings.Contains(w.history(t, id), string(ingest.DigestOf(content))) {
				t.Error("the history does not say where it is")
			}
		}
		proofs, err := w.store.CaseProofs(t.Context(), id)
		if err != nil || len(proofs) != 2 {
			t.Fatalf("%d proofs, %v; want the document and the UPP", len(proofs), err)
		}
		document, upp := proofs[0], proofs[1]
		if document.Kind != workflow.ProofDocument || document.ID != sent[0].ID || document.Digest != ingest.DigestOf(sent[0].Content) || document.Verdict != "" {
			t.Errorf("the document %+v", document)
		}
		if upp.Kind != "UPP" || upp.Digest != ingest.DigestOf(sent[0].Proof) || upp.Bytes != int64(len(sent[0].Proof)) || upp.Verdict != workflow.ProofGenuine || upp.ID != "ePUAP-UPP"+sent[0].ID {
			t.Errorf("the UPP %+v", upp)
		}
		if h := w.history(t, id); !strings.Contains(h, "dokument ePUAP "+sent[0].ID) || !strings.Contains(h, "UPP ePUAP-UPP"+sent[0].ID) || !strings.Contains(h, "pieczęć prawdziwa") {
			t.Errorf("history:\n%s", h)
		}
	})
}

func TestTheProofIsToldForWhatItIs(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		switches epuaptest.Switches
		trusted  bool
		want     string
		verdict  workflow.ProofVerdict
	}{
		{"a good one", epuaptest.Switches{}, true, "pieczęć prawdziwa", workflow.ProofGenuine},
		{"a good one, and nobody is trusted", epuaptest.Switches{}, false, "wystawcy nie sprawdzono", workflow.ProofUnchecked},
		{"changed after sealing", epuaptest.Switches{ProofChangedLater: true}, true, "PIECZĘĆ NIE ZGADZA SIĘ", workflow.ProofBroken},
		{"about another document", epuaptest.Switches{ProofOfAnother: true}, true, "nie wymienia tego dokumentu", workflow.ProofBroken},
		{"something else", epuaptest.Switches{NoRealProof: true}, true, "przyszło coś innego", workflow.ProofBroken},
		{"none", epuaptest.Switches{NoProof: true}, true, "nie wystawia UPP", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, filepath.Join(t.TempDir(), "okienko.db"))
			w.platform.Set(func(s *epuaptest.Switches) { *s = tt.switches })
			if !tt.trusted {
				w.carrier.Trust = nil
			}
			id := w.newCase(t, nil)
			if err := w.postman().Deliver(t.Context(), id); err != nil {
				t.Fatal(err)
			}
			if l := w.letter(t, id); l.Status != workflow.LetterSent {
				t.Errorf("letter %s: a bad proof does not undo the delivery", l.Status)
			}
			if h := w.history(t, id); !strings.Contains(h, tt.want) {
				t.Errorf("history:\n%s\nwant %q", h, tt.want)
			}
			proofs, err := w.store.CaseProofs(t.Context(), id)
			if err != nil || proofs[len(proofs)-1].Verdict != tt.verdict {
				t.Errorf("proofs %+v, %v; want %q", proofs, err, tt.verdict)
			}
		})
	}
}

// TestNothingIsSentTwice is promise P3: whatever happens on the way, and however often delivery is tried again, one letter is
// delivered at most once, and what nobody can know is told.
func TestNothingIsSentTwice(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name      string
		switches  epuaptest.Switches
		change    func(*workflow.Letter)
		first     workflow.LetterStatus // after the failure
		last      workflow.LetterStatus // after the platform behaves and delivery was tried again, twice
		delivered int
	}{
		{"it behaves", epuaptest.Switches{}, nil, workflow.LetterSent, workflow.LetterSent, 1},
		{"the line breaks after it was delivered", epuaptest.Switches{CutAfterSend: true}, nil, workflow.LetterUnknown, workflow.LetterUnknown, 1},
		{"the line breaks before it was delivered", epuaptest.Switches{CutBeforeSend: true}, nil, workflow.LetterUnknown, workflow.LetterUnknown, 0},
		{"the answer is somebody else's", epuaptest.Switches{Impostor: true}, nil, workflow.LetterUnknown, workflow.LetterUnknown, 1},
		{"HTTP 502", epuaptest.Switches{NotSOAP: 502}, nil, workflow.LetterUnknown, workflow.LetterUnknown, 0},
		{"HTTP 503", epuaptest.Switches{NotSOAP: 503}, nil, workflow.LetterQueued, workflow.LetterSent, 1},
		{"the platform refuses by fault", epuaptest.Switches{Fault: 4}, nil, workflow.LetterFailed, workflow.LetterFailed, 0},
		{"the platform refuses by fault with HTTP 200", epuaptest.Switches{Fault: 4, FaultWith200: true}, nil, workflow.LetterFailed, workflow.LetterFailed, 0},
		{"the platform refuses by status", epuaptest.Switches{RefuseSend: 7}, nil, workflow.LetterFailed, workflow.LetterFailed, 0},
		{"no box", epuaptest.Switches{}, func(l *workflow.Letter) { l.To = "anna@example.com" }, workflow.LetterFailed, workflow.LetterFailed, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			eachDatabase(t, func(t *testing.T, open func(*testing.T) *world) {
				w := open(t)
				w.platform.Set(func(s *epuaptest.Switches) { *s = tt.switches })
				id := w.newCase(t, tt.change)
				err := w.postman().Deliver(t.Context(), id)
				if (err != nil) != (tt.first == workflow.LetterQueued) {
					t.Errorf("Deliver = %v", err)
				}
				if l := w.letter(t, id); l.Status != tt.first {
					t.Errorf("first %s (%s), want %s", l.Status, l.Detail, tt.first)
				}
				w.platform.Behave()
				for range 2 {
					if err := w.postman().Deliver(t.Context(), id); err != nil {
						t.Errorf("Deliver again = %v", err)
					}
				}
				if l := w.letter(t, id); l.Status != tt.last || len(w.platform.Sent()) != tt.delivered {
					t.Errorf("last %s with %d delivered, want %s with %d", l.Status, len(w.platform.Sent()), tt.last, tt.delivered)
				}
			})
		})
	}
}

// What answers a test is a test: the platform checks it and delivers nothing.
func TestALetterAboutATestIsATrial(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, open func(*testing.T) *world) {
		w := open(t)
		id := w.newCaseBy(t, "skrytka", map[string]string{ingest.MetaTest: "true"}, nil)
		if err := w.postman().Deliver(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		asked := w.platform.Exchanges()
		if len(asked) != 1 || !strings.Contains(string(asked[0].Request), ">1</ob:CzyProbne>") || len(w.platform.Sent()) != 0 {
			t.Errorf("%d requests, %d delivered; want one trial and nothing delivered", len(asked), len(w.platform.Sent()))
		}
		if l := w.letter(t, id); l.Status != workflow.LetterSent || !strings.Contains(w.history(t, id), "wysłano próbnie") {
			t.Errorf("letter %s, history:\n%s", l.Status, w.history(t, id))
		}
	})
}

// A process that died while sending leaves the intent behind: nobody can know, so nothing is sent.
func TestALetterFoundInSendingIsUnknown(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, open func(*testing.T) *world) {
		w := open(t)
		id := w.newCase(t, func(l *workflow.Letter) {
			l.Status, l.SendingAt = workflow.LetterSending, w.now.Add(-time.Hour)
		})
		if err := w.postman().Deliver(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		if l := w.letter(t, id); l.Status != workflow.LetterUnknown || len(w.platform.Sent()) != 0 {
			t.Errorf("%s, %d delivered", l.Status, len(w.platform.Sent()))
		}
	})
}

// A graceful stop while the platform thinks must not leave a letter nobody knows about; before that nothing has gone.
func TestTheEndOfTheContext(t *testing.T) {
	t.Parallel()
	w := newWorld(t, filepath.Join(t.TempDir(), "okienko.db"))
	l := w.letter(t, w.newCase(t, nil))
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := w.carrier.Send(ended, l); !errors.Is(err, workflow.ErrNotSent) || len(w.platform.Sent()) != 0 {
		t.Errorf("before: %v, %d delivered", err, len(w.platform.Sent()))
	}
	w.platform.Set(func(s *epuaptest.Switches) { s.Slow = 300 * time.Millisecond })
	soon, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := w.carrier.Send(soon, l); err != nil || soon.Err() == nil {
		t.Errorf("during: %v, context %v", err, soon.Err())
	}
}
