package rulebook

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Value returns what stands at a path of a YAML text, "fee.amount" or "fields.3.label.pl": the text of a scalar, the lines of a
// list of scalars. found is false where there is nothing.
func Value(text []byte, path string) (value []string, found bool) {
	root, err := parse(text)
	if err != nil {
		return nil, false
	}
	return valueAt(root, path)
}

func valueAt(n *yaml.Node, path string) (value []string, found bool) {
	for step := range strings.SplitSeq(path, ".") {
		if _, n = child(n, step); n == nil {
			return nil, false
		}
	}
	if n.Kind == yaml.SequenceNode {
		for _, item := range n.Content {
			value = append(value, item.Value)
		}
		return value, true
	}
	if n.Tag == "!!null" {
		return nil, false
	}
	return []string{n.Value}, n.Kind == yaml.ScalarNode
}

// Set puts a value at a path of a YAML text and leaves every other line as it is, with its comments: a string, a bool, a number, a
// list of strings; nil takes the key out. The map the key belongs to must be there. What would not read back as meant is refused.
func Set(text []byte, path string, value any) ([]byte, error) {
	root, err := parse(text)
	if err != nil {
		return nil, err
	}
	trail, err := follow(root, strings.Split(path, "."))
	if err != nil {
		return nil, fmt.Errorf("key %s: %w", path, err)
	}
	last := &trail[len(trail)-1]
	if last.value == nil && value == nil {
		return text, nil
	}
	lines := bytes.SplitAfter(text, []byte("\n"))
	cut := span(trail, lines)
	cut.apply(last, value)
	out, err := cut.splice(lines)
	if err != nil {
		return nil, fmt.Errorf("key %s: %w", path, err)
	}
	if err := same(out, root); err != nil {
		return nil, fmt.Errorf("key %s: it cannot be changed in this form, please change the text of the file: %w", path, err)
	}
	return out, nil
}

func parse(text []byte) (*yaml.Node, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, err
	}
	if len(doc.Content) == 0 || doc.Content[0].Kind != yaml.MappingNode {
		return nil, errors.New("the file is no map of keys")
	}
	return doc.Content[0], nil
}

// child is the entry of a map or list; key is nil in a list, both are nil where there is none.
func child(n *yaml.Node, step string) (key, value *yaml.Node) {
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == step {
				return n.Content[i], n.Content[i+1]
			}
		}
	case yaml.SequenceNode:
		if i, err := strconv.Atoi(step); err == nil && i >= 0 && i < len(n.Content) {
			return nil, n.Content[i]
		}
	}
	return nil, nil
}

// step is one step of a path: parent holds value under name. value is nil where a key is not there yet.
type step struct {
	parent, key, value *yaml.Node
	name               string
	end                int // line (from 1) on which what follows the entry begins; 0: nothing follows in the parent
}

func follow(root *yaml.Node, names []string) ([]step, error) {
	var trail []step
	n := root
	for i, name := range names {
		key, value := child(n, name)
		if value == nil && (i < len(names)-1 || n.Kind != yaml.MappingNode) {
			return nil, fmt.Errorf("there is no %s", strings.Join(names[:i+1], "."))
		}
		trail = append(trail, step{parent: n, key: key, value: value, name: name, end: next(n, value)})
		n = value
	}
	return trail, nil
}

// next is the line on which the entry after a value begins; 0 if it is the last one, or not there.
func next(parent, value *yaml.Node) int {
	i := slices.Index(parent.Content, value)
	if value == nil || i < 0 || i+1 >= len(parent.Content) {
		return 0
	}
	return parent.Content[i+1].Line
}

// excision is what of the text is written anew: the lines of one entry of a map in block style.
type excision struct {
	from, to int // lines from 0, to exclusive
	column   int // of the key, from 0
	parent   *yaml.Node
	key      string
	last     bool // it is the entry of the path's end itself
}

// span finds the innermost entry of the path that has lines of its own.
func span(trail []step, lines [][]byte) excision {
	at := 0
	for i, s := range trail {
		if s.parent.Style&yaml.FlowStyle != 0 {
			break
		}
		if s.parent.Kind == yaml.MappingNode {
			at = i
		}
	}
	s := trail[at]
	e := excision{parent: s.parent, key: s.name, last: at == len(trail)-1, column: s.parent.Column - 1}
	end := len(lines)
	for i := at; i >= 0; i-- {
		if trail[i].end > 0 {
			end = trail[i].end - 1
			break
		}
	}
	if e.from = end; s.key != nil {
		e.from = s.key.Line - 1
	}
	e.to = end
	for e.to > 0 && idle(lines[e.to-1]) && (s.key == nil || e.to > e.from+1) {
		e.to--
	}
	if s.key == nil {
		e.from = e.to
	}
	return e
}

// idle is a line that belongs to what follows, or to nothing.
func idle(line []byte) bool {
	line = bytes.TrimSpace(line)
	return len(line) == 0 || line[0] == '#'
}

// apply changes the tree.
func (e excision) apply(s *step, value any) {
	i := slices.Index(s.parent.Content, s.value)
	switch {
	case value == nil:
		s.parent.Content = slices.Delete(s.parent.Content, i-1, i+1)
	case s.value == nil:
		s.parent.Content = append(s.parent.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s.name}, node(value, nil))
	default:
		s.parent.Content[i] = node(value, s.value)
	}
}

// node is a value as YAML, in the style of what stood there before; items of a list that stay keep their comments.
func node(value any, old *yaml.Node) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode}
	switch v := value.(type) {
	case []string:
		n.Kind, n.Tag = yaml.SequenceNode, "!!seq"
		if old != nil {
			n.Style = old.Style
		}
		for _, text := range v {
			n.Content = append(n.Content, item(text, old))
		}
	case string:
		n.Tag, n.Value = "!!str", v
		if old != nil && old.Kind == yaml.ScalarNode && old.Tag == "!!str" && !strings.Contains(v, "\n") {
			n.Style = old.Style & (yaml.SingleQuotedStyle | yaml.DoubleQuotedStyle)
		}
	case bool:
		n.Tag, n.Value = "!!bool", strconv.FormatBool(v)
	case float64:
		n.Tag, n.Value = "!!float", number(v)
	case int:
		n.Tag, n.Value = "!!int", strconv.Itoa(v)
	default:
		panic(fmt.Sprintf("rulebook.Set: a value of type %T", value)) // a mistake of the caller's code
	}
	if old != nil {
		n.LineComment = old.LineComment
	}
	return n
}

func number(v float64) string {
	s := strconv.FormatFloat(v, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

func item(text string, old *yaml.Node) *yaml.Node {
	if old != nil {
		for _, n := range old.Content {
			if n.Value == text {
				return n
			}
		}
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text}
}

// splice writes the entry anew between the lines around it.
func (e excision) splice(lines [][]byte) ([]byte, error) {
	var out bytes.Buffer
	for _, line := range lines[:e.from] {
		out.Write(line)
	}
	if n := out.Len(); n > 0 && out.Bytes()[n-1] != '\n' {
		out.WriteByte('\n')
	}
	key, value := child(e.parent, e.key)
	if value != nil {
		text, err := encode(key, value)
		if err != nil {
			return nil, err
		}
		lead := bytes.Repeat([]byte(" "), e.column)
		for i, line := range bytes.SplitAfter(text, []byte("\n")) {
			switch {
			case i == 0 && e.to > e.from && len(lines[e.from]) >= e.column:
				out.Write(lines[e.from][:e.column]) // "  - " where the map is an item of a list
			case len(bytes.TrimSpace(line)) > 0:
				out.Write(lead)
			}
			out.Write(line)
		}
	}
	for _, line := range lines[e.to:] {
		out.Write(line)
	}
	return out.Bytes(), nil
}

func encode(key, value *yaml.Node) ([]byte, error) {
	k := *key
	k.HeadComment, k.FootComment = "", "" // they stay where they are
	var buf bytes.Buffer
	enc := yaml.NewEncoder(&buf)
	enc.SetIndent(2)
	err := enc.Encode(&yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Content: []*yaml.Node{&k, value}})
	return buf.Bytes(), errors.Join(err, enc.Close())
}

// same holds the new text against what was meant.
func same(text []byte, want *yaml.Node) error {
	var got, meant any
	if err := yaml.Unmarshal(text, &got); err != nil {
		return err
	}
	if err := want.Decode(&meant); err != nil {
		return err
	}
	if !reflect.DeepEqual(got, meant) {
		return errors.New("it would read otherwise than meant")
	}
	return nil
}
