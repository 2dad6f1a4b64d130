package nadaj_test

import (
	"bytes"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"okienko/ingest/epuap/epuaptest"
	"okienko/validate/signature"
	"okienko/validate/signature/xmldoc"
	"okienko/workflow"
	"okienko/workflow/nadaj"
	"okienko/workflow/seal"
)

var key = sync.OnceValue(func() seal.Seal {
	s, err := epuaptest.NewSigner("TEST pieczęć urzędu")
	if err != nil {
		panic(err)
	}
	return seal.Seal{Certificate: s.Certificate, Key: s.Key}
})

var at = time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)

func sealed(t *testing.T, text string) []byte {
	t.Helper()
	l := workflow.Letter{ID: 3, To: "/anna/domyslna", Subject: "[RPW/1/2026] Potwierdzenie", Text: text, MessageID: "okienko.1@um.example", SendingAt: at}
	raw, err := key().XML(nadaj.Document{Letter: l, Office: "Urząd & Miasto", Party: "urzadtest"}.XML(), at)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// TestTheSealHolds: our own examination and xmlsec1 both accept the document, and neither a changed one.
func TestTheSealHolds(t *testing.T) {
	t.Parallel()
	good := sealed(t, "Dzień dobry,\n\nżółć & <nawiasy>\r\n\ttab")
	e := signature.Examine(signature.File{Name: "pismo.xml", Bytes: good}, signature.Options{Now: at})
	if len(e.Signatures) != 1 || !e.Signatures[0].Intact || e.Signatures[0].Profile != "XAdES_BASELINE_B" {
		t.Fatalf("%+v", e)
	}
	bad := bytes.Replace(good, []byte("żółć"), []byte("złość"), 1)
	if e := signature.Examine(signature.File{Name: "pismo.xml", Bytes: bad}, signature.Options{Now: at}); e.Signatures[0].Intact {
		t.Error("a changed document passes")
	}
	if out, err := xmlsec1(t, good); err != nil {
		t.Errorf("xmlsec1: %v\n%s", err, out)
	}
	if out, err := xmlsec1(t, bad); err == nil {
		t.Errorf("xmlsec1 accepts a changed document:\n%s", out)
	}
}

func xmlsec1(t *testing.T, doc []byte) (string, error) {
	t.Helper()
	program, err := exec.LookPath("xmlsec1")
	if err != nil {
		t.Fatal("xmlsec1 is needed: Debian package xmlsec1")
	}
	dir := t.TempDir()
	cert, file := filepath.Join(dir, "c.pem"), filepath.Join(dir, "d.xml")
	if err := os.WriteFile(cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: key().Certificate.Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, doc, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(program, "--verify", "--pubkey-cert-pem", cert, "--id-attr:Id", "SignedProperties", file).CombinedOutput()
	return string(out), err
}

func TestTheDocumentSaysWhatTheLetterSays(t *testing.T) {
	t.Parallel()
	doc, err := xmldoc.Parse(sealed(t, "Pierwszy <akapit>.\nDruga linia.\n\nDrugi \x01akapit."), xmldoc.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, n := range doc.Find(doc.Top, nadaj.DefaultForm, "Informacja") {
		said = append(said, n.Text())
	}
	if got := strings.Join(said, "|"); got != "Pierwszy <akapit>.\nDruga linia.|Drugi \uFFFDakapit." {
		t.Errorf("%q", got)
	}
	if n := doc.Find(doc.Top, nadaj.DefaultForm, "Tytul"); len(n) != 1 || n[0].Text() != "[RPW/1/2026] Potwierdzenie" {
		t.Error("no title")
	}
}
