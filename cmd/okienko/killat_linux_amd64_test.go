package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// killAt runs a real process and kills it with SIGKILL right before its n-th durable step: the n-th fsync, or write or send to
// a file or a socket, counted over all its threads. strace counts injections per thread, which a Go program spreads at will;
// so this is a tracer of its own. It returns how many steps the process took and whether it was killed.
func killAt(cmd *exec.Cmd, n int) (steps int, killed bool, err error) {
	runtime.LockOSThread() // ptrace belongs to the thread that started the process
	defer runtime.UnlockOSThread()
	cmd.SysProcAttr = &syscall.SysProcAttr{Ptrace: true, Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		return 0, false, err
	}
	t := tracer{pid: cmd.Process.Pid, killAt: n, entered: map[int]bool{}}
	err = t.follow()
	killGroup(t.pid)
	return t.steps, t.killed, err
}

func killGroup(pid int) { _ = syscall.Kill(-pid, syscall.SIGKILL) }

type tracer struct {
	pid     int
	killAt  int
	steps   int
	killed  bool
	entered map[int]bool // threads inside a system call
}

const traceOptions = unix.PTRACE_O_TRACESYSGOOD | unix.PTRACE_O_TRACECLONE | unix.PTRACE_O_EXITKILL

// follow waits for stops of the process's threads until the process is gone.
func (t *tracer) follow() error {
	var ws syscall.WaitStatus
	if _, err := syscall.Wait4(t.pid, &ws, 0, nil); err != nil {
		return fmt.Errorf("wait for exec: %w", err)
	}
	if err := syscall.PtraceSetOptions(t.pid, traceOptions); err != nil {
		return fmt.Errorf("set options: %w", err)
	}
	t.resume(t.pid, 0)
	for {
		// Only the process's own group: this operating system thread may have started processes of other tests before.
		tid, err := syscall.Wait4(-t.pid, &ws, unix.WALL|unix.WNOTHREAD, nil)
		switch {
		case errors.Is(err, syscall.EINTR):
			continue
		case errors.Is(err, syscall.ECHILD):
			return nil
		case err != nil:
			return err
		case ws.Exited() || ws.Signaled():
			if tid == t.pid {
				return nil
			}
		case ws.Stopped():
			t.stopped(tid, ws)
		}
	}
}

// stopped handles one stop of one thread and lets it go on, unless this was the step to die at.
func (t *tracer) stopped(tid int, ws syscall.WaitStatus) {
	signal := ws.StopSignal()
	switch {
	case signal == syscall.SIGTRAP|0x80:
		t.entered[tid] = !t.entered[tid]
		if t.entered[tid] && t.isStep(tid) {
			t.steps++
			if t.steps == t.killAt {
				t.killed = true
				_ = syscall.Kill(t.pid, syscall.SIGKILL)
				return
			}
		}
		t.resume(tid, 0)
	case signal == syscall.SIGTRAP || signal == syscall.SIGSTOP:
		t.resume(tid, 0) // a new thread, or news of one
	default:
		t.resume(tid, int(signal))
	}
}

func (t *tracer) resume(tid, signal int) { _ = syscall.PtraceSyscall(tid, signal) }

// isStep tells whether a thread is about to make something durable or visible to others.
func (t *tracer) isStep(tid int) bool {
	var regs syscall.PtraceRegs
	if syscall.PtraceGetRegs(tid, &regs) != nil {
		return false
	}
	switch regs.Orig_rax {
	case unix.SYS_FSYNC, unix.SYS_FDATASYNC, unix.SYS_RENAMEAT, unix.SYS_LINKAT, unix.SYS_UNLINKAT, unix.SYS_FTRUNCATE:
		return true
	case unix.SYS_WRITE, unix.SYS_PWRITE64, unix.SYS_SENDTO, unix.SYS_SENDMSG, unix.SYS_WRITEV:
		return t.outside(regs.Rdi)
	}
	return false
}

// outside tells whether a descriptor is a file or a socket: not a pipe to the own child, not a wake-up, not the log.
func (t *tracer) outside(fd uint64) bool {
	if fd <= 2 {
		return false
	}
	name, err := os.Readlink(fmt.Sprintf("/proc/%d/fd/%d", t.pid, fd))
	return err == nil && (strings.HasPrefix(name, "/") && !strings.HasPrefix(name, "/proc") || strings.HasPrefix(name, "socket:"))
}
