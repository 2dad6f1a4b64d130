package api

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
)

// TestTheDescriptionIsTrue wants each route described, and nothing described that is not there.
func TestTheDescriptionIsTrue(t *testing.T) {
	t.Parallel()
	var doc struct {
		Paths map[string]map[string]struct{ Summary string }
	}
	if err := yaml.Unmarshal(description, &doc); err != nil {
		t.Fatal(err)
	}
	described := map[string]string{}
	for path, methods := range doc.Paths {
		for method, op := range methods {
			described[strings.ToUpper(method)+" "+path] = op.Summary
		}
	}
	for _, r := range (&api{}).routes() {
		key := r.method + " " + r.path
		if summary, ok := described[key]; !ok || !strings.Contains(summary, string(r.scope)) {
			t.Errorf("%s (scope %s) is described as %q", key, r.scope, summary)
		}
		delete(described, key)
	}
	for key := range described {
		t.Errorf("%s is described and does not exist", key)
	}
}

// responseSchema compiles the schema of a successful answer.
func responseSchema(t *testing.T, path string) *jsonschema.Schema {
	t.Helper()
	var doc any
	if err := yaml.Unmarshal(description, &doc); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("openapi.json", value); err != nil {
		t.Fatal(err)
	}
	method, where, _ := strings.Cut(path, " ")
	pointer := "openapi.json#/paths/" + strings.ReplaceAll(where, "/", "~1") + "/" + strings.ToLower(method) + "/responses/200/content/application~1json/schema"
	schema, err := c.Compile(strings.NewReplacer("{", "%7B", "}", "%7D").Replace(pointer))
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// Validate holds an answer against openapi.yaml; tests of the package from outside use it.
func Validate(t *testing.T, method, path string, body []byte) {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	if err := responseSchema(t, method+" "+path).Validate(value); err != nil {
		t.Errorf("%s %s: %v", method, path, err)
	}
}

func TestTheGuardOfTheDescriptionSees(t *testing.T) {
	t.Parallel()
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(`{"cases":[{"id":1}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if responseSchema(t, http.MethodGet+" /cases").Validate(value) == nil {
		t.Error("a case without a number is taken for one")
	}
}
