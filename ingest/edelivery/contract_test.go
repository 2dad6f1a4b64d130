package edelivery_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"okienko/ingest/edelivery/edeliverytest"
	"okienko/internal/samples"
)

// contract is the condensed contract of User Agent API: for each schema its properties, with their types or the values allowed.
type contract struct {
	Schemas map[string]map[string]any `yaml:"schemas"`
}

// TestTheConversationIsWhatTheContractSays holds both ends against the contract: ours, and the simulator's, or the tests would
// only show that we agree with ourselves.
func TestTheConversationIsWhatTheContractSays(t *testing.T) {
	t.Parallel()
	c := readContract(t)
	if c == nil {
		return
	}
	s, o := start(t), &office{}
	s.AddResident(edeliverytest.Resident{Address: anna, Name: "Anna"})
	ids := deliver(t, s, letter("jedno"))
	answer := letter("drugie")
	answer.Ref = ids[0]
	deliver(t, s, answer)
	source, stop := run(t, config(s), o)
	registered(t, o, 2)
	stop()
	task, err := source.Client().Send(t.Context(), outgoing())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := source.Client().Task(t.Context(), task); err != nil {
		t.Fatal(err)
	}
	if _, err := source.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	checked := map[string]int{}
	for _, x := range s.Exchanges() {
		for _, e := range c.elements(t, x) {
			checked[e.schema]++
			c.check(t, x.Operation, e.schema, e.value)
		}
	}
	for _, want := range []string{"MessagesWrapper", "Message", "MessageControlData", "MessageMetadata", "MessageAddressData", "Attachment", "FileData", "FileMetadata", "Evidence"} {
		if checked[want] == 0 {
			t.Errorf("no %s was seen", want)
		}
	}
	t.Logf("checked %v", checked)
}

func readContract(t *testing.T) *contract {
	t.Helper()
	dir := samples.Dir(t)
	if dir == "" {
		return nil
	}
	raw, err := os.ReadFile(filepath.Join(dir, "..", "epuap", "samples", "edoreczenia", "uaapi_3.0.8_condensed.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var c contract
	if err := yaml.Unmarshal(raw, &c); err != nil {
		t.Fatal(err)
	}
	return &c
}

// element is a JSON object with the schema it must obey.
type element struct {
	schema string
	value  map[string]any
}

// roots are the schemas of the bodies that have one.
var roots = map[string]string{
	"GET /messages": "MessagesWrapper", "GET /messages/{messageId}": "Message", "POST /messages": "Message", "GET /messages/{messageId}/evidences": "Evidence",
}

// inside are the schemas of properties.
var inside = map[string]string{
	"messages": "Message", "messageControlData": "MessageControlData", "messageMetadata": "MessageMetadata", "attachments": "Attachment", "evidences": "Evidence",
	"from": "MessageAddressData", "to": "MessageAddressData", "fileMetadata": "FileMetadata",
}

// elements finds every object with a schema in an exchange: in the request where there is one, else in the answer.
func (c *contract) elements(t *testing.T, x edeliverytest.Exchange) []element {
	t.Helper()
	root, ok := roots[x.Operation]
	if !ok {
		return nil
	}
	raw := x.Answer
	if x.Operation == "POST /messages" {
		raw = x.Request
	}
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	if m, ok := v.(map[string]any); ok && root == "Evidence" {
		v = m["evidences"]
	}
	var all []element
	collect(root, v, &all)
	return all
}

func collect(schema string, v any, all *[]element) {
	switch v := v.(type) {
	case []any:
		for _, one := range v {
			collect(schema, one, all)
		}
	case map[string]any:
		*all = append(*all, element{schema, v})
		for name, value := range v {
			if name == "file" && schema == "Attachment" {
				collect("FileData", value, all)
			} else if s, ok := inside[name]; ok {
				collect(s, value, all)
			}
		}
	}
}

// check wants every property to be one of the schema's, of its type and among its values, and those required to be there.
func (c *contract) check(t *testing.T, operation, schema string, v map[string]any) {
	t.Helper()
	s := c.Schemas[schema]
	properties, ok := s["properties"].(map[string]any)
	if !ok {
		properties = s
	}
	required, _ := s["required"].([]any)
	for _, name := range required {
		if _, ok := v[name.(string)]; !ok {
			t.Errorf("%s: %s lacks %s", operation, schema, name)
		}
	}
	for name, value := range v {
		kind, ok := properties[name]
		switch {
		case name == "resultSize" && schema == "MessagesWrapper": // required, and not defined: a defect of the contract
		case !ok:
			t.Errorf("%s: %s has no property %s", operation, schema, name)
		default:
			checkValue(t, schema+"."+name, fmt.Sprint(kind), value)
		}
	}
}

func checkValue(t *testing.T, name, kind string, value any) {
	t.Helper()
	kind, _, _ = strings.Cut(kind, " (") // a remark
	switch _, isNumber := value.(float64); {
	case name == "MessageControlData.status":
		allowed(t, name, strings.Split(kind, "|"), value)
	case name == "MessageControlData.messageType", name == "MessageMetadata.shippingService":
		allowed(t, name, strings.Split(kind, "|"), value)
	case name == "Evidence.type":
		allowed(t, name, strings.Fields(kind), value)
	case strings.HasPrefix(kind, "int") && !isNumber, strings.HasPrefix(kind, "str") && isNumber:
		t.Errorf("%s: %v is no %s", name, value, kind)
	}
}

func allowed(t *testing.T, name string, values []string, value any) {
	t.Helper()
	if !slices.Contains(values, fmt.Sprint(value)) {
		t.Errorf("%s: %v is none of %v", name, value, values)
	}
}
