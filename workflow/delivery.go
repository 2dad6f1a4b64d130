package workflow

import (
	"context"
	"time"
)

// Delivery (doręczenie) is what becomes of a letter after the next server took it over, where the channel tells: e-Doręczenia.
// A letter is sent when the platform has it; a term runs only from the day its delivery is proved (KPA art. 46, 57).
type Delivery struct {
	Letter      LetterID
	Case        CaseID
	Task        string    // the platform's name for the sending
	Message     string    // its name for the message; "" until it is known
	Status      string    // in the platform's words
	DeliveredAt time.Time // of the proof of receipt; zero: none yet
	Deemed      bool      // by the fiction of the law, and not by opening
	Failed      bool      // it was, or will not be, delivered: Status says why
	Proofs      []string  // the platform's names of its proofs that were seen to, oldest first; their files are Proofs of the letter
	SentAt      time.Time
	LookedAt    time.Time // when the platform was last asked; zero: never
}

// Open reports whether the platform is still to be asked.
func (d Delivery) Open() bool { return d.DeliveredAt.IsZero() && !d.Failed }

// Deliveries keeps what becomes of letters, inside a transaction.
type Deliveries interface {
	// SaveDelivery inserts or replaces the delivery of d.Letter.
	SaveDelivery(ctx context.Context, d Delivery) error
	// Delivery reads one; ErrNotFound if there is none. Whoever changes it has locked its case first.
	Delivery(ctx context.Context, id LetterID) (Delivery, error)
}

// DeliveryRecords reads what becomes of letters.
type DeliveryRecords interface {
	CaseDeliveries(ctx context.Context, id CaseID) ([]Delivery, error) // by letter
	// OpenDeliveries returns up to limit deliveries that are open and were last looked at before the given time, longest ago first.
	OpenDeliveries(ctx context.Context, before time.Time, limit int) ([]Delivery, error)
}
