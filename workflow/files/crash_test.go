package files_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"okienko/ingest"
	"okienko/workflow/files"
)

// The tests of this file run Put in a process of its own under strace, which shows, fails or kills its system calls.

const (
	letter    = "Proszę o zwrot nadpłaty.\n"
	tracedDir = "OKIENKO_TEST_PUT_INTO" // set: be the traced process
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(tracedDir); dir != "" {
		os.Exit(putOnce(dir))
	}
	os.Exit(m.Run())
}

// putOnce puts the letter and says when Put has returned. It keeps to one thread, because strace counts the calls of each
// thread by itself: a Put that moved between threads would never reach the nth call of any.
func putOnce(dir string) int {
	runtime.LockOSThread()
	e, err := files.Open(dir)
	if err == nil {
		_, _, err = e.Put(context.Background(), strings.NewReader(letter))
	}
	if err != nil {
		fmt.Println("failed:", err)
		return 1
	}
	fmt.Println("kept")
	return 0
}

// traced runs putOnce under strace and returns what it printed and the trace.
func traced(t *testing.T, dir string, options ...string) (printed, trace string) {
	t.Helper()
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Fatal("strace is not installed: apt-get install strace")
	}
	log := filepath.Join(t.TempDir(), "trace")
	args := slices.Concat([]string{"-f", "-y", "-o", log, "-e", "trace=write,fsync,fdatasync,linkat,mkdirat,unlinkat"},
		options, []string{os.Args[0]})
	cmd := exec.Command(strace, args...)
	cmd.Env = append(os.Environ(), tracedDir+"="+dir)
	out, _ := cmd.CombinedOutput() // killed or failed as the test wants it
	text, err := os.ReadFile(log)
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return string(out), string(text)
}

func TestPutSyncsTheBytesBeforeTheNameAndTheNameBeforeItReturns(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	printed, trace := traced(t, dir)
	if printed != "kept\n" {
		t.Fatalf("printed %q", printed)
	}
	fan := filepath.Dir(pathOf("", ingest.DigestOf([]byte(letter))))
	at := 0
	for _, step := range []string{
		`write\(\d+<` + dir + `/incoming/\w+>, "Prosz`,
		`fsync\(\d+<` + dir + `/incoming/\w+>\)`,
		`mkdirat\(.*"` + dir + `/` + fan + `"`,
		`fsync\(\d+<` + dir + `>\)`, // the new directory's name
		`linkat\(.*/incoming/`,
		`fsync\(\d+<` + dir + `/` + fan + `>\)`, // the file's name
		`write\(1<.*"kept`,
	} {
		found := regexp.MustCompile(step).FindStringIndex(trace[at:])
		if found == nil {
			t.Fatalf("after the steps before it, there is no %s in\n%s", step, trace)
		}
		at += found[1]
	}
}

// TestPutSurvivesEveryKillAndFailure kills the process at, and fails, each of the system calls that Put makes, one at a time.
// Whatever happened: what Put called kept is there; what has the digest's name is whole; nothing else has a name; and the next
// try succeeds and leaves nothing behind.
func TestPutSurvivesEveryKillAndFailure(t *testing.T) {
	t.Parallel()
	trials, kept := 0, 0
	for _, call := range []string{"write", "fsync", "linkat", "mkdirat", "unlinkat"} {
		for _, fault := range []string{"signal=KILL", "error=ENOSPC", "error=EIO"} {
			for n := 1; n <= 8; n++ {
				printed, reached := faulty(t, call, fmt.Sprintf("inject=%s:%s:when=%d", call, fault, n))
				if !reached {
					break
				}
				trials++
				if printed == "kept\n" {
					kept++
				}
			}
		}
	}
	t.Logf("%d trials, %d of them kept in spite of the fault", trials, kept)
	if trials < 30 {
		t.Errorf("only %d trials: the faults did not reach the calls", trials)
	}
}

func faulty(t *testing.T, call, injection string) (printed string, reached bool) {
	t.Helper()
	dir := t.TempDir()
	printed, trace := traced(t, dir, "-e", injection)
	if !strings.Contains(trace, "INJECTED") && !strings.Contains(trace, "killed by SIGKILL") {
		return printed, false
	}
	path := pathOf(dir, ingest.DigestOf([]byte(letter)))
	got, err := os.ReadFile(path)
	if err == nil && string(got) != letter {
		t.Errorf("%s: the digest names %q", injection, got)
	}
	if strings.HasPrefix(printed, "kept") && err != nil {
		t.Errorf("%s: Put called it kept, and %v", injection, err)
	}
	e := open(t, dir)
	put(t, e, letter)
	wantNothingIncoming(t, dir)
	n := 0
	for c, err := range e.Verify(t.Context()) {
		if n++; err != nil || !c.Intact {
			t.Errorf("%s: found %+v, %v", injection, c, err)
		}
	}
	if n != 1 {
		t.Errorf("%s: %d files", injection, n)
	}
	return printed, true
}
