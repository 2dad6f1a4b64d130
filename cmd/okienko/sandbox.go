package main

import (
	"context"
	"fmt"
	"os"

	"okienko/ingest"
	"okienko/ingest/imap"
	"okienko/ingest/read"
	"okienko/ingest/read/ocr"
	"okienko/ingest/sandbox"
	"okienko/validate"
	"okienko/validate/signature"
	"okienko/validate/signature/trust"
	"okienko/workflow"
)

// The verbs the server asks its child processes.
const (
	verbExamine   = "examine"
	verbExtract   = "extract"
	verbPage      = "page"
	verbComplete  = "complete"
	verbReexamine = "reexamine"
)

// examination is the child's answer to verbExamine.
type examination struct {
	Contents   ingest.Contents            `json:"contents"`
	Signatures []validate.SignatureReport `json:"signatures"`
	Errands    []trust.Errand             `json:"errands,omitempty"` // what undecided signatures lack
}

// sandboxCmd is the child process in which documents are parsed; people never call it.
type sandboxCmd struct {
	Cache string `help:"Directory of the compiled PDF engine."`
	Trust string `help:"Directory of trust data."`
	Scans bool   `help:"Part batches of scans instead of reading documents."`
}

// Run reads what the parent sends until the parent is gone.
func (s *sandboxCmd) Run(ctx context.Context) error {
	if s.Scans {
		return serveCuts(ctx, s.Cache)
	}
	reader := read.New(read.Options{CacheDir: s.Cache})
	defer reader.Close()
	e := &examiner{reader: reader}
	return sandbox.Child{
		Handlers: map[string]sandbox.Handler{verbExamine: e.examine, verbExtract: reader.Extract, verbPage: reader.Page, verbComplete: reader.Complete, verbReexamine: e.reexamine},
		Warm:     reader.Warm,
		Prepare: func() (err error) { // the last moment to open a file
			if e.trust, err = readableTrust(s.Trust); err != nil {
				return err
			}
			return reader.Prepare()
		},
	}.Serve(ctx)
}

// examiner reads a submission and verifies its signatures in one go: both need the bytes of every document.
type examiner struct {
	reader *read.Reader
	trust  *trust.Store
}

func (e *examiner) examine(ctx context.Context, c *sandbox.Call) (any, error) {
	return e.examineWith(ctx, c, e.trust)
}

func (e *examiner) examineWith(ctx context.Context, c *sandbox.Call, store *trust.Store) (any, error) {
	var req read.Request
	if err := c.Request(&req); err != nil {
		return nil, err
	}
	result, err := e.reader.ExamineCall(ctx, c)
	if err != nil {
		return nil, err
	}
	var docs []signature.File
	for _, r := range result.Contents.Readings {
		if data, ok := result.File(r.Document.ID); ok {
			docs = append(docs, signature.File{ID: r.Document.ID, Name: r.Document.Name, MediaType: r.Document.MediaType, Bytes: data})
		}
	}
	found := signature.ExamineAll(docs, signature.Options{Trust: store, Received: req.Submission.ReceivedAt, Errands: true})
	for _, problem := range found.Problems {
		result.Contents.Problems = append(result.Contents.Problems, ingest.Problem{Code: ingest.ProblemMalformed, Detail: problem})
	}
	return examination{result.Contents, found.Signatures, found.Errands}, nil
}

// loadTrust reads trust data. Without a directory nobody is trusted, and an intact signature is INDETERMINATE.
func loadTrust(dir string) (*trust.Store, error) {
	if dir == "" {
		return nil, nil
	}
	store, err := trust.Load(os.DirFS(dir))
	if err != nil {
		return nil, fmt.Errorf("trust data in %s: %w", dir, err)
	}
	return store, nil
}

// readableTrust is loadTrust for a running office: a damaged file must not stop its letters. Whoever must know is told by
// renewTrust and "okienko trust show".
func readableTrust(dir string) (*trust.Store, error) {
	if dir == "" {
		return nil, nil
	}
	store, err := trust.LoadReadable(os.DirFS(dir))
	if err != nil {
		return nil, fmt.Errorf("trust data in %s: %w", dir, err)
	}
	return store, nil
}

// newPool prepares the child processes of this program.
func newPool(readers int, cache, trustDir string) (*sandbox.Pool, error) {
	command := []string{"", "sandbox"}
	for flag, value := range map[string]string{"--cache": cache, "--trust": trustDir} {
		if value != "" {
			command = append(command, flag+"="+value)
		}
	}
	return sandbox.NewPool(sandbox.Config{Command: command, Children: readers})
}

// client is workflow.Examiner over the child processes.
type client struct {
	read.Client
	eyes  read.Eyes
	asker *asker // nil: nobody is asked about certificates
}

// newClient asks the children of a pool, and reads pictures if this machine can.
func newClient(pool *sandbox.Pool) client {
	engine, err := ocr.Find()
	if err != nil {
		engine = nil // pages that are pictures stay unread, which the case says
	}
	return client{read.Client{Pool: pool}, read.Eyes{Pool: pool, OCR: engine, Page: verbPage, Complete: verbComplete}, nil}
}

// Examine implements workflow.Examiner.
func (c client) Examine(ctx context.Context, sub ingest.Submission, open workflow.Opener) (ingest.Contents, []validate.SignatureReport, error) {
	var answer examination
	unread, err := c.Client.Examine(ctx, verbExamine, sub, read.Opener(open), &answer)
	if err != nil {
		return ingest.Contents{}, nil, err
	}
	if unread != nil {
		answer = examination{Contents: *unread}
	}
	answer.Signatures = c.asker.complete(ctx, sub, read.Opener(open), answer)
	if answer.Contents, err = c.eyes.Read(ctx, sub, read.Opener(open), answer.Contents); err != nil {
		return ingest.Contents{}, nil, err
	}
	answer.Contents.Problems = append(answer.Contents.Problems, leftAtTheServer(sub.Meta)...)
	if sub.Paper != nil {
		answer.Contents.Problems = append(answer.Contents.Problems, sub.Paper.Problems...)
	}
	return answer.Contents, answer.Signatures, nil
}

// leftAtTheServer tells what the connector could not take of a mail, and where that lies: see imap.MetaIncomplete.
func leftAtTheServer(meta map[string]string) []ingest.Problem {
	code, why := ingest.ProblemUnreadable, "the mail server did not give out the rest"
	switch meta[imap.MetaIncomplete] {
	case "":
		return nil
	case imap.TooLarge:
		code, why = ingest.ProblemTooLarge, "it is larger than max_message_bytes allows"
	}
	size := "a mail of unknown size"
	if bytes := meta[imap.MetaSize]; bytes != "" {
		size = "a mail of " + bytes + " bytes"
	}
	detail := fmt.Sprintf("only the head of %s was taken: %s; the whole lies in the mailbox, folder %q", size, why, meta[imap.MetaFolder])
	return []ingest.Problem{{Code: code, Detail: detail}}
}
