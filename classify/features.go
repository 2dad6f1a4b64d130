package classify

import (
	"strings"

	"okienko/ingest"
)

// Features is what a decision may depend on.
type Features struct {
	Channel     ingest.Channel
	Letter      ingest.Letter
	Document    string // ingest.Document.ID of the letter's text, for reasons
	Text        string // the letter's own text
	Attachments []Attachment
}

// Attachment is a document beside the letter.
type Attachment struct {
	Document string // ingest.Document.ID
	Name     string
	Text     string
	Kinds    []ingest.Kind
	Sheet    bool // a further sheet of a scan or a forwarded mail, which may be the letter as well
}

// FeaturesOf takes the features out of what a reader found. Of a scan every sheet may be the letter; pictures shown inside a
// mail (signature logos) are left out.
func FeaturesOf(sub ingest.Submission, c ingest.Contents) Features {
	f := Features{Channel: sub.Channel, Letter: c.Letter}
	for _, r := range c.Readings {
		letter := isLetter(sub.Channel, r.Document) || r.Document.MediaType == forwardedMail
		switch {
		case letter && f.Document == "" && r.Document.MediaType != forwardedMail:
			f.Document, f.Text = r.Document.ID, r.Text
		case r.Document.Inline && r.Text == "":
		default:
			f.Attachments = append(f.Attachments, Attachment{r.Document.ID, r.Document.Name, r.Text, r.Kinds, letter})
		}
	}
	return f
}

// forwardedMail is a mail passed on as an attachment: it speaks as the letter does.
const forwardedMail = "message/rfc822"

// isLetter reports whether a document is the letter itself: its text, or a sheet of a scan that lies in no archive.
func isLetter(channel ingest.Channel, d ingest.Document) bool {
	return d.ID == "0" || channel == ingest.Scan && !strings.Contains(d.ID, ".")
}
