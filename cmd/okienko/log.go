package main

import (
	"fmt"
	"io"
	"log/slog"
)

func logLevel(s string) (slog.Level, error) {
	var l slog.Level
	if err := l.UnmarshalText([]byte(s)); err != nil {
		return l, fmt.Errorf("log.level: %q is not allowed; allowed are debug, info, warn, error", s)
	}
	return l, nil
}

// newLogger writes structured lines. Nothing it is given may hold personal data: cases go by id and number, sources by name.
func newLogger(w io.Writer, c logConfig) *slog.Logger {
	level, err := logLevel(c.Level)
	if err != nil {
		level = slog.LevelInfo
	}
	opts := &slog.HandlerOptions{Level: level}
	if c.Format == "json" {
		return slog.New(slog.NewJSONHandler(w, opts))
	}
	return slog.New(slog.NewTextHandler(w, opts))
}
