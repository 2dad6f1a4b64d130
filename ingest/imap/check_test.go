package imap_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"okienko/ingest/imap"
)

func TestCheckTellsAndTouchesNothing(t *testing.T) {
	t.Parallel()
	server := startDovecot(t)
	if err := server.Append("INBOX", time.Time{}, mail(1, 500), mail(2, 500), mail(3, 500)); err != nil {
		t.Fatal(err)
	}
	cfg := dovecotConfig(server)
	cfg.TLS, cfg.Port, cfg.CAFile = imap.Implicit, server.TLSPort, write(t, "ca.pem", server.CAPEM)
	cfg.Password, cfg.PasswordFile = "", write(t, "haslo", []byte(server.Password+"\n"))
	if err := os.Chmod(cfg.PasswordFile, 0o644); err != nil {
		t.Fatal(err)
	}
	book := newLedger()
	for _, start := range []imap.Start{imap.FromNow, imap.FromAll} {
		cfg.Start = start
		source, err := imap.New(cfg, book, nil)
		if err != nil {
			t.Fatal(err)
		}
		r, err := source.Check(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		waiting := map[imap.Start]int{imap.FromNow: 0, imap.FromAll: 3}[start]
		if r.Messages != 3 || r.Waiting != waiting || r.FromNow != (start == imap.FromNow) || r.DoneFolder {
			t.Errorf("start %s: %+v", start, r)
		}
		if r.TLSVersion != "TLS 1.3" || time.Until(r.CertNotAfter) > 12*time.Hour || !r.Idle || !r.Move || !slices.Contains(r.Capabilities, "UIDPLUS") {
			t.Errorf("start %s: %+v", start, r)
		}
		if text := strings.Join(r.Warnings, "\n"); len(r.Warnings) != 2 || !strings.Contains(text, "mode 0644") || !strings.Contains(text, "certificate ends on") {
			t.Errorf("warnings: %q", r.Warnings)
		}
	}
	if len(book.seenItems()) != 0 || book.cursor["poczta"] != "" || server.Count("Okienko") != -1 {
		t.Error("Check left traces")
	}
}
