//go:build amd64 || arm64

package sandbox

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// childAttributes: a child must not outlive its parent, and Ctrl-C in a terminal is for the parent alone.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
}

// residentBytes returns the memory in use by a process, 0 if it cannot be told.
func residentBytes(pid int) int64 {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/statm")
	if err != nil {
		return 0
	}
	f := strings.Fields(string(b))
	if len(f) < 2 {
		return 0
	}
	pages, _ := strconv.ParseInt(f[1], 10, 64) // 0 if it is no number
	return pages * int64(os.Getpagesize())
}

// confine takes from this process what parsing does not need, for good: open files, network, new programs, executable
// memory. It returns what holds, in words.
func confine(lim limits) string {
	kept := []string{"memory limit"}
	if err := setResourceLimits(lim); err != nil {
		kept = append(kept, fmt.Sprintf("NO resource limits (%v)", err))
	} else {
		kept = append(kept, "resource limits")
	}
	if err := installFilter(); err != nil {
		kept = append(kept, fmt.Sprintf("NO system call filter (%v)", err))
	} else {
		kept = append(kept, "system call filter (no files, no network, no programs)")
	}
	return strings.Join(kept, ", ")
}

// startConfined starts a foreign program under programFilter, which it inherits from the thread that starts it.
func startConfined(cmd *exec.Cmd) error {
	answer := make(chan error)
	starter() <- startOrder{cmd, answer}
	return <-answer
}

type startOrder struct {
	cmd    *exec.Cmd
	answer chan<- error
}

// starter is the one thread under programFilter. It never ends: with a thread end all processes it ever started, for which
// childAttributes asks, the children of a Pool among them.
var starter = sync.OnceValue(func() chan<- startOrder {
	starts := make(chan startOrder)
	go func() {
		runtime.LockOSThread()
		err := filterThread(programFilter(), 0)
		for s := range starts {
			if err == nil {
				s.answer <- s.cmd.Start()
				continue
			}
			s.answer <- err
		}
	}()
	return starts
})

// limitProgram bounds a program that has started and waits for its input.
func limitProgram(pid int, memory int64, seconds uint64) error {
	for what, limit := range map[int]uint64{
		unix.RLIMIT_DATA: uint64(memory), unix.RLIMIT_NOFILE: 64, unix.RLIMIT_FSIZE: 0, unix.RLIMIT_CORE: 0, unix.RLIMIT_CPU: seconds,
	} {
		if err := unix.Prlimit(pid, what, &unix.Rlimit{Cur: limit, Max: limit}, nil); err != nil {
			return fmt.Errorf("resource limit %d: %w", what, err)
		}
	}
	return nil
}

func setResourceLimits(lim limits) error {
	// RLIMIT_DATA counts writable private memory, also what Go and wazero map but do not touch: hence the margin. It stops
	// the one giant allocation that the parent's watch, every 50 ms, would see too late.
	data := uint64(lim.Memory) + 256<<20
	if raceDetector {
		data = unix.RLIM_INFINITY
	}
	for what, max := range map[int]uint64{
		unix.RLIMIT_DATA:   data,
		unix.RLIMIT_NOFILE: 64,
		unix.RLIMIT_FSIZE:  0,
		unix.RLIMIT_CORE:   0,
		unix.RLIMIT_CPU:    3600, // seconds, for its whole life
	} {
		if err := unix.Setrlimit(what, &unix.Rlimit{Cur: max, Max: max}); err != nil {
			return fmt.Errorf("resource limit %d: %w", what, err)
		}
	}
	return nil
}

// installFilter puts the seccomp filter on all threads of the process.
func installFilter() error {
	// PR_SET_NO_NEW_PRIVS is a thread's; TSYNC hands it on to the others together with the filter.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	return filterThread(filter(uint32(os.Getpid())), unix.SECCOMP_FILTER_FLAG_TSYNC)
}

// filterThread puts a seccomp filter on the calling thread.
func filterThread(prog []unix.SockFilter, flags uintptr) error {
	fprog := unix.SockFprog{Len: uint16(len(prog)), Filter: &prog[0]}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("no_new_privs: %w", err)
	}
	r, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, flags, uintptr(unsafe.Pointer(&fprog)))
	runtime.KeepAlive(prog)
	if errno != 0 {
		return fmt.Errorf("seccomp: %w", errno)
	}
	if r != 0 {
		return fmt.Errorf("seccomp: thread %d did not take the filter", r)
	}
	return nil
}
