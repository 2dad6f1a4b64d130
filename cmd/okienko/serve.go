package main

import (
	"context"
	"os"
	"time"
)

type serveCmd struct {
	Config string `default:"okienko.yaml" help:"Configuration file." type:"path"`
	Once   bool   `help:"Take in what waits, finish it and end; exit 0 only if the ledger balances."`
}

// Run serves until the context ends, then stops gracefully: sources first, then workers, then the desk.
func (s *serveCmd) Run(ctx context.Context, io streams) error {
	cfg, err := loadConfig(s.Config)
	if err != nil {
		return err
	}
	log := newLogger(io.err, cfg.Log)
	a, err := openApp(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer a.close()
	log.Info("okienko starts", "version", version(), "roles", cfg.Roles, "pid", os.Getpid())
	if s.Once {
		return a.runOnce(ctx)
	}
	return a.run(ctx)
}

// idlePoll is how often runOnce looks whether everything is done.
const idlePoll = 50 * time.Millisecond
