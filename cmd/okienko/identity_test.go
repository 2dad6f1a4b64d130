package main

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"okienko/workflow"
	"okienko/workflow/store"
)

// TestIdentityIsTheBytesNotTheName is promise P8, from a mailbox to the ledger with the real program: what counts is what was
// written, not under which number the server keeps it, and not what the sender's program calls it.
func TestIdentityIsTheBytesNotTheName(t *testing.T) {
	t.Parallel()
	mail := story(t, crashStory)
	other := bytes.Replace(mail, []byte("Octavi"), []byte("Fabi"), 1)
	if bytes.Equal(mail, other) {
		t.Fatal("the sample letter does not say what this test changes")
	}
	append1 := func(t *testing.T, o *office, mail []byte) {
		t.Helper()
		if err := o.mailbox.Append("INBOX", mail, time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	cases := []struct {
		name    string
		happens func(t *testing.T, o *office)
		letters int // with different bytes, so many cases
		want    workflow.SourceBalance
	}{
		{"the same bytes delivered twice are one case with a second copy", func(t *testing.T, o *office) {
			append1(t, o, mail)
			append1(t, o, mail)
		}, 1, workflow.SourceBalance{Seen: 2, Registered: 1, Duplicates: 1}},
		{"the same bytes a day later are still one case", func(t *testing.T, o *office) {
			append1(t, o, mail)
			o.workOff(t)
			append1(t, o, mail)
		}, 1, workflow.SourceBalance{Seen: 2, Registered: 1, Duplicates: 1}},
		{"the same Message-ID with other bytes is a case of its own", func(t *testing.T, o *office) {
			append1(t, o, mail)
			append1(t, o, other)
		}, 2, workflow.SourceBalance{Seen: 2, Registered: 2}},
		{"a registered letter under another UIDVALIDITY is a second copy", func(t *testing.T, o *office) {
			append1(t, o, mail)
			o.workOff(t)
			o.renumber(t)
			append1(t, o, mail) // as after a restored backup
		}, 1, workflow.SourceBalance{Seen: 2, Registered: 1, Duplicates: 1}},
		{"a letter that was only seen before UIDVALIDITY changed is counted under its new name", func(t *testing.T, o *office) {
			append1(t, o, mail)
			o.saw(t, "999:1")
		}, 1, workflow.SourceBalance{Seen: 1, Registered: 1, Gone: 1}},
	}
	for name, database := range databases {
		for _, tc := range cases {
			t.Run(name+": "+tc.name, func(t *testing.T) {
				t.Parallel()
				o := newOffice(t, database(t))
				tc.happens(t, o)
				o.workOff(t) // fails if the ledger has a difference
				found, letters := o.cases(t)
				if len(found) != tc.letters || len(letters) > tc.letters || len(o.sink.Messages()) > len(letters) {
					t.Errorf("%d cases, %d letters written, %d sent of %d submissions", len(found), len(letters), len(o.sink.Messages()), tc.letters)
				}
				o.wantBalance(t, tc.want)
			})
		}
	}
}

// renumber empties the mailbox and gives it another UIDVALIDITY.
func (o *office) renumber(t *testing.T) {
	t.Helper()
	m := o.mailbox.(memory)
	if err := errors.Join(m.Delete("INBOX"), m.Create("INBOX")); err != nil {
		t.Fatal(err)
	}
}

// open opens the office's database until the test ends.
func (o *office) open(t *testing.T) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), o.database, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// saw leaves what a process leaves that was killed after it had written down what it saw.
func (o *office) saw(t *testing.T, item string) {
	t.Helper()
	if err := o.open(t).Saw(t.Context(), "podania", []string{item}); err != nil {
		t.Fatal(err)
	}
}

func (o *office) wantBalance(t *testing.T, want workflow.SourceBalance) {
	t.Helper()
	rows, err := o.open(t).Balance(t.Context())
	if err != nil || len(rows) != 1 {
		t.Fatalf("%d sources, %v", len(rows), err)
	}
	want.Source, want.LastSeen = "podania", rows[0].LastSeen
	if rows[0] != want {
		t.Errorf("the ledger says %+v, want %+v", rows[0], want)
	}
}
