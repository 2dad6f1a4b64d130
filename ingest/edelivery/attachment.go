package edelivery

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// attachment is a file of a message as a stream. It is asked for when it is first read, so that one connection is open at a
// time, and is never in memory as a whole. Read ends with io.EOF only if the file is as long as the platform said.
type attachment struct {
	ctx       context.Context // of the offer that the stream belongs to
	client    *Client
	messageID string
	about     Attachment
	anyLength bool // take it although it is not as long as was said

	body   io.ReadCloser
	stop   context.CancelFunc
	read   int64
	failed error // why it could not be read to its end; nil if it was not, or was not tried
}

// errLength is a file that came to its end and is not as long as was said.
var errLength = &Error{Kind: NoFile, Reason: "an attachment is not as long as the message says"}

// Read implements io.Reader.
func (a *attachment) Read(p []byte) (int, error) {
	if a.failed != nil {
		return 0, a.failed
	}
	if a.body == nil {
		if err := a.open(); err != nil {
			a.failed = err
			return 0, err
		}
	}
	n, err := a.body.Read(p)
	a.read += int64(n)
	switch {
	case a.read > a.client.cfg.MaxFileBytes:
		a.failed = &Error{Kind: NoFile, Reason: "an attachment is larger than allowed"}
	case err == io.EOF && a.about.File.Metadata.Size > 0 && a.read != a.about.File.Metadata.Size && !a.anyLength:
		a.failed = errLength
	case err != nil && err != io.EOF:
		a.failed = readError(err)
	default:
		return n, err
	}
	return n, a.failed
}

// readError explains a stream that broke.
func readError(err error) error {
	if e := asError(err); e.Kind != Local {
		return err
	}
	e := transportError(err, true)
	if e.Kind == Unreachable {
		e.Reason = "the connection was lost in the middle of an attachment"
	}
	return e
}

// Close ends the stream. It may be called without any Read.
func (a *attachment) Close() error {
	if a.body == nil {
		return nil
	}
	defer a.stop()
	return a.body.Close()
}

// open asks for the file in the configured way, and in the other one if the platform does not offer it.
func (a *attachment) open() error {
	var ctx context.Context
	ctx, a.stop = context.WithTimeout(a.ctx, a.client.cfg.FileTimeout)
	resp, err := a.request(ctx, a.client.cfg.Attachments)
	if notOffered(err) {
		resp, err = a.request(ctx, JSON)
	}
	if err != nil {
		a.stop()
		return fmt.Errorf("an attachment: %w", err)
	}
	if resp.StatusCode == http.StatusAccepted {
		a.stop()
		_ = resp.Body.Close() // nothing of it is wanted
		return &Error{Kind: NoFile, Reason: "an attachment is still on its way to the platform"}
	}
	a.body = resp.Body
	if isJSON(resp.Header.Get("Content-Type")) {
		a.body = struct {
			io.Reader
			io.Closer
		}{fileInJSON(resp.Body), resp.Body}
	}
	return nil
}

func (a *attachment) request(ctx context.Context, how Transfer) (*http.Response, error) {
	c := a.client
	if how == JSON {
		return c.do(ctx, outgoing{method: http.MethodGet, url: c.path(c.cfg.UAURL, nil, "messages", a.messageID, "attachments", a.about.ID())})
	}
	body, err := json.Marshal(map[string]string{"messageId": a.messageID, "attachmentId": a.about.ID()})
	if err != nil {
		return nil, err
	}
	return c.do(ctx, outgoing{
		method: http.MethodPost, url: c.path(c.cfg.UAURL, nil, "attachments", "download"), media: "application/json", body: body,
	})
}

// notOffered reports whether an operation as such is not there, which a 404 may also mean of the file: the other way tells.
func notOffered(err error) bool {
	if err == nil {
		return false
	}
	switch asError(err).Status {
	case http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotAcceptable, http.StatusUnsupportedMediaType, http.StatusNotImplemented:
		return true
	}
	return false
}
