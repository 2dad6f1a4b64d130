package desk

import (
	"fmt"
	"html/template"
)

// icons are drawn inline, so that a page needs no further request and they take the colour of the text. They are decoration:
// what an icon says stands beside it in words, seen or for screen readers.
var icons = map[string]string{
	"brand":  `<path d="M3 21V8.5L12 3l9 5.5V21H3Z"/><path d="M8 12h8v5H8z"/><path d="M12 12v5M3 21h18"/>`,
	"user":   `<circle cx="12" cy="8" r="3.5"/><path d="M5 20c.8-3.6 3.6-5.5 7-5.5s6.2 1.9 7 5.5"/>`,
	"check":  `<path d="m5 12.5 4.5 4.5L19 7.5"/>`,
	"cross":  `<path d="m6.5 6.5 11 11m0-11-11 11"/>`,
	"yes":    `<circle cx="12" cy="12" r="9" class="disc"/><path d="m7.8 12.4 2.9 2.9 5.5-6" class="glyph"/>`,
	"no":     `<circle cx="12" cy="12" r="9" class="disc"/><path d="m8.5 8.5 7 7m0-7-7 7" class="glyph"/>`,
	"unsure": `<circle cx="12" cy="12" r="9" class="disc"/><path d="M9.3 9.5a2.7 2.7 0 1 1 3.9 2.6c-.8.4-1.2.9-1.2 1.7m0 2.6v.2" class="glyph"/>`,
	"none":   `<circle cx="12" cy="12" r="9" class="disc"/><path d="M8 12h8" class="glyph"/>`,
	"warn":   `<path d="M12 4 2.8 20h18.4L12 4Z"/><path d="M12 10v4.5m0 2.7v.3"/>`,
	"file":   `<path d="M6 3h8l4 4v14H6z"/><path d="M14 3v4h4"/>`,
	"link":   `<path d="M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1 1"/><path d="M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l1-1"/>`,
	"arrow":  `<path d="M5 12h13m-5-5.5 5.5 5.5L13 17.5"/>`,

	"channel-email":     `<path d="M3 6h18v12H3z"/><path d="m3 7 9 6.5L21 7"/>`,
	"channel-epuap":     `<path d="M4 20h16M5 17h14M6.5 17v-6.5m3.7 6.5v-6.5m3.6 6.5v-6.5m3.7 6.5v-6.5M3.5 10.5 12 4l8.5 6.5z"/>`,
	"channel-edelivery": `<path d="M3 6h11v12H3z"/><path d="m3 7 5.5 5L14 7"/><path d="m16 12.5 2.2 2.2L22 10.5"/>`,
	"channel-scan":      `<path d="M7 3h10v6H7zM4 9h16v8h-3M7 17H4V9"/><path d="M7 14h10v7H7z"/>`,
}

// icon returns the drawing of that name; an unknown one is a mistake in a template, which a test finds.
func icon(name string) (template.HTML, error) {
	shape, ok := icons[name]
	if !ok {
		return "", fmt.Errorf("no icon %q", name)
	}
	return template.HTML(`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">` + shape + `</svg>`), nil
}

// dict passes several values to a template.
func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("dict of %d values", len(pairs))
	}
	m := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict: key %v is no name", pairs[i])
		}
		m[name] = pairs[i+1]
	}
	return m, nil
}
