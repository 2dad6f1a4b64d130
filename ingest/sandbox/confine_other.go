//go:build !linux || !(amd64 || arm64)

package sandbox

import (
	"os/exec"
	"syscall"
)

// startConfined only starts the program: nothing confines it here.
func startConfined(cmd *exec.Cmd) error { return cmd.Start() }

func limitProgram(int, int64, uint64) error { return nil }

func childAttributes() *syscall.SysProcAttr { return nil }

// residentBytes returns 0: it cannot be told here.
func residentBytes(int) int64 { return 0 }

func confine(limits) string {
	return "soft memory limit; NO system call filter and NO resource limits on this platform: run on Linux in production"
}
