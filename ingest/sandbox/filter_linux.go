//go:build amd64 || arm64

package sandbox

import "golang.org/x/sys/unix"

// Offsets in struct seccomp_data; arguments are 64 bits each, of which the low half is first on little-endian machines, the
// only ones allowed here.
const (
	offNr   = 0
	offArch = 4
	offArg0 = 16
	offArg2 = 32
)

// filter is the seccomp program of a child: an allow-list of what the Go runtime needs to run with pipes that are open
// already. Everything else fails with EPERM, so that a library that asks gets an error and not a death; a call through a
// foreign architecture's table ends the process.
func filter(pid uint32) []unix.SockFilter {
	p := program{}
	p.load(offArch)
	p.jump(unix.BPF_JEQ, auditArch, 1, 0)
	p.ret(unix.SECCOMP_RET_KILL_PROCESS)
	p.load(offNr)
	for _, nr := range allowed {
		p.allow(nr)
	}
	// Threads, but no processes. clone3 hides its flags in memory: pretend not to have it.
	p.allowIfSet(unix.SYS_CLONE, offArg0, unix.CLONE_THREAD)
	p.refuse(unix.SYS_CLONE3, unix.ENOSYS)
	// The runtime interrupts its own threads, nobody else's.
	p.allowIfEqual(unix.SYS_TGKILL, offArg0, pid)
	// Memory, but none that can be executed: all code is loaded by now.
	p.allowIfClear(unix.SYS_MMAP, offArg2, unix.PROT_EXEC)
	p.allowIfClear(unix.SYS_MPROTECT, offArg2, unix.PROT_EXEC)
	p.ret(refusal(unix.EPERM))
	return p.code
}

func refusal(e unix.Errno) uint32 { return unix.SECCOMP_RET_ERRNO | uint32(e)&unix.SECCOMP_RET_DATA }

// program builds classic BPF. Between its methods the accumulator holds the number of the system call.
type program struct{ code []unix.SockFilter }

func (p *program) load(off uint32) {
	p.code = append(p.code, unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: off})
}

// jump skips yes or no instructions.
func (p *program) jump(op uint16, k uint32, yes, no uint8) {
	p.code = append(p.code, unix.SockFilter{Code: unix.BPF_JMP | op | unix.BPF_K, Jt: yes, Jf: no, K: k})
}

func (p *program) ret(action uint32) {
	p.code = append(p.code, unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: action})
}

func (p *program) allow(nr uint32) {
	p.jump(unix.BPF_JEQ, nr, 0, 1)
	p.ret(unix.SECCOMP_RET_ALLOW)
}

func (p *program) refuse(nr uint32, e unix.Errno) {
	p.jump(unix.BPF_JEQ, nr, 0, 1)
	p.ret(refusal(e))
}

func (p *program) allowIfSet(nr, off, bits uint32)    { p.when(nr, off, unix.BPF_JSET, bits, true) }
func (p *program) allowIfClear(nr, off, bits uint32)  { p.when(nr, off, unix.BPF_JSET, bits, false) }
func (p *program) allowIfEqual(nr, off, value uint32) { p.when(nr, off, unix.BPF_JEQ, value, true) }

// when decides about one system call by one argument.
func (p *program) when(nr, off uint32, op uint16, k uint32, want bool) {
	yes, no := uint32(unix.SECCOMP_RET_ALLOW), refusal(unix.EPERM)
	if !want {
		yes, no = no, yes
	}
	p.jump(unix.BPF_JEQ, nr, 0, 4)
	p.load(off)
	p.jump(op, k, 0, 1)
	p.ret(yes)
	p.ret(no)
}
