package main

import (
	"context"
	"fmt"
	"io"
	"mime/quotedprintable"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"okienko/ingest"
	"okienko/internal/loopback"
	"okienko/workflow"
)

// TestAResidentsSupplement walks the whole way in a real browser: a complaint in a neighbour's name comes by mail, the program
// asks for her consent, the resident opens the page with the code of that letter, sees what is missing and sends a file,
// and it is a case of its own that has joined the first one, on its desk.
func TestAResidentsSupplement(t *testing.T) {
	t.Parallel()
	for name, database := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t, database(t))
			address := o.openPage(t)
			o.deliver(t, "skarga-za-sasiadke")
			o.workOff(t)
			code := pageCode(t, o, address)
			stop := o.servePage(t, address)
			number := sendInBrowser(t, address, code)
			supplement := o.joined(t, number)
			stop()
			first := o.byStory(t, supplement.Parent)
			if supplement.Route.Desk != first.Route.Desk || supplement.Status != workflow.StatusOpen || supplement.Reply != workflow.ReplyNone {
				t.Errorf("the supplement is %s on desk %s (the case on %s), reply %s", supplement.Status, supplement.Route.Desk, first.Route.Desk, supplement.Reply)
			}
			if err := balanced(t.Context(), o.open(t)); err != nil {
				t.Error(err)
			}
			if n := len(o.sink.Messages()); n != 1 {
				t.Errorf("%d letters were sent, want the one about the complaint", n)
			}
		})
	}
}

// openPage gives the office a page for residents and returns its address.
func (o *office) openPage(t *testing.T) string {
	t.Helper()
	port, err := loopback.FreePort()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(o.config)
	if err != nil {
		t.Fatal(err)
	}
	listen := fmt.Sprintf("127.0.0.1:%d", port)
	changed := strings.Replace(string(text), "    - workers\n", "    - workers\n    - resident\n", 1) +
		fmt.Sprintf("resident:\n    listen: %s\n    uploads: true\n", listen)
	writeFile(t, o.config, []byte(changed))
	return "http://" + listen
}

var pageCodeForm = regexp.MustCompile(`Kod strony: (\S{3}-\S{4} \S{4}-\S{4}-\S{4})`)

// pageCode reads the code out of the letter that was sent.
func pageCode(t *testing.T, o *office, address string) string {
	t.Helper()
	messages := o.sink.Messages()
	if len(messages) != 1 {
		t.Fatalf("%d letters were sent, want 1", len(messages))
	}
	_, body, _ := strings.Cut(string(messages[0].Raw), "\r\n\r\n")
	text, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(body)))
	if err != nil {
		t.Fatal(err)
	}
	found := pageCodeForm.FindSubmatch(text)
	if found == nil || !strings.Contains(string(text), address) {
		t.Fatalf("the letter names no page:\n%s", text)
	}
	return string(found[1])
}

// servePage runs the program until the returned function is called, and waits until the page answers.
func (o *office) servePage(t *testing.T, address string) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cmd := exec.CommandContext(ctx, program(t), "serve", "--config", o.config)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	stopped := false
	stop = func() {
		if !stopped {
			stopped = true
			cancel()
			_ = cmd.Wait() // the interrupt is its end
		}
	}
	t.Cleanup(stop)
	until(t, "the page answers", func() bool {
		res, err := http.Get(address)
		if err == nil {
			res.Body.Close()
		}
		return err == nil && res.StatusCode == http.StatusOK
	})
	return stop
}

func until(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(90 * time.Second); !done(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within 90 s", what)
		}
	}
}

// sendInBrowser opens the page in Chromium, sends a file and returns the number the page thanks with.
func sendInBrowser(t *testing.T, address, code string) string {
	t.Helper()
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal("chromium is missing: apt-get install chromium")
	}
	proxy := filepath.Join(t.TempDir(), "zgoda.txt")
	writeFile(t, proxy, []byte("ZGODA\nZgadzam się, by sąsiad złożył skargę w moim imieniu."))
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(chromium), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("disable-dev-shm-usage", true), chromedp.UserDataDir(t.TempDir()))...)
	defer cancel()
	ctx, cancel = chromedp.NewContext(ctx)
	defer cancel()
	do := func(steps ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		if err := chromedp.Do(ctx, steps...); err != nil {
			t.Fatal(err)
		}
	}
	do(chromedp.Navigate(address + "/?lang=pl"))
	do(chromedp.SendKeys("#code", code+"\r"), chromedp.WaitVisible("#file"))
	at, err := chromedp.Run(ctx, chromedp.Evaluate[string](`location.href + " " + document.querySelector("ol").innerText`))
	if err != nil || strings.Contains(at, code[:8]) || !strings.Contains(strings.ToLower(at), "zgoda") {
		t.Errorf("the page at %q (%v): want the neighbour's consent, and no code in the address", at, err)
	}
	do(chromedp.SetUploadFiles("#file", []string{proxy}), chromedp.Click(".upload button"), chromedp.WaitVisible("[role=status] strong"))
	number, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.querySelector("[role=status] strong").innerText`))
	if err != nil {
		t.Fatal(err)
	}
	return number
}

// joined waits until the supplement is judged, and returns it.
func (o *office) joined(t *testing.T, number string) (c workflow.Case) {
	t.Helper()
	s := o.open(t)
	until(t, "the supplement is judged", func() bool {
		cases, err := allCases(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		for _, summary := range cases {
			if summary.Number == number {
				c = summary.Case
			}
		}
		return c.Stage == workflow.StageDone
	})
	if c.Submission.Channel != ingest.Page || c.Parent == 0 {
		t.Fatalf("%s came by %s and belongs to case %d", number, c.Submission.Channel, c.Parent)
	}
	return c
}

func (o *office) byStory(t *testing.T, id workflow.CaseID) workflow.Case {
	t.Helper()
	c, err := o.open(t).Case(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
