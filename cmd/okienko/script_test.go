package main

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/mail"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/emersion/go-message/charset"
	"github.com/rogpeppe/go-internal/testscript"

	"okienko/ingest/epuap/epuaptest"
	"okienko/ingest/imap/imaptest"
	"okienko/testdata"
	"okienko/workflow/reply/smtpsink"
	"okienko/workflow/workflowtest"
)

// TestCommandLine runs the sessions in testdata/script with the real program. Beside testscript's own commands they use
//
//	mailbox              start an IMAP server: $IMAP_PORT, and the file password
//	deliver STORY...     put sample letters into its INBOX
//	outgoing             start a server for outgoing mail: $SMTP_ADDR
//	sent N               wait until it has taken N mails
//	box                  start ePUAP: $EPUAP_URL, and the files key.pem, cert.pem and platform.pem
//	queue N              put the first N letters of the demo into its queue
//	download FILE        write its emergency download
//	postgres             make an empty PostgreSQL database: $DATABASE
//	freeport NAME...     find ports nobody listens on: $NAME
//	expand FILE...       replace $VARIABLES in files
//	await URL PATTERN    ask until the answer matches; [!] until nobody answers well
//	term                 send SIGTERM to the programs in the background
//	oneline              the last program said one line on standard error
//	impersonal FILE...   nothing the sample letters say of persons is in the files, of which stdout and stderr are two
func TestCommandLine(t *testing.T) {
	t.Parallel()
	bin := filepath.Dir(program(t))
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("PATH", bin+string(os.PathListSeparator)+env.Getenv("PATH"))
			env.Setenv("CACHE", userCache())
			env.Values[servers{}] = &servers{}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"mailbox": startMailbox, "deliver": deliverTo, "outgoing": startOutgoing, "sent": wantSent, "freeport": findPorts,
			"expand": expandFiles, "await": await, "term": terminate, "oneline": wantOneLine, "impersonal": wantImpersonal,
			"box": startBox, "queue": fillQueue, "download": downloadBox,
			"postgres": func(ts *testscript.TestScript, _ bool, _ []string) { ts.Setenv("DATABASE", workflowtest.Postgres(t)) },
		},
	})
}

// servers are what a session started; its zero value is the key to find them.
type servers struct {
	mailbox  *imaptest.Memory
	outgoing *smtpsink.Sink
	box      *epuaptest.Server
}

func serversOf(ts *testscript.TestScript) *servers { return ts.Value(servers{}).(*servers) }

func startMailbox(ts *testscript.TestScript, _ bool, _ []string) {
	m, err := imaptest.StartMemory(imaptest.MemoryOptions{})
	ts.Check(err)
	ts.Defer(func() { m.Close() })
	serversOf(ts).mailbox = m
	ts.Setenv("IMAP_PORT", strconv.Itoa(m.Port))
	ts.Setenv("IMAP_USER", m.Username)
	ts.Check(os.WriteFile(ts.MkAbs("password"), []byte(m.Password), 0o600))
}

func startOutgoing(ts *testscript.TestScript, _ bool, _ []string) {
	s, err := smtpsink.Listen("127.0.0.1:0", "")
	ts.Check(err)
	ts.Defer(func() { s.Close() })
	serversOf(ts).outgoing = s
	ts.Setenv("SMTP_ADDR", s.Addr())
}

func deliverTo(ts *testscript.TestScript, _ bool, names []string) {
	stories, err := testdata.Stories()
	ts.Check(err)
	byName := map[string]testdata.Story{}
	for _, s := range stories {
		byName[s.Name] = s
	}
	for _, name := range names {
		s, ok := byName[name]
		if !ok {
			ts.Fatalf("no sample letter %s", name)
		}
		ts.Check(serversOf(ts).mailbox.Append("INBOX", s.Message, s.Want.Received))
	}
}

// patience is how long a session waits for what must come.
const patience = 30 * time.Second

func waitUntil(ts *testscript.TestScript, what string, holds func() bool) {
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			ts.Fatalf("still not so: %s", what)
		}
	}
}

func wantSent(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	sink := serversOf(ts).outgoing
	waitUntil(ts, fmt.Sprintf("%d mails were sent", n), func() bool { return len(sink.Messages()) >= n })
	if got := len(sink.Messages()); got != n {
		ts.Fatalf("%d mails were sent, want %d", got, n)
	}
}

func findPorts(ts *testscript.TestScript, _ bool, names []string) {
	for _, name := range names {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		ts.Check(err)
		defer ln.Close() // after all are found, so that they differ
		_, port, _ := net.SplitHostPort(ln.Addr().String())
		ts.Setenv(name, port)
	}
}

func expandFiles(ts *testscript.TestScript, _ bool, files []string) {
	for _, file := range files {
		ts.Check(os.WriteFile(ts.MkAbs(file), []byte(os.Expand(ts.ReadFile(file), ts.Getenv)), 0o600))
	}
}

func await(ts *testscript.TestScript, neg bool, args []string) {
	pattern := regexp.MustCompile("(?m)" + args[1])
	client := http.Client{Timeout: 5 * time.Second}
	waitUntil(ts, strings.Join(args, " matches "), func() bool {
		r, err := client.Get(args[0])
		if err != nil {
			return neg
		}
		defer r.Body.Close()
		body, err := io.ReadAll(r.Body)
		return neg != (err == nil && r.StatusCode == http.StatusOK && pattern.Match(body))
	})
}

func terminate(ts *testscript.TestScript, _ bool, _ []string) {
	for _, cmd := range ts.BackgroundCmds() {
		ts.Check(cmd.Process.Signal(syscall.SIGTERM))
	}
}

func wantOneLine(ts *testscript.TestScript, _ bool, _ []string) {
	if text := ts.ReadFile("stderr"); strings.Count(text, "\n") != 1 || !strings.HasPrefix(text, "okienko: ") {
		ts.Fatalf("want one line of standard error that begins with okienko:, got\n%s", text)
	}
}

func wantImpersonal(ts *testscript.TestScript, neg bool, files []string) {
	personal := personalData(ts)
	for _, file := range files {
		text := strings.ToLower(ts.ReadFile(file))
		i := slices.IndexFunc(personal, func(p string) bool { return strings.Contains(text, p) })
		switch {
		case i >= 0 && !neg:
			ts.Fatalf("%s tells %q", file, personal[i])
		case i < 0 && neg:
			ts.Fatalf("nothing personal was found in %s", file)
		}
	}
}

// personalIn takes the address and the words of the name out of a From header. One sample writes its name in a charset it does
// not tell: that is no name anybody could log.
func personalIn(from string) []string {
	name, address, ok := strings.Cut(strings.TrimRight(from, "> "), "<")
	if !ok {
		return []string{name}
	}
	all := []string{address}
	for word := range strings.FieldsSeq(name) {
		if word = strings.Trim(word, `",.`); utf8.ValidString(word) && len([]rune(word)) > 4 && !slices.Contains(noPersons, word) {
			all = append(all, word)
		}
	}
	return all
}

// noPersons are words of senders' names that programs log for other reasons: an account, and a mail server that calls itself so.
var noPersons = []string{"kancelaria", "delivery"}

var elevenDigits = regexp.MustCompile(`\b\d{11}\b`)

// personalData is what the sample letters say of persons: the senders' names and addresses and every PESEL, in lower case.
func personalData(ts *testscript.TestScript) []string {
	stories, err := testdata.Stories()
	ts.Check(err)
	words := mime.WordDecoder{CharsetReader: charset.Reader}
	var all []string
	for _, s := range stories {
		if m, err := mail.ReadMessage(bytes.NewReader(s.Message)); err == nil {
			from, err := words.DecodeHeader(m.Header.Get("From"))
			ts.Check(err)
			all = append(all, personalIn(strings.ToLower(from))...)
		}
		all = append(all, elevenDigits.FindAllString(string(s.Message), -1)...)
	}
	if len(all) < 100 {
		ts.Fatalf("only %d personal data found in the sample letters: the search is broken", len(all))
	}
	return all
}
