//go:build amd64 || arm64

package sandbox

import "golang.org/x/sys/unix"

// Offsets in struct seccomp_data; arguments are 64 bits each, of which the low half is first on little-endian machines, the
// only ones allowed here.
const (
	offNr   = 0
	offArch = 4
	offArg0 = 16
	offArg1 = 24
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

// x32 marks a call through the other table of amd64: the same calls under other numbers.
const x32 = 0x4000_0000

// programFilter is the seccomp program of a foreign program (Program): a list of what it has no business with. It cannot be
// an allow-list, since it holds already for the thread of this program that starts it.
func programFilter() []unix.SockFilter {
	p := program{}
	p.load(offArch)
	p.jump(unix.BPF_JEQ, auditArch, 1, 0)
	p.ret(unix.SECCOMP_RET_KILL_PROCESS)
	p.load(offNr)
	p.jump(unix.BPF_JGE, x32, 0, 1)
	p.ret(refusal(unix.EPERM))
	for _, nr := range refused {
		p.refuse(nr, unix.EPERM)
	}
	p.refuse(unix.SYS_OPENAT2, unix.ENOSYS) // hides its flags in memory
	const writing = unix.O_WRONLY | unix.O_RDWR | unix.O_CREAT | unix.O_TRUNC | unix.O_APPEND
	p.allowIfClear(unix.SYS_OPENAT, offArg2, writing)
	p.legacyOpen(writing)
	p.ret(unix.SECCOMP_RET_ALLOW)
	return p.code
}

// refused are the network, other processes, the file system but for reading, and doors into the kernel.
var refused = append([]uint32{
	unix.SYS_SOCKET, unix.SYS_SOCKETPAIR, unix.SYS_CONNECT, unix.SYS_BIND, unix.SYS_LISTEN, unix.SYS_ACCEPT, unix.SYS_ACCEPT4,
	unix.SYS_SENDTO, unix.SYS_SENDMSG, unix.SYS_SENDMMSG,
	unix.SYS_KILL, unix.SYS_TKILL, unix.SYS_TGKILL, unix.SYS_RT_SIGQUEUEINFO, unix.SYS_PIDFD_SEND_SIGNAL, unix.SYS_PIDFD_GETFD,
	unix.SYS_PTRACE, unix.SYS_PROCESS_VM_READV, unix.SYS_PROCESS_VM_WRITEV, unix.SYS_KCMP,
	unix.SYS_UNLINKAT, unix.SYS_RENAMEAT, unix.SYS_RENAMEAT2, unix.SYS_MKDIRAT, unix.SYS_MKNODAT, unix.SYS_LINKAT, unix.SYS_SYMLINKAT,
	unix.SYS_FCHMOD, unix.SYS_FCHMODAT, unix.SYS_FCHOWN, unix.SYS_FCHOWNAT, unix.SYS_TRUNCATE, unix.SYS_FTRUNCATE, unix.SYS_UTIMENSAT,
	unix.SYS_SETXATTR, unix.SYS_MOUNT, unix.SYS_UMOUNT2, unix.SYS_PIVOT_ROOT, unix.SYS_CHROOT, unix.SYS_SETNS, unix.SYS_UNSHARE,
	unix.SYS_BPF, unix.SYS_PERF_EVENT_OPEN, unix.SYS_USERFAULTFD, unix.SYS_IO_URING_SETUP, unix.SYS_KEYCTL, unix.SYS_ADD_KEY,
	unix.SYS_REQUEST_KEY, unix.SYS_INIT_MODULE, unix.SYS_FINIT_MODULE, unix.SYS_KEXEC_LOAD, unix.SYS_REBOOT, unix.SYS_SWAPON,
}, refusedHere...)

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
