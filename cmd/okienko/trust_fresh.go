package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"time"

	"okienko/ingest/sandbox"
)

// trustPoll is how often a running server looks whether its trust data changed.
const trustPoll = 15 * time.Second

// keepTrustFresh fetches trust data as often as configured and gives what changed, by that or by hand, to the reader processes,
// which hold it in memory. A file that cannot be read is said and not used.
func (a *app) keepTrustFresh(ctx context.Context, pool *sandbox.Pool) {
	if a.cfg.Trust == "" || !a.cfg.has(roleWorkers) {
		return
	}
	go func() {
		have := trustState(a.cfg.Trust)
		a.tellTrust("trust data")
		poll := time.NewTicker(trustPoll)
		defer poll.Stop()
		for next := time.Now(); ; {
			if every := a.cfg.TrustUpdate.Every; every > 0 && !time.Now().Before(next) {
				next = time.Now().Add(every)
				if err := updateTrust(ctx, a.cfg); err != nil && ctx.Err() == nil {
					a.log.Error("trust data could not be fetched completely; what is at hand is used", "error", err)
				}
			}
			have = a.renewTrust(pool, have)
			select {
			case <-ctx.Done():
				return
			case <-poll.C:
			}
		}
	}()
}

// renewTrust replaces the reader processes if the trust data is not what it was, and returns what it is.
func (a *app) renewTrust(pool *sandbox.Pool, have string) string {
	now := trustState(a.cfg.Trust)
	if now == have {
		return have
	}
	if !a.tellTrust("trust data changed") {
		return have
	}
	pool.Renew()
	return now
}

// tellTrust writes into the log what is trusted and what is out of date; it reports whether the directory can be read.
func (a *app) tellTrust(what string) bool {
	store, err := readableTrust(a.cfg.Trust)
	if err != nil {
		a.log.Error(what+": it cannot be read", "error", err)
		return false
	}
	a.log.Info(what, "used", store.Describe())
	for _, w := range store.Warnings(time.Now()) {
		a.log.Warn(what, "warning", w)
	}
	return true
}

// trustState tells one state of a directory from another by names, sizes and times.
func trustState(dir string) string {
	h := sha256.New()
	err := fs.WalkDir(os.DirFS(dir), ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			fmt.Fprintln(h, p, info.Size(), info.ModTime().UnixNano())
		}
		return err
	})
	return fmt.Sprintf("%x %v", h.Sum(nil), err)
}
