package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"okienko/workflow"
)

// User returns workflow.ErrNotFound if nobody has that name.
func (s *Store) User(ctx context.Context, name string) (workflow.User, error) {
	list, err := s.users(ctx, ` WHERE name = $1`, name)
	if err == nil && len(list) == 0 {
		err = workflow.ErrNotFound
	}
	if err != nil {
		return workflow.User{}, fmt.Errorf("user: %w", err) // a name is personal data
	}
	return list[0], nil
}

// Users returns everybody, by name.
func (s *Store) Users(ctx context.Context) ([]workflow.User, error) {
	list, err := s.users(ctx, "")
	if err != nil {
		return nil, fmt.Errorf("users: %w", err)
	}
	slices.SortFunc(list, func(a, b workflow.User) int { return cmp.Compare(a.Name, b.Name) })
	return list, nil
}

func (s *Store) users(ctx context.Context, where string, args ...any) ([]workflow.User, error) {
	var list []workflow.User
	err := s.all(ctx, `SELECT name, full_name, position, role, desks, password_hash, disabled FROM users`+where, args,
		func(scan scanFunc) error {
			var u workflow.User
			err := scan(&u.Name, &u.FullName, &u.Position, &u.Role, jsonScan{&u.Desks}, &u.PasswordHash, &u.Disabled)
			list = append(list, u)
			return err
		})
	return list, err
}

// SaveUser inserts or replaces the user of that name.
func (s *Store) SaveUser(ctx context.Context, u workflow.User) error {
	desks, err := toJSON(u.Desks)
	if err == nil {
		err = s.tx(ctx, func(tx *Tx) error {
			_, err := tx.exec(ctx, `INSERT INTO users (name, full_name, position, role, desks, password_hash, disabled)
				VALUES ($1, $2, $3, $4, $5, $6, $7)
				ON CONFLICT (name) DO UPDATE SET full_name = excluded.full_name, position = excluded.position, role = excluded.role, desks = excluded.desks,
					password_hash = excluded.password_hash, disabled = excluded.disabled`,
				u.Name, u.FullName, u.Position, string(u.Role), desks, u.PasswordHash, u.Disabled)
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("saving a user: %w", err)
	}
	return nil
}
