package pades

import (
	"bytes"
	"sort"
)

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
	var free []int
	for {
		l.skip()
		if l.peek("trailer") {
			l.pos += 7
			o, err := l.object(0)
			t, ok := o.(dict)
			if !ok || err != nil {
				return nil, false
			}
			// A hybrid file hides from old readers, as free, what its cross-reference stream then names (section 7.5.8.4).
			if x, ok := t["XRefStm"].(float64); ok && x >= 0 && int(x) < len(f.buf) {
				f.xrefStream(f.lexer(int(x)))
			}
			for _, n := range free {
				f.enter(n, entry{offset: -1})
			}
			return t, true
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
			} else if len(free) < maxObjects {
				free = append(free, n)
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
