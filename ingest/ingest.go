// Package ingest owns what arrives: the Envelope a connector hands over, the Submission (przesyłka wpływająca) the office
// registers, the Original files kept as evidence, and the Contents a reader found in them. It is a leaf: it imports nothing
// of this module, knows no database, no law and no service, and never judges what it describes.
//
// The connectors (ingest/imap, ingest/epuap, ingest/edelivery, ingest/scan) are each a Source; ingest/read turns originals into
// Contents in a sandboxed child process. Read next: package validate, which says what the contents are worth, and package
// workflow, which says what happens to them.
package ingest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"time"
)

// Channel is the way a submission came in. Its legal effect depends on the service and the day (package validate), never on
// the channel alone.
type Channel string

// The channels Okienko knows. The values are stored and published; they never change.
const (
	Email     Channel = "email"
	EPUAP     Channel = "epuap"
	EDelivery Channel = "edelivery" // e-Doręczenia
	Scan      Channel = "scan"      // paper from an urn or the counter, scanned
	Page      Channel = "page"      // a supplement from the office's own page, opened by the code of a letter
)

// Channels lists every channel in the order screens show them.
func Channels() []Channel { return []Channel{Email, EPUAP, EDelivery, Scan, Page} }

// ParseChannel returns the channel named s, or an error that lists what is allowed.
func ParseChannel(s string) (Channel, error) {
	var allowed []string
	for _, c := range Channels() {
		if string(c) == s {
			return c, nil
		}
		allowed = append(allowed, string(c))
	}
	return "", fmt.Errorf("channel %q: allowed are %s", s, strings.Join(allowed, ", "))
}

// Digest is the SHA-256 of original bytes in lower-case hexadecimal, 64 characters. The zero value means "no bytes".
type Digest string

// DigestOf returns the Digest of b.
func DigestOf(b []byte) Digest {
	sum := sha256.Sum256(b)
	return Digest(hex.EncodeToString(sum[:]))
}

// Valid reports whether d has the form of a digest: it may be used in a file name.
func (d Digest) Valid() bool {
	raw, err := hex.DecodeString(string(d))
	return err == nil && len(raw) == sha256.Size && hex.EncodeToString(raw) == string(d)
}

// Envelope is one item as a connector offers it, before anybody looked inside. The bodies are streams: they are read at
// most once and are not valid after accept returned.
type Envelope struct {
	Source  string  // configured name of the source
	Channel Channel //
	Item    string  // the item's name at the source ("1699:42" = UIDVALIDITY:UID): a cursor for the ledger, never an identity
	Key     string  // the channel's own identity (ePUAP document id, messageId); "" where only the bytes identify
	// ReceivedAt is when the item reached the office as the channel tells it (IMAP INTERNALDATE, time of the UPP, time of
	// the scan). The zero time means that the channel does not say; then the time of registration counts.
	ReceivedAt time.Time
	ReceivedBy ReceivedBy // how ReceivedAt is known; "" in channels that have one way only
	// KeyOnly: Key alone is the identity. The channel gives it to no other item, and may write the same one differently each time.
	KeyOnly   bool
	Name      string            // file name of the body, for downloads: "message.eml"
	MediaType string            // "message/rfc822", "application/xml"; "" if the channel does not know
	Meta      map[string]string // what the channel needs to answer (ePUAP: adresOdpowiedzi …); nil if nothing
	Paper     *Paper            // nil: not on paper
	Body      io.Reader         // the original
	Parts     []Part            // further originals that belong to the same item; nil for mail
}

// ReceivedBy tells how the moment of receipt is known, where a channel has several ways. The values are stored.
type ReceivedBy string

// The ways e-Doręczenia tells it, the best first. Only the proof of receipt is the date of the law.
const (
	ByProof      ReceivedBy = "proof_of_receipt" // dowód otrzymania
	ByPlatform   ReceivedBy = "receipt_date"     // the platform names the date of that proof, but the proof is not here
	ByHandover   ReceivedBy = "handover"         // technical evidence that the message was handed over
	BySubmission ReceivedBy = "submission"       // when the sender sent it: it arrived later
	ByReading    ReceivedBy = "reading"          // when it was read here: it arrived earlier
)

// Part is a further original of an item: a file by reference, a proof of transport, the second page file of a scan.
type Part struct {
	Role      string // "attachment", "evidence" (UPP, proof of receipt), "page"
	Name      string
	MediaType string
	Body      io.Reader
}

// Source is a connector to one place where submissions arrive.
type Source interface {
	// Name is the configured name: stable, unique in a configuration, free of personal data.
	Name() string
	// Fetch offers every item not yet acknowledged, oldest first, and goes on until ctx ends, which is not an error. It
	// acknowledges an item at its origin only after accept returned nil: an item may be offered twice, it is never lost.
	// accept streams the original and may be called concurrently. Fetch retries transient failures itself, with back-off;
	// it returns an error only for what waiting cannot mend (a refused password, a broken configuration).
	Fetch(ctx context.Context, accept AcceptFunc) error
}

// AcceptFunc takes one item in. nil means: durable, acknowledge it. An error means: keep it at the origin and offer it again.
type AcceptFunc func(ctx context.Context, e Envelope) error

// Ledger is where a source writes down what it saw, so that seen = registered + duplicates + quarantined can be checked
// (promise P15). Saw is idempotent per source and item; it is called before the items are offered.
type Ledger interface {
	Saw(ctx context.Context, source string, items []string) error
	// Cursor returns what SetCursor stored last for the source, "" if nothing was. A cursor may be lost or wrong: sources
	// use it to save work, never to decide that an item was already taken.
	Cursor(ctx context.Context, source string) (string, error)
	SetCursor(ctx context.Context, source, cursor string) error
}

// Reconciler is what a Ledger may be able to do beside: settle items that were seen and then disappeared before they were
// taken, because a person moved or removed them or because they have a new name. Without it they stay a difference in P15.
type Reconciler interface {
	// Open returns the items of source that were seen and have no outcome yet: not registered, no duplicate, not in quarantine.
	Open(ctx context.Context, source string) ([]string, error)
	// Gone records that items of source are no longer where they were seen. It is idempotent.
	Gone(ctx context.Context, source string, items []string) error
}

// Original is one file exactly as it arrived, kept as evidence under its digest.
type Original struct {
	Role      string `json:"role"` // "body" for the item itself, else Part.Role
	Name      string `json:"name"`
	MediaType string `json:"media_type"`
	Digest    Digest `json:"sha256"`
	Size      int64  `json:"bytes"`
}

// Submission (przesyłka wpływająca) is one registered item: what arrived, where, when. It never changes after registration.
// Its identity is Source + Key + digest of the body (promise P8), or Source + Key where KeyOnly says so.
type Submission struct {
	Source     string            `json:"source"`
	Channel    Channel           `json:"channel"`
	Item       string            `json:"item"`
	Key        string            `json:"key,omitempty"`
	ReceivedAt time.Time         `json:"received_at"` // UTC; see Envelope.ReceivedAt
	ReceivedBy ReceivedBy        `json:"received_by,omitempty"`
	Originals  []Original        `json:"originals"` // the body first; never empty
	Meta       map[string]string `json:"meta,omitempty"`
	Paper      *Paper            `json:"paper,omitempty"`    // nil: not on paper
	KeyOnly    bool              `json:"key_only,omitempty"` // see Envelope.KeyOnly
}

// MetaTest is the key of Meta under which a channel says "true" for a test.
const MetaTest = "czyTestowe"

// Test reports whether the sender marked the submission as a test, as ePUAP allows: it is no business of the office.
func (s Submission) Test() bool { return s.Meta[MetaTest] == "true" }

// Body is the original that was offered as the item itself.
func (s Submission) Body() Original { return s.Originals[0] }
