package read

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/beevik/etree"

	"okienko/ingest"
)

// What is particular to documents that came through ePUAP: big attachments by reference, the wrapper of podpis zaufany around
// other files, proofs, and what the platform itself says of the sender. The keys of Submission.Meta are those the connector
// writes (package epuap).

// isReference reports whether an attachment is a link to a file the platform keeps instead of the file.
func isReference(z *etree.Element) bool {
	return strings.EqualFold(attribute1(z, "kodowanie"), "URI")
}

// reference lists the n-th attachment if it is a link to a file that is not here. One that was fetched is an original of its
// own and listed with the others; where it is not the file the sender attached, the letter says so.
func (w *walker) reference(it item, n int, z *etree.Element) {
	id := fileID(textOf(first(z, "DaneZalacznika")))
	if slices.Contains(strings.Fields(w.meta["zmienione"]), id) && id != "" {
		w.problem(0, ingest.ProblemMalformed, "attachment "+strconv.Itoa(n)+" by reference is not the file the sender attached: its MD5 differs")
	}
	if slices.Contains(strings.Fields(w.meta["niepotwierdzone"]), id) && id != "" {
		w.problem(0, ingest.ProblemSuspicious, "attachment "+strconv.Itoa(n)+" by reference came in an answer that the platform did not sign")
	}
	if it.id == "0" && id != "" && slices.Contains(strings.Fields(w.meta["pobrane"]), id) {
		return
	}
	child := it.child(n, attachmentName(z), nil)
	if it.id == "0" {
		child.id = child.id[len("0."):]
	}
	w.listOnly(child, 0, ingest.ProblemUnreadable, "an attachment by reference; the file is not here")
}

// fileID is the identifier in a link to a big attachment.
func fileID(link string) string {
	if _, after, ok := strings.Cut(link, "fileId="); ok {
		link, _, _ = strings.Cut(after, "&")
	}
	return strings.TrimSpace(link)
}

// trustedWrapper is part of the namespace of the documents podpis zaufany puts around files that are no XML.
const trustedWrapper = "/podpisanyPlik/"

// wrappedName undoes the base64 that wrapper may put around file names. A name that decodes to nothing sensible is a name.
func wrappedName(z *etree.Element, name string) string {
	root := z
	for root.Parent() != nil && root.Parent().Tag != "" {
		root = root.Parent()
	}
	if !strings.Contains(root.NamespaceURI(), trustedWrapper) {
		return name
	}
	plain, err := base64.StdEncoding.DecodeString(name)
	if err != nil || len(plain) == 0 || !utf8.Valid(plain) || strings.ContainsFunc(string(plain), unicode.IsControl) {
		return name
	}
	return string(plain)
}

// platformHead completes the head of a letter by what the platform said, which no text in the document can outweigh: answers go
// to the box the sender's account named, and nowhere if it named none.
func platformHead(l *ingest.Letter, root *etree.Element, meta map[string]string) {
	if kind, id := proof(root); kind != "" {
		l.Subject = strings.TrimSpace(kind + " " + id)
	}
	if meta["adresSkrytki"] == "" {
		return
	}
	l.From.Address = meta["adresOdpowiedzi"]
	l.To = []string{strings.ToLower(meta["adresSkrytki"])}
	if l.From.Name == "" {
		l.From.Name = meta["podmiotNazwa"]
	}
	if meta["czyTestowe"] == "true" {
		l.Subject = "[TEST] " + l.Subject
	}
}

// upoNamespace is that of proofs of submission and of delivery (urzędowe poświadczenia).
const upoNamespace = "http://crd.gov.pl/xml/schematy/UPO/"

// proof tells whether a document is a UPP or UPD, and its identifier.
func proof(root *etree.Element) (kind, id string) {
	if !strings.HasPrefix(root.NamespaceURI(), upoNamespace) {
		return "", ""
	}
	for tag, name := range map[string]string{"UPP": "Urzędowe poświadczenie przedłożenia", "UPD": "Urzędowe poświadczenie doręczenia"} {
		if e := root.SelectElement(tag); e != nil {
			return name, textOf(first(e, "IdentyfikatorPoswiadczenia"))
		}
	}
	return "Urzędowe poświadczenie odbioru", ""
}

// structure reports where a document of the frame of crd.gov.pl lacks what an office needs of it, with the place. The letter
// is read all the same.
func (w *walker) structure(at int, root *etree.Element) {
	if root.Tag != "Dokument" || !strings.HasPrefix(root.NamespaceURI(), "http://crd.gov.pl/wzor/") {
		return
	}
	for _, path := range [][]string{{"DaneDokumentu"}, {"DaneDokumentu", "Nadawcy"}, {"TrescDokumentu"}} {
		if !holds(root, path) {
			w.problem(at, ingest.ProblemMalformed, "/Dokument/"+strings.Join(path, "/")+" is missing")
		}
	}
	for i, z := range elements(root, "Zalacznik") {
		if first(z, "DaneZalacznika") == nil {
			w.problem(at, ingest.ProblemMalformed, "Zalacznik["+strconv.Itoa(i+1)+"]/DaneZalacznika is missing")
		}
		if k := attribute1(z, "kodowanie"); k != "" && !strings.EqualFold(k, "base64") && !isReference(z) {
			w.problem(at, ingest.ProblemMalformed, "Zalacznik["+strconv.Itoa(i+1)+"]/@kodowanie is neither base64 nor URI")
		}
	}
}

func holds(e *etree.Element, path []string) bool {
	for _, tag := range path {
		if e = e.SelectElement(tag); e == nil {
			return false
		}
	}
	return true
}
