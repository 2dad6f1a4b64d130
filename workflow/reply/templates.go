package reply

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"text/template"
)

//go:embed letters/*.txt
var embedded embed.FS

// DefaultLetters are the templates embedded in the program: what an administrator's change starts from.
func DefaultLetters() fs.FS {
	sub, err := fs.Sub(embedded, "letters")
	if err != nil {
		panic(err) // the directory is embedded above
	}
	return sub
}

// letterNames are the templates every set must have.
var letterNames = []string{
	"receipt", "incomplete", "channel_ineffective", "info_in_person", "info_redirect", "info_proxy_fee", "info_general",
	"call", "forwarding", "letter", "courtesy_en", "courtesy_uk",
}

// parseLetters parses *.txt of fsys, each under its name without the ending. A name that is missing, or a key that no letter
// has, is an error when parsed or first rendered: nothing is printed as "<no value>".
func parseLetters(fsys fs.FS) (*template.Template, error) {
	if fsys == nil {
		fsys = DefaultLetters()
	}
	files, err := fs.Glob(fsys, "*.txt")
	if err != nil {
		return nil, fmt.Errorf("looking for letters: %w", err)
	}
	all := template.New("letters").Option("missingkey=error").Funcs(template.FuncMap{
		"inc":    func(i int) int { return i + 1 },
		"things": things, "upper": strings.ToUpper,
		"join": func(parts []string) string { return strings.Join(parts, "; ") },
	})
	for _, file := range files {
		text, err := fs.ReadFile(fsys, file)
		if err != nil {
			return nil, fmt.Errorf("reading letters/%s: %w", file, err)
		}
		if _, err := all.New(strings.TrimSuffix(path.Base(file), ".txt")).Parse(string(text)); err != nil {
			return nil, fmt.Errorf("letters/%s: %w", file, err)
		}
	}
	for _, name := range letterNames {
		if all.Lookup(name) == nil {
			return nil, fmt.Errorf("letters: there must be a template %q", name)
		}
	}
	return all, nil
}
