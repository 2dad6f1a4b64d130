package pades

import "bytes"

// changes is what was done to a PDF after a signature, as far as a reader would see it.
type changes struct {
	pages       bool // pages added, removed, or showing something else
	annotations bool // notes, form fields filled
	signatures  bool // signed again
	unknown     bool // the pages cannot be read: nobody can say
}

// laterChanges warns of everything visible that was appended after the signed range. Validation data and document
// time-stamps are no change (ETSI EN 319 142-1 section 5.5).
func (e *examination) laterChanges() {
	byEnd := map[int]changes{}
	for i, s := range e.found {
		end := e.ends[i]
		if end == 0 || len(bytes.TrimSpace(e.f.buf[end:])) == 0 {
			continue
		}
		c, known := byEnd[end]
		if !known {
			c = changes{unknown: true}
			if len(byEnd) < maxCompared {
				c = e.since(end)
			}
			byEnd[end] = c
		}
		if c.pages {
			s.Warn("pages-changed", "")
		}
		if c.annotations {
			s.Warn("annotations-added", "")
		}
		if c.signatures {
			s.Warn("later-signatures", "")
		}
		if c.unknown {
			s.Warn("changes-unknown", "")
		}
	}
}

// maxCompared bounds the revisions that are compared with the last one.
const maxCompared = 20

func (e *examination) since(end int) changes {
	old, err := open(e.f.buf[:end])
	if err != nil {
		return changes{pages: true}
	}
	d := &differ{old: old, new: e.f, seen: map[[2]int]bool{}}
	d.catalogs()
	d.pageTrees()
	d.unknown = len(old.pages()) == 0
	return d.changes
}

// differ compares two revisions of one file.
type differ struct {
	old, new *file
	seen     map[[2]int]bool // pairs of objects under comparison or found equal
	steps    int
	changes
}

const (
	maxPages     = 20_000
	maxDiffSteps = 3_000_000
)

// Keys that say nothing about what a page shows, or are compared apart.
var (
	pageAside    = map[name]bool{"Annots": true, "Parent": true, "P": true, "StructParents": true, "LastModified": true, "Tabs": true, "PieceInfo": true, "Metadata": true}
	catalogAside = map[name]bool{"AcroForm": true, "DSS": true, "Extensions": true, "Metadata": true, "Perms": true, "Version": true, "Pages": true, "PieceInfo": true, "StructTreeRoot": true, "MarkInfo": true, "Lang": true, "Type": true}
	streamAside  = map[name]bool{"Length": true}
	annotAside   = map[name]bool{"P": true, "Parent": true, "Popup": true, "IRT": true, "StructParent": true}
)

func (d *differ) catalogs() {
	if !d.sameDict(d.old.catalog(), d.new.catalog(), catalogAside, 0) {
		d.pages = true
	}
}

func (d *differ) pageTrees() {
	a, b := d.old.pages(), d.new.pages()
	if len(a) != len(b) {
		d.pages = true
	}
	for i := 0; i < len(a) && i < len(b); i++ {
		if !d.sameDict(a[i], b[i], pageAside, 0) {
			d.pages = true
		}
		d.annots(a[i], b[i])
	}
}

func (d *differ) annots(a, b dict) {
	before, _ := d.old.deref(a["Annots"]).(array)
	after, _ := d.new.deref(b["Annots"]).(array)
	for i, o := range after {
		now, ok := d.new.deref(o).(dict)
		if !ok {
			continue
		}
		if i < len(before) {
			if was, ok := d.old.deref(before[i]).(dict); !ok || !d.sameDict(was, now, annotAside, 0) {
				d.noteAnnotation(was, now)
			}
			continue
		}
		d.noteAnnotation(nil, now)
	}
	if len(after) < len(before) {
		d.annotations = true
	}
}

// noteAnnotation: a signature field that is new, or was empty and is signed now, is another signature.
func (d *differ) noteAnnotation(was, now dict) {
	if d.new.fieldType(now) == name("Sig") && (was == nil || d.old.fieldType(was) == name("Sig") && was["V"] == nil) {
		v, signed := d.new.deref(now["V"]).(dict)
		d.signatures = d.signatures || signed && d.new.deref(v["SubFilter"]) != name("ETSI.RFC3161")
		return
	}
	d.annotations = true
}

func (f *file) fieldType(d dict) object {
	for range 10 {
		if ft := f.deref(d["FT"]); ft != nil {
			return ft
		}
		parent, ok := f.deref(d["Parent"]).(dict)
		if !ok {
			return nil
		}
		d = parent
	}
	return nil
}

// pages lists the pages in order, with the attributes they inherit.
func (f *file) pages() []dict {
	var all []dict
	seen := map[int]bool{}
	var walk func(o object, inherited dict, depth int)
	walk = func(o object, inherited dict, depth int) {
		if r, ok := o.(ref); ok {
			if seen[r.num] {
				return
			}
			seen[r.num] = true
		}
		node, ok := f.deref(o).(dict)
		if !ok || depth > maxDepth || len(all) >= maxPages {
			return
		}
		merged := dict{}
		for _, k := range []name{"Resources", "MediaBox", "CropBox", "Rotate"} {
			if v, ok := node[k]; ok {
				merged[k] = v
			} else if v, ok := inherited[k]; ok {
				merged[k] = v
			}
		}
		kids, isTree := f.deref(node["Kids"]).(array)
		if !isTree {
			for k, v := range node {
				merged[k] = v
			}
			all = append(all, merged)
			return
		}
		for _, k := range kids {
			walk(k, merged, depth+1)
		}
	}
	walk(f.catalog()["Pages"], nil, 0)
	return all
}

// same compares two objects to any depth; what cannot be followed to the end within bounds counts as different.
func (d *differ) same(a, b object, depth int) bool {
	if d.steps++; d.steps > maxDiffSteps || depth > 200 {
		return false
	}
	ra, aok := a.(ref)
	rb, bok := b.(ref)
	if aok && bok {
		pair := [2]int{ra.num, rb.num}
		if d.seen[pair] {
			return true
		}
		d.seen[pair] = true
	}
	switch x := d.old.deref(a).(type) {
	case dict:
		y, ok := d.new.deref(b).(dict)
		if x["Type"] == name("Pages") || x["Type"] == name("Page") {
			return ok // compared in the page tree
		}
		return ok && d.sameDict(x, y, annotAside, depth+1)
	case array:
		y, ok := d.new.deref(b).(array)
		if !ok || len(x) != len(y) {
			return false
		}
		for i := range x {
			if !d.same(x[i], y[i], depth+1) {
				return false
			}
		}
		return true
	case *stream:
		y, ok := d.new.deref(b).(*stream)
		return ok && bytes.Equal(x.raw, y.raw) && d.sameDict(x.dict, y.dict, streamAside, depth+1)
	case str:
		y, ok := d.new.deref(b).(str)
		return ok && bytes.Equal(x.b, y.b)
	default:
		return x == d.new.deref(b)
	}
}

func (d *differ) sameDict(a, b dict, aside map[name]bool, depth int) bool {
	for k := range b {
		if _, ok := a[k]; !ok && !aside[k] {
			return false
		}
	}
	for k, v := range a {
		if aside[k] {
			continue
		}
		w, ok := b[k]
		if !ok || !d.same(v, w, depth) {
			return false
		}
	}
	return true
}
