package ingest

import "time"

// Batch is one file of scans in which separator sheets part the letters of several envelopes, and what became of it. Its bytes
// are kept as evidence; it is no Original of any submission, because it holds the letters of others.
type Batch struct {
	Source    string    `json:"source"`
	Digest    Digest    `json:"sha256"` // of the whole file
	Size      int64     `json:"bytes"`
	MediaType string    `json:"media_type"`
	ScannedAt time.Time `json:"scanned_at,omitzero"` // UTC; zero: not known
	Pages     int       `json:"pages"`               // 0: they could not be counted

	// What the sheets say; zero if no sheet could be read or they do not agree. UTC.
	DroppedFrom time.Time `json:"dropped_from,omitzero"`
	DroppedTo   time.Time `json:"dropped_to,omitzero"`
	OpenedAt    time.Time `json:"opened_at,omitzero"`

	// Parts are the letters, in order. nil: the batch is one submission as a whole, for the Reason.
	Parts  []BatchPart `json:"parts,omitempty"`
	Reason BatchReason `json:"reason,omitempty"`
	Sheet  int         `json:"sheet,omitempty"`  // number of the sheet, or of the page, the Reason is about; 0: none
	Detail string      `json:"detail,omitempty"` // English, for administrators; free of personal data
}

// BatchPart is one letter in a batch.
type BatchPart struct {
	Envelope int    `json:"envelope"`
	PageFrom int    `json:"page_from"` // from 1
	PageTo   int    `json:"page_to"`   // inclusive
	Digest   Digest `json:"sha256"`
	Size     int64  `json:"bytes"`
}

// BatchReason says why a batch was not parted; the values are stored.
type BatchReason string

// The reasons.
const (
	BatchParted   BatchReason = ""            // it was
	BatchNoSheet  BatchReason = "no_sheet"    // there is no separator sheet in it
	BatchFirst    BatchReason = "first_page"  // the first page is none: nobody knows whose the pages before the first sheet are
	BatchForeign  BatchReason = "foreign"     // a sheet that is not this office's
	BatchOther    BatchReason = "other_set"   // a sheet of another urn, window or printing
	BatchMissing  BatchReason = "missing"     // a sheet is missing, or cannot be read
	BatchRepeated BatchReason = "repeated"    // a sheet comes again, or too late
	BatchEmpty    BatchReason = "no_pages"    // nothing lies behind a sheet
	BatchUnshown  BatchReason = "cannot_show" // the pages cannot be shown
	BatchTooLarge BatchReason = "too_large"
)
