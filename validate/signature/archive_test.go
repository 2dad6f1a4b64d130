package signature_test

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"okienko/validate"
)

// TestArchiveTimeStampsOfOldAndNewEditionsHold: every archive time-stamp of an intact CMS signature of the corpus is over what
// it says, in the three editions of that attribute. In the one exception the index of what is archived stands as four values
// where one is allowed; EU DSS does not accept it either. Where the index lists certificates or revocation data that are not in
// their place in the message, EU DSS warns, and so does this.
func TestArchiveTimeStampsOfOldAndNewEditionsHold(t *testing.T) {
	t.Parallel()
	dir := shared(t)
	if dir == "" {
		return
	}
	good, undecided, incomplete := 0, []string{}, []string{}
	for _, row := range readOracle(t, filepath.Join(dir, "signatures", "oracle.tsv")) {
		if row.kind != "CAdES" && row.kind != "ASiC-CAdES" {
			continue
		}
		for _, r := range examineRow(t, filepath.Join(dir, "signatures", "corpus"), row) {
			for _, ts := range archives(r) {
				switch {
				case !ts.Good && strings.Contains(ts.Problem, "one index of what it archives, not 4"):
					undecided = append(undecided, filepath.Base(row.path))
				case !ts.Good:
					t.Errorf("%s: %s", row.path, ts.Problem)
				case ts.Problem != "":
					incomplete = append(incomplete, filepath.Base(row.path))
				}
				if ts.Good {
					good++
				}
			}
		}
	}
	t.Logf("%d archive time-stamps hold", good)
	if want := []string{"cades-dss1956.p7m"}; !slices.Equal(undecided, want) {
		t.Errorf("undecided: %q, want %q", undecided, want)
	}
	if want := []string{"cades-ats-v3-rev-val-crl.p7s", "cades-ats-v3-rev-val-ocsp.p7s", "cades-ats-v3-wrong-cert.p7m", "cades-broken-sig-tst-and-ats-v3.cms"}; !slices.Equal(incomplete, want) {
		t.Errorf("index incomplete: %q, want %q", incomplete, want)
	}
	if good < 18 {
		t.Error("fewer than were reached before")
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
