package read

import (
	"context"
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"time"

	"okienko/ingest"
	"okienko/ingest/read/field"
)

// walker goes through one submission. Every file it meets, at whatever depth, passes through document.
type walker struct {
	reader *Reader
	ctx    context.Context
	note   func(string)
	avoid  map[string]bool
	deep   bool // read texts; else only look for the document wanted
	wanted string
	end    time.Time

	meta     map[string]string // of the submission
	received time.Time         // by the office
	letter   ingest.Letter
	readings []ingest.Reading
	problems []ingest.Problem
	files    map[string]file
	unpacked int64 // bytes decoded so far
	kept     int64 // bytes held in files
	text     int   // bytes of text kept
	err      error // what makes reading impossible for now (sandbox.ErrUnprepared)
}

func newWalker(r *Reader, req Request, note func(string), deep bool) *walker {
	w := &walker{
		reader: r, note: note, deep: deep, wanted: req.Document, meta: req.Submission.Meta, received: req.Submission.ReceivedAt, end: time.Now().Add(patience),
		avoid: make(map[string]bool), files: make(map[string]file),
	}
	for _, id := range req.Avoid {
		w.avoid[id] = true
	}
	return w
}

// item is one file, found in a submission and not yet looked at.
type item struct {
	id       string
	original int
	name     string // as the sender named it, decoded and cleaned; may be ""
	declared string // media type the sender names; may be ""
	charset  string // charset the sender names; may be ""
	inline   bool
	depth    int // containers around it
	file     file
	problems []ingest.ProblemCode // what was wrong with it already where it lay
}

// file holds the bytes of a document or the way to get them again.
type file struct {
	data   []byte
	reopen func() ([]byte, error) // nil if data is kept
}

func (f file) bytes() ([]byte, bool) {
	if f.reopen == nil {
		return f.data, f.data != nil
	}
	b, err := f.reopen()
	return b, err == nil
}

// originals reads all originals: the first is the letter, the others are its documents.
func (w *walker) originals(all []Original) {
	next := 1
	for i, o := range all {
		it := item{
			id: "0", original: i, name: cleanName(o.Meta.Name), declared: o.Meta.MediaType, file: file{data: o.Data},
		}
		if i == 0 {
			next = w.body(it, o)
			continue
		}
		it.id = strconv.Itoa(next)
		next++
		it.depth = 1
		switch {
		case !w.wants(it.id):
		case isProof(o):
			w.proof(it, o)
		case !w.tooLarge(it, o):
			w.document(it)
		}
	}
}

// tooLarge lists an original that is over the limit; its bytes were not sent.
func (w *walker) tooLarge(it item, o Original) bool {
	if o.Meta.Size <= maxOriginal {
		return false
	}
	w.listOnly(it, o.Meta.Size, ingest.ProblemTooLarge, fmt.Sprintf("%d bytes, at most %d are read", o.Meta.Size, int64(maxOriginal)))
	return true
}

// body reads the first original and returns the number of the next document.
func (w *walker) body(it item, o Original) (next int) {
	if w.tooLarge(it, o) {
		return 1
	}
	if isMail(o) {
		return w.mail(it)
	}
	if isMessage(o) {
		w.platformLetter(it)
		return 1
	}
	w.document(it)
	return w.topLevel() + 1
}

// topLevel returns the highest number of a document that lies directly in the submission.
func (w *walker) topLevel() int {
	top := 0
	for _, r := range w.readings {
		if n, err := strconv.Atoi(r.Document.ID); err == nil {
			top = max(top, n)
		}
	}
	return top
}

func isMail(o Original) bool {
	return o.Meta.MediaType == "message/rfc822" || o.Meta.MediaType == "" && extension(o.Meta.Name) == ".eml"
}

// add lists a document with an empty reading and returns its index.
func (w *walker) add(it item, mediaType string, size int64) int {
	d := ingest.Document{
		ID: it.id, Original: it.original, Name: it.name, MediaType: mediaType, Bytes: size, Inline: it.inline,
	}
	w.readings = append(w.readings, ingest.Reading{Document: d, TextFrom: ingest.TextNone})
	return len(w.readings) - 1
}

// document lists a file and reads it by what its bytes are. A parser that panics costs the text of this document only.
func (w *walker) document(it item) {
	data := it.file.data
	media := sniff(data, it.name, it.declared)
	at := w.add(it, media, int64(len(data)))
	if w.deep && len(data) > 0 {
		w.readings[at].Document.Digest = ingest.DigestOf(data)
	}
	w.unpacked += int64(len(data))
	w.keep(it)
	for _, code := range it.problems {
		w.problem(at, code, "")
	}
	if len(w.readings) > maxDocuments {
		w.problem(at, ingest.ProblemTooLarge, "over the number of documents a submission may have")
		return
	}
	if code, detail := w.refuse(it); code != "" {
		w.problem(at, code, detail)
		return
	}
	if detail := wrongName(it.name, media); detail != "" {
		w.problem(at, ingest.ProblemWrongName, detail)
	}
	w.note(it.id)
	w.guarded(at, func() { w.reader.formatOf(media)(w, at, it) })
}

// refuse tells why a document must not be looked into.
func (w *walker) refuse(it item) (ingest.ProblemCode, string) {
	switch size := int64(len(it.file.data)); {
	case w.avoid[it.id]:
		return ingest.ProblemReaderDied, "the reader crashed or ran into a limit in this document"
	case size == 0:
		return ingest.ProblemEmpty, ""
	case size > w.reader.sizes.document:
		return ingest.ProblemTooLarge, fmt.Sprintf("%d bytes, at most %d are read", size, w.reader.sizes.document)
	case w.unpacked > w.reader.sizes.unpacked:
		return ingest.ProblemTooLarge, "over the total size a submission may have unpacked"
	case time.Now().After(w.end):
		return ingest.ProblemTooLarge, "over the time a submission may take"
	}
	return "", ""
}

// keep remembers the bytes of a document, or where to get them when too much is held already.
func (w *walker) keep(it item) {
	size := int64(len(it.file.data))
	if it.file.reopen != nil && w.kept+size > w.reader.sizes.kept {
		w.files[it.id] = file{reopen: it.file.reopen}
		return
	}
	w.kept += size
	w.files[it.id] = file{data: it.file.data}
}

// guarded runs a parser and turns its panic into a problem. The words of the panic may quote the document: only the place
// is told.
func (w *walker) guarded(at int, parse func()) {
	defer func() {
		if r := recover(); r != nil {
			w.problem(at, ingest.ProblemUnreadable, "the reader failed in "+panicSite())
		}
	}()
	parse()
}

// panicSite names the function a recovered panic came from, outside the runtime and this file.
func panicSite() string {
	pcs := make([]uintptr, 32)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs)])
	for {
		f, more := frames.Next()
		if !strings.HasPrefix(f.Function, "runtime.") && !strings.Contains(f.Function, "guarded") {
			return f.Function
		}
		if !more {
			return "an unknown place"
		}
	}
}

func (w *walker) problem(at int, code ingest.ProblemCode, detail string) {
	r := &w.readings[at]
	for _, p := range r.Problems {
		if p.Code == code && p.Detail == detail {
			return
		}
	}
	r.Problems = append(r.Problems, ingest.Problem{Code: code, Document: r.Document.ID, Detail: detail})
}

// setText gives a reading its text, within the limits.
func (w *walker) setText(at int, text string) {
	text = strings.TrimRight(text, " \n\t\f")
	if room := min(maxText, maxAllText-w.text); len(text) > room {
		text = strings.ToValidUTF8(text[:max(room, 0)], "")
		w.problem(at, ingest.ProblemTooLarge, "only the beginning of the text is kept")
	}
	w.text += len(text)
	r := &w.readings[at]
	r.Text, r.TextFrom = text, ingest.TextEmbedded
	if strings.TrimSpace(text) == "" {
		r.TextFrom = ingest.TextNone
	}
}

// enters reports whether it is worth looking for files inside a document.
func (w *walker) enters(it item) bool {
	return w.deep || strings.HasPrefix(w.wanted, it.id+".")
}

// wants reports whether a document, or one inside it, is looked for.
func (w *walker) wants(id string) bool {
	return w.deep || w.wanted == id || strings.HasPrefix(w.wanted, id+".")
}

// tooDeep reports, as a problem, that a container lies inside too many others to be opened.
func (w *walker) tooDeep(at int, it item) bool {
	if it.depth <= maxNesting {
		return false
	}
	w.problem(at, ingest.ProblemTooLarge, "archives and letters nested too deep: not opened")
	return true
}

// child makes the item of the n-th file, from 1, inside it.
func (it item) child(n int, name string, data []byte) item {
	return item{
		id: it.id + "." + strconv.Itoa(n), original: it.original, name: cleanName(name), depth: it.depth + 1, file: file{data: data},
	}
}

// finish recognises language, fields and kinds once all texts are there.
func (w *walker) finish() {
	if !w.deep {
		return
	}
	for i := range w.readings {
		w.guarded(i, func() {
			r := &w.readings[i]
			r.Fields = field.Find(r.Text, r.Document.ID, w.received)
			if i > 0 || r.Document.Digest != "" && w.letter.Subject == "" { // of the letter itself only the text speaks
				guess(r)
			}
		})
	}
	if len(w.readings) == 0 {
		return
	}
	first := &w.readings[0]
	// A place in no document is one in the subject line.
	first.Fields = append(first.Fields, field.Find(w.letter.Subject, "", w.received)...)
	if w.letter.Language == "" {
		w.letter.Language = Language(w.letter.Subject + "\n" + first.Text)
	}
}

func (w *walker) contents() ingest.Contents {
	return ingest.Contents{Letter: w.letter, Readings: w.readings, Problems: w.problems}
}
