package store

import (
	"context"
	"encoding/base64"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"okienko/workflow"
)

// Queue returns one page, most urgent first: the earliest due, then the oldest. The cursor is that order's key, so a page is
// found by an index and does not shift when cases come in.
func (s *Store) Queue(ctx context.Context, q workflow.QueueQuery) ([]workflow.CaseSummary, error) {
	query, args, err := queueSQL(q)
	if err != nil {
		return nil, fmt.Errorf("reading the queue: %w", err)
	}
	var page []workflow.CaseSummary
	err = s.all(ctx, query, args, func(scan scanFunc) error {
		c, err := scanSummary(scan)
		page = append(page, summary(c))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading the queue: %w", err)
	}
	return page, nil
}

func queueSQL(q workflow.QueueQuery) (string, []any, error) {
	var c clause
	if q.Desks != nil {
		in(&c, "c.desk", q.Desks)
	}
	if q.NotDesk != "" {
		c.and("c.desk <> ?", q.NotDesk)
	}
	if q.Statuses != nil {
		in(&c, "c.status", q.Statuses)
		if !slices.Contains(q.Statuses, workflow.StatusClosed) {
			c.and("c.status <> 'closed'") // says the same again, for the index of the few cases in work
		}
	}
	if q.Channel != "" {
		c.and("c.channel = ?", string(q.Channel))
	}
	if q.Service != "" {
		c.and("c.procedure = ?", q.Service)
	}
	switch q.Owner {
	case "":
	case workflow.OwnerNobody:
		c.and("c.owner = ''")
	default:
		c.and("c.owner = ?", q.Owner)
	}
	for word := range strings.FieldsSeq(fold(q.Text)) {
		if wholeNumber.MatchString(word) {
			c.and("c.number = ?", strings.ToUpper(word))
			continue
		}
		c.and(`c.search LIKE ? ESCAPE '\'`, "%"+likeEscaper.Replace(word)+"%")
	}
	if q.After != "" {
		due, id, err := parseCursor(q.After)
		if err != nil {
			return "", nil, err
		}
		c.and("(c.due_at, c.id) > (?, ?)", due, id)
	}
	return `SELECT ` + summaryColumns + ` FROM cases c` + c.where() + ` ORDER BY c.due_at, c.id LIMIT ` +
		strconv.Itoa(pageSize(q.Limit)), c.args, nil
}

var (
	likeEscaper = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)
	wholeNumber = regexp.MustCompile(`^(rpw|test)/\d+/\d{4}$`) // found by its index, in no time
)

func pageSize(limit int) int {
	if limit <= 0 {
		return 50
	}
	return min(limit, 200)
}

// summary makes the row of a case, with the cursor behind it.
func summary(c workflow.Case) workflow.CaseSummary {
	key := fmt.Sprintf("%d %d", dueStamp(c.DueAt).UnixMicro(), c.ID)
	return workflow.CaseSummary{Case: c, Cursor: base64.RawURLEncoding.EncodeToString([]byte(key))}
}

func parseCursor(cursor string) (stamp, int64, error) {
	var due, id int64
	key, err := base64.RawURLEncoding.DecodeString(cursor)
	if err == nil {
		_, err = fmt.Sscanf(string(key), "%d %d", &due, &id)
	}
	if err != nil {
		return stamp{}, 0, fmt.Errorf("the cursor %q is not from a row of the queue", cursor)
	}
	return stamp{time.UnixMicro(due)}, id, nil
}
