package workflow

import (
	"context"
	"time"
)

// Delivery (doręczenie) is what becomes of a letter on its way to its addressee, where that is known: the platform tells of
// e-Doręczenia, a clerk of the post. A term runs only from the day its delivery is proved (KPA art. 46, 57).
type Delivery struct {
	Letter      LetterID
	Case        CaseID
	Way         DeliveryWay
	From        string    // the office's address it went from; "" by post
	Task        string    // the platform's name for the sending, or the number of the registered letter; "" before it is known
	Message     string    // the platform's name for the message; "" until it is known
	Status      string    // in the platform's words
	DeliveredAt time.Time // of the proof of receipt; zero: none yet
	Deemed      bool      // by the fiction of the law, and not by opening
	Failed      bool      // it was, or will not be, delivered: Status says why
	Proofs      []string  // the platform's names of its proofs that were seen to, oldest first; their files are Proofs of the letter
	SentAt      time.Time // when it was given to the platform or to the post; the intent stands here before it is
	LookedAt    time.Time // when the platform was last asked; zero: never
	DueAt       time.Time // when the platform is to be asked next; zero: never
}

// DeliveryWay is how a letter travels; the values are stored.
type DeliveryWay string

// The ways, in the order of KPA art. 39.
const (
	ByEDelivery DeliveryWay = "ade"  // to an address for electronic delivery
	ByHybrid    DeliveryWay = "puh"  // the public hybrid service: the operator prints it
	ByPost      DeliveryWay = "post" // registered, with a proof of receipt
)

// Open reports whether it is not known yet how the delivery ends.
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
	// DueDeliveries returns up to limit deliveries that are due at the given time, the longest due first.
	DueDeliveries(ctx context.Context, at time.Time, limit int) ([]Delivery, error)
}
