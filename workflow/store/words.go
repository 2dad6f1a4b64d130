package store

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/jackc/pgx/v5"

	"okienko/workflow"
	"okienko/workflow/search"
)

// wordIndex is how a database finds cases by terms. Terms consist of letters and digits, so none needs quoting.
type wordIndex struct {
	put   func(ctx context.Context, q queries, id workflow.CaseID, content string, terms []string) error
	match func(search.Query) string // the query as the index reads it
	hits  string                    // SELECT of the ids that match "?"
	hit   string                    // condition that case c.id matches "?"
	// many reports whether so many cases match that it is better to look into the cases of a page than to collect the matches.
	many func(ctx context.Context, q queries, match string) (bool, error)
}

// manyHits is where collecting the matches begins to take longer than a page may.
const manyHits = 5000

var sqliteWords = wordIndex{
	put: func(ctx context.Context, q queries, id workflow.CaseID, content string, terms []string) error {
		_, err := q.exec(ctx, `INSERT INTO case_texts (case_id, content) VALUES ($1, $2)
			ON CONFLICT (case_id) DO UPDATE SET content = excluded.content`, int64(id), content)
		if err == nil {
			_, err = q.exec(ctx, `INSERT OR REPLACE INTO case_words (rowid, words) VALUES ($1, $2)`, int64(id), strings.Join(terms, " "))
		}
		return err
	},
	match: func(q search.Query) string { return formula(q, `"`, `"`, `*`, " OR ", " AND ") },
	hits:  `SELECT rowid AS id FROM case_words WHERE case_words MATCH ?`,
	hit:   `EXISTS (SELECT 1 FROM case_words WHERE case_words.rowid = c.id AND case_words MATCH ?)`,
	many: func(ctx context.Context, q queries, match string) (bool, error) {
		var n int
		err := q.get(ctx, `SELECT count(*) FROM (SELECT 1 FROM case_words WHERE case_words MATCH $1 LIMIT $2)`, []any{match, manyHits}, &n)
		return n == manyHits, err
	},
}

var postgresWords = wordIndex{
	put: func(ctx context.Context, q queries, id workflow.CaseID, content string, terms []string) error {
		_, err := q.exec(ctx, `INSERT INTO case_texts (case_id, content, words) VALUES ($1, $2, CAST(CAST($3 AS TEXT) AS TSVECTOR))
			ON CONFLICT (case_id) DO UPDATE SET content = excluded.content, words = excluded.words`,
			int64(id), content, strings.Join(terms, " "))
		return err
	},
	match: func(q search.Query) string { return formula(q, "", "", ":*", " | ", " & ") },
	hits:  `SELECT case_id AS id FROM case_texts WHERE words @@ CAST(CAST(? AS TEXT) AS TSQUERY)`,
	hit:   `EXISTS (SELECT 1 FROM case_texts t WHERE t.case_id = c.id AND t.words @@ CAST(CAST(? AS TEXT) AS TSQUERY))`,
	many:  manyByEstimate,
}

// manyByEstimate asks the planner, which knows how often words occur; to count them would take as long as to collect them.
func manyByEstimate(ctx context.Context, q queries, match string) (bool, error) {
	var text []byte
	err := q.get(ctx, `EXPLAIN (FORMAT JSON) SELECT 1 FROM case_texts WHERE words @@ CAST(CAST($1 AS TEXT) AS TSQUERY)`,
		[]any{pgx.QueryExecModeCacheDescribe, match}, &text)
	if err != nil {
		return false, err
	}
	var plans []struct {
		Plan struct {
			Rows float64 `json:"Plan Rows"`
		}
	}
	if err := json.Unmarshal(text, &plans); err != nil || len(plans) == 0 {
		return false, err
	}
	return plans[0].Plan.Rows >= manyHits, nil
}

// formula writes a query in the language of an index.
func formula(q search.Query, open, end, prefix, or, and string) string {
	var words []string
	for _, w := range q.Words {
		var terms []string
		for _, t := range w.Any {
			term := open + t.Text + end
			if t.Prefix {
				term += prefix
			}
			terms = append(terms, term)
		}
		words = append(words, "("+strings.Join(terms, or)+")")
	}
	return strings.Join(words, and)
}
