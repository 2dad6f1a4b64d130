package desk

import (
	"encoding/csv"
	"net/http"
	"slices"
	"strings"
	"testing"

	"okienko/workflow"
)

// TestAdministratorsReadWhatPeopleDid: a reading, a download, a sign-in and a refusal are lines of the page and of the file; the
// filter finds them; that somebody looked is a line itself; and no cell of the file is a formula.
func TestAdministratorsReadWhatPeopleDid(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(d *Deps) { d.Auditor = d.AuditLog.(Auditor) })
	c := w.take(saleByPUAP())
	anna := w.as("anna")
	anna.get(casePath(c.ID))
	anna.get(casePath(c.ID) + "/originals/" + string(c.Submission.Body().Digest))
	w.as("sara").get(casePath(c.ID))
	w.must(w.store.Audit(t.Context(), "anna", workflow.EventUrn, `=HYPERLINK("http://evil.example")`))
	admin := w.as("admin")
	page := admin.get("/audit")
	e := polish.Event
	if page.status != http.StatusOK || !page.says(e[workflow.EventViewed], e[workflow.EventDownloaded], e[workflow.EventSignedIn], e[workflow.EventRefused], c.Number) {
		t.Errorf("status %d\n%s", page.status, page.text())
	}
	one := admin.get("/audit?actor=sara&kind=refused")
	if rows := strings.Count(one.body, "<tr><td>"); rows != 1 || !one.says("sara") {
		t.Errorf("sara's refusals are %d lines, want 1", rows)
	}
	if p := admin.get("/audit?from=2000-01-01&to=2000-01-02"); !p.says(polish.Audit.None) {
		t.Error("the year 2000 has lines")
	}
	if p := admin.get("/audit?from=wczoraj"); p.status != http.StatusBadRequest {
		t.Errorf("a day that is none: status %d", p.status)
	}
	file := admin.get("/audit.csv?actor=anna")
	rows, err := csv.NewReader(strings.NewReader(file.body)).ReadAll()
	if err != nil || file.header.Get("Content-Disposition") != `attachment; filename=audyt.csv` {
		t.Fatalf("%v, %s", err, file.header.Get("Content-Disposition"))
	}
	if !slices.ContainsFunc(rows, func(r []string) bool { return r[2] == "urn" && strings.HasPrefix(r[4], "'=") }) {
		t.Errorf("the formula is not defused: %v", rows)
	}
	if last, err := w.store.AuditLog(t.Context(), workflow.AuditQuery{Limit: 1}); err != nil || last[0].Kind != workflow.EventAuditRead || last[0].Actor != "admin" {
		t.Errorf("the last line is %+v (%v)", last, err)
	}
}
