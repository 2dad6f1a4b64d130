package web

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestThrottle(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	th := NewThrottle(3, 15*time.Minute, func() time.Time { return now })
	for i := range 3 {
		if wait := th.Take("anna"); wait != 0 {
			t.Fatalf("attempt %d has to wait %v", i+1, wait)
		}
		now = now.Add(time.Minute)
	}
	if wait := th.Take("anna"); wait != 12*time.Minute {
		t.Errorf("the fourth attempt waits %v, want 12m: until the first has passed", wait)
	}
	if wait := th.Take("piotr"); wait != 0 {
		t.Errorf("another name waits %v", wait)
	}
	now = now.Add(12 * time.Minute)
	if wait := th.Take("anna"); wait != 0 {
		t.Errorf("after the window it still waits %v", wait)
	}
	if wait := th.Take("anna"); wait == 0 {
		t.Error("one passed attempt freed more than one")
	}
	th.Give("anna")
	if wait := th.Take("anna"); wait != 0 {
		t.Errorf("an attempt that was given back still counts: %v", wait)
	}
	th.Forget("anna")
	if wait := th.Take("anna"); wait != 0 {
		t.Errorf("a forgotten name waits %v", wait)
	}
}

func TestThrottleCountsAttemptsThatAreStillUnderWay(t *testing.T) {
	t.Parallel()
	th := NewThrottle(5, time.Hour, time.Now)
	var through atomic.Int64
	var all sync.WaitGroup
	for range 200 {
		all.Go(func() {
			if th.Take("anna") == 0 {
				through.Add(1)
			}
		})
	}
	all.Wait()
	if through.Load() != 5 {
		t.Errorf("%d of 200 attempts at once came through, want 5", through.Load())
	}
}

func TestThrottleIsBounded(t *testing.T) {
	t.Parallel()
	th := NewThrottle(5, time.Hour, time.Now)
	for i := range 3 * throttleKeys {
		th.Take(fmt.Sprint(i))
	}
	if len(th.tries) > throttleKeys {
		t.Errorf("%d names are remembered, at most %d may be", len(th.tries), throttleKeys)
	}
}
