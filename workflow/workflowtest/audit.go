package workflowtest

import (
	"context"
	"reflect"
	"testing"
	"time"

	"okienko/workflow"
)

// Audit is what a store keeps of people's doings.
type Audit interface {
	workflow.AuditLog
	Audit(ctx context.Context, actor string, kind workflow.EventKind, detail string) error
	VerifyAudit(ctx context.Context) (lines int, head, wrong string, err error)
}

var auditTests = map[string]func(*testing.T, Open){
	"the audit has what people did, in cases and outside of them, latest first": testAuditLog,
	"the audit is one chain, also when written at once":                         testAuditChain,
}

func testAuditLog(t *testing.T, open Open) {
	clock := newClock(noon)
	b := setup(t, open, clock.Now)
	c := b.create(newCase("a"))
	for i, e := range []workflow.Event{
		{Case: c.ID, Actor: workflow.Machine, Kind: workflow.EventJudged}, {Case: c.ID, Actor: "ola", Kind: workflow.EventViewed, Detail: "akta"},
		{Actor: "ola", Kind: workflow.EventSignedIn, Detail: "192.0.2.1"}, {Actor: "jan", Kind: workflow.EventRefused, Detail: "x"},
	} {
		clock.set(noon.Add(time.Duration(i) * time.Hour))
		if e.Case == 0 {
			wantError(t, b.Audit(b.ctx, e.Actor, e.Kind, e.Detail), nil)
		} else {
			b.do(func(tx workflow.Tx) error { return tx.Append(b.ctx, e) })
		}
	}
	viewed := workflow.AuditEntry{At: micros(noon.Add(time.Hour)), Actor: "ola", Kind: workflow.EventViewed, Number: c.Number, Detail: "akta"}
	in := workflow.AuditEntry{At: micros(noon.Add(2 * time.Hour)), Actor: "ola", Kind: workflow.EventSignedIn, Detail: "192.0.2.1"}
	refused := workflow.AuditEntry{At: micros(noon.Add(3 * time.Hour)), Actor: "jan", Kind: workflow.EventRefused, Detail: "x"}
	for name, tt := range map[string]struct {
		q    workflow.AuditQuery
		want []workflow.AuditEntry
	}{
		"all": {workflow.AuditQuery{}, []workflow.AuditEntry{refused, in, viewed}}, "one person": {workflow.AuditQuery{Actor: "ola"}, []workflow.AuditEntry{in, viewed}},
		"one kind": {workflow.AuditQuery{Kind: workflow.EventViewed}, []workflow.AuditEntry{viewed}}, "the latest": {workflow.AuditQuery{Limit: 1}, []workflow.AuditEntry{refused}},
		"a time":  {workflow.AuditQuery{From: viewed.At, To: refused.At}, []workflow.AuditEntry{in, viewed}},
		"nothing": {workflow.AuditQuery{Actor: "ola", Kind: workflow.EventRefused}, nil},
	} {
		if got := must[[]workflow.AuditEntry](t)(b.AuditLog(b.ctx, tt.q)); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: %+v, want %+v", name, got, tt.want)
		}
	}
}

func testAuditChain(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	for _, err := range atOnce(8, func(int) error { return b.Audit(b.ctx, "ola", workflow.EventSignedIn, "a\x00b\xff") }) {
		wantError(t, err, nil)
	}
	if lines, head, wrong, err := b.VerifyAudit(b.ctx); lines != 8 || len(head) != 64 || wrong != "" || err != nil {
		t.Errorf("%d lines, head %q, wrong %q, %v", lines, head, wrong, err)
	}
}
