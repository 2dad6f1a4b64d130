package edeliverytest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"sync"
	"time"
)

// subscribe takes the addresses at which an office wants to be told of news.
func (s *Server) subscribe(w http.ResponseWriter, r *http.Request, address string) {
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
	var urls struct{ InboxCallbackURL string }
	if err != nil || json.Unmarshal(raw, &urls) != nil {
		refuse(w, http.StatusBadRequest, "bad_body")
		return
	}
	s.mu.Lock()
	s.hooks[address] = urls.InboxCallbackURL
	s.mu.Unlock()
	s.writeJSON(w, "PUT /message_subscriptions", raw, http.StatusOK, map[string]string{"subscriptionId": "1"})
}

// tell calls an office about a new message, once, or as often as the storm says. It does not wait for the answers.
func (s *Server) tell(address, message string) {
	s.mu.Lock()
	url, calls := s.hooks[address], 1+s.switches.HookStorm
	s.mu.Unlock()
	if url == "" {
		return
	}
	raw, err := json.Marshal(map[string]any{"eDeliveryAddress": address, "notificationType": "onInbox", "electronicCount": 1,
		"notification": []map[string]string{{"id": message, "threadId": "watek-" + message, "type": "Message"}}})
	if err != nil {
		return // strings always marshal
	}
	go s.storm(url, raw, calls)
}

// storm calls so many times, a few at once. Nobody hears the answers: who does not answer finds the message by looking.
func (s *Server) storm(url string, body []byte, calls int) {
	client := &http.Client{Timeout: 5 * time.Second}
	left := make(chan struct{}, calls)
	for range calls {
		left <- struct{}{}
	}
	close(left)
	var all sync.WaitGroup
	for range min(calls, 8) {
		all.Go(func() {
			for range left {
				if resp, err := client.Post(url, "application/json", bytes.NewReader(body)); err == nil {
					s.count("hook " + resp.Status[:3])
					_ = resp.Body.Close() // nothing of it is wanted
				}
			}
		})
	}
	all.Wait()
}
