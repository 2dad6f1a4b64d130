package main

import (
	"context"
	"errors"
	"fmt"
	"os/user"
	"regexp"
	"slices"
	"strings"
	"time"

	"okienko/workflow"
	"okienko/workflow/api"
	"okienko/workflow/store"
)

type tokenCmd struct {
	Add    tokenAddCmd    `cmd:"" help:"Let a system in: prints its token, once."`
	List   tokenListCmd   `cmd:"" help:"List tokens without their secrets."`
	Revoke tokenRevokeCmd `cmd:"" help:"Let a system in no more."`
}

type tokenAddCmd struct {
	Config string           `default:"okienko.yaml" help:"Configuration file." type:"path"`
	Name   string           `required:"" help:"Name of the system, in small letters; the history of cases shows it."`
	Scope  []workflow.Scope `required:"" help:"cases:read, files:read or cases:decide; may be repeated."`
	Desk   []string         `help:"Desk whose cases it sees; may be repeated. Default: all."`
}

var systemName = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,39}$`)

// Run stores the hash and prints the secret. A name that is taken is refused: replacing a token means revoking it first.
func (t *tokenAddCmd) Run(ctx context.Context, out streams) error {
	if !systemName.MatchString(t.Name) {
		return fmt.Errorf("--name %q: allowed are 1 to 40 small letters, digits, - and _: %w", t.Name, errUsage)
	}
	for _, s := range t.Scope {
		if !slices.Contains(workflow.Scopes, s) {
			return fmt.Errorf("--scope %q: allowed are %v: %w", s, workflow.Scopes, errUsage)
		}
	}
	_, s, err := openDatabase(ctx, t.Config)
	if err != nil {
		return err
	}
	defer s.Close()
	if old, err := tokenNamed(ctx, s, t.Name); err == nil && old.RevokedAt.IsZero() {
		return fmt.Errorf("token %s is in force; revoke it first", t.Name)
	} else if err != nil && !errors.Is(err, workflow.ErrNotFound) {
		return err
	}
	secret, hash := api.NewSecret()
	token := workflow.Token{Name: t.Name, Hash: hash, Scopes: t.Scope, Desks: t.Desk, CreatedAt: time.Now(), CreatedBy: whoRuns()}
	if err := saveToken(ctx, s, token, "added"); err != nil {
		return err
	}
	fmt.Fprintln(out.out, secret)
	return nil
}

func saveToken(ctx context.Context, s *store.Store, t workflow.Token, what string) error {
	if err := s.SaveToken(ctx, t); err != nil {
		return err
	}
	return s.Audit(ctx, whoRuns(), workflow.EventToken, t.Name+" "+what)
}

// whoRuns is the user of the machine, for the audit.
func whoRuns() string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return "command"
}

func tokenNamed(ctx context.Context, s *store.Store, name string) (workflow.Token, error) {
	all, err := s.AllTokens(ctx)
	if err != nil {
		return workflow.Token{}, err
	}
	i := slices.IndexFunc(all, func(t workflow.Token) bool { return t.Name == name })
	if i < 0 {
		return workflow.Token{}, fmt.Errorf("token %s: %w", name, workflow.ErrNotFound)
	}
	return all[i], nil
}

type tokenListCmd struct {
	Config string `default:"okienko.yaml" help:"Configuration file." type:"path"`
}

// Run prints a line each.
func (t *tokenListCmd) Run(ctx context.Context, out streams) error {
	_, s, err := openDatabase(ctx, t.Config)
	if err != nil {
		return err
	}
	defer s.Close()
	all, err := s.AllTokens(ctx)
	for _, t := range all {
		state, desks, scopes := "in force", "all desks", []string{}
		if !t.RevokedAt.IsZero() {
			state = "revoked " + t.RevokedAt.Format(time.DateOnly)
		}
		if t.Desks != nil {
			desks = strings.Join(t.Desks, ",")
		}
		for _, s := range t.Scopes {
			scopes = append(scopes, string(s))
		}
		fmt.Fprintf(out.out, "%s  %s  %s  %s, made %s by %s\n", t.Name, strings.Join(scopes, ","), desks, state, t.CreatedAt.Format(time.DateOnly), t.CreatedBy)
	}
	return err
}

type tokenRevokeCmd struct {
	Config string `default:"okienko.yaml" help:"Configuration file." type:"path"`
	Name   string `required:"" help:"Name of the system."`
}

// Run takes effect with the next request.
func (t *tokenRevokeCmd) Run(ctx context.Context, out streams) error {
	_, s, err := openDatabase(ctx, t.Config)
	if err != nil {
		return err
	}
	defer s.Close()
	token, err := tokenNamed(ctx, s, t.Name)
	if err != nil {
		return err
	}
	if token.RevokedAt.IsZero() {
		token.RevokedAt = time.Now()
		if err := saveToken(ctx, s, token, "revoked"); err != nil {
			return err
		}
	}
	fmt.Fprintf(out.out, "%s is let in no more\n", t.Name)
	return nil
}
