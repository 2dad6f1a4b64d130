package ingest

import "time"

// Paper is what is known of a letter on paper besides its scan. The times are apart because the law asks for different ones: a
// resident's term is kept by the day of the drop, which the office cannot know more closely than the window between two
// emptyings of the urn; the office's own clock begins when the envelope was opened. Times are UTC; zero: not known.
type Paper struct {
	Site        string    `json:"site"`  // configured name of the urn or counter
	Place       string    `json:"place"` // the same in words, for people: "al. Powstania Warszawskiego 10"
	DroppedFrom time.Time `json:"dropped_from,omitzero"`
	DroppedTo   time.Time `json:"dropped_to,omitzero"` // the emptying
	OpenedAt    time.Time `json:"opened_at,omitzero"`
	ScannedAt   time.Time `json:"scanned_at,omitzero"`

	// Where the letter lies in a batch of scans, which is kept as evidence of its own. "" and zeros: it was no part of a batch.
	Batch    Digest `json:"batch,omitempty"`
	Envelope int    `json:"envelope,omitempty"` // number of the envelope, as on its separator sheet
	PageFrom int    `json:"page_from,omitempty"`
	PageTo   int    `json:"page_to,omitempty"` // inclusive
	// Problems are what the connector found wrong with the file itself; they belong to the Contents. nil: nothing.
	Problems []Problem `json:"problems,omitempty"`
}
