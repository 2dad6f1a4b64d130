package epuap

import (
	"context"
	"errors"
	"fmt"

	"okienko/ingest"
	"okienko/ingest/epuap/soap"
)

// Import offers a document of an emergency download to accept as if it were the head of the queue: under the same item and key,
// so that it is one case whichever way it comes first, and in whatever order. It does not confirm: if the document still waits
// in the queue, Fetch takes it off there.
//
// Big attachments are not in the download; they are fetched now, because who comes later adds nothing to a case. withoutFiles
// takes the document also where the platform cannot be asked. Import may be called while Fetch runs, here or elsewhere.
func (s *Source) Import(ctx context.Context, e Entry, withoutFiles bool, accept ingest.AcceptFunc) error {
	d, err := e.Document(s.cfg.MaxDocumentBytes)
	if err != nil {
		return err
	}
	files, err := s.collect(ctx, References(d.Content), func(_ string, err error) bool {
		return isRefused(err) || withoutFiles && !isLocal(err)
	})
	if err != nil {
		return err
	}
	if err := s.ledger.Saw(ctx, s.cfg.Name, []string{d.item()}); err != nil {
		return fmt.Errorf("writing down what was seen: %w", err)
	}
	return s.offer(ctx, d, files, accept)
}

// isRefused reports whether the platform itself said that it has no such file.
func isRefused(err error) bool {
	var answer *soap.Fault
	return errors.As(err, &answer) && !answer.Security()
}

// isLocal reports whether it went wrong here: a full disk says nothing about a file.
func isLocal(err error) bool {
	var wire *soap.Error
	var answer *soap.Fault
	return !errors.As(err, &answer) && (!errors.As(err, &wire) || wire.Kind == soap.Local)
}
