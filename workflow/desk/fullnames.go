package desk

import (
	"cmp"
	"context"
	"strings"

	"okienko/workflow"
)

// fullNames are what people are called, by the names they sign in with.
type fullNames map[string]string

func (d *desk) fullNames(ctx context.Context) (fullNames, error) {
	users, err := d.Accounts.Users(ctx)
	if err != nil {
		return nil, err
	}
	return fullNamesOf(users), nil
}

func fullNamesOf(users []workflow.User) fullNames {
	names := fullNames{}
	for _, u := range users {
		names[u.Name] = u.FullName
	}
	return names
}

// of is the full name of a user; the name itself of who is none, as the holder of a token.
func (n fullNames) of(user string) string { return cmp.Or(n[user], user) }

func (n fullNames) list(users []string) string {
	full := make([]string, len(users))
	for i, u := range users {
		full[i] = n.of(u)
	}
	return strings.Join(full, ", ")
}
