package edelivery

import (
	"encoding/json"
	"io"
	"net/http"
)

// Webhook answers the platform's calls. Nothing in them is believed: any call for our address makes the source look. So a
// forged one costs a listing, and a storm of them one listing a second.
func (s *Source) Webhook() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			http.Error(w, "POST is needed", http.StatusMethodNotAllowed)
			return
		}
		var news struct {
			Address string `json:"eDeliveryAddress"`
		}
		raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
		if err != nil || json.Unmarshal(raw, &news) != nil || news.Address != s.cfg.Address {
			http.Error(w, "not for this address", http.StatusBadRequest)
			return
		}
		s.Hint()
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"status":"OK"}`) // who does not hear it calls again
	})
}
