package epuap

import (
	"context"
	"time"

	"okienko/ingest/epuap/soap"
)

// Delivery is a document to serve: the addressee gets it after signing a proof of receipt (UPD), which then comes back as a
// document to the box of this Client. The platform takes documents with a qualified signature only.
type Delivery struct {
	Outgoing
	Until time.Time // TerminDoreczenia: how long the platform offers it
	// What the UPD will say it is about: our own names of the case and the document.
	CaseID, DocumentID string
}

// Order is an order to deliver that the platform took.
type Order struct {
	ID         string // identyfikatorZlecenia; ""
	DocumentID string // identyfikatorDokumentu; ""
}

// Deliver orders a delivery (dorecz). A nil error means that the order is there, nothing about the addressee. Errors are those
// of Send.
func (c *Client) Deliver(ctx context.Context, d Delivery) (Order, error) {
	m := soap.Message{Action: deliverAction, Headers: append(c.address(d.Outgoing), object("TerminDoreczenia", d.Until.UTC().Format(time.RFC3339)),
		object("IdentyfikatorDokumentu", d.DocumentID), object("IdentyfikatorSprawy", d.CaseID)), Body: d.body()}
	answer, err := c.hand(ctx, "dorecz", c.cfg.DoreczycielURL, m, "OdpowiedzDoreczyciela")
	if err != nil {
		return Order{}, err
	}
	return Order{ID: text(answer, "identyfikatorZlecenia"), DocumentID: text(answer, "identyfikatorDokumentu")}, nil
}
