package rulebook_test

import (
	"bytes"
	"io/fs"
	"strings"
	"testing"
	"time"

	"okienko/schemas"
	"okienko/workflow"
	"okienko/workflow/deadline"
	"okienko/workflow/reply"
	"okienko/workflow/rulebook"
)

// office is an office without a model, which would only take time to learn.
func office(t testing.TB) rulebook.Office {
	t.Helper()
	codes, err := reply.NewCodes([]byte("a secret for tests only"))
	if err != nil {
		t.Fatal(err)
	}
	return rulebook.Office{Letters: reply.DefaultLetters(),
		Composer: func(c schemas.Catalog, letters fs.FS, free deadline.Calendar) (workflow.Composer, error) {
			return reply.New(reply.Config{Office: reply.Kraków(), Procedures: c, Codes: codes, Letters: letters, Calendar: free})
		},
		Review: func(c workflow.Composer, procedures []schemas.Procedure, at time.Time) []string {
			var lines []string
			for _, f := range c.(*reply.Composer).Review(procedures, at) {
				lines = append(lines, f.String())
			}
			return lines
		},
	}
}

func builtIn(t testing.TB) rulebook.Book {
	t.Helper()
	b, err := office(t).BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestAFormThatWasNotTouchedChangesNothing: no byte of any file.
func TestAFormThatWasNotTouchedChangesNothing(t *testing.T) {
	t.Parallel()
	b, fields := builtIn(t), 0
	for _, id := range b.Procedures() {
		text := b[rulebook.Procedure(id)]
		shown := map[string]string{}
		for _, f := range rulebook.Fields(text) {
			shown[f.Path] = strings.ReplaceAll(f.Value, "\n", "\r\n") // as a browser sends it
			fields++
		}
		got, _ := rulebook.Fill(text, func(path string) (string, bool) { v, ok := shown[path]; return v, ok })
		if !bytes.Equal(got, text) {
			t.Errorf("%s changed", id)
		}
	}
	t.Logf("%d procedures, %d fields", len(b.Procedures()), fields)
}

// TestEveryFieldOfAProcedureCanBeChanged, one at a time: the value reads back, the others stay, and so do the lines around.
func TestEveryFieldOfAProcedureCanBeChanged(t *testing.T) {
	t.Parallel()
	b, tried := builtIn(t), 0
	for _, id := range []string{"wymeldowanie"} {
		text := b[rulebook.Procedure(id)]
		before := rulebook.Fields(text)
		for i, f := range before {
			other := otherThan(f)
			got, filled := rulebook.Fill(text, func(path string) (string, bool) { return other, path == f.Path })
			if filled[i].Wrong != "" {
				t.Errorf("%s %s: %s", id, f.Path, filled[i].Wrong)
				continue
			}
			for k, g := range rulebook.Fields(got) {
				if want := before[k].Value; k != i && g.Value != want || k == i && g.Value != other {
					t.Errorf("%s: changing %s to %q makes %s %q", id, f.Path, other, g.Path, g.Value)
				}
			}
			if n := len(rulebook.Diff(rulebook.Book{"f": text}, rulebook.Book{"f": got})[0].Lines); n > 80 {
				t.Errorf("%s: changing %s touches %d lines", id, f.Path, n)
			}
			tried++
		}
	}
	t.Logf("%d changes", tried)
}

func otherThan(f rulebook.Field) string {
	switch f.Kind {
	case rulebook.Flag:
		if f.Value == "" {
			return "true"
		}
		return ""
	case rulebook.Number:
		if strings.Contains(f.Value, ".") {
			return "8.0"
		}
		return "8"
	case rulebook.Day:
		return "2027-02-03"
	case rulebook.Choice:
		if f.Value == f.Allowed[0] {
			return f.Allowed[1]
		}
		return f.Allowed[0]
	case rulebook.Lines:
		return strings.TrimSpace(f.Value + "\nnowe: słowa*")
	}
	return "Nowe: „słowa” # i 'znaki'"
}

func TestWhatAFormMayNotSay(t *testing.T) {
	t.Parallel()
	text := builtIn(t)[rulebook.Procedure("wymeldowanie")]
	for path, value := range map[string]string{"channels.email": "może", "fee.amount": "dużo", "valid_from": "jutro", "fields.0.missing_effect": "kara"} {
		got, fields := rulebook.Fill(text, func(p string) (string, bool) { return value, p == path })
		wrong := ""
		for _, f := range fields {
			wrong += f.Wrong
		}
		if !bytes.Equal(got, text) || !strings.Contains(wrong, path) || !strings.Contains(wrong, "allowed") {
			t.Errorf("%s = %q: wrong %q", path, value, wrong)
		}
	}
}
