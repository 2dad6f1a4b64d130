package read

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"okienko/ingest"
	"okienko/ingest/read/field"
	"okienko/ingest/read/kind"
	"okienko/ingest/read/raster"
	"okienko/ingest/sandbox"
)

// Complete is the sandbox handler that makes sense of what OCR saw: its bodies are Contents and a list of Seen, its answer the
// Contents with text, fields and kinds of the pages that are pictures.
func (r *Reader) Complete(_ context.Context, c *sandbox.Call) (any, error) {
	var req Request
	if err := c.Request(&req); err != nil {
		return nil, err
	}
	if len(c.Bodies) != 2 {
		return nil, fmt.Errorf("%d bodies, want contents and pages", len(c.Bodies))
	}
	var contents ingest.Contents
	var seen []Seen
	if err := json.Unmarshal(c.Bodies[0], &contents); err != nil {
		return nil, fmt.Errorf("the contents: %w", err)
	}
	if err := json.Unmarshal(c.Bodies[1], &seen); err != nil {
		return nil, fmt.Errorf("the pages: %w", err)
	}
	return complete(contents, seen, req.Submission.ReceivedAt), nil
}

// complete writes what was seen into the contents.
func complete(c ingest.Contents, seen []Seen, received time.Time) ingest.Contents {
	for i := range c.Readings {
		r := &c.Readings[i]
		of := slices.DeleteFunc(slices.Clone(seen), func(s Seen) bool { return s.Document != r.Document.ID })
		if len(of) == 0 {
			continue
		}
		fill(r, of)
		r.Fields = field.FindOCR(r.Text, r.Document.ID, received, certainty(r.Sheets))
		if i == 0 { // what stands in the subject line was found before
			r.Fields = append(r.Fields, field.Find(c.Letter.Subject, "", received)...)
		}
		r.Kinds = pictureKinds(r.Kinds)
		guess(r)
	}
	if c.Letter.Language == "" && len(c.Readings) > 0 {
		c.Letter.Language = Language(c.Letter.Subject + "\n" + c.Readings[0].Text)
	}
	return c
}

// pictureKinds keeps the guesses that rest on the picture alone.
func pictureKinds(all []ingest.Kind) []ingest.Kind {
	return slices.DeleteFunc(slices.Clone(all), func(k ingest.Kind) bool { return k.ID != "zdjecie" })
}

// fill gives a reading the text of its pictures.
func fill(r *ingest.Reading, seen []Seen) {
	pages := strings.Split(r.Text, pageBreak)
	for len(pages) < r.Pages {
		pages = append(pages, "")
	}
	laid := make([]layout, len(pages))
	for _, s := range seen {
		at := slices.IndexFunc(r.Sheets, func(sheet ingest.Sheet) bool { return sheet.Page == s.Page })
		if at < 0 || s.Page > len(pages) {
			continue
		}
		sheet := &r.Sheets[at]
		sheet.Turned, sheet.Blank, sheet.Read, sheet.Signed = s.Facts.Turned, s.Facts.Blank, s.Failed == "", s.Facts.Signed
		sheet.Drawn = s.Facts.Drawn
		sheet.Mean, _ = s.mean()
		l := lay(s)
		if own := strings.TrimRight(pages[s.Page-1], " \n\t"); own != "" {
			l = l.below(own)
		}
		laid[s.Page-1], pages[s.Page-1] = l, l.text
		if len(l.words) > 0 {
			r.TextFrom = ingest.TextOCR
		}
	}
	base := 0
	for i, text := range pages {
		if at := slices.IndexFunc(r.Sheets, func(s ingest.Sheet) bool { return s.Page == i+1 }); at >= 0 {
			r.Sheets[at].Words = laid[i].at(base)
		}
		base += len(text) + len(pageBreak)
	}
	r.Text = strings.TrimRight(strings.Join(pages, pageBreak), " \n\t\f")
	r.Problems = append(keptProblems(*r), problemsOf(*r, seen)...)
}

// Below senseless, the mean confidence of a page's words, they are no words. Handwriting has 0.4 to 0.6.
const senseless = 0.3

// pageBreak parts the pages of a text.
const pageBreak = "\n\f"

func keptProblems(r ingest.Reading) []ingest.Problem {
	return slices.DeleteFunc(slices.Clone(r.Problems), func(p ingest.Problem) bool { return p.Code == ingest.ProblemNoText })
}

// problemsOf tells of the pages that are not read, and why: a page that nobody could read is not one that is missing.
func problemsOf(r ingest.Reading, seen []Seen) []ingest.Problem {
	var problems []ingest.Problem
	add := func(code ingest.ProblemCode, detail string, of func(ingest.Sheet) bool) {
		var pages []string
		for _, s := range r.Sheets {
			if of(s) {
				pages = append(pages, fmt.Sprint(s.Page))
			}
		}
		if len(pages) > 0 {
			problems = append(problems, ingest.Problem{Code: code, Document: r.Document.ID, Detail: detail + ", pages: " + strings.Join(pages, ", ")})
		}
	}
	blurred := map[int]bool{}
	for _, s := range seen {
		mean, letters := s.mean()
		blurred[s.Page] = s.Failed == "" && !s.Facts.Blank && (mean < doubtful && s.Facts.Sharpness < raster.Blurry || mean < senseless && letters > 0)
	}
	add(ingest.ProblemNoText, "not read", func(s ingest.Sheet) bool { return !s.Read })
	add(ingest.ProblemBlurred, "blurred or too small", func(s ingest.Sheet) bool { return blurred[s.Page] })
	add(ingest.ProblemNoText, "pictures without words", func(s ingest.Sheet) bool {
		return s.Read && !s.Blank && len(s.Words) == 0 && !blurred[s.Page]
	})
	add(ingest.ProblemBlank, "nothing is on it", func(s ingest.Sheet) bool { return s.Blank })
	for _, s := range seen {
		switch s.Failed {
		case "":
		case errPatience.Error():
			problems = append(problems, ingest.Problem{Code: ingest.ProblemTooLarge, Document: r.Document.ID, Detail: fmt.Sprintf("page %d: %s", s.Page, s.Failed)})
		default:
			problems = append(problems, ingest.Problem{Code: ingest.ProblemReaderDied, Document: r.Document.ID, Detail: fmt.Sprintf("page %d: %s", s.Page, s.Failed)})
		}
	}
	return problems
}

// certainty returns how sure OCR is of the words in a piece of text.
func certainty(sheets []ingest.Sheet) func(start, end int) float64 {
	return func(start, end int) float64 {
		least := 1.0
		for _, s := range sheets {
			for _, w := range s.Words {
				if w.Start < end && w.End > start {
					least = min(least, w.Confidence)
				}
			}
		}
		return least
	}
}

// guess says what a document is, as a whole and by its runs of pages, beside what is known by now.
func guess(r *ingest.Reading) {
	r.Kinds = kind.Merge(r.Kinds, kind.Guess(r.Document.Name, r.Document.MediaType, r.Text))
	r.Runs = kind.Runs(r.Text)
}
