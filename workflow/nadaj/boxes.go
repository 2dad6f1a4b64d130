package nadaj

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"okienko/ingest/epuap"
	"okienko/workflow"
)

// Boxes is the workflow.Carrier of an office with one box or several: a letter goes out through the box its case came in by, so
// that an answer to it comes back there. It may be used concurrently.
type Boxes struct {
	Store workflow.Store
	// Of holds the carriers in the order of the configuration, each with the name of the source its box is.
	Of []Box
}

// Box is the way out of one box.
type Box struct {
	Source  string
	Carrier *Carrier
}

// Send finds the box and sends through it, as workflow.Carrier promises. A case whose box is no longer in the configuration is
// not answered from another address by guessing: ErrRefused, a person looks.
func (b Boxes) Send(ctx context.Context, l workflow.Letter) error {
	c, err := b.Store.Case(ctx, l.Case)
	if err != nil {
		return fmt.Errorf("%w: finding the box: %w", workflow.ErrNotSent, err)
	}
	carrier := b.carrierFor(c)
	if carrier == nil {
		return fmt.Errorf("%w: the box the case came by (source %q) is not in the configuration", workflow.ErrRefused, c.Submission.Source)
	}
	return carrier.answer(ctx, c, l)
}

// carrierFor goes by the name of the source and, if that was changed in the configuration, by the address the document was sent
// to.
func (b Boxes) carrierFor(c workflow.Case) *Carrier {
	i := slices.IndexFunc(b.Of, func(box Box) bool { return box.Source == c.Submission.Source })
	if i < 0 {
		i = slices.IndexFunc(b.Of, func(box Box) bool {
			return strings.EqualFold(box.Carrier.Client.Address(), c.Submission.Meta[epuap.MetaBox])
		})
	}
	if i < 0 {
		return nil
	}
	return b.Of[i].Carrier
}
