package read

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"okienko/ingest"
)

// What is particular to messages of e-Doręczenia: the platform's JSON, in which the letter is a text and a head; its attachments
// and proofs are originals of their own. The keys of Submission.Meta are those the connector writes (package edelivery).

// messageType is the media type of a message as the platform gives it out.
const messageType = "application/vnd.e-doreczenia.message+json"

func isMessage(o Original) bool { return o.Meta.MediaType == messageType }

// platformMessage is what is read of a message.
type platformMessage struct {
	Metadata struct {
		From           platformParty   `json:"from"`
		To             []platformParty `json:"to"`
		Subject        string          `json:"subject"`
		MessageID      string          `json:"messageId"`
		RefToMessageID string          `json:"refToMessageId"`
		ThreadID       string          `json:"threadId"`
		CaseID         string          `json:"caseId"`
		SubmissionDate string          `json:"submissionDate"`
	} `json:"messageMetadata"`
	Text string `json:"textBody"`
}

type platformParty struct {
	Address     string `json:"eDeliveryAddress"`
	Contributor struct {
		FirstName   string `json:"firstName"`
		LastName    string `json:"lastName"`
		CompanyName string `json:"companyName"`
	} `json:"contributor"`
}

func (p platformParty) name() string {
	c := p.Contributor
	return strings.Join(strings.Fields(c.CompanyName+" "+c.FirstName+" "+c.LastName), " ")
}

// platformLetter reads the message itself. Its attachments follow as originals.
func (w *walker) platformLetter(it item) {
	var m platformMessage
	err := json.Unmarshal(it.file.data, &m)
	top := it
	top.file = file{}
	at := w.add(top, "text/plain", int64(len(m.Text)))
	if err != nil {
		w.problem(at, ingest.ProblemMalformed, "the message is not the JSON of the platform")
		return
	}
	w.letter = m.head()
	if w.avoid[it.id] {
		w.problem(at, ingest.ProblemReaderDied, "the reader crashed or ran into a limit in the text of the letter")
	} else if w.deep {
		w.note(it.id)
		w.guarded(at, func() { w.setText(at, m.Text) })
	}
	w.leftAtThePlatform()
}

// head is the head of the letter. What it belongs to are the message it answers, its thread and the reference of ours it quotes.
func (m platformMessage) head() ingest.Letter {
	d := m.Metadata
	l := ingest.Letter{
		From:    ingest.Party{Name: cleanName(d.From.name()), Address: strings.TrimSpace(d.From.Address)},
		Subject: strings.Join(strings.Fields(d.Subject), " "), MessageID: d.MessageID,
	}
	for _, to := range d.To {
		l.To = append(l.To, strings.ToLower(to.Address))
	}
	if sent, err := time.Parse(time.RFC3339Nano, d.SubmissionDate); err == nil {
		l.Date = sent
	}
	if d.RefToMessageID == "" && d.CaseID == "" { // it answers nothing: the thread is its own
		d.ThreadID = ""
	}
	for _, id := range []string{d.CaseID, d.ThreadID, d.RefToMessageID} {
		if id = strings.TrimSpace(id); id != "" {
			l.InReplyTo = append(l.InReplyTo, id)
		}
	}
	return l
}

// leftAtThePlatform tells of attachments the connector could not have, or not whole: a person must look at the rest.
func (w *walker) leftAtThePlatform() {
	for key, detail := range map[string]string{
		"niepobrane": "%d attachments could not be had from the platform",
		"niepelne":   "%d attachments are not as long as the message says",
	} {
		if n := len(strings.Fields(w.meta[key])); n > 0 {
			w.problems = append(w.problems, ingest.Problem{Code: ingest.ProblemUnreadable, Detail: fmt.Sprintf(detail, n)})
		}
	}
}

// isProof reports whether an original is about the letter and no part of it: a proof of transport, or the archive all came in.
// It is listed and not looked into: the operator's seal on a proof is not the sender's signature under the letter.
func isProof(o Original) bool { return o.Meta.Role == "evidence" || o.Meta.Role == "archive" }

func (w *walker) proof(it item, o Original) {
	it.inline = true
	w.add(it, sniff(o.Data, it.name, it.declared), o.Meta.Size)
}
