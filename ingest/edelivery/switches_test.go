package edelivery_test

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"okienko/ingest/edelivery/edeliverytest"
)

// Each way in which the simulator can misbehave is tried on the connector or on what sends letters.
func TestEverySwitchIsTried(t *testing.T) {
	t.Parallel()
	var tests strings.Builder
	for _, pattern := range []string{"*_test.go", "../../workflow/ade/*_test.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatal(pattern, err)
		}
		for _, file := range files {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			tests.Write(raw)
		}
	}
	kind := reflect.TypeFor[edeliverytest.Switches]()
	for i := range kind.NumField() {
		name := kind.Field(i).Name
		if !regexp.MustCompile(`(witches\{[^}]*\b` + name + `:|sw\.` + name + `\b[^=]*=)`).MatchString(tests.String()) {
			t.Errorf("no test turns %s on", name)
		}
	}
}
