package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"okienko/ingest"
	"okienko/ingest/read"
	"okienko/workflow"
	"okienko/workflow/desk"
	"okienko/workflow/files"
	"okienko/workflow/reply"
	"okienko/workflow/rulebook"
)

// openDesk prepares the clerks' desk, if this process has the role.
func (a *app) openDesk(reader read.Client, evidence *files.Evidence) (err error) {
	a.drafter = drafter{a.library}
	if !a.cfg.has(roleDesk) {
		return nil
	}
	a.desk, err = desk.New(desk.Deps{
		Config: a.cfg.Desk.desk(), Store: a.store, Records: a.store, Accounts: a.store, Overview: a.store,
		Sessions: a.store.Sessions(), Urns: a.store, Sites: a.cfg.urns(), MailDomain: a.cfg.mailDomain(), Procedures: a.library, Files: deskFiles{evidence, reader},
		Drafter: a.drafter, Rejudger: a.pipeline, Casework: a.pipeline, Auditor: a.store, AuditLog: a.store, Log: a.log,
		Deliveries: a.store, Addresses: a.register(), Pages: newDeskPages(evidence, reader.Pool),
		Queues: a.store, Views: a.store, Contacts: a.store, Ending: a.ending,
		Rules: desk.Workshop{Shelf: a.store, Past: a.store, Library: a.library, Halts: a.store, Corrections: a.store}, Numbers: a.store,
	})
	if err != nil {
		return fmt.Errorf("desk: %w", err)
	}
	return nil
}

func (c deskConfig) desk() desk.Config {
	return desk.Config{Listener: c.Listener, Idle: c.Idle, Lifetime: c.Lifetime}
}

// deskFiles opens what residents sent; documents inside an original are taken out in the sandbox.
type deskFiles struct {
	evidence *files.Evidence
	reader   read.Client
}

// Original implements desk.Files.
func (f deskFiles) Original(ctx context.Context, c workflow.Case, d ingest.Digest) (desk.File, error) {
	for _, o := range c.Submission.Originals {
		if o.Digest == d {
			body, err := f.evidence.Open(ctx, d)
			return desk.File{Body: body, Name: o.Name, MediaType: o.MediaType}, err
		}
	}
	return desk.File{}, workflow.ErrNotFound
}

// Document implements desk.Files. The bytes pass through a temporary file that has no name any more: a document may be large,
// and whether it could be taken out whole must be known before the download begins.
func (f deskFiles) Document(ctx context.Context, c workflow.Case, documentID string) (desk.File, error) {
	tmp, err := os.CreateTemp("", "okienko-document-*")
	if err != nil {
		return desk.File{}, fmt.Errorf("take a document out: %w", err)
	}
	os.Remove(tmp.Name())
	err = f.reader.Extract(ctx, verbExtract, c.Submission, documentID, f.evidence.Open, tmp)
	if err == nil {
		_, err = tmp.Seek(0, io.SeekStart)
	}
	if err != nil {
		tmp.Close()
		return desk.File{}, fmt.Errorf("take document %s out: %w", documentID, err)
	}
	return desk.File{Body: tmp}, nil
}

// Proof implements desk.Files. Proofs are XML or PDF, and say so themselves.
func (f deskFiles) Proof(ctx context.Context, p workflow.Proof) (desk.File, error) {
	body, err := f.evidence.Open(ctx, p.Digest)
	if err != nil {
		return desk.File{}, err
	}
	head := make([]byte, 5)
	if _, err := io.ReadFull(body, head); err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return desk.File{}, errors.Join(err, body.Close())
	}
	if _, err := body.Seek(0, io.SeekStart); err != nil {
		return desk.File{}, errors.Join(err, body.Close())
	}
	media := "application/xml"
	if string(head) == "%PDF-" {
		media = "application/pdf"
	}
	return desk.File{Body: body, MediaType: media}, nil
}

// drafter writes calls for completion in the clerk's name.
type drafter struct{ library *rulebook.Library }

// Call implements desk.Drafter.
func (d drafter) Call(c workflow.Case, j workflow.Judgement, by workflow.User, at time.Time) (workflow.Letter, error) {
	composer, err := officeComposer(d.library, j.Rulebook)
	if err != nil {
		return workflow.Letter{}, err
	}
	l, err := composer.DraftCall(c, j, reply.Call{Clerk: clerk(by), At: at})
	if errors.Is(err, reply.ErrNothingToCall) {
		return l, desk.ErrNothingToCall
	}
	return l, err
}

// Letter implements desk.Drafter.
func (d drafter) Letter(c workflow.Case, of workflow.Judgement, by workflow.User, at time.Time) (workflow.Letter, error) {
	composer, err := officeComposer(d.library, of.Rulebook)
	if err != nil {
		return workflow.Letter{}, err
	}
	return composer.DraftLetter(c, of, clerk(by), at)
}

// Forward implements desk.Drafter.
func (d drafter) Forward(c workflow.Case, j workflow.Judgement, by workflow.User, at time.Time, to desk.Authority) (notice, cover workflow.Letter, err error) {
	composer, err := officeComposer(d.library, j.Rulebook)
	if err != nil {
		return notice, cover, err
	}
	f := reply.Forward{Clerk: clerk(by), At: at, Authority: to.Name, Address: to.Address, Because: to.Because}
	if notice, err = composer.DraftForward(c, j, f); err != nil {
		return notice, cover, err
	}
	cover, err = composer.DraftPassOn(c, j, f)
	return notice, cover, err
}

func clerk(u workflow.User) reply.Clerk {
	return reply.Clerk{User: u.Name, Name: u.FullName, Position: u.Position}
}
