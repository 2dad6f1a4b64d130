package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"okienko/testdata"
	"okienko/testdata/torture"
	"okienko/workflow/report"
)

// reportSchema compiles the published schema, signatureSchema the part about one signature.
func reportSchema(t *testing.T) *jsonschema.Schema { return compiledSchema(t, "report.schema.json") }
func signatureSchema(t *testing.T) *jsonschema.Schema {
	return compiledSchema(t, "report.schema.json#/$defs/signature")
}

func compiledSchema(t *testing.T, location string) *jsonschema.Schema {
	t.Helper()
	raw, err := os.ReadFile("../../schemas/report.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource("report.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile(location)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// checkFiles runs the real command on files and returns one line of JSON each.
func checkFiles(t *testing.T, files []string) [][]byte {
	t.Helper()
	cmd := exec.Command(program(t), append([]string{"check", "--json"}, files...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("okienko check: %v\n%s", err, stderr.Bytes())
	}
	return bytes.Split(bytes.TrimSpace(out), []byte("\n"))
}

// validLines holds every line against the schema and returns the reports.
func validLines(t *testing.T, lines [][]byte) []report.Report {
	t.Helper()
	schema := reportSchema(t)
	var reports []report.Report
	for _, line := range lines {
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(line))
		if err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		if err := schema.Validate(doc); err != nil {
			t.Errorf("%v\n%s", err, line)
		}
		var r report.Report
		if err := json.Unmarshal(line, &r); err != nil {
			t.Fatal(err)
		}
		reports = append(reports, r)
	}
	return reports
}

// TestCheckJudgesEverySampleLetter runs the whole judgement on every sample letter and prints how often it agrees with what a
// careful clerk would say. The floors are what must not be lost; the harmful errors have a ceiling of their own.
func TestCheckJudgesEverySampleLetter(t *testing.T) {
	t.Parallel()
	stories, err := testdata.Stories()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	var files []string
	for _, s := range stories {
		file := filepath.Join(dir, s.Name+".eml")
		writeFile(t, file, s.Message)
		files = append(files, file)
	}
	reports := validLines(t, checkFiles(t, files))
	if len(reports) != len(stories) {
		t.Fatalf("%d reports of %d letters", len(reports), len(stories))
	}
	scoreStories(t, stories, reports)
}

func scoreStories(t *testing.T, stories []testdata.Story, reports []report.Report) {
	t.Helper()
	nature, procedure, replies, wrongSure, falselyMissing := 0, 0, 0, 0, 0
	for i, s := range stories {
		r := reports[i]
		if string(r.Nature) == s.Want.Nature {
			nature++
		}
		switch got := procedureOf(r); {
		case got == s.Want.Procedure || contains(s.Want.AlsoAcceptable, got):
			procedure++
		case r.Procedure.DecidedBy != "none":
			wrongSure++
			t.Logf("%s: decided %s, a clerk says %s", s.Name, got, s.Want.Procedure)
		}
		if string(r.Reply.Kind) == s.Want.Reply {
			replies++
		} else {
			t.Logf("%s: reply %s, a clerk says %s", s.Name, r.Reply.Kind, s.Want.Reply)
		}
		for _, f := range r.Findings {
			if f.Outcome == "missing" && contains(s.Want.DoNotAsk, f.Requirement) {
				falselyMissing++
				t.Logf("%s: %s called missing", s.Name, f.Requirement)
			}
		}
	}
	n := len(stories)
	t.Logf("%d letters: nature %d, procedure %d, reply %d agree; %d wrong though sure; %d things called missing that must not be asked for",
		n, nature, procedure, replies, wrongSure, falselyMissing)
	if nature*100 < 95*n || procedure*100 < 90*n || replies*100 < 90*n || wrongSure > 0 || falselyMissing > 0 {
		t.Error("below what was reached before")
	}
}

func procedureOf(r report.Report) string {
	if r.Procedure.ID == nil {
		return ""
	}
	return string(*r.Procedure.ID)
}

func contains(list []string, s string) bool {
	for _, have := range list {
		if have == s {
			return true
		}
	}
	return false
}

// TestCheckSurvivesEveryMalformedMail is promise P7: an item whose parser said "error" is still judged, and says why.
func TestCheckSurvivesEveryMalformedMail(t *testing.T) {
	t.Parallel()
	mails, err := torture.Mails()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	var files []string
	for _, m := range mails {
		file := filepath.Join(dir, m.Name+".eml")
		writeFile(t, file, m.Raw)
		files = append(files, file)
	}
	reports := validLines(t, checkFiles(t, files))
	answered := 0
	for _, r := range reports {
		if r.Reply.Text != "" {
			answered++
		}
	}
	t.Logf("%d malformed mails, %d judged, %d would be answered by themselves", len(mails), len(reports), answered)
	if len(reports) != len(mails) {
		t.Errorf("%d of %d mails were judged", len(reports), len(mails))
	}
}
