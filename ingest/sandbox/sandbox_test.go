package sandbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// The test binary is its own child: TestMain turns into one when the first argument says so.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "sandbox-child" {
		if err := testChild(os.Args[2:]).Serve(context.Background()); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

type echo struct {
	Lengths []int
	Sum     int
	PID     int
}

func testChild(args []string) Child {
	prepared := len(args) == 0
	return Child{
		Prepare: func() error {
			if !prepared {
				_, err := os.Stat(args[0])
				prepared = err == nil
			}
			return nil
		},
		Warm: func() error { return os.WriteFile(args[0], nil, 0o600) },
		Handlers: map[string]Handler{
			"echo": func(_ context.Context, c *Call) (any, error) {
				e := echo{PID: os.Getpid()}
				for _, b := range c.Bodies {
					e.Lengths = append(e.Lengths, len(b))
					for _, x := range b {
						e.Sum += int(x)
					}
				}
				return e, nil
			},
			"needs warm": func(context.Context, *Call) (any, error) {
				if !prepared {
					return nil, fmt.Errorf("the engine: %w", ErrUnprepared)
				}
				return "warm", nil
			},
			"out": func(_ context.Context, c *Call) (any, error) {
				_, err := c.Write(bytes.Repeat([]byte("x"), 3*chunk+7))
				return "done", err
			},
			"refuse": func(context.Context, *Call) (any, error) { return nil, errors.New("cannot do that") },
			"panic": func(_ context.Context, c *Call) (any, error) {
				c.Note("2.1")
				panic("secret words of a document")
			},
			"exit":  func(context.Context, *Call) (any, error) { os.Exit(7); return nil, nil },
			"hang":  func(_ context.Context, c *Call) (any, error) { c.Note("3"); select {} },
			"chat":  func(context.Context, *Call) (any, error) { fmt.Println("library noise"); return "fine", nil },
			"big":   func(context.Context, *Call) (any, error) { return strings.Repeat("y", 2<<20), nil },
			"crawl": func(context.Context, *Call) (any, error) { return grow(1 << 20), nil },
			"leap": func(context.Context, *Call) (any, error) {
				b := make([]byte, 2<<30)
				return len(b), nil
			},
			"escape": func(context.Context, *Call) (any, error) { return tryEverything(), nil },
		},
	}
}

func grow(step int) int {
	var all [][]byte
	for {
		b := make([]byte, step)
		for i := 0; i < len(b); i += 4096 {
			b[i] = 1
		}
		all = append(all, b)
		time.Sleep(200 * time.Microsecond)
		runtime.KeepAlive(all)
	}
}

// tryEverything tries what a taken-over parser would, and reports what it could do.
func tryEverything() map[string]string {
	did := map[string]string{}
	try := func(what string, err error) {
		did[what] = "it worked"
		if err != nil {
			did[what] = err.Error()
		}
	}
	_, err := os.Open("/etc/passwd")
	try("read a file", err)
	_, err = os.Create(filepath.Join(os.TempDir(), "escaped"))
	try("write a file", err)
	_, err = net.DialTimeout("tcp", "127.0.0.1:1", time.Second)
	if err != nil && strings.Contains(err.Error(), "refused") {
		err = nil // it got as far as a connection attempt
	}
	try("dial", err)
	_, err = net.Listen("tcp", "127.0.0.1:0")
	try("listen", err)
	try("start a program", exec.Command("/bin/true").Run())
	try("kill its parent", syscall.Kill(os.Getppid(), 0))
	_, err = syscall.Mmap(-1, 0, 4096, syscall.PROT_READ|syscall.PROT_WRITE|syscall.PROT_EXEC, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	try("map executable memory", err)
	try("remove a directory", os.Remove(filepath.Join(os.TempDir(), "nothing-there-to-remove")))
	_, _, errno := syscall.RawSyscall(syscall.SYS_CLONE, uintptr(syscall.SIGCHLD), 0, 0)
	if errno == 0 {
		try("fork", nil)
	} else {
		try("fork", errno)
	}
	return did
}

func newPool(t *testing.T, cfg Config, args ...string) *Pool {
	t.Helper()
	cfg.Command = append([]string{"", "sandbox-child"}, args...)
	p, err := NewPool(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return p
}

func body(b []byte) Body {
	return Body{Size: int64(len(b)), Open: func(context.Context) (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(b)), nil
	}}
}

func TestBodiesArriveWholeAndTheAnswerComesBack(t *testing.T) {
	t.Parallel()
	p := newPool(t, Config{Children: 1})
	big := bytes.Repeat([]byte{1}, 5*chunk+3)
	var got echo
	if err := p.Do(t.Context(), Task{Verb: "echo", Bodies: []Body{body(nil), body(big), body([]byte{2, 3})}, Answer: &got}); err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprint([]int{0, len(big), 2}); fmt.Sprint(got.Lengths) != want || got.Sum != len(big)+5 {
		t.Errorf("got lengths %v sum %d, want %s and %d", got.Lengths, got.Sum, want, len(big)+5)
	}
}

func TestOutputIsStreamed(t *testing.T) {
	t.Parallel()
	p := newPool(t, Config{Children: 1})
	var out bytes.Buffer
	if err := p.Do(t.Context(), Task{Verb: "out", Out: &out}); err != nil {
		t.Fatal(err)
	}
	if out.Len() != 3*chunk+7 || strings.Trim(out.String(), "x") != "" {
		t.Errorf("got %d bytes of output", out.Len())
	}
}

func TestWhatGoesWrongInAChildIsTold(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, verb, doing, says string
		cfg                     Config
		cause                   error
	}{
		{"a panic is a death, with the document and the place but not the words", "panic", "2.1", "sandbox.testChild", Config{}, ErrDied},
		{"an exit is a death", "exit", "", "exit status 7", Config{}, ErrDied},
		{"a hang ends at the deadline", "hang", "3", "killed", Config{Timeout: 300 * time.Millisecond}, ErrTimeout},
		{"creeping growth is stopped by the watch", "crawl", "", "", Config{Memory: 100 << 20}, ErrMemory},
		{"one giant allocation is stopped by the kernel", "leap", "", "", Config{Memory: 100 << 20}, ErrMemory},
		{"an answer over the limit is a death", "big", "", "", Config{MaxAnswer: 1 << 20}, ErrDied},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.verb == "leap" && raceDetector {
				t.Log("the race detector cannot live under the limit this tests")
				return
			}
			tt.cfg.Children = 1
			p := newPool(t, tt.cfg)
			err := p.Do(t.Context(), Task{Verb: tt.verb})
			var d *Death
			if !errors.As(err, &d) || !errors.Is(err, tt.cause) {
				t.Fatalf("got %v, want a Death by %v", err, tt.cause)
			}
			if d.Doing != tt.doing || !strings.Contains(err.Error(), tt.says) || strings.Contains(err.Error(), "secret") {
				t.Errorf("got %q, want it to name %q and %q and no contents", err, tt.doing, tt.says)
			}
			var got echo
			if err := p.Do(t.Context(), Task{Verb: "echo", Answer: &got}); err != nil {
				t.Errorf("the next task: %v", err)
			}
		})
	}
}

func TestAFailedTaskLeavesTheChildAlive(t *testing.T) {
	t.Parallel()
	p := newPool(t, Config{Children: 1})
	var before, after echo
	if err := p.Do(t.Context(), Task{Verb: "echo", Answer: &before}); err != nil {
		t.Fatal(err)
	}
	var refused *HandlerError
	if err := p.Do(t.Context(), Task{Verb: "refuse"}); !errors.As(err, &refused) || refused.Text != "cannot do that" {
		t.Errorf("got %v", err)
	}
	if err := p.Do(t.Context(), Task{Verb: "no such verb"}); !errors.As(err, &refused) {
		t.Errorf("got %v", err)
	}
	if err := p.Do(t.Context(), Task{Verb: "chat"}); err != nil {
		t.Errorf("what a library prints disturbs: %v", err)
	}
	if err := p.Do(t.Context(), Task{Verb: "echo", Answer: &after}); err != nil || after.PID != before.PID {
		t.Errorf("got child %d (%v), want %d", after.PID, err, before.PID)
	}
}

func TestAWornOutChildIsReplaced(t *testing.T) {
	t.Parallel()
	p := newPool(t, Config{Children: 1, MaxTasks: 2})
	var pids []int
	for range 3 {
		var e echo
		if err := p.Do(t.Context(), Task{Verb: "echo", Answer: &e}); err != nil {
			t.Fatal(err)
		}
		pids = append(pids, e.PID)
	}
	if pids[0] != pids[1] || pids[1] == pids[2] {
		t.Errorf("got children %v, want a new one for the third task", pids)
	}
}

func TestRenewReplacesIdleAndBusyChildren(t *testing.T) {
	t.Parallel()
	p := newPool(t, Config{Children: 1})
	pid := func() int {
		var e echo
		if err := p.Do(t.Context(), Task{Verb: "echo", Answer: &e}); err != nil {
			t.Fatal(err)
		}
		return e.PID
	}
	first := pid()
	p.Renew()
	second := pid()
	if first == second {
		t.Error("an idle child went on")
	}
	renewing := Body{Size: 3, Open: func(context.Context) (io.ReadCloser, error) {
		p.Renew() // while the child works
		return io.NopCloser(strings.NewReader("abc")), nil
	}}
	var busy echo
	if err := p.Do(t.Context(), Task{Verb: "echo", Bodies: []Body{renewing}, Answer: &busy}); err != nil || busy.PID != second {
		t.Errorf("the task under way: child %d, %v, want %d", busy.PID, err, second)
	}
	third := pid()
	if third == second {
		t.Error("a busy child went on after its task")
	}
	if pid() != third {
		t.Error("a child is replaced without need")
	}
}

func TestALyingBodyFailsTheTaskAndNothingElse(t *testing.T) {
	t.Parallel()
	broken := errors.New("disk gone")
	tests := []struct {
		name string
		body Body
		says string
	}{
		{"longer than announced", Body{Size: 1, Open: body([]byte("abc")).Open}, "longer"},
		{"shorter than announced", Body{Size: 9, Open: body([]byte("abc")).Open}, "9 were announced"},
		{"cannot be opened", Body{Size: 1, Open: func(context.Context) (io.ReadCloser, error) { return nil, broken }}, "disk gone"},
	}
	p := newPool(t, Config{Children: 1})
	for _, tt := range tests {
		err := p.Do(t.Context(), Task{Verb: "echo", Bodies: []Body{tt.body}})
		var d *Death
		if err == nil || errors.As(err, &d) || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: got %v, want %q and no Death", tt.name, err, tt.says)
		}
	}
	if err := p.Do(t.Context(), Task{Verb: "echo"}); err != nil {
		t.Errorf("the next task: %v", err)
	}
}

func TestACancelledTaskIsNoDeath(t *testing.T) {
	t.Parallel()
	p := newPool(t, Config{Children: 1})
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("shutting down")
	time.AfterFunc(200*time.Millisecond, func() { cancel(why) })
	if err := p.Do(ctx, Task{Verb: "hang"}); !errors.Is(err, why) {
		t.Errorf("got %v, want %v", err, why)
	}
}

func TestAColdChildIsReplacedAfterWarming(t *testing.T) {
	t.Parallel()
	p := newPool(t, Config{Children: 2}, filepath.Join(t.TempDir(), "warm"))
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			var got string
			if err := p.Do(t.Context(), Task{Verb: "needs warm", Answer: &got}); err != nil || got != "warm" {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
	wg.Wait()
}

func TestWarmingThatFailsIsTold(t *testing.T) {
	t.Parallel()
	p := newPool(t, Config{Children: 1}, filepath.Join(t.TempDir(), "no", "such", "directory"))
	if err := p.Do(t.Context(), Task{Verb: "needs warm"}); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("got %v", err)
	}
}

func TestManyTasksShareFewChildren(t *testing.T) {
	t.Parallel()
	p := newPool(t, Config{Children: 2})
	var wg sync.WaitGroup
	var mu sync.Mutex
	pids := map[int]int{}
	for i := range 40 {
		wg.Go(func() {
			var e echo
			if err := p.Do(t.Context(), Task{Verb: "echo", Bodies: []Body{body(make([]byte, i))}, Answer: &e}); err != nil {
				t.Error(err)
			}
			if len(e.Lengths) != 1 || e.Lengths[0] != i {
				t.Errorf("task %d got the answer %v", i, e.Lengths)
			}
			mu.Lock()
			pids[e.PID]++
			mu.Unlock()
		})
	}
	wg.Wait()
	if len(pids) > 2 {
		t.Errorf("%d children worked, at most 2 may", len(pids))
	}
}

func TestClosedPool(t *testing.T) {
	t.Parallel()
	p := newPool(t, Config{Children: 1})
	done := make(chan error)
	go func() { done <- p.Do(t.Context(), Task{Verb: "hang"}) }()
	for { // until the child works
		p.mu.Lock()
		n := len(p.busy)
		p.mu.Unlock()
		if n == 1 {
			break
		}
		time.Sleep(time.Millisecond)
	}
	_ = p.Close()
	if err := <-done; !errors.Is(err, ErrDied) {
		t.Errorf("the task under way: got %v, want %v", err, ErrDied)
	}
	if err := p.Do(t.Context(), Task{Verb: "echo"}); !errors.Is(err, ErrClosed) {
		t.Errorf("a task after Close: got %v, want %v", err, ErrClosed)
	}
}

func TestAProgramThatIsNoChildIsAPlainError(t *testing.T) {
	t.Parallel()
	for _, cmd := range [][]string{{"/bin/true"}, {"/no/such/program"}} {
		p, err := NewPool(Config{Command: cmd})
		if err != nil {
			t.Fatal(err)
		}
		var d *Death
		if err := p.Do(t.Context(), Task{Verb: "echo"}); err == nil || errors.As(err, &d) {
			t.Errorf("%v: got %v, want an error that is no Death", cmd, err)
		}
	}
	if _, err := NewPool(Config{}); err == nil {
		t.Error("no command is accepted")
	}
}

func TestAChildCanDoNothingButThink(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Log("no system call filter outside Linux: nothing to test")
		return
	}
	p := newPool(t, Config{Children: 1})
	says, err := p.Confinement(t.Context())
	if err != nil || strings.Contains(says, "NO ") {
		t.Fatalf("confinement %q, %v", says, err)
	}
	var did map[string]string
	if err := p.Do(t.Context(), Task{Verb: "escape", Answer: &did}); err != nil {
		t.Fatal(err)
	}
	if len(did) != 9 {
		t.Errorf("tried %d things, want 9: %v", len(did), did)
	}
	for what, result := range did {
		if !strings.Contains(result, "not permitted") {
			t.Errorf("%s: %s", what, result)
		}
	}
}
