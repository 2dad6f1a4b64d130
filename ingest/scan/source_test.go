package scan

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"okienko/ingest"
	"okienko/internal/board"
)

func TestAFileIsTakenOnceAndWhenItHasComeToRest(t *testing.T) {
	t.Parallel()
	open(t, func(t *testing.T, o *office) {
		o.write("skan.pdf", "%PDF-1.7 half")
		o.after(settle - 2*poll)
		o.want("before it rested", nil, "skan.pdf")
		o.write("skan.pdf", "%PDF-1.7 whole")
		o.after(settle - 2*poll)
		o.want("after it was written to again", nil, "skan.pdf")
		o.after(4 * poll)
		o.want("after it rested", []string{"%PDF-1.7 whole"})
		o.rest()
		o.want("much later", []string{"%PDF-1.7 whole"})
		o.wantDone("%PDF-1.7 whole")
		if e := o.taken[0]; e.Channel != ingest.Scan || e.MediaType != mediaPDF || e.Key != "" || e.Paper.Site != "urna" || e.Paper.Problems != nil {
			t.Errorf("envelope %+v, paper %+v", e.Envelope, e.Paper)
		}
	})
}

// A share's client writes a big file in pieces, each of which looks like an end; what counts is rest, not size.
func TestAFileThatGrowsInPiecesIsTakenWhole(t *testing.T) {
	t.Parallel()
	open(t, func(t *testing.T, o *office) {
		text := "%PDF-1.7 "
		for i := range 20 {
			text += fmt.Sprint("piece ", i, " ")
			o.write("skan.pdf", text)
			o.after(settle / 2)
			o.want("while it grows", nil, "skan.pdf")
		}
		o.rest()
		o.want("after it rested", []string{text})
	})
}

func TestAFileSomebodyHasOpenForWritingIsNotTaken(t *testing.T) {
	t.Parallel()
	open(t, func(t *testing.T, o *office) {
		f, err := os.Create(filepath.Join(o.cfg.Folder, "skan.pdf"))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(f, "%PDF-1.7 begun,")
		for range 5 {
			o.rest()
			o.want("while it is open", nil, "skan.pdf")
		}
		fmt.Fprint(f, " finished")
		f.Close()
		o.rest()
		o.want("after it was closed", []string{"%PDF-1.7 begun, finished"})
	})
}

func TestFilesUnderAWritersNameWaitForTheirOwn(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"skan.pdf.part", "skan.PDF.TMP", "~skan.pdf", ".skan.pdf", "skan.pdf~", "skan.crdownload", "skan.filepart"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			open(t, func(t *testing.T, o *office) {
				o.write(name, "%PDF-1.7 all of it")
				o.rest()
				o.want("under a writer's name", nil, name)
				if st, u := o.source.Status(), o.source.Unfinished(); u.Files != 1 || st.Waiting != 0 || st.Phase != board.Idle || u.Since.IsZero() {
					t.Errorf("status %+v", st)
				}
				o.rename(name, "skan.pdf")
				o.rest()
				o.want("under its own name", []string{"%PDF-1.7 all of it"})
			})
		})
	}
}

func TestFilesWithoutBytesAreWaitedForAndThenEachIsACase(t *testing.T) {
	t.Parallel()
	open(t, func(t *testing.T, o *office) {
		o.write("a.pdf", "")
		o.write("b.pdf", "")
		o.after(59 * time.Minute)
		o.want("within the hour", nil, "a.pdf", "b.pdf")
		o.write("b.pdf", "%PDF-1.7 late")
		o.after(2 * time.Minute)
		o.want("after the hour", []string{"%PDF-1.7 late", ""})
		o.write("c.pdf", "")
		o.after(time.Hour + time.Minute)
		o.want("after another hour", []string{"%PDF-1.7 late", "", ""})
		first, second := o.taken[1], o.taken[2]
		if first.Key == "" || first.Key == second.Key || first.Paper.Problems[0].Code != ingest.ProblemEmpty {
			t.Errorf("keys %q and %q, problems %v", first.Key, second.Key, first.Paper.Problems)
		}
	})
}

func TestWhatIsNoScanIsTakenWithAProblem(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"%PDF-1.7": mediaPDF, "\xEF\xBB\xBF%PDF-1.4": mediaPDF, "II*\x00....": mediaTIFF, "MM\x00*....": mediaTIFF,
		"\xFF\xD8\xFF\xE0": mediaJPEG, "\x89PNG\r\n\x1a\n": mediaPNG,
		"PK\x03\x04 a document": "", "GIF89a": "", "x": "", strings.Repeat(" ", 2000) + "%PDF-1.7": "",
	} {
		t.Run(fmt.Sprintf("%.8q", text), func(t *testing.T) {
			t.Parallel()
			open(t, func(t *testing.T, o *office) {
				o.write("plik.pdf", text)
				o.rest()
				o.want("after it rested", []string{text})
				e := o.taken[0]
				if problem := len(e.Paper.Problems) == 1; e.MediaType != want || problem != (want == "") {
					t.Errorf("media type %q, problems %v; want %q", e.MediaType, e.Paper.Problems, want)
				}
			})
		})
	}
}

func TestWhatIsNoFileIsNobodysLetter(t *testing.T) {
	t.Parallel()
	open(t, func(t *testing.T, o *office) {
		outside := filepath.Join(t.TempDir(), "secret")
		if err := os.WriteFile(outside, []byte("%PDF-1.7"), 0o600); err != nil {
			t.Fatal(err)
		}
		err := errors.Join(os.Symlink(outside, filepath.Join(o.cfg.Folder, "link.pdf")),
			syscall.Mkfifo(filepath.Join(o.cfg.Folder, "pipe.pdf"), 0o600), os.Mkdir(filepath.Join(o.cfg.Folder, "folder.pdf"), 0o700))
		if err != nil {
			t.Fatal(err)
		}
		o.write("Thumbs.db", "thumbs")
		o.rest()
		o.want("after they rested", nil, "Thumbs.db", "link.pdf", "pipe.pdf")
	})
}

// Somebody saves another letter under the name of one that is being taken.
func TestAFileThatTakesTheNameOfAnotherIsTakenToo(t *testing.T) {
	t.Parallel()
	open(t, func(t *testing.T, o *office) {
		o.during = func(ingest.Envelope) {
			o.during = nil
			o.write("new.tmp", "%PDF-1.7 second")
			o.rename("new.tmp", "skan.pdf")
		}
		o.write("skan.pdf", "%PDF-1.7 first")
		o.rest()
		o.want("right after", []string{"%PDF-1.7 first"}, "skan.pdf")
		o.rest()
		o.want("later", []string{"%PDF-1.7 first", "%PDF-1.7 second"})
		o.wantDone("%PDF-1.7 second")
	})
}

func TestAFileThatChangesWhileItIsTakenIsTakenAnew(t *testing.T) {
	t.Parallel()
	open(t, func(t *testing.T, o *office) {
		o.during = func(ingest.Envelope) {
			o.during = nil
			o.write("skan.pdf", "%PDF-1.7 second edition")
		}
		o.write("skan.pdf", "%PDF-1.7 first")
		o.rest()
		o.want("right after", nil, "skan.pdf")
		o.rest()
		o.want("later", []string{"%PDF-1.7 second edition"})
		o.rest()
		if gone, open := o.ledger.count("gone"), o.ledger.count(""); gone != 1 || open != 0 {
			t.Errorf("%d items are gone, %d open; want the first edition gone", gone, open)
		}
	})
}

func TestAFileThatCannotBeMadeDurableKeepsNoOtherWaiting(t *testing.T) {
	t.Parallel()
	open(t, func(t *testing.T, o *office) {
		full := errors.New("no space left")
		o.refuse = func(e ingest.Envelope) error {
			if e.Name == "a Kowalski.pdf" {
				return full
			}
			return nil
		}
		o.write("a Kowalski.pdf", "%PDF-1.7 a")
		o.after(poll)
		o.write("b.pdf", "%PDF-1.7 b")
		o.after(time.Minute)
		o.want("while there is no space for it", []string{"%PDF-1.7 b"}, "a Kowalski.pdf")
		if st := o.source.Status(); st.LastError != NotAccepted || st.Failures < 2 || st.Up() {
			t.Errorf("status %+v", st)
		}
		o.mu.Lock()
		o.refuse = nil
		o.mu.Unlock()
		o.after(6 * time.Minute)
		o.want("when there is", []string{"%PDF-1.7 b", "%PDF-1.7 a"})
		if st := o.source.Status(); st.LastError != "" || !st.Up() {
			t.Errorf("status %+v", st)
		}
		if log := o.log.String(); strings.Count(log, "in trouble") != 1 || strings.Count(log, "works again") != 1 || strings.Contains(log, "Kowalski") {
			t.Errorf("log:\n%s", log)
		}
	})
}

func TestNothingIsOfferedThatCouldNotBeWrittenDown(t *testing.T) {
	t.Parallel()
	open(t, func(t *testing.T, o *office) {
		o.ledger.mu.Lock()
		o.ledger.fail = errors.New("no database")
		o.ledger.mu.Unlock()
		o.write("a.pdf", "%PDF-1.7 a")
		o.after(time.Minute)
		o.want("without a ledger", nil, "a.pdf")
		if st := o.source.Status(); st.LastError != NoLedger {
			t.Errorf("status %+v", st)
		}
	})
}

func TestAFolderThatIsNotThereIsWaitedFor(t *testing.T) {
	t.Parallel()
	open(t, func(t *testing.T, o *office) {
		if err := os.Remove(o.cfg.Folder); err != nil {
			t.Fatal(err)
		}
		o.after(time.Minute)
		if st := o.source.Status(); st.LastError != NoFolder || st.Phase != board.Pausing {
			t.Errorf("status %+v", st)
		}
		if err := os.Mkdir(o.cfg.Folder, 0o700); err != nil {
			t.Fatal(err)
		}
		o.write("a.pdf", "%PDF-1.7 a")
		o.after(6 * time.Minute)
		o.want("when it is there", []string{"%PDF-1.7 a"})
	})
}

// The same bytes are the same letter, whatever the file is called; a second copy is an item of its own, for the ledger.
func TestItemsTellCopiesApartAndNamesNot(t *testing.T) {
	t.Parallel()
	open(t, func(t *testing.T, o *office) {
		o.write("Kowalski.pdf", "%PDF-1.7 a")
		o.rest()
		o.write("Kowalski 2.pdf", "%PDF-1.7 a")
		o.rest()
		o.write("Kowalski.pdf", "%PDF-1.7 a")
		o.rest()
		o.want("all of them", []string{"%PDF-1.7 a", "%PDF-1.7 a", "%PDF-1.7 a"})
		a, b, again := o.taken[0].Item, o.taken[1].Item, o.taken[2].Item
		if a == b || a != again || strings.Contains(a+b, "Kowalski") {
			t.Errorf("items %s, %s, %s", a, b, again)
		}
	})
}

func TestADoneFolderOnAnotherFileSystemGetsACopy(t *testing.T) {
	t.Parallel()
	done, err := os.MkdirTemp("/dev/shm", "okienko-done-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(done) })
	open(t, func(t *testing.T, o *office) {
		if sameDevice(o.cfg.Folder, done) {
			t.Fatal("the test needs two file systems: temporary files are on the one of /dev/shm; set TMPDIR")
		}
		o.write("a.pdf", "%PDF-1.7 a")
		o.write(claimed+"b.pdf", "%PDF-1.7 b, left by a crash")
		o.rest()
		o.want("after they rested", []string{"%PDF-1.7 a", "%PDF-1.7 b, left by a crash"})
		o.wantDone("%PDF-1.7 a", "%PDF-1.7 b, left by a crash")
	}, func(c *Config) { c.DoneFolder = done })
}
