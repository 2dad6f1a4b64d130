package read

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"okienko/ingest"
	"okienko/ingest/read/ocr"
	"okienko/ingest/read/ocr/pagetest"
	"okienko/ingest/read/raster"
	"okienko/ingest/sandbox"
)

// newEyes returns eyes over children of this test binary, wired as the program wires them.
func newEyes(t testing.TB, cfg sandbox.Config) (Client, Eyes) {
	t.Helper()
	if err := newReader(t).Warm(); err != nil {
		t.Fatal(err)
	}
	cfg.Command = []string{"", "sandbox-child", cacheDir()}
	p, err := sandbox.NewPool(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	engine, err := ocr.Find()
	if err != nil {
		t.Fatal(err)
	}
	return Client{p}, Eyes{Pool: p, OCR: engine, Page: "page", Complete: "complete"}
}

// scanOf makes a submission of files as a scanner leaves them.
func scanOf(files ...string) (ingest.Submission, Opener) {
	sub, open := submissionOf(files...)
	for i := range sub.Originals {
		sub.Originals[i].Name, sub.Originals[i].MediaType = fmt.Sprintf("skan-%d", i+1), ""
	}
	return sub, open
}

// seen reads files as one submission, pictures included.
func seen(t testing.TB, c Client, e Eyes, files ...string) ingest.Contents {
	t.Helper()
	sub, open := scanOf(files...)
	var contents ingest.Contents
	if unread, err := c.Examine(t.Context(), "examine", sub, open, &contents); err != nil || unread != nil {
		t.Fatalf("got %v, %v", unread, err)
	}
	contents, err := e.Read(t.Context(), sub, open, contents)
	if err != nil {
		t.Fatal(err)
	}
	return contents
}

func pngFile(t testing.TB, g image.Image) string {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, g); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func jpegFile(t testing.TB, g image.Image) string {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, g, &jpeg.Options{Quality: 75}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestErrorRate is the measure of OCR: the share of wrong letters on pages spoiled at three levels, beside what tesseract
// makes of the same files by itself.
func TestErrorRate(t *testing.T) {
	t.Parallel()
	c, e := newEyes(t, sandbox.Config{Children: 1})
	for _, tt := range []struct {
		level pagetest.Level
		most  float64
	}{{pagetest.Clean, 0.01}, {pagetest.Worn, 0.08}, {pagetest.Phone, 0.03}} {
		t.Run(tt.level.String(), func(t *testing.T) {
			file := jpegFile(t, pagetest.Spoiled(pagetest.Letter, tt.level))
			r := seen(t, c, e, file).Readings[0]
			got, plain := pagetest.ErrorRate(r.Text, pagetest.Letter), pagetest.ErrorRate(plainOCR(t, file), pagetest.Letter)
			t.Logf("%s: %.2f %% of the letters are wrong; %.2f %% by tesseract alone", tt.level, 100*got, 100*plain)
			if got > tt.most {
				t.Errorf("%.2f %% of the letters are wrong, at most %.0f %% may be:\n%s", 100*got, 100*tt.most, r.Text)
			}
		})
	}
}

func plainOCR(t testing.TB, file string) string {
	t.Helper()
	cmd := exec.Command("tesseract", "-", "-", "-l", "pol")
	cmd.Stdin, cmd.Env = strings.NewReader(file), []string{"OMP_THREAD_LIMIT=1"}
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("tesseract (Debian package tesseract-ocr): %v", err)
	}
	return string(out)
}

func TestAPageIsReadWhicheverWayItLies(t *testing.T) {
	t.Parallel()
	c, e := newEyes(t, sandbox.Config{Children: 1})
	page := pagetest.Turned(pagetest.Draw(pagetest.Letter, 150), 1.5)
	for _, turn := range []int{0, 90, 180, 270} {
		t.Run(fmt.Sprint(turn), func(t *testing.T) {
			r := seen(t, c, e, pngFile(t, raster.Turn(page, turn))).Readings[0]
			if rate := pagetest.ErrorRate(r.Text, pagetest.Letter); rate > 0.05 {
				t.Errorf("%.1f %% of the letters are wrong:\n%s", 100*rate, r.Text)
			}
			if want := (360 - turn) % 360; r.Sheets[0].Turned != want {
				t.Errorf("turned by %d, want %d", r.Sheets[0].Turned, want)
			}
		})
	}
}

// ukrainian is a letter in two alphabets, all of it invented.
const ukrainian = `Оксана Приклад (Oksana Pryklad)
PESEL 44051401458
ul. Źródlana Górka 14/3, 30-001 Kraków

Краків, 5 листопада 2026 р.

Заява

Прошу видати довідку про реєстрацію місця проживання.
Живу за цією адресою з вересня 2022 року разом із дітьми.
Довідка потрібна для школи, оплату здійснено.

З повагою
Оксана Приклад`

func TestALetterInUkrainianIsReadAsSuch(t *testing.T) {
	t.Parallel()
	c, e := newEyes(t, sandbox.Config{Children: 2})
	for name, g := range map[string]*image.Gray{"upright": pagetest.Draw(ukrainian, 150), "on its head": raster.Turn(pagetest.Draw(ukrainian, 150), 180)} {
		contents := seen(t, c, e, pngFile(t, g))
		r := contents.Readings[0]
		if rate := pagetest.ErrorRate(r.Text, ukrainian); rate > 0.03 {
			t.Errorf("%s: %.1f %% of the letters are wrong:\n%s", name, 100*rate, r.Text)
		}
		if contents.Letter.Language != "uk" {
			t.Errorf("%s: the language is %q", name, contents.Letter.Language)
		}
	}
}

func TestAValueHasItsPlaceOnThePicture(t *testing.T) {
	t.Parallel()
	c, e := newEyes(t, sandbox.Config{Children: 1})
	file := pngFile(t, pagetest.Draw(pagetest.Letter, 150))
	contents := seen(t, c, e, file)
	r := contents.Readings[0]
	for _, f := range r.Fields {
		if f.Type != ingest.FieldPESEL {
			continue
		}
		page, box, ok := r.Locate(f.Place)
		if !ok || page != 1 || box.Left < 500 || box.Right > 4000 || box.Top < 1200 || box.Bottom > 2000 || f.Checked != "ok" {
			t.Errorf("%+v stands on page %d at %+v, %v", f, page, box, ok)
		}
		sub, open := scanOf(file)
		g := NewGallery(e, 1<<20)
		data, err := g.Picture(t.Context(), sub, open, Picture{r.Document.ID, r.Sheets[0], raster.View{Box: box, Width: 400, Marks: []ingest.Box{box}}})
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(data))
		if err != nil || img.Bounds().Dx() != 400 || img.Bounds().Dy() > 200 {
			t.Fatalf("got %v", err)
		}
		if red, _, blue, _ := img.At(200, 2).RGBA(); red <= 2*blue {
			t.Errorf("the marked words are not yellow: %v", img.At(200, 2))
		}
		return
	}
	t.Errorf("no PESEL in %+v", r.Fields)
}

func TestWithoutOCRPicturesStayUnread(t *testing.T) {
	t.Parallel()
	c, e := newEyes(t, sandbox.Config{Children: 1})
	e.OCR = nil
	r := seen(t, c, e, pngFile(t, pagetest.Draw(pagetest.Letter, 100))).Readings[0]
	if !hasProblem(r, ingest.ProblemNoText) || len(r.Sheets) != 1 || r.Sheets[0].Read || r.TextFrom != ingest.TextNone {
		t.Errorf("got %+v", r)
	}
}

func TestPagesWithNothingToReadSaySo(t *testing.T) {
	t.Parallel()
	c, e := newEyes(t, sandbox.Config{Children: 1})
	blurred := pagetest.Shaken(pagetest.Draw(pagetest.Letter, 120), 9)
	for _, tt := range []struct {
		name string
		page image.Image
		want ingest.ProblemCode
	}{
		{"a blank page", pagetest.Draw("", 150), ingest.ProblemBlank},
		{"a page photographed by a hand that shook", blurred, ingest.ProblemBlurred},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := seen(t, c, e, pngFile(t, tt.page)).Readings[0]
			t.Logf("mean confidence %.2f", r.Sheets[0].Mean)
			if !hasProblem(r, tt.want) || hasProblem(r, ingest.ProblemReaderDied) {
				t.Errorf("got %+v\n%q, sheet %+v", r.Problems, r.Text, r.Sheets)
			}
		})
	}
}

func TestPagesThatTakeTooLongStayUnread(t *testing.T) {
	t.Parallel()
	c, e := newEyes(t, sandbox.Config{Children: 1})
	e.Patience = time.Nanosecond
	r := seen(t, c, e, pngFile(t, pagetest.Draw(pagetest.Letter, 100))).Readings[0]
	if !hasProblem(r, ingest.ProblemTooLarge) || !hasProblem(r, ingest.ProblemNoText) || r.Sheets[0].Read {
		t.Errorf("got %+v", r)
	}
}

// TestAPageThatKillsItsChildCostsItself has one picture of a submission that no child can draw in the memory it has.
func TestAPageThatKillsItsChildCostsItself(t *testing.T) {
	t.Parallel()
	c, e := newEyes(t, sandbox.Config{Children: 1, Memory: 160 << 20})
	heavy := image.NewRGBA64(image.Rect(0, 0, 6000, 6000)) // 288 MB unpacked, under the limit of pixels
	mail := mailWith("W załączeniu skany.", attached{"a.png", "image/png", []byte(pngFile(t, heavy))},
		attached{"b.png", "image/png", []byte(pngFile(t, pagetest.Draw(pagetest.Letter, 150)))})
	sub, open := submissionOf(mail)
	var contents ingest.Contents
	if unread, err := c.Examine(t.Context(), "examine", sub, open, &contents); err != nil || unread != nil {
		t.Fatalf("got %v, %v", unread, err)
	}
	contents, err := e.Read(t.Context(), sub, open, contents)
	if err != nil {
		t.Fatal(err)
	}
	if bad := contents.Readings[1]; !hasProblem(bad, ingest.ProblemReaderDied) || !hasProblem(bad, ingest.ProblemNoText) {
		t.Errorf("got %+v", bad.Problems)
	}
	if good := contents.Readings[2]; !strings.Contains(good.Text, "WYDANIE ZAŚWIADCZENIA") {
		t.Errorf("got %q, %+v", good.Text, good.Problems)
	}
}

// childTime is the processor time of the children of this process that have ended.
func childTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_CHILDREN, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkOCR reads eight pages, as one submission and by one plain tesseract a page, as many at a time as there are
// processors.
func BenchmarkOCR(b *testing.B) {
	page := pagetest.Spoiled(pagetest.Letter, pagetest.Clean)
	file := pngFile(b, page)
	const pages = 8
	report := func(b *testing.B, start time.Time, cpu time.Duration) {
		b.ReportMetric(float64(pages*b.N)/time.Since(start).Minutes(), "pages/min")
		b.ReportMetric((childTime()-cpu).Seconds()/float64(pages*b.N), "cpu-s/page") // says more on a busy machine
	}
	b.Run("okienko", func(b *testing.B) {
		c, e := newEyes(b, sandbox.Config{})
		files := make([]attached, pages)
		for i := range files {
			files[i] = attached{fmt.Sprintf("%d.png", i), "image/png", []byte(file)}
		}
		mail := mailWith("skany", files...)
		start, cpu := time.Now(), childTime()
		for b.Loop() {
			sub, open := submissionOf(mail)
			var contents ingest.Contents
			if unread, err := c.Examine(b.Context(), "examine", sub, open, &contents); err != nil || unread != nil {
				b.Fatalf("got %v, %v", unread, err)
			}
			if _, err := e.Read(b.Context(), sub, open, contents); err != nil {
				b.Fatal(err)
			}
		}
		_ = e.Pool.Close() // what its children used is counted once they have ended
		report(b, start, cpu)
	})
	b.Run("plain tesseract", func(b *testing.B) {
		start, cpu := time.Now(), childTime()
		for b.Loop() {
			slots := make(chan struct{}, runtime.GOMAXPROCS(0))
			for range pages {
				slots <- struct{}{}
				go func() { plainOCR(b, file); <-slots }()
			}
			for range cap(slots) {
				slots <- struct{}{}
			}
		}
		report(b, start, cpu)
	})
}
