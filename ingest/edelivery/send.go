package edelivery

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"time"
	"unicode/utf8"
)

// MaxText is how many characters the text of a message may have.
const MaxText = 5000

// Outgoing is a letter to send.
type Outgoing struct {
	To       string // address
	Subject  string
	Text     string // at most MaxText characters
	CaseID   string // the office's reference; ""
	ThreadID string // of the message it answers; ""
	Ref      string // messageId of the message it answers; ""
	Files    []OutgoingFile
}

// OutgoingFile is an attachment of a letter.
type OutgoingFile struct {
	Name, MediaType string
	Content         []byte
}

// Send gives a letter to the platform, which answers with a task before anything is delivered: ask Task what became of it. Every
// error is an *Error, which tells whether the letter may be on its way all the same.
func (c *Client) Send(ctx context.Context, o Outgoing) (taskID string, err error) {
	if utf8.RuneCountInString(o.Text) > MaxText {
		return "", &Error{Kind: Local, Reason: "sending a letter: its text is too long for a message"}
	}
	raw, err := json.Marshal(c.message(o))
	if err != nil {
		return "", &Error{Kind: Local, Reason: "sending a letter: it cannot be written", cause: err}
	}
	var answer struct {
		TaskID string `json:"messageTaskId"`
	}
	_, err = c.call(ctx, "sending a letter", outgoing{
		method: http.MethodPost, url: c.path(c.cfg.UAURL, nil, "messages"), media: "application/json", body: raw, once: true,
	}, &answer)
	if err != nil {
		return "", err
	}
	if answer.TaskID == "" {
		return "", &Error{Kind: Garbled, Reason: "sending a letter: the answer names no task", MayHaveArrived: true}
	}
	return answer.TaskID, nil
}

// message is the letter in the form of the contract. The hash of a file is left out: the contract does not say of what.
func (c *Client) message(o Outgoing) any {
	type sent struct {
		Metadata    Metadata     `json:"messageMetadata"`
		Text        string       `json:"textBody"`
		Attachments []Attachment `json:"attachments,omitempty"`
	}
	m := sent{Text: o.Text, Metadata: Metadata{
		From: Party{Address: c.cfg.Address}, To: []Party{{Address: o.To}}, Subject: o.Subject,
		CaseID: o.CaseID, ThreadID: o.ThreadID, RefToMessageID: o.Ref, ShippingService: "electronic",
	}}
	for i, f := range o.Files {
		about := FileMetadata{FileID: rand.Text(), Filename: f.Name, ContentType: f.MediaType, Size: int64(len(f.Content))}
		m.Attachments = append(m.Attachments, Attachment{Order: i + 1, File: FileData{about, base64.StdEncoding.EncodeToString(f.Content)}})
	}
	return m
}

// Outcome is what became of a sending.
type Outcome struct {
	Done      bool   // false: the platform is at it
	MessageID string // "" if it was refused
	Refused   string // the platform's code; "" if it was sent
}

// Task asks what became of a sending.
func (c *Client) Task(ctx context.Context, taskID string) (Outcome, error) {
	var status struct {
		Status string `json:"messageTaskStatus"`
	}
	if _, err := c.get(ctx, "asking about a sending", nil, &status, "messages", "tasks", taskID, "status"); err != nil {
		return Outcome{}, err
	}
	if status.Status != "FINISHED" {
		return Outcome{}, nil
	}
	var results []struct {
		MessageID string `json:"messageId"`
		Error     string `json:"error"`
	}
	if _, err := c.get(ctx, "asking about a sending", nil, &results, "messages", "tasks", taskID); err != nil {
		return Outcome{}, err
	}
	if len(results) != 1 || results[0].MessageID == "" && results[0].Error == "" { // each letter has one addressee
		return Outcome{}, &Error{Kind: Garbled, Reason: "asking about a sending: the answer tells of no message"}
	}
	if results[0].Error != "" {
		code := codeOf(results[0].Error)
		if code == "" {
			code = "error"
		}
		return Outcome{Done: true, Refused: code}, nil
	}
	return Outcome{Done: true, MessageID: results[0].MessageID}, nil
}

// State is how far the delivery of a letter is.
type State struct {
	Status      string    // in the platform's words: "Nadana", "Doręczona", "Uznana za doręczoną" …
	DeliveredAt time.Time // of the proof of receipt; zero: none yet
	Deemed      bool      // delivered by the law's fiction, 14 days after it came, and not by opening
	Failed      bool      // it will not be delivered
}

// The platform's words that end a delivery.
const (
	statusDeemed   = "Uznana za doręczoną"
	statusFailed   = "Niedoręczona"
	statusRejected = "Odrzucona"
)

// StateOf reads it off the head of a sent message and its proofs. The date comes from the proof alone: a message the platform
// calls delivered is not, for a term, until there is one.
func StateOf(m Message, proofs []Evidence) State {
	s := State{Status: m.Control.Status, Deemed: m.Control.Status == statusDeemed}
	if e, ok := Receipt(proofs); ok {
		s.DeliveredAt = e.EventDate.Time
	}
	s.Failed = s.DeliveredAt.IsZero() && (s.Status == statusFailed || s.Status == statusRejected)
	return s
}
