package resident

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"okienko/ingest"
	"okienko/internal/web"
	"okienko/workflow"
)

// each runs a test on both databases.
func each(t *testing.T, test func(*testing.T, *world)) {
	t.Helper()
	for name := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, newWorld(t, name))
		})
	}
}

func TestTheCodeOpensWhatIsMissingAndNothingElse(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		c := w.take()
		for lang, want := range map[string][]string{
			"pl": {polish.Missing, "Umowa kupna", "Numer VIN", polish.Unread, c.Number, "pocztą"},
			"en": {english.Missing, "Contract of sale", "by post"},
			"uk": {ukrainian.Missing, `<span lang="pl">Umowa kupna</span>`, `lang="en">(Contract of sale)`, "поштою"},
		} {
			p := w.open(w.codes.OfPage(c.ID), lang)
			if p.Code != http.StatusOK || p.Header().Get("Content-Language") != lang {
				t.Fatalf("%s: status %d in %s", lang, p.Code, p.Header().Get("Content-Language"))
			}
			for _, text := range want {
				if !strings.Contains(p.body, text) {
					t.Errorf("%s: the page does not say %q", lang, text)
				}
			}
			w.keepsSecrets(p)
			if strings.Contains(p.body, "PESEL") || strings.Contains(p.body, "<script") {
				t.Errorf("%s: the page lists what is there, or has a script", lang)
			}
		}
		events, err := w.store.Events(t.Context(), c.ID)
		w.must(err)
		if len(events) != 3 || events[0].Kind != workflow.EventPageOpened || events[0].Actor != workflow.Nobody {
			t.Errorf("three openings left %+v", events)
		}
	})
}

// TestWithoutTheCodeNothingIsSaid: a short code, a wrong key, another case's key, a case that does not exist, a closed one and a
// test get one and the same answer.
func TestWithoutTheCodeNothingIsSaid(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "SQLite", func(d *Deps) { d.Config.Proxied = false })
	open, closed := w.take(), w.take()
	w.must(w.store.Tx(t.Context(), func(tx workflow.Tx) error {
		c, err := tx.Lock(t.Context(), closed.ID)
		if err != nil {
			return err
		}
		c.Status = workflow.StatusClosed
		return tx.Update(t.Context(), &c)
	}))
	short := w.codes.Of(open.ID)
	key := strings.TrimPrefix(w.codes.OfPage(open.ID), short)
	wrongKey := short + strings.Map(func(r rune) rune {
		if r == '2' {
			return '3'
		}
		if r == ' ' || r == '-' {
			return r
		}
		return '2'
	}, key)
	var pages []string
	for name, code := range map[string]string{
		"nothing": "", "the code of the letters alone": short, "a wrong key": wrongKey, "a key without its code": key,
		"the key of another case": w.codes.Of(closed.ID) + key, "a case that does not exist": w.codes.OfPage(4711), "a closed case": w.codes.OfPage(closed.ID),
	} {
		p := w.open(code, "pl")
		if p.Code != http.StatusNotFound {
			t.Errorf("%s: status %d", name, p.Code)
		}
		w.keepsSecrets(p)
		pages = append(pages, p.body)
		if p.body != pages[0] {
			t.Errorf("%s is answered otherwise", name)
		}
	}
	if p := w.open(strings.ToLower(strings.ReplaceAll(w.codes.OfPage(open.ID), "-", " ")), "pl"); p.Code != http.StatusOK {
		t.Errorf("the right code in lower case with blanks: status %d", p.Code)
	}
	if p := w.send(w.codes.OfPage(closed.ID), "tekst"); p.Code != http.StatusNotFound || len(w.supplements()) != 0 {
		t.Errorf("a closed case takes a supplement: %d", p.Code)
	}
}

// TestCodesStayOutOfAddressesAndLogs: RELIABILITY's line about URLs, and that no answer may be kept.
func TestCodesStayOutOfAddressesAndLogs(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "SQLite")
	c := w.take()
	code := w.codes.OfPage(c.ID)
	if p := w.do(httptest.NewRequest(http.MethodGet, "/?code="+strings.ReplaceAll(code, " ", "+"), nil)); strings.Contains(p.body, c.Number) {
		t.Error("a code in an address opens a page")
	}
	failing := ingest.AcceptFunc(func(context.Context, ingest.Envelope) error { return errDisk })
	w.accept.Store(&failing)
	w.send(code, "tekst")
	if !strings.Contains(w.log.String(), errDisk.Error()) || strings.Contains(w.log.String(), w.codes.Of(c.ID)) {
		t.Errorf("the log says %s", w.log)
	}
	p := w.open(code, "pl")
	for header, want := range map[string]string{"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "Content-Security-Policy": policy,
		"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY"} {
		if got := p.Header().Get(header); got != want {
			t.Errorf("%s is %q", header, got)
		}
	}
	if len(p.Result().Cookies()) != 0 {
		t.Error("the page sets a cookie")
	}
}

func TestGuessingIsSlowedDown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "SQLite")
	code := w.codes.OfPage(w.take().ID)
	for range wrongByAddress {
		if p := w.open("7K4-MAPA 2222-2222-2222", "pl"); p.Code != http.StatusNotFound {
			t.Fatalf("status %d within the limit", p.Code)
		}
	}
	if p := w.open(code, "pl"); p.Code != http.StatusTooManyRequests || p.Header().Get("Retry-After") == "" {
		t.Errorf("over the limit even the right code: status %d", p.Code)
	}
	w.address = "192.0.2.2:4711"
	if p := w.open(code, "pl"); p.Code != http.StatusOK {
		t.Errorf("somebody else is stopped too: %d", p.Code)
	}
	for i := range wrongInAll - wrongByAddress {
		w.address = fmt.Sprintf("198.51.100.%d:1", i/(wrongByAddress-1))
		w.open("x", "pl")
	}
	w.address = "192.0.2.3:4711"
	if p := w.open(code, "pl"); p.Code != http.StatusTooManyRequests {
		t.Errorf("after %d wrong codes from everywhere: status %d", wrongInAll, p.Code)
	}
	w.offset.Add(int64(window + time.Second))
	if p := w.open(code, "pl"); p.Code != http.StatusOK {
		t.Errorf("after the window: status %d", p.Code)
	}
}

func TestASupplementIsDurableBeforeTheThanks(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		c := w.take()
		code := w.codes.OfPage(c.ID)
		failing := ingest.AcceptFunc(func(ctx context.Context, e ingest.Envelope) error { return errDisk })
		taking := *w.accept.Swap(&failing)
		if p := w.send(code, "Oto umowa.", file{"umowa.pdf", "application/pdf", "%PDF-1.7"}); p.Code != http.StatusServiceUnavailable || strings.Contains(p.body, polish.Thanks) {
			t.Errorf("nothing was kept: status %d\n%s", p.Code, p.body)
		}
		lostAnswer := ingest.AcceptFunc(func(ctx context.Context, e ingest.Envelope) error {
			w.must(taking(ctx, e))
			return errDisk
		})
		w.accept.Store(&lostAnswer)
		w.send(code, "Oto umowa.", file{"umowa.pdf", "application/pdf", "%PDF-1.7"})
		w.accept.Store(&taking)
		p := w.send(code, "Oto umowa.", file{"umowa.pdf", "application/pdf", "%PDF-1.7"})
		list := w.supplements()
		if p.Code != http.StatusOK || len(list) != 1 || !strings.Contains(p.body, list[0].Number) || !strings.Contains(p.body, polish.Thanks) {
			t.Fatalf("status %d, %d supplements\n%s", p.Code, len(list), p.body)
		}
		sub := list[0].Submission
		if sub.Source != Source || sub.Channel != ingest.Page || len(sub.Originals) != 2 || sub.Originals[1].Name != "umowa.pdf" || sub.Originals[1].MediaType != "application/pdf" {
			t.Errorf("the submission is %+v", sub)
		}
		body := w.read(sub.Originals[0].Digest)
		if !strings.Contains(body, "Kod uzupełnienia: "+w.codes.Of(c.ID)+"\n") || !strings.Contains(body, "Oto umowa.") || strings.Contains(body, code) {
			t.Errorf("the letter says\n%s", body)
		}
		if got := w.read(sub.Originals[1].Digest); got != "%PDF-1.7" {
			t.Errorf("the file holds %q", got)
		}
		balance, err := w.store.Balance(t.Context())
		if err != nil || len(balance) != 1 || balance[0].Seen != 1 || balance[0].Registered != 1 || balance[0].Pending != 0 {
			t.Errorf("the ledger says %+v (%v)", balance, err)
		}
	})
}

func (w *world) read(d ingest.Digest) string {
	w.Helper()
	f, err := w.evidence.Open(w.Context(), d)
	w.must(err)
	defer f.Close()
	b, err := io.ReadAll(f)
	w.must(err)
	return string(b)
}

// TestADoubleClickIsOneSupplement: many at once, then once more; other bytes are another one.
func TestADoubleClickIsOneSupplement(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		code := w.codes.OfPage(w.take().ID)
		const clicks = 6
		numbers := make([]string, clicks+1)
		var all sync.WaitGroup
		for i := range clicks {
			all.Go(func() { numbers[i] = numberForm.FindString(w.send(code, "", file{"a.jpg", "image/jpeg", "jpeg"}).body) })
		}
		all.Wait()
		numbers[clicks] = numberForm.FindString(w.send(code, "", file{"a.jpg", "image/jpeg", "jpeg"}).body)
		if list := w.supplements(); len(list) != 1 || slices.ContainsFunc(numbers, func(n string) bool { return n != list[0].Number }) {
			t.Errorf("%d clicks made %d supplements, numbers %v", clicks+1, len(list), numbers)
		}
		w.send(code, "", file{"a.jpg", "image/jpeg", "other"})
		if list := w.supplements(); len(list) != 2 {
			t.Errorf("another file under the same name: %d supplements", len(list))
		}
	})
}

func TestWhatIsNotTaken(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "SQLite")
	code := w.codes.OfPage(w.take().ID)
	one := file{"a.pdf", "application/pdf", "x"}
	for _, tt := range []struct {
		name, text string
		files      []file
		status     int
		says       string
	}{
		{"nothing at all", "  ", nil, 422, polish.Nothing},
		{"an empty file", "tekst", []file{{"pusty.pdf", "application/pdf", ""}}, 422, "pusty.pdf"},
		{"too many files", "mój tekst", []file{one, one, one, one}, 422, "mój tekst</textarea>"},
		{"too long a text", strings.Repeat("ż", mostLetter+1), nil, 422, "4000"},
		{"too much", "", []file{{"wielki.pdf", "application/pdf", strings.Repeat("x", 2<<20)}}, 413, polish.TooLarge},
	} {
		p := w.send(code, tt.text, tt.files...)
		if p.Code != tt.status || !strings.Contains(p.body, tt.says) {
			t.Errorf("%s: status %d, want %d with %q", tt.name, p.Code, tt.status, tt.says)
		}
	}
	if list := w.supplements(); len(list) != 0 {
		t.Errorf("%d supplements were taken all the same", len(list))
	}
	off := newWorld(t, "SQLite", func(d *Deps) { d.Config.Uploads = false })
	code = off.codes.OfPage(off.take().ID)
	if p := off.send(code, "tekst"); p.Code != http.StatusNotFound || len(off.supplements()) != 0 {
		t.Errorf("the office takes nothing there: status %d", p.Code)
	}
	if p := off.open(code, "pl"); strings.Contains(p.body, "type=\"file\"") {
		t.Error("the page has a form for files although the office takes none")
	}
}

// TestAStrangersFilesAreNotRead: with a wrong code not a byte of the files is looked at.
func TestAStrangersFilesAreNotRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "SQLite")
	w.take()
	req := formRequest(t, "7K4-MAPA 2222-2222-2222", "", file{"a.bin", "", strings.Repeat("x", 900<<10)})
	body := &counting{Reader: req.Body}
	req.Body = io.NopCloser(body)
	if p := w.do(req); p.Code != http.StatusNotFound || body.n > 64<<10 {
		t.Errorf("status %d after %d bytes", p.Code, body.n)
	}
}

type counting struct {
	io.Reader
	n int
}

func (c *counting) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	c.n += n
	return n, err
}

func TestOneCaseCannotBeFlooded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "SQLite")
	code := w.codes.OfPage(w.take().ID)
	for i := range sendsByCase {
		if p := w.send(code, fmt.Sprint("list ", i)); p.Code != http.StatusOK {
			t.Fatalf("supplement %d: status %d", i, p.Code)
		}
	}
	if p := w.send(code, "jeszcze jeden"); p.Code != http.StatusTooManyRequests || len(w.supplements()) != sendsByCase {
		t.Errorf("over the limit: status %d, %d supplements", p.Code, len(w.supplements()))
	}
}

func TestForeignFormsAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "SQLite")
	code := w.codes.OfPage(w.take().ID)
	req := formRequest(t, code, "z obcej strony")
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	if p := w.do(req); p.Code != http.StatusForbidden || len(w.supplements()) != 0 {
		t.Errorf("status %d, %d supplements", p.Code, len(w.supplements()))
	}
}

func TestNothingIsShownUnwritten(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "SQLite", func(d *Deps) { d.Journal = downJournal{} })
	c := w.take()
	if p := w.open(w.codes.OfPage(c.ID), "pl"); p.Code != http.StatusServiceUnavailable || strings.Contains(p.body, "Umowa kupna") {
		t.Errorf("the page was shown though nobody could write it down: %d", p.Code)
	}
}

type downJournal struct{}

func (downJournal) Opened(context.Context, workflow.CaseID) error { return errDisk }
func (downJournal) Refused(context.Context, string) error         { return errDisk }

func TestEveryLanguageSaysEverything(t *testing.T) {
	t.Parallel()
	for _, lang := range languages {
		v := reflect.ValueOf(*lang)
		for i := range v.NumField() {
			f, of := v.Field(i), reflect.ValueOf(polish).Field(i)
			if f.IsZero() || f.Kind() == reflect.Map && f.Len() != of.Len() || f.Kind() == reflect.String && strings.Count(f.String(), "%") != strings.Count(of.String(), "%") {
				t.Errorf("%s.%s is missing or has other blanks to fill in", lang.Code, v.Type().Field(i).Name)
			}
		}
		for kind := range polish.Ways {
			if lang.Ways[kind] == "" {
				t.Errorf("%s has no words for the way %s", lang.Code, kind)
			}
		}
	}
}

func TestTheLanguageOfTheBrowser(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]string{"": "pl", "uk-UA,uk;q=0.9,en;q=0.5": "uk", "de-DE, en-GB;q=0.7": "en", "fr": "pl", "pl, uk": "pl"} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Accept-Language", header)
		if got := textsOf(r).Code; got != want {
			t.Errorf("%q: %s, want %s", header, got, want)
		}
	}
}

func TestConfig(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		c     Config
		wrong string // "" if allowed
	}{
		{"loopback without TLS", Config{Listener: web.Listener{Listen: "127.0.0.1:8082"}}, ""},
		{"behind a proxy", Config{Listener: web.Listener{Listen: "0.0.0.0:8082", BaseURL: "https://uzupelnij.example", Proxied: true}}, ""},
		{"open to all without TLS", Config{Listener: web.Listener{Listen: "0.0.0.0:8082"}}, "resident.listen"},
		{"no port", Config{Listener: web.Listener{Listen: "uzupelnij"}}, "resident.listen"},
		{"a certificate without key", Config{Listener: web.Listener{Listen: "127.0.0.1:1", TLSCert: "c"}}, "resident.tls_cert"},
		{"a path", Config{Listener: web.Listener{Listen: "127.0.0.1:1", BaseURL: "https://um.example/x"}}, "resident.base_url"},
		{"a thousand files", Config{Listener: web.Listener{Listen: "127.0.0.1:1"}, MostFiles: 1000}, "most_files"},
	} {
		err := tt.c.Validate()
		if (err != nil) != (tt.wrong != "") || err != nil && !strings.Contains(err.Error(), tt.wrong) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.wrong)
		}
	}
}
