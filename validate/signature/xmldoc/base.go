package xmldoc

import "strings"

// joinBase puts the xml:base that holds at an element whose ancestors are omitted among its attributes (C14N 1.1 section
// 2.4 and appendix A). bases are the omitted ancestors' values, nearest first.
func joinBase(own []Attr, bases []string) []Attr {
	at, value := -1, ""
	for i, a := range own {
		if a.Space == XMLSpace && a.Local == "base" {
			at, value = i, a.Value
		}
	}
	for _, b := range bases {
		value = joinURI(b, value)
	}
	switch {
	case value == "" && at >= 0:
		return append(own[:at:at], own[at+1:]...)
	case value == "":
		return own
	case at >= 0:
		own[at].Value = value
		return own
	}
	return append(own, Attr{Prefix: "xml", Local: "base", Space: XMLSpace, Value: value})
}

// joinURI resolves ref against base as RFC 3986 section 5.2 does, with the changes of C14N 1.1: base may be relative, and
// leading ".." segments stay.
func joinURI(base, ref string) string {
	if ref == "" {
		base, _, _ = strings.Cut(base, "#")
		return base
	}
	if strings.HasSuffix(base, "..") {
		base += "/"
	}
	rs, ra, rp, rq := splitURI(ref)
	bs, ba, bp, bq := splitURI(base)
	switch {
	case rs != "":
		return rs + ra + removeDots(rp) + rq
	case ra != "":
		return bs + ra + removeDots(rp) + rq
	case rp == "":
		if rq == "" {
			rq = bq
		}
		return bs + ba + bp + rq
	case strings.HasPrefix(rp, "/"):
		return bs + ba + removeDots(rp) + rq
	}
	if ba != "" && bp == "" {
		return bs + ba + removeDots("/"+rp) + rq
	}
	return bs + ba + removeDots(bp[:strings.LastIndexByte(bp, '/')+1]+rp) + rq
}

// splitURI returns "scheme:", "//authority", the path and "?query"; a fragment is dropped.
func splitURI(u string) (scheme, authority, path, query string) {
	u, _, _ = strings.Cut(u, "#")
	if i := strings.IndexAny(u, ":/?"); i > 0 && u[i] == ':' {
		scheme, u = u[:i+1], u[i+1:]
	}
	if i := strings.IndexByte(u, '?'); i >= 0 {
		u, query = u[:i], u[i:]
	}
	if strings.HasPrefix(u, "//") {
		end := strings.IndexByte(u[2:], '/')
		if end < 0 {
			return scheme, u, "", query
		}
		authority, u = u[:2+end], u[2+end:]
	}
	return scheme, authority, u, query
}

func removeDots(path string) string {
	rooted := strings.HasPrefix(path, "/")
	var out []string
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	for i, s := range segments {
		last := i == len(segments)-1
		switch {
		case s == "" && !last: // "//" counts as "/"
		case s == ".":
			if last {
				out = append(out, "")
			}
		case s == ".." && len(out) > 0 && out[len(out)-1] != "..":
			out = out[:len(out)-1]
			if last {
				out = append(out, "")
			}
		case s == ".." && rooted:
		default:
			out = append(out, s)
		}
	}
	joined := strings.Join(out, "/")
	if rooted {
		return "/" + joined
	}
	return joined
}
