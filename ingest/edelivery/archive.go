package edelivery

import (
	"archive/zip"
	"bytes"
	"cmp"
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
	maxArchiveBytes = 2 << 30 // of all files together, unpacked
	maxRatio        = 100     // how much larger than packed a file may be, above a megabyte
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
	BareText    string   `xml:"TrescWiadomosci>NazwaPliku"` // as some write it
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
	a.metryka.Text = cmp.Or(a.metryka.Text, a.metryka.BareText, "TrescWiadomosci.txt")
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
// whole is the archive itself, which is kept as it is. Who wrote and when it was received tells a proof of receipt among its files,
// if it is one a program can read; else the moment of receipt is called what it is, the time of reading. Call close after it was
// accepted.
func (a *Archive) Envelope(source string, whole io.Reader, now time.Time) (e ingest.Envelope, closeAll func() error, err error) {
	m := Message{Metadata: Metadata{MessageID: a.metryka.MessageID, ShippingService: "electronic"}}
	at, by, proof := now, ingest.ByReading, ""
	if d, ok := a.receipt(); ok {
		at, by, proof = d.receivedAt(), ingest.ByProof, strings.TrimSpace("BP.OX "+codeOf(strings.TrimSpace(d.ProofID)))
		d.fill(&m.Metadata)
	}
	text, err := a.small(a.metryka.Text)
	if err == nil {
		m.Text = strings.TrimPrefix(strings.ToValidUTF8(string(text), string(utf8.RuneError)), "\ufeff")
	}
	body, err := json.Marshal(m)
	if err != nil {
		return e, nil, err
	}
	e = ingest.Envelope{
		Source: source, Channel: ingest.EDelivery, Item: archivePrefix + a.metryka.MessageID, Key: a.metryka.MessageID, KeyOnly: true,
		ReceivedAt: at, ReceivedBy: by, Name: "wiadomosc.json", MediaType: MediaType, Body: bytes.NewReader(body),
	}
	var missing []string
	var files []*archived
	var total int64
	for _, p := range a.parts() {
		f := a.find(p.name)
		if f == nil {
			missing = append(missing, "plik")
			continue
		}
		r := &archived{file: f, total: &total}
		files = append(files, r)
		e.Parts = append(e.Parts, ingest.Part{Role: p.role, Name: path.Base(p.name), Body: r})
	}
	e.Parts = append(e.Parts, ingest.Part{Role: roleArchive, Name: "archiwum.zip", MediaType: "application/zip", Body: whole})
	e.Meta = meta(map[string]string{MetaMessage: a.metryka.MessageID, MetaReadAt: now.UTC().Format(time.RFC3339), MetaMissing: strings.Join(missing, " "),
		MetaProof: proof, MetaSender: m.Metadata.From.Address, MetaAddress: addressOf(m.Metadata.To)})
	return e, func() error {
		var errs []error
		for _, f := range files {
			errs = append(errs, f.close())
		}
		return errors.Join(errs...)
	}, nil
}

// receipt finds the earliest proof of receipt of the message that can be read.
func (a *Archive) receipt() (earliest receiptDocument, found bool) {
	for _, p := range a.parts() {
		if p.role != roleEvidence || !strings.HasSuffix(strings.ToLower(p.name), ".xml") {
			continue
		}
		raw, err := a.small(p.name)
		if err != nil {
			continue // it is kept all the same, as far as it can be read
		}
		if d, ok := readReceipt(raw, a.metryka.MessageID); ok && (!found || d.receivedAt().Before(earliest.receivedAt())) {
			earliest, found = d, true
		}
	}
	return earliest, found
}

// fill puts into the head of a message what its proof of receipt says.
func (d receiptDocument) fill(m *Metadata) {
	m.From, _ = d.Sender.party()
	if to, ok := d.Recipient.party(); ok {
		m.To = []Party{to}
	}
	m.SubmissionDate, m.ReceiptDate = Moment{parseMoment(d.Sent)}, Moment{d.receivedAt()}
}

func addressOf(to []Party) string {
	if len(to) == 0 {
		return ""
	}
	return to[0].Address
}

// roleArchive is the role of the archive itself.
const roleArchive = "archive"

type archivePart struct{ role, name string }

// parts are the files the list of contents names, and those it forgot.
func (a *Archive) parts() []archivePart {
	var all []archivePart
	named := []string{"MetrykaArchiwum.xml", path.Base(a.metryka.Text)}
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
	file  *zip.File
	r     io.ReadCloser
	read  int64
	total *int64 // of all files of the archive
}

func (a *archived) Read(p []byte) (n int, err error) {
	if a.r == nil {
		if a.r, err = a.file.Open(); err != nil {
			return 0, err
		}
	}
	n, err = a.r.Read(p)
	a.read += int64(n)
	*a.total += int64(n)
	if *a.total > maxArchiveBytes || a.read > 1<<20 && uint64(a.read) > maxRatio*a.file.CompressedSize64 {
		return n, errors.New("the archive unpacks to more than is allowed")
	}
	return n, err
}

func (a *archived) close() error {
	if a.r == nil {
		return nil
	}
	return a.r.Close()
}
