//go:build unix

package files

import (
	"os"
	"syscall"
)

// lock fails if another process has the file locked. The lock ends with the process, or when the file is closed.
func lock(f *os.File) error {
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
}
