package desk

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"okienko/ingest"
	"okienko/workflow"
)

// TestOriginalsAreHandedOverAsTheyCame and as attachments: no browser shows them inside the desk's origin.
func TestOriginalsAreHandedOverAsTheyCame(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f := registrationLacking()
	f.channel, f.text = ingest.Email, f.text+"<script>alert(1)</script>\x00\xff"
	c := w.take(f)
	o := c.Submission.Originals[0]
	p := w.as("anna").get(casePath(c.ID) + "/originals/" + string(o.Digest))
	if p.status != http.StatusOK || int64(len(p.body)) != o.Size || ingest.DigestOf([]byte(p.body)) != o.Digest {
		t.Errorf("status %d, %d bytes with digest %s; it came as %d with %s", p.status, len(p.body), ingest.DigestOf([]byte(p.body)), o.Size, o.Digest)
	}
	wantHeaders(t, "the original", p, map[string]string{
		"Content-Type": "message/rfc822", "Content-Disposition": "attachment; filename=RPW-1-2026_oryginal-0.eml"})
	events := w.events(c.ID)
	if last := events[len(events)-1]; last.Kind != workflow.EventDownloaded || last.Actor != "anna" || last.Detail != "oryginal-0" {
		t.Errorf("the last event is %s by %s: %q", last.Kind, last.Actor, last.Detail)
	}
}

func wantHeaders(t *testing.T, what string, p answered, want map[string]string) {
	t.Helper()
	for header, value := range map[string]string{"X-Content-Type-Options": "nosniff", "Content-Security-Policy": filePolicy, "Cache-Control": "no-store"} {
		want[header] = value
	}
	for header, value := range want {
		if got := p.header.Get(header); got != value {
			t.Errorf("%s: %s is %q, want %q", what, header, got, value)
		}
	}
}

// TestWhatIsActiveInABrowserIsHandedOverAsBytes, whatever the sender called it.
func TestWhatIsActiveInABrowserIsHandedOverAsBytes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f := registrationLacking()
	f.papers = nil
	cases := []struct{ media, contentType, ending string }{
		{"application/pdf", "application/pdf", ".pdf"},
		{"image/jpeg", "image/jpeg", ".jpg"},
		{"text/plain; charset=utf-8", "text/plain", ".txt"},
		{"text/html", "application/octet-stream", ".html.txt"},
		{"text/html; charset=utf-7", "application/octet-stream", ".html.txt"},
		{"image/svg+xml", "application/octet-stream", ".svg.txt"},
		{"application/xml", "application/octet-stream", ".xml"},
		{"application/xhtml+xml", "application/octet-stream", ".bin"},
		{"text/javascript", "application/octet-stream", ".bin"},
		{"", "application/octet-stream", ".bin"},
	}
	for i, tt := range cases {
		f.papers = append(f.papers, paper{name: fmt.Sprintf("../../%d\r\nSet-Cookie: a=b.html", i), media: tt.media, text: "<h1>Cześć</h1>" + itoa(int64(i))})
	}
	c := w.take(f)
	anna := w.as("anna")
	for i, tt := range cases {
		id := string(rune('1' + i))
		p := anna.get(casePath(c.ID) + "/documents/" + escapeQuery(id))
		if p.status != http.StatusOK || p.body != string(f.papers[i].bytes()) {
			t.Errorf("%q: status %d, body %q", tt.media, p.status, p.body)
		}
		wantHeaders(t, tt.media, p, map[string]string{"Content-Type": tt.contentType})
		if got := p.header.Get("Content-Disposition"); !strings.HasPrefix(got, "attachment; filename") || !strings.Contains(got, "RPW-1-2026_dokument-") || !strings.Contains(got, tt.ending) {
			t.Errorf("%q: %s", tt.media, got)
		}
		if strings.Contains(fmt.Sprint(p.header), "a=b") {
			t.Errorf("%q: the sender's name for the file is in the headers: %v", tt.media, p.header)
		}
	}
}

// TestFilesOfOtherCasesAreNone: a digest names bytes, and the desk hands over those of the case only.
func TestFilesOfOtherCasesAreNone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mine, other := w.take(registrationNumber("1")), w.take(filings()[3]) // other lies on another desk
	anna := w.as("anna")
	for _, path := range []string{
		"/originals/" + string(other.Submission.Originals[0].Digest), "/originals/" + string(ingest.DigestOf(nil)), "/originals/..%2f..%2fetc",
		"/documents/9", "/documents/0.1", "/documents/..%2f0", "/documents/9/text",
	} {
		if p := anna.get(casePath(mine.ID) + path); p.status != http.StatusNotFound {
			t.Errorf("%s: status %d", path, p.status)
		}
	}
	if p := anna.get(casePath(other.ID) + "/originals/" + string(other.Submission.Originals[0].Digest)); p.status != http.StatusNotFound {
		t.Errorf("the original of another desk's case: status %d", p.status)
	}
}

// TestAFileThatBreaksOffLooksBroken: half a document must not pass for a whole one.
func TestAFileThatBreaksOffLooksBroken(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(d *Deps) { d.Files = brokenFiles{d.Files} })
	c := w.take(registrationLacking())
	anna := w.as("anna")
	res, err := anna.client.Get(w.server.URL + casePath(c.ID) + "/documents/1")
	w.must(err)
	defer res.Body.Close()
	if body, err := io.ReadAll(res.Body); err == nil {
		t.Errorf("%d bytes came and nothing said that there are more", len(body))
	}
}

// brokenFiles fails in the middle of every document.
type brokenFiles struct{ Files }

type brokenBody struct {
	io.Reader
	io.Closer
}

func (f brokenFiles) Document(ctx context.Context, c workflow.Case, id string) (File, error) {
	file, err := f.Files.Document(ctx, c, id)
	file.Body = brokenBody{io.MultiReader(bytes.NewReader(make([]byte, 100_000)), failing{}), file.Body}
	return file, err
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
