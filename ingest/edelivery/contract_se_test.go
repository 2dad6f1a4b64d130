package edelivery_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"okienko/ingest/edelivery"
	"okienko/ingest/edelivery/edeliverytest"
	"okienko/internal/samples"
)

// searchContract is the condensed contract of Search Engine API: what a body holds, by name, with a star where it must.
type searchContract struct {
	Paths map[string]struct {
		Body   map[string]any `yaml:"body"`
		Answer map[string]any `yaml:"200"`
	} `yaml:"paths"`
	Enums    map[string]any `yaml:"enums"`
	Error400 map[string]any `yaml:"error400"`
}

// TestTheRegisterIsAskedAsItsContractSays holds our questions and the simulator's answers against the contract of BAE.
func TestTheRegisterIsAskedAsItsContractSays(t *testing.T) {
	t.Parallel()
	dir := samples.Dir(t)
	if dir == "" {
		return
	}
	raw, err := os.ReadFile(filepath.Join(dir, "..", "epuap", "samples", "edoreczenia", "seapi_4.0.5_condensed.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var c searchContract
	if err := yaml.Unmarshal(raw, &c); err != nil {
		t.Fatal(err)
	}
	s := start(t)
	s.AddResident(edeliverytest.Resident{Address: anna, Name: "Anna", PESEL: "80071977207", NIP: "5260250274"})
	r := &edelivery.Register{Client: client(t, s)}
	for _, ask := range []func() (edelivery.Entry, bool, error){
		func() (edelivery.Entry, bool, error) { return r.ByPESEL(t.Context(), "80071977207") },
		func() (edelivery.Entry, bool, error) { return r.ByNIP(t.Context(), "5260250274") },
		func() (edelivery.Entry, bool, error) { return r.ByAddress(t.Context(), anna) },
	} {
		if e, found, err := ask(); err != nil || !found || e.Address != anna {
			t.Fatalf("%+v, %t, %v", e, found, err)
		}
	}
	if _, found, err := r.ByAddress(t.Context(), edeliverytest.Address); found || err != nil {
		t.Fatalf("an address that is not there: %t, %v", found, err)
	}
	checked := map[string]int{}
	for _, x := range s.Exchanges() {
		if path, ok := c.Paths[x.Operation]; ok {
			checked[x.Operation]++
			c.check(t, x.Operation+" body", path.Body, parsed(t, x.Request))
			c.check(t, x.Operation+" answer", path.Answer, parsed(t, x.Answer))
		}
		if x.Operation == "SE error400" {
			checked[x.Operation]++
			c.check(t, x.Operation, c.Error400, parsed(t, x.Answer))
		}
	}
	if want := (map[string]int{"POST /search/bae_search": 2, "POST /search/eda-confirmation": 1, "SE error400": 1}); !maps.Equal(checked, want) {
		t.Errorf("checked %v, want %v", checked, want)
	}
}

func parsed(t *testing.T, raw []byte) (v any) {
	t.Helper()
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// check wants every property to be one of the contract's, of its values where they are listed, and those with a star to be there.
func (c searchContract) check(t *testing.T, where string, spec, value any) {
	t.Helper()
	switch spec := spec.(type) {
	case map[string]any:
		c.checkObject(t, where, spec, value)
	case []any:
		list, ok := value.([]any)
		if !ok {
			t.Errorf("%s: %v is no list", where, value)
		}
		for _, one := range list {
			c.check(t, where, spec[0], one)
		}
	case string:
		if spec == "RecipientEda" { // what the other operation spells out
			c.check(t, where, c.Paths["POST /search/eda-confirmation"].Answer["recipientEda"], value)
		} else if strings.HasPrefix(spec, "[{") {
			if _, ok := value.([]any); !ok {
				t.Errorf("%s: %v is no list", where, value)
			}
		}
	}
	name := where[strings.LastIndexAny(where, " .")+1:]
	values, _ := c.Enums[name].([]any)
	for _, one := range flat(value) {
		if len(values) > 0 && !slices.Contains(values, any(one)) {
			t.Errorf("%s: %s is none of %v", where, one, values)
		}
	}
}

// flat are the strings in a value or a list of values.
func flat(value any) (all []string) {
	switch v := value.(type) {
	case string:
		return []string{v}
	case []any:
		for _, one := range v {
			all = append(all, flat(one)...)
		}
	}
	return all
}

func (c searchContract) checkObject(t *testing.T, where string, spec map[string]any, value any) {
	t.Helper()
	object, ok := value.(map[string]any)
	if !ok {
		t.Errorf("%s: %v is no object", where, value)
		return
	}
	known := map[string]any{}
	for name, inner := range spec {
		plain := strings.TrimSuffix(name, "*")
		known[plain] = inner
		if _, there := object[plain]; !there && plain != name {
			t.Errorf("%s lacks %s", where, plain)
		}
	}
	for name, inner := range object {
		if _, ok := known[name]; !ok {
			t.Errorf("%s has no property %s (%v)", where, name, fmt.Sprint(slices.Sorted(maps.Keys(known))))
		}
		c.check(t, where+"."+name, known[name], inner)
	}
}
