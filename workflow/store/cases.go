package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
	_ "time/tzdata" // the year of a number is Warsaw's, also on machines without zone files

	"okienko/ingest"
	"okienko/schemas"
	"okienko/workflow"
)

// Case returns workflow.ErrNotFound if there is none.
func (s *Store) Case(ctx context.Context, id workflow.CaseID) (workflow.Case, error) {
	return s.queries.caseByID(ctx, id, "")
}

// Numbered returns workflow.ErrNotFound if no case has the number.
func (s *Store) Numbered(ctx context.Context, number string) (id workflow.CaseID, err error) {
	err = s.get(ctx, `SELECT id FROM cases WHERE number = $1`, []any{number}, &id)
	if errors.Is(err, sql.ErrNoRows) {
		err = workflow.ErrNotFound
	}
	if err != nil {
		return 0, fmt.Errorf("case number %q: %w", number, err)
	}
	return id, nil
}

// Lock reads a case and keeps others from changing it until the transaction ends.
func (tx *Tx) Lock(ctx context.Context, id workflow.CaseID) (workflow.Case, error) {
	c, err := tx.caseByID(ctx, id, tx.st.engine.dialect().lockCase)
	if err == nil {
		tx.headWas(c)
	}
	return c, err
}

func (q queries) caseByID(ctx context.Context, id workflow.CaseID, lock string) (workflow.Case, error) {
	var found *workflow.Case
	err := q.all(ctx, `SELECT `+caseColumns+` FROM cases c JOIN submissions s ON s.id = c.id WHERE c.id = $1`+lock,
		[]any{int64(id)}, func(scan scanFunc) error {
			c, err := scanCase(scan)
			found = &c
			return err
		})
	if err != nil {
		return workflow.Case{}, fmt.Errorf("reading case %d: %w", id, err)
	}
	if found == nil {
		return workflow.Case{}, fmt.Errorf("case %d: %w", id, workflow.ErrNotFound)
	}
	return *found, nil
}

// Create registers c.Submission: see workflow.Tx. The number is taken last, so that a second copy uses none up, and inside the
// transaction, so that a failed one gives it back: the counter's row is locked until the end, which keeps the series gap-free.
func (tx *Tx) Create(ctx context.Context, c *workflow.Case) (bool, error) {
	if len(c.Submission.Originals) == 0 {
		return false, errors.New("registering a submission without originals")
	}
	c.Submission.ReceivedAt = storable(c.Submission.ReceivedAt)
	if c.RegisteredAt.IsZero() {
		c.RegisteredAt = tx.st.now()
	}
	c.RegisteredAt = micro(c.RegisteredAt)
	created, err := tx.insertSubmission(ctx, c)
	if err != nil {
		return false, fmt.Errorf("registering an item of %s: %w", c.Submission.Source, err)
	}
	if !created {
		return false, tx.first(ctx, c)
	}
	series := registerSeries
	if c.Submission.Test() {
		series = testSeries
	}
	if c.Number, err = tx.nextNumber(ctx, series, c.RegisteredAt); err != nil {
		return false, fmt.Errorf("taking a number: %w", err)
	}
	c.Version = 1
	if err := tx.insertCase(ctx, *c); err != nil {
		return false, fmt.Errorf("creating case %d: %w", c.ID, err)
	}
	tx.headIs(*c)
	return true, nil
}

func (tx *Tx) insertSubmission(ctx context.Context, c *workflow.Case) (bool, error) {
	data, err := toJSON(c.Submission)
	if err != nil {
		return false, err
	}
	sub := c.Submission
	err = tx.get(ctx, `INSERT INTO submissions (source, item_key, body, data) VALUES ($1, $2, $3, $4)
		ON CONFLICT (source, item_key, body) DO NOTHING RETURNING id`,
		[]any{sub.Source, bounded(sub.Key), identity(sub), data}, &c.ID)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// identity is what tells two submissions of one source and key apart: the bytes, unless the key alone says it.
func identity(sub ingest.Submission) string {
	if sub.KeyOnly {
		return ""
	}
	return string(sub.Body().Digest)
}

// first sets the ID and Number of the case that holds the same submission.
func (tx *Tx) first(ctx context.Context, c *workflow.Case) error {
	sub := c.Submission
	err := tx.get(ctx, `SELECT c.id, c.number FROM submissions s JOIN cases c ON c.id = s.id
		WHERE s.source = $1 AND s.item_key = $2 AND s.body = $3`,
		[]any{sub.Source, bounded(sub.Key), identity(sub)}, &c.ID, &c.Number)
	if err != nil {
		return fmt.Errorf("finding the first copy of an item of %s: %w", sub.Source, err)
	}
	return nil
}

// series is a gap-free row of numbers, with the table that counts them.
type series struct{ name, table string }

// Tests have numbers of their own: the register of incoming letters holds letters only.
var (
	registerSeries = series{"RPW", "rpw_counters"}
	testSeries     = series{"TEST", "test_counters"}
)

// nextNumber counts by the year of registration in Warsaw, where the register is kept.
func (tx *Tx) nextNumber(ctx context.Context, s series, registered time.Time) (string, error) {
	year := registered.In(schemas.Warsaw()).Year()
	var n int64
	err := tx.get(ctx, `INSERT INTO `+s.table+` (year, last) VALUES ($1, 1)
		ON CONFLICT (year) DO UPDATE SET last = `+s.table+`.last + 1 RETURNING last`, []any{year}, &n)
	return fmt.Sprintf("%s/%d/%d", s.name, n, year), err
}

func (tx *Tx) insertCase(ctx context.Context, c workflow.Case) error {
	_, err := tx.exec(ctx, `INSERT INTO cases (id, number, source, channel, received_at, registered_at, version,
			`+changingColumns+`, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7,
			$8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26)`,
		append([]any{int64(c.ID), c.Number, c.Submission.Source, string(c.Submission.Channel), c.Submission.ReceivedAt,
			c.RegisteredAt, c.Version}, tx.changing(c)...)...)
	return err
}

// Update writes everything but ID, Number, Submission and RegisteredAt: see workflow.Tx.
func (tx *Tx) Update(ctx context.Context, c *workflow.Case) error {
	n, err := tx.exec(ctx, `UPDATE cases SET version = version + 1, (`+changingColumns+`, changed_at) =
		($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
		WHERE id = $1 AND version = $2`,
		append([]any{int64(c.ID), c.Version}, tx.changing(*c)...)...)
	if err != nil {
		return fmt.Errorf("updating case %d: %w", c.ID, err)
	}
	if n == 1 {
		c.Version++
		tx.headIs(*c)
		return nil
	}
	if _, err := tx.caseByID(ctx, c.ID, ""); err != nil {
		return err
	}
	return fmt.Errorf("updating case %d at version %d: %w", c.ID, c.Version, workflow.ErrConflict)
}

// changingColumns are those Update writes, in the order of Tx.changing and scanSummary.
const changingColumns = `stage, status, sender_name, sender_address, subject, nature, procedure, confidence, decided_by,
	desk, desk_because, reply, missing, due_at, owner, parent, reason, held_until`

// changing returns the values of changingColumns and changed_at.
func (tx *Tx) changing(c workflow.Case) []any {
	return []any{string(c.Stage), string(c.Status), c.Sender.Name, c.Sender.Address, c.Subject, string(c.Nature),
		string(c.Procedure), c.Confidence, string(c.DecidedBy), c.Route.Desk, c.Route.Because, string(c.Reply), c.Missing,
		dueStamp(c.DueAt), c.Owner, reference(c.Parent), c.Reason, c.HeldUntil,
		tx.st.now()}
}

// reference is a case's ID in a column with a foreign key: none is NULL.
func reference(id workflow.CaseID) sql.NullInt64 {
	return sql.NullInt64{Int64: int64(id), Valid: id != 0}
}

const (
	summaryColumns = `c.id, c.number, c.source, c.channel, c.received_at, c.registered_at, c.version, c.stage, c.status,
	c.sender_name, c.sender_address, c.subject, c.nature, c.procedure, c.confidence, c.decided_by, c.desk, c.desk_because,
	c.reply, c.missing, c.due_at, c.owner, c.parent, c.reason, c.held_until`
	caseColumns = summaryColumns + `, s.data`
)

// scanCase scans caseColumns, and more columns after them.
func scanCase(scan scanFunc, more ...any) (workflow.Case, error) {
	var sub ingest.Submission
	c, err := scanSummary(scan, append([]any{jsonScan{&sub}}, more...)...)
	c.Submission = sub
	return c, err
}

// scanSummary scans summaryColumns, and more columns after them.
func scanSummary(scan scanFunc, more ...any) (workflow.Case, error) {
	var c workflow.Case
	var received, registered, due, held stamp
	var parent sql.NullInt64
	err := scan(append([]any{&c.ID, &c.Number, &c.Submission.Source, &c.Submission.Channel, &received, &registered, &c.Version,
		&c.Stage, &c.Status, &c.Sender.Name, &c.Sender.Address, &c.Subject, &c.Nature, &c.Procedure, &c.Confidence,
		&c.DecidedBy, &c.Route.Desk, &c.Route.Because, &c.Reply, &c.Missing, &due, &c.Owner, &parent, &c.Reason, &held}, more...)...)
	c.Submission.ReceivedAt, c.RegisteredAt, c.DueAt = received.Time, registered.Time, dueTime(due)
	c.HeldUntil = held.Time
	c.Parent = workflow.CaseID(parent.Int64)
	return c, err
}
