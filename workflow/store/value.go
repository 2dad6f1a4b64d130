package store

import (
	"crypto/sha256"
	"database/sql/driver"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// stamp is a time in the database: UTC, microseconds, fixed width, so that SQLite compares texts as PostgreSQL compares times.
// The zero time is NULL.
type stamp struct{ time.Time }

const stampLayout = "2006-01-02T15:04:05.000000Z"

func (t stamp) Value() (driver.Value, error) {
	if t.IsZero() {
		return nil, nil
	}
	u := micro(t.Time)
	if u.Year() < 1 || u.Year() > 9999 {
		return nil, fmt.Errorf("a time in the year %d cannot be stored", u.Year())
	}
	return u.Format(stampLayout), nil
}

func (t *stamp) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		t.Time = time.Time{}
	case time.Time:
		t.Time = v.UTC()
	case string:
		parsed, err := time.Parse(stampLayout, v)
		if err != nil {
			return err
		}
		t.Time = parsed
	default:
		return fmt.Errorf("a time stored as %T", src)
	}
	return nil
}

// stampScan scans a time into the value it points at.
type stampScan struct{ into *time.Time }

func (s stampScan) Scan(src any) error {
	var t stamp
	err := t.Scan(src)
	*s.into = t.Time
	return err
}

func micro(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Microsecond)
}

// storable is what a channel says about time, or nothing if no calendar has it: a letter must not be kept out for that.
func storable(t time.Time) time.Time {
	if year := t.UTC().Year(); year < 1 || year > 9999 {
		return time.Time{}
	}
	return micro(t)
}

// never stands in due_at where no term runs: it sorts after every term, which NULL does not on both databases.
var never = stamp{time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)}

func dueStamp(t time.Time) stamp {
	if t.IsZero() {
		return never
	}
	return stamp{t}
}

func dueTime(s stamp) time.Time {
	if s.Equal(never.Time) {
		return time.Time{}
	}
	return s.Time
}

// values makes arguments fit for both databases: times as stamps, and texts without what PostgreSQL refuses, since a subject
// line with a NUL byte must not keep a letter out of the office.
func values(args []any) []any {
	out := make([]any, len(args))
	for i, a := range args {
		switch v := a.(type) {
		case string:
			out[i] = clean(v)
		case time.Time:
			out[i] = stamp{v}
		default:
			out[i] = a
		}
	}
	return out
}

func clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

// bounded keeps what strangers chose (Message-IDs, file names, addresses) short enough for an index row of PostgreSQL.
func bounded(s string) string {
	const limit = 500
	if len(s) <= limit {
		return s
	}
	sum := sha256.Sum256([]byte(s))
	return "sha256:" + hex.EncodeToString(sum[:])
}

// toJSON is for our own types, which always marshal.
func toJSON(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), err
}

// jsonScan scans a JSON column into the value it points at.
type jsonScan struct{ into any }

func (j jsonScan) Scan(src any) error {
	switch v := src.(type) {
	case string:
		return json.Unmarshal([]byte(v), j.into)
	case []byte:
		return json.Unmarshal(v, j.into)
	}
	return fmt.Errorf("JSON stored as %T", src)
}
