package pades

import (
	"bytes"
	"compress/zlib"
	"errors"
	"io"
	"sort"
)

// file is a PDF as far as signatures need it: cross-reference tables, objects, object streams. It reads lazily and keeps
// what it read; it knows no page content, font or picture.
type file struct {
	buf       []byte
	entries   map[int]entry
	trailer   dict
	cache     map[int]object
	opening   map[int]bool
	budget    int
	inflated  int // octets decompressed so far
	encrypted bool
	rebuilt   bool
	objStms   map[int]map[int]object
}

// entry says where an object lies: at an offset, or in an object stream.
type entry struct {
	offset   int
	inStream int // number of the object stream; 0: none
}

const (
	maxObjects  = 4_000_000
	maxInflated = 256 << 20
	maxSections = 1000
)

var errNoPDF = errors.New("not a PDF file")

func open(buf []byte) (*file, error) {
	if !bytes.Contains(buf[:min(len(buf), 1024)], []byte("%PDF-")) {
		return nil, errNoPDF
	}
	f := &file{buf: buf, entries: map[int]entry{}, cache: map[int]object{}, opening: map[int]bool{}, budget: maxObjects, objStms: map[int]map[int]object{}}
	if !f.readXref() || f.catalog() == nil {
		f.rebuild()
	}
	f.encrypted = f.trailer["Encrypt"] != nil
	return f, nil
}

func (f *file) lexer(at int) *lexer { return &lexer{buf: f.buf, pos: at, budget: &f.budget} }

// readXref follows the chain of cross-reference sections from the last startxref.
func (f *file) readXref() bool {
	tail := max(0, len(f.buf)-4096)
	i := bytes.LastIndex(f.buf[tail:], []byte("startxref"))
	if i < 0 {
		return false
	}
	l := f.lexer(tail + i + len("startxref"))
	l.skip()
	at, err := l.plainNumber()
	if err != nil {
		return false
	}
	seen := map[int]bool{}
	queue := []int{int(at)}
	for len(queue) > 0 && len(seen) < maxSections {
		pos := queue[0]
		queue = queue[1:]
		if pos < 0 || pos >= len(f.buf) || seen[pos] {
			continue
		}
		seen[pos] = true
		t, ok := f.section(pos)
		if !ok {
			return false
		}
		if f.trailer == nil {
			f.trailer = t
		}
		if x, ok := t["XRefStm"].(float64); ok {
			queue = append(queue, int(x))
		}
		if p, ok := t["Prev"].(float64); ok {
			queue = append(queue, int(p))
		}
	}
	return f.trailer != nil
}

// section reads one cross-reference table or stream; entries of newer sections stand.
func (f *file) section(pos int) (dict, bool) {
	l := f.lexer(pos)
	l.skip()
	if !l.peek("xref") {
		return f.xrefStream(l)
	}
	l.pos += 4
	for {
		l.skip()
		if l.peek("trailer") {
			l.pos += 7
			o, err := l.object(0)
			t, ok := o.(dict)
			return t, ok && err == nil
		}
		start, err1 := l.plainNumber()
		l.skip()
		count, err2 := l.plainNumber()
		if err1 != nil || err2 != nil || count < 0 || count > maxObjects {
			return nil, false
		}
		for i := 0; i < int(count); i++ {
			l.skip()
			off, err1 := l.plainNumber()
			l.skip()
			_, err2 := l.plainNumber()
			l.skip()
			if err1 != nil || err2 != nil || l.pos >= len(l.buf) {
				return nil, false
			}
			kind := l.buf[l.pos]
			l.pos++
			if n := int(start) + i; kind == 'n' {
				f.enter(n, entry{offset: int(off)})
			} else {
				f.enter(n, entry{offset: -1})
			}
		}
	}
}

func (f *file) enter(n int, e entry) {
	if _, ok := f.entries[n]; !ok && len(f.entries) < maxObjects {
		f.entries[n] = e
	}
}

func (f *file) xrefStream(l *lexer) (dict, bool) {
	_, o, err := f.indirect(l)
	s, ok := o.(*stream)
	if err != nil || !ok || s.dict["Type"] != name("XRef") {
		return nil, false
	}
	data, err := f.decode(s)
	w, wok := s.dict["W"].(array)
	size, sok := s.dict["Size"].(float64)
	if err != nil || !wok || len(w) != 3 || !sok {
		return nil, false
	}
	var width [3]int
	for i := range w {
		n, ok := w[i].(float64)
		if !ok || n < 0 || n > 8 {
			return nil, false
		}
		width[i] = int(n)
	}
	index, ok := s.dict["Index"].(array)
	if !ok {
		index = array{0.0, size}
	}
	row := width[0] + width[1] + width[2]
	for i := 0; i+1 < len(index); i += 2 {
		first, ok1 := index[i].(float64)
		count, ok2 := index[i+1].(float64)
		if !ok1 || !ok2 || row == 0 {
			return nil, false
		}
		for n := int(first); n < int(first)+int(count) && len(data) >= row; n++ {
			f.enterRow(n, data[:row], width)
			data = data[row:]
		}
	}
	return s.dict, true
}

func (f *file) enterRow(n int, row []byte, w [3]int) {
	field := func(b []byte) (v int) {
		for _, c := range b {
			v = v<<8 | int(c)
		}
		return v
	}
	kind := 1
	if w[0] > 0 {
		kind = field(row[:w[0]])
	}
	a := field(row[w[0] : w[0]+w[1]])
	switch kind {
	case 1:
		f.enter(n, entry{offset: a})
	case 2:
		f.enter(n, entry{inStream: a})
	default:
		f.enter(n, entry{offset: -1})
	}
}

// indirect reads "N G obj … endobj" at l.
func (f *file) indirect(l *lexer) (int, object, error) {
	l.skip()
	n, err1 := l.plainNumber()
	l.skip()
	_, err2 := l.plainNumber()
	l.skip()
	if err1 != nil || err2 != nil || !l.peek("obj") {
		return 0, nil, errSyntax
	}
	l.pos += 3
	o, err := l.object(0)
	if err != nil {
		return 0, nil, err
	}
	d, ok := o.(dict)
	if !ok {
		return int(n), o, nil
	}
	l.skip()
	if !l.peek("stream") {
		return int(n), d, nil
	}
	l.pos += len("stream")
	if l.peek("\r\n") {
		l.pos += 2
	} else if l.peek("\n") || l.peek("\r") {
		l.pos++
	}
	return int(n), &stream{dict: d, raw: f.streamBytes(l, d)}, nil
}

// streamBytes trusts /Length only if endstream follows.
func (f *file) streamBytes(l *lexer, d dict) []byte {
	if length, ok := f.deref(d["Length"]).(float64); ok && length >= 0 && l.pos+int(length) <= len(l.buf) {
		end := l.pos + int(length)
		rest := lexer{buf: l.buf, pos: end, budget: l.budget}
		rest.skip()
		if rest.peek("endstream") {
			raw := l.buf[l.pos:end]
			l.pos = rest.pos
			return raw
		}
	}
	end := bytes.Index(l.buf[l.pos:], []byte("endstream"))
	if end < 0 {
		end = len(l.buf) - l.pos
	}
	raw := l.buf[l.pos : l.pos+end]
	l.pos += end
	return raw
}

// deref follows references; what cannot be read is nil.
func (f *file) deref(o object) object {
	for range 20 {
		r, ok := o.(ref)
		if !ok {
			return o
		}
		o = f.get(r.num)
	}
	return nil
}

func (f *file) get(n int) object {
	if o, ok := f.cache[n]; ok {
		return o
	}
	e, ok := f.entries[n]
	if !ok || f.opening[n] {
		return nil
	}
	f.opening[n] = true
	defer delete(f.opening, n)
	var o object
	switch {
	case e.inStream > 0:
		o = f.inObjectStream(e.inStream)[n]
	case e.offset >= 0 && e.offset < len(f.buf):
		num, v, err := f.indirect(f.lexer(e.offset))
		if err == nil && num == n {
			o = v
		}
	}
	f.cache[n] = o
	return o
}

// inObjectStream reads all objects of an object stream (ISO 32000-1 section 7.5.7).
func (f *file) inObjectStream(n int) map[int]object {
	if m, ok := f.objStms[n]; ok {
		return m
	}
	m := map[int]object{}
	f.objStms[n] = m
	s, ok := f.get(n).(*stream)
	if !ok || f.trailer["Encrypt"] != nil {
		return m
	}
	data, err := f.decode(s)
	count, ok1 := f.deref(s.dict["N"]).(float64)
	first, ok2 := f.deref(s.dict["First"]).(float64)
	if err != nil || !ok1 || !ok2 || first < 0 || int(first) > len(data) {
		return m
	}
	head := lexer{buf: data[:int(first)], budget: &f.budget}
	for i := 0; i < int(count) && i < maxObjects; i++ {
		head.skip()
		num, err1 := head.plainNumber()
		head.skip()
		off, err2 := head.plainNumber()
		if err1 != nil || err2 != nil || off < 0 || int(first)+int(off) > len(data) {
			break
		}
		l := lexer{buf: data, pos: int(first) + int(off), budget: &f.budget}
		o, err := l.object(0)
		if err != nil {
			continue
		}
		if e := f.entries[int(num)]; e.inStream == n {
			m[int(num)] = unplaced(o)
		}
	}
	return m
}

// unplaced removes the offsets of strings: inside an object stream they mean nothing in the file.
func unplaced(o object) object {
	if d, ok := o.(dict); ok {
		for k, v := range d {
			if s, ok := v.(str); ok {
				s.start, s.end = -1, -1
				d[k] = s
			}
		}
	}
	return o
}

// decode undoes FlateDecode with PNG predictors, the only filter structures use.
func (f *file) decode(s *stream) ([]byte, error) {
	filter := f.deref(s.dict["Filter"])
	if a, ok := filter.(array); ok {
		if len(a) > 1 {
			return nil, errSyntax
		}
		filter = nil
		if len(a) == 1 {
			filter = f.deref(a[0])
		}
	}
	if filter == nil {
		return s.raw, nil
	}
	if filter != name("FlateDecode") {
		return nil, errSyntax
	}
	zr, err := zlib.NewReader(bytes.NewReader(s.raw))
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(zr, int64(maxInflated-f.inflated)))
	f.inflated += len(data)
	if f.inflated >= maxInflated || err != nil && len(data) == 0 {
		return nil, errLimit
	}
	params := f.deref(s.dict["DecodeParms"])
	if a, ok := params.(array); ok && len(a) == 1 {
		params = f.deref(a[0])
	}
	p, _ := params.(dict)
	if predictor, ok := p["Predictor"].(float64); ok && predictor >= 10 {
		columns, _ := p["Columns"].(float64)
		return unpredict(data, max(1, int(columns)))
	}
	return data, nil
}

// unpredict undoes the PNG filters for one octet a pixel.
func unpredict(data []byte, columns int) ([]byte, error) {
	if columns > 1<<20 {
		return nil, errSyntax
	}
	prev := make([]byte, columns)
	out := make([]byte, 0, len(data))
	for len(data) > columns {
		kind, row := data[0], bytes.Clone(data[1:columns+1])
		data = data[columns+1:]
		for i := range row {
			var left, upLeft byte
			if i > 0 {
				left, upLeft = row[i-1], prev[i-1]
			}
			switch kind {
			case 1:
				row[i] += left
			case 2:
				row[i] += prev[i]
			case 3:
				row[i] += byte((int(left) + int(prev[i])) / 2)
			case 4:
				row[i] += paeth(left, prev[i], upLeft)
			}
		}
		out = append(out, row...)
		prev = row
	}
	return out, nil
}

func paeth(a, b, c byte) byte {
	p := int(a) + int(b) - int(c)
	abs := func(v int) int { return max(v, -v) }
	pa, pb, pc := abs(p-int(a)), abs(p-int(b)), abs(p-int(c))
	switch {
	case pa <= pb && pa <= pc:
		return a
	case pb <= pc:
		return b
	}
	return c
}

// rebuild finds objects by looking for "N G obj" where the cross-reference table is of no use.
func (f *file) rebuild() {
	f.rebuilt = true
	f.entries, f.cache, f.trailer, f.objStms = map[int]entry{}, map[int]object{}, dict{}, map[int]map[int]object{}
	for pos := 0; ; {
		i := bytes.Index(f.buf[pos:], []byte(" obj"))
		if i < 0 {
			break
		}
		at := pos + i
		pos = at + 4
		start := back(f.buf, back(f.buf, at)-1)
		l := f.lexer(max(0, start))
		if n, err := l.plainNumber(); err == nil && n >= 0 && n < maxObjects {
			f.entries[int(n)] = entry{offset: max(0, start)} // the last one stands
		}
	}
	for pos := 0; ; {
		i := bytes.Index(f.buf[pos:], []byte("trailer"))
		if i < 0 {
			break
		}
		pos += i + 7
		if o, err := f.lexer(pos).object(0); err == nil {
			if t, ok := o.(dict); ok && t["Root"] != nil {
				f.trailer = t
			}
		}
	}
	f.adoptStreams()
}

// back returns where the digits before at begin.
func back(buf []byte, at int) int {
	for at > 0 && '0' <= buf[at-1] && buf[at-1] <= '9' {
		at--
	}
	return at
}

// adoptStreams enters the objects of object streams and takes the trailer of a cross-reference stream.
func (f *file) adoptStreams() {
	var nums []int
	for n := range f.entries {
		nums = append(nums, n)
	}
	sort.Ints(nums)
	for _, n := range nums {
		s, ok := f.get(n).(*stream)
		if !ok {
			continue
		}
		switch s.dict["Type"] {
		case name("XRef"):
			if f.trailer["Root"] == nil {
				f.trailer = s.dict
			}
		case name("ObjStm"):
			f.adopt(n, s)
		}
	}
}

func (f *file) adopt(n int, s *stream) {
	data, err := f.decode(s)
	count, ok := f.deref(s.dict["N"]).(float64)
	if err != nil || !ok {
		return
	}
	l := lexer{buf: data, budget: &f.budget}
	for i := 0; i < int(count); i++ {
		l.skip()
		num, err := l.plainNumber()
		l.skip()
		_, err2 := l.plainNumber()
		if err != nil || err2 != nil {
			return
		}
		f.enter(int(num), entry{inStream: n})
	}
}

func (f *file) catalog() dict {
	d, _ := f.deref(f.trailer["Root"]).(dict)
	return d
}
