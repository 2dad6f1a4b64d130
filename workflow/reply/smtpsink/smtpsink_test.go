package smtpsink_test

import (
	"net/smtp"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"okienko/workflow/reply/smtpsink"
)

func TestSinkKeepsWhatItIsGiven(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, err := smtpsink.Listen("127.0.0.1:0", dir)
	if err != nil {
		t.Fatal(err)
	}
	raw := "Subject: =?utf-8?q?Potwierdzenie?=\r\n\r\n.kropka\r\n"
	if err := smtp.SendMail(s.Addr(), nil, "", []string{"anna@poczta.example"}, []byte(raw)); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	got := s.Messages()
	if len(got) != 1 || string(got[0].Raw) != raw || got[0].From != "" || got[0].To[0] != "anna@poczta.example" || got[0].At.IsZero() {
		t.Fatalf("messages %+v", got)
	}
	if subject := got[0].Header().Get("Subject"); !strings.Contains(subject, "Potwierdzenie") {
		t.Errorf("subject %q", subject)
	}
	if kept, err := os.ReadFile(filepath.Join(dir, "000001.eml")); err != nil || string(kept) != raw {
		t.Errorf("file: %q, %v", kept, err)
	}
}

func TestSinkListensOnLoopbackOnly(t *testing.T) {
	t.Parallel()
	for _, addr := range []string{"0.0.0.0:0", ":0", "192.0.2.1:25", "example.com:25", "25"} {
		if s, err := smtpsink.Listen(addr, ""); err == nil {
			s.Close()
			t.Errorf("listens on %q", addr)
		}
	}
}

func TestSinkClosesAtOnce(t *testing.T) {
	t.Parallel()
	for range 20 {
		s, err := smtpsink.Listen("127.0.0.1:0", "")
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}
