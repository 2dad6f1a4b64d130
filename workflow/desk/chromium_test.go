package desk

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// browserTab is a tab of a real browser.
type browserTab struct {
	*world
	ctx context.Context
}

// void is an action without a value.
type void = chromedp.Action[chromedp.Void]

// chromium starts a browser of its own for a test. On a machine without it the test fails.
func (w *world) chromium(width, height int) browserTab {
	w.Helper()
	w.serve()
	program, err := exec.LookPath("chromium")
	if err != nil {
		w.Fatal("chromium is missing: apt-get install chromium")
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath(program), chromedp.NoSandbox,
		chromedp.DisableGPU, chromedp.Flag("disable-dev-shm-usage", true), chromedp.UserDataDir(w.TempDir()), chromedp.WindowSize(width, height))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	w.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	w.Cleanup(cancel)
	b := browserTab{w, ctx}
	b.do(chromedp.EmulateViewport(int64(width), int64(height))) // the first call starts the browser and bears no timeout
	b.ctx, cancel = context.WithTimeout(ctx, 2*time.Minute)
	w.Cleanup(cancel)
	return b
}

func (b browserTab) do(steps ...void) {
	b.Helper()
	b.must(chromedp.Do(b.ctx, steps...))
}

// open goes to a page and waits until it is there.
func (b browserTab) open(path string) {
	b.Helper()
	b.do(chromedp.Navigate(b.server.URL+path), chromedp.WaitVisible("main"))
}

// signIn signs in through the form, by keyboard.
func (b browserTab) signIn(name string) {
	b.Helper()
	b.open("/signin")
	b.do(chromedp.SendKeys("#name", name), chromedp.SendKeys("#password", password+kb.Enter), chromedp.WaitVisible(".queue"))
}

// scheme switches the preferred colour scheme.
func (b browserTab) scheme(name string) {
	b.Helper()
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}}})
	b.must(err)
}

// shoot keeps a picture of the page where OKIENKO_SCREENSHOTS names a directory.
func (b browserTab) shoot(name string) {
	b.Helper()
	dir := os.Getenv("OKIENKO_SCREENSHOTS")
	if dir == "" {
		return
	}
	picture, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	b.must(err)
	b.must(os.WriteFile(filepath.Join(dir, name+".png"), picture, 0o644))
}

// TestPictures opens the pages in a real browser at the size of a clerk's screen.
func TestPictures(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cases := w.morning()
	w.dress(cases)
	b := w.chromium(1440, 900)
	b.open("/signin")
	b.shoot("signin")
	b.signIn("admin")
	b.shoot("queue")
	for _, p := range []struct{ name, path string }{
		{"case-complete", casePath(cases[0].ID)}, {"case-lacking", casePath(cases[4].ID)}, {"case-scan", casePath(cases[1].ID)},
		{"case-mail", casePath(cases[5].ID)}, {"case-unsure", casePath(cases[13].ID)},
		{"call", casePath(cases[4].ID) + "/call"}, {"text", casePath(cases[0].ID) + "/documents/0/text"},
		{"sources", "/sources"}, {"users", "/users"}, {"user", "/users/anna"}, {"help", "/help"}, {"password", "/password"}, {"notfound", "/cases/4711"},
	} {
		b.open(p.path)
		b.shoot(p.name)
	}
	b.scheme("dark")
	b.open("/queue")
	b.shoot("dark-queue")
	b.open(casePath(cases[4].ID))
	b.shoot("dark-case")
	b.scheme("light")
	b.do(chromedp.EmulateViewport(360, 800))
	b.open(casePath(cases[4].ID))
	b.shoot("narrow-case")
	b.open("/queue")
	b.shoot("narrow-queue")
}
