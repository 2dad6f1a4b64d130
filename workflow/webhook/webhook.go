// Package webhook owns the pushing of events to other systems: which receiver gets what, signed how, and when it is tried again.
// Delivery is at least once and in the order of the feed: a receiver that was down goes on where it stopped, and drops what it has
// by the id of the event. What is pushed names cases and holds no personal data; the receiver asks the API for more.
//
// It refuses to know SQL and what a case is about. Read next: sign.go, then workflow/feed.go.
package webhook

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"time"

	"okienko/internal/bounds"
	"okienko/workflow"
)

// Config is one receiver.
type Config struct {
	Name       string               `yaml:"name"`        // where it got is kept under this name; letters, digits, - and _
	URL        string               `yaml:"url"`         // https; http only to a loopback address
	SecretFile string               `yaml:"secret_file"` // first line: the secret both sides sign with, 32 characters or more
	Kinds      []workflow.EventKind `yaml:"events"`      // default: all but who looked at what
	Desks      []string             `yaml:"desks"`       // default: all
}

var name = regexp.MustCompile(`^[A-Za-z0-9_-]{1,40}$`)

// Validate returns an error that names the key and what is allowed.
func (c Config) Validate() error {
	if !name.MatchString(c.Name) {
		return fmt.Errorf("name: %q is not allowed; allowed are 1 to 40 letters, digits, - and _", c.Name)
	}
	u, err := url.Parse(c.URL)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && (u.Scheme != "http" || !bounds.Loopback(u.Hostname())) {
		return fmt.Errorf("url of %s: must be https without a user name (http only to a loopback address)", c.Name)
	}
	if c.SecretFile == "" {
		return fmt.Errorf("secret_file of %s: is required", c.Name)
	}
	return nil
}

// Sender pushes events to one receiver. Several processes may run one each: only one has the receiver in hand at a time.
type Sender struct {
	Config
	Secret        []byte
	Subscriptions workflow.Subscriptions
	Client        *http.Client // nil: one that follows no redirects and waits ten seconds
	Now           func() time.Time
	Log           *slog.Logger
}

// The pace of a sender.
const (
	pause   = 2 * time.Second // between looks for news
	lease   = time.Minute     // longer than one attempt can take
	longest = time.Hour       // between attempts at a receiver that is down
	batch   = 100             // events in one request
)

// Run pushes until ctx ends. Trouble is logged, kept with the subscription and tried again.
func (s *Sender) Run(ctx context.Context) {
	for ctx.Err() == nil {
		more, err := s.Step(ctx)
		if err != nil && ctx.Err() == nil {
			s.Log.Error("webhook: events wait", "webhook", s.Name, "error", err)
		}
		if more && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

// Step pushes one batch, if there is news and it is time. more says that there may be more at once.
func (s *Sender) Step(ctx context.Context) (more bool, err error) {
	sub, err := s.Subscriptions.Subscription(ctx, s.Name)
	if err != nil || sub.NotBefore.After(s.Now()) {
		return false, err
	}
	if events, err := s.news(ctx, sub); err != nil || len(events) == 0 {
		return false, err
	}
	sub, ok, err := s.Subscriptions.Lease(ctx, s.Name, s.Now(), s.Now().Add(lease))
	if err != nil || !ok {
		return false, err
	}
	events, err := s.news(ctx, sub) // another process may have pushed some since
	if err != nil {
		return false, err
	}
	var pushErr error
	if len(events) > 0 {
		pushErr = s.push(ctx, events)
	}
	return pushErr == nil && len(events) == batch, errors.Join(pushErr, s.remember(ctx, sub, events, pushErr))
}

func (s *Sender) news(ctx context.Context, sub workflow.Subscription) ([]workflow.FeedEvent, error) {
	return s.Subscriptions.EventsAfter(ctx, workflow.FeedQuery{After: sub.Cursor, Desks: s.Desks, Kinds: s.Kinds, Limit: batch})
}

// remember keeps how far the receiver got. If this fails, the same events go out again: at least once.
func (s *Sender) remember(ctx context.Context, sub workflow.Subscription, events []workflow.FeedEvent, cause error) error {
	if cause != nil {
		sub.Failures++
		sub.Detail, sub.NotBefore = cause.Error(), s.Now().Add(wait(sub.Failures))
	} else {
		sub.Failures, sub.Detail, sub.NotBefore = 0, "", time.Time{}
		if len(events) > 0 {
			sub.Cursor, sub.TakenAt = events[len(events)-1].Cursor, s.Now()
		}
	}
	return s.Subscriptions.SaveSubscription(context.WithoutCancel(ctx), sub)
}

// wait doubles from two seconds to an hour.
func wait(failures int) time.Duration { return min(longest, time.Second<<min(failures, 12)) }
