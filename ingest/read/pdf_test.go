package read

import (
	"fmt"
	"strings"
	"testing"

	"okienko/ingest"
)

// documentOf makes a PDF of some texts whose catalogue and trailer hold more; objects are added by add, which is told the
// number of the first page.
func documentOf(texts []string, page string, add func(p *pdfFile, firstPage int) (catalog, trailer string)) []byte {
	var p pdfFile
	root := p.add("")
	tree := p.add("")
	kids := p.pages(tree, texts, page)
	p.objects[tree-1] = fmt.Sprintf("<< /Type /Pages /Count %d /Kids [%s] >>", len(kids), strings.Join(kids, " "))
	var first int
	if _, err := fmt.Sscanf(kids[0], "%d", &first); err != nil {
		panic(err)
	}
	catalog, trailer := add(&p, first)
	p.objects[root-1] = fmt.Sprintf("<< /Type /Catalog /Pages %d 0 R %s >>", tree, catalog)
	return p.bytes(root, trailer)
}

func nothingMore(*pdfFile, int) (string, string) { return "", "" }

func formPDF() []byte {
	return documentOf([]string{"WNIOSEK"}, "/Annots [11 0 R 12 0 R 13 0 R 14 0 R]", func(p *pdfFile, page int) (string, string) {
		for len(p.objects) < 10 {
			p.add("null")
		}
		field := func(more string) {
			p.add(fmt.Sprintf("<< /Type /Annot /Subtype /Widget /P %d 0 R /Rect [50 700 300 720] %s >>", page, more))
		}
		field(`/FT /Tx /T (pole_pesel) /TU (PESEL wnioskodawcy) /V (44051401458)`)
		field(`/FT /Tx /T (Imie_i_nazwisko[0]) /V (Jan Nowak)`)
		field(`/FT /Btn /T (zgoda) /V /Tak /AS /Tak /AP << /N << /Tak 11 0 R /Off 11 0 R >> >>`)
		field(`/FT /Tx /T (puste)`)
		return "/AcroForm << /Fields [11 0 R 12 0 R 13 0 R 14 0 R] >>", ""
	})
}

func embeddedPDF() []byte {
	return documentOf([]string{"pismo"}, "", func(p *pdfFile, _ int) (string, string) {
		file := p.stream("/Type /EmbeddedFile", "lokal;osoby")
		spec := p.add(fmt.Sprintf("<< /Type /Filespec /F (../wykaz.csv) /UF (../wykaz.csv) /EF << /F %d 0 R >> >>", file))
		return fmt.Sprintf("/Names << /EmbeddedFiles << /Names [(wykaz) %d 0 R] >> >>", spec), ""
	})
}

func TestPDF(t *testing.T) {
	t.Parallel()
	password := documentOf([]string{"tajne"}, "", func(*pdfFile, int) (string, string) {
		return "", "/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <" + strings.Repeat("28", 32) + "> /U <" + strings.Repeat("BF", 32) + "> >> /ID [<01> <01>]"
	})
	loop := documentOf([]string{"x"}, "", nothingMore)
	loop = []byte(strings.Replace(string(loop), "/Kids [", "/Kids [2 0 R ", 1))
	tests := []struct {
		name string
		data []byte
		want string
		text string
	}{
		{"text on two pages", pdfOf("Umowa sprzedaży\nVIN W0LPE6EC8D1047315", "Zażółć gęślą jaźń"), "2 embedded []", "Umowa sprzedaży\nVIN W0LPE6EC8D1047315\n\fZażółć gęślą jaźń"},
		{"pictures only", pdfOf("", ""), "2 none [no_text]", ""},
		{"a picture between the pages", pdfOf("jeden", "", "trzy"), "3 embedded [no_text]", "jeden\n\f\n\ftrzy"},
		{"the fields of a form", formPDF(), "1 embedded []", "WNIOSEK\nPESEL wnioskodawcy: 44051401458\nImie i nazwisko: Jan Nowak\nzgoda: [X]"},
		{"a password", password, "0 none [encrypted]", ""},
		{"cut in the middle", pdfOf(strings.Repeat("długi tekst ", 50))[:700], "0 none [unreadable]", ""},
		{"rubbish behind the head", []byte("%PDF-1.7\n" + strings.Repeat("rubbish ", 100)), "0 none [unreadable]", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := examine(t, newReader(t), "a.pdf", "", tt.data).Contents.Readings[0]
			var codes []ingest.ProblemCode
			for _, p := range r.Problems {
				codes = append(codes, p.Code)
			}
			if got := fmt.Sprint(r.Pages, " ", r.TextFrom, " ", codes); got != tt.want || r.Text != tt.text {
				t.Errorf("got %s %q, want %s %q", got, r.Text, tt.want, tt.text)
			}
		})
	}
	t.Run("a page tree that contains itself", func(t *testing.T) {
		t.Parallel()
		examine(t, newReader(t), "a.pdf", "", loop) // no verdict expected but that it ends
	})
}

func TestFilesInAPDF(t *testing.T) {
	t.Parallel()
	res := examine(t, newReader(t), "a.pdf", "", embeddedPDF())
	if got, want := outline(res.Contents), "0 \"a.pdf\" application/pdf \"pismo\" []\n0.1 \"wykaz.csv\" text/csv \"lokal;osoby\" []"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestFieldsOfAPDFKnowTheirPage(t *testing.T) {
	t.Parallel()
	r := examine(t, newReader(t), "a.pdf", "", pdfOf("Umowa", "PESEL 44051401458")).Contents.Readings[0]
	if len(r.Fields) != 1 || r.Fields[0].Place.Page != 2 || r.Text[r.Fields[0].Place.Start:r.Fields[0].Place.End] != "44051401458" {
		t.Errorf("got %+v", r.Fields)
	}
}

func TestTheEngineOutlivesBadDocuments(t *testing.T) {
	t.Parallel()
	r := newReader(t)
	for i := range 30 {
		good := pdfOf(fmt.Sprintf("numer %d", i))
		if got := examine(t, r, "a.pdf", "", good).Contents.Readings[0].Text; got != fmt.Sprintf("numer %d", i) {
			t.Fatalf("round %d: got %q", i, got)
		}
		examine(t, r, "a.pdf", "", good[:len(good)/2])
		examine(t, r, "a.pdf", "", []byte(strings.Replace(string(good), "stream", "strean", 1)))
	}
}
