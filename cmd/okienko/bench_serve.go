package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"go.yaml.in/yaml/v3"

	"okienko/workflow/store"
)

// serve runs the real server process on the benchmark's mailbox until all is done, and records what it took of the machine.
func (r *benchResult) serve(ctx context.Context, dir, name, database string, m *benchMailbox) error {
	cfg, err := benchConfig(filepath.Join(dir, name), database, m)
	if err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, self, "serve", "--once", "--config", cfg)
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("serve: %w", err)
	}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return fmt.Errorf("this system does not tell the memory of a process")
	}
	r.PeakMemory = usage.Maxrss << 10 // kilobytes on Linux; of the largest process, which is the server
	r.CPU = (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()) / time.Duration(r.Messages)
	return nil
}

// benchConfig writes the configuration of the server process.
func benchConfig(dir, database string, m *benchMailbox) (file string, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	password := filepath.Join(dir, "password")
	if err := os.WriteFile(password, []byte(m.Password), 0o600); err != nil {
		return "", err
	}
	text, err := yaml.Marshal(map[string]any{
		"database": database, "data": dir, "health": "", "roles": []string{roleSources, roleWorkers}, "cache": userCache(),
		"log": map[string]any{"level": "warn"},
		"imap": []any{map[string]any{"name": "bench", "host": m.Host, "port": m.Port, "tls": "none", "username": m.Username,
			"password_file": password, "start": "all"}},
		// Letters are judged and queued; sending them is not part of the measure.
		"smtp":    map[string]any{"addr": m.SMTP, "tls": "none", "from": "podania@um-krakow.example"},
		"replies": map[string]any{"per_hour": 1 << 30},
	})
	if err != nil {
		return "", err
	}
	file = filepath.Join(dir, "okienko.yaml")
	return file, os.WriteFile(file, text, 0o600)
}

// readLedger reads from the database when each letter was registered and judged.
func (r *benchResult) readLedger(ctx context.Context, database string) error {
	s, err := store.Open(ctx, database, nil)
	if err != nil {
		return err
	}
	defer s.Close()
	cases, err := allCases(ctx, s)
	if err != nil {
		return err
	}
	if len(cases) != r.Messages {
		return fmt.Errorf("%d letters became %d cases", r.Messages, len(cases))
	}
	var waits []time.Duration
	first, last := cases[0].RegisteredAt, time.Time{}
	for _, c := range cases {
		j, err := s.Judgement(ctx, c.ID)
		if err != nil {
			return fmt.Errorf("judgement of %s: %w", c.Number, err)
		}
		waits = append(waits, j.At.Sub(c.RegisteredAt))
		if j.At.After(last) {
			last = j.At
		}
		if c.RegisteredAt.Before(first) {
			first = c.RegisteredAt
		}
	}
	slices.Sort(waits)
	r.Rate = float64(len(cases)) / last.Sub(first).Seconds()
	r.P50, r.P99 = waits[len(waits)/2], waits[len(waits)*99/100]
	return nil
}
