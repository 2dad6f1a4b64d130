package scan

import (
	"errors"
	"time"

	"okienko/ingest"
	"okienko/ingest/scan/sheet"
)

// plan says how the sheets part a batch. It parts nothing unless every sheet of the set is there, once, in order, with pages
// behind it: a sheet that cannot be read is as good as missing, and a letter that ends up in another one's case does more harm
// than a batch a person parts by hand. codes has an entry a page, "" where there is no sheet.
func plan(codes []string, site string, key sheet.Key) ingest.Batch {
	p := planner{batch: ingest.Batch{Pages: len(codes)}, site: site, key: key}
	for i, code := range codes {
		if !p.page(i+1, code) {
			break
		}
	}
	switch {
	case p.set == nil && (p.batch.Reason == "" || p.batch.Reason == ingest.BatchFirst):
		p.fail(ingest.BatchNoSheet, 0)
	case p.batch.Reason == "":
		p.end()
	}
	if p.batch.Reason != "" {
		p.batch.Parts = nil
	}
	return p.batch
}

type planner struct {
	batch ingest.Batch
	site  string
	key   sheet.Key
	set   *sheet.Set // of the sheets so far; nil before the first
	last  int        // number of the sheet seen last
	bare  bool       // nothing came after it yet
}

func (p *planner) fail(why ingest.BatchReason, n int) bool {
	p.batch.Reason, p.batch.Sheet = why, n
	return false
}

// page takes the next page in and reports whether there still is a plan.
func (p *planner) page(n int, code string) bool {
	if code != "" {
		return p.sheet(n, code)
	}
	if p.set == nil {
		if p.batch.Reason == "" {
			p.fail(ingest.BatchFirst, n)
		}
		return true // a later sheet may still say which window this is
	}
	if p.bare {
		p.batch.Parts = append(p.batch.Parts, ingest.BatchPart{Envelope: p.last, PageFrom: n})
	}
	p.bare = false
	p.batch.Parts[len(p.batch.Parts)-1].PageTo = n
	return true
}

func (p *planner) sheet(n int, code string) bool {
	s, err := p.key.Parse(code)
	switch {
	case errors.Is(err, sheet.ErrForeign):
		return p.fail(ingest.BatchForeign, n)
	case err != nil, s.Site != p.site, p.set != nil && *p.set != s.Set:
		p.forget()
		return p.fail(ingest.BatchOther, n)
	case p.set == nil:
		p.set, p.last = &s.Set, s.First-1
		p.batch.DroppedFrom, p.batch.DroppedTo, p.batch.OpenedAt = s.From, s.To, s.Opened
		if p.batch.Reason != "" { // pages before the first sheet
			return false
		}
	}
	return p.next(s)
}

// next takes the sheet that comes after the last one, or again the last one right behind itself: that is its back.
func (p *planner) next(s sheet.Sheet) bool {
	switch {
	case p.bare && s.Number == p.last:
		return true
	case s.Number <= p.last:
		return p.fail(ingest.BatchRepeated, s.Number)
	case s.Number > p.last+1:
		return p.fail(ingest.BatchMissing, p.last+1)
	case p.bare:
		return p.fail(ingest.BatchEmpty, p.last)
	}
	p.last, p.bare = s.Number, true
	return true
}

// forget takes back what the sheets say: they do not agree.
func (p *planner) forget() {
	var none time.Time
	p.batch.DroppedFrom, p.batch.DroppedTo, p.batch.OpenedAt = none, none, none
}

func (p *planner) end() {
	switch {
	case p.bare:
		p.fail(ingest.BatchEmpty, p.last)
	case p.last < p.set.Last:
		p.fail(ingest.BatchMissing, p.last+1)
	}
}
