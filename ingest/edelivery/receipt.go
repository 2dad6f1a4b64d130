package edelivery

import (
	"time"

	"okienko/ingest"
)

// received says when a message reached the office and how that is known (KPA art. 61 § 3a: the day of the proof of receipt).
// For a public body the platform issues that proof on arrival (ustawa o doręczeniach elektronicznych art. 41). Where there is
// none, the nearest moment that is known stands in, and is called what it is. proof names the proof; "".
func received(m Message, evidences []Evidence, readAt time.Time) (at time.Time, by ingest.ReceivedBy, proof string) {
	if e, ok := Receipt(evidences); ok {
		return e.EventDate.Time, ingest.ByProof, e.Type + " " + e.EvidenceID
	}
	if at := m.Metadata.ReceiptDate.Time; !at.IsZero() {
		return at, ingest.ByPlatform, ""
	}
	for _, e := range evidences {
		if e.Kind() == "E1" && !e.EventDate.IsZero() {
			return e.EventDate.Time, ingest.ByHandover, e.Type + " " + e.EvidenceID
		}
	}
	for _, at := range []Moment{m.Metadata.EventDate, m.Metadata.SubmissionDate} {
		if !at.IsZero() {
			return at.Time, ingest.BySubmission, ""
		}
	}
	return readAt.UTC(), ingest.ByReading, ""
}
