package edeliverytest

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"time"

	"okienko/ingest/edelivery"
)

// Resident is somebody with an address in the register.
type Resident struct {
	Address, Name string
	PESEL, NIP    string
	// Opens is how long after arrival a letter is opened; Never: it is not, and counts as delivered 14 days after it came (art. 42).
	Opens  time.Duration
	Struck bool // the address is struck off
	Fails  bool // a letter cannot be handed over, which is found out when it would be opened
}

// Never opens a letter.
const Never = time.Duration(1<<63 - 1)

// fiction is when an unopened letter of a public body counts as delivered (ustawa o doręczeniach elektronicznych art. 42).
const fiction = 14 * 24 * time.Hour

// AddResident puts somebody into the register.
func (s *Server) AddResident(r Resident) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.residents[r.Address] = r
}

// outgoing is what a message of the office goes through.
type outgoing struct {
	resident Resident
	at       time.Time // sent, and in the resident's mailbox
}

// task is the platform's work on one sending.
type task struct {
	looks  int
	id     string // of the message; "" if it was rejected
	to     edelivery.Party
	failed string
}

// Sent is a letter of the office at the platform.
type Sent struct {
	ID, To, Subject, Text, CaseID, ThreadID, Ref, Status string
	Files                                                []File
	At                                                   time.Time
}

// Sent returns what the office sent, oldest first.
func (s *Server) Sent() []Sent {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []Sent
	for _, m := range s.messages {
		if m.outgoing == nil {
			continue
		}
		s.progress(m)
		d := m.data.Metadata
		one := Sent{ID: d.MessageID, To: d.To[0].Address, Subject: d.Subject, Text: m.data.Text, CaseID: d.CaseID, ThreadID: d.ThreadID,
			Ref: d.RefToMessageID, Status: m.data.Control.Status, At: m.outgoing.at}
		for _, a := range m.data.Attachments {
			one.Files = append(one.Files, m.files[a.AttachmentID])
		}
		all = append(all, one)
	}
	return all
}

// send takes a letter of the office over.
func (s *Server) send(w http.ResponseWriter, r *http.Request, address string) {
	sw := s.current()
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 256<<20))
	var m edelivery.Message
	if err != nil || json.Unmarshal(raw, &m) != nil || !acceptable(m, address) {
		refuse(w, http.StatusBadRequest, "invalid_message")
		return
	}
	switch {
	case sw.CutBeforeSend:
		panic(http.ErrAbortHandler)
	case sw.RefuseSend != "":
		refuse(w, http.StatusBadRequest, sw.RefuseSend)
		return
	}
	id, err := s.accept(address, m)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	if sw.CutAfterSend {
		panic(http.ErrAbortHandler)
	}
	s.writeJSON(w, "POST /messages", raw, http.StatusAccepted, map[string]string{"messageTaskId": id})
}

// acceptable holds a letter against the contract.
func acceptable(m edelivery.Message, address string) bool {
	return m.Metadata.From.Address == address && len(m.Metadata.To) == 1 && edelivery.IsAddress(m.Metadata.To[0].Address) &&
		m.Metadata.ShippingService == "electronic" && len([]rune(m.Text)) <= 5000
}

func (s *Server) accept(address string, m edelivery.Message) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := &task{to: m.Metadata.To[0]}
	taskID := s.id("zadanie")
	s.tasks[taskID] = t
	resident, known := s.residents[t.to.Address]
	if !known || resident.Struck {
		t.failed = "recipient_not_found"
		return taskID, nil
	}
	at := s.now()
	own := &message{box: address, files: map[string]File{}, proofs: map[string][]byte{}, outgoing: &outgoing{resident, at}}
	own.data = edelivery.Message{Metadata: m.Metadata, Text: m.Text}
	own.data.Control = edelivery.Control{Opened: true, Type: "Message", Labels: []edelivery.Label{{Label: "SENT"}}}
	d := &own.data.Metadata
	d.MessageID = s.id("wiad")
	d.Timestamp, d.SubmissionDate, d.EventDate = edelivery.Moment{Time: at}, edelivery.Moment{Time: at}, edelivery.Moment{Time: at}
	if d.ThreadID == "" {
		d.ThreadID = "watek-" + d.MessageID
	}
	for i, a := range m.Attachments {
		content, err := base64.StdEncoding.DecodeString(a.File.File)
		if err != nil {
			return "", err
		}
		own.attach(i, File{Name: a.File.Metadata.Filename, MediaType: a.File.Metadata.ContentType, Content: content})
	}
	t.id = d.MessageID
	s.messages = append(s.messages, own)
	for _, kind := range []string{"A.1", "BP.WX", "D.1"} {
		if err := s.prove(own, kind, at); err != nil {
			return "", err
		}
	}
	return taskID, nil
}

// progress brings an outgoing letter to where it is now.
func (s *Server) progress(m *message) {
	if m.outgoing == nil {
		return
	}
	o, control := m.outgoing, &m.data.Control
	opens := o.resident.Opens
	end, status := o.at.Add(min(opens, fiction)), "Doręczona"
	switch {
	case o.resident.Fails:
		status = "Niedoręczona"
	case opens > fiction:
		status = "Uznana za doręczoną"
	}
	if s.now().Before(end) {
		control.Status = "Czeka na doręczenie"
		return
	}
	if control.Status == status {
		return
	}
	kinds := []string{"BP.OX"}
	switch {
	case o.resident.Fails:
		kinds = []string{"E.2"}
	case opens <= fiction:
		kinds = []string{"E.1", "BP.OX"}
	}
	for _, kind := range kinds {
		if s.prove(m, kind, end) != nil { // the seal cannot be made: nothing is delivered
			return
		}
	}
	if control.Status = status; !o.resident.Fails {
		m.data.Metadata.ReceiptDate = edelivery.Moment{Time: end}
	}
}

func (s *Server) taskStatus(w http.ResponseWriter, id string) {
	s.mu.Lock()
	t := s.tasks[id]
	status := "FINISHED"
	if t != nil {
		if t.looks++; t.looks <= s.switches.Pending {
			status = "PENDING"
		}
	}
	s.mu.Unlock()
	if t == nil {
		refuse(w, http.StatusNotFound, "not_found")
		return
	}
	s.writeJSON(w, "GET /messages/tasks/{messageTaskId}/status", nil, http.StatusOK, map[string]string{"messageTaskStatus": status})
}

func (s *Server) taskResult(w http.ResponseWriter, id string) {
	s.mu.Lock()
	t := s.tasks[id]
	s.mu.Unlock()
	if t == nil {
		refuse(w, http.StatusNotFound, "not_found")
		return
	}
	result := map[string]any{"addressee": t.to}
	if t.failed != "" {
		result["error"], result["error_description"] = t.failed, "odmowa TEST"
	} else {
		result["messageId"] = t.id
	}
	s.writeJSON(w, "GET /messages/tasks/{messageTaskId}", nil, http.StatusOK, []any{result})
}

// search is the register BAE.
func (s *Server) search(w http.ResponseWriter, r *http.Request) {
	what := r.PathValue("what")
	s.count("search " + what)
	if s.misbehave(w, r) {
		return
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
	var q struct {
		SenderEda, RecipientEda string
		SearchCategory          []string
		OfficialIDs             []struct{ ID, ReferenceRegistry string }
	}
	if s.holder(r) == "" || err != nil || json.Unmarshal(raw, &q) != nil || q.SenderEda != s.holder(r) {
		s.searchRefusal(w)
		return
	}
	found := []any{}
	s.mu.Lock()
	for _, resident := range s.residents {
		for _, id := range q.OfficialIDs {
			if id.ReferenceRegistry == "pesel" && id.ID == resident.PESEL || id.ReferenceRegistry == "nip" && id.ID == resident.NIP {
				found = append(found, map[string]any{"recipientEda": eda(resident), "baeSearchData": []any{map[string]any{"index": 1, "isPublic": false, "entityName": resident.Name}}})
			}
		}
	}
	one, known := s.residents[q.RecipientEda]
	s.mu.Unlock()
	switch {
	case what == "bae_search":
		s.writeJSON(w, "POST /search/bae_search", raw, http.StatusOK, map[string]any{"totalResults": len(found), "baeSearchResponses": found})
	case what == "eda-confirmation" && known:
		s.writeJSON(w, "POST /search/eda-confirmation", raw, http.StatusOK, map[string]any{"recipientEda": eda(one), "recipient": map[string]any{"isPublic": false, "entityName": one.Name}})
	default:
		s.searchRefusal(w)
	}
}

func eda(r Resident) map[string]any {
	status := "ACTIVE"
	if r.Struck {
		status = "STRUCK_OFF"
	}
	return map[string]any{"recipientEda": r.Address, "edaStatus": status, "assignmentDegree": 3, "designatedOperator": true}
}

func (s *Server) searchRefusal(w http.ResponseWriter) {
	s.writeJSON(w, "SE error400", nil, http.StatusBadRequest, map[string]any{"httpCode": "400", "id": "00000000-0000-0000-0000-000000000000",
		"errorCodes": []map[string]string{{"errorCode": "SEAPI-00002", "language": "PL", "message": "odmowa TEST"}}})
}
