package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"okienko/workflow"
)

// Live updates of the queue: each page follows a stream of server-sent events (HTML Living Standard section 9.2) that tells which
// cases changed, by id and version and nothing else; the page then fetches those rows, under the rights its user has at that
// moment. All streams of a process share one question to the database every two seconds, so changes made by other processes are
// seen as well. A stream never keeps a session alive, and ends with it.

// live hands changes to streams.
type live struct {
	queues workflow.QueueReader
	now    func() time.Time
	fail   func(error)   // a question to the database failed
	every  time.Duration // between two questions
	beat   time.Duration // between two signs of life of a stream

	mu      sync.Mutex
	streams map[*stream]bool
	stop    context.CancelFunc // of the questions; nil while nobody listens
}

// Bounds of streams: of a process, of one user (tabs), and of the life of each, after which the browser comes again by itself.
const (
	mostStreams     = 500
	mostUserStreams = 6
	streamLife      = 10 * time.Minute
)

// changesBack is how far behind a change may become visible: a transaction that takes longer than this is seen by reloading.
const changesBack = 30 * time.Second

// mostChanges is how many changes are told at once; with more the page is offered to be reloaded.
const mostChanges = 200

func newLive(queues workflow.QueueReader, now func() time.Time, fail func(error)) *live {
	return &live{queues: queues, now: now, fail: fail, every: 2 * time.Second, beat: 15 * time.Second, streams: map[*stream]bool{}}
}

// stream is one page that listens.
type stream struct {
	user string
	news chan struct{} // there is something in changes

	mu      sync.Mutex
	changes map[workflow.CaseID]workflow.Change
	flooded bool // more than mostChanges came
}

// join adds a stream, unless there are too many. The first one starts the questions.
func (l *live) join(user string) (*stream, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	mine := 0
	for s := range l.streams {
		if s.user == user {
			mine++
		}
	}
	if len(l.streams) >= mostStreams || mine >= mostUserStreams {
		return nil, false
	}
	s := &stream{user: user, news: make(chan struct{}, 1), changes: map[workflow.CaseID]workflow.Change{}}
	l.streams[s] = true
	if l.stop == nil {
		ctx, cancel := context.WithCancel(context.Background())
		l.stop = cancel
		go l.ask(ctx)
	}
	return s, true
}

// leave removes a stream. The last one ends the questions.
func (l *live) leave(s *stream) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.streams, s)
	if len(l.streams) == 0 {
		l.stop()
		l.stop = nil
	}
}

// ask follows the changes until ctx ends. What it sees first is not news: a stream asks itself for what it missed.
func (l *live) ask(ctx context.Context) {
	seen := map[workflow.CaseID]workflow.Change{}
	ticker := time.NewTicker(l.every)
	defer ticker.Stop()
	for first := true; ; first = false {
		changes, err := l.queues.Changed(ctx, l.now().Add(-changesBack), 5*mostChanges)
		if err != nil && ctx.Err() == nil {
			l.fail(err)
		}
		fresh := slices.DeleteFunc(changes, func(c workflow.Change) bool { return seen[c.Case].Version >= c.Version })
		for _, c := range fresh {
			seen[c.Case] = c
		}
		for id, c := range seen {
			if l.now().Sub(c.At) > 2*changesBack {
				delete(seen, id)
			}
		}
		if !first && len(fresh) > 0 {
			l.tell(fresh)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

func (l *live) tell(changes []workflow.Change) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for s := range l.streams {
		s.add(changes)
	}
}

func (s *stream) add(changes []workflow.Change) {
	s.mu.Lock()
	for _, c := range changes {
		if s.changes[c.Case].Version < c.Version {
			s.changes[c.Case] = c
		}
	}
	s.flooded = s.flooded || len(s.changes) > mostChanges
	s.mu.Unlock()
	select {
	case s.news <- struct{}{}:
	default: // told already
	}
}

func (s *stream) take() (changes []workflow.Change, flooded bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.changes {
		changes = append(changes, c)
	}
	flooded = s.flooded
	s.changes, s.flooded = map[workflow.CaseID]workflow.Change{}, false
	return changes, flooded
}

// live is the address of the stream for a page made at that time.
func (f filter) live(at time.Time) string {
	path := strings.Replace(f.firstPage().path(), "/queue", "/queue/live", 1)
	sign := "?"
	if strings.Contains(path, "?") {
		sign = "&"
	}
	return path + sign + "since=" + strconv.FormatInt(at.UnixMicro(), 10)
}

// passive are the routes a page asks by itself, without its user: they must not keep a session alive.
var passive = map[string]bool{"GET /queue/live": true, "GET /queue/rows": true}

// withSession loads the session of a request, and stores it again unless the route is passive.
func (d *desk) withSession(r route) http.Handler {
	if !passive[r.pattern] {
		return d.sessions.LoadAndSave(d.guarded(r))
	}
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		ctx, err := d.loadSession(req.Context(), req)
		if err != nil {
			d.sessions.ErrorFunc(w, req, err)
			return
		}
		d.guarded(r).ServeHTTP(w, req.WithContext(ctx))
	})
}

func (d *desk) loadSession(ctx context.Context, req *http.Request) (context.Context, error) {
	token := ""
	if cookie, err := req.Cookie(d.sessions.Cookie.Name); err == nil {
		token = cookie.Value
	}
	return d.sessions.Load(ctx, token)
}

// stillIn looks again whether the session of a stream goes on, and what its user may see now.
func (d *desk) stillIn(v *visit) (*visit, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second) // the context of the request has the session as it was
	defer cancel()
	ctx, err := d.loadSession(ctx, v.Request)
	if err != nil {
		return nil, err
	}
	now := &visit{Request: v.Request.WithContext(ctx), w: v.w, t: v.t, now: d.Now()}
	if err := d.whoAsks(now); err != nil || !now.signedIn() {
		return nil, err
	}
	now.Request = v.Request // its context lives as long as the stream
	return now, nil
}

// streamQueue serves the stream of one page.
func (d *desk) streamQueue(v *visit) error {
	if !strings.Contains(v.Header.Get("Accept"), "text/event-stream") {
		return errBadRequest
	}
	s, ok := d.live.join(v.user.Name)
	if !ok {
		v.w.Header().Set("Retry-After", "60")
		http.Error(v.w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable) // the page works on without
		return nil
	}
	defer d.live.leave(s)
	out := &eventWriter{w: v.w, control: http.NewResponseController(v.w)}
	v.w.Header().Set("Content-Type", "text/event-stream")
	v.w.Header().Set("X-Accel-Buffering", "no") // nginx would keep events back
	missed, err := d.Queues.Changed(v.Context(), since(v), mostChanges+1)
	if err != nil {
		return err
	}
	if len(missed) > 0 {
		s.add(missed)
	}
	out.send("", "retry: 5000")
	d.follow(v, s, out)
	return nil
}

// since is from when on a stream tells changes: where it was broken off, or when its page was made.
func since(v *visit) time.Time {
	if micro, err := strconv.ParseInt(v.Header.Get("Last-Event-ID"), 10, 64); err == nil {
		return time.UnixMicro(micro).Add(-changesBack) // what became visible late; pages know what they were told
	}
	micro, err := strconv.ParseInt(v.URL.Query().Get("since"), 10, 64)
	if err != nil {
		return v.now
	}
	return time.UnixMicro(micro)
}

// follow sends what happens until the page, the session or the time is over.
func (d *desk) follow(v *visit, s *stream, out *eventWriter) {
	f := readFilter(v.URL.Query())
	beat, over := time.NewTicker(d.live.beat), time.NewTimer(streamLife)
	defer beat.Stop()
	defer over.Stop()
	for out.err == nil {
		told := false
		select {
		case <-v.Context().Done():
			return
		case <-d.Ending:
			return
		case <-over.C:
			return
		case <-beat.C:
		case <-s.news:
			told = true
		}
		now, err := d.stillIn(v)
		if err == nil && now == nil {
			out.send("end", "data:")
			return
		}
		if err == nil && told {
			err = d.sendChanges(now, f, s, out)
		}
		if err == nil && !told {
			err = d.sendPulse(now, out)
		}
		if err != nil {
			d.Log.Warn("desk: a stream of changes ended", "error", err)
			return
		}
	}
}

// changeEvent is what a page is told: ids and versions of cases its user may see. In: those that belong to the list it shows, Out:
// those that do not, or no longer.
type changeEvent struct {
	In     [][2]int64 `json:"in"`
	Out    [][2]int64 `json:"out"`
	Reload bool       `json:"reload"` // more than can be told
}

func (d *desk) sendChanges(v *visit, f filter, s *stream, out *eventWriter) error {
	changes, flooded := s.take()
	if flooded {
		return out.json("changed", v.now, changeEvent{Reload: true})
	}
	desks := visibleDesks(v.user)
	changes = slices.DeleteFunc(changes, func(c workflow.Change) bool { return desks != nil && !slices.Contains(desks, c.Desk) })
	if len(changes) == 0 {
		return nil
	}
	q := d.query(v, f.firstPage())
	q.IDs, q.Limit = []workflow.CaseID{}, mostChanges
	for _, c := range changes {
		q.IDs = append(q.IDs, c.Case)
	}
	rows, err := d.Store.Queue(v.Context(), q)
	if err != nil {
		return err
	}
	e := changeEvent{In: [][2]int64{}, Out: [][2]int64{}}
	for _, c := range changes {
		pair := [2]int64{int64(c.Case), c.Version}
		if slices.ContainsFunc(rows, func(row workflow.CaseSummary) bool { return row.ID == c.Case }) {
			e.In = append(e.In, pair)
		} else {
			e.Out = append(e.Out, pair)
		}
	}
	return out.json("changed", v.now, e)
}

func (d *desk) sendPulse(v *visit, out *eventWriter) error {
	p, err := d.pulseView(v)
	if err != nil {
		return err
	}
	return out.json("pulse", v.now, p)
}

// showRows serves the rows of given cases, those the user may see: what a page puts in the place of rows that changed.
func (d *desk) showRows(v *visit) error {
	q := workflow.QueueQuery{Desks: visibleDesks(v.user), IDs: caseIDs(v.URL.Query()["id"]), Limit: pageRows}
	cases, err := d.Store.Queue(v.Context(), q)
	if err != nil {
		return err
	}
	view := queueView{Here: readFilter(v.URL.Query()).path(), Bulk: bulkForm, Seen: v.now.UnixMicro(), Now: v.now}
	if view.Rows, err = d.rows(v, cases, ""); err != nil {
		return err
	}
	return d.showPart(v, screen{name: "queue", body: view}, "rows")
}

// caseIDs reads at most a page of ids; what is none is left out.
func caseIDs(list []string) []workflow.CaseID {
	ids := []workflow.CaseID{}
	for _, text := range list[:min(len(list), pageRows)] {
		if id, err := strconv.ParseInt(text, 10, 64); err == nil && id > 0 {
			ids = append(ids, workflow.CaseID(id))
		}
	}
	return ids
}

// eventWriter writes events. After an error it writes nothing more.
type eventWriter struct {
	w       http.ResponseWriter
	control *http.ResponseController
	err     error
}

// writeTime is how long a browser may take to take an event.
const writeTime = 10 * time.Second

func (e *eventWriter) send(name string, lines ...string) {
	if e.err != nil {
		return
	}
	text := ""
	if name != "" {
		text = "event: " + name + "\n"
	}
	_ = e.control.SetWriteDeadline(time.Now().Add(writeTime)) // not every writer has one
	if _, e.err = fmt.Fprint(e.w, text+strings.Join(lines, "\n")+"\n\n"); e.err == nil {
		e.err = e.control.Flush()
	}
}

// json sends an event from which a stream that was broken off goes on.
func (e *eventWriter) json(name string, at time.Time, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	e.send(name, "id: "+strconv.FormatInt(at.UnixMicro(), 10), "data: "+string(data))
	return nil // a page that went away is no failure
}
