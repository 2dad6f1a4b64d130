package pades

import (
	"bytes"
	"compress/zlib"
	"errors"
	"io"
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

func (f *file) catalog() dict {
	d, _ := f.deref(f.trailer["Root"]).(dict)
	return d
}
