package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"okienko/workflow/api"
	"okienko/workflow/files"
	"okienko/workflow/webhook"
)

// withAPI serves the API for other systems at the address of the desk.
func (a *app) withAPI(evidence *files.Evidence) {
	if a.desk == nil {
		return
	}
	mux := http.NewServeMux()
	mux.Handle("/", a.desk)
	mux.Handle(api.Prefix+"/", api.New(api.Deps{Store: a.store, Records: a.store, Feed: a.store, Tokens: a.store, Auditor: a.store,
		Open: evidence.Open, Now: time.Now, Log: a.log}))
	a.desk = mux
}

// openWebhooks prepares the senders, which run beside the workers.
func (a *app) openWebhooks() error {
	if !a.cfg.has(roleWorkers) {
		return nil
	}
	for i, c := range a.cfg.Webhooks {
		secret, err := webhookSecret(c.SecretFile)
		if err != nil {
			return fmt.Errorf("webhooks[%d].secret_file: %w", i, err)
		}
		a.senders = append(a.senders, &webhook.Sender{Config: c, Secret: secret, Subscriptions: a.store, Now: time.Now, Log: a.log})
	}
	return nil
}

func webhookSecret(path string) ([]byte, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	line, _, _ := strings.Cut(string(raw), "\n")
	if line = strings.TrimSpace(line); len(line) < 32 {
		return nil, errors.New("the first line must have 32 characters or more")
	}
	return []byte(line), nil
}

// push runs the senders until ctx ends.
func (a *app) push(ctx context.Context) {
	var all sync.WaitGroup
	for _, s := range a.senders {
		all.Go(func() { s.Run(ctx) })
	}
	all.Wait()
}

func (c config) validateWebhooks() error {
	systems := names{}
	for i, w := range c.Webhooks {
		if err := w.Validate(); err != nil {
			return fmt.Errorf("webhooks[%d].%w", i, err)
		}
		if err := systems.take("webhooks", i, w.Name); err != nil {
			return err
		}
	}
	return nil
}
