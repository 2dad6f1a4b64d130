package main

import (
	"context"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"okienko/ingest/imap/imaptest"
	"okienko/testdata"
	"okienko/workflow"
	"okienko/workflow/reply/smtpsink"
	"okienko/workflow/store"
	"okienko/workflow/workflowtest"
)

// office is a whole office for one test: a mailbox, a server for outgoing mail, a database, a directory, a configuration.
type office struct {
	mailbox  mailbox
	sink     *smtpsink.Sink
	database string
	config   string
}

// mailbox is an account at an IMAP server.
type mailbox interface {
	Append(folder string, message []byte, at time.Time) error
	Count(folder string) int
	signIn() map[string]any // the keys of imap[] that reach it
}

// memory is an account in this process.
type memory struct{ *imaptest.Memory }

func newMemory(t *testing.T) memory {
	t.Helper()
	m, err := imaptest.StartMemory(imaptest.MemoryOptions{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	return memory{m}
}

func (m memory) signIn() map[string]any {
	return map[string]any{"host": m.Host, "port": m.Port, "username": m.Username, "password": m.Password}
}

// dovecot is an account of its own at a Dovecot that many share.
type dovecot struct {
	imaptest.Dovecot
}

func newDovecot(t *testing.T) *imaptest.Dovecot {
	t.Helper()
	d, err := imaptest.StartDovecot(imaptest.DovecotOptions{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

// accountAt opens an account: Dovecot makes it at the first sign-in.
func accountAt(d *imaptest.Dovecot, username string) *dovecot {
	account := *d
	account.Username = username
	return &dovecot{account}
}

func (d *dovecot) Append(folder string, message []byte, at time.Time) error {
	return d.Dovecot.Append(folder, at, message)
}

func (d *dovecot) signIn() map[string]any {
	return map[string]any{"host": d.Host, "port": d.Port, "username": d.Username, "password": d.Password}
}

// databases are where each of these tests runs.
var databases = map[string]func(t *testing.T) string{
	"SQLite":     func(t *testing.T) string { return migrated(t, filepath.Join(t.TempDir(), "okienko.db")) },
	"PostgreSQL": func(t *testing.T) string { return workflowtest.PostgresLike(t, migrate) },
}

func migrate(url string) error { return store.Migrate(context.Background(), url) }

func migrated(t *testing.T, url string) string {
	t.Helper()
	if err := migrate(url); err != nil {
		t.Fatal(err)
	}
	return url
}

// newOffice opens an office with a mailbox in this process.
func newOffice(t *testing.T, database string) *office {
	t.Helper()
	return newOfficeAt(t, database, newMemory(t))
}

// newOfficeAt opens an office whose letters are given up as unknown after a few seconds.
func newOfficeAt(t *testing.T, database string, at mailbox) *office {
	t.Helper()
	sink, err := smtpsink.Listen("127.0.0.1:0", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sink.Close() })
	o := &office{mailbox: at, sink: sink, database: database}
	o.configure(t, t.TempDir())
	return o
}

func (o *office) configure(t *testing.T, dir string) {
	t.Helper()
	source := o.mailbox.signIn()
	password := filepath.Join(dir, "password")
	writeFile(t, password, []byte(source["password"].(string)))
	delete(source, "password")
	maps.Copy(source, map[string]any{"name": "podania", "tls": "none", "password_file": password, "start": "all"})
	text, err := yaml.Marshal(map[string]any{
		"database": o.database, "data": filepath.Join(dir, "data"), "health": "", "roles": []string{roleSources, roleWorkers},
		"cache": userCache(), "log": map[string]any{"level": "error"}, "workers": map[string]any{"readers": 1},
		"imap": []any{source},
		"smtp": map[string]any{"addr": o.sink.Addr(), "tls": "none", "from": "podania@um-krakow.example",
			"timeout": "1s", "outcome_timeout": "1s"},
		"replies": map[string]any{"lease": "2500ms"},
	})
	if err != nil {
		t.Fatal(err)
	}
	o.config = filepath.Join(dir, "okienko.yaml")
	writeFile(t, o.config, text)
}

func writeFile(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// set adds a line to the settings of the mailbox.
func (o *office) set(t *testing.T, line string) {
	t.Helper()
	text, err := os.ReadFile(o.config)
	if err != nil {
		t.Fatal(err)
	}
	const last = "username: "
	writeFile(t, o.config, []byte(strings.Replace(string(text), last, line+"\n      "+last, 1)))
}

// deliver puts a sample letter into the mailbox.
func (o *office) deliver(t *testing.T, story string) {
	t.Helper()
	stories, err := testdata.Stories()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range stories {
		if s.Name == story {
			if err := o.mailbox.Append("INBOX", s.Message, s.Want.Received); err != nil {
				t.Fatal(err)
			}
			return
		}
	}
	t.Fatalf("no sample letter %s", story)
}

// serveOnce is the command that takes in what waits and ends.
func (o *office) serveOnce(t *testing.T) *exec.Cmd {
	t.Helper()
	return exec.Command(program(t), "serve", "--once", "--config", o.config)
}

// workOff runs the program until nothing is left to do.
func (o *office) workOff(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, program(t), "serve", "--once", "--config", o.config)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("serve --once: %v\n%s", err, out)
	}
}

// cases returns every case with its letters.
func (o *office) cases(t *testing.T) ([]workflow.CaseSummary, []workflow.Letter) {
	t.Helper()
	s := o.open(t)
	cases, err := allCases(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	var letters []workflow.Letter
	for _, c := range cases {
		of, err := s.CaseLetters(t.Context(), c.ID)
		if err != nil {
			t.Fatal(err)
		}
		letters = append(letters, of...)
	}
	return cases, letters
}
