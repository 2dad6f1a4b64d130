package main

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// TestPackagesImportOnlyWhatTheTableAllows holds the package table of ARCHITECTURE.md against the code, in both directions.
func TestPackagesImportOnlyWhatTheTableAllows(t *testing.T) {
	t.Parallel()
	allowed := readTable(t)
	for pkg, imports := range listImports(t) {
		row, name, ok := rowOf(allowed, pkg)
		if !ok {
			t.Errorf("package %s has no row in ARCHITECTURE.md", pkg)
			continue
		}
		for _, imp := range imports {
			_, of, _ := rowOf(allowed, imp)
			if row["everything"] || row[imp] || of == name { // packages of one row are one thing inside
				continue
			}
			t.Errorf("%s imports %s: the table allows %v", pkg, imp, keys(row))
		}
	}
}

// TestNothingRegistersItself keeps init functions out: what is linked in must be visible in cmd.
func TestNothingRegistersItself(t *testing.T) {
	t.Parallel()
	out, err := exec.Command("git", "-C", "../..", "grep", "-nE", `^func init\(\)`, "--", "*.go").Output()
	if err == nil {
		t.Errorf("init functions:\n%s", out)
	}
}

var tableRow = regexp.MustCompile("^\\| `([^`]+)` \\|[^|]*\\| ([^|]+) \\|")

func readTable(t *testing.T) map[string]map[string]bool {
	t.Helper()
	text, err := os.ReadFile("../../ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	table := map[string]map[string]bool{}
	for _, line := range strings.Split(string(text), "\n") {
		m := tableRow.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		row := map[string]bool{}
		for _, imp := range strings.Split(m[2], ",") {
			row[strings.Trim(strings.TrimSpace(imp), "`")] = true
		}
		table[m[1]] = row
	}
	if len(table) < 10 {
		t.Fatalf("found only %d rows of the package table", len(table))
	}
	return table
}

// rowOf finds the row of a package, or of the nearest package above it (validate/signature speaks for its sub-packages).
func rowOf(table map[string]map[string]bool, pkg string) (map[string]bool, string, bool) {
	for name := pkg; name != "" && name != "."; {
		if row, ok := table[name]; ok {
			return row, name, true
		}
		cut := strings.LastIndex(name, "/")
		if cut < 0 {
			break
		}
		name = name[:cut]
	}
	return nil, "", false
}

// listImports lists what each package of the module imports of the module, tests left out.
func listImports(t *testing.T) map[string][]string {
	t.Helper()
	cmd := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...", "./testdata/...")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	imports := map[string][]string{}
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		words := strings.Fields(line)
		pkg := strings.TrimPrefix(words[0], "okienko/")
		imports[pkg] = nil
		for _, imp := range words[1:] {
			if inside, ok := strings.CutPrefix(imp, "okienko/"); ok {
				imports[pkg] = append(imports[pkg], inside)
			}
		}
	}
	return imports
}

func keys(m map[string]bool) []string {
	var ks []string
	for k := range m {
		ks = append(ks, k)
	}
	return ks
}
