package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"okienko/workflow"
	"okienko/workflow/search"
)

// searchRules is the version of what cases are indexed under: of content and head here, and of search.Terms. Who changes one of
// them raises it; IndexPending then indexes the old cases again.
const searchRules = 1

// mostContent bounds what is kept for searching of one case, in bytes: some five hundred pages.
const mostContent = 1 << 20

// indexed is what a transaction learns about the words of a case. They are indexed once, before the commit: whatever is
// committed can be found.
type indexed struct {
	was     string  // head as locked
	head    *string // nil: as it was
	content *string // nil: as it was
}

func (tx *Tx) words(id workflow.CaseID) *indexed {
	if tx.texts == nil {
		tx.texts = map[workflow.CaseID]*indexed{}
	}
	if tx.texts[id] == nil {
		tx.texts[id] = &indexed{}
	}
	return tx.texts[id]
}

// headWas notes what a case is indexed under already.
func (tx *Tx) headWas(c workflow.Case) {
	if w := tx.words(c.ID); w.was == "" {
		w.was = head(c)
	}
}

// headIs notes what a case is to be found by.
func (tx *Tx) headIs(c workflow.Case) {
	w, text := tx.words(c.ID), head(c)
	if w.head != nil || text != w.was {
		w.head = &text
	}
}

func (tx *Tx) contentIs(id workflow.CaseID, text string) { tx.words(id).content = &text }

// index writes the words of every case whose words changed.
func (tx *Tx) index(ctx context.Context) error {
	for _, id := range slices.Sorted(maps.Keys(tx.texts)) {
		w := tx.texts[id]
		if w.head == nil && w.content == nil {
			continue
		}
		if err := tx.indexCase(ctx, id, *w); err != nil {
			return fmt.Errorf("indexing the words of case %d: %w", id, err)
		}
	}
	return nil
}

func (tx *Tx) indexCase(ctx context.Context, id workflow.CaseID, w indexed) error {
	if w.content == nil {
		w.content = new(string)
		err := tx.get(ctx, `SELECT content FROM case_texts WHERE case_id = $1`, []any{int64(id)}, w.content)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
	}
	switch {
	case w.head != nil:
	case w.was != "":
		w.head = &w.was
	default:
		c, err := tx.caseByID(ctx, id, "")
		if err != nil {
			return err
		}
		text := head(c)
		w.head = &text
	}
	return tx.st.engine.dialect().words.put(ctx, tx.queries, id, *w.content, search.Terms(*w.head, *w.content))
}

// head is what a case can be found by before anything was read in it.
func head(c workflow.Case) string {
	return strings.Join([]string{c.Number, c.Sender.Name, c.Sender.Address, c.Subject}, "\n")
}

// content is everything that was read in a submission: the letter, documents with their names, older letters below, values in the
// one way they are written, who signed.
func content(j workflow.Judgement) string {
	var b strings.Builder
	line := func(text string) {
		if text != "" && b.Len() < mostContent {
			b.WriteString(text)
			b.WriteByte('\n')
		}
	}
	for _, r := range j.Contents.Readings {
		line(r.Document.Name)
		line(r.Text)
	}
	line(j.Contents.Letter.Quoted)
	for _, r := range j.Contents.Readings {
		for _, f := range r.Fields {
			line(f.Value)
		}
	}
	for _, s := range j.Signatures {
		line(s.Signer.Name)
		line(s.Signer.ID)
	}
	text := b.String()
	return text[:min(len(text), mostContent)] // a letter cut in two is cleaned like every text
}

// Texts returns what was read in cases: see workflow.QueueReader.
func (s *Store) Texts(ctx context.Context, ids []workflow.CaseID) (map[workflow.CaseID]string, error) {
	var c clause
	in(&c, "case_id", numbers(ids))
	texts := map[workflow.CaseID]string{}
	err := s.all(ctx, `SELECT case_id, content FROM case_texts`+c.where(), c.args, func(scan scanFunc) error {
		var id workflow.CaseID
		var text string
		err := scan(&id, &text)
		texts[id] = text
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading the texts of cases: %w", err)
	}
	return texts, nil
}

func numbers(ids []workflow.CaseID) []int64 {
	list := make([]int64, len(ids))
	for i, id := range ids {
		list[i] = int64(id)
	}
	return list
}

// pendingBatch is how many cases IndexPending indexes in one transaction.
const pendingBatch = 20

// IndexPending indexes cases that an older program registered, newest first, until none is left. Killed at any point it goes on
// there the next time; several processes share the work.
func (s *Store) IndexPending(ctx context.Context) error {
	for left := true; left; {
		if err := ctx.Err(); err != nil {
			return err
		}
		err := s.tx(ctx, func(tx *Tx) error {
			var err error
			left, err = tx.indexSome(ctx)
			return err
		})
		if err != nil {
			return fmt.Errorf("indexing the words of old cases: %w", err)
		}
	}
	return nil
}

func (tx *Tx) indexSome(ctx context.Context) (left bool, err error) {
	var rules, pending int64
	if err := tx.get(ctx, `SELECT rules, pending FROM search_state`+tx.st.engine.dialect().lockRow, nil, &rules, &pending); err != nil {
		return false, err
	}
	if rules != searchRules {
		if err := tx.get(ctx, `SELECT coalesce(max(id), 0) FROM cases`, nil, &pending); err != nil {
			return false, err
		}
	}
	var ids []workflow.CaseID
	err = tx.all(ctx, `SELECT id FROM cases WHERE id <= $1 ORDER BY id DESC LIMIT $2`, []any{pending, pendingBatch}, func(scan scanFunc) error {
		var id workflow.CaseID
		err := scan(&id)
		ids = append(ids, id)
		return err
	})
	for _, id := range ids {
		if err == nil {
			pending, err = int64(id)-1, tx.indexAgain(ctx, id)
		}
	}
	if err != nil {
		return false, err
	}
	if len(ids) < pendingBatch {
		pending = 0
	}
	if rules != searchRules || len(ids) > 0 {
		_, err = tx.exec(ctx, `UPDATE search_state SET rules = $1, pending = $2`, searchRules, pending)
	}
	return pending > 0, err
}

// indexAgain notes everything a case is found by; the end of the transaction indexes it.
func (tx *Tx) indexAgain(ctx context.Context, id workflow.CaseID) error {
	c, err := tx.Lock(ctx, id)
	if err != nil {
		return err
	}
	var j workflow.Judgement
	err = tx.get(ctx, `SELECT data FROM judgements WHERE case_id = $1`, []any{int64(id)}, jsonScan{&j})
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	tx.headIs(c)
	tx.contentIs(id, content(j))
	return nil
}
