package signature_test

import (
	"bytes"
	"path/filepath"
	"testing"

	"okienko/validate"
)

// TestArchiveTimeStampsOfOldAndNewEditionsHold: every archive time-stamp of an intact CMS signature of the corpus is over what
// it says, in the three editions of that attribute. Why the one exception does not fit is not known; it stays undecided and proves nothing.
func TestArchiveTimeStampsOfOldAndNewEditionsHold(t *testing.T) {
	t.Parallel()
	dir := shared(t)
	if dir == "" {
		return
	}
	good, undecided := 0, map[string]bool{}
	for _, row := range readOracle(t, filepath.Join(dir, "signatures", "oracle.tsv")) {
		if row.kind != "CAdES" && row.kind != "ASiC-CAdES" {
			continue
		}
		for _, r := range examineRow(t, filepath.Join(dir, "signatures", "corpus"), row) {
			for _, ts := range archives(r) {
				if ts.Good {
					good++
				} else {
					undecided[filepath.Base(row.path)] = true
				}
			}
		}
	}
	t.Logf("%d archive time-stamps hold; not in %v", good, undecided)
	if len(undecided) != 1 || !undecided["cades-dss1956.p7m"] || good < 18 {
		t.Error("not what was reached before")
	}
}

// archives are the archive time-stamps of an intact signature.
func archives(r validate.SignatureReport) []validate.TimeStamp {
	var all []validate.TimeStamp
	for _, ts := range r.Timestamps {
		if ts.Kind == "archive" && r.Intact {
			all = append(all, ts)
		}
	}
	return all
}

// TestAnArchiveTimeStampCoversWhatWasAddedBefore: a signature stays intact when an unsigned attribute under the archive
// time-stamp is changed; the archive time-stamp does not.
func TestAnArchiveTimeStampCoversWhatWasAddedBefore(t *testing.T) {
	t.Parallel()
	dir := shared(t)
	if dir == "" {
		return
	}
	for _, row := range readOracle(t, filepath.Join(dir, "signatures", "oracle.tsv")) {
		if filepath.Base(row.path) == "cadesLTAwithATv2.sig" {
			corpus := filepath.Join(dir, "signatures", "corpus")
			r := examineRow(t, corpus, row)[0]
			if a := archives(r); len(a) != 1 || !a[0].Good {
				t.Fatalf("as it came: %+v", r.Timestamps)
			}
			changed := examineChanged(t, corpus, row, func(raw []byte) []byte {
				// the type of the signature time-stamp becomes one nobody knows
				values := []byte{0x06, 0x0B, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x10, 0x02, 0x0E}
				other := bytes.Clone(values)
				other[len(other)-1] = 0x7F
				if !bytes.Contains(raw, values) {
					t.Fatal("no signature time-stamp to change")
				}
				return bytes.Replace(raw, values, other, 1)
			})[0]
			if a := archives(changed); !changed.Intact || len(a) != 1 || a[0].Good {
				t.Errorf("changed: intact %v, %+v", changed.Intact, changed.Timestamps)
			}
		}
	}
}
