package desk

import (
	"net/http"
	"strings"
	"testing"

	"okienko/ingest"
	"okienko/workflow"
)

// prove keeps a proof of a letter with these bytes.
func (w *world) prove(l workflow.Letter, p workflow.Proof, content string) workflow.Proof {
	w.Helper()
	digest, size, err := w.evidence.Put(w.Context(), strings.NewReader(content))
	w.must(err)
	p.Case, p.Letter, p.At, p.Digest, p.Bytes = l.Case, l.ID, w.now(), digest, size
	w.must(w.store.Tx(w.Context(), func(tx workflow.Tx) error { return tx.AddProof(w.Context(), p) }))
	return p
}

func proofPath(p workflow.Proof) string {
	return casePath(p.Case) + "/letters/" + itoa(int64(p.Letter)) + "/proofs/" + string(p.Digest)
}

// TestAProofIsShownForWhatItIsAndHandedOverAsItCame, to those who see its case, and who took it is written down.
func TestAProofIsShownForWhatItIsAndHandedOverAsItCame(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.take(saleByPUAP())
	l := w.write(c, workflow.ReplyReceipt, workflow.LetterSent)
	document := w.prove(l, workflow.Proof{Kind: workflow.ProofDocument, ID: "123"}, "<Dokument/>")
	anna := w.as("anna")
	for verdict, says := range polish.Case.Proof {
		p := w.prove(l, workflow.Proof{Kind: "UPP", ID: "UPP-" + string(verdict), Verdict: verdict, Because: "bo " + string(verdict)}, string(verdict))
		page := anna.get(casePath(c.ID))
		if !page.says(says, p.ID, p.Because, polish.Case.ProofDocument) || page.link("UPP") == "" {
			t.Errorf("%s: the page does not say %q, or has no link", verdict, says)
		}
		got := anna.get(proofPath(p))
		if got.status != http.StatusOK || got.body != string(verdict) {
			t.Errorf("%s: status %d, %q", verdict, got.status, got.body)
		}
		wantHeaders(t, "a proof", got, map[string]string{"Content-Type": "application/octet-stream",
			"Content-Disposition": "attachment; filename=RPW-1-2026_pismo-1-UPP.xml"})
		events := w.events(c.ID)
		if last := events[len(events)-1]; last.Kind != workflow.EventDownloaded || last.Actor != "anna" || last.Detail != "pismo-1-UPP" {
			t.Errorf("the last event is %+v", last)
		}
	}
	other := w.take(registrationNumber("1"))
	foreign := w.prove(w.write(other, workflow.ReplyReceipt, workflow.LetterSent), workflow.Proof{Kind: "UPP", Verdict: workflow.ProofGenuine}, "cudze")
	for what, path := range map[string]string{
		"a proof of another case": casePath(c.ID) + "/letters/1/proofs/" + string(foreign.Digest),
		"another letter's":        casePath(c.ID) + "/letters/2/proofs/" + string(document.Digest),
		"an original":             casePath(c.ID) + "/letters/1/proofs/" + string(c.Submission.Body().Digest),
		"no letter":               casePath(c.ID) + "/letters/x/proofs/" + string(document.Digest),
		"nothing":                 casePath(c.ID) + "/letters/1/proofs/" + string(ingest.DigestOf(nil)),
	} {
		if got := anna.get(path); got.status != http.StatusNotFound {
			t.Errorf("%s: status %d", what, got.status)
		}
	}
	if got := w.as("sara").get(proofPath(document)); got.status != http.StatusNotFound {
		t.Errorf("another desk's clerk: status %d", got.status)
	}
}

// TestTestsAreAmongNoCases: a document marked as a test is on no page of the queue but its own desk's, whoever looks.
func TestTestsAreAmongNoCases(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f := saleByPUAP()
	letter := w.take(f)
	f.test = true
	f.text += " próba"
	test := w.take(f)
	if test.Number != "TEST/1/2026" || test.Route.Desk != workflow.DeskTest || !test.DueAt.IsZero() || letter.DueAt.IsZero() {
		t.Fatalf("the test is %s on %s, due %v; the case due %v", test.Number, test.Route.Desk, test.DueAt, letter.DueAt)
	}
	w.hire("tester", "Teresa Próbna", workflow.RoleClerk, workflow.DeskTest)
	for _, who := range []string{"admin", "anna"} {
		for _, page := range []string{"/queue", "/queue?tab=all", "/queue?tab=all&channel=epuap"} {
			p := w.as(who).get(page)
			if strings.Contains(p.body, test.Number) || !strings.Contains(p.body, letter.Number) {
				t.Errorf("%s at %s: shows the test, or not the case", who, page)
			}
			for _, tab := range p.tabs() {
				if tab.n > 1 {
					t.Errorf("%s at %s: a tab counts %d", who, page, tab.n)
				}
			}
		}
	}
	p := w.as("admin").get("/queue?tab=all&desk=" + workflow.DeskTest)
	if got := p.numbers(); len(got) != 1 || got[0] != test.Number {
		t.Errorf("its own desk shows %v", got)
	}
	if got := w.as("anna").get(casePath(test.ID)); got.status != http.StatusNotFound {
		t.Errorf("a clerk of KM opens it: status %d", got.status)
	}
	if got := w.as("tester").get(casePath(test.ID)); got.status != http.StatusOK {
		t.Errorf("a clerk of the desk of tests cannot open it: status %d", got.status)
	}
	w.as("admin").act(test.ID, "service", map[string][]string{"procedure": {"odpis_aktu"}})
	if examples, err := w.store.Examples(t.Context()); err != nil || len(examples) > 0 {
		t.Errorf("%d examples to learn from, %v", len(examples), err)
	}
	if got := w.get(test.ID); got.Procedure != "odpis_aktu" || got.Route.Desk != workflow.DeskTest || !got.DueAt.IsZero() {
		t.Errorf("corrected it is %s on %s, due %v", got.Procedure, got.Route.Desk, got.DueAt)
	}
}
