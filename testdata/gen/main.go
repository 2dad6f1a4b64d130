// Command gen writes testdata/submissions from the pages in testdata/stories, and testdata/torture from its own table:
//
//	go run ./testdata/gen
//
// The same pages give the same bytes: chance comes from the names of things, times come from the pages. A compressor of
// another Go release may give other bytes; then run it and look at the difference.
//
// page.go reads a story's page; mail.go and header.go write the mail; attach.go makes each attachment, out of a paper
// (paper.go, drawn by pdf.go or picture.go) or as a file of an office program (office.go, archive.go).
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	root := flag.String("root", "testdata", "the testdata directory")
	flag.Parse()
	if err := run(*root); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// run replaces the generated directories under root, so that a renamed story leaves nothing behind.
func run(root string) error {
	made, err := build(root)
	if err != nil {
		return err
	}
	for _, dir := range generated {
		if err := os.RemoveAll(filepath.Join(root, dir)); err != nil {
			return fmt.Errorf("clearing the old output: %w", err)
		}
	}
	total := 0
	for name, content := range made {
		total += len(content)
		if err := write(filepath.Join(root, name), content); err != nil {
			return err
		}
	}
	fmt.Printf("%d files, %d kB\n", len(made), total/1000)
	return nil
}

func write(name string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return fmt.Errorf("making a place for %s: %w", name, err)
	}
	return os.WriteFile(name, content, 0o644)
}
