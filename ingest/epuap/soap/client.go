package soap

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"time"

	"okienko/internal/board"
	"okienko/validate/signature/xmldoc"
)

// Client talks to the services of one platform. It may be used concurrently.
type Client struct {
	HTTP   *http.Client // must not follow redirects: NewHTTP
	Signer Signer
	// Platform holds the certificates the platform signs its answers with, one now and one for the change-over. nil: answers
	// are taken as they come, on the word of TLS alone.
	Platform []*x509.Certificate
	MaxBytes int64 // of an answer, without what a Large takes
}

// Large takes one big binary element of an answer as a stream, so that it is never in memory as a whole.
type Large struct {
	Element  string    // local name
	W        io.Writer // gets the decoded bytes
	MaxBytes int64     // decoded
	// Unsigned is set by Call: why the answer, with the content in its place, is not signed by the platform; nil if it is, or if
	// Client.Platform is nil. The content was written all the same: where it is given out once, a person may want to judge it.
	Unsigned error
	streamed bool
}

// NewHTTP returns a client with TLS 1.2 or newer that trusts roots (nil: those of the system), follows no redirect and uses no
// proxy of the environment. connect bounds reaching the server. fresh asks for a new connection each time, so that a request
// never goes into one that the server has just closed.
func NewHTTP(roots *x509.CertPool, connect time.Duration, fresh bool) *http.Client {
	return &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext:         (&net.Dialer{Timeout: connect}).DialContext,
			TLSHandshakeTimeout: connect, TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
			MaxResponseHeaderBytes: 64 << 10, MaxIdleConnsPerHost: 2, IdleConnTimeout: time.Minute, DisableKeepAlives: fresh,
			DisableCompression: true, // a length that is checked must be the one that was sent
		},
	}
}

// Call sends m to url and returns the element in the body of the answer. large may be nil; with it, content that came without the
// platform's signature is told by Large.Unsigned instead of an error. The error is a *Fault or an *Error.
func (c *Client) Call(ctx context.Context, url string, m Message, large *Large) (*xmldoc.Node, error) {
	raw, err := c.Signer.Envelope(m)
	if err != nil {
		return nil, &Error{Kind: Local, Reason: err.Error(), cause: err}
	}
	var connected atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { connected.Store(true) }})
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(raw))
	if err != nil {
		return nil, &Error{Kind: Local, Reason: err.Error(), cause: err}
	}
	req.Header.Set("Content-Type", "text/xml; charset=utf-8")
	req.Header.Set("SOAPAction", `"`+m.Action+`"`)
	resp, err := c.HTTP.Do(req)
	if err != nil {
		return nil, transportError(err, connected.Load())
	}
	defer resp.Body.Close()
	answer, err := c.answer(resp, large)
	if err != nil {
		return nil, answerError(err, resp.StatusCode)
	}
	return answer, nil
}

// answer reads what came back.
func (c *Client) answer(resp *http.Response, large *Large) (*xmldoc.Node, error) {
	raw, err := c.envelope(resp, large)
	if err != nil {
		return nil, err
	}
	doc, err := xmldoc.Parse(raw, xmldoc.Limits{})
	if err != nil {
		return nil, &Error{Kind: Garbled, Reason: "the answer is not XML", cause: err}
	}
	body := Body(doc)
	if body == nil {
		return nil, &Error{Kind: Garbled, Reason: "the answer is not SOAP"}
	}
	if large == nil || !large.streamed {
		if err := c.trusted(doc); err != nil {
			return nil, err
		}
	}
	if f := readFault(body); f != nil {
		return nil, f
	}
	inside := body.Elements()
	if len(inside) != 1 || resp.StatusCode != http.StatusOK {
		return nil, &Error{Kind: Garbled, Reason: "the answer holds no result"}
	}
	return inside[0], nil
}

// trusted checks the signature of an answer. Faults may come unsigned: they are believed, because all they can do is delay.
func (c *Client) trusted(doc *xmldoc.Document) error {
	if len(c.Platform) == 0 || readFault(Body(doc)) != nil {
		return nil //nolint:nilerr // see above
	}
	s, err := FindSignature(doc)
	if err != nil {
		return &Error{Kind: Unsigned, Reason: "the answer is not signed: " + err.Error()}
	}
	for _, cert := range c.Platform {
		if err = s.Check(cert); err == nil {
			return nil
		}
	}
	return &Error{Kind: Unsigned, Reason: "the answer is not signed by the platform: " + err.Error()}
}

// envelope returns the XML of an answer, with what belongs into it if it came as MTOM.
func (c *Client) envelope(resp *http.Response, large *Large) ([]byte, error) {
	media, params, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	switch {
	case err == nil && media == "multipart/related":
		return readMTOM(resp.Body, params, c.MaxBytes, large, c.Platform)
	case err == nil && !strings.HasSuffix(media, "xml"):
		return nil, &Error{Kind: BadStatus, Reason: "the server answered something that is not SOAP"}
	case large != nil:
		return cut(resp.Body, large, c.MaxBytes, c.Platform)
	}
	return readAll(resp.Body, c.MaxBytes)
}

var errTooLarge = &Error{Kind: Garbled, Reason: "the answer is larger than allowed"}

func readAll(r io.Reader, limit int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(b)) > limit {
		return nil, errTooLarge
	}
	return b, err
}

// transportError explains why no answer began.
func transportError(err error, connected bool) *Error {
	kind, reason, arrived := board.Transport(err, connected)
	return &Error{Kind: kind, Reason: reason, MayHaveArrived: arrived, cause: err}
}

// answerError completes what went wrong once an answer had begun.
func answerError(err error, status int) error {
	if f := (*Fault)(nil); errors.As(err, &f) {
		return f
	}
	e := (*Error)(nil)
	if !errors.As(err, &e) {
		e = transportError(err, true)
		if e.Kind == Unreachable {
			e.Reason = "the connection was lost in the middle of the answer"
		}
	}
	told := *e
	told.MayHaveArrived = !neverRead(status)
	if status != http.StatusOK {
		told.Status = status
	}
	if told.Kind == Garbled && status != http.StatusOK {
		told.Kind = BadStatus
		told.Reason = fmt.Sprintf("the server answered %q without a SOAP fault", http.StatusText(status))
	}
	return &told
}

// neverRead names the statuses with which a server says that it did not do what was asked (RFC 9110 sections 15.4 and 15.5,
// and 503). Behind a 500, 502 or 504 something may have been done.
func neverRead(status int) bool {
	return status >= 300 && status < 500 || status == http.StatusServiceUnavailable
}
