package main

import (
	"os"
	"strconv"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"okienko/ingest/epuap/epuaptest"
)

// The commands of sessions with ePUAP: see TestCommandLine.

func startBox(ts *testscript.TestScript, _ bool, _ []string) {
	s, err := epuaptest.Start()
	ts.Check(err)
	ts.Defer(func() { s.Close() })
	serversOf(ts).box = s
	ts.Setenv("EPUAP_URL", s.URL())
	for name, content := range map[string][]byte{"key.pem": keyPEM(s.Office), "cert.pem": signerPEM(s.Office), "platform.pem": signerPEM(s.Platform)} {
		ts.Check(os.WriteFile(ts.MkAbs(name), content, 0o600))
	}
}

func fillQueue(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	s := serversOf(ts).box
	minister, err := s.Authority.MinisterSeal()
	ts.Check(err)
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	for _, l := range demoLetters(s)[:n] {
		d, err := l.document(minister, at)
		ts.Check(err)
		s.Deliver(d)
	}
}

func downloadBox(ts *testscript.TestScript, _ bool, args []string) {
	raw, err := serversOf(ts).box.EmergencyDownload()
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), raw, 0o600))
}
