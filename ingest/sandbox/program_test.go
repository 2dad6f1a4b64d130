package sandbox

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// shell runs a script of bash, which Debian always has, as a Program; in is its input.
func shell(t *testing.T, script string, timeout time.Duration, in string) (string, error) {
	t.Helper()
	p := Program{Path: "/bin/bash", Args: []string{"-c", script}, Env: []string{"PATH=/usr/bin:/bin"}, Memory: 256 << 20, Output: 1 << 20}
	out, err := p.Run(t.Context(), timeout, func(w io.Writer) error {
		_, err := io.WriteString(w, in)
		return err
	})
	return string(out), err
}

func TestAProgramIsConfined(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("before"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, script, want string }{
		{"it reads its input", `cat`, "in"},
		{"it reads files", `cat ` + file, "before"},
		{"it writes no file", `echo x >` + file + `.new && echo written || echo refused`, "refused"},
		{"it changes no file", `echo x >>` + file + ` && echo written || echo refused`, "refused"},
		{"it removes no file", `rm -f ` + file + ` 2>/dev/null && echo removed || echo refused`, "refused"},
		{"it reaches no network", `(exec 3<>/dev/tcp/127.0.0.1/9) 2>&1 | grep -q "Operation not permitted" && echo refused`, "refused"},
		{"it ends no other process", `kill -0 $PPID 2>/dev/null && echo killed || echo refused`, "refused"},
		{"it inherits no environment", `echo "${HOME-none}"`, "none"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := shell(t, tt.script, time.Minute, "in")
			if err != nil || strings.TrimSpace(got) != tt.want {
				t.Errorf("got %q, %v, want %q", got, err, tt.want)
			}
		})
	}
	t.Cleanup(func() {
		if got, err := os.ReadFile(file); err != nil || string(got) != "before" {
			t.Errorf("the file holds %q, %v", got, err)
		}
	})
}

func TestAProgramThatMisbehavesIsADeath(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, script string
		timeout      time.Duration
		cause        error
	}{
		{"it takes too long", `sleep 60`, 300 * time.Millisecond, ErrTimeout},
		{"it ends badly", `exit 3`, time.Minute, ErrDied},
		{"it kills itself in the middle of its input", `read -n 1; kill -9 $$; exit 9`, time.Minute, ErrDied},
		{"it needs too much memory", `x=$(head -c 600000000 /dev/zero | tr '\0' x); echo ${#x}`, time.Minute, nil},
		{"it writes too much", `head -c 3000000 /dev/zero`, time.Minute, ErrDied},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			out, err := shell(t, tt.script, tt.timeout, strings.Repeat("x", 1<<20))
			var death *Death
			if !errors.As(err, &death) || tt.cause != nil && !errors.Is(err, tt.cause) {
				t.Errorf("got %v with %d bytes, want a death by %v", err, len(out), tt.cause)
			}
		})
	}
}

func TestWhatFeedsAProgramMayFail(t *testing.T) {
	t.Parallel()
	mine := errors.New("no picture")
	p := Program{Path: "/bin/cat", Memory: 64 << 20, Output: 1 << 10}
	if _, err := p.Run(t.Context(), time.Minute, func(io.Writer) error { return mine }); !errors.Is(err, mine) {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	_, err := p.Run(ctx, time.Minute, func(io.Writer) error { cancel(); return nil })
	if err != nil && !errors.Is(err, context.Canceled) { // cat may end before it is stopped
		t.Errorf("got %v", err)
	}
}

// The kernel ends what a thread started when the thread ends: programs must not take the children of a pool with them.
func TestProgramsLeaveThePoolAlone(t *testing.T) {
	t.Parallel()
	p := newPool(t, Config{Children: 1})
	first := 0
	for range 20 {
		if _, err := shell(t, `true`, time.Minute, ""); err != nil {
			t.Fatal(err)
		}
		var e echo
		if err := p.Do(t.Context(), Task{Verb: "echo", Answer: &e}); err != nil {
			t.Fatal(err)
		}
		if first == 0 {
			first = e.PID
		}
		if e.PID != first {
			t.Fatalf("child %d was replaced by %d", first, e.PID)
		}
	}
}
