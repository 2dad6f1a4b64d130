package signature_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"okienko/validate/signature"
)

// TestDamagedFilesAreAnsweredQuickly flips, cuts and repeats octets of every file of the shared corpus: whatever comes out,
// the examination ends, soon, without a panic. OKIENKO_DAMAGE sets how many variants of each file are tried.
func TestDamagedFilesAreAnsweredQuickly(t *testing.T) {
	t.Parallel()
	dir := shared(t)
	if dir == "" {
		return
	}
	variants, err := strconv.Atoi(os.Getenv("OKIENKO_DAMAGE"))
	if err != nil {
		variants = 2
	}
	tried, slowest, which := 0, time.Duration(0), ""
	for i, row := range readOracle(t, filepath.Join(dir, "signatures", "oracle.tsv")) {
		raw := must(os.ReadFile(filepath.Join(dir, "signatures", "corpus", row.path)))(t)
		r := rand.New(rand.NewPCG(uint64(i), 3))
		for range variants {
			b := damaged(r, raw)
			start := time.Now()
			signature.Examine(signature.File{Name: filepath.Base(row.path), Bytes: b}, signature.Options{Now: received, Keep: true})
			if d := time.Since(start); d > slowest {
				slowest, which = d, row.path
			}
			tried++
		}
	}
	t.Logf("%d damaged files; slowest %v: %s", tried, slowest, which)
	if slowest > 30*time.Second {
		t.Errorf("%s took %v", which, slowest)
	}
}

func damaged(r *rand.Rand, raw []byte) []byte {
	b := append([]byte{}, raw...)
	for range 1 + r.IntN(4) {
		if len(b) < 2 {
			return b
		}
		at := r.IntN(len(b))
		switch r.IntN(6) {
		case 0:
			b = b[:at]
		case 1:
			end := min(len(b), at+r.IntN(200))
			b = append(b[:end:end], b[at:]...) // a piece twice
		case 2:
			end := min(len(b), at+r.IntN(200))
			b = append(b[:at:at], b[end:]...) // a piece missing
		default:
			b[at] = byte(r.IntN(256))
		}
	}
	return b
}
