package fetch

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"okienko/validate/signature/trust"
)

// Courier runs the errands of a running office (trust.Errand). It goes to the hosts it is given and to no other, not even when
// redirected; it brings the same answer again for a while instead of asking; and it leaves a host that failed alone for a
// while, so that one that does not answer slows down few letters. It believes and stores nothing. It is safe for concurrent use.
type Courier struct {
	hosts  []string
	client *http.Client
	now    func() time.Time

	mu   sync.Mutex
	kept map[string]kept
	size int                  // octets in kept
	down map[string]time.Time // hosts, until when they are left alone
}

type kept struct {
	raw   []byte
	until time.Time
}

const (
	keepTime  = 10 * time.Minute // how long an answer is brought again; who judges it looks at its own times
	downTime  = time.Minute
	maxKept   = 64 << 20 // octets
	maxList   = 16 << 20 // a revocation list; larger ones belong to the addresses that are updated by a timer
	maxIssuer = 64 << 10
	maxDown   = 1000 // hosts
)

// NewCourier returns a courier for hosts: "crl.example.pl" is that host, ".example.pl" every host below. timeout bounds one
// errand. private lets the hosts lie in a private network. A nil now is time.Now.
func NewCourier(hosts []string, timeout time.Duration, private bool, now func() time.Time) *Courier {
	if now == nil {
		now = time.Now
	}
	c := &Courier{hosts: hosts, client: NewClient(timeout, private), now: now, kept: map[string]kept{}, down: map[string]time.Time{}}
	follow := c.client.CheckRedirect
	c.client.CheckRedirect = func(req *http.Request, via []*http.Request) error {
		return errors.Join(follow(req, via), c.allowed(req.URL))
	}
	return c
}

// allowed reports whether u may be asked.
func (c *Courier) allowed(u *url.URL) error {
	host := strings.ToLower(u.Hostname())
	for _, h := range c.hosts {
		if h = strings.ToLower(h); host == h || strings.HasPrefix(h, ".") && strings.HasSuffix(host, h) {
			return nil
		}
	}
	return fmt.Errorf("%s is not among the hosts that may be asked (trust_update.ask.hosts)", host)
}

// Run brings the answer. An error means that there is none: the host may not be asked, or did not answer.
func (c *Courier) Run(ctx context.Context, e trust.Errand) ([]byte, error) {
	u, err := url.Parse(e.Address)
	if err != nil {
		return nil, fmt.Errorf("fetching %q: %w", e.Address, err)
	}
	if err := c.allowed(u); err != nil {
		return nil, err
	}
	key := e.Address + "\x00" + string(e.Body)
	if raw, err := c.known(key, u.Host); raw != nil || err != nil {
		return raw, err
	}
	method, limit := http.MethodGet, map[trust.Kind]int64{trust.CRL: maxList, trust.OCSP: maxAnswer, trust.Issuer: maxIssuer}[e.Kind]
	if e.Body != nil {
		method = http.MethodPost
	}
	raw, err := send(ctx, c.client, method, e.Address, e.Body, limit)
	if ctx.Err() == nil { // else it was not the host that failed
		c.note(key, u.Host, raw, err)
	}
	return raw, err
}

// known is an answer brought before, or the reason why the host is left alone.
func (c *Courier) known(key, host string) ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if k, ok := c.kept[key]; ok && c.now().Before(k.until) {
		return k.raw, nil
	}
	if until := c.down[host]; c.now().Before(until) {
		return nil, fmt.Errorf("%s failed a moment ago and is left alone until %s", host, until.UTC().Format(time.TimeOnly))
	}
	return nil, nil
}

func (c *Courier) note(key, host string, raw []byte, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case err == nil:
		if c.size += len(raw) - len(c.kept[key].raw); c.size > maxKept {
			c.kept, c.size = map[string]kept{}, len(raw)
		}
		c.kept[key] = kept{raw, c.now().Add(keepTime)}
	case unreachable(err):
		if len(c.down) >= maxDown {
			clear(c.down)
		}
		c.down[host] = c.now().Add(downTime)
	}
}

// unreachable tells a host that does not answer from one that answers with something else.
func unreachable(err error) bool {
	var op *net.OpError
	var slow net.Error
	return errors.As(err, &op) || errors.As(err, &slow) && slow.Timeout()
}
