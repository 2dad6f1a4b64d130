package pades

import (
	"bytes"
)

// field is one signature value: the dictionary of ISO 32000-1 section 12.8.1 and the field it belongs to.
type field struct {
	label string // the field's partial name
	num   int    // object number of the dictionary, 0 if direct
	dict  dict
}

// fields returns the signature dictionaries of the form. A dictionary several fields share is one signature. Where the form
// leads nowhere although the file mentions signatures, the objects are looked up without the cross-reference table.
func (f *file) fields() []field {
	found := f.formFields()
	if len(found) > 0 || !bytes.Contains(f.buf, []byte("ByteRange")) {
		return found
	}
	if !f.rebuilt && !f.encrypted && f.catalog()["AcroForm"] == nil {
		return nil // the form was taken away by a later revision, or never there
	}
	if !f.rebuilt {
		f.rebuild()
		found = f.formFields()
	}
	if len(found) == 0 && (f.trailer["Encrypt"] != nil || f.catalog() == nil) {
		found = f.scan()
	}
	return found
}

func (f *file) formFields() []field {
	var found []field
	seen := map[int]bool{}
	form, _ := f.deref(f.catalog()["AcroForm"]).(dict)
	list, _ := f.deref(form["Fields"]).(array)
	for _, o := range list {
		f.walk(o, nil, "", 0, seen, &found)
	}
	return found
}

// walk descends the field tree; FT and V are inheritable.
func (f *file) walk(o object, inherited object, label string, depth int, seen map[int]bool, found *[]field) {
	if r, ok := o.(ref); ok {
		if seen[r.num] {
			return
		}
		seen[r.num] = true
	}
	d, ok := f.deref(o).(dict)
	if !ok || depth > maxDepth || len(*found) > maxSignatures {
		return
	}
	ft := f.deref(d["FT"])
	if ft == nil {
		ft = inherited
	}
	if t, ok := f.deref(d["T"]).(str); ok {
		label = text(t.b)
	}
	if v, ok := f.deref(d["V"]).(dict); ok && ft == name("Sig") {
		num := 0
		if r, ok := d["V"].(ref); ok {
			num = r.num
		}
		if num == 0 || !has(*found, num) {
			*found = append(*found, field{label: label, num: num, dict: v})
		}
	}
	kids, _ := f.deref(d["Kids"]).(array)
	for _, k := range kids {
		f.walk(k, ft, label, depth+1, seen, found)
	}
}

func has(list []field, num int) bool {
	for _, f := range list {
		if f.num == num {
			return true
		}
	}
	return false
}

// scan looks for signature dictionaries among all plain objects, where the form cannot be reached: in encrypted files its
// way may lead through encrypted streams, while signature dictionaries are never encrypted as a whole.
func (f *file) scan() []field {
	var found []field
	for _, n := range f.numbers() {
		d, ok := f.get(n).(dict)
		if ok && d["ByteRange"] != nil && d["Contents"] != nil && len(found) < maxSignatures {
			found = append(found, field{num: n, dict: d})
		}
	}
	return found
}

func (f *file) numbers() []int {
	nums := make([]int, 0, len(f.entries))
	for n := range f.entries {
		nums = append(nums, n)
	}
	sortInts(nums)
	return nums
}

// byteRange is a checked /ByteRange: [0,b) and [c,c+d) of the file.
type byteRange struct{ b, c, d int }

// rangeOf reads and checks the byte range of a signature dictionary: it begins with the file, lies within it, and leaves
// out exactly this dictionary's /Contents, so that nothing else can hide in the gap.
func (f *file) rangeOf(d dict) (byteRange, str, string) {
	contents, ok := f.deref(d["Contents"]).(str)
	if !ok {
		return byteRange{}, contents, "the signature dictionary has no contents"
	}
	a, ok := f.deref(d["ByteRange"]).(array)
	if !ok || len(a) != 4 {
		return byteRange{}, contents, "the byte range is not four numbers"
	}
	var v [4]int
	for i := range a {
		n, ok := f.deref(a[i]).(float64)
		if !ok || n != float64(int(n)) {
			return byteRange{}, contents, "the byte range is not four numbers"
		}
		v[i] = int(n)
	}
	r := byteRange{v[1], v[2], v[3]}
	switch {
	case v[0] != 0 || r.b <= 0 || r.c < r.b || r.d < 0 || r.c > len(f.buf) || r.d > len(f.buf)-r.c:
		return r, contents, "the byte range does not fit the file"
	case !contents.hex || !f.gapIs(r, contents) && !f.gapEquals(r, contents):
		return r, contents, "the gap of the byte range is not this signature's contents"
	}
	return r, contents, ""
}

// gapIs tolerates blanks beside the string, nothing else.
func (f *file) gapIs(r byteRange, s str) bool {
	return s.start >= r.b && s.end <= r.c && len(bytes.TrimSpace(f.buf[r.b:s.start])) == 0 && len(bytes.TrimSpace(f.buf[s.end:r.c])) == 0
}

// gapEquals reports whether the gap holds the same octets as s although s stands elsewhere: the dictionary was written again
// in a later revision. The signature then holds, but nothing the new dictionary says was signed.
func (f *file) gapEquals(r byteRange, s str) bool {
	budget := 1
	l := lexer{buf: bytes.TrimSpace(f.buf[r.b:r.c]), budget: &budget}
	o, err := l.object(0)
	gap, ok := o.(str)
	return err == nil && ok && gap.hex && l.pos == len(l.buf) && bytes.Equal(gap.b, s.b)
}
