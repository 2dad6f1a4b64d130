package desk

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"okienko/classify"
	"okienko/schemas"
	"okienko/workflow"
	"okienko/workflow/deadline"
	"okienko/workflow/reply"
	"okienko/workflow/rulebook"
)

// bookOffice is an office on the real parts. Letters are reviewed in package rulebook: it takes a second each time.
func bookOffice(t *testing.T) rulebook.Office {
	t.Helper()
	codes, err := reply.NewCodes([]byte("a secret for tests only"))
	if err != nil {
		t.Fatal(err)
	}
	return rulebook.Office{Policy: officeToday, Letters: reply.DefaultLetters(),
		Teach: func(rs *classify.Ruleset) (*classify.Ruleset, error) { return rs, nil },
		Composer: func(c schemas.Catalog, letters fs.FS, free deadline.Calendar) (workflow.Composer, error) {
			return reply.New(reply.Config{Office: reply.Kraków(), Procedures: c, Codes: codes, Policy: officeToday, Letters: letters, Calendar: free})
		},
	}
}

// workshop opens the workshop on the store of the world.
func (w *world) workshop() Workshop {
	w.Helper()
	var err error
	w.library, err = rulebook.Open(w.Context(), w.store, bookOffice(w.T), w.now, slog.New(slog.DiscardHandler))
	w.must(err)
	return Workshop{Shelf: w.store, Past: w.store, Library: w.library, Halts: w.store, Corrections: w.store}
}

// drafted is an open draft of the newest version, with changes of its files.
func (w *world) drafted(by, title string, change ...func(rulebook.Book) rulebook.Book) rulebook.Draft {
	w.Helper()
	n, err := w.store.InForce(w.Context(), w.now())
	w.must(err)
	book, err := w.library.Book(w.Context(), n)
	w.must(err)
	for _, c := range change {
		book = c(book)
	}
	d := rulebook.Draft{Base: n, Title: title, Book: book}
	w.must(w.store.SaveDraft(w.Context(), &d, by))
	return d
}

// replayed waits until the replay of a draft is over.
func (w *world) replayed(id int64) rulebook.Draft {
	w.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		running, _, _, failed := w.desk.replayState(id)
		d, err := w.store.Draft(w.Context(), id)
		w.must(err)
		if failed {
			w.Fatal("the replay failed")
		}
		if !running && d.Replay != nil {
			return d
		}
	}
	w.Fatal("the replay does not end")
	return rulebook.Draft{}
}

// TestAChangeOfTheRulesGoesItsWay from the draft of one administrator over the replay to publication by another.
func TestAChangeOfTheRulesGoesItsWay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	sale := w.take(saleByPUAP())
	w.take(alcoholLacking())
	w.hire("ewa", "Ewa Druga", workflow.RoleAdmin)
	admin, ewa := w.as("admin"), w.as("ewa")
	p := admin.get("/workshop").submit("/workshop/drafts", url.Values{"title": {"Zbycie pojazdu do SA"}})
	path := p.path
	form := admin.get(path + "/procedures/zgloszenie_zbycia_pojazdu")
	saved := form.submit(path+"/procedures/zgloszenie_zbycia_pojazdu", url.Values{"desk": {"SA"}})
	if saved.status != http.StatusOK || !saved.says(polish.Workshop.Saved) {
		t.Fatalf("saving: status %d\n%s", saved.status, saved.text())
	}
	draft, err := w.store.Draft(t.Context(), 1)
	w.must(err)
	built, err := w.library.Book(t.Context(), 0)
	w.must(err)
	if changes := rulebook.Diff(built, draft.Book); len(changes) != 1 || len(changes[0].Lines) != 8 {
		t.Errorf("the form changed more than the line of the desk: %+v", changes)
	}
	admin.get(path).submit(path+"/replay", url.Values{"last": {"100"}})
	w.replayed(1)
	page := admin.get(path)
	if !page.says("Próba z", sale.Number, polish.Workshop.OwnWork, "/K…") {
		t.Errorf("after the replay the page says\n%s", page.text())
	}
	if page.has(path + "/publish") {
		t.Error("the author may publish")
	}
	own := admin.post(path+"/publish", url.Values{"revision": {itoa(draft.Revision)}})
	if own.status != http.StatusUnprocessableEntity || !own.says(polish.Workshop.OwnWork) {
		t.Errorf("the author publishes all the same: status %d", own.status)
	}
	sample := ewa.get(path + "/cases/" + itoa(int64(sale.ID)))
	if !sample.says(polish.Workshop.Differs, "KM", "SA") {
		t.Errorf("the sample says\n%s", sample.text())
	}
	done := ewa.get(path).submit(path+"/publish", nil)
	if !done.says("Opublikowano wersję 1", "obowiązuje") {
		t.Errorf("after publication the page says\n%s", done.text())
	}
	bench, err := w.library.InForce(t.Context())
	w.must(err)
	if proc, _ := bench.Judge.Catalog.Procedure("zgloszenie_zbycia_pojazdu", w.now()); bench.Version != 1 || proc.Desk != "SA" {
		t.Errorf("in force is version %d with desk %s", bench.Version, proc.Desk)
	}
	old, err := w.library.Version(t.Context(), 0)
	w.must(err)
	if proc, _ := old.Judge.Catalog.Procedure("zgloszenie_zbycia_pojazdu", w.now()); proc.Desk != "KM" {
		t.Errorf("version 0 has desk %s now", proc.Desk)
	}
}

// TestABadDraftIsNeverReplayedNorPublished, whatever is wrong with it; its page names file and key.
func TestABadDraftIsNeverReplayedNorPublished(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.hire("ewa", "Ewa Druga", workflow.RoleAdmin)
	ewa := w.as("ewa")
	put := func(name, old, new string) func(rulebook.Book) rulebook.Book {
		return func(b rulebook.Book) rulebook.Book {
			return b.With(name, []byte(strings.Replace(string(b[name]), old, new, 1)))
		}
	}
	sale := rulebook.Procedure("zgloszenie_zbycia_pojazdu")
	for says, change := range map[string]func(rulebook.Book) rulebook.Book{
		"key regime":     put(sale, "regime: kpa", "regime: zwyczaj"),
		"no list @":      put(sale, "match:", "match:\n  frame: ['@nieznane']"),
		"mapping values": put(sale, "title:", "title: x: y"),
		"threshold 2":    put("classify/rules/general.yaml", "threshold: 0.", "threshold: 2 # 0."),
		"letters":        put("workflow/reply/letters/receipt.txt", "Temat:", "{{.Nieznane"),
		"no place":       func(b rulebook.Book) rulebook.Book { return b.With("schemas/procedures/x.txt", []byte("?")) },
		"holidays":       put("workflow/rulebook/calendar.yaml", "holidays: []", "holidays: [jutro]"),
		"is missing": func(b rulebook.Book) rulebook.Book {
			c := b.With("x", nil)
			delete(c, "x")
			delete(c, rulebook.Procedure("pismo_ogolne"))
			return c
		},
	} {
		d := w.drafted("admin", "Zły szkic", change)
		path := draftPath(d.ID)
		if p := ewa.get(path); !p.says(polish.Workshop.Unsound, says) {
			t.Errorf("%s: the page says\n%s", says, p.byID("main"))
		}
		if p := ewa.post(path+"/replay", nil); p.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: replayed with status %d", says, p.status)
		}
		w.must(w.store.KeepReplay(t.Context(), d.ID, rulebook.Report{Digest: d.Digest, By: "x", At: w.now()})) // as if it had been
		if p := ewa.post(path+"/publish", url.Values{"revision": {itoa(d.Revision)}}); p.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: published with status %d", says, p.status)
		}
	}
	if n, err := w.store.InForce(t.Context(), w.now().Add(time.Hour)); n != 0 || err != nil {
		t.Errorf("version %d is in force (%v)", n, err)
	}
}

// TestAnExportIsImportedAsItIs and what is no rule book is refused.
func TestAnExportIsImportedAsItIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin := w.as("admin")
	exported := admin.get("/workshop/versions/0/book.zip")
	send := func(data string) answered {
		var body bytes.Buffer
		m := multipart.NewWriter(&body)
		w.must(m.WriteField("title", "Z pliku"))
		part, err := m.CreateFormFile("book", "book.zip")
		w.must(err)
		fmt.Fprint(part, data)
		w.must(m.Close())
		req, err := http.NewRequest(http.MethodPost, w.server.URL+"/workshop/import", &body)
		w.must(err)
		req.Header.Set("Content-Type", m.FormDataContentType())
		return admin.do(req)
	}
	if p := send(exported.body); p.path != "/workshop/drafts/1" || !p.says(polish.Workshop.NoChanges, polish.Workshop.Sound) {
		t.Errorf("importing what was exported: %s\n%s", p.path, p.text())
	}
	if p := send("PK nonsense"); p.status != http.StatusUnprocessableEntity || !p.says("not a ZIP file") {
		t.Errorf("importing nonsense: status %d\n%s", p.status, p.text())
	}
}

// TestAStaleFormLosesNothing: who comes second sees both that somebody was quicker and what they entered.
func TestAStaleFormLosesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.drafted("admin", "Szkic")
	admin := w.as("admin")
	path := draftPath(d.ID) + "/procedures/odpis_aktu"
	stale := admin.get(path)
	admin.get(path).submit(path, url.Values{"fee.amount": {"23"}})
	p := stale.submit(path, url.Values{"title.en": {"Copy of a certificate, as I say it"}})
	if !strings.Contains(p.body, "as I say it") || !p.says(polish.Workshop.Changed) {
		t.Errorf("status %d; the page says\n%s", p.status, p.text())
	}
	if p := admin.get(path).submit(path, url.Values{"fee.amount": {"dużo"}}); p.status != http.StatusUnprocessableEntity || !strings.Contains(p.body, `value="dużo"`) {
		t.Errorf("a wrong number: status %d", p.status)
	}
}

func TestTheTablesOfAllProcedures(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.drafted("admin", "Szkic")
	admin := w.as("admin")
	path := draftPath(d.ID) + "/tables"
	admin.get(path).submit(path, url.Values{"odpis_aktu:channels.email": {"yes"}, "pas_drogowy:desk": {"ZD"}, "threshold": {"0,7"}, "closed": {"2026-12-31"}})
	got, err := w.store.Draft(t.Context(), d.ID)
	w.must(err)
	changed := map[string]bool{}
	for _, c := range rulebook.Diff(d.Book, got.Book) {
		changed[c.Name] = true
	}
	if len(changed) != 4 || !changed["workflow/rulebook/calendar.yaml"] || !changed["classify/rules/general.yaml"] {
		t.Errorf("changed were %v", changed)
	}
	if p := admin.get(path).submit(path, url.Values{"threshold": {"7"}}); !p.says("allowed is a number between 0 and 1") {
		t.Errorf("a threshold of 7: status %d\n%s", p.status, p.text())
	}
}

// TestTheSwitchHoldsLettersAndTheListLetsThemGo one by one; every page of an administrator says that it is on, no clerk's does.
func TestTheSwitchHoldsLettersAndTheListLetsThemGo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.take(saleByPUAP())
	w.write(c, workflow.ReplyReceipt, workflow.LetterHeld)
	admin, anna := w.as("admin"), w.as("anna")
	if p := admin.post("/workshop/halt", url.Values{"halt": {"on"}}); p.status != http.StatusUnprocessableEntity {
		t.Errorf("without a reason: status %d", p.status)
	}
	p := admin.get("/workshop/held").submit("/workshop/halt", url.Values{"because": {"Błąd we wzorze."}})
	if !p.says(polish.Workshop.HaltOn, "Błąd we wzorze.", c.Number) {
		t.Errorf("the list says\n%s", p.text())
	}
	for who, b := range map[string]*browser{"admin": admin, "anna": anna} {
		if got := strings.Contains(b.get("/queue").body, `class="halted"`); got != (who == "admin") {
			t.Errorf("the queue of %s tells that letters are halted: %v", who, got)
		}
	}
	letter := w.letters(c.ID)[0]
	action := fmt.Sprintf("%s/letters/%d/release", casePath(c.ID), letter.ID)
	if p := p.submit(action, nil); p.path != "/workshop/held" || w.letters(c.ID)[0].Status != workflow.LetterQueued {
		t.Errorf("released: at %s the letter is %s", p.path, w.letters(c.ID)[0].Status)
	}
}

// TestCorrectionsBecomeAnAlias with one click.
func TestCorrectionsBecomeAnAlias(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range 3 {
		f := registrationNumber(fmt.Sprint(i))
		f.subject, f.text, f.papers = fmt.Sprintf("Sprawa %d", i), fmt.Sprintf("Prośba o kwidrant zielony, sztuk %d.", i), nil
		c := w.take(f)
		w.must(w.store.Tx(context.Background(), func(tx workflow.Tx) error {
			return tx.AddExample(context.Background(), workflow.Example{Case: c.ID, At: w.now(), Actor: "anna", Before: c.Procedure, After: "usuniecie_drzewa"})
		}))
	}
	w.take(saleByPUAP())
	admin := w.as("admin")
	p := admin.get("/workshop/overrides")
	if !p.says("kwidrant zielony", "3 z tych pism") {
		t.Fatalf("the page says\n%s", p.text())
	}
	if p = p.submit("/workshop/overrides", nil); !p.says("Dodano", polish.Workshop.FromCorrections) {
		t.Errorf("the draft says\n%s", p.text())
	}
	d, err := w.store.Draft(t.Context(), 1)
	w.must(err)
	if aliases, _ := rulebook.Value(d.Book[rulebook.Procedure("usuniecie_drzewa")], "aliases"); !strings.Contains(strings.Join(aliases, "|"), "kwidrant zielony") {
		t.Errorf("aliases %q", aliases)
	}
}

// TestWhileTheSwitchIsOnNothingLeavesByItself: the machine goes on judging, its letters wait.
func TestWhileTheSwitchIsOnNothingLeavesByItself(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.store.SetHalt(t.Context(), true, "admin", "Próba.")
	w.must(err)
	c := w.judged(saleByPUAP())
	letters := w.letters(c.ID)
	if len(letters) != 1 || letters[0].Status != workflow.LetterHeld || letters[0].Detail != workflow.HaltedBecause {
		t.Errorf("the letters are %+v", letters)
	}
}
