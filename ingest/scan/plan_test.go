package scan

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"okienko/ingest"
	"okienko/ingest/scan/sheet"
)

var day = time.Date(2026, 11, 24, 7, 0, 0, 0, time.UTC)

func setOf(n int) sheet.Set {
	return sheet.Set{Site: "urna", From: day.Add(-17 * time.Hour), To: day, Opened: day.Add(time.Hour), First: 1, Last: n}
}

func keyOf(t testing.TB, text string) sheet.Key {
	t.Helper()
	key, err := sheet.NewKey(bytes.Repeat([]byte(text), 16))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// codes turns a story of pages into what was found on them: "1" to "9" a sheet of our set of three, "." a page of a letter,
// "f" a sheet of another office, "o" one of another urn, "w" one of another window.
func codes(t *testing.T, pages string) []string {
	ours, theirs := keyOf(t, "k"), keyOf(t, "x")
	other, window := setOf(3), setOf(3)
	other.Site, window.To = "urna-2", day.Add(-time.Hour)
	var all []string
	for _, p := range pages {
		switch p {
		case '.':
			all = append(all, "")
		case 'f':
			all = append(all, theirs.Code(sheet.Sheet{Set: setOf(3), Number: 2}))
		case 'o':
			all = append(all, ours.Code(sheet.Sheet{Set: other, Number: 2}))
		case 'w':
			all = append(all, ours.Code(sheet.Sheet{Set: window, Number: 2}))
		default:
			all = append(all, ours.Code(sheet.Sheet{Set: setOf(3), Number: int(p - '0')}))
		}
	}
	return all
}

func TestABatchIsPartedOnlyWhereNothingIsInDoubt(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, pages, want string }{
		{"every sheet in its place", "1..2.3...", "1:2-3 2:5-5 3:7-9"},
		{"backs of sheets are sheets", "11.22..33.", "1:3-3 2:6-7 3:10-10"},
		{"the first sheet is missing", "..2.3.", "first_page 1"},
		{"the middle one is missing", "1...3.", "missing 2"},
		{"the last one is missing", "1..2...", "missing 3"},
		{"all but the first are missing", "1......", "missing 2"},
		{"no sheet at all", "....", "no_sheet 0"},
		{"no page at all", "", "no_sheet 0"},
		{"numbers out of order", "1.3.2.", "missing 2"},
		{"a sheet twice", "1.2.2.3.", "repeated 2"},
		{"a batch scanned twice into one file", "1.2.3.1.2.3.", "repeated 1"},
		{"a page before the first sheet", ".1.2.3.", "first_page 1"},
		{"the set begins with its second sheet", "2.3.", "missing 1"},
		{"an empty envelope", "1.23.", "no_pages 2"},
		{"an empty last envelope", "1.2.3", "no_pages 3"},
		{"sheets only", "123", "no_pages 1"},
		{"another office's sheet", "1.f.3.", "foreign 3"},
		{"another urn's sheet", "1.o.3.", "other_set 3"},
		{"another window's sheet", "1.w.3.", "other_set 3"},
		{"nothing but another urn's sheet", "o.", "other_set 1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := plan(codes(t, tt.pages), "urna", keyOf(t, "k"))
			got := fmt.Sprint(b.Reason, " ", b.Sheet)
			if b.Reason == ingest.BatchParted {
				var parts []string
				for _, p := range b.Parts {
					parts = append(parts, fmt.Sprintf("%d:%d-%d", p.Envelope, p.PageFrom, p.PageTo))
				}
				got = strings.Join(parts, " ")
			}
			if got != tt.want || b.Pages != len(tt.pages) || (b.Reason != "") != (b.Parts == nil) {
				t.Errorf("got %q with parts %v of %d pages, want %q", got, b.Parts, b.Pages, tt.want)
			}
			agree := strings.ContainsAny(tt.pages, "123") && !strings.ContainsAny(tt.pages, "ow")
			if agree != b.DroppedTo.Equal(day) || agree == b.DroppedTo.IsZero() {
				t.Errorf("the window ends %v", b.DroppedTo)
			}
		})
	}
}

// Whatever lies on the pages, a batch is parted only if its sheets are the whole set, and then each page of a letter belongs to
// the sheet before it.
func FuzzPlan(f *testing.F) {
	key := keyOf(f, "k")
	f.Add([]byte{1, 0, 0, 2, 0, 3, 0})
	f.Add([]byte{1, 1, 0, 2, 0, 3, 0, 0})
	f.Add([]byte{2, 0, 9, 1})
	f.Fuzz(func(t *testing.T, story []byte) {
		var pages []string
		var sheets []int
		for _, b := range story {
			switch n := int(b % 6); n {
			case 0:
				pages = append(pages, "")
			case 4:
				pages = append(pages, "OKIENKO1:"+string(story))
			case 5:
				pages = append(pages, key.Code(sheet.Sheet{Set: setOf(4), Number: 1}))
			default:
				pages = append(pages, key.Code(sheet.Sheet{Set: setOf(3), Number: n}))
				if len(sheets) == 0 || sheets[len(sheets)-1] != n {
					sheets = append(sheets, n)
				}
			}
		}
		b := plan(pages, "urna", key)
		if b.Reason != ingest.BatchParted {
			return
		}
		if fmt.Sprint(sheets) != "[1 2 3]" || len(b.Parts) != 3 {
			t.Fatalf("parted at the sheets %v into %v", sheets, b.Parts)
		}
		letters := 0
		for i, p := range b.Parts {
			letters += p.PageTo - p.PageFrom + 1
			if p.Envelope != i+1 || p.PageFrom < 2 || p.PageTo < p.PageFrom || pages[p.PageFrom-2] != key.Code(sheet.Sheet{Set: setOf(3), Number: i + 1}) {
				t.Fatalf("part %+v of %v", p, story)
			}
		}
		if want := len(pages) - len(strings.Join(pages, ""))/len(key.Code(sheet.Sheet{Set: setOf(3), Number: 1})); letters != want {
			t.Fatalf("%d pages in letters, want %d", letters, want)
		}
	})
}
