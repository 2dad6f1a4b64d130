//go:build !linux || !(amd64 || arm64)

package sandbox

import "syscall"

func childAttributes() *syscall.SysProcAttr { return nil }

// residentBytes returns 0: it cannot be told here.
func residentBytes(int) int64 { return 0 }

func confine(limits) string {
	return "soft memory limit; NO system call filter and NO resource limits on this platform: run on Linux in production"
}
