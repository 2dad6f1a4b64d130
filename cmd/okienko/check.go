package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"okienko/ingest"
	"okienko/workflow"
	"okienko/workflow/deadline"
	"okienko/workflow/report"
)

type checkCmd struct {
	JSON    bool     `name:"json" help:"One JSON object a line, see schemas/report.schema.json."`
	Channel string   `default:"" help:"How the files came in: email, epuap, edelivery or scan. Default: by the kind of file."`
	Trust   string   `help:"Directory of trusted lists and certificates." type:"existingdir"`
	Config  string   `help:"Configuration file with the office's policy and address." type:"existingfile"`
	Files   []string `arg:"" name:"file" help:"Files to judge." type:"path"`
}

// Run judges each file as if it had just come in. Nothing is stored and nobody is written to.
func (c *checkCmd) Run(ctx context.Context, out streams) error {
	if c.Channel != "" {
		if _, err := ingest.ParseChannel(c.Channel); err != nil {
			return fmt.Errorf("--channel: %w: %w", err, errUsage)
		}
	}
	checker, err := newChecker(c.Config, c.Trust)
	if err != nil {
		return err
	}
	defer func() { _ = checker.close() }() // its children have nothing left to do
	for _, file := range c.Files {
		r, err := checker.check(ctx, file, ingest.Channel(c.Channel))
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		if err := writeReport(out.out, r, c.JSON); err != nil {
			return err
		}
	}
	return nil
}

// checker judges files without a database.
type checker struct {
	judge    workflow.Judge
	composer workflow.Composer
	examiner client
	close    func() error
}

func newChecker(configFile, trustDir string) (*checker, error) {
	cfg := defaultConfig()
	if configFile != "" {
		var err error
		if cfg, err = loadConfig(configFile); err != nil {
			return nil, err
		}
	}
	if trustDir == "" {
		trustDir = cfg.Trust
	}
	judge, err := newJudge(cfg)
	if err != nil {
		return nil, err
	}
	// Codes mean something only with the office's secret; a letter shown here is never sent.
	composer, err := newComposer(cfg, judge.Catalog, bytes.Repeat([]byte{0}, secretSize), nil, deadline.Calendar{})
	if err != nil {
		return nil, err
	}
	pool, err := newPool(1, userCache(), trustDir)
	if err != nil {
		return nil, err
	}
	return &checker{judge: judge, composer: composer, examiner: newClient(pool), close: pool.Close}, nil
}

// userCache keeps the compiled PDF engine between runs; "" if the user has no cache directory.
func userCache() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "okienko")
}

func (c *checker) check(ctx context.Context, file string, channel ingest.Channel) (report.Report, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return report.Report{}, err
	}
	if channel == "" {
		channel = channelOf(file, data)
	}
	now := time.Now()
	sub := submissionOf(filepath.Base(file), data, channel, now)
	contents, sigs, err := c.examiner.Examine(ctx, sub, opener(data))
	if err != nil {
		return report.Report{}, err
	}
	j := c.judge.Judge(sub, contents, sigs)
	j.At = now.UTC()
	c.judge.Decide(sub, &j, c.composer)
	if err := c.compose(sub, &j); err != nil {
		return report.Report{}, err
	}
	return report.New(file, channel, j), nil
}

// submissionOf makes a submission of one local file.
func submissionOf(name string, data []byte, channel ingest.Channel, at time.Time) ingest.Submission {
	return ingest.Submission{Source: "check", Channel: channel, ReceivedAt: at.UTC(), Originals: []ingest.Original{{
		Role: "body", Name: name, MediaType: mediaTypeOf(channel), Digest: ingest.DigestOf(data), Size: int64(len(data)),
	}}}
}

// compose adds the text of the letter that would be sent.
func (c *checker) compose(sub ingest.Submission, j *workflow.Judgement) error {
	if j.Reply.Kind == workflow.ReplyNone || j.Reply.Kind == workflow.ReplyHuman {
		return nil
	}
	proc := workflow.Case{Number: "RPW/0/" + sub.ReceivedAt.Format("2006"), Submission: sub, RegisteredAt: sub.ReceivedAt,
		Sender: j.Contents.Letter.From, Subject: j.Contents.Letter.Subject, Procedure: j.Decision.Procedure, Route: j.Route}
	letter, err := c.composer.Compose(proc, *j)
	if err != nil {
		return fmt.Errorf("compose the letter: %w", err)
	}
	j.Reply.Subject, j.Reply.Text = letter.Subject, letter.Text
	return nil
}

// opener opens the one original of a submission.
func opener(data []byte) workflow.Opener {
	return func(context.Context, ingest.Digest) (io.ReadSeekCloser, error) {
		return memoryFile{bytes.NewReader(data)}, nil
	}
}

type memoryFile struct{ *bytes.Reader }

func (memoryFile) Close() error { return nil }

// channelOf guesses how a file came in: mail has a header, ePUAP documents are XML, the rest was scanned.
func channelOf(file string, data []byte) ingest.Channel {
	switch strings.ToLower(filepath.Ext(file)) {
	case ".eml", ".msg", ".mbox":
		return ingest.Email
	case ".xml":
		return ingest.EPUAP
	case ".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff":
		return ingest.Scan
	}
	if bytes.HasPrefix(bytes.TrimLeft(data, "\xef\xbb\xbf \r\n\t"), []byte("<?xml")) {
		return ingest.EPUAP
	}
	return ingest.Email
}

func mediaTypeOf(channel ingest.Channel) string {
	switch channel {
	case ingest.Email:
		return "message/rfc822"
	case ingest.EPUAP:
		return "application/xml"
	default:
		return ""
	}
}

func writeReport(w io.Writer, r report.Report, asJSON bool) error {
	if !asJSON {
		return r.WriteText(w)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(r)
}
