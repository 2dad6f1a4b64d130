package epuap

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"okienko/ingest"
	"okienko/ingest/epuap/soap"
	"okienko/internal/board"
)

// The keys of Envelope.Meta. Package read uses the first three groups; reply addresses its letters by MetaReplyBox.
const (
	MetaReplyBox = "adresOdpowiedzi" // where answers go; absent if the sender gave no box
	MetaBox      = "adresSkrytki"    // the office's box the document was sent to

	MetaFetched = "pobrane"    // identifiers of big attachments that came with the document, in the order of its parts
	MetaMissing = "niepobrane" // identifiers of those that could not be had
	MetaChanged = "zmienione"  // identifiers of those that are not the files the sender attached, by their MD5
	// identifiers of those nobody vouches for: the platform did not sign the answer they came in, and the sender named no MD5
	MetaUnsigned = "niepotwierdzone"

	MetaDocumentID = "identyfikatorDokumentu"
	MetaTest       = ingest.MetaTest // "true" for a test; absent otherwise
	MetaParty      = "podmiot"       // the sender's account, as the platform tells
	MetaPartyKind  = "typOsoby"
	MetaPartyName  = "podmiotNazwa"
	MetaUser       = "uzytkownik"
	MetaSystem     = "system"
	MetaConsent    = "zgoda"
)

// take makes one document durable and takes it off the queue, in that order.
func (s *Source) take(ctx context.Context, d *Document, accept ingest.AcceptFunc) error {
	if err := s.ledger.Saw(ctx, s.cfg.Name, []string{d.item()}); err != nil {
		return board.Classed(NoLedger, fmt.Errorf("writing down what was seen: %w", err))
	}
	s.count(ctx)
	files, err := s.collect(ctx, References(d.Content), s.hopeless)
	if err != nil {
		return err
	}
	if err := s.offer(ctx, d, files, accept); err != nil {
		return err
	}
	for _, id := range files.missing {
		delete(s.missing, id)
	}
	s.status.Took(1)
	if err := s.client.Confirm(ctx, d.Hash(s.cfg.ConfirmHash)); err != nil {
		return board.Classed(NotTaken, err)
	}
	return nil
}

// count tells the screens how many wait. A platform that does not say is no reason to stop.
func (s *Source) count(ctx context.Context) {
	if n, err := s.client.Count(ctx); err == nil {
		s.status.Contact()
		s.status.Update(func(st *board.Status) { st.Waiting = n })
	}
}

// attempts is the record of a big attachment that could not be had.
type attempts struct {
	refused int
	since   time.Time
}

// giveUpAfter is how often the platform may refuse a big attachment before the document is taken without it.
const giveUpAfter = 5

// collected are the big attachments of one document.
type collected struct {
	fetched                    []Reference
	missing, changed, unsigned []string
}

// collect has every big attachment durable in the directory, or gives it up where hopeless says so. An error means: not yet, try
// again later.
func (s *Source) collect(ctx context.Context, refs []Reference, hopeless func(fileID string, err error) bool) (collected, error) {
	var c collected
	for _, r := range refs {
		err := s.have(ctx, r.FileID)
		if err != nil && !hopeless(r.FileID, err) {
			return c, board.Bounded(NoFile, fmt.Errorf("a big attachment: %w", err))
		}
		if err != nil {
			c.missing = append(c.missing, r.FileID)
			continue
		}
		c.fetched = append(c.fetched, r)
		sum, err := s.files.md5(r.FileID)
		if err != nil {
			return c, board.Classed(NoFile, fmt.Errorf("a big attachment: %w", err))
		}
		switch {
		case r.MD5 != "" && r.MD5 != sum:
			c.changed = append(c.changed, r.FileID)
		case r.MD5 == "" && !s.files.vouched(r.FileID):
			c.unsigned = append(c.unsigned, r.FileID)
		}
	}
	return c, nil
}

// have fetches a file unless it is kept already: the platform gives it out only once, also when two documents name it.
func (s *Source) have(ctx context.Context, fileID string) error {
	if s.files.has(fileID) {
		return nil
	}
	err := s.files.put(fileID, func(w io.Writer) error {
		vouched, err := s.client.Download(ctx, fileID, w)
		if err == nil && !vouched {
			err = s.files.doubt(fileID)
		}
		return err
	})
	if err != nil && s.files.has(fileID) { // an import beside us was given it
		return nil
	}
	return err
}

// hopeless counts a failure and reports whether to go on without the file. A refusal is final after a few tries; a service
// that does not answer may come back, and what fails here (a full disk) says nothing about the file.
func (s *Source) hopeless(fileID string, err error) bool {
	a := s.missing[fileID]
	if a == nil {
		a = &attempts{since: time.Now()}
		s.missing[fileID] = a
	}
	var wire *soap.Error
	switch {
	case isRefused(err):
		a.refused++
		return a.refused >= giveUpAfter
	case errors.As(err, &wire) && wire.Kind != soap.Local:
		return time.Since(a.since) > s.cfg.FilePatience
	}
	return false
}

// offer hands the document to accept, with its big attachments as further originals.
func (s *Source) offer(ctx context.Context, d *Document, files collected, accept ingest.AcceptFunc) error {
	e := s.envelope(d, files)
	for _, r := range files.fetched {
		f, err := s.files.open(r.FileID)
		if err != nil {
			return board.Classed(NotAccepted, err)
		}
		defer f.Close()
		e.Parts = append(e.Parts, ingest.Part{Role: "attachment", Name: r.Name, MediaType: r.MediaType, Body: f})
	}
	if err := accept(ctx, e); err != nil {
		return board.Classed(NotAccepted, err)
	}
	for _, r := range files.fetched {
		if err := s.files.touch(r.FileID, time.Now()); err != nil && !errors.Is(err, os.ErrNotExist) {
			s.status.Log.Warn("a big attachment may be removed early", "error", err)
		}
	}
	return nil
}

func (s *Source) envelope(d *Document, files collected) ingest.Envelope {
	return ingest.Envelope{
		Source: s.cfg.Name, Channel: ingest.EPUAP, Item: d.item(), Key: d.ID, ReceivedAt: d.SentAt,
		Name: d.Name, MediaType: d.MediaType, Body: bytes.NewReader(d.Content), Meta: d.meta(files),
	}
}

// meta is what must not be lost of the platform's own words. Empty values are left out.
func (d *Document) meta(files collected) map[string]string {
	var fetched []string
	for _, r := range files.fetched {
		fetched = append(fetched, r.FileID)
	}
	m := map[string]string{
		MetaReplyBox: d.ReplyBox, MetaBox: d.Box, MetaDocumentID: d.ID,
		MetaFetched: strings.Join(fetched, " "), MetaMissing: strings.Join(files.missing, " "), MetaChanged: strings.Join(files.changed, " "),
		MetaUnsigned: strings.Join(files.unsigned, " "),
		MetaParty:    d.Party.ID, MetaPartyKind: d.Party.Kind, MetaPartyName: d.Party.Name, MetaUser: d.Party.User, MetaSystem: d.Party.System,
		MetaConsent: strconv.FormatBool(d.Party.Consent),
	}
	if d.Test {
		m[MetaTest] = "true"
	}
	for k, v := range m {
		if v == "" {
			delete(m, k)
		}
	}
	return m
}
