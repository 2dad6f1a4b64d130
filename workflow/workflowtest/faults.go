package workflowtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"testing"
	"time"

	"okienko/ingest"
	"okienko/workflow"
)

// ErrInjected is the error of a call that was made to fail.
var ErrInjected = errors.New("injected failure")

// Fault is a way to fail.
type Fault string

// The two ways in which anything behind a wire fails.
const (
	NotDone    Fault = "not done"                     // it fails before it does anything
	Unreported Fault = "done, but reported as failed" // it does everything, and the answer is lost
)

// Faults makes one call fail, counted over all it wraps. It may be used concurrently.
type Faults struct {
	at  int
	how Fault

	mu    sync.Mutex
	calls int
	hit   string
}

// FailCall makes the at-th call fail, counted from 1.
func FailCall(at int, how Fault) *Faults { return &Faults{at: at, how: how} }

// Hit names the call that failed, "" if there were fewer.
func (f *Faults) Hit() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.hit
}

// FirstStep is where a walk that takes every stride-th step begins, 1 to stride: another one each day, so that runs of stride days
// in a row take them all.
func FirstStep(stride int) int { return 1 + time.Now().YearDay()%stride }

// Walk runs trial with the first call failing, then the second, and so on, each in both ways, until a trial makes fewer calls.
// The trial wraps what it uses, tries as its callers would, and then checks that nothing is lost or doubled. Walk logs how many
// trials there were.
func Walk(t *testing.T, trial func(t *testing.T, f *Faults)) {
	t.Helper()
	walk(t, 1, 1, trial)
}

// WalkSparsely is Walk for trials that take long: only every stride-th call fails, from FirstStep on; with a stride of 1 each does.
func WalkSparsely(t *testing.T, stride int, trial func(t *testing.T, f *Faults)) {
	t.Helper()
	walk(t, FirstStep(stride), stride, trial)
}

func walk(t *testing.T, first, stride int, trial func(t *testing.T, f *Faults)) {
	t.Helper()
	trials := 0
	for _, how := range []Fault{NotDone, Unreported} {
		for at := first; ; at += stride {
			f := FailCall(at, how)
			t.Run(fmt.Sprintf("call %d %s", at, how), func(t *testing.T) {
				trial(t, f)
				if t.Failed() {
					t.Logf("the call that failed was %s", f.Hit())
				}
			})
			if f.Hit() == "" {
				break
			}
			trials++
		}
	}
	if trials == 0 {
		t.Error("no call was made through the faults")
	}
	t.Logf("%d trials: every %d. call from the %d. on", trials, stride, first)
}

// Call is a call that may be the one to fail; with it anything can be wrapped.
func (f *Faults) Call(name string, do func() error) error {
	before, after := f.next(name)
	if before != nil {
		return before
	}
	if err := do(); err != nil {
		return err
	}
	return after
}

// next counts a call and says whether it fails before or after it takes effect.
func (f *Faults) next(name string) (before, after error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.calls++; f.calls != f.at {
		return nil, nil
	}
	f.hit = name
	err := fmt.Errorf("%s: %s: %w", name, f.how, ErrInjected)
	if f.how == NotDone {
		return err, nil
	}
	return nil, err
}

// result is Call for what returns a value.
func result[T any](f *Faults, name string, do func() (T, error)) (T, error) {
	var v T
	err := f.Call(name, func() (err error) {
		v, err = do()
		return err
	})
	if err != nil {
		var none T
		return none, err
	}
	return v, nil
}

// Evidence wraps an evidence store.
func (f *Faults) Evidence(e workflow.Evidence) workflow.Evidence { return faultyEvidence{e, f} }

type faultyEvidence struct {
	workflow.Evidence
	f *Faults
}

func (e faultyEvidence) Put(ctx context.Context, r io.Reader) (ingest.Digest, int64, error) {
	var size int64
	d, err := result(e.f, "Evidence.Put", func() (d ingest.Digest, err error) {
		d, size, err = e.Evidence.Put(ctx, r)
		return d, err
	})
	if err != nil {
		return "", 0, err
	}
	return d, size, nil
}

func (e faultyEvidence) Open(ctx context.Context, d ingest.Digest) (io.ReadSeekCloser, error) {
	if before, after := e.f.next("Evidence.Open"); before != nil || after != nil { // an answer lost is a file not open
		return nil, errors.Join(before, after)
	}
	return e.Evidence.Open(ctx, d)
}
