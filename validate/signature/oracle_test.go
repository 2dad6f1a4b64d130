package signature_test

import (
	"bufio"
	"crypto"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"okienko/validate"
	"okienko/validate/signature"
)

// oracleRow is one line of oracle.tsv: what EU DSS found in one file.
type oracleRow struct {
	kind, path, detached, count, intact, levels string
}

// shared returns the directory of the shared test material, or "" after saying that it is not there.
func shared(t testing.TB) string {
	dir := os.Getenv("OKIENKO_SHARED")
	if dir == "" {
		wd, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		for ; wd != "/"; wd = filepath.Dir(wd) {
			if _, err := os.Stat(filepath.Join(wd, "go.mod")); err == nil {
				break
			}
		}
		dir = filepath.Join(filepath.Dir(wd), "shared")
	}
	if _, err := os.Stat(dir); err != nil {
		t.Log("the shared material is not beside this checkout: nothing compared")
		return ""
	}
	return dir
}

// TestAgreesWithEUDSS holds every file of the oracle against the verdict of EU DSS: the number of signatures, intact or not,
// and the level where it names one. exceptions.tsv names each file that may
// differ and says why; a file that agrees may not be listed there.
func TestAgreesWithEUDSS(t *testing.T) {
	t.Parallel()
	dir := shared(t)
	if dir == "" {
		return
	}
	rows := readOracle(t, filepath.Join(dir, "signatures", "oracle.tsv"))
	known := readExceptions(t)
	type tally struct{ rows, count, intact, levels, levelRows int }
	sum := map[string]*tally{}
	var differ int
	for _, row := range rows {
		k := sum[row.kind]
		if k == nil {
			k = &tally{}
			sum[row.kind] = k
		}
		got := examineRow(t, filepath.Join(dir, "signatures", "corpus"), row)
		countOK, intactOK := countAgrees(row.count, len(got)), intactAgrees(row.intact, got)
		k.rows++
		k.count += btoi(countOK)
		k.intact += btoi(intactOK)
		if row.levels != "" {
			k.levelRows++
			k.levels += btoi(levelAgrees(row.levels, got))
		}
		if row.intact == "no" {
			for _, r := range got {
				if r.Intact {
					t.Errorf("%s: reported intact, EU DSS says no", row.path)
				}
			}
		}
		if countOK && intactOK && (row.levels == "" || levelAgrees(row.levels, got)) {
			if known[row.path+row.detached] != "" {
				t.Errorf("%s agrees now: take it off exceptions.tsv", row.path)
			}
			continue
		}
		differ++
		if known[row.path+row.detached] == "" {
			t.Errorf("%s [%s]: want %s signatures, intact %s, levels %q; got %q, %s", row.path, row.detached, row.count, row.intact, row.levels, profiles(got), describe(got))
		}
	}
	kinds := make([]string, 0, len(sum))
	for k := range sum {
		kinds = append(kinds, k)
	}
	sort.Strings(kinds)
	for _, k := range kinds {
		s := sum[k]
		t.Logf("%-11s rows %3d  number of signatures %3d  intact %3d  level %d/%d", k, s.rows, s.count, s.intact, s.levels, s.levelRows)
	}
	t.Logf("agreement %d of %d (%.1f %%)", len(rows)-differ, len(rows), 100*float64(len(rows)-differ)/float64(len(rows)))
	if differ*100 > 2*len(rows) {
		t.Errorf("%d of %d rows differ: more than 2 of 100", differ, len(rows))
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func readOracle(t *testing.T, path string) []oracleRow {
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var rows []oracleRow
	for sc := bufio.NewScanner(f); sc.Scan(); {
		c := strings.Split(sc.Text(), "\t")
		if c[0] == "kind" {
			continue
		}
		rows = append(rows, oracleRow{c[0], c[1], c[2], c[3], c[4], c[5]})
	}
	return rows
}

// readExceptions reads path TAB detached TAB reason.
func readExceptions(t *testing.T) map[string]string {
	raw, err := os.ReadFile("testdata/exceptions.tsv")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]string{}
	for line := range strings.Lines(string(raw)) {
		c := strings.Split(strings.TrimSpace(line), "\t")
		if len(c) == 3 && !strings.HasPrefix(line, "#") {
			known[c[0]+c[1]] = c[2]
		}
	}
	return known
}

func examineRow(t *testing.T, corpus string, row oracleRow) []validate.SignatureReport {
	return examineChanged(t, corpus, row, func(raw []byte) []byte { return raw })
}

// examineChanged examines the file of a row after a change.
func examineChanged(t *testing.T, corpus string, row oracleRow, change func([]byte) []byte) []validate.SignatureReport {
	raw, err := os.ReadFile(filepath.Join(corpus, row.path))
	if err != nil {
		t.Fatal(err)
	}
	var content []signature.Content
	for _, d := range strings.Split(row.detached, ";") {
		if d != "" {
			content = append(content, readDetached(t, corpus, d)...)
		}
	}
	exam := signature.Examine(signature.File{Name: filepath.Base(row.path), Bytes: change(raw)}, signature.Options{
		Content: content, Now: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC),
	})
	return exam.Signatures
}

func readDetached(t *testing.T, corpus, spec string) []signature.Content {
	if rest, ok := strings.CutPrefix(spec, "digest:"); ok {
		alg, sum, _ := strings.Cut(rest, ":")
		raw, err := base64.StdEncoding.DecodeString(sum)
		if err != nil {
			t.Fatal(err)
		}
		return []signature.Content{{Digest: raw, Hash: hashNamed(alg)}}
	}
	if rest, ok := strings.CutPrefix(spec, "DIR:"); ok {
		entries, err := os.ReadDir(filepath.Join(corpus, rest))
		if err != nil {
			t.Fatal(err)
		}
		var all []signature.Content
		for _, e := range entries {
			all = append(all, readDetached(t, corpus, rest+"/"+e.Name())...)
		}
		return all
	}
	path, name, ok := strings.Cut(spec, "|")
	if !ok {
		name = filepath.Base(path)
	}
	raw, err := os.ReadFile(filepath.Join(corpus, path))
	if err != nil {
		t.Fatal(err)
	}
	return []signature.Content{{Name: name, Bytes: raw}}
}

func countAgrees(want string, got int) bool {
	if want == ">=1" {
		return got >= 1
	}
	n, err := strconv.Atoi(want)
	return err == nil && n == got
}

func intactAgrees(want string, got []validate.SignatureReport) bool {
	good := 0
	for _, r := range got {
		good += btoi(r.Intact)
	}
	switch want {
	case "yes":
		return len(got) > 0 && good == len(got)
	case "no":
		return len(got) > 0 && good == 0
	case "mixed":
		return good > 0 && good < len(got)
	case "none":
		return len(got) == 0
	}
	return true
}

func levelAgrees(want string, got []validate.SignatureReport) bool {
	for _, w := range strings.Split(want, ",") {
		found := false
		for _, r := range got {
			found = found || r.Profile == w
		}
		if !found {
			return false
		}
	}
	return true
}

func profiles(got []validate.SignatureReport) string {
	var all []string
	for _, r := range got {
		all = append(all, r.Profile)
	}
	return strings.Join(all, ",")
}

func describe(got []validate.SignatureReport) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d signatures", len(got))
	for _, r := range got {
		fmt.Fprintf(&b, "\n\t%s intact=%v %s/%s", r.Format, r.Intact, r.Indication, r.SubIndication)
		for _, ref := range r.References {
			if !ref.Found || !ref.Intact {
				fmt.Fprintf(&b, "\n\t\treference %q found=%v intact=%v %s", ref.URI, ref.Found, ref.Intact, ref.Problem)
			}
		}
		fmt.Fprintf(&b, " problem=%q %v", r.Problem, r.Warnings)
	}
	return b.String()
}

func hashNamed(alg string) crypto.Hash {
	return map[string]crypto.Hash{"SHA1": crypto.SHA1, "SHA256": crypto.SHA256, "SHA384": crypto.SHA384, "SHA512": crypto.SHA512}[alg]
}
