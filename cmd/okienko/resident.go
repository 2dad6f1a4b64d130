package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"okienko/internal/web"
	"okienko/workflow"
	"okienko/workflow/reply"
	"okienko/workflow/resident"
	"okienko/workflow/rulebook"
	"okienko/workflow/store"
)

// residentConfig is the page residents open with the code of a letter. Without listen there is none, and no letter names it.
type residentConfig struct {
	web.Listener `yaml:",inline"` // letters name base_url
	Uploads      bool             `yaml:"uploads"` // may supplements be sent there?

	MostFiles     int   `yaml:"most_files"`     // of one supplement; default 10
	MostMegabytes int64 `yaml:"most_megabytes"` // likewise; default 25
}

// residentReadTime is how long one supplement may be on its way: 25 MB over a slow phone.
const residentReadTime = 10 * time.Minute

func (c residentConfig) resident() resident.Config {
	return resident.Config{Listener: c.Listener, Uploads: c.Uploads, MostFiles: c.MostFiles, MostBytes: c.MostMegabytes << 20}
}

// validate checks the keys, and that no other source has the page's name in the ledger.
func (c residentConfig) validate(sources names) error {
	if c.Listen == "" {
		if c.BaseURL != "" || c.TLSCert != "" || c.Uploads {
			return errors.New("resident.listen: must not be empty where other keys of resident are set; like 127.0.0.1:8082")
		}
		return nil
	}
	if sources[resident.Source] {
		return fmt.Errorf("resident.listen: a source is named %q, which is the page's name in the ledger", resident.Source)
	}
	return c.resident().Validate()
}

// tlsFiles are the certificate and key of the server at an address; "" without TLS of its own.
func (c config) tlsFiles(addr string) (cert, key string) {
	switch addr {
	case c.Desk.Listen:
		return c.Desk.TLSCert, c.Desk.TLSKey
	case c.Resident.Listen:
		return c.Resident.TLSCert, c.Resident.TLSKey
	}
	return "", ""
}

// openResident prepares the residents' page, if this process has the role and the office has the page.
func (a *app) openResident(secret []byte) error {
	if !a.cfg.has(roleResident) || a.cfg.Resident.Listen == "" {
		return nil
	}
	codes, err := reply.NewCodes(secret)
	if err != nil {
		return err
	}
	o := a.cfg.Office
	a.resident, err = resident.New(resident.Deps{
		Config: a.cfg.Resident.resident(),
		Office: resident.Office{Name: o.Name, Phone: o.Phone, Hours: o.Hours, BIP: o.BIP, Controller: o.Controller, Privacy: o.Privacy},
		Cases:  a.store, Codes: codes, Lacking: lacking{a.library}, Journal: journal{a.store}, Accept: a.pipeline.Accept, Filed: a.store, Log: a.log,
	})
	return err
}

// lacking says on the page what the letters say, by the version of the rule book the case was judged with.
type lacking struct{ library *rulebook.Library }

// Lacking implements resident.Lacking.
func (l lacking) Lacking(c workflow.Case, j workflow.Judgement) ([]resident.Item, []resident.Way, error) {
	composer, err := officeComposer(l.library, j.Rulebook)
	if err != nil {
		return nil, nil, err
	}
	view := composer.Page(c, j)
	items := make([]resident.Item, len(view.Lacking))
	for i, lacks := range view.Lacking {
		items[i] = resident.Item(lacks)
	}
	ways := make([]resident.Way, len(view.Ways))
	for i, w := range view.Ways {
		ways[i] = resident.Way{Kind: string(w.Kind), Place: w.Place}
	}
	return items, ways, nil
}

// journal keeps who opened the page of a case in its history, and who could not in the audit.
type journal struct{ store *store.Store }

// Opened implements resident.Journal.
func (j journal) Opened(ctx context.Context, id workflow.CaseID) error {
	return j.store.Tx(ctx, func(tx workflow.Tx) error {
		return tx.Append(ctx, workflow.Event{Case: id, Actor: workflow.Nobody, Kind: workflow.EventPageOpened})
	})
}

// Refused implements resident.Journal.
func (j journal) Refused(ctx context.Context, detail string) error {
	return j.store.Audit(ctx, workflow.Nobody, workflow.EventRefused, detail)
}
