package desk

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
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
	b.ctx, cancel = context.WithTimeout(ctx, 5*time.Minute)
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

// result is the value of a script in the page.
func result[T any](b browserTab, script string) T {
	b.Helper()
	value, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](script))
	b.must(err)
	return value
}

// complaints collects what a browser complains about while pages are shown: scripts that failed, what the policy blocked,
// requests to other hosts, parts of a page that did not come.
type complaints struct {
	mu   sync.Mutex
	list []string
}

func (b browserTab) complaints() *complaints {
	b.Helper()
	c := &complaints{}
	b.must(chromedp.Listen(b.ctx, func(event any) { c.hear(b.server.URL, event) }))
	return c
}

func (c *complaints) hear(home string, event any) {
	text := ""
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		text = "a script failed: " + e.ExceptionDetails.Text
	case *runtime.EventConsoleAPICalled:
		text = "the console says something: " + string(e.Type)
	case *log.EventEntryAdded:
		// Statuses are looked at below, since a page may well be a 404; what is verbose is advice.
		if e.Entry.Source != log.EntrySourceNetwork && e.Entry.Level != log.EntryLevelVerbose {
			text = string(e.Entry.Source) + ": " + e.Entry.Text
		}
	case *network.EventRequestWillBeSent:
		if !strings.HasPrefix(e.Request.URL, home+"/") && !strings.HasPrefix(e.Request.URL, "data:") {
			text = "a request to " + e.Request.URL
		}
	case *network.EventResponseReceived:
		if e.Response.Status >= 500 || e.Response.Status >= 400 && e.Type != network.ResourceTypeDocument {
			text = fmt.Sprintf("%s answered %d", e.Response.URL, e.Response.Status)
		}
	}
	if text != "" {
		c.mu.Lock()
		c.list = append(c.list, text)
		c.mu.Unlock()
	}
}

// taken returns the complaints since it was asked last.
func (c *complaints) taken() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := c.list
	c.list = nil
	return list
}
