package trust_test

import (
	"bytes"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"okienko/validate/signature/keys"
	"okienko/validate/signature/trust"
)

func lists(t *testing.T) map[string][]byte {
	dir := os.Getenv("OKIENKO_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "..", "shared")
	}
	files := map[string][]byte{}
	for _, n := range []string{"EU.xml", "PL-110-2019.xml", "PL-139-2023.xml"} {
		raw, err := os.ReadFile(filepath.Join(dir, "signatures", "trusted-lists", n))
		if err != nil {
			t.Log("the shared material is not beside this checkout: nothing compared")
			return nil
		}
		files[n] = raw
	}
	return files
}

func parse(t *testing.T, raw []byte) *trust.List {
	t.Helper()
	l, err := trust.ParseList(raw)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func asPEM(c *keys.Certificate) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})
}

func store(t *testing.T, files map[string][]byte) *trust.Store {
	t.Helper()
	s, err := trust.New(files)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestThePolishListIsRead(t *testing.T) {
	t.Parallel()
	files := lists(t)
	if files == nil {
		return
	}
	l := parse(t, files["PL-139-2023.xml"])
	at := time.Date(2023, 10, 1, 0, 0, 0, 0, time.UTC)
	active := map[string]int{}
	for _, s := range l.Services {
		if st, ok := s.At(at); ok && strings.HasSuffix(st.Status, "/granted") {
			active[st.Type]++
		}
	}
	if l.Territory != "PL" || l.Sequence != 139 || l.Version != 5 || l.SignedBy == nil {
		t.Errorf("territory %q no. %d version %d signed by %v", l.Territory, l.Sequence, l.Version, l.SignedBy)
	}
	if active[trust.TypeCAQC] != 18 || active[trust.TypeQTST] != 14 {
		t.Errorf("granted: %d CA/QC and %d QTST, want 18 and 14", active[trust.TypeCAQC], active[trust.TypeQTST])
	}
}

func TestOnlyListsOfNamedSignersAreUsed(t *testing.T) {
	t.Parallel()
	files := lists(t)
	if files == nil {
		return
	}
	eu, pl := parse(t, files["EU.xml"]).SignedBy, parse(t, files["PL-139-2023.xml"]).SignedBy
	if eu == nil || pl == nil {
		t.Fatal("the lists' own signatures do not hold")
	}
	forged := bytes.Replace(files["PL-139-2023.xml"], []byte("<TSLSequenceNumber>139"), []byte("<TSLSequenceNumber>999"), 1)
	tests := []struct {
		name  string
		files map[string][]byte
		want  []string // beginnings of Describe
	}{
		{"nobody named: no list is used", map[string][]byte{"EU.xml": files["EU.xml"], "PL.xml": files["PL-110-2019.xml"]}, nil},
		{"the list of lists names the signer of the Polish list", map[string][]byte{"EU.xml": files["EU.xml"], "PL.xml": files["PL-110-2019.xml"], "signers/eu.pem": asPEM(eu)},
			[]string{"trusted list EU", "trusted list PL no. 110"}},
		{"a signer named by the administrator; the newest edition counts", map[string][]byte{"a.xml": files["PL-110-2019.xml"], "lists/b.xml": files["PL-139-2023.xml"], "signers/pl.pem": asPEM(pl), "signers/eu.pem": asPEM(eu), "EU.xml": files["EU.xml"]},
			[]string{"trusted list EU", "trusted list PL no. 139"}},
		{"a list changed after signing is not used", map[string][]byte{"b.xml": forged, "signers/pl.pem": asPEM(pl)}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := store(t, tt.files).Describe()
			if len(got) != len(tt.want) {
				t.Fatalf("%q, want %q", got, tt.want)
			}
			for i := range got {
				if !strings.HasPrefix(got[i], tt.want[i]) {
					t.Errorf("%q, want %q", got[i], tt.want[i])
				}
			}
		})
	}
}

func TestAnOverdueListIsUsedWithAWarning(t *testing.T) {
	t.Parallel()
	files := lists(t)
	if files == nil {
		return
	}
	l := parse(t, files["PL-139-2023.xml"])
	s := store(t, map[string][]byte{"pl.xml": files["PL-139-2023.xml"], "signers/pl.pem": asPEM(l.SignedBy)})
	if w := s.Warnings(l.NextUpdate.Add(-time.Hour)); len(w) != 0 {
		t.Errorf("before its next update: %q", w)
	}
	if w := s.Warnings(l.NextUpdate.Add(time.Hour)); len(w) != 1 || !strings.Contains(w[0], "should have been replaced") {
		t.Errorf("after its next update: %q", w)
	}
	if len(s.Describe()) != 1 {
		t.Error("an overdue list is dropped")
	}
}

// TestTheMinistersSealIsFoundOnThePolishList follows the real seal of podpis zaufany to EuroCert on the list.
func TestTheMinistersSealIsFoundOnThePolishList(t *testing.T) {
	t.Parallel()
	files := lists(t)
	if files == nil {
		return
	}
	dir := os.Getenv("OKIENKO_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "..", "shared")
	}
	raw, err := os.ReadFile(filepath.Join(dir, "epuap", "samples", "pz-pades", "minister_pz_seal_2021-2024.pem"))
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(raw)
	seal, err := keys.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	l := parse(t, files["PL-139-2023.xml"])
	s := store(t, map[string][]byte{"pl.xml": files["PL-139-2023.xml"], "signers/pl.pem": asPEM(l.SignedBy)})
	at := time.Date(2023, 6, 1, 0, 0, 0, 0, time.UTC)
	p, err := s.Find(seal, nil, at, func(a trust.Authority) bool {
		st, ok := a.Service.At(at)
		return ok && st.Active() && st.Type == trust.TypeCAQC
	})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(p.End.Service.Provider, "EuroCert") {
		t.Errorf("the path ends at %q", p.End.Service.Provider)
	}
}

func TestStatusIsThatOfTheDay(t *testing.T) {
	t.Parallel()
	day := func(y int) time.Time { return time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC) }
	const base = "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/"
	s := trust.Service{States: []trust.State{{Status: base + "withdrawn", Since: day(2022)}, {Status: base + "granted", Since: day(2016)}, {Status: base + "undersupervision", Since: day(2010)}}}
	for year, want := range map[int]bool{2009: false, 2012: true, 2017: true, 2023: false} {
		st, ok := s.At(day(year))
		if got := ok && st.Active(); got != want {
			t.Errorf("%d: active %v, want %v", year, got, want)
		}
	}
}

func TestTrustDataThatCannotBeReadIsNamed(t *testing.T) {
	t.Parallel()
	for name, raw := range map[string]string{"kiepski.crt": "to nie certyfikat", "lists/x.xml": "<a/>", "zaufane/ca.pem": "-----BEGIN CERTIFICATE-----"} {
		_, err := trust.New(map[string][]byte{name: []byte(raw)})
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: error %v does not name the file", name, err)
		}
	}
	if _, err := trust.New(map[string][]byte{"klucz.key.pem": []byte("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")}); err != nil {
		t.Errorf("a private key lying about: %v", err)
	}
}
