package main

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"okienko/workflow"
)

// probeTimeout bounds what a probe or a scrape may ask of the database.
const probeTimeout = 5 * time.Second

// healthHandler serves what a supervisor and a monitoring system ask: is the process alive, can it work, how far is it.
func healthHandler(o workflow.Overview, sources func() []sourceStatus) http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		&ledgerCollector{overview: o, sources: sources})
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) { ready(w, r, o) })
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError}))
	return mux
}

// ready answers 503 while the database does not answer. A source that is down does not make the process unready: the others
// work on, and the metric okienko_source_up tells.
func ready(w http.ResponseWriter, r *http.Request, o workflow.Overview) {
	ctx, cancel := context.WithTimeout(r.Context(), probeTimeout)
	defer cancel()
	if _, err := o.Balance(ctx); err != nil {
		http.Error(w, "the database does not answer", http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, "ready")
}

// sourceStatus is what screens and metrics show of a source.
type sourceStatus struct {
	Name        string
	LastContact time.Time // zero: never
	Up          bool
}

// ledgerCollector reads the ledger when it is scraped: the numbers are those of the database, for all processes together.
type ledgerCollector struct {
	overview workflow.Overview
	sources  func() []sourceStatus
}

var (
	itemsDesc = prometheus.NewDesc("okienko_source_items", "Items seen at a source, by what became of them.",
		[]string{"source", "outcome"}, nil)
	casesDesc = prometheus.NewDesc("okienko_cases", "Cases by desk and status.", []string{"desk", "status"}, nil)
	upDesc    = prometheus.NewDesc("okienko_source_up", "1 while this process is in contact with the source.", []string{"source"}, nil)
	seenDesc  = prometheus.NewDesc("okienko_source_last_contact_seconds", "Unix time of the last contact with the source.",
		[]string{"source"}, nil)
)

// Describe implements prometheus.Collector.
func (c *ledgerCollector) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{itemsDesc, casesDesc, upDesc, seenDesc} {
		ch <- d
	}
}

// Collect implements prometheus.Collector.
func (c *ledgerCollector) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), probeTimeout)
	defer cancel()
	c.collectSources(ch)
	balance, err := c.overview.Balance(ctx)
	if err != nil {
		ch <- prometheus.NewInvalidMetric(itemsDesc, err)
		return
	}
	for _, b := range balance {
		for outcome, n := range map[string]int{
			"registered": b.Registered, "duplicate": b.Duplicates, "quarantined": b.Quarantined, "pending": b.Pending,
			"gone": b.Gone,
		} {
			ch <- prometheus.MustNewConstMetric(itemsDesc, prometheus.GaugeValue, float64(n), b.Source, outcome)
		}
	}
	counts, err := c.overview.CountCases(ctx)
	if err != nil {
		ch <- prometheus.NewInvalidMetric(casesDesc, err)
		return
	}
	for _, n := range counts {
		ch <- prometheus.MustNewConstMetric(casesDesc, prometheus.GaugeValue, float64(n.N), n.Desk, string(n.Status))
	}
}

func (c *ledgerCollector) collectSources(ch chan<- prometheus.Metric) {
	for _, s := range c.sources() {
		up := 0.0
		if s.Up {
			up = 1
		}
		ch <- prometheus.MustNewConstMetric(upDesc, prometheus.GaugeValue, up, s.Name)
		if !s.LastContact.IsZero() {
			ch <- prometheus.MustNewConstMetric(seenDesc, prometheus.GaugeValue, float64(s.LastContact.Unix()), s.Name)
		}
	}
}
