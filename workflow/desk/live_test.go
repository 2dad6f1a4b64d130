package desk

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"okienko/workflow"
)

// hasty makes a world whose streams ask and beat often.
func hasty(t *testing.T) *world {
	w := newWorld(t)
	w.desk.live.every, w.desk.live.beat = 20*time.Millisecond, 50*time.Millisecond
	return w
}

// event is one event of a stream.
type event struct{ name, data string }

// listen follows a stream until the test ends or it does; the channel is closed then.
func (b *browser) listen(path string) (*http.Response, <-chan event) {
	b.Helper()
	ctx, cancel := context.WithCancel(b.Context())
	b.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, b.server.URL+path, nil)
	b.must(err)
	req.Header.Set("Accept", "text/event-stream")
	res, err := b.client.Do(req)
	b.must(err)
	b.Cleanup(func() { res.Body.Close() })
	events := make(chan event, 1000)
	go func() {
		defer close(events)
		var e event
		for lines := bufio.NewScanner(res.Body); lines.Scan(); {
			switch line := lines.Text(); {
			case strings.HasPrefix(line, "event: "):
				e.name = strings.TrimPrefix(line, "event: ")
			case strings.HasPrefix(line, "data:"):
				e.data = strings.TrimSpace(strings.TrimPrefix(line, "data:"))
			case line == "" && e.name != "":
				events <- e
				e = event{}
			}
		}
	}()
	return res, events
}

// stream opens the stream of the page at path, as the page says.
func (b *browser) stream(path string) <-chan event {
	b.Helper()
	for _, n := range b.get(path).all("div") {
		if address := attr(n, "data-live"); address != "" {
			res, events := b.listen(address)
			if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "text/event-stream" {
				b.Fatalf("%s: status %d, %s", address, res.StatusCode, res.Header.Get("Content-Type"))
			}
			return events
		}
	}
	b.Fatalf("%s names no stream", path)
	return nil
}

// next waits for an event of that name; ok is false if the stream ended first.
func next(t *testing.T, events <-chan event, name string) (data string, ok bool) {
	t.Helper()
	deadline := time.After(30 * time.Second)
	for {
		select {
		case e, open := <-events:
			if !open || e.name == name {
				return e.data, open
			}
		case <-deadline:
			t.Fatalf("no event %s came", name)
		}
	}
}

// changed collects the cases of "changed" events until id is among them.
func changed(t *testing.T, events <-chan event, id workflow.CaseID) (in, out []int64) {
	t.Helper()
	for {
		data, ok := next(t, events, "changed")
		if !ok {
			t.Fatal("the stream ended")
		}
		var e changeEvent
		if err := json.Unmarshal([]byte(data), &e); err != nil {
			t.Fatal(err)
		}
		for _, pair := range e.In {
			in = append(in, pair[0])
		}
		for _, pair := range e.Out {
			out = append(out, pair[0])
		}
		if slices.Contains(in, int64(id)) || slices.Contains(out, int64(id)) {
			return in, out
		}
	}
}

// TestAPageIsToldWhatChanges in its list, by number and version alone, and nothing of other desks.
func TestAPageIsToldWhatChanges(t *testing.T) {
	t.Parallel()
	w := hasty(t)
	anna, sara, admin := w.as("anna").stream("/queue"), w.as("sara").stream("/queue"), w.as("admin").stream("/queue?desk=SA")
	km := w.take(saleByPUAP())
	sa := w.take(alcoholLacking())
	if in, out := changed(t, anna, km.ID); !slices.Contains(in, int64(km.ID)) || slices.Contains(slices.Concat(in, out), int64(sa.ID)) {
		t.Errorf("anna of KM is told %v and %v; hers is %d, not %d", in, out, km.ID, sa.ID)
	}
	if in, out := changed(t, sara, sa.ID); !slices.Contains(in, int64(sa.ID)) || slices.Contains(slices.Concat(in, out), int64(km.ID)) {
		t.Errorf("sara of SA is told %v and %v; hers is %d, not %d", in, out, sa.ID, km.ID)
	}
	in, out := changed(t, admin, sa.ID)
	if !slices.Contains(in, int64(sa.ID)) || slices.Contains(in, int64(km.ID)) {
		t.Errorf("who looks at SA is told of %v in the list and %v besides", in, out)
	}
	w.alter(km.ID, func(c *workflow.Case) { c.Status = workflow.StatusClosed })
	for {
		if _, out := changed(t, anna, km.ID); slices.Contains(out, int64(km.ID)) {
			break // no longer to be handled
		}
	}
}

func TestEventsHoldNothingAboutAnybody(t *testing.T) {
	t.Parallel()
	w := hasty(t)
	events := w.as("admin").stream("/queue")
	c := w.take(saleByPUAP())
	data, _ := next(t, events, "changed")
	for _, word := range []string{c.Sender.Name, c.Subject, c.Number, "82051404583"} {
		if strings.Contains(data, word) {
			t.Errorf("the event %q has %q", data, word)
		}
	}
	if data, _ := next(t, events, "pulse"); !strings.Contains(data, `"ok":true`) {
		t.Errorf("the sign of life is %q", data)
	}
}

// TestAStreamEndsWithItsSession, and never prolongs it.
func TestAStreamEndsWithItsSession(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*world, *browser){
		"signing out": func(_ *world, b *browser) { b.get("/queue").submit("/signout", nil) },
		"disabled": func(w *world, _ *browser) {
			u, err := w.store.User(w.Context(), "anna")
			w.must(err)
			u.Disabled = true
			w.must(w.store.SaveUser(w.Context(), u))
		},
		"idle": func(w *world, _ *browser) { w.later(w.desk.Config.idle() + time.Minute) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := hasty(t)
			anna := w.as("anna")
			events := anna.stream("/queue")
			next(t, events, "pulse")
			end(w, anna)
			if _, ok := next(t, events, "end"); !ok {
				t.Error("the stream ended without saying so")
			}
			w.take(saleByPUAP())
			if e, ok := <-events; ok {
				t.Errorf("after the end came %v", e)
			}
		})
	}
}

// TestPassiveRequestsKeepNoSessionAlive: rows a page fetches by itself are no sign of a person.
func TestPassiveRequestsKeepNoSessionAlive(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.take(saleByPUAP())
	anna := w.as("anna")
	kept := func(path string) bool { return len(anna.get(path).header.Values("Set-Cookie")) > 0 } // as a session does that goes on
	if kept("/queue/rows?id=" + itoa(int64(c.ID))) {
		t.Error("rows keep the session alive")
	}
	if res, _ := anna.listen("/queue/live"); res.StatusCode != http.StatusOK || len(res.Header.Values("Set-Cookie")) > 0 {
		t.Errorf("a stream keeps the session alive, or does not come: status %d", res.StatusCode)
	}
	if !kept("/queue") {
		t.Error("a page a person opens does not")
	}
}

func TestRowsAreThoseTheUserMaySee(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.take(saleByPUAP())
	address := "/queue/rows?id=x&id=-1&id=999999&id=" + itoa(int64(c.ID))
	if p := w.as("sara").get(address); p.status != http.StatusOK || strings.Contains(p.body, c.Number) {
		t.Errorf("sara gets status %d and %s", p.status, p.body)
	}
	if p := w.as("anna").get(address); strings.Count(p.body, "<tr") != 1 || !strings.Contains(p.body, c.Number) {
		t.Errorf("anna gets %s", p.body)
	}
}

func TestStreamsAreBounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	anna := w.as("anna")
	for range mostUserStreams {
		anna.stream("/queue")
	}
	if res, _ := anna.listen("/queue/live"); res.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("one stream too many: status %d", res.StatusCode)
	}
	if res, _ := w.as("piotr").listen("/queue/live"); res.StatusCode != http.StatusOK {
		t.Errorf("another user's stream: status %d", res.StatusCode)
	}
	l := newLive(w.store, w.now, func(error) {})
	for i := range mostStreams {
		if _, ok := l.join(itoa(int64(i))); !ok {
			t.Fatalf("stream %d was refused", i)
		}
	}
	if _, ok := l.join("another"); ok {
		t.Errorf("more than %d streams", mostStreams)
	}
	for s := range l.streams {
		l.leave(s)
	}
	if l.stop != nil {
		t.Error("the questions go on with nobody listening")
	}
}

// TestStreamsEndWithTheServer, which would else wait for them.
func TestStreamsEndWithTheServer(t *testing.T) {
	t.Parallel()
	ending := make(chan struct{})
	w := newWorld(t, func(d *Deps) { d.Ending = ending })
	events := w.as("anna").stream("/queue")
	close(ending)
	for range events { // until it is closed
	}
}

// TestAChangeOfAnotherProcessIsTold: what two processes share is the database.
func TestAChangeOfAnotherProcessIsTold(t *testing.T) {
	t.Parallel()
	w := hasty(t)
	c := w.take(saleByPUAP())
	deps := w.desk.Deps
	other, err := newDesk(deps, cheap)
	w.must(err)
	events := w.as("anna").stream("/queue")
	v := &visit{Request: formRequest(t, url.Values{"version": {itoa(w.get(c.ID).Version)}}), user: workflow.User{Name: "admin", Role: workflow.RoleAdmin}, c: c, now: w.now()}
	w.must(other.change(v, claim))
	if in, _ := changed(t, events, c.ID); !slices.Contains(in, int64(c.ID)) {
		t.Error("the claim of another process is not told")
	}
}
