package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestConfigurationErrorsNameFileKeyAndWhatIsAllowed(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, text string
		want       []string // nil: the file is fine
	}{
		{"an empty file means the defaults", "", nil},
		{"an unknown key is refused with its line", "databse: x\n", []string{"line 1", `"databse"`}},
		{"an unknown key inside a section as well", "log:\n  formt: json\n", []string{"line 2", `"formt"`}},
		{"a role that does not exist", "roles: [desks]\n", []string{"roles", "desks", "sources, workers, desk"}},
		{"a log format that does not exist", "log: {format: xml}\n", []string{"log.format", "text, json"}},
		{"a rescue that comes too early", "workers: {timeout: 5m, rescue: 1m}\n", []string{"rescue above timeout"}},
		{"a policy that is no truth value", "policy: {epuap: maybe}\n", []string{"policy.epuap", "true, false, undecided"}},
		{"plain text to another machine", "imap: [{name: a, host: imap.example, tls: none, username: u, password_file: p}]\n", []string{"imap[0]", "tls"}},
		{"two sources of one name", "imap: [{name: a, host: h, username: u, password_file: p}, {name: a, host: h, username: u, password_file: p}]\n", []string{"imap[1].name", "twice"}},
		{"a lease shorter than a conversation", "smtp: {addr: '127.0.0.1:25', tls: none, from: a@b.example}\nreplies: {lease: 1s}\n", []string{"replies.lease", "longer"}},
		{"a list where a text belongs", "database: [a]\n", []string{"line 1"}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "okienko.yaml")
			writeFile(t, file, []byte(tc.text))
			_, err := loadConfig(file)
			if (err != nil) != (tc.want != nil) {
				t.Fatalf("error %v, want one: %t", err, tc.want != nil)
			}
			if err == nil {
				return
			}
			for _, part := range append(tc.want, file) {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("error %q does not say %q", err, part)
				}
			}
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("error has several lines: %q", err)
			}
		})
	}
}

func TestExampleConfigurationIsAllowed(t *testing.T) {
	t.Parallel()
	if _, err := loadConfig("../../okienko.example.yaml"); err != nil {
		t.Error(err)
	}
}

func TestSecretIsMadeOnceAndKept(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first, err := loadSecret(dir)
	if err != nil {
		t.Fatal(err)
	}
	again, err := loadSecret(dir)
	if err != nil || string(again) != string(first) {
		t.Errorf("the secret changed: %v", err)
	}
	if info, err := os.Stat(filepath.Join(dir, "secret")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the secret's mode: %v, %v", info, err)
	}
	writeFile(t, filepath.Join(dir, "secret"), []byte("short"))
	if _, err := loadSecret(dir); err == nil {
		t.Error("a cut secret was taken")
	}
}
