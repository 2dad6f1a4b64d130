package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"okienko/validate"
	"okienko/validate/signature/signaturetest"
)

// TestTheSchemaNamesEveryFieldOfASignatureReport: a field that is added to the report and not to the schema fails here, and
// one that stands in the schema alone too.
func TestTheSchemaNamesEveryFieldOfASignatureReport(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../../schemas/report.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		Defs map[string]struct {
			Properties map[string]json.RawMessage `json:"properties"`
		} `json:"$defs"`
	}
	if err := json.Unmarshal(raw, &schema); err != nil {
		t.Fatal(err)
	}
	for def, v := range map[string]any{
		"signature": validate.SignatureReport{}, "reference": validate.SignatureRef{},
		"timestamp": validate.TimeStamp{}, "certificate": validate.Certificate{},
	} {
		want := map[string]bool{}
		for f := range reflect.TypeOf(v).Fields() {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			want[name] = name != "covered_ids" // the pipeline's own, never published
		}
		for name, published := range want {
			if _, ok := schema.Defs[def].Properties[name]; ok != published {
				t.Errorf("%s.%s: in the schema %v, want %v", def, name, ok, published)
			}
		}
		for name := range schema.Defs[def].Properties {
			if !want[name] {
				t.Errorf("%s.%s stands in the schema, no report has it", def, name)
			}
		}
	}
}

// signedPaper writes a letter signed by a test authority's person with a time-stamp, and a directory that trusts it; the
// certificate says where its revocation list is.
func signedPaper(t *testing.T, crl string) (ca *signaturetest.Authority, signer *signaturetest.Signer, file, trustDir string) {
	t.Helper()
	ca, err := signaturetest.NewAuthority("TEST urząd certyfikacji")
	if err != nil {
		t.Fatal(err)
	}
	signer, err = ca.Person("Anna", "Przykładowa", "00000000000", signaturetest.WithCRL(crl))
	if err != nil {
		t.Fatal(err)
	}
	stamper, err := ca.Stamper()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := signaturetest.XAdES{Time: time.Now().Add(-time.Minute), Stamp: stamper}.Sign([]byte("<pismo>Proszę o zaświadczenie.</pismo>"), signer)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file, trustDir = filepath.Join(dir, "pismo.xml"), filepath.Join(dir, "zaufane")
	if err := os.Mkdir(trustDir, 0o700); err != nil {
		t.Fatal(err)
	}
	writeFile(t, file, doc)
	writeFile(t, filepath.Join(trustDir, "ca.pem"), ca.PEM())
	return ca, signer, file, trustDir
}

// signaturesOf runs the command and holds what it prints against the schema.
func signaturesOf(t *testing.T, args ...string) []validate.SignatureReport {
	t.Helper()
	var out, stderr bytes.Buffer
	if code := run(t.Context(), append([]string{"signatures", "--json"}, args...), &out, &stderr); code != 0 {
		t.Fatalf("exit %d: %s", code, stderr.String())
	}
	var printed struct {
		Signatures []json.RawMessage `json:"signatures"`
	}
	if err := json.Unmarshal(out.Bytes(), &printed); err != nil {
		t.Fatal(err)
	}
	var all []validate.SignatureReport
	for _, raw := range printed.Signatures {
		validSignature(t, raw)
		var r validate.SignatureReport
		if err := json.Unmarshal(raw, &r); err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	return all
}

func validSignature(t *testing.T, raw []byte) {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	if err := signatureSchema(t).Validate(doc); err != nil {
		t.Errorf("%v\n%s", err, raw)
	}
}

// TestWhatWasCheckedIsEvidence: the report names when, for which moment and against which anchors and revocation lists.
func TestWhatWasCheckedIsEvidence(t *testing.T) {
	t.Parallel()
	ca, signer, file, trustDir := signedPaper(t, "http://crl.example/ca.crl")
	now := time.Now()
	tests := []struct {
		name      string
		made      time.Time // of the revocation list; zero: there is none
		revoked   []*signaturetest.Signer
		want      validate.Indication
		sub       string
		rests     []string
		warns     string
		forbidden string
	}{
		{"no revocation list at hand", time.Time{}, nil, validate.Indeterminate, "TRY_LATER", []string{"anchor ca.pem"}, "", "za stare"},
		{"a revocation list of today", now.Add(-time.Hour), nil, validate.TotalPassed, "", []string{"anchor ca.pem", "revocation list of TEST urząd certyfikacji of "}, "", "za stare"},
		{"a stale revocation list says nothing, and that is said", now.AddDate(0, -3, 0), nil, validate.Indeterminate, "TRY_LATER", []string{"anchor ca.pem"}, "za stare", ""},
		{"revoked", now.Add(-2 * time.Hour), []*signaturetest.Signer{signer}, validate.TotalFailed, "REVOKED", []string{"anchor ca.pem", "revocation list of "}, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(trustDir)); err != nil {
				t.Fatal(err)
			}
			if !tt.made.IsZero() {
				crl, err := ca.CRL(tt.made, tt.revoked...)
				if err != nil {
					t.Fatal(err)
				}
				writeFile(t, filepath.Join(dir, "ca.crl"), crl)
			}
			r := signaturesOf(t, "--trust", dir, file)[0]
			if !r.Intact || r.Indication != tt.want || r.SubIndication != tt.sub {
				t.Errorf("intact %v %s/%s, want %s/%s", r.Intact, r.Indication, r.SubIndication, tt.want, tt.sub)
			}
			if r.Checked.At.Before(now.Add(-time.Minute)) || r.Checked.For.IsZero() || len(r.Timestamps) != 1 || !r.Timestamps[0].Trusted {
				t.Errorf("checked %+v, time-stamps %+v", r.Checked, r.Timestamps)
			}
			if len(r.Checked.Trust) != len(tt.rests) {
				t.Fatalf("rests on %q, want %q", r.Checked.Trust, tt.rests)
			}
			for i, want := range tt.rests {
				if !strings.HasPrefix(r.Checked.Trust[i], want) || !strings.Contains(r.Checked.Trust[i], "SHA-256") {
					t.Errorf("rests on %q, want %q with its digest", r.Checked.Trust[i], want)
				}
			}
			warnings := strings.Join(r.Warnings, " ")
			if !strings.Contains(warnings, tt.warns) || tt.forbidden != "" && strings.Contains(warnings, tt.forbidden) {
				t.Errorf("warnings %q", r.Warnings)
			}
		})
	}
}

// TestEveryReportOfTheCorpusFitsTheSchema runs the command on every signed file EU DSS is tested with.
func TestEveryReportOfTheCorpusFitsTheSchema(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("OKIENKO_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared")
	}
	oracle, err := os.ReadFile(filepath.Join(dir, "signatures", "oracle.tsv"))
	if err != nil {
		t.Log("the shared material is not beside this checkout: nothing compared")
		return
	}
	files, signatures := 0, 0
	for line := range strings.Lines(string(oracle)) {
		if c := strings.Split(line, "\t"); len(c) > 1 && c[0] != "kind" {
			files++
			signatures += len(signaturesOf(t, filepath.Join(dir, "signatures", "corpus", c[1])))
		}
	}
	t.Logf("%d files, %d signatures fit the schema", files, signatures)
	if signatures < files/2 {
		t.Error("too few signatures were found for this to mean anything")
	}
}
