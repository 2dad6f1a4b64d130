package epuap

import (
	"regexp"
	"strings"

	"okienko/validate/signature/xmldoc"
)

// Reference is a big attachment a document names instead of holding it (kodowanie="URI"): a file in the platform's FileRepo.
type Reference struct {
	FileID    string
	Name      string // nazwaPliku
	MediaType string // format
	// MD5 is the hash the sender's form wrote beside it, 32 hexadecimal digits, lower case; "" if it did not. It stands inside
	// what the sender signed, so it ties the file to the signature.
	MD5 string
}

// maxReferences bounds what one document may make us fetch.
const maxReferences = 100

var (
	fileIDForm = regexp.MustCompile(`^[A-Za-z0-9_.:-]{1,200}$`)
	md5Form    = regexp.MustCompile(`^[0-9a-f]{32}$`)
)

// References finds them in a document, in document order, each file once. What is no XML names none. Only the identifier of
// the file is taken from the document, never the address: files come from the configured service alone.
func References(content []byte) []Reference {
	doc, err := xmldoc.Parse(content, xmldoc.Limits{})
	if err != nil {
		return nil
	}
	var all []Reference
	seen := map[string]bool{}
	for _, n := range doc.Nodes {
		if n.Kind != xmldoc.Element || n.Local != "Zalacznik" || !strings.EqualFold(n.Value("kodowanie"), "URI") {
			continue
		}
		r := Reference{FileID: FileID(text(n, "DaneZalacznika")), Name: strings.TrimSpace(n.Value("nazwaPliku")), MediaType: n.Value("format")}
		if md5 := strings.ToLower(text(n, "OpisZalacznika")); md5Form.MatchString(md5) {
			r.MD5 = md5
		}
		if r.FileID != "" && !seen[r.FileID] && len(all) < maxReferences {
			seen[r.FileID] = true
			all = append(all, r)
		}
	}
	return all
}

// FileID is what follows "fileId=" in a link, or the bare identifier; "" if it is neither.
func FileID(link string) string {
	link = strings.TrimSpace(link)
	if _, after, ok := strings.Cut(link, "fileId="); ok {
		link, _, _ = strings.Cut(after, "&")
	}
	if !fileIDForm.MatchString(link) {
		return ""
	}
	return link
}
