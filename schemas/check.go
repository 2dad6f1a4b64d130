package schemas

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// checker holds YAML files against one of our JSON Schemas.
type checker struct{ schema *jsonschema.Schema }

func newChecker(name string) (checker, error) {
	data, err := Schema(name)
	if err != nil {
		return checker{}, fmt.Errorf("reading schema: %w", err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		return checker{}, fmt.Errorf("%s: %w", name, err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource(name, doc); err != nil {
		return checker{}, fmt.Errorf("%s: %w", name, err)
	}
	schema, err := compiler.Compile(name)
	if err != nil {
		return checker{}, fmt.Errorf("%s: %w", name, err)
	}
	return checker{schema}, nil
}

// decode reads a file, holds it against the schema and decodes it strictly into the value.
func (c checker) decode(fsys fs.FS, name string, into any) error {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return fmt.Errorf("reading %s: %w", name, err)
	}
	var root yaml.Node
	if err := yaml.Unmarshal(data, &root); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if len(root.Content) == 0 {
		return fmt.Errorf("%s: the file is empty", name)
	}
	value, err := plain(root.Content[0])
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if err := c.schema.Validate(value); err != nil {
		return describe(name, root.Content[0], err)
	}
	if err := decodeStrict(data, into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// plain turns YAML into the values JSON Schema speaks of. Dates stay strings; aliases and tags of one's own are refused,
// because a procedure file must read the same to everybody.
func plain(n *yaml.Node) (any, error) {
	switch n.Kind {
	case yaml.MappingNode:
		return plainMap(n)
	case yaml.SequenceNode:
		list := make([]any, 0, len(n.Content))
		for _, item := range n.Content {
			v, err := plain(item)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		return list, nil
	case yaml.ScalarNode:
		return plainScalar(n)
	default:
		return nil, fmt.Errorf("line %d: aliases (*name) are not allowed", n.Line)
	}
}

func plainMap(n *yaml.Node) (any, error) {
	m := make(map[string]any, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if _, twice := m[key.Value]; twice {
			return nil, fmt.Errorf("line %d: key %q stands there twice", key.Line, key.Value)
		}
		v, err := plain(n.Content[i+1])
		if err != nil {
			return nil, err
		}
		m[key.Value] = v
	}
	return m, nil
}

func plainScalar(n *yaml.Node) (any, error) {
	switch n.Tag {
	case "!!null":
		return nil, nil
	case "!!bool":
		var b bool
		return b, n.Decode(&b)
	case "!!int", "!!float":
		var f float64
		if err := n.Decode(&f); err != nil {
			return nil, fmt.Errorf("line %d: %w", n.Line, err)
		}
		return f, nil
	case "!!str", "!!timestamp":
		return n.Value, nil
	default:
		return nil, fmt.Errorf("line %d: tag %s is not allowed", n.Line, n.Tag)
	}
}

// describe says in one line each what the schema found: file, line, key, and what is allowed.
func describe(name string, root *yaml.Node, err error) error {
	var invalid *jsonschema.ValidationError
	if !errors.As(err, &invalid) {
		return fmt.Errorf("%s: %w", name, err)
	}
	printer := message.NewPrinter(language.English)
	var lines []error
	for _, leaf := range leaves(invalid) {
		lines = append(lines, fmt.Errorf("%s:%d: %s: %s", name, lineOf(root, leaf.InstanceLocation),
			strings.Join(append([]string{"key"}, dotted(leaf.InstanceLocation)), " "), leaf.ErrorKind.LocalizedString(printer)))
	}
	return errors.Join(lines...)
}

func leaves(e *jsonschema.ValidationError) []*jsonschema.ValidationError {
	if len(e.Causes) == 0 {
		return []*jsonschema.ValidationError{e}
	}
	var all []*jsonschema.ValidationError
	for _, cause := range e.Causes {
		all = append(all, leaves(cause)...)
	}
	slices.SortStableFunc(all, func(a, b *jsonschema.ValidationError) int {
		return slices.Compare(a.InstanceLocation, b.InstanceLocation)
	})
	return all
}

func dotted(location []string) string {
	if len(location) == 0 {
		return "(whole file)"
	}
	return strings.Join(location, ".")
}

// lineOf follows a location as far as it goes and returns the line of what it found.
func lineOf(n *yaml.Node, location []string) int {
	line := n.Line
	for _, step := range location {
		next, at := child(n, step)
		if next == nil {
			break
		}
		n, line = next, at
	}
	return line
}

func child(n *yaml.Node, step string) (*yaml.Node, int) {
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == step {
				return n.Content[i+1], n.Content[i].Line
			}
		}
	case yaml.SequenceNode:
		if i, err := strconv.Atoi(step); err == nil && i < len(n.Content) {
			return n.Content[i], n.Content[i].Line
		}
	}
	return nil, 0
}
