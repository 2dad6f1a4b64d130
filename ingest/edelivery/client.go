package edelivery

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// Client calls the services for one address. It may be used concurrently.
type Client struct {
	cfg    Config
	http   *http.Client
	send   *http.Client // each request on a connection of its own, so that a stale one leaves no doubt whether a letter went
	tokens *tokens
}

// NewClient reads the files cfg names; it does not connect.
func NewClient(cfg Config) (*Client, error) {
	if err := cfg.Validate(); err != nil {
		return nil, fmt.Errorf("e-Doręczenia %q: %w", cfg.Name, err)
	}
	cfg = cfg.WithDefaults()
	key, err := cfg.key()
	if err != nil {
		return nil, fmt.Errorf("e-Doręczenia %q: %w", cfg.Name, err)
	}
	usual, err := cfg.newHTTP(false)
	if err != nil {
		return nil, fmt.Errorf("e-Doręczenia %q: %w", cfg.Name, err)
	}
	fresh, err := cfg.newHTTP(true)
	if err != nil {
		return nil, fmt.Errorf("e-Doręczenia %q: %w", cfg.Name, err)
	}
	return &Client{cfg: cfg, http: usual, send: fresh, tokens: &tokens{cfg: cfg, key: key, http: usual}}, nil
}

// Address is the office's own.
func (c *Client) Address() string { return c.cfg.Address }

// Timeout is how long one Send can take.
func (c *Client) Timeout() time.Duration { return c.cfg.LongestSend() }

// newHTTP follows no redirect and uses no proxy of the environment: what it carries goes to the configured servers alone.
func (c Config) newHTTP(fresh bool) (*http.Client, error) {
	secure, err := c.tls()
	if err != nil {
		return nil, err
	}
	return &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext:         (&net.Dialer{Timeout: c.ConnectTimeout}).DialContext,
			TLSHandshakeTimeout: c.ConnectTimeout, TLSClientConfig: secure, ForceAttemptHTTP2: true,
			MaxResponseHeaderBytes: 64 << 10, MaxIdleConnsPerHost: 4, IdleConnTimeout: time.Minute, DisableKeepAlives: fresh,
			DisableCompression: true, // a length that is checked must be the one that was sent
		},
	}, nil
}

// outgoing is one request.
type outgoing struct {
	method, url, media string
	body               []byte
	once               bool // must not reach the platform twice
}

// exchange sends a request once and returns the answer if its status says success. The caller closes the body.
func exchange(ctx context.Context, by *http.Client, o outgoing, token string) (*http.Response, error) {
	var connected atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { connected.Store(true) }})
	req, err := http.NewRequestWithContext(ctx, o.method, o.url, bytes.NewReader(o.body))
	if err != nil {
		return nil, &Error{Kind: Local, Reason: "the address of a service is wrong", cause: err}
	}
	if o.media != "" {
		req.Header.Set("Content-Type", o.media)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := by.Do(req)
	if err != nil {
		return nil, transportError(err, connected.Load())
	}
	if resp.StatusCode == http.StatusOK || resp.StatusCode == http.StatusAccepted {
		return resp, nil
	}
	defer resp.Body.Close()
	return nil, statusError(resp, errorCodes(resp.Body))
}

// do sends a request with a token. A token that is refused may have ended early: then it is tried once more with a new one,
// which is safe, because what was refused was not done.
func (c *Client) do(ctx context.Context, o outgoing) (*http.Response, error) {
	by := c.http
	if o.once {
		by = c.send
	}
	for attempt := 1; ; attempt++ {
		token, err := c.tokens.get(ctx)
		if err != nil {
			return nil, err
		}
		resp, err := exchange(ctx, by, o, token)
		if err == nil {
			return resp, nil
		}
		if e := asError(err); e.Status != http.StatusUnauthorized && e.Status != http.StatusForbidden {
			return nil, err
		}
		c.tokens.drop(token)
		if attempt == 2 {
			return nil, err
		}
	}
}

// call sends a request and reads the JSON it is answered with into answer. accepted: the platform answered 202.
func (c *Client) call(ctx context.Context, doing string, o outgoing, answer any) (accepted bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
	defer cancel()
	resp, err := c.do(ctx, o)
	if err != nil {
		return false, fmt.Errorf("%s: %w", doing, err)
	}
	defer resp.Body.Close()
	if err := readJSON(resp.Body, c.cfg.MaxAnswerBytes, answer); err != nil {
		return false, fmt.Errorf("%s: %w", doing, err)
	}
	return resp.StatusCode == http.StatusAccepted, nil
}

// get is call for what is only asked.
func (c *Client) get(ctx context.Context, doing string, query url.Values, answer any, path ...string) (accepted bool, err error) {
	return c.call(ctx, doing, outgoing{method: http.MethodGet, url: c.path(c.cfg.UAURL, query, path...)}, answer)
}

// post is call with a JSON body.
func (c *Client) post(ctx context.Context, doing, address string, body, answer any) (accepted bool, err error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return false, &Error{Kind: Local, Reason: doing + ": the request cannot be written", cause: err}
	}
	return c.call(ctx, doing, outgoing{method: http.MethodPost, url: address, media: "application/json", body: raw}, answer)
}

// path is the address of something in the mailbox.
func (c *Client) path(base string, query url.Values, segments ...string) string {
	address := strings.TrimSuffix(base, "/") + "/" + segment(c.cfg.Address)
	for _, s := range segments {
		address += "/" + segment(s)
	}
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	return address
}

// segment escapes one segment of a path; unlike url.PathEscape also the colon of an address, as the contract wants it.
func segment(s string) string { return strings.ReplaceAll(url.PathEscape(s), ":", "%3A") }

// readJSON reads an answer within a limit.
func readJSON(r io.Reader, limit int64, answer any) error {
	raw, err := readAll(r, limit)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(raw, answer); err != nil {
		return &Error{Kind: Garbled, Reason: "the answer is not the JSON that was asked for", MayHaveArrived: true, cause: err}
	}
	return nil
}

func readAll(r io.Reader, limit int64) ([]byte, error) {
	raw, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		e := transportError(err, true)
		if e.Kind == Unreachable {
			e.Reason = "the connection was lost in the middle of the answer"
		}
		return nil, e
	}
	if int64(len(raw)) > limit {
		return nil, &Error{Kind: Garbled, Reason: "the answer is larger than allowed", MayHaveArrived: true}
	}
	return raw, nil
}

// errorCodes reads the platform's list of errors: an array in one API, an object in the other. Only the codes are taken:
// descriptions may quote a letter.
func errorCodes(r io.Reader) []string {
	raw, err := readAll(r, 64<<10)
	if err != nil {
		return nil
	}
	var ua []struct {
		Error string `json:"error"`
	}
	var se struct {
		ErrorCodes []struct {
			ErrorCode string `json:"errorCode"`
		} `json:"errorCodes"`
		Error string `json:"error"` // of the token endpoint
	}
	var codes []string
	if json.Unmarshal(raw, &ua) == nil {
		for _, e := range ua {
			codes = append(codes, codeOf(e.Error))
		}
	} else if json.Unmarshal(raw, &se) == nil {
		codes = append(codes, codeOf(se.Error))
		for _, e := range se.ErrorCodes {
			codes = append(codes, codeOf(e.ErrorCode))
		}
	}
	return distinct(codes)
}

// codeOf keeps what looks like a code.
func codeOf(s string) string {
	if len(s) > 60 || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return ""
	}
	return s
}

func distinct(codes []string) []string {
	var kept []string
	seen := map[string]bool{"": true}
	for _, code := range codes {
		if !seen[code] {
			seen[code] = true
			kept = append(kept, code)
		}
	}
	return kept
}

// longestPause bounds what a server may ask us to wait.
const longestPause = time.Hour

// retryAfter reads the header of RFC 9110 section 10.2.3: seconds or a date.
func retryAfter(header string, now time.Time) time.Duration {
	var d time.Duration
	if seconds, err := strconv.Atoi(header); err == nil {
		d = time.Duration(min(seconds, int(longestPause/time.Second))) * time.Second
	} else if at, err := http.ParseTime(header); err == nil {
		d = at.Sub(now)
	}
	return min(max(d, 0), longestPause)
}

// IsRefusal reports whether the platform answered that it does not give out a thing, or does not have it; asking again is of little
// use.
func IsRefusal(err error) bool {
	e := (*Error)(nil)
	return errors.As(err, &e) && (e.Kind == Missing || e.Kind == BadStatus && e.Status >= 400 && e.Status < 500)
}

// isMissing reports whether the platform says that a thing is not there.
func isMissing(err error) bool {
	e := (*Error)(nil)
	return errors.As(err, &e) && e.Kind == Missing
}
