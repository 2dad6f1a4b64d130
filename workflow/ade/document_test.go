package ade_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"okienko/ingest/edelivery"
	"okienko/ingest/edelivery/edeliverytest"
	"okienko/validate/signature"
	"okienko/workflow"
)

// A call goes out as a sealed PDF that says what the message says (KPA art. 14, 54), and is kept as it went.
func TestALetterGoesOutUnderTheSeal(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("żółw ", edelivery.MaxText)
	for _, tt := range []struct {
		name, text, message string
	}{
		{"short enough for a message", "Wzywam do usunięcia braków.\nTermin: 7 dni od dnia doręczenia tego wezwania.", "Wzywam"},
		{"too long for a message", long, "Treść pisma jest w załączniku"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			eachDatabase(t, func(t *testing.T, open func(*testing.T) *world) {
				w := open(t)
				id := w.newCase(t, func(l *workflow.Letter) { l.Text = tt.text })
				if err := w.deliver(t, id); err != nil {
					t.Fatal(err)
				}
				sent := w.platform.Sent()[0]
				if len(sent.Files) != 1 || sent.Files[0].Name != "pismo.pdf" || !strings.HasPrefix(sent.Text, tt.message) || !strings.Contains(sent.Text, "pismo.pdf") {
					t.Fatalf("%d files, text %q", len(sent.Files), sent.Text)
				}
				raw := sent.Files[0].Content
				e := signature.Examine(signature.File{Name: "pismo.pdf", Bytes: raw}, signature.Options{Now: w.platform.Now()})
				if len(e.Signatures) != 1 || !e.Signatures[0].Intact || e.Signatures[0].Profile != "PAdES_BASELINE_B" || e.Signatures[0].Signer.Name != "TEST pieczęć urzędu" {
					t.Errorf("%+v", e.Signatures)
				}
				if got := words(pdftotext(t, raw)); !strings.Contains(got, words(tt.text)) || !strings.Contains(got, "Pismo opatrzono pieczęcią elektroniczną: TEST pieczęć urzędu") {
					t.Errorf("the document says %.300q", got)
				}
				proofs, err := w.store.CaseProofs(t.Context(), id)
				if err != nil || len(proofs) != 1 || proofs[0].Kind != workflow.ProofDocument || proofs[0].Bytes != int64(len(raw)) {
					t.Errorf("kept %+v, %v", proofs, err)
				}
			})
		})
	}
}

// words leaves the numbers of pages and the line breaks out.
func words(s string) string {
	var kept []string
	for _, w := range strings.Fields(s) {
		if strings.Trim(w, "0123456789") != "" {
			kept = append(kept, w)
		}
	}
	return strings.Join(kept, " ")
}

func pdftotext(t *testing.T, raw []byte) string {
	t.Helper()
	program, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Fatal("pdftotext is needed: Debian package poppler-utils")
	}
	file := filepath.Join(t.TempDir(), "pismo.pdf")
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(program, file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestWithoutASealOnlyInformationGoes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		kind   workflow.ReplyKind
		text   string
		status workflow.LetterStatus
		files  int
	}{
		{"a call", workflow.ReplyCall, "Wzywam.", workflow.LetterFailed, 0},
		{"a notice of forwarding", workflow.ReplyForward, "Przekazano.", workflow.LetterFailed, 0},
		{"a clerk's own words", workflow.ReplyLetter, "Zawiadamiam.", workflow.LetterFailed, 0},
		{"a receipt", workflow.ReplyReceipt, "Otrzymaliśmy.", workflow.LetterSent, 0},
		{"a long information", workflow.ReplyInfo, strings.Repeat("żółw ", edelivery.MaxText), workflow.LetterSent, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, filepath.Join(t.TempDir(), "okienko.db"))
			w.carrier.Mailboxes[0].Seal = nil
			id := w.newCase(t, func(l *workflow.Letter) { l.Kind, l.Text = tt.kind, tt.text })
			if err := w.deliver(t, id); err != nil {
				t.Fatal(err)
			}
			l, sent := w.letter(t, id), w.platform.Sent()
			if l.Status != tt.status || (len(sent) == 1) != (tt.status == workflow.LetterSent) || (tt.status == workflow.LetterFailed) != strings.Contains(l.Detail, "art. 14") {
				t.Errorf("%s (%s), %d sent", l.Status, l.Detail, len(sent))
			}
			if len(sent) == 1 && (len(sent[0].Files) != tt.files || strings.Contains(sent[0].Text, "pieczęcią")) {
				t.Errorf("sent %d files, text %.100q", len(sent[0].Files), sent[0].Text)
			}
		})
	}
}

// A second attempt sends the bytes that were kept at the first, so that a second copy would be recognised.
func TestTheDocumentIsSealedOnce(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, open func(*testing.T) *world) {
		w := open(t)
		id := w.newCase(t, nil)
		w.platform.Set(func(sw *edeliverytest.Switches) { sw.TooMany = 1 })
		if err := w.deliver(t, id); err == nil {
			t.Fatal("429 is no error")
		}
		w.platform.Advance(time.Hour)
		if err := w.deliver(t, id); err != nil {
			t.Fatal(err)
		}
		proofs, err := w.store.CaseProofs(t.Context(), id)
		if err != nil || len(proofs) != 1 {
			t.Fatalf("%d documents are kept, %v", len(proofs), err)
		}
		kept, err := w.carrier.Evidence.Open(t.Context(), proofs[0].Digest)
		if err != nil {
			t.Fatal(err)
		}
		defer kept.Close()
		var b bytes.Buffer
		if _, err := b.ReadFrom(kept); err != nil || !bytes.Equal(b.Bytes(), w.platform.Sent()[0].Files[0].Content) {
			t.Errorf("what was sent is not what was kept, %v", err)
		}
	})
}
