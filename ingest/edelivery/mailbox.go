package edelivery

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// What is asked of the mailbox. Nothing here marks a message as read but Read.

// listing is one page of the folder.
type listing struct {
	Messages []Message `json:"messages"`
	Total    int       `json:"total"`
	Waiting  int       `json:"electronicCount"` // not yet collected by the mailbox itself
}

// page lists messages from a moment on (zero: all), oldest first.
func (c *Client) page(ctx context.Context, from time.Time, offset int) (listing, error) {
	query := url.Values{
		"format": {"metadata"}, "sortColumn": {"eventDate"}, "sortDirection": {"asc"},
		"offset": {strconv.Itoa(offset)}, "limit": {strconv.FormatInt(c.cfg.Page, 10)},
	}
	if c.cfg.Label != every {
		query.Set("label", c.cfg.Label)
	}
	if !from.IsZero() {
		query.Set("eventDateFrom", from.UTC().Format("2006-01-02T15:04:05.000Z"))
	}
	var all listing
	_, err := c.get(ctx, "listing the folder", query, &all, "messages")
	return all, err
}

// SentSince returns the heads of the sent messages that are wanted and were made since a moment, newest first. The list is sorted
// by what every message has, the time the mailbox made it, and read until it is older: filters by date leave out messages that are
// still on their way.
func (c *Client) SentSince(ctx context.Context, from time.Time, wanted func(Message) bool) (found []Message, err error) {
	query := url.Values{
		"label": {"SENT"}, "format": {"metadata"}, "sortColumn": {"timestamp"}, "sortDirection": {"desc"}, "limit": {strconv.FormatInt(c.cfg.Page, 10)},
	}
	seen := map[string]bool{}
	for offset := 0; ; {
		query.Set("offset", strconv.Itoa(offset))
		var page listing
		if _, err := c.get(ctx, "listing what was sent", query, &page, "messages"); err != nil {
			return nil, err
		}
		news := false
		for _, m := range page.Messages {
			id, at := m.Metadata.MessageID, m.Metadata.Timestamp
			if !seen[id] && (at.IsZero() || !at.Before(from)) {
				seen[id], news = true, true
				if wanted(m) {
					found = append(found, m)
				}
			}
		}
		if offset += len(page.Messages); !news || page.Total > 0 && offset >= page.Total {
			return found, nil
		}
	}
}

// Read reads a message with its text and what is known of its files. The platform counts it as opened from then on. raw is the
// message exactly as it came. ready is false while the platform still fetches it: ask again.
func (c *Client) Read(ctx context.Context, messageID string) (m Message, raw []byte, ready bool, err error) {
	var answer json.RawMessage
	accepted, err := c.get(ctx, "reading a message", url.Values{"format": {"full"}}, &answer, "messages", messageID)
	if err != nil || accepted {
		return m, nil, false, err
	}
	var all []json.RawMessage
	if err := json.Unmarshal(answer, &all); err != nil { // one object is met where the contract says array
		all = []json.RawMessage{answer}
	}
	for _, raw = range all {
		m = Message{}
		if err := json.Unmarshal(raw, &m); err == nil && m.Metadata.MessageID == messageID {
			return m, bytes.TrimSpace(raw), true, nil
		}
	}
	return m, nil, false, &Error{Kind: Garbled, Reason: "reading a message: the answer is not the message that was asked for"}
}

// Heads returns the metadata of messages by their ids, in the order of the answer. It marks none as read; those that are not
// there are left out.
func (c *Client) Heads(ctx context.Context, ids ...string) ([]Message, error) {
	var all []Message
	for len(ids) > 0 {
		n := min(len(ids), maxIDs)
		var some []Message
		escaped := make([]string, n)
		for i, id := range ids[:n] {
			escaped[i] = segment(id)
		}
		address := c.path(c.cfg.UAURL, nil, "messages") + "/" + strings.Join(escaped, ",") + "?format=metadata"
		accepted, err := c.call(ctx, "asking about messages", outgoing{method: http.MethodGet, url: address}, &some)
		if err != nil && !isMissing(err) {
			return all, err
		}
		if !accepted {
			all = append(all, some...)
		}
		ids = ids[n:]
	}
	return all, nil
}

// maxIDs is how many messages may be asked for at once.
const maxIDs = 50

// Evidences lists the proofs about a message.
func (c *Client) Evidences(ctx context.Context, messageID string) ([]Evidence, error) {
	var answer struct {
		Evidences []Evidence `json:"evidences"`
	}
	_, err := c.get(ctx, "listing proofs", nil, &answer, "messages", messageID, "evidences")
	return answer.Evidences, err
}

// EvidenceFile fetches the sealed file of a proof.
func (c *Client) EvidenceFile(ctx context.Context, evidenceID string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
	defer cancel()
	resp, err := c.do(ctx, outgoing{method: http.MethodGet, url: c.path(c.cfg.EvidenceURL, nil, "evidences", "purde", evidenceID)})
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	raw, err := readAll(resp.Body, c.cfg.MaxAnswerBytes)
	if err == nil && (len(raw) == 0 || resp.StatusCode == http.StatusAccepted) {
		err = &Error{Kind: Missing, Reason: "the file of a proof is not there yet"}
	}
	return raw, err
}

// Unread counts the unread messages of a folder.
func (c *Client) Unread(ctx context.Context) (int, error) {
	var folders []struct {
		Label  string `json:"label"`
		Unread int    `json:"numberOfUnreadMessages"`
	}
	if _, err := c.get(ctx, "counting messages", nil, &folders, "numberMessages"); err != nil {
		return 0, err
	}
	n := 0
	for _, f := range folders {
		if c.cfg.Label == every || f.Label == c.cfg.Label {
			n += f.Unread
		}
	}
	return n, nil
}

// Subscribe asks the platform to tell of news at Config.WebhookURL.
func (c *Client) Subscribe(ctx context.Context) error {
	raw, err := json.Marshal(map[string]string{"inboxCallbackUrl": c.cfg.WebhookURL, "evidenceCallbackUrl": c.cfg.WebhookURL})
	if err != nil {
		return err
	}
	var answer struct{}
	_, err = c.call(ctx, "asking to be told of news", outgoing{
		method: http.MethodPut, url: c.path(c.cfg.UAURL, nil, "message_subscriptions"), media: "application/json", body: raw,
	}, &answer)
	return err
}
