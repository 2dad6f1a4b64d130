package edelivery

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// Message is a message of the mailbox as User Agent API 3.0.8 describes it, as far as an office needs it.
type Message struct {
	Control     Control      `json:"messageControlData"`
	Metadata    Metadata     `json:"messageMetadata"`
	Text        string       `json:"textBody,omitempty"`
	Attachments []Attachment `json:"attachments,omitempty"`
	Evidences   []Evidence   `json:"evidences,omitempty"`
}

// Control is what the mailbox knows of a message.
type Control struct {
	Opened            bool    `json:"opened"`
	Status            string  `json:"status,omitempty"`
	StatusDescription string  `json:"statusDescription,omitempty"`
	Type              string  `json:"messageType,omitempty"`
	Labels            []Label `json:"labels,omitempty"`
}

// Label is a folder a message lies in.
type Label struct {
	Label string `json:"label"`
}

// The types of message that are no letters.
const (
	typeEvidence = "Evidence"
	typeGroup    = "massMessageGrouped"
)

// Metadata is the head of a message. Moments are zero where they are absent or make no sense.
type Metadata struct {
	From            Party   `json:"from"`
	To              []Party `json:"to"`
	Subject         string  `json:"subject,omitempty"`
	MessageID       string  `json:"messageId,omitempty"`
	RefToMessageID  string  `json:"refToMessageId,omitempty"` // the message it answers
	ThreadID        string  `json:"threadId,omitempty"`
	CaseID          string  `json:"caseId,omitempty"`
	Timestamp       Moment  `json:"timestamp,omitzero"`
	SubmissionDate  Moment  `json:"submissionDate,omitzero"` // M03 of evidence A.1
	EventDate       Moment  `json:"eventDate,omitzero"`      // G05 of evidence A.1
	ReceiptDate     Moment  `json:"receiptDate,omitzero"`    // of the business proof of receipt
	ShippingService string  `json:"shippingService"`
}

// Party is a sender or an addressee.
type Party struct {
	Address     string       `json:"eDeliveryAddress,omitempty"`
	Contributor *Contributor `json:"contributor,omitempty"`
}

// Contributor is the name that belongs to an address.
type Contributor struct {
	FirstName   string `json:"firstName,omitempty"`
	LastName    string `json:"lastName,omitempty"`
	CompanyName string `json:"companyName,omitempty"`
}

// Name is how the platform names a party; "".
func (p Party) Name() string {
	if p.Contributor == nil {
		return ""
	}
	person := strings.TrimSpace(p.Contributor.FirstName + " " + p.Contributor.LastName)
	return strings.TrimSpace(strings.Join([]string{p.Contributor.CompanyName, person}, " "))
}

// Attachment is a file of a message, or what is known of it.
type Attachment struct {
	Order        int      `json:"order,omitempty"`
	AttachmentID string   `json:"attachmentId,omitempty"`
	File         FileData `json:"file"`
}

// FileData is a file with what is known of it.
type FileData struct {
	Metadata FileMetadata `json:"fileMetadata"`
	File     string       `json:"file,omitempty"` // base64; "" where only the metadata are told
}

// FileMetadata describes a file.
type FileMetadata struct {
	FileID      string `json:"fileId"`
	Filename    string `json:"filename,omitempty"`
	ContentType string `json:"contentType,omitempty"`
	Size        int64  `json:"size,omitempty"` // bytes; 0: not told
}

// ID is what the attachment is asked for by.
func (a Attachment) ID() string {
	if a.AttachmentID != "" {
		return a.AttachmentID
	}
	return a.File.Metadata.FileID
}

// Evidence is a proof the platform issued about a message.
type Evidence struct {
	EvidenceID    string   `json:"evidenceId"`
	MessageID     string   `json:"messageId"`
	Type          string   `json:"type,omitempty"` // A.1 … BP.OP, with or without the dot
	EventDate     Moment   `json:"eventDate,omitzero"`
	CreateDate    Moment   `json:"createDate,omitzero"`
	ReasonID      string   `json:"reasonId,omitempty"`
	ReasonDetails []string `json:"reasonDetails,omitempty"`
}

// Kind is the type of an evidence without the dot, which some answers leave out: "A1", "BPOX".
func (e Evidence) Kind() string { return strings.ReplaceAll(strings.ToUpper(e.Type), ".", "") }

// OfReceipt reports whether it is the business proof of receipt (dowód otrzymania), as XML or as PDF: the date that counts
// (ustawa o doręczeniach elektronicznych art. 41 and 42).
func (e Evidence) OfReceipt() bool { return e.Kind() == "BPOX" || e.Kind() == "BPOP" }

// Receipt returns the earliest proof of receipt that tells its moment.
func Receipt(all []Evidence) (Evidence, bool) {
	var proofs []Evidence
	for _, e := range all {
		if e.OfReceipt() && !e.EventDate.IsZero() {
			proofs = append(proofs, e)
		}
	}
	if len(proofs) == 0 {
		return Evidence{}, false
	}
	return slices.MinFunc(proofs, func(a, b Evidence) int { return a.EventDate.Compare(b.EventDate.Time) }), true
}

// Moment is a date-time of the contract. What cannot be read is the zero time: no date is better than a wrong one, and a
// message is not lost for it. Without a zone it is the time in Poland.
type Moment struct{ time.Time }

// UnmarshalJSON never fails.
func (m *Moment) UnmarshalJSON(raw []byte) error {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		s = ""
	}
	m.Time = parseMoment(s)
	return nil
}

// parseMoment reads a date-time; zero if it is none.
func parseMoment(s string) time.Time {
	s = strings.TrimSpace(s)
	if t, err := time.Parse(time.RFC3339Nano, s); err == nil {
		return t.UTC()
	}
	warsaw, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		return time.Time{}
	}
	t, err := time.ParseInLocation("2006-01-02T15:04:05.999999999", s, warsaw)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}
