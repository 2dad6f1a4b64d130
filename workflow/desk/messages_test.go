package desk

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"text/template/parse"

	"okienko/ingest/read/kind"
)

var languages = []*messages{&polish, &english}

func TestNoMessageIsMissing(t *testing.T) {
	t.Parallel()
	for _, m := range languages {
		missing(t, m.Code, reflect.ValueOf(*m))
	}
}

// missing walks a value and reports every empty string, list and map.
func missing(t *testing.T, path string, v reflect.Value) {
	t.Helper()
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			missing(t, path+"."+v.Type().Field(i).Name, v.Field(i))
		}
	case reflect.Map:
		if v.Len() == 0 {
			t.Errorf("%s is empty", path)
		}
		for _, key := range v.MapKeys() {
			missing(t, fmt.Sprintf("%s[%v]", path, key), v.MapIndex(key))
		}
	case reflect.Slice, reflect.Array:
		if v.Len() == 0 {
			t.Errorf("%s is empty", path)
		}
		for i := range v.Len() {
			missing(t, fmt.Sprintf("%s[%d]", path, i), v.Index(i))
		}
	case reflect.String:
		if strings.TrimSpace(v.String()) == "" {
			t.Errorf("%s is empty", path)
		}
	}
}

// TestBothLanguagesHaveTheSameKeys compares the maps, and the verbs of phrases with something to fill in.
func TestBothLanguagesHaveTheSameKeys(t *testing.T) {
	t.Parallel()
	pl, en := map[string]string{}, map[string]string{}
	flatten("", reflect.ValueOf(polish), pl)
	flatten("", reflect.ValueOf(english), en)
	for key, text := range pl {
		other, ok := en[key]
		if !ok {
			t.Errorf("%s is Polish only", key)
		} else if verbs(text) != verbs(other) {
			t.Errorf("%s: %q and %q are not filled in the same way", key, text, other)
		}
	}
	for key := range en {
		if _, ok := pl[key]; !ok {
			t.Errorf("%s is English only", key)
		}
	}
}

func flatten(path string, v reflect.Value, into map[string]string) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			flatten(path+"."+v.Type().Field(i).Name, v.Field(i), into)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			flatten(fmt.Sprintf("%s[%v]", path, key), v.MapIndex(key), into)
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			flatten(fmt.Sprintf("%s[%d]", path, i), v.Index(i), into)
		}
	case reflect.String:
		into[path] = v.String()
	}
}

// verbs are the verbs of a format, in order.
func verbs(format string) string {
	var list []string
	for _, part := range strings.Split(strings.ReplaceAll(format, "%%", ""), "%")[1:] {
		list = append(list, part[:1])
	}
	return strings.Join(list, " ")
}

// TestEveryConstantHasAName reads the constants of the nouns from their source: a new status, event or problem without words
// for it must not reach a clerk as an empty line.
func TestEveryConstantHasAName(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		dir, typ string
		names    func(*messages) any
	}{
		{"../../ingest", "Channel", func(m *messages) any { return m.Channel }},
		{"../../ingest", "Channel", func(m *messages) any { return m.Case.Known }},
		{"../../ingest", "ReceivedBy", func(m *messages) any { return m.Delivery.KnownBy }},
		{"../../ingest", "ProblemCode", func(m *messages) any { return m.ReadProblem }},
		{"../../ingest", "TextFrom", func(m *messages) any { return m.TextFrom }},
		{"../../schemas", "Regime", func(m *messages) any { return m.Regime }},
		{"../../schemas", "Consequence", func(m *messages) any { return m.Consequence }},
		{"../../validate", "Outcome", func(m *messages) any { return m.Outcome }},
		{"../../validate", "Outcome", func(m *messages) any { return m.OutcomeMark() }},
		{"../../validate", "Truth", func(m *messages) any { return m.Case.Effective }},
		{"../../validate", "Truth", func(m *messages) any { return m.Case.ProxyIs }},
		{"../../validate", "Truth", func(m *messages) any { return m.TruthMark() }},
		{"../../validate", "SignatureKind", func(m *messages) any { return m.SignatureKind }},
		{"../../classify", "Nature", func(m *messages) any { return m.Nature }},
		{"..", "Status", func(m *messages) any { return m.Status }},
		{"..", "ReplyKind", func(m *messages) any { return m.Reply }},
		{"..", "LetterStatus", func(m *messages) any { return m.LetterStatus }},
		{"..", "EventKind", func(m *messages) any { return m.Event }},
		{"..", "ProofVerdict", func(m *messages) any { return m.Case.Proof }},
		{"..", "ProofVerdict", func(m *messages) any { return m.ProofMark() }},
		{"..", "LinkKind", func(m *messages) any { return m.Case.LinkEarlier }},
		{"..", "LinkKind", func(m *messages) any { return m.Case.LinkLater }},
		{"..", "Role", func(m *messages) any { return m.UserRole }},
	} {
		values := constants(t, tt.dir, tt.typ)
		if len(values) == 0 {
			t.Errorf("%s has no constants of type %s: the test reads nothing", tt.dir, tt.typ)
		}
		for _, m := range languages {
			have := keysOf(tt.names(m))
			for _, value := range values {
				if !slices.Contains(have, value) {
					t.Errorf("%s: no words for %s %q", m.Code, tt.typ, value)
				}
			}
		}
	}
}

func keysOf(m any) []string {
	var list []string
	for _, key := range reflect.ValueOf(m).MapKeys() {
		list = append(list, key.String())
	}
	return list
}

// constants returns the values of the string constants of a type declared in the package in dir.
func constants(t *testing.T, dir, typ string) []string {
	t.Helper()
	packages, err := parser.ParseDir(token.NewFileSet(), dir, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var values []string
	for _, p := range packages {
		for _, file := range p.Files {
			ast.Inspect(file, func(n ast.Node) bool {
				spec, ok := n.(*ast.ValueSpec)
				if !ok {
					return true
				}
				if name, ok := spec.Type.(*ast.Ident); ok && name.Name == typ {
					for _, value := range spec.Values {
						if lit, ok := value.(*ast.BasicLit); ok {
							text, err := strconv.Unquote(lit.Value)
							if err != nil {
								t.Fatal(err)
							}
							values = append(values, text)
						}
					}
				}
				return true
			})
		}
	}
	return values
}

func TestEveryKindOfDocumentHasAName(t *testing.T) {
	t.Parallel()
	for _, k := range kind.Vocabulary() {
		for _, m := range languages {
			if m.kind(k.ID) == "" {
				t.Errorf("%s: no words for documents of kind %s", m.Code, k.ID)
			}
		}
	}
	if got := polish.kind("formularz:IN-1"); got != "formularz IN-1" {
		t.Errorf("a form with a symbol is called %q", got)
	}
	for _, m := range languages {
		for _, f := range shownFields {
			if m.Field[f] == "" {
				t.Errorf("%s: no words for field %s", m.Code, f)
			}
		}
	}
}

// TestTemplatesUseMessagesThatExist looks at branches that no other test may reach: a field that is not there fails only when
// its line is executed.
func TestTemplatesUseMessagesThatExist(t *testing.T) {
	t.Parallel()
	list, err := parsePages()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for name, page := range list {
		for _, part := range page.Templates() {
			vars := map[string][]string{}
			walk(part.Tree.Root, func(n parse.Node) {
				if pipe, ok := n.(*parse.PipeNode); ok && len(pipe.Decl) == 1 && len(pipe.Cmds) == 1 && len(pipe.Cmds[0].Args) == 1 {
					vars[pipe.Decl[0].Ident[0]] = chain(pipe.Cmds[0].Args[0], vars)
				}
				if path := chain(n, vars); len(path) > 1 {
					seen++
					if !exists(reflect.TypeFor[*messages](), path[1:]) {
						t.Errorf("%s, %s: there is no message %s", name, part.Name(), strings.Join(path[1:], "."))
					}
				}
			})
		}
	}
	if seen < 200 {
		t.Errorf("only %d uses of messages were found: the test reads nothing", seen)
	}
}

// chain returns what a node names as fields of the messages, beginning with "T"; nil if it names something else.
func chain(n parse.Node, vars map[string][]string) []string {
	switch n := n.(type) {
	case *parse.FieldNode:
		if n.Ident[0] == "T" {
			return n.Ident
		}
	case *parse.VariableNode:
		if n.Ident[0] == "$" && len(n.Ident) > 1 && n.Ident[1] == "T" {
			return n.Ident[1:]
		}
		if base := vars[n.Ident[0]]; base != nil {
			return slices.Concat(base, n.Ident[1:])
		}
	}
	return nil
}

func exists(t reflect.Type, path []string) bool {
	for _, name := range path {
		if _, ok := t.MethodByName(name); ok {
			return true
		}
		if t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		if t.Kind() != reflect.Struct {
			return false
		}
		field, ok := t.FieldByName(name)
		if !ok {
			return false
		}
		t = field.Type
		if t.Kind() == reflect.Struct {
			if _, ok := reflect.PointerTo(t).MethodByName(name); ok {
				return true
			}
		}
	}
	return true
}

// walk visits every node of a template.
func walk(n parse.Node, visit func(parse.Node)) {
	if n == nil || reflect.ValueOf(n).IsNil() {
		return
	}
	visit(n)
	for _, child := range children(n) {
		walk(child, visit)
	}
}

func children(n parse.Node) []parse.Node {
	branch := func(b *parse.BranchNode) []parse.Node { return []parse.Node{b.Pipe, b.List, b.ElseList} }
	switch n := n.(type) {
	case *parse.ListNode:
		return n.Nodes
	case *parse.ActionNode:
		return []parse.Node{n.Pipe}
	case *parse.IfNode:
		return branch(&n.BranchNode)
	case *parse.RangeNode:
		return branch(&n.BranchNode)
	case *parse.WithNode:
		return branch(&n.BranchNode)
	case *parse.TemplateNode:
		return []parse.Node{n.Pipe}
	case *parse.PipeNode:
		var list []parse.Node
		for _, c := range n.Cmds {
			list = append(list, c.Args...)
		}
		return list
	}
	return nil
}

// TestNoMessageIsUnused finds what no template and no code says any more.
func TestNoMessageIsUnused(t *testing.T) {
	t.Parallel()
	var source strings.Builder
	packages, err := parser.ParseDir(token.NewFileSet(), ".", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, file := range packages["desk"].Files {
		ast.Inspect(file, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				used[s.Sel.Name] = true
			}
			return true
		})
	}
	names, err := embedded.ReadDir("templates")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := embedded.ReadFile("templates/" + name.Name())
		if err != nil {
			t.Fatal(err)
		}
		source.Write(text)
	}
	fields := map[string]string{}
	fieldNames("", reflect.TypeFor[messages](), fields)
	for _, path := range slices.Sorted(maps.Keys(fields)) {
		if name := fields[path]; !used[name] && !strings.Contains(source.String(), "."+name) {
			t.Errorf("nothing says %s", path)
		}
	}
}

func fieldNames(path string, t reflect.Type, into map[string]string) {
	if t.Kind() != reflect.Struct || t == reflect.TypeFor[counted]() {
		return
	}
	for i := range t.NumField() {
		f := t.Field(i)
		into[path+"."+f.Name] = f.Name
		fieldNames(path+"."+f.Name, f.Type, into)
	}
}
