package webhook

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"okienko/workflow"
)

// SignatureHeader carries "t=<Unix seconds>,v1=<hex HMAC-SHA256 over t, a dot and the body>".
const SignatureHeader = "Okienko-Signature"

// message is the body of a request.
type message struct {
	Webhook string  `json:"webhook"`
	Events  []event `json:"events"`
}

type event struct {
	ID     int64              `json:"id"` // unique: a receiver drops one it has
	Case   workflow.CaseID    `json:"case"`
	Number string             `json:"number"`
	Desk   string             `json:"desk"`
	At     time.Time          `json:"at"`
	Kind   workflow.EventKind `json:"kind"`
}

// Sign returns the value of SignatureHeader for a body sent at a time.
func Sign(secret, body []byte, at time.Time) string {
	stamp := strconv.FormatInt(at.Unix(), 10)
	return "t=" + stamp + ",v1=" + hex.EncodeToString(mac(secret, stamp, body))
}

// ErrSignature is returned for a request that did not come from who has the secret, or is old.
var ErrSignature = errors.New("not signed with this secret within the last five minutes")

// Verify is what a receiver does with the header and the body before it believes them.
func Verify(secret, body []byte, header string, now time.Time) error {
	stamp, sum, ok := strings.Cut(strings.TrimPrefix(header, "t="), ",v1=")
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	given, hexErr := hex.DecodeString(sum)
	if !ok || err != nil || hexErr != nil || now.Sub(time.Unix(seconds, 0)).Abs() > 5*time.Minute || !hmac.Equal(given, mac(secret, stamp, body)) {
		return ErrSignature
	}
	return nil
}

func mac(secret []byte, stamp string, body []byte) []byte {
	h := hmac.New(sha256.New, secret)
	h.Write([]byte(stamp + "."))
	h.Write(body)
	return h.Sum(nil)
}

// push sends one batch; only a 2xx says that the receiver has taken it. The error names no address: it may hold a secret.
func (s *Sender) push(ctx context.Context, events []workflow.FeedEvent) error {
	m := message{Webhook: s.Name}
	for _, e := range events {
		m.Events = append(m.Events, event{e.ID, e.Case, e.Number, e.Desk, e.At, e.Kind})
	}
	body, err := json.Marshal(m)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL, bytes.NewReader(body))
	if err != nil {
		return errors.New("the address is none")
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set(SignatureHeader, Sign(s.Secret, body, s.Now()))
	res, err := s.client().Do(req)
	if err != nil {
		var u *url.Error
		if errors.As(err, &u) {
			err = u.Err
		}
		return fmt.Errorf("the receiver does not answer: %w", err)
	}
	defer res.Body.Close()
	io.Copy(io.Discard, io.LimitReader(res.Body, 64<<10)) //nolint:errcheck // what it says beside its status is of no interest
	if res.StatusCode/100 != 2 {
		return fmt.Errorf("the receiver answered %d", res.StatusCode)
	}
	return nil
}

func (s *Sender) client() *http.Client {
	if s.Client != nil {
		return s.Client
	}
	return &http.Client{Timeout: 10 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}
