package reply_test

import (
	"net/smtp"
	"strings"
	"testing"
)

func containsAny(s string, parts ...string) bool {
	for _, p := range parts {
		if strings.Contains(s, p) {
			return true
		}
	}
	return false
}

// rawSend hands a message to a server with the standard library's client, whatever it contains.
func rawSend(tb testing.TB, addr, envelope, to, raw string) {
	tb.Helper()
	if err := smtp.SendMail(addr, nil, envelope, []string{to}, []byte(raw)); err != nil {
		tb.Fatal(err)
	}
}
