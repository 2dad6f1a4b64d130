package read

import (
	"encoding/xml"
	"strconv"
	"strings"
)

// readXLSX renders the cells of all sheets, a row a line, cells parted by tabs.
func readXLSX(w *walker, at int, it item) {
	o, ok := openOffice(w, at, it)
	if !ok {
		return
	}
	if w.deep {
		shared := sharedStrings(o.part("xl/sharedStrings.xml"))
		sheets := o.parts("xl/worksheets/sheet")
		var texts []string
		for _, name := range sheets {
			texts = append(texts, sheetText(o.part(name), shared))
		}
		w.readings[at].Pages = len(sheets)
		w.setText(at, strings.Join(texts, "\n\f"))
	}
	if w.enters(it) {
		o.pictures("xl/media")
	}
}

// sharedStrings reads the table of texts that cells refer to by number.
func sharedStrings(data []byte) []string {
	var all []string
	d := xmlDecoder(data)
	var b strings.Builder
	inText := false
	for {
		t, err := d.Token()
		if err != nil {
			return all // damaged: the cells behind show nothing
		}
		switch t := t.(type) {
		case xml.StartElement:
			inText = t.Name.Local == "t"
		case xml.EndElement:
			inText = false
			if t.Name.Local == "si" {
				all = append(all, b.String())
				b.Reset()
			}
		case xml.CharData:
			if inText {
				b.Write(t)
			}
		}
	}
}

func sheetText(data []byte, shared []string) string {
	d := xmlDecoder(data)
	var b strings.Builder
	kind, inValue := "", false
	for {
		t, err := d.Token()
		if err != nil || b.Len() > 2*maxText {
			return tidyTable(b.String())
		}
		switch t := t.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "c":
				kind = cellKind(t)
			case "v", "t":
				inValue = true
			}
		case xml.EndElement:
			switch t.Name.Local {
			case "v", "t":
				inValue = false
			case "c":
				b.WriteByte('\t')
			case "row":
				b.WriteByte('\n')
			}
		case xml.CharData:
			if inValue {
				b.WriteString(cellText(kind, string(t), shared))
			}
		}
	}
}

func cellKind(t xml.StartElement) string {
	for _, a := range t.Attr {
		if a.Name.Local == "t" {
			return a.Value
		}
	}
	return ""
}

func cellText(kind, value string, shared []string) string {
	if kind != "s" {
		return value
	}
	n, err := strconv.Atoi(strings.TrimSpace(value))
	if err != nil || n < 0 || n >= len(shared) {
		return ""
	}
	return shared[n]
}
