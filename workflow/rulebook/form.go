package rulebook

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"okienko/schemas"
)

// Kind is how a field is entered.
type Kind string

// The kinds of field.
const (
	OneLine Kind = "line"
	Lines   Kind = "lines"  // a list, one item a line
	Number  Kind = "number" // with a decimal point or comma
	Flag    Kind = "flag"
	Choice  Kind = "choice"
	Day     Kind = "day" // YYYY-MM-DD, or nothing
)

// Field is a key of a procedure file that has a place in a form; everything else is changed in the text of the file.
type Field struct {
	Path    string // "fee.amount"
	Kind    Kind
	Value   string // as a form shows it; lists by lines; "true" or "" of a flag
	Allowed []string
	Wrong   string // what is wrong with a value that was entered
}

// form are the fields of every procedure.
var form = []Field{
	{Path: "title.pl", Kind: OneLine}, {Path: "title.en", Kind: OneLine},
	{Path: "desk", Kind: OneLine}, {Path: "valid_from", Kind: Day}, {Path: "valid_to", Kind: Day},
	{Path: "fee.amount", Kind: Number}, {Path: "fee.basis", Kind: OneLine}, {Path: "fee.note", Kind: OneLine},
	{Path: "deadline.value", Kind: Number}, {Path: "deadline.unit", Kind: OneLine},
	{Path: "how_to.pl", Kind: OneLine}, {Path: "how_to.en", Kind: OneLine},
	{Path: "aliases", Kind: Lines}, {Path: "match.frame", Kind: Lines}, {Path: "match.strong", Kind: Lines}, {Path: "match.weak", Kind: Lines}, {Path: "match.against", Kind: Lines},
}

// requirementForm are the fields of each requirement.
var requirementForm = []Field{
	{Path: "label.pl", Kind: OneLine}, {Path: "label.en", Kind: OneLine}, {Path: "required", Kind: Flag},
	{Path: "missing_effect", Kind: Choice, Allowed: consequences()},
}

func consequences() []string {
	var ids []string
	for _, c := range []schemas.Consequence{schemas.Art64p1, schemas.Art64p2, schemas.Art261, schemas.OP169, schemas.OP274a, schemas.LexSpecialis, schemas.Proof,
		schemas.ShownAtDesk, schemas.FeeProxy, schemas.ContactOnly, schemas.Civil} {
		ids = append(ids, string(c))
	}
	return ids
}

// Effects are what a channel may be worth.
func Effects() []string {
	return []string{string(schemas.EffectYes), string(schemas.EffectNo), string(schemas.EffectPartial), string(schemas.EffectPresence), string(schemas.EffectOffice)}
}

// Fields are the fields of a procedure file as it is: those of all procedures, of its channels, and of its requirements
// ("fields.0.…", "attachments.2.…"). A file that cannot be read has none.
func Fields(text []byte) []Field {
	root, err := parse(text)
	if err != nil {
		return nil
	}
	list := slices.Clone(form)
	for _, name := range schemas.ChannelNames() {
		list = append(list, Field{Path: "channels." + name, Kind: Choice, Allowed: Effects()})
	}
	for _, part := range []string{"fields", "attachments"} {
		for i := range requirements(root, part) {
			for _, f := range requirementForm {
				f.Path = fmt.Sprintf("%s.%d.%s", part, i, f.Path)
				list = append(list, f)
			}
		}
	}
	for i, f := range list {
		value, _ := valueAt(root, f.Path)
		list[i].Value = strings.Join(value, "\n")
		if f.Kind == Flag && list[i].Value != "true" {
			list[i].Value = ""
		}
	}
	return list
}

// Requirements are the ids of the fields or the attachments of a procedure file, in its order.
func Requirements(text []byte, part string) []string {
	root, err := parse(text)
	if err != nil {
		return nil
	}
	return requirements(root, part)
}

func requirements(root *yaml.Node, part string) []string {
	var ids []string
	for i := 0; ; i++ {
		id, found := valueAt(root, fmt.Sprintf("%s.%d.id", part, i))
		if !found {
			return ids
		}
		ids = append(ids, id[0])
	}
}

// Fill writes into a procedure file what a form says otherwise than the file, and nothing else. get returns the value of a path, and
// whether the form has it. It returns the fields as entered; if one of them has a Wrong, the file is unchanged.
func Fill(text []byte, get func(path string) (string, bool)) ([]byte, []Field) {
	fields, wrong := Fields(text), false
	out := text
	for i, f := range fields {
		entered, has := get(f.Path)
		if !has {
			continue
		}
		entered = strings.TrimSpace(strings.ReplaceAll(entered, "\r\n", "\n"))
		if f.Kind == Lines {
			entered = strings.Join(lined(entered), "\n")
		}
		fields[i].Value = entered
		if entered == strings.TrimSpace(f.Value) {
			continue
		}
		next, err := f.put(out, entered)
		if err != nil {
			fields[i].Wrong, wrong = err.Error(), true
			continue
		}
		out = next
	}
	if wrong {
		return text, fields
	}
	return out, fields
}

// lined are the lines of a list without empty ones.
func lined(text string) []string {
	var list []string
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, line)
		}
	}
	return list
}

// put writes one value.
func (f Field) put(text []byte, entered string) ([]byte, error) {
	switch f.Kind {
	case Lines:
		return Set(text, f.Path, lined(entered))
	case Flag:
		return Set(text, f.Path, entered != "")
	case Number:
		n, err := strconv.ParseFloat(strings.Replace(entered, ",", ".", 1), 64)
		if err != nil {
			return nil, fmt.Errorf("key %s: %q: allowed is a number", f.Path, entered)
		}
		if old, _ := Value(text, f.Path); len(old) == 1 && !strings.Contains(old[0], ".") && n == float64(int(n)) {
			return Set(text, f.Path, int(n))
		}
		return Set(text, f.Path, n)
	case Choice:
		if !slices.Contains(f.Allowed, entered) {
			return nil, fmt.Errorf("key %s: %q: allowed are %s", f.Path, entered, strings.Join(f.Allowed, ", "))
		}
	case Day:
		if _, err := schemas.ParseDate(entered); err != nil {
			return nil, fmt.Errorf("key %s: %w", f.Path, err)
		}
	}
	if entered == "" {
		return Set(text, f.Path, nil)
	}
	return Set(text, f.Path, strings.Join(strings.Fields(entered), " "))
}
