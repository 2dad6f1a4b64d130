package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"okienko/ingest"
	"okienko/ingest/edelivery"
	"okienko/workflow"
	"okienko/workflow/ade"
	"okienko/workflow/desk"
	"okienko/workflow/seal"
)

// edeliveryConfig is one address of e-Doręczenia: messages are taken from it, and letters go out from it.
type edeliveryConfig struct {
	edelivery.Config `yaml:",inline"`
	Track            time.Duration `yaml:"track"` // how often the platform is asked what became of a letter; default: 10m
	// Seal is the key documents are sealed with; without it formal letters do not go out from this address.
	Seal sealConfig `yaml:"seal"`
	// seal is used instead of these files; set by code only.
	seal *seal.Seal
}

// validateEDelivery checks the addresses; sources holds the names of the other sources.
func (c config) validateEDelivery(sources names) error {
	for i, a := range c.EDelivery {
		if err := a.Validate(); err != nil {
			return fmt.Errorf("edelivery[%d]: %w", i, err)
		}
		if err := sources.take("edelivery", i, a.Name); err != nil {
			return err
		}
		if a.Track < 0 || a.Track > 24*time.Hour {
			return fmt.Errorf("edelivery[%d].track: %s: allowed are 0 (10m) to 24h", i, a.Track)
		}
		if err := a.Seal.validate(); err != nil {
			return fmt.Errorf("edelivery[%d].seal: %w", i, err)
		}
		if longest := a.WithDefaults().LongestSend(); c.Replies.Lease <= longest {
			return fmt.Errorf("replies.lease: %s must be longer than a letter through e-Doręczenia may take, 4 × (edelivery[%d].timeout + connect_timeout) = %s", c.Replies.Lease, i, longest)
		}
	}
	return nil
}

// loadSeal loads the key documents are sealed with; nil: there is none.
func (c edeliveryConfig) loadSeal() (*seal.Seal, error) {
	if c.seal != nil || c.Seal == (sealConfig{}) {
		return c.seal, nil
	}
	office, err := c.Seal.load()
	if err != nil {
		return nil, fmt.Errorf("edelivery %s: seal: %w", c.Name, err)
	}
	return &office, nil
}

// openEDelivery prepares the addresses as sources.
func (a *app) openEDelivery() error {
	for _, c := range a.cfg.EDelivery {
		s, err := edelivery.New(c.Config, a.store, a.log)
		if err != nil {
			return fmt.Errorf("source %s: %w", c.Name, err)
		}
		a.sources = append(a.sources, intake{s, a.pipeline.Accept, ingest.EDelivery})
		if c.WebhookURL != "" {
			a.webhooks = append(a.webhooks, newsHook{c.Config, s.Webhook()})
		}
	}
	return nil
}

// newsHook is where the platform tells of news for one address.
type newsHook struct {
	cfg     edelivery.Config
	handler http.Handler
}

// listenForNews adds the webhooks to what is served; several may share an address.
func (a *app) listenForNews(handlers map[string]http.Handler) error {
	muxes := map[string]*http.ServeMux{}
	for _, h := range a.webhooks {
		u, err := url.Parse(h.cfg.WebhookURL)
		if err != nil {
			return fmt.Errorf("edelivery %s: webhook_url: %w", h.cfg.Name, err)
		}
		at := h.cfg.WebhookListen
		if muxes[at] == nil {
			muxes[at] = http.NewServeMux()
			handlers[at] = muxes[at]
		}
		muxes[at].Handle("/"+h.cfg.Name, h.handler)
		if u.Path != "" && u.Path != "/" && u.Path != "/"+h.cfg.Name {
			muxes[at].Handle(u.EscapedPath(), h.handler)
		}
	}
	return nil
}

// carryEDelivery lets the postman send through the addresses, and follows what was sent.
func (a *app) carryEDelivery(p postman, evidence workflow.Evidence) error {
	var mailboxes ade.Mailboxes
	for _, c := range a.cfg.EDelivery {
		client, err := edelivery.NewClient(c.Config)
		if err != nil {
			return err
		}
		office, err := c.loadSeal()
		if err != nil {
			return err
		}
		mailboxes = append(mailboxes, ade.Mailbox{Client: client, Seal: office, Every: c.Track})
	}
	if len(mailboxes) == 0 {
		return nil
	}
	trusted, err := readableTrust(a.cfg.Trust)
	if err != nil {
		return err
	}
	p.Carriers[ingest.EDelivery] = &ade.Carrier{Mailboxes: mailboxes, Store: a.store, Evidence: evidence, Log: a.log, Now: time.Now}
	a.tracker = &ade.Tracker{
		Mailboxes: mailboxes, Store: a.store, Evidence: evidence, Trust: trusted, Log: a.log, Now: time.Now,
	}
	return nil
}

// track follows letters until ctx ends, if this process has the role.
func (a *app) track(ctx context.Context) {
	if a.tracker != nil && a.cfg.has(roleWorkers) {
		a.tracker.Run(ctx)
	}
}

// addresses is desk.Addresses over the register BAE.
type addresses struct{ *edelivery.Register }

// Address implements desk.Addresses.
func (a addresses) Address(ctx context.Context, pesel, nip string) (string, bool, error) {
	ctx, cancel := context.WithTimeout(ctx, lookUpTime)
	defer cancel()
	look := func() (edelivery.Entry, bool, error) { return a.ByPESEL(ctx, pesel) }
	if pesel == "" {
		look = func() (edelivery.Entry, bool, error) { return a.ByNIP(ctx, nip) }
	}
	e, found, err := look()
	return e.Address, found, err
}

// Doubtful implements desk.Addresses.
func (addresses) Doubtful(address string) bool { return !edelivery.Checks(address) }

// lookUpTime bounds how long a page waits for the register.
const lookUpTime = 5 * time.Second

// register is where the desk looks addresses up; nil without e-Doręczenia.
func (a *app) register() desk.Addresses {
	if a.tracker == nil {
		return nil
	}
	return addresses{&edelivery.Register{Client: a.tracker.Mailboxes[0].Client}}
}

// checkEDelivery asks for a token and counts unread messages, without opening any.
func checkEDelivery(ctx context.Context, c edeliveryConfig) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	s, err := edelivery.New(c.Config, noLedger{}, nil)
	if err != nil {
		return "", err
	}
	office, err := c.loadSeal()
	if err != nil {
		return "", err
	}
	r, err := s.Check(ctx)
	if err != nil {
		return "", fmt.Errorf("%w (our certificate: %s, valid until %s)", err, r.Certificate, r.NotAfter.Format(time.DateOnly))
	}
	text := fmt.Sprintf("%s at %s, %d unread messages, token for %s, our certificate %s valid until %s",
		r.Address, r.Host, r.Unread, r.Token, r.Certificate, r.NotAfter.Format(time.DateOnly))
	if office == nil {
		text += "; no seal: calls and other formal letters cannot go out from here"
	} else {
		text += fmt.Sprintf(", letters are sealed by %s until %s", office.Certificate.Subject, office.Certificate.NotAfter.Format(time.DateOnly))
	}
	for _, w := range r.Warnings {
		text += "; " + w
	}
	return text, nil
}
