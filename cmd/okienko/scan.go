package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"okienko/ingest"
	"okienko/ingest/scan"
	"okienko/ingest/scan/sheet"
	"okienko/workflow"
)

// scanConfig is one folder a scanner writes into.
type scanConfig struct {
	scan.Config `yaml:",inline"`
	Hold        string `yaml:"hold"` // none, next_working_day or hours; see workflow.ParseHold
}

// hold is checked before: validateScan.
func (c scanConfig) hold() workflow.Hold {
	h, _ := workflow.ParseHold(c.Hold)
	return h
}

// heldUntil is the hold of the urn a letter was dropped into; without a separator sheet nobody knows since when it would run.
func (c config) heldUntil(sub ingest.Submission) time.Time {
	for _, site := range c.Scan {
		if sub.Paper != nil && sub.Paper.Site == site.Name {
			return site.hold().Until(sub.Paper.DroppedTo)
		}
	}
	return time.Time{}
}

// validateScan checks the folders; sources holds the names of the other sources.
func (c config) validateScan(sources names) error {
	folders := map[string]bool{}
	for i, f := range c.Scan {
		if err := f.Validate(); err != nil {
			return fmt.Errorf("scan[%d]: %w", i, err)
		}
		if h, err := workflow.ParseHold(f.Hold); err != nil {
			return fmt.Errorf("scan[%d].hold: %w", i, err)
		} else if h != (workflow.Hold{}) && !f.Separators {
			return fmt.Errorf("scan[%d].hold: it needs separators: true, the sheets tell when the urn was emptied", i)
		}
		if err := sources.take("scan", i, f.Name); err != nil {
			return err
		}
		path := filepath.Clean(f.Folder)
		if folders[path] {
			return fmt.Errorf("scan[%d].folder: %s is used twice; every site needs a folder of its own", i, path)
		}
		folders[path] = true
	}
	return nil
}

// openScan prepares the folders as sources, and the process that parts batches if a folder gets any.
func (a *app) openScan() error {
	parting, err := a.parting()
	if err != nil {
		return err
	}
	for _, c := range a.cfg.Scan {
		s, err := scan.New(c.Config, a.store, parting, a.log)
		if err != nil {
			return fmt.Errorf("source %s: %w", c.Name, err)
		}
		a.sources = append(a.sources, intake{s, a.pipeline.Accept, ingest.Scan})
	}
	return nil
}

// parting is nil if no folder has separator sheets.
func (a *app) parting() (*scan.Parting, error) {
	if !slices.ContainsFunc(a.cfg.Scan, func(c scanConfig) bool { return c.Separators }) {
		return nil, nil
	}
	cutter, err := newCutter(a.cfg.cacheDir())
	if err != nil {
		return nil, fmt.Errorf("process that parts batches: %w", err)
	}
	a.closers = append(a.closers, cutter.pool.Close)
	key, err := sheet.NewKey(a.pipeline.Secret)
	return &scan.Parting{Evidence: a.pipeline.Evidence, Batches: a.store, Cutter: cutter, Key: key}, err
}

// checkScan looks into a folder, without taking anything.
func checkScan(c scanConfig) (string, error) {
	s, err := scan.New(c.Config, noLedger{}, &scan.Parting{}, nil)
	if err != nil {
		return "", err
	}
	r, err := s.Check()
	if err != nil {
		return "", err
	}
	text := fmt.Sprintf("%d files waiting", r.Waiting)
	if r.Unfinished > 0 {
		text += fmt.Sprintf(", %d unfinished", r.Unfinished)
	}
	for _, w := range r.Warnings {
		text += "; " + w
	}
	return text, nil
}
