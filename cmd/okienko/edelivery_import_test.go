package main

import (
	"archive/zip"
	"bytes"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"okienko/ingest/edelivery/edeliverytest"
)

// The same message by the mailbox and as an archive, in either order and again, is one case (promise P8).
func TestAMessageByMailboxAndByArchiveIsOneCase(t *testing.T) {
	t.Parallel()
	for name, database := range databases {
		for _, archiveFirst := range []bool{true, false} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				o := newEDeliveryOffice(t, database(t))
				ids, err := o.platform.Deliver(edeliverytest.Letter{From: demoAnna, Name: "Anna", Subject: "Petycja", Text: "Wnoszę petycję o ustawienie ławek w parku."})
				if err != nil {
					t.Fatal(err)
				}
				file := filepath.Join(t.TempDir(), "wiadomosc.zip")
				writeFile(t, file, messageArchive(t, ids[0]))
				take := func(what string) {
					out, err := exec.Command(program(t), "edelivery", "import", "--config", o.config, file).CombinedOutput()
					if err != nil || !strings.Contains(string(out), "message "+ids[0]+" "+what) {
						t.Fatalf("import: %v\n%s", err, out)
					}
				}
				if archiveFirst {
					take("is registered as RPW/1/")
				}
				o.workOff(t)
				take("is RPW/1/")
				take("is RPW/1/")
				o.workOff(t)
				cases, _ := o.cases(t)
				if len(cases) != 1 {
					t.Errorf("%d cases of one message", len(cases))
				}
				if err := balanced(t.Context(), o.open(t)); err != nil {
					t.Error(err)
				}
			})
		}
	}
}

func TestImportOfWhatIsNoArchive(t *testing.T) {
	t.Parallel()
	o := newEDeliveryOffice(t, databases["SQLite"](t))
	file := filepath.Join(t.TempDir(), "nic.zip")
	writeFile(t, file, []byte("to nie jest archiwum"))
	for _, tt := range []struct{ args, want string }{
		{file, "it is no message archive"},
		{"--source=inny " + file, `--source "inny"`},
		{file + "x", "no such file"},
	} {
		args := append([]string{"edelivery", "import", "--config", o.config}, strings.Fields(tt.args)...)
		out, err := exec.Command(program(t), args...).CombinedOutput()
		if err == nil || !strings.Contains(string(out), tt.want) || strings.Count(string(out), "\n") != 1 {
			t.Errorf("import %s: %v\n%s\nwants one line with %q", tt.args, err, out, tt.want)
		}
	}
}

// messageArchive is a message as a person downloads it.
func messageArchive(t *testing.T, id string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range [][2]string{
		{"MetrykaArchiwum.xml", `<SpecyfikacjaArchiwum wersja="1.0"><IdentyfikatorWiadomosci>` + id + `</IdentyfikatorWiadomosci></SpecyfikacjaArchiwum>`},
		{"TrescWiadomosci.txt", "Wnoszę petycję o ustawienie ławek w parku."}, {"BPOP-1.pdf", "%PDF-1.4 dowód"},
	} {
		w, err := z.Create(f[0])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, f[1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
