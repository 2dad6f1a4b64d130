package workflow

import (
	"context"
	"slices"
	"time"
)

// Token lets another system of the office in. The secret itself is kept nowhere.
type Token struct {
	Name      string // unique: "ezd"; in the history of a case its reader is "api:ezd"
	Hash      string // SHA-256 of the secret, in hex: it has 256 random bits, so that nothing slower is needed
	Scopes    []Scope
	Desks     []string // whose cases it sees; nil: all
	CreatedAt time.Time
	CreatedBy string    // user of the machine it was made on
	RevokedAt time.Time // zero: in force
}

// Scope is what a token may do.
type Scope string

// The scopes.
const (
	ScopeRead   Scope = "cases:read"   // cases, their history, decisions
	ScopeFiles  Scope = "files:read"   // what residents sent, and the package for handing over
	ScopeDecide Scope = "cases:decide" // note, and close what the holder takes over
)

// Scopes are all there are.
var Scopes = []Scope{ScopeRead, ScopeFiles, ScopeDecide}

// Actor is how the history calls the holder.
func (t Token) Actor() string { return "api:" + t.Name }

// May reports whether the token is in force and has a scope.
func (t Token) May(s Scope) bool { return t.RevokedAt.IsZero() && slices.Contains(t.Scopes, s) }

// Sees reports whether a case's desk is among the token's.
func (t Token) Sees(c Case) bool { return t.Desks == nil || slices.Contains(t.Desks, c.Route.Desk) }

// Tokens keeps tokens.
type Tokens interface {
	TokenByHash(ctx context.Context, hash string) (Token, error) // ErrNotFound
	AllTokens(ctx context.Context) ([]Token, error)              // by name
	// SaveToken inserts or replaces the token of that name.
	SaveToken(ctx context.Context, t Token) error
}
