package scan

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// beingWritten reports whether a process of this machine has the file open for writing: then no read lease can be had on it.
// Where leases cannot be had at all (a network file system, another owner's file) nobody knows, and the settle time must do.
// The lease is given back at once; a writer that comes just then waits for that moment.
func beingWritten(f *os.File) bool {
	raw, err := f.SyscallConn()
	if err != nil {
		return false
	}
	busy := false
	_ = raw.Control(func(fd uintptr) { // it fails only for a closed file
		_, err := unix.FcntlInt(fd, unix.F_SETLEASE, unix.F_RDLCK)
		busy = errors.Is(err, unix.EAGAIN)
		if err == nil {
			_, _ = unix.FcntlInt(fd, unix.F_SETLEASE, unix.F_UNLCK) // closing the file gives it back, too
		}
	})
	return busy
}
