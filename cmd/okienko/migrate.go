package main

import (
	"context"
	"fmt"
)

type migrateCmd struct {
	Config string `default:"okienko.yaml" help:"Configuration file." type:"path"`
}

// Run brings the database to this version's schema.
func (m *migrateCmd) Run(ctx context.Context, io streams) error {
	cfg, err := loadConfig(m.Config)
	if err != nil {
		return err
	}
	if err := makeDatabase(ctx, cfg.Database); err != nil {
		return err
	}
	fmt.Fprintln(io.out, "the database has this version's schema")
	return nil
}
