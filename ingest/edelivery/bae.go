package edelivery

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Entry is an address of the register BAE (baza adresów elektronicznych).
type Entry struct {
	Address string
	Name    string
	Public  bool // of a public body
	Active  bool // letters can go there
}

// Register looks addresses up in BAE and remembers what it was told for a while. It may be used concurrently.
type Register struct {
	Client *Client
	Keep   time.Duration // how long an answer counts; 0: an hour

	mu    sync.Mutex
	known map[string]answered
}

type answered struct {
	entry Entry
	found bool
	at    time.Time
}

// maxKnown bounds what is remembered.
const maxKnown = 10_000

// ByPESEL finds the address of a person. found is false where the register has none that is active.
func (r *Register) ByPESEL(ctx context.Context, pesel string) (e Entry, found bool, err error) {
	return r.remembered("pesel "+pesel, func() (Entry, bool, error) {
		return r.Client.search(ctx, "pesel", pesel, "INDIVIDUAL")
	})
}

// ByNIP finds the address of a company or organisation.
func (r *Register) ByNIP(ctx context.Context, nip string) (e Entry, found bool, err error) {
	return r.remembered("nip "+nip, func() (Entry, bool, error) {
		return r.Client.search(ctx, "nip", nip, "COMPANY", "ORGANISATION", "PUBLIC_INSTITUTION")
	})
}

// ByAddress tells whether an address is in the register and active.
func (r *Register) ByAddress(ctx context.Context, address string) (e Entry, found bool, err error) {
	return r.remembered("address "+address, func() (Entry, bool, error) { return r.Client.confirm(ctx, address) })
}

func (r *Register) remembered(key string, ask func() (Entry, bool, error)) (Entry, bool, error) {
	keep := r.Keep
	if keep == 0 {
		keep = time.Hour
	}
	r.mu.Lock()
	was, ok := r.known[key]
	r.mu.Unlock()
	if ok && time.Since(was.at) < keep {
		return was.entry, was.found, nil
	}
	e, found, err := ask()
	if err != nil {
		return Entry{}, false, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.known == nil || len(r.known) >= maxKnown {
		r.known = map[string]answered{}
	}
	r.known[key] = answered{e, found, time.Now()}
	return e, found, nil
}

// eda and party are parts of the register's answers.
type eda struct {
	Address string `json:"recipientEda"`
	Status  string `json:"edaStatus"`
}

type party struct {
	Index      int    `json:"index"` // 1: the current version
	Public     bool   `json:"isPublic"`
	Name       string `json:"name"`
	Surname    string `json:"surname"`
	EntityName string `json:"entityName"`
}

func (e eda) entry(p party) Entry {
	name := strings.TrimSpace(p.EntityName + " " + strings.TrimSpace(p.Name+" "+p.Surname))
	return Entry{Address: e.Address, Name: name, Public: p.Public, Active: e.Status == "ACTIVE" && IsAddress(e.Address)}
}

// search looks somebody up by an official number (bae_search).
func (c *Client) search(ctx context.Context, registry, id string, categories ...string) (Entry, bool, error) {
	body := map[string]any{
		"senderEda": c.cfg.Address, "recipientEdasOnly": false, "searchCategory": categories, "offset": 0, "limit": 50,
		"officialIds": []map[string]string{{"id": id, "referenceRegistry": registry}},
	}
	var answer struct {
		Responses []struct {
			Recipient eda     `json:"recipientEda"`
			Data      []party `json:"baeSearchData"`
		} `json:"baeSearchResponses"`
	}
	if _, err := c.post(ctx, "looking an address up", strings.TrimSuffix(c.cfg.SEURL, "/")+"/search/bae_search", body, &answer); err != nil {
		return Entry{}, false, err
	}
	for _, r := range answer.Responses {
		var current party
		for _, p := range r.Data {
			if p.Index == 1 {
				current = p
			}
		}
		if e := r.Recipient.entry(current); e.Active {
			return e, true, nil
		}
	}
	return Entry{}, false, nil
}

// confirm asks whether an address is one (eda-confirmation). The register refuses to speak of an address it does not have.
func (c *Client) confirm(ctx context.Context, address string) (Entry, bool, error) {
	var answer struct {
		Recipient eda   `json:"recipientEda"`
		Party     party `json:"recipient"`
	}
	body := map[string]string{"senderEda": c.cfg.Address, "recipientEda": address}
	_, err := c.post(ctx, "confirming an address", strings.TrimSuffix(c.cfg.SEURL, "/")+"/search/eda-confirmation", body, &answer)
	if err != nil {
		if status := asError(err).Status; status == http.StatusBadRequest || status == http.StatusNotFound {
			return Entry{}, false, nil
		}
		return Entry{}, false, err
	}
	e := answer.Recipient.entry(answer.Party)
	return e, e.Active, nil
}
