package read

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/responses"

	"okienko/ingest"
	"okienko/ingest/sandbox"
)

const (
	maxPages = 500 // of one PDF, read for text
	// footer is how many bytes of text a page of pictures may have all the same: what scanning programs print at its foot.
	footer      = 80
	pdfPatience = 15 * time.Second // for one PDF; looked at between pages
)

// readPDF reads the text of the pages, the values of form fields, and the files embedded in a PDF. Pages are parted by a
// form feed in the text.
func readPDF(w *walker, at int, it item) {
	if !w.deep && !w.enters(it) {
		return
	}
	doc, err := w.reader.pdf.open(it.file.data)
	switch {
	case errors.Is(err, sandbox.ErrUnprepared):
		w.err = err
		return
	case errors.Is(err, errPDFPassword):
		w.problem(at, ingest.ProblemEncrypted, "password-protected")
		return
	case errors.Is(err, errPDFDamaged):
		w.problem(at, ingest.ProblemUnreadable, "a damaged PDF")
		return
	case err != nil:
		w.problem(at, ingest.ProblemReaderDied, err.Error())
		return
	}
	defer doc.close()
	w.pdfDocument(at, it, doc)
}

func (w *walker) pdfDocument(at int, it item, doc pdfDocument) {
	defer func() {
		if r := recover(); r != nil {
			w.reader.pdf.drop()
			panic(r)
		}
	}()
	if w.deep {
		w.pdfText(at, doc)
	}
	if w.enters(it) {
		for i, f := range doc.files() {
			w.document(it.child(i+1, f.Name, f.Content))
		}
	}
}

func (w *walker) pdfText(at int, doc pdfDocument) {
	pages, err := doc.pages()
	if err != nil || pages == 0 {
		w.problem(at, ingest.ProblemUnreadable, "a PDF without pages")
		return
	}
	w.readings[at].Pages = pages
	form := doc.hasForm()
	end := time.Now().Add(pdfPatience)
	var texts []string
	var empty []string
	for i := range pages {
		if i >= maxPages || time.Now().After(end) {
			w.problem(at, ingest.ProblemTooLarge, fmt.Sprintf("only %d of %d pages are read", i, pages))
			break
		}
		text, err := doc.pageText(i)
		if err != nil {
			w.problem(at, ingest.ProblemMalformed, fmt.Sprintf("page %d is damaged", i+1))
		}
		if form {
			text = strings.TrimRight(text+"\n"+doc.formText(i), "\n")
		}
		written := strings.TrimSpace(text)
		if written == "" {
			empty = append(empty, fmt.Sprint(i+1))
		}
		if written == "" || len(written) < footer && doc.hasPicture(i) {
			w.readings[at].Sheets = append(w.readings[at].Sheets, ingest.Sheet{Page: i + 1})
		}
		texts = append(texts, text)
	}
	w.setText(at, strings.Join(texts, "\n\f"))
	switch {
	case len(empty) == len(texts):
		w.problem(at, ingest.ProblemNoText, fmt.Sprintf("%d pages of pictures", len(empty)))
	case len(empty) > 0:
		w.problem(at, ingest.ProblemNoText, "pages of pictures: "+strings.Join(empty, ", "))
	}
}

func (d pdfDocument) pages() (int, error) {
	r, err := d.pdf.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: d.ref})
	if err != nil {
		return 0, err
	}
	return r.PageCount, nil
}

func (d pdfDocument) page(i int) requests.Page {
	return requests.Page{ByIndex: &requests.PageByIndex{Document: d.ref, Index: i}}
}

// pageText returns the text of a page in reading order as far as the PDF has one.
func (d pdfDocument) pageText(i int) (string, error) {
	t, err := d.pdf.FPDFText_LoadPage(&requests.FPDFText_LoadPage{Page: d.page(i)})
	if err != nil {
		return "", err
	}
	defer func() { _, _ = d.pdf.FPDFText_ClosePage(&requests.FPDFText_ClosePage{TextPage: t.TextPage}) }()
	n, err := d.pdf.FPDFText_CountChars(&requests.FPDFText_CountChars{TextPage: t.TextPage})
	if err != nil || n.Count <= 0 {
		return "", err
	}
	r, err := d.pdf.FPDFText_GetText(&requests.FPDFText_GetText{TextPage: t.TextPage, Count: min(n.Count, maxText)})
	if err != nil {
		return "", err
	}
	return tidyPage(r.Text), nil
}

// tidyPage removes what PDF text has and no reader sees: soft hyphens at line ends, the mark PDFium puts in their place,
// private characters of symbol fonts.
func tidyPage(s string) string {
	s = strings.ReplaceAll(s, "\uFFFE\r\n", "") // a word broken at the line end
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\u00AD', r == '\uFFFE', r == '\uFFFF', r == 0:
			return -1
		case r == '\u00A0', r == '\u2007', r == '\u202F':
			return ' '
		case r >= '\uE000' && r <= '\uF8FF':
			return '•'
		}
		return r
	}, normaliseLines(s))
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " \t")
	}
	return strings.Join(lines, "\n")
}

func (d pdfDocument) hasForm() bool {
	r, err := d.pdf.FPDF_GetFormType(&requests.FPDF_GetFormType{Document: d.ref})
	return err == nil && r.FormType != enums.FPDF_FORMTYPE_NONE
}

// formText renders the filled fields of a page, "label: value" a line: they are not part of the page's text.
func (d pdfDocument) formText(i int) string {
	form, err := d.pdf.GetForm(&requests.GetForm{Page: d.page(i)})
	if err != nil {
		return ""
	}
	var b strings.Builder
	for _, f := range form.Fields {
		if v := fieldValue(f); v != "" {
			b.WriteString(fieldLabel(f) + ": " + v + "\n")
		}
	}
	return normaliseLines(b.String())
}

// fieldLabel prefers the tool tip, which is written for people, to the name, which is written for programs.
func fieldLabel(f responses.FormField) string {
	if f.ToolTip != "" {
		return strings.TrimRight(strings.TrimSpace(f.ToolTip), ":")
	}
	name := f.Name[strings.LastIndexByte(f.Name, '.')+1:]
	name, _, _ = strings.Cut(name, "[")
	return strings.ReplaceAll(name, "_", " ")
}

func fieldValue(f responses.FormField) string {
	switch {
	case f.IsChecked != nil && f.Type == enums.FPDF_FORMFIELD_TYPE_CHECKBOX:
		if *f.IsChecked {
			return "[X]"
		}
		return ""
	case len(f.Values) > 0:
		return strings.Join(f.Values, ", ")
	case f.Value != nil && *f.Value != "Off":
		return strings.TrimSpace(*f.Value)
	}
	return ""
}

// files returns the files embedded in the document.
func (d pdfDocument) files() []responses.Attachment {
	r, err := d.pdf.GetAttachments(&requests.GetAttachments{Document: d.ref})
	if err != nil {
		return nil
	}
	return r.Attachments[:min(len(r.Attachments), maxDocuments)]
}
