package workflow

import (
	"context"
	"time"
)

// AuditQuery selects from what people did, in cases and outside of them. The zero value selects the latest of everything.
type AuditQuery struct {
	Actor    string    // "": anybody
	Kind     EventKind // "": everything
	From, To time.Time // From inclusive, To exclusive; zero: no bound
	Limit    int       // 0: no bound
}

// AuditEntry is one line: who did what, when, and in which case.
type AuditEntry struct {
	At     time.Time // UTC
	Actor  string
	Kind   EventKind
	Number string // of the case; "" outside of any
	Detail string
}

// AuditLog reads what was written down, latest first. What the machine did in cases is in their histories, not here.
type AuditLog interface {
	AuditLog(ctx context.Context, q AuditQuery) ([]AuditEntry, error)
}
