package ade

import (
	"time"

	"okienko/ingest/edelivery"
	"okienko/workflow"
	"okienko/workflow/seal"
)

// Mailbox is one of the office's addresses.
type Mailbox struct {
	Client *edelivery.Client
	Seal   *seal.Seal    // for the documents sent from it; nil: formal letters do not go from here
	Every  time.Duration // how often the platform is asked about one letter; 0: ten minutes
}

func (m Mailbox) every() time.Duration {
	if m.Every == 0 {
		return 10 * time.Minute
	}
	return m.Every
}

// Mailboxes are the office's addresses, at least one.
type Mailboxes []Mailbox

// of is the address a case is written from: the one its message came to, and else the first.
func (m Mailboxes) of(c workflow.Case) Mailbox {
	if box, ok := m.at(c.Submission.Meta[edelivery.MetaAddress]); ok {
		return box
	}
	return m[0]
}

// at is the mailbox of an address; ok is false if it is not in the configuration.
func (m Mailboxes) at(address string) (box Mailbox, ok bool) {
	for _, box := range m {
		if box.Client.Address() == address {
			return box, true
		}
	}
	return Mailbox{}, false
}
