package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"okienko/workflow/workflowtest"
)

// TestMain also is the child process of the tests that read documents in this process: the pool starts its own program.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "sandbox" {
		os.Exit(run(context.Background(), os.Args[1:], os.Stdout, os.Stderr))
	}
	workflowtest.Main(m, func() { os.RemoveAll(binaryDir) })
}

var binaryDir = filepath.Join(os.TempDir(), fmt.Sprintf("okienko-test-%d", os.Getpid()))

// binary is the real program, built once: tests that kill processes or read documents run it.
var binary = sync.OnceValues(func() (string, error) {
	path := filepath.Join(binaryDir, "okienko")
	out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return path, nil
})

// program returns the path of the built program.
func program(t *testing.T) string {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	return path
}
