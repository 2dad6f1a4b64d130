package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"okienko/workflow"
)

// pulse is what the queue says about all sources together: when each last heard from its origin, and whether the ledger balances.
// Adding up a ledger of a million items takes a tenth of a second, so it is kept for a moment and fetched anew beside the pages.
type pulse struct {
	at       time.Time
	balances []workflow.SourceBalance
	contacts []workflow.SourceContact
}

// pulseCache is shared by all visits.
type pulseCache struct {
	mu       sync.Mutex
	last     pulse
	fetching bool
}

// How old what is shown may be: after freshFor it is fetched again, before staleAfter nobody waits for that.
const (
	freshFor   = 10 * time.Second
	staleAfter = time.Minute
)

func (d *desk) pulse(ctx context.Context) (pulse, error) {
	p, wait, fetch := d.pulses.look(d.Now())
	switch {
	case wait:
		return d.takePulse(ctx)
	case fetch:
		go func() {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), staleAfter)
			defer cancel()
			if _, err := d.takePulse(ctx); err != nil {
				d.Log.Warn("desk: the state of the sources could not be read", "error", err)
			}
		}()
	}
	return p, nil
}

// look returns what is known, and whether it is too old to be shown or old enough for this caller to fetch it anew.
func (c *pulseCache) look(now time.Time) (p pulse, wait, fetch bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	age := now.Sub(c.last.at)
	if age > staleAfter || age < 0 {
		return c.last, true, false
	}
	fetch = age > freshFor && !c.fetching
	c.fetching = c.fetching || fetch
	return c.last, false, fetch
}

func (d *desk) takePulse(ctx context.Context) (pulse, error) {
	p := pulse{at: d.Now()}
	var err error
	if p.balances, err = d.Overview.Balance(ctx); err == nil {
		p.contacts, err = d.Contacts.SourceContacts(ctx)
	}
	d.pulses.mu.Lock()
	defer d.pulses.mu.Unlock()
	d.pulses.fetching = false
	if err == nil {
		d.pulses.last = p
	}
	return p, err
}

// pulseView is the line under the queue.
type pulseView struct {
	Channels string `json:"channels"` // "ePUAP 40 s temu · poczta 2 min temu"
	Ledger   string `json:"ledger"`   // "Widziano 412 = 398 + 9 + 5"; "" while nothing was seen
	OK       bool   `json:"ok"`       // it balances
	Trouble  bool   `json:"trouble"`  // a source has been in trouble since its last contact
}

func (d *desk) pulseView(v *visit) (pulseView, error) {
	p, err := d.pulse(v.Context())
	if err != nil {
		return pulseView{}, err
	}
	view := pulseView{Channels: v.t.channelsLine(p, v.now), OK: true}
	total := workflow.SourceBalance{}
	for _, b := range p.balances {
		view.OK = view.OK && b.Balanced()
		total.Seen += b.Seen
		total.Registered += b.Registered
		total.Duplicates += b.Duplicates
		total.Quarantined += b.Quarantined
	}
	for _, c := range p.contacts {
		view.Trouble = view.Trouble || c.Trouble != ""
	}
	if total.Seen > 0 {
		view.Ledger = fmt.Sprintf(v.t.QueueWork.Ledger, total.Seen, total.Registered, total.Duplicates, total.Quarantined)
	}
	return view, nil
}

// channelsLine says when each source last answered, by the name of its channel; sources of one channel by their own names too.
func (t *messages) channelsLine(p pulse, now time.Time) string {
	contacts := slices.Clone(p.contacts)
	slices.SortStableFunc(contacts, func(a, b workflow.SourceContact) int { return cmp.Compare(t.Channel[a.Channel], t.Channel[b.Channel]) })
	perChannel := map[string]int{}
	for _, c := range contacts {
		perChannel[string(c.Channel)]++
	}
	var parts []string
	for _, c := range contacts {
		name := t.Channel[c.Channel]
		if name == "" || perChannel[string(c.Channel)] > 1 {
			name = strings.TrimSpace(name + " " + c.Source)
		}
		parts = append(parts, name+" "+t.contact(c, now))
	}
	return strings.Join(parts, " · ")
}

// contact says when a source last answered, to the second: whoever watches wants to see it move.
func (t *messages) contact(c workflow.SourceContact, now time.Time) string {
	words := t.Sources.Never
	if !c.ContactAt.IsZero() {
		words = t.agoSeconds(now.Sub(c.ContactAt))
	}
	if c.Trouble != "" {
		words += ", " + t.QueueWork.NoContact
	}
	return words
}

func (t *messages) agoSeconds(d time.Duration) string {
	if d >= 0 && d < time.Minute {
		return fmt.Sprintf(t.QueueWork.Seconds, int(d.Seconds()))
	}
	return t.ago(d)
}
