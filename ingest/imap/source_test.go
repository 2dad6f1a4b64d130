package imap_test

import (
	"testing"
	"time"

	"okienko/ingest/imap"
	"okienko/ingest/imap/imaptest"
)

func startMemory(t testing.TB) *imaptest.Memory {
	t.Helper()
	m, err := imaptest.StartMemory(imaptest.MemoryOptions{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	return m
}

func memoryConfig(m *imaptest.Memory) imap.Config {
	return imap.Config{
		Name: "poczta", Host: m.Host, Port: m.Port, TLS: imap.Plain, Username: m.Username, Password: imap.Secret(m.Password),
		Start: imap.FromAll, RetryMin: 5 * time.Millisecond, RetryMax: 50 * time.Millisecond,
	}
}

func TestLettersAreTakenAndMoved(t *testing.T) {
	t.Parallel()
	m := startMemory(t)
	for i := range 120 {
		if err := m.Append("INBOX", mail(i, 2000), time.Date(2026, 11, 2, 9, 0, i, 0, time.UTC)); err != nil {
			t.Fatal(err)
		}
	}
	d := run(t, memoryConfig(m), newOffice(), newLedger())
	eventually(t, "120 letters in the done folder", func() bool { return m.Count("Okienko") == 120 })
	if n := m.Count("INBOX"); n != 0 {
		t.Errorf("%d letters left in INBOX", n)
	}
	if n := d.office.distinct(); n != 120 {
		t.Errorf("%d distinct letters taken, want 120", n)
	}
	if n := len(d.ledger.seenItems()); n != 120 {
		t.Errorf("%d items seen, want 120", n)
	}
	for _, l := range d.office.all() {
		if l.item == "1:1" && !l.date.Equal(time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)) {
			t.Errorf("received at %s", l.date)
		}
	}
}
