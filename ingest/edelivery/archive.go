package edelivery

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"okienko/ingest"
)

// archivePrefix begins the items of the ledger that came as a message archive, by hand: the mailbox does not know them.
const archivePrefix = "archive:"

func isArchive(item string) bool { return strings.HasPrefix(item, archivePrefix) }

// The limits of a message archive.
const (
	maxArchiveFiles = 1000
	maxMetryka      = 4 << 20
	maxArchiveFile  = 600 << 20
)

// errNoArchive wraps everything that is wrong with a file that should be a message archive.
var errNoArchive = errors.New("it is no message archive of e-Doręczenia")

// Archive is a message as a person downloads it: a ZIP with MetrykaArchiwum.xml, the text, the attachments and the proofs.
type Archive struct {
	zip     *zip.Reader
	metryka metryka
}

// metryka is MetrykaArchiwum.xml, by local names: its namespace is not published.
type metryka struct {
	XMLName     xml.Name `xml:"SpecyfikacjaArchiwum"`
	CreatedAt   string   `xml:"DataUtworzenia"`
	MessageID   string   `xml:"IdentyfikatorWiadomosci"`
	Attachments []string `xml:"DaneZalaczniki>Plik>NazwaPliku"`
	Text        string   `xml:"TrescWiadomosci>Plik>NazwaPliku"`
	Technical   []string `xml:"DowodTechniczny>Plik>NazwaPliku"`
	Business    []string `xml:"PotwierdzeniaBiznesowe>Plik>NazwaPliku"`
}

// OpenArchive reads the list of contents. An error says what is wrong with the file.
func OpenArchive(r io.ReaderAt, size int64) (*Archive, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errNoArchive, err)
	}
	if len(z.File) > maxArchiveFiles {
		return nil, fmt.Errorf("%w: it holds %d files, at most %d are read", errNoArchive, len(z.File), maxArchiveFiles)
	}
	a := &Archive{zip: z}
	raw, err := a.small("MetrykaArchiwum.xml")
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errNoArchive, err)
	}
	if err := xml.Unmarshal(raw, &a.metryka); err != nil {
		return nil, fmt.Errorf("%w: MetrykaArchiwum.xml: %w", errNoArchive, err)
	}
	id := strings.TrimSpace(a.metryka.MessageID)
	if id == "" || len(id) > 300 || strings.ContainsFunc(id, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return nil, fmt.Errorf("%w: MetrykaArchiwum.xml names no message", errNoArchive)
	}
	a.metryka.MessageID = id
	return a, nil
}

// MessageID is the message's identity, the same as in the mailbox.
func (a *Archive) MessageID() string { return a.metryka.MessageID }

// find returns a file by its name; a name inside an archive is a label and never a path.
func (a *Archive) find(name string) *zip.File {
	for _, f := range a.zip.File {
		if path.Base(strings.ReplaceAll(f.Name, `\`, "/")) == path.Base(strings.ReplaceAll(name, `\`, "/")) && !f.FileInfo().IsDir() {
			return f
		}
	}
	return nil
}

// small reads a file that belongs in memory.
func (a *Archive) small(name string) ([]byte, error) {
	f := a.find(name)
	if f == nil {
		return nil, fmt.Errorf("%s is missing", name)
	}
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	defer r.Close()
	return readAll(r, maxMetryka)
}

// Envelope is the message as a Source of that name would offer it, so that the same message is one case whichever way it comes.
// whole is the archive itself, which is kept as it is. The archive tells neither who wrote nor when it was received: its proofs
// do, for a person, and the moment of receipt is called what it is, the time of reading. Call close after it was accepted.
func (a *Archive) Envelope(source string, whole io.Reader, now time.Time) (e ingest.Envelope, closeAll func() error, err error) {
	m := Message{Metadata: Metadata{MessageID: a.metryka.MessageID, ShippingService: "electronic"}}
	text, err := a.small(firstOf(a.metryka.Text, "TrescWiadomosci.txt"))
	if err == nil {
		m.Text = strings.TrimPrefix(strings.ToValidUTF8(string(text), string(utf8.RuneError)), "\ufeff")
	}
	body, err := json.Marshal(m)
	if err != nil {
		return e, nil, err
	}
	e = ingest.Envelope{
		Source: source, Channel: ingest.EDelivery, Item: archivePrefix + a.metryka.MessageID, Key: a.metryka.MessageID, KeyOnly: true,
		ReceivedAt: now, ReceivedBy: ingest.ByReading, Name: "wiadomosc.json", MediaType: MediaType, Body: bytes.NewReader(body),
	}
	var missing []string
	var files []*archived
	for _, p := range a.parts() {
		f := a.find(p.name)
		if f == nil {
			missing = append(missing, "plik")
			continue
		}
		r := &archived{file: f}
		files = append(files, r)
		e.Parts = append(e.Parts, ingest.Part{Role: p.role, Name: path.Base(p.name), Body: r})
	}
	e.Parts = append(e.Parts, ingest.Part{Role: roleArchive, Name: "archiwum.zip", MediaType: "application/zip", Body: whole})
	e.Meta = meta(map[string]string{MetaMessage: a.metryka.MessageID, MetaReadAt: now.UTC().Format(time.RFC3339), MetaMissing: strings.Join(missing, " ")})
	return e, func() error {
		var errs []error
		for _, f := range files {
			errs = append(errs, f.close())
		}
		return errors.Join(errs...)
	}, nil
}

// roleArchive is the role of the archive itself.
const roleArchive = "archive"

type archivePart struct{ role, name string }

// parts are the files the list of contents names, and those it forgot.
func (a *Archive) parts() []archivePart {
	var all []archivePart
	named := []string{"MetrykaArchiwum.xml", path.Base(firstOf(a.metryka.Text, "TrescWiadomosci.txt"))}
	add := func(role string, names ...string) {
		for _, name := range names {
			all = append(all, archivePart{role, name})
			named = append(named, path.Base(name))
		}
	}
	add(roleAttachment, a.metryka.Attachments...)
	add(roleEvidence, slices.Concat(a.metryka.Technical, a.metryka.Business)...)
	for _, f := range a.zip.File {
		if name := path.Base(strings.ReplaceAll(f.Name, `\`, "/")); !slices.Contains(named, name) && !f.FileInfo().IsDir() {
			add(forgotten(name), name)
		}
	}
	return all
}

// forgotten tells by its name what a file is that the list of contents does not name. Where in doubt it is the sender's.
func forgotten(name string) string {
	for _, prefix := range []string{"BPWP", "BPOP", "BPWX", "BPOX", "DowodTechniczny", "PodgladWiadomosci"} {
		if strings.HasPrefix(name, prefix) {
			return roleEvidence
		}
	}
	return roleAttachment
}

// archived is a file of the archive as a stream, opened when it is first read.
type archived struct {
	file *zip.File
	r    io.ReadCloser
	read int64
}

func (a *archived) Read(p []byte) (n int, err error) {
	if a.r == nil {
		if a.r, err = a.file.Open(); err != nil {
			return 0, err
		}
	}
	n, err = a.r.Read(p)
	if a.read += int64(n); a.read > maxArchiveFile {
		return n, errors.New("a file in the archive is larger than allowed")
	}
	return n, err
}

func (a *archived) close() error {
	if a.r == nil {
		return nil
	}
	return a.r.Close()
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
