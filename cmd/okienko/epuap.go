package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"okienko/ingest"
	"okienko/ingest/epuap"
	"okienko/workflow"
	"okienko/workflow/nadaj"
	"okienko/workflow/seal"
)

// epuapConfig is one box of ePUAP: letters are taken from it and answered through it.
type epuapConfig struct {
	epuap.Config `yaml:",inline"`
	// Seal is the key documents of the office are sealed with; default: the one that signs requests.
	Seal sealConfig `yaml:"seal"`
	Form string     `yaml:"form"` // namespace of the documents sent; default: pismo ogólne
	// ProofOfReceipt has calls and notices of forwarding delivered against a signed proof of receipt (UPD). The platform wants a
	// qualified seal for that.
	ProofOfReceipt bool `yaml:"proof_of_receipt"`
}

// placeFiles gives each box without one a directory for big attachments, below the data directory.
func (c config) placeFiles() {
	for i := range c.EPUAP {
		if c.EPUAP[i].Files == "" && c.EPUAP[i].Name != "" {
			c.EPUAP[i].Files = filepath.Join(c.Data, "epuap", c.EPUAP[i].Name)
		}
	}
}

// validateEPUAP checks the boxes; sources holds the names of the other sources.
func (c config) validateEPUAP(sources names) error {
	queues := map[string]bool{}
	for i, box := range c.EPUAP {
		if err := box.Validate(); err != nil {
			return fmt.Errorf("epuap[%d]: %w", i, err)
		}
		if err := box.Seal.validate(); err != nil {
			return fmt.Errorf("epuap[%d].seal: %w", i, err)
		}
		if err := sources.take("epuap", i, box.Name); err != nil {
			return err
		}
		full := box.WithDefaults()
		queue := full.PullURL + " " + full.Address
		if queues[queue] {
			return fmt.Errorf("epuap[%d].address: %s is a source already; a queue can be taken by one only", i, full.Address)
		}
		queues[queue] = true
		if longest := full.Timeout + full.ConnectTimeout; c.Replies.Lease <= longest {
			return fmt.Errorf("replies.lease: %s must be longer than a letter through ePUAP may take, epuap[%d].timeout + connect_timeout = %s", c.Replies.Lease, i, longest)
		}
	}
	return nil
}

// seal loads the key documents are sealed with.
func (c epuapConfig) seal(client *epuap.Client) (seal.Seal, error) {
	if c.Seal == (sealConfig{}) {
		s := client.Signer()
		return seal.Seal{Certificate: s.Certificate, Key: s.Key}, nil
	}
	s, err := c.Seal.load()
	if err != nil {
		return s, fmt.Errorf("epuap %s: seal: %w", c.Name, err)
	}
	return s, nil
}

// openEPUAP prepares the boxes as sources.
func (a *app) openEPUAP() error {
	for _, c := range a.cfg.EPUAP {
		s, err := epuap.New(c.Config, a.store, a.log)
		if err != nil {
			return fmt.Errorf("source %s: %w", c.Name, err)
		}
		a.sources = append(a.sources, intake{s, a.receipts.Accept(a.pipeline.Accept), ingest.EPUAP})
	}
	return nil
}

// carryEPUAP lets the postman answer through the boxes, each case through its own.
func (a *app) carryEPUAP(p postman, evidence workflow.Evidence) error {
	if len(a.cfg.EPUAP) == 0 {
		return nil
	}
	trusted, err := loadTrust(a.cfg.Trust)
	if err != nil {
		return err
	}
	boxes := nadaj.Boxes{Store: a.store}
	for _, c := range a.cfg.EPUAP {
		client, err := epuap.NewClient(c.Config)
		if err != nil {
			return err
		}
		seal, err := c.seal(client)
		if err != nil {
			return err
		}
		boxes.Of = append(boxes.Of, nadaj.Box{Source: c.Name, Carrier: &nadaj.Carrier{
			Client: client, Seal: seal, Office: a.cfg.Office.Name, Form: c.Form, Receipts: c.ProofOfReceipt,
			Evidence: evidence, Store: a.store, Trust: trusted, Log: a.log, Now: time.Now,
		}})
	}
	p.Carriers[ingest.EPUAP] = boxes
	a.receipts = &nadaj.Receipts{Store: a.store, Evidence: evidence, Trust: trusted, Now: time.Now}
	return nil
}

// checkEPUAP asks the platform how many documents wait, without taking any.
func checkEPUAP(ctx context.Context, c epuapConfig) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	s, err := epuap.New(c.Config, noLedger{}, nil)
	if err != nil {
		return "", err
	}
	if _, err := c.seal(s.Client()); err != nil {
		return "", err
	}
	r, err := s.Check(ctx)
	if err != nil {
		return "", fmt.Errorf("%w (our certificate: %s, valid until %s)", err, r.Certificate, r.NotAfter.Format(time.DateOnly))
	}
	text := fmt.Sprintf("%s, %d documents waiting, our certificate %s valid until %s", r.Host, r.Waiting, r.Certificate, r.NotAfter.Format(time.DateOnly))
	if r.Verified {
		text += ", its answers are signed by the platform"
	}
	for _, w := range r.Warnings {
		text += "; " + w
	}
	return text, nil
}
