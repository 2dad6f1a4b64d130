package edeliverytest

import (
	"cmp"
	"fmt"
	"io"
	"time"

	"okienko/ingest/edelivery"
	"okienko/validate/signature/signaturetest"
)

// Letter is what a resident sends to the office.
type Letter struct {
	From, Name string // address and name of the sender
	To         string // "": Address
	Subject    string
	Text       string
	Ref        string // id of the message it answers; its thread and case are taken over
	Files      []File
	At         time.Time // when it was sent and arrived; zero: now
	Unproved   bool      // the platform issues no proof of receipt
}

// File is an attachment. Size without Content makes one of that many bytes, without holding them.
type File struct {
	Name, MediaType string
	Content         []byte
	Size            int64
}

func (f File) size() int64 {
	if f.Content != nil {
		return int64(len(f.Content))
	}
	return f.Size
}

// write streams the first n bytes.
func (f File) write(w io.Writer, n int64) error {
	if f.Content != nil {
		_, err := w.Write(f.Content[:n])
		return err
	}
	block := make([]byte, 64<<10)
	for i := range block {
		block[i] = byte('a' + i%26)
	}
	for n > 0 {
		k := min(n, int64(len(block)))
		if _, err := w.Write(block[:k]); err != nil {
			return err
		}
		n -= k
	}
	return nil
}

// message is one message in a mailbox of the office.
type message struct {
	box      string // whose mailbox
	data     edelivery.Message
	files    map[string]File
	proofs   map[string][]byte // files of the evidences
	reads    int               // full reads answered 202 so far
	unproved bool
	outgoing *outgoing // nil: it came in
	removed  bool
}

// Deliver puts letters into the office's mailbox and returns their ids.
func (s *Server) Deliver(letters ...Letter) ([]string, error) {
	var ids []string
	for _, l := range letters {
		id, err := s.deliver(l)
		if err != nil {
			return ids, err
		}
		ids = append(ids, id)
	}
	for i, l := range letters {
		s.tell(cmp.Or(l.To, Address), ids[i])
	}
	return ids, nil
}

func (s *Server) deliver(l Letter) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if l.At.IsZero() {
		l.At = s.now()
	}
	if l.To == "" {
		l.To = Address
	}
	id := s.id("wiad")
	at := edelivery.Moment{Time: l.At}
	m := &message{box: l.To, files: map[string]File{}, proofs: map[string][]byte{}, unproved: l.Unproved}
	m.data.Control = edelivery.Control{Type: "Message", Status: "Doręczona", Labels: []edelivery.Label{{Label: "INBOX"}}}
	m.data.Metadata = edelivery.Metadata{
		From: party(l.From, l.Name), To: []edelivery.Party{party(l.To, "Urząd TEST")}, Subject: l.Subject, MessageID: id, ThreadID: "watek-" + id,
		Timestamp: at, SubmissionDate: at, EventDate: at, ShippingService: "electronic",
	}
	s.answering(&m.data.Metadata, l.Ref)
	m.data.Text = l.Text
	for i, f := range l.Files {
		m.attach(i, f)
	}
	s.messages = append(s.messages, m)
	for _, kind := range []string{"A.1", "E.1", "BP.OX"} {
		if kind == "BP.OX" && l.Unproved {
			continue
		}
		if err := s.prove(m, kind, l.At); err != nil {
			return "", err
		}
	}
	if !l.Unproved {
		m.data.Metadata.ReceiptDate = at
	}
	return id, nil
}

// answering takes over thread and case of the message that is answered.
func (s *Server) answering(m *edelivery.Metadata, ref string) {
	m.RefToMessageID = ref
	for _, other := range s.messages {
		if ref != "" && other.data.Metadata.MessageID == ref {
			m.ThreadID, m.CaseID = other.data.Metadata.ThreadID, other.data.Metadata.CaseID
		}
	}
}

func party(address, name string) edelivery.Party {
	p := edelivery.Party{Address: address}
	if name != "" {
		p.Contributor = &edelivery.Contributor{CompanyName: name}
	}
	return p
}

func (m *message) attach(i int, f File) {
	id := fmt.Sprintf("zal-%s-%d", m.data.Metadata.MessageID, i+1)
	m.files[id] = f
	m.data.Attachments = append(m.data.Attachments, edelivery.Attachment{
		Order: i + 1, AttachmentID: id,
		File: edelivery.FileData{Metadata: edelivery.FileMetadata{FileID: id, Filename: f.Name, ContentType: f.MediaType, Size: f.size()}},
	})
}

// prove issues an evidence with its sealed file.
func (s *Server) prove(m *message, kind string, at time.Time) error {
	id := s.id("dowod")
	raw, err := s.proof(m, kind, id, at)
	if err != nil {
		return err
	}
	m.proofs[id] = raw
	m.data.Evidences = append(m.data.Evidences, edelivery.Evidence{
		EvidenceID: id, MessageID: m.data.Metadata.MessageID, Type: kind, EventDate: edelivery.Moment{Time: at}, CreateDate: edelivery.Moment{Time: at},
	})
	return nil
}

// proof is the sealed file of an evidence. Its form is made up.
func (s *Server) proof(m *message, kind, id string, at time.Time) ([]byte, error) {
	doc := `<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<Dowod xmlns="urn:okienko:symulator:dowod"><Rodzaj>` + kind + `</Rodzaj><Identyfikator>` + id +
		`</Identyfikator><IdentyfikatorWiadomosci>` + m.data.Metadata.MessageID + `</IdentyfikatorWiadomosci><DataZdarzenia>` + at.UTC().Format(time.RFC3339Nano) + `</DataZdarzenia></Dowod>`
	return signaturetest.XAdES{Time: at, ID: "d" + id}.Sign([]byte(doc), s.Seal)
}

// Open marks a message as read by somebody else, and Remove deletes it.
func (s *Server) Open(id string) { s.change(id, func(m *message) { m.data.Control.Opened = true }) }

// Remove deletes a message from the mailbox.
func (s *Server) Remove(id string) { s.change(id, func(m *message) { m.removed = true }) }

// Prove issues the proof of receipt of a message that came without.
func (s *Server) Prove(id string, at time.Time) error {
	var err error
	s.change(id, func(m *message) { err = s.prove(m, "BP.OX", at) })
	return err
}

func (s *Server) change(id string, f func(*message)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.messages {
		if m.data.Metadata.MessageID == id {
			f(m)
		}
	}
}
