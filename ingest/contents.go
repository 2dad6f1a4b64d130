package ingest

import "time"

// Contents is everything a reader found in one submission. A reader never fails on bad input: what it could not read is in
// Problems, and the original is still evidence.
type Contents struct {
	Letter   Letter    `json:"letter"`
	Readings []Reading `json:"readings"` // one per document, the letter's own text first; containers before their contents
	Problems []Problem `json:"problems,omitempty"`
}

// Letter is the head of a submission: who writes, about what, in answer to what. Text of the letter is the first Reading.
type Letter struct {
	From       Party     `json:"from"`
	To         []string  `json:"to,omitempty"` // addresses, lower case
	Subject    string    `json:"subject"`
	Date       time.Time `json:"date,omitzero"` // as the sender claims, with the sender's zone; zero if absent
	MessageID  string    `json:"message_id,omitempty"`
	InReplyTo  []string  `json:"in_reply_to,omitempty"` // In-Reply-To and References, newest last, without angle brackets
	Language   string    `json:"language"`              // "pl", "en", "uk", or "" if unknown
	Quoted     string    `json:"quoted,omitempty"`      // older letters quoted or forwarded below; not part of the letter's text
	ReturnPath *string   `json:"return_path,omitempty"` // nil: not stated; pointer to "": the null sender of RFC 5321 section 4.5.5
	// Headers holds the header fields that decide whether a mail may be answered and is automatic (RFC 3834, RFC 2369 …),
	// by canonical name (textproto.CanonicalMIMEHeaderKey). nil for channels without headers.
	Headers map[string][]string `json:"headers,omitempty"`
}

// Party is a person or organisation as the letter names it. Every field may be "".
type Party struct {
	Name    string `json:"name"`
	Address string `json:"address"` // e-mail address, ePUAP box or ADE: where an answer by the same channel would go
}

// Reading is what was found in one document. Text is UTF-8 with normalised line ends, for people and rules; the original
// bytes are what counts.
type Reading struct {
	Document Document `json:"document"`
	Text     string   `json:"text,omitempty"` // pages are parted by a line end and a form feed, "\n\f"
	TextFrom TextFrom `json:"text_from"`
	Pages    int      `json:"pages"` // 0 where pages make no sense
	Fields   []Field  `json:"fields,omitempty"`
	Kinds    []Kind   `json:"kinds,omitempty"` // what the document seems to be, best first; empty if no idea
	// Runs are the documents in a file that holds several, one after the other: Kind.Page and Kind.Pages say where. nil where
	// the file is one document.
	Runs []Kind `json:"runs,omitempty"`
	// Sheets are the pages that are pictures, in order: scans and photographs. Text of theirs comes from OCR.
	Sheets   []Sheet   `json:"sheets,omitempty"`
	Problems []Problem `json:"problems,omitempty"`
}

// Document is one file in a submission: the letter itself, an attachment, a file in an archive.
type Document struct {
	ID        string `json:"id"`               // place in the submission: "0" the letter's text, "1", "2", "2.1" a file inside 2
	Original  int    `json:"original"`         // index in Submission.Originals of the file it is, or lies in
	Name      string `json:"name"`             // as the sender named it, cleaned of paths and control characters; never a path
	MediaType string `json:"media_type"`       // from the content where recognisable, else as declared
	Bytes     int64  `json:"bytes"`            // size after transfer decoding
	Digest    Digest `json:"sha256,omitempty"` // of the decoded bytes; "" where the document has no bytes of its own
	Inline    bool   `json:"inline,omitempty"` // shown inside the letter (signature logos), hardly an attachment
}

// TextFrom tells where the text of a Reading came from.
type TextFrom string

// The sources of text.
const (
	TextEmbedded TextFrom = "embedded"
	TextOCR      TextFrom = "ocr" // of at least one page; such text has mistakes
	TextNone     TextFrom = "none"
)

// Field is a value recognised by its form: a PESEL, a plate, a date.
type Field struct {
	Type       string  `json:"type"`  // FieldPESEL …
	Value      string  `json:"value"` // normalised: digits only, ISO date, upper-case plate without blanks
	Place      Place   `json:"place"`
	Label      string  `json:"label,omitempty"` // words right before it that name it ("data zbycia"); "" if none
	Confidence float64 `json:"confidence"`      // 0 to 1
	// Checked tells whether the value has a check digit and it holds: "ok", "bad", or "" where there is none.
	Checked string `json:"checked,omitempty"`
	// Repaired: OCR read a letter for a digit, or the other way round; the value is what makes the check digit hold.
	Repaired bool `json:"repaired,omitempty"`
}

// The field types a reader recognises.
const (
	FieldName       = "name"    // a person's first and last name
	FieldAddress    = "address" // street or locality with postal code
	FieldPESEL      = "pesel"
	FieldNIP        = "nip"
	FieldREGON      = "regon"
	FieldKRS        = "krs"
	FieldVIN        = "vin"
	FieldPlate      = "plate"
	FieldDate       = "date"    // ISO 8601
	FieldAmount     = "amount"  // złoty, decimal point, two digits: "17.00"
	FieldAccount    = "account" // NRB, 26 digits
	FieldPhone      = "phone"
	FieldEmail      = "email"
	FieldLandReg    = "land_register" // księga wieczysta
	FieldParcel     = "parcel"        // działka ewidencyjna
	FieldRPW        = "rpw"           // RPW/17/2026
	FieldCaseNumber = "case_number"   // znak sprawy
	FieldCode       = "code"          // our own completion code (kod uzupełnienia), "7K4-MAPA"
)

// Place points at a piece of text.
type Place struct {
	Document string `json:"document"`       // Document.ID; "": the text is Letter.Subject
	Page     int    `json:"page,omitempty"` // from 1; 0 where there are no pages
	Start    int    `json:"start"`          // byte offset in Reading.Text, inclusive
	End      int    `json:"end"`            // exclusive
}

// Kind is one guess at what a document is.
type Kind struct {
	ID         string  `json:"id"` // general kind: "umowa_sprzedazy", "faktura", "dowod_rejestracyjny", "pelnomocnictwo", "potwierdzenie_przelewu" …
	Confidence float64 `json:"confidence"`
	Because    string  `json:"because"` // the words or the file name that say so
	// Page and Pages are the run of pages the guess is about (Reading.Runs): Page from 1, Pages their number. Both are 0 where
	// it is about the whole document.
	Page  int `json:"page,omitempty"`
	Pages int `json:"pages,omitempty"`
}

// Problem is why something could not be read, or should be looked at by a person. It is a result, not an error.
type Problem struct {
	Code     ProblemCode `json:"code"`
	Document string      `json:"document,omitempty"` // Document.ID; "" for the whole submission
	Detail   string      `json:"detail,omitempty"`   // English, for administrators; free of personal data
}

// ProblemCode names a problem; the values are stored and published.
type ProblemCode string

// The problems a reader reports.
const (
	ProblemUnreadable  ProblemCode = "unreadable"  // damaged, or of a kind nobody here can open
	ProblemEncrypted   ProblemCode = "encrypted"   // password-protected
	ProblemEmpty       ProblemCode = "empty"       // no bytes
	ProblemTooLarge    ProblemCode = "too_large"   // over a limit of the reader
	ProblemUnsupported ProblemCode = "unsupported" // recognised, but its text is not read here
	ProblemNoText      ProblemCode = "no_text"     // pictures only: needs OCR or eyes
	ProblemBlurred     ProblemCode = "blurred"     // a picture too blurred, dark or small to be read: unreadable, not missing
	ProblemBlank       ProblemCode = "blank"       // pages with nothing on them
	ProblemWrongName   ProblemCode = "wrong_name"  // the content is not what the name says (HEIC named .jpg)
	ProblemReaderDied  ProblemCode = "reader_died" // the sandboxed reader crashed or ran into a limit
	ProblemMalformed   ProblemCode = "malformed"   // read, but against the rules of its format
	ProblemInfected    ProblemCode = "infected"    // a virus scanner named it
	ProblemUnscanned   ProblemCode = "not_scanned" // a virus scanner was asked and could not say
	ProblemSuspicious  ProblemCode = "suspicious"  // zip tricks, hidden content
	ProblemNotSplit    ProblemCode = "not_split"   // a batch of scans that could not be parted for sure: several letters in one
)
