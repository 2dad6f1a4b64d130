package epuap

import (
	"archive/zip"
	"cmp"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"time"

	"okienko/validate/signature/xmldoc"
)

// Archive is an emergency download of a box: a ZIP file with documents and a Deskryptor.xml that lists them
// (EmergencyDownload.xsd). It is the way in when the queue is not.
type Archive struct {
	Entries []Entry  // as the descriptor lists them
	Extra   []string // files it does not list, as the archive names them: nobody knows where they came from
}

// Entry is one document of an Archive.
type Entry struct {
	Name     string // its path in the archive, as the descriptor writes it; never a path here
	document Document
	file     *zip.File
	problem  string // why it cannot be read; "" if it may be
}

// The bounds of an archive. A document is bounded by Config.MaxDocumentBytes.
const (
	maxArchiveFiles = 10_000
	maxDescriptor   = 16 << 20
	descriptorName  = "Deskryptor.xml"
)

// ReadArchive reads the descriptor of an archive; documents are read one by one, by Entry.Document. The error says why the
// archive as a whole is none. r must stay open while entries are read.
func ReadArchive(r io.ReaderAt, size int64) (*Archive, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fmt.Errorf("emergency download: %w", err)
	}
	if len(z.File) > maxArchiveFiles {
		return nil, fmt.Errorf("emergency download: %d files, more than %d", len(z.File), maxArchiveFiles)
	}
	files, err := filesOf(z)
	if err != nil {
		return nil, err
	}
	raw, err := readFile(files.descriptor, maxDescriptor)
	if err != nil {
		return nil, fmt.Errorf("emergency download: %s: %w", descriptorName, err)
	}
	doc, err := xmldoc.Parse(raw, xmldoc.Limits{})
	if err != nil || doc.Element().Local != "Dokumenty" {
		return nil, fmt.Errorf("emergency download: %s is not a list of documents", descriptorName)
	}
	a := &Archive{}
	for _, n := range doc.Element().Elements() {
		if n.Local == "Dokument" {
			a.Entries = append(a.Entries, files.entry(n))
		}
	}
	a.Extra = files.extra()
	return a, nil
}

// archived are the files of an archive by name, and what has become of them.
type archived struct {
	descriptor *zip.File
	order      []string
	byName     map[string][]*zip.File
	listed     map[string]bool
}

func filesOf(z *zip.Reader) (*archived, error) {
	files := &archived{byName: map[string][]*zip.File{}, listed: map[string]bool{}}
	for _, f := range z.File {
		name := plainName(f.Name)
		switch {
		case strings.HasSuffix(name, "/"): // a directory
		case !strings.EqualFold(path.Base(name), descriptorName):
			files.order = append(files.order, name)
			files.byName[name] = append(files.byName[name], f)
		case files.descriptor != nil:
			return nil, fmt.Errorf("emergency download: two files are called %s", descriptorName)
		default:
			files.descriptor = f
		}
	}
	if files.descriptor == nil {
		return nil, fmt.Errorf("emergency download: there is no %s in it", descriptorName)
	}
	return files, nil
}

// plainName is a name as other systems write it: Windows parts with "\", some begin with "./" or "/".
func plainName(s string) string {
	return strings.TrimLeft(strings.TrimPrefix(strings.ReplaceAll(s, `\`, "/"), "./"), "/")
}

// entry reads one Dokument of the descriptor. What it names is looked for from the root and from where the descriptor lies.
func (a *archived) entry(n *xmldoc.Node) Entry {
	e := Entry{Name: text(n, "SciezkaWArchiwum"), document: describedDocument(n)}
	name := plainName(e.Name)
	beside := path.Join(path.Dir(plainName(a.descriptor.Name)), name)
	if len(a.byName[name]) == 0 {
		name = beside
	}
	a.listed[name] = true
	switch found := a.byName[name]; {
	case e.Name == "":
		e.problem = "the descriptor does not say where in the archive it is"
	case len(found) == 0:
		e.problem = "the descriptor lists it, but it is not in the archive"
	case len(found) > 1:
		e.problem = "several files in the archive have this name"
	default:
		e.file = found[0]
	}
	return e
}

func (a *archived) extra() []string {
	var names []string
	for _, name := range a.order {
		if !a.listed[name] {
			names = append(names, name)
		}
	}
	return names
}

// describedDocument is what the descriptor says of a document. Its names are those of the queue's answer, in upper case.
func describedDocument(n *xmldoc.Node) Document {
	party, sender := child(n, "DanePodmiotu"), child(n, "DaneNadawcy")
	d := Document{
		ID: documentID(text(n, "DaneDodatkowe")), Box: text(n, "AdresSkrytki"), ReplyBox: text(n, "AdresOdpowiedzi"),
		SentAt: describedMoment(text(n, "DataNadania")), Name: cmp.Or(text(n, "NazwaPliku"), path.Base(plainName(text(n, "SciezkaWArchiwum")))),
		Party: Party{
			ID: text(party, "Identyfikator"), Kind: text(party, "TypOsoby"), Consent: isTrue(text(party, "Zgoda")),
			Name: strings.TrimSpace(text(party, "ImieSkrot") + " " + text(party, "NazwiskoNazwa")),
			User: text(sender, "Uzytkownik"), System: text(sender, "System"),
		},
	}
	if strings.EqualFold(path.Ext(d.Name), ".xml") {
		d.MediaType = "application/xml"
	}
	return d
}

// describedMoment reads dd.MM.yyyy'T'HH:mm:ss.SSS, the time in Poland.
func describedMoment(s string) time.Time {
	if warsaw, err := time.LoadLocation("Europe/Warsaw"); err == nil {
		if t, err := time.ParseInLocation("02.01.2006T15:04:05", s, warsaw); err == nil {
			return t
		}
	}
	return moment(s)
}

// Box is the address of the box the document was sent to.
func (e Entry) Box() string { return e.document.Box }

// Identified reports whether the platform's identifier of the document is known. Without it, the same document out of the queue
// cannot be told from a second one with the same words.
func (e Entry) Identified() bool { return e.document.ID != "" }

// Document reads the document, of at most limit bytes.
func (e Entry) Document(limit int64) (*Document, error) {
	if e.problem != "" {
		return nil, errors.New(e.problem)
	}
	content, err := readFile(e.file, limit)
	if err != nil {
		return nil, err
	}
	d := e.document
	d.Content = content
	return &d, nil
}

func readFile(f *zip.File, limit int64) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("cannot be taken out: %w", err)
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, fmt.Errorf("cannot be taken out: %w", err)
	}
	if int64(len(b)) > limit {
		return nil, fmt.Errorf("larger than %d bytes", limit)
	}
	return b, nil
}
