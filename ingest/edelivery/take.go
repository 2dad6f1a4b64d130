package edelivery

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"time"

	"okienko/ingest"
	"okienko/internal/board"
)

// MediaType is that of a message as the platform's API gives it out: JSON of the contract's schema Message.
const MediaType = "application/vnd.e-doreczenia.message+json"

// The keys of Envelope.Meta. Package ade answers by the first group, package read tells of the second.
const (
	MetaMessage = "messageId"
	MetaThread  = "threadId"
	MetaRef     = "refToMessageId"
	MetaCase    = "caseId"
	MetaSender  = "nadawca" // the sender's address
	MetaAddress = "adres"   // the office's address it was sent to

	MetaFetched = "pobrane"    // ids of the attachments that came, in the order of the parts
	MetaMissing = "niepobrane" // ids of those that could not be had
	MetaShort   = "niepelne"   // ids of those that are not as long as the message says

	MetaReadAt     = "odczytano"  // when it was first read here, RFC 3339
	MetaOpened     = "otwarta"    // "true" if somebody had opened it before
	MetaProof      = "dowod"      // type and id of the proof of receipt
	MetaNoEvidence = "bezDowodow" // ids of evidences whose file could not be had
)

// The roles of Envelope.Parts.
const (
	roleAttachment = "attachment"
	roleEvidence   = "evidence"
)

// held is what is remembered of a message that could not be taken yet.
type held struct {
	since, due time.Time
	pause      board.Pause
	last       error
	refusals   map[string]int // how often the platform did not give out a thing, by its id
	short      map[string]int // how often an attachment was not as long as was said

	message Message
	raw     []byte // nil: not read yet
	readAt  time.Time
	proofs  []Evidence
	files   map[string][]byte // of the proofs, by evidence id
}

func (s *Source) hold(id string) *held {
	h := s.held[id]
	if h == nil {
		h = &held{
			since: time.Now(), pause: board.Pause{Min: s.cfg.RetryMin, Max: s.cfg.RetryMax},
			refusals: map[string]int{}, short: map[string]int{}, files: map[string][]byte{},
		}
		s.held[id] = h
	}
	return h
}

func (h *held) failed(err error) {
	h.last = err
	h.due = time.Now().Add(max(h.pause.Next(), asError(err).RetryAfter))
}

// giveUpAfter is how often the platform may refuse a thing before a message is taken without it.
const giveUpAfter = 5

// take reads a message and makes it durable with its files and proofs. What was had stays in memory for the next try, so that
// a message is read once.
func (s *Source) take(ctx context.Context, id string, accept ingest.AcceptFunc) error {
	h := s.hold(id)
	if err := s.read(ctx, id, h); err != nil {
		if isMissing(err) {
			return s.gone(ctx, id, h, err)
		}
		return err
	}
	if err := s.prove(ctx, id, h); err != nil {
		return err
	}
	if err := s.offer(ctx, h, accept); err != nil {
		return err
	}
	s.status.Took(1)
	return nil
}

// read reads the message in full, once. The platform may have to fetch it first.
func (s *Source) read(ctx context.Context, id string, h *held) error {
	if h.raw != nil {
		return nil
	}
	pause := board.Pause{Min: s.cfg.RetryMin, Max: s.cfg.RetryMax}
	for end := time.Now().Add(s.cfg.ContentPatience); ; {
		at := time.Now()
		m, raw, ready, err := s.client.Read(ctx, id)
		if err != nil {
			return err
		}
		if ready {
			h.message, h.raw, h.readAt = m, raw, at
			return nil
		}
		wait := pause.Next()
		if time.Now().Add(wait).After(end) || !board.Sleep(ctx, wait) {
			return board.Classed(NotReady, errors.New("the platform is still fetching a message"))
		}
	}
}

// gone settles a message that is no longer in the mailbox, if it stays away: somebody removed it before it was taken. That is a
// letter the office lost by its own hand, so it is told.
func (s *Source) gone(ctx context.Context, id string, h *held, cause error) error {
	if h.refusals[id]++; h.refusals[id] < giveUpAfter {
		return cause
	}
	if ledger, ok := s.ledger.(ingest.Reconciler); ok {
		if err := ledger.Gone(ctx, s.cfg.Name, []string{id}); err != nil {
			return board.Classed(NoLedger, fmt.Errorf("writing down what is gone: %w", err))
		}
	}
	delete(s.seen, id) // if it is listed again, it is open again
	s.log.Warn("a message was removed from the mailbox before it could be taken", "message", id)
	return nil
}

// prove has the proofs about a message with their files. It waits a while for the proof of receipt, and for files.
func (s *Source) prove(ctx context.Context, id string, h *held) error {
	listed, err := s.client.Evidences(ctx, id)
	if err != nil && !isMissing(err) && h.refusals["evidences"] < giveUpAfter {
		h.refusals["evidences"]++
		return err
	}
	h.proofs = union(h.message.Evidences, listed)
	if _, ok := Receipt(h.proofs); !ok && time.Since(h.since) < s.cfg.ProofPatience {
		return board.Classed(NoProof, errors.New("the proof of receipt of a message is not there yet"))
	}
	for _, e := range h.proofs {
		if h.files[e.EvidenceID] != nil || h.refusals[e.EvidenceID] >= giveUpAfter {
			continue
		}
		raw, err := s.client.EvidenceFile(ctx, e.EvidenceID)
		if err != nil && !s.hopeless(h, e.EvidenceID, err) {
			return board.Classed(NoProof, fmt.Errorf("the file of a proof: %w", err))
		}
		if err == nil {
			h.files[e.EvidenceID] = raw
		}
	}
	return nil
}

// union is both lists, each proof once, those with an id only.
func union(lists ...[]Evidence) []Evidence {
	var all []Evidence
	seen := map[string]bool{"": true}
	for _, list := range lists {
		for _, e := range list {
			if !seen[e.EvidenceID] {
				seen[e.EvidenceID] = true
				all = append(all, e)
			}
		}
	}
	return all
}

// hopeless counts a failure and reports whether to go on without the thing. A refusal is final after a few tries; a service
// that does not answer may come back, and what concerns every request alike says nothing about this one.
func (s *Source) hopeless(h *held, id string, err error) bool {
	switch {
	case general(err), classOf(err) == Local:
		return false
	case IsRefusal(err):
		h.refusals[id]++
		return h.refusals[id] >= giveUpAfter
	}
	if time.Since(h.since) < s.cfg.FilePatience {
		return false
	}
	h.refusals[id] = giveUpAfter
	return true
}

// offer hands the message to accept. An attachment that could not be read ends the try; after some tries it is left out.
func (s *Source) offer(ctx context.Context, h *held, accept ingest.AcceptFunc) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	e, streams := s.envelope(ctx, h)
	err := accept(ctx, e)
	for _, a := range streams {
		_ = a.Close() // what was wanted of it is read
		if a.failed == nil || err == nil {
			continue
		}
		if errors.Is(a.failed, errLength) {
			h.short[a.about.ID()]++
		} else {
			s.hopeless(h, a.about.ID(), a.failed)
		}
		return board.Classed(fileClass(a.failed), fmt.Errorf("an attachment: %w", a.failed))
	}
	return board.Classed(NotAccepted, err)
}

// fileClass keeps what concerns every message alike recognisable.
func fileClass(err error) Class {
	if general(err) {
		return classOf(err)
	}
	return NoFile
}

// envelope is the message as it is offered: its JSON, its attachments as streams, the files of its proofs.
func (s *Source) envelope(ctx context.Context, h *held) (ingest.Envelope, []*attachment) {
	m := h.message.Metadata
	at, by, proof := received(h.message, h.proofs, h.readAt)
	e := ingest.Envelope{
		Source: s.cfg.Name, Channel: ingest.EDelivery, Item: m.MessageID, Key: m.MessageID, KeyOnly: true,
		ReceivedAt: at, ReceivedBy: by, Name: "wiadomosc.json", MediaType: MediaType, Body: bytes.NewReader(h.raw),
	}
	var streams []*attachment
	var fetched, missing, short, unproved []string
	for _, about := range h.message.Attachments {
		id := about.ID()
		if id == "" || h.refusals[id] >= giveUpAfter {
			missing = append(missing, id)
			continue
		}
		a := &attachment{ctx: ctx, client: s.client, messageID: m.MessageID, about: about, anyLength: h.short[id] >= giveUpAfter}
		if a.anyLength {
			short = append(short, id)
		}
		fetched, streams = append(fetched, id), append(streams, a)
		file := about.File.Metadata
		e.Parts = append(e.Parts, ingest.Part{Role: roleAttachment, Name: file.Filename, MediaType: file.ContentType, Body: a})
	}
	for _, p := range h.proofs {
		if raw := h.files[p.EvidenceID]; raw == nil {
			unproved = append(unproved, p.EvidenceID)
		} else {
			e.Parts = append(e.Parts, evidencePart(p, raw))
		}
	}
	e.Meta = meta(map[string]string{
		MetaMessage: m.MessageID, MetaThread: m.ThreadID, MetaRef: m.RefToMessageID, MetaCase: m.CaseID,
		MetaSender: m.From.Address, MetaAddress: s.cfg.Address, MetaReadAt: h.readAt.UTC().Format(time.RFC3339), MetaProof: proof,
		MetaFetched: strings.Join(fetched, " "), MetaMissing: strings.Join(missing, " "), MetaShort: strings.Join(short, " "),
		MetaNoEvidence: strings.Join(unproved, " "), MetaOpened: flag(h.message.Control.Opened),
	})
	return e, streams
}

// evidencePart is the file of a proof, named by what it proves.
func evidencePart(p Evidence, raw []byte) ingest.Part {
	name, media := strings.ReplaceAll(path.Base("/"+p.Type), "/", "")+"-"+path.Base("/"+p.EvidenceID), "application/octet-stream"
	switch {
	case bytes.HasPrefix(raw, []byte("%PDF-")):
		name, media = name+".pdf", "application/pdf"
	case bytes.HasPrefix(bytes.TrimLeft(raw, "\xef\xbb\xbf \r\n\t"), []byte("<")):
		name, media = name+".xml", "application/xml"
	}
	return ingest.Part{Role: roleEvidence, Name: name, MediaType: media, Body: io.Reader(bytes.NewReader(raw))}
}

func flag(b bool) string {
	if b {
		return "true"
	}
	return ""
}

// meta leaves empty values out.
func meta(m map[string]string) map[string]string {
	for k, v := range m {
		if v == "" {
			delete(m, k)
		}
	}
	return m
}
