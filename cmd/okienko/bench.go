package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"okienko/workflow/jobs"
	"okienko/workflow/store"
)

type benchCmd struct {
	Run     benchRunCmd     `cmd:"" default:"withargs" help:"Measure."`
	Mailbox benchMailboxCmd `cmd:"" hidden:"" help:"Serve the benchmark's mailbox until standard input ends."`
}

type benchRunCmd struct {
	Messages int    `default:"1000" help:"Letters in the mailbox, each with a PDF."`
	Postgres string `help:"URL of an empty PostgreSQL database to measure as well: postgres://…; it is filled."`
	JSON     bool   `name:"json" help:"Print JSON."`
}

// benchResult is one database's row. Rates are per second.
type benchResult struct {
	Database   string        `json:"database"`
	Messages   int           `json:"messages"`
	Fetch      float64       `json:"imap_fetch_per_second"`      // limit: reading the same mailbox and nothing else
	Chain      float64       `json:"river_chains_per_second"`    // limit: two empty jobs on the same database
	Rate       float64       `json:"messages_per_second"`        // first registered to last judged
	P50        time.Duration `json:"latency_p50_ns"`             // registered to judged, reply queued
	P99        time.Duration `json:"latency_p99_ns"`             //
	PeakMemory int64         `json:"server_peak_memory_bytes"`   // resident, of the server process
	CPU        time.Duration `json:"cpu_ns_per_message"`         // processor time of the server and its readers
	Share      float64       `json:"share_of_the_smaller_limit"` // Rate over the smaller limit
}

// Run measures each database on a mailbox of its own, with the two limits beside it in the same run.
func (b *benchRunCmd) Run(ctx context.Context, out streams) error {
	dir, err := os.MkdirTemp("", "okienko-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	databases := map[string]string{"SQLite": filepath.Join(dir, "bench.db")}
	order := []string{"SQLite"}
	if b.Postgres != "" {
		databases["PostgreSQL"], order = b.Postgres, append(order, "PostgreSQL")
	}
	var results []benchResult
	for _, name := range order {
		r, err := b.measure(ctx, dir, name, databases[name])
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		results = append(results, r)
	}
	if b.JSON {
		return json.NewEncoder(out.out).Encode(results)
	}
	for _, r := range results {
		fmt.Fprintf(out.out, "%s, %d letters with a PDF\n  plain IMAP fetch      %7.0f/s\n  empty two-job chain   %7.0f/s\n  mailbox to desk       %7.0f/s  (%.2f of the smaller limit)\n"+
			"  registered to judged  p50 %v, p99 %v\n  server process        %d MB at most\n  server and readers    %v of a core for a letter: at most %.0f/s on the %d cores here\n",
			r.Database, r.Messages, r.Fetch, r.Chain, r.Rate, r.Share, r.P50.Round(time.Millisecond), r.P99.Round(time.Millisecond), r.PeakMemory>>20,
			r.CPU.Round(100*time.Microsecond), float64(runtime.NumCPU())/r.CPU.Seconds(), runtime.NumCPU())
	}
	return nil
}

func (b *benchRunCmd) measure(ctx context.Context, dir, name, database string) (benchResult, error) {
	r := benchResult{Database: name, Messages: b.Messages}
	if err := store.Migrate(ctx, database); err != nil {
		return r, err
	}
	var err error
	if r.Chain, err = benchChain(ctx, database, b.Messages); err != nil {
		return r, err
	}
	mailbox, err := startBenchMailbox(ctx, b.Messages)
	if err != nil {
		return r, err
	}
	defer mailbox.close()
	if r.Fetch, err = benchFetch(mailbox.address()); err != nil {
		return r, err
	}
	if err := r.serve(ctx, dir, name, database, mailbox); err != nil {
		return r, err
	}
	if err := r.readLedger(ctx, database); err != nil {
		return r, err
	}
	r.Share = r.Rate / min(r.Fetch, r.Chain)
	return r, nil
}

func benchChain(ctx context.Context, database string, n int) (float64, error) {
	s, err := store.Open(ctx, database, nil)
	if err != nil {
		return 0, err
	}
	defer s.Close()
	return jobs.BenchChain(ctx, s, n)
}
