package imap_test

import (
	"testing"
	"time"

	"okienko/ingest/imap"
	"okienko/ingest/imap/imaptest"
)

func startDovecot(t testing.TB, without ...string) *imaptest.Dovecot {
	t.Helper()
	d, err := imaptest.StartDovecot(imaptest.DovecotOptions{WithoutCapabilities: without})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("log of dovecot:\n%s", d.Log())
		}
		d.Close()
	})
	return d
}

func dovecotConfig(d *imaptest.Dovecot) imap.Config {
	return imap.Config{
		Name: "poczta", Host: d.Host, Port: d.Port, TLS: imap.Plain, Username: d.Username, Password: imap.Secret(d.Password),
		Start: imap.FromAll, RetryMin: 5 * time.Millisecond, RetryMax: 50 * time.Millisecond,
	}
}

func TestDovecotLettersAreTakenAndMoved(t *testing.T) {
	t.Parallel()
	server := startDovecot(t)
	var messages [][]byte
	for i := range 120 {
		messages = append(messages, mail(i, 2000))
	}
	date := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	if err := server.Append("INBOX", date, messages...); err != nil {
		t.Fatal(err)
	}
	d := run(t, dovecotConfig(server), newOffice(), newLedger())
	eventually(t, "120 letters in the done folder", func() bool { return server.Count("Okienko") == 120 })
	if n := server.Count("INBOX"); n != 0 {
		t.Errorf("%d letters left in INBOX", n)
	}
	if n := d.office.distinct(); n != 120 {
		t.Errorf("%d distinct letters taken, want 120", n)
	}
	if at := d.office.all()[0].date; !at.Equal(date) {
		t.Errorf("received at %s, want %s", at, date)
	}
}
