package desk

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"okienko/internal/csvfile"
	"okienko/schemas"
	"okienko/workflow"
)

// auditView is what people did, as administrators and auditors read it.
type auditView struct {
	Filter  auditFilter
	Kinds   []choice
	Entries []auditLine
	Most    int // how many lines a page has at most; the file has all
	Full    bool
	CSV     string // address of the same as a file
}

// auditFilter is the form as it was filled in.
type auditFilter struct{ Actor, Kind, From, To string }

type auditLine struct {
	workflow.AuditEntry
	What string
}

// mostAudit bounds a page; a file has no bound.
const mostAudit = 500

func (d *desk) showAudit(v *visit) error {
	q, filter, err := auditQuery(v)
	if err != nil {
		return err
	}
	q.Limit = mostAudit
	list, err := d.readAudit(v, q, "/audit")
	if err != nil {
		return err
	}
	view := auditView{Filter: filter, Kinds: auditKinds(v.t, filter.Kind), Most: mostAudit, Full: len(list) == mostAudit, CSV: "/audit.csv?" + v.URL.Query().Encode()}
	for _, e := range list {
		e.Detail = mask(e.Detail)
		view.Entries = append(view.Entries, auditLine{e, cmp.Or(v.t.Event[e.Kind], string(e.Kind))})
	}
	return d.show(v, screen{name: "audit", title: v.t.Audit.Title, nav: "audit", body: view})
}

// exportAudit hands the lines over as a file whose cells no spreadsheet runs.
func (d *desk) exportAudit(v *visit) error {
	q, _, err := auditQuery(v)
	if err != nil {
		return err
	}
	list, err := d.readAudit(v, q, "/audit.csv")
	if err != nil {
		return err
	}
	rows := [][]string{{"at", "actor", "kind", "case", "detail"}}
	for _, e := range list {
		rows = append(rows, []string{e.At.Format(time.RFC3339), e.Actor, string(e.Kind), e.Number, mask(e.Detail)})
	}
	v.attachment("text/csv; charset=utf-8", "audyt.csv")
	return csvfile.Write(v.w, rows)
}

// readAudit writes down first who reads it.
func (d *desk) readAudit(v *visit, q workflow.AuditQuery, what string) ([]workflow.AuditEntry, error) {
	if err := d.Auditor.Audit(v.Context(), v.user.Name, workflow.EventAuditRead, what); err != nil {
		return nil, err
	}
	return d.AuditLog.AuditLog(v.Context(), q)
}

// auditQuery reads the filter out of the address. Days are days in Kraków, both inclusive.
func auditQuery(v *visit) (workflow.AuditQuery, auditFilter, error) {
	get := v.URL.Query().Get
	f := auditFilter{Actor: get("actor"), Kind: get("kind"), From: get("from"), To: get("to")}
	q := workflow.AuditQuery{Actor: f.Actor, Kind: workflow.EventKind(f.Kind)}
	from, err1 := schemas.ParseDate(f.From)
	to, err2 := schemas.ParseDate(f.To)
	if err := errors.Join(err1, err2); err != nil {
		return q, f, fmt.Errorf("%w: %w", errBadRequest, err)
	}
	q.From = from.Time
	if !to.IsZero() {
		q.To = to.AddDate(0, 0, 1)
	}
	return q, f, nil
}

func auditKinds(t *messages, selected string) []choice {
	list := []choice{{Value: "", Label: t.Audit.AnyKind}}
	for _, kind := range slices.Sorted(maps.Keys(t.Event)) {
		list = append(list, choice{Value: string(kind), Label: t.Event[kind], Selected: string(kind) == selected})
	}
	return list
}
