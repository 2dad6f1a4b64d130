package edeliverytest

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"okienko/ingest/edelivery"
)

// routes serves both APIs and the token endpoint.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /auth/realms/EDOR/protocol/openid-connect/token", s.token)
	mailbox := func(pattern, operation string, h func(http.ResponseWriter, *http.Request, string)) {
		method, path, _ := strings.Cut(pattern, " ")
		mux.HandleFunc(method+" /api/v3/{ade}"+path, func(w http.ResponseWriter, r *http.Request) {
			s.count(operation)
			if s.misbehave(w, r) {
				return
			}
			holder := s.holder(r)
			switch address := r.PathValue("ade"); {
			case holder == "":
				refuse(w, http.StatusUnauthorized, "unauthorized")
			case holder != address:
				refuse(w, http.StatusForbidden, "forbidden")
			default:
				h(w, r, address)
			}
		})
	}
	mailbox("GET /messages", "list", s.list)
	mailbox("POST /messages", "send", s.send)
	mailbox("GET /messages/{id}", "read", s.read)
	mailbox("GET /messages/{id}/{what}", "about one", s.aboutOne)
	mailbox("GET /messages/{id}/{what}/{file}", "about one", s.aboutOne)
	mailbox("POST /attachments/download", "attachment", s.fileStream)
	mailbox("GET /evidences/purde/{evidence}", "evidence file", s.evidenceFile)
	mailbox("GET /numberMessages", "count", s.numbers)
	mailbox("PUT /message_subscriptions", "subscribe", s.subscribe)
	mux.HandleFunc("POST /api/se/v4/search/{what}", s.search)
	return mux
}

// aboutOne serves what lies below one message, and the tasks, whose paths look alike.
func (s *Server) aboutOne(w http.ResponseWriter, r *http.Request, address string) {
	id, what, file := r.PathValue("id"), r.PathValue("what"), r.PathValue("file")
	switch {
	case id == "tasks" && file == "status":
		s.taskStatus(w, what)
	case id == "tasks" && file == "":
		s.taskResult(w, what)
	case what == "evidences" && file == "":
		s.evidences(w, address, id)
	case what == "attachments" && file != "":
		s.fileJSON(w, address, id, file)
	default:
		refuse(w, http.StatusNotFound, "not_found")
	}
}

func (s *Server) count(operation string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls[operation]++
}

// list is a page of a folder.
func (s *Server) list(w http.ResponseWriter, r *http.Request, address string) {
	q, sw := r.URL.Query(), s.current()
	offset, _ := strconv.Atoi(q.Get("offset"))
	limit, err := strconv.Atoi(q.Get("limit"))
	if err != nil || limit < 1 || limit > 2000 || q.Get("format") != "metadata" {
		refuse(w, http.StatusBadRequest, "bad_query")
		return
	}
	from, _ := time.Parse(time.RFC3339, q.Get("eventDateFrom")) // the zero time: from the beginning
	all := s.folder(address, q.Get("label"), from, sw)
	if q.Get("sortColumn") == "timestamp" && q.Get("sortDirection") == "desc" {
		slices.SortStableFunc(all, func(a, b edelivery.Message) int { return b.Metadata.Timestamp.Compare(a.Metadata.Timestamp.Time) })
	}
	total := len(all)
	if sw.NoOffset {
		offset, total = 0, 0
	}
	if sw.SmallPages > 0 {
		limit = min(limit, sw.SmallPages)
	}
	page := all[min(offset, len(all)):min(offset+limit, len(all))]
	s.writeJSON(w, "GET /messages", nil, http.StatusOK, map[string]any{"messages": page, "resultSize": len(page), "total": total, "electronicCount": 0})
}

// folder returns metadata, oldest first.
func (s *Server) folder(address, label string, from time.Time, sw Switches) []edelivery.Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := []edelivery.Message{}
	for _, m := range s.messages {
		s.progress(m)
		there := label == "" || slices.Contains(m.data.Control.Labels, edelivery.Label{Label: label})
		if m.box != address || m.removed || !there || m.data.Metadata.EventDate.Before(from) {
			continue
		}
		d := edelivery.Message{Control: m.data.Control, Metadata: m.data.Metadata}
		if sw.NoEventDates {
			d.Metadata.EventDate = edelivery.Moment{}
		}
		all = append(all, d)
		if sw.Twice {
			all = append(all, d)
		}
	}
	slices.SortStableFunc(all, func(a, b edelivery.Message) int { return a.Metadata.EventDate.Compare(b.Metadata.EventDate.Time) })
	return all
}

// find returns a message of the mailbox, brought up to now; nil if there is none.
func (s *Server) find(address, id string) *message {
	for _, m := range s.messages {
		if m.box == address && m.data.Metadata.MessageID == id && !m.removed {
			s.progress(m)
			return m
		}
	}
	return nil
}

// read gives messages out by their ids; in full it marks them as opened.
func (s *Server) read(w http.ResponseWriter, r *http.Request, address string) {
	s.mu.Lock()
	full := r.URL.Query().Get("format") != "metadata"
	var all []edelivery.Message
	ready := true
	for id := range strings.SplitSeq(r.PathValue("id"), ",") {
		m := s.find(address, id)
		if m == nil {
			continue
		}
		if full && (s.switches.NotReady < 0 || m.reads < s.switches.NotReady) {
			m.reads++
			ready = false
			continue
		}
		d := edelivery.Message{Control: m.data.Control, Metadata: m.data.Metadata}
		if full {
			d.Text, d.Attachments, d.Evidences = m.data.Text, m.data.Attachments, s.told(m)
			m.data.Control.Opened = true
		}
		all = append(all, d)
	}
	s.mu.Unlock()
	switch {
	case !ready:
		s.writeJSON(w, "GET /messages/{messageId} 202", nil, http.StatusAccepted, map[string]string{"status": "PENDING"})
	case all == nil:
		refuse(w, http.StatusNotFound, "not_found")
	default:
		s.writeJSON(w, "GET /messages/{messageId}", nil, http.StatusOK, all)
	}
}

// told are the evidences the platform speaks of now.
func (s *Server) told(m *message) []edelivery.Evidence {
	return slices.DeleteFunc(slices.Clone(m.data.Evidences), func(e edelivery.Evidence) bool { return s.switches.NoProof && e.OfReceipt() })
}

func (s *Server) evidences(w http.ResponseWriter, address, id string) {
	s.mu.Lock()
	m := s.find(address, id)
	var all []edelivery.Evidence
	if m != nil {
		all = s.told(m)
	}
	s.mu.Unlock()
	if m == nil {
		refuse(w, http.StatusNotFound, "not_found")
		return
	}
	s.writeJSON(w, "GET /messages/{messageId}/evidences", nil, http.StatusOK, map[string]any{"evidences": all})
}

func (s *Server) evidenceFile(w http.ResponseWriter, r *http.Request, address string) {
	s.mu.Lock()
	var raw []byte
	for _, m := range s.messages {
		if m.box == address && m.proofs[r.PathValue("evidence")] != nil && !s.switches.NoEvidenceFiles {
			raw = m.proofs[r.PathValue("evidence")]
		}
	}
	s.mu.Unlock()
	if raw == nil {
		refuse(w, http.StatusNotFound, "not_found")
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	_, _ = w.Write(raw) // who hung up does not hear it
}

// file returns an attachment with how much of it is given out; ok is false where it is not there.
func (s *Server) file(address, message, id string) (f File, about edelivery.Attachment, give int64, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.find(address, message)
	if m == nil || s.switches.NoFiles {
		return f, about, 0, false
	}
	for _, a := range m.data.Attachments {
		if a.AttachmentID == id {
			about = a
		}
	}
	f, ok = m.files[id]
	give = f.size()
	if s.switches.ShortFiles || s.switches.CutFiles {
		give /= 2
	}
	return f, about, give, ok
}

func (s *Server) fileStream(w http.ResponseWriter, r *http.Request, address string) {
	var q struct{ MessageID, AttachmentID string }
	if err := json.NewDecoder(r.Body).Decode(&q); err != nil || s.current().NoOctetStream {
		refuse(w, http.StatusMethodNotAllowed, "not_allowed")
		return
	}
	f, _, give, ok := s.file(address, q.MessageID, q.AttachmentID)
	if !ok {
		refuse(w, http.StatusNotFound, "not_found")
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	if s.current().CutFiles {
		w.Header().Set("Content-Length", fmt.Sprint(f.size()))
	}
	if f.write(w, give) != nil || s.current().CutFiles {
		panic(http.ErrAbortHandler)
	}
}

// fileJSON streams an attachment as base64 inside JSON.
func (s *Server) fileJSON(w http.ResponseWriter, address, id, file string) {
	f, about, give, ok := s.file(address, id, file)
	if !ok {
		refuse(w, http.StatusNotFound, "not_found")
		return
	}
	head, err := json.Marshal(about)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_, _ = io.WriteString(w, strings.TrimSuffix(string(head), "}}")+`,"file":"`)
	encoder := base64.NewEncoder(base64.StdEncoding, w)
	if f.write(encoder, give) != nil || s.current().CutFiles {
		panic(http.ErrAbortHandler)
	}
	_ = encoder.Close()
	_, _ = io.WriteString(w, `"}}`)
}

func (s *Server) numbers(w http.ResponseWriter, _ *http.Request, address string) {
	s.mu.Lock()
	unread, total := 0, 0
	for _, m := range s.messages {
		if m.box == address && m.outgoing == nil && !m.removed {
			total++
			if !m.data.Control.Opened {
				unread++
			}
		}
	}
	s.mu.Unlock()
	s.writeJSON(w, "GET /numberMessages", nil, http.StatusOK, []map[string]any{
		{"directoryId": "1", "name": "Odebrane", "label": "INBOX", "type": "predefined", "numberOfUnreadMessages": unread, "total": total},
	})
}
