package edeliverytest

import (
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// Switches are the ways in which the platform, or the way to it, may misbehave. The zero value behaves.
type Switches struct {
	Slow        time.Duration // before anything is done
	Status      int           // answer everything but tokens with this HTTP status and a page
	NotJSON     bool          // answer 200 with a page
	Redirect    bool          // send everybody elsewhere
	Unreachable bool          // cut every line

	TooMany    int           // so many requests are answered 429 …
	RetryAfter time.Duration // … asking for this pause, in whole seconds
	Storm      int           // so many requests are answered 401, whatever their token
	TokenLife  time.Duration // tokens end after this, although their answer says five minutes
	NoToken    bool          // the token endpoint refuses everybody

	NotReady     int  // so many full reads of each message are answered 202; -1: all of them
	Twice        bool // listings hold each message twice
	NoOffset     bool // listings begin at the beginning whatever was asked, and tell no total
	SmallPages   int  // listings hold no more than this whatever was asked
	NoEventDates bool // messages have no eventDate

	HookStorm int // each new message is told of so many times more than once

	NoProof         bool // there is no proof of receipt (yet)
	NoEvidenceFiles bool // the files of proofs are not there
	CutFiles        bool // the line breaks in the middle of each attachment
	ShortFiles      bool // attachments are shorter than their metadata say
	NoFiles         bool // attachments are not there
	NoOctetStream   bool // attachments come as JSON only

	CutBeforeSend bool   // the line breaks, nothing is sent
	CutAfterSend  bool   // sent, the line breaks
	RefuseSend    string // sending is refused with this code
	Pending       int    // so many looks at a task see it unfinished
}

// Set changes the switches from now on.
func (s *Server) Set(change func(*Switches)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.switches)
}

// Behave turns every switch off.
func (s *Server) Behave() { s.Set(func(sw *Switches) { *sw = Switches{} }) }

func (s *Server) current() Switches {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.switches
}

// countDown reports whether a switch that counts is still on.
func (s *Server) countDown(n func(*Switches) *int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	left := n(&s.switches)
	if *left == 0 {
		return false
	}
	*left--
	return true
}

// misbehave answers instead of an operation where a switch says so.
func (s *Server) misbehave(w http.ResponseWriter, r *http.Request) bool {
	sw := s.current()
	select {
	case <-r.Context().Done():
		return true
	case <-time.After(sw.Slow):
	}
	page := func(status int) bool {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(status)
		fmt.Fprint(w, "<html><body>Przerwa techniczna</body></html>")
		return true
	}
	switch {
	case sw.Unreachable:
		panic(http.ErrAbortHandler)
	case s.countDown(func(sw *Switches) *int { return &sw.TooMany }):
		w.Header().Set("Retry-After", strconv.Itoa(int(sw.RetryAfter/time.Second)))
		refuse(w, http.StatusTooManyRequests, "too_many_requests")
		return true
	case s.countDown(func(sw *Switches) *int { return &sw.Storm }):
		refuse(w, http.StatusUnauthorized, "unauthorized")
		return true
	case sw.Redirect:
		http.Redirect(w, r, "https://login.example/", http.StatusFound)
		return true
	case sw.Status != 0:
		return page(sw.Status)
	case sw.NotJSON:
		return page(http.StatusOK)
	}
	return false
}
