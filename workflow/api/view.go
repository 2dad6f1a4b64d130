package api

import (
	"time"

	"okienko/ingest"
	"okienko/schemas"
	"okienko/workflow"
)

// caseView is a case as other systems see it. Absent times are left out.
type caseView struct {
	ID         workflow.CaseID     `json:"id"`
	Number     string              `json:"number"`
	Version    int64               `json:"version"`
	Channel    ingest.Channel      `json:"channel"`
	Source     string              `json:"source"`
	Received   time.Time           `json:"received_at"`
	Registered time.Time           `json:"registered_at"`
	Due        *time.Time          `json:"due_at,omitempty"`
	Status     workflow.Status     `json:"status"`
	Desk       string              `json:"desk"`
	Owner      string              `json:"owner"`
	Procedure  schemas.ProcedureID `json:"procedure"`
	Missing    int                 `json:"missing"`
	Subject    string              `json:"subject"`
	Sender     ingest.Party        `json:"sender"`
	Parent     workflow.CaseID     `json:"parent,omitempty"`
}

func viewCase(c workflow.Case) caseView {
	return caseView{
		ID: c.ID, Number: c.Number, Version: c.Version, Channel: c.Submission.Channel, Source: c.Submission.Source,
		Received: c.Submission.ReceivedAt.UTC(), Registered: c.RegisteredAt, Due: present(c.DueAt), Status: c.Status,
		Desk: c.Route.Desk, Owner: c.Owner, Procedure: c.Procedure, Missing: c.Missing, Subject: c.Subject, Sender: c.Sender, Parent: c.Parent,
	}
}

func present(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// wholeCase is one case with what hangs on it.
type wholeCase struct {
	caseView
	Originals []ingest.Original `json:"originals"`
	Letters   []letterView      `json:"letters"`
	Links     []linkView        `json:"links"`
}

type letterView struct {
	ID        workflow.LetterID     `json:"id"`
	Kind      workflow.ReplyKind    `json:"kind"`
	Status    workflow.LetterStatus `json:"status"`
	Channel   ingest.Channel        `json:"channel"`
	Automatic bool                  `json:"automatic"`
	Subject   string                `json:"subject"`
	Text      string                `json:"text"`
	Sent      *time.Time            `json:"sent_at,omitempty"`
}

type linkView struct {
	Case    workflow.CaseID   `json:"case"`
	Number  string            `json:"number"`
	Kind    workflow.LinkKind `json:"kind"`
	Earlier bool              `json:"earlier"`
}

func viewLetters(letters []workflow.Letter) []letterView {
	views := []letterView{}
	for _, l := range letters {
		views = append(views, letterView{l.ID, l.Kind, l.Status, l.Channel, l.Automatic, l.Subject, l.Text, present(l.SentAt)})
	}
	return views
}

// eventView is one line of a history; in the feed it names its case.
type eventView struct {
	ID     int64              `json:"id"`
	Case   workflow.CaseID    `json:"case"`
	Number string             `json:"number,omitempty"`
	Desk   string             `json:"desk,omitempty"`
	At     time.Time          `json:"at"`
	Actor  string             `json:"actor"`
	Kind   workflow.EventKind `json:"kind"`
	Detail string             `json:"detail"`
}

func viewEvent(e workflow.Event) eventView {
	return eventView{ID: e.ID, Case: e.Case, At: e.At, Actor: e.Actor, Kind: e.Kind, Detail: e.Detail}
}
