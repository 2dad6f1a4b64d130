package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"okienko/workflow"
	"okienko/workflow/desk"
)

type userCmd struct {
	Add userAddCmd `cmd:"" help:"Add a person, or change one; the password comes from --password-file or standard input."`
}

type userAddCmd struct {
	Config       string   `default:"okienko.yaml" help:"Configuration file." type:"path"`
	Name         string   `required:"" help:"Sign-in name."`
	FullName     string   `help:"First and last name; default: the sign-in name."`
	Position     string   `help:"Stands below the letters this person signs: inspektor, kierownik referatu."`
	Role         string   `default:"clerk" help:"clerk or admin."`
	Desk         []string `help:"Desk the clerk sees; may be repeated. Default: all."`
	PasswordFile string   `help:"File whose first line is the password; default: standard input." type:"path"`
}

// Run stores the person.
func (u *userAddCmd) Run(ctx context.Context, out streams) error {
	role := workflow.Role(u.Role)
	if role != workflow.RoleClerk && role != workflow.RoleAdmin {
		return fmt.Errorf("--role %q: allowed are clerk, admin: %w", u.Role, errUsage)
	}
	_, s, err := openDatabase(ctx, u.Config)
	if err != nil {
		return err
	}
	defer s.Close()
	password, err := u.password()
	if err != nil {
		return err
	}
	person := workflow.User{Name: strings.ToLower(u.Name), FullName: u.FullName, Position: u.Position, Role: role, Desks: u.Desk}
	if person.FullName == "" {
		person.FullName = u.Name
	}
	if err := s.Audit(ctx, workflow.Machine, workflow.EventUserChanged, "okienko user add: "+person.Name); err != nil {
		return err
	}
	if err := addUser(ctx, s, person, password); err != nil {
		return err
	}
	fmt.Fprintf(out.out, "%s may sign in as %s\n", person.Name, role)
	return nil
}

func (u *userAddCmd) password() (string, error) {
	var raw []byte
	var err error
	if u.PasswordFile != "" {
		raw, err = os.ReadFile(u.PasswordFile)
	} else {
		raw, err = io.ReadAll(io.LimitReader(os.Stdin, 4096))
	}
	if err != nil {
		return "", fmt.Errorf("password: %w", err)
	}
	line, _, _ := strings.Cut(string(raw), "\n")
	if line = strings.TrimSuffix(line, "\r"); line == "" {
		return "", errors.New("password: the first line is empty")
	}
	return line, nil
}

// addUser stores a person with the hash of a password.
func addUser(ctx context.Context, accounts workflow.Accounts, u workflow.User, password string) error {
	hash, err := desk.HashPassword(password)
	if err != nil {
		return fmt.Errorf("user %s: %w", u.Name, err)
	}
	u.PasswordHash = hash
	return accounts.SaveUser(ctx, u)
}
