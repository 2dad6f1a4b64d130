package read

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"okienko/ingest"
	"okienko/ingest/sandbox"
)

// fragile is a handler that reads like the real one and dies at each document whose text says how.
func fragile(r *Reader) sandbox.Handler {
	return func(ctx context.Context, c *sandbox.Call) (any, error) {
		req, originals, err := open(c)
		if err != nil {
			return nil, err
		}
		w := newWalker(r, req, c.Note, true)
		w.ctx = ctx
		r.formats["text/csv"] = func(w *walker, at int, it item) {
			switch text := string(it.file.data); {
			case strings.HasPrefix(text, "exit"):
				os.Exit(9)
			case strings.HasPrefix(text, "hang"):
				select {}
			}
			readPlain(w, at, it)
		}
		w.originals(originals)
		w.finish()
		return w.contents(), nil
	}
}

func newClient(t *testing.T, timeout time.Duration) Client {
	t.Helper()
	p, err := sandbox.NewPool(sandbox.Config{Command: []string{"", "sandbox-child", cacheDir()}, Children: 1, Timeout: timeout})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return Client{p}
}

// submissionOf makes a submission of originals that lie in memory.
func submissionOf(bodies ...string) (ingest.Submission, Opener) {
	byDigest := map[ingest.Digest]string{}
	var sub ingest.Submission
	for i, b := range bodies {
		d := ingest.DigestOf([]byte(b))
		byDigest[d] = b
		o := ingest.Original{Role: "attachment", Name: "plik.csv", MediaType: "text/csv", Digest: d, Size: int64(len(b))}
		if i == 0 {
			o = ingest.Original{Role: "body", Name: "message.eml", MediaType: "message/rfc822", Digest: d, Size: int64(len(b))}
		}
		sub.Originals = append(sub.Originals, o)
	}
	return sub, func(_ context.Context, d ingest.Digest) (io.ReadSeekCloser, error) {
		b, ok := byDigest[d]
		if !ok {
			return nil, os.ErrNotExist
		}
		return readSeekNopCloser{strings.NewReader(b)}, nil
	}
}

type readSeekNopCloser struct{ io.ReadSeeker }

func (readSeekNopCloser) Close() error { return nil }

const smallMail = "From: Jan Kowalski <jan@poczta.example>\r\nSubject: dwa pliki\r\n\r\nPrzesyłam dwa pliki.\r\n"

func TestADeadChildCostsOneDocument(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		bodies []string
		dead   map[string]bool
	}{
		{"nothing dies", []string{smallMail, "a;b", "c;d"}, nil},
		{"one document crashes the reader", []string{smallMail, "a;b", "exit", "c;d"}, map[string]bool{"2": true}},
		{"one document hangs", []string{smallMail, "hang", "c;d"}, map[string]bool{"1": true}},
		{"two documents crash it", []string{smallMail, "exit", "a;b", "exit 2"}, map[string]bool{"1": true, "3": true}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			sub, open := submissionOf(tt.bodies...)
			var got ingest.Contents
			unread, err := newClient(t, 2*time.Second).Examine(t.Context(), "fragile", sub, open, &got)
			if err != nil || unread != nil {
				t.Fatalf("got %v, %v", unread, err)
			}
			if len(got.Readings) != len(tt.bodies) || !strings.Contains(got.Readings[0].Text, "dwa pliki") {
				t.Fatalf("got %d documents, want %d with the letter first", len(got.Readings), len(tt.bodies))
			}
			for _, r := range got.Readings {
				if dead := hasProblem(r, ingest.ProblemReaderDied); dead != tt.dead[r.Document.ID] {
					t.Errorf("document %s: reader_died is %v", r.Document.ID, dead)
				} else if !dead && r.Text == "" {
					t.Errorf("document %s is not read", r.Document.ID)
				}
			}
		})
	}
}

func TestASubmissionThatKillsEveryChildIsStillListed(t *testing.T) {
	t.Parallel()
	bodies := []string{smallMail}
	for range maxAttempts + 1 {
		bodies = append(bodies, "exit"+strings.Repeat("!", len(bodies)))
	}
	sub, open := submissionOf(bodies...)
	var got ingest.Contents
	unread, err := newClient(t, 5*time.Second).Examine(t.Context(), "fragile", sub, open, &got)
	if err != nil || unread == nil {
		t.Fatalf("got %v, %v; want Contents that say the reader died", unread, err)
	}
	if len(unread.Readings) != len(bodies) || unread.Problems[0].Code != ingest.ProblemReaderDied || len(got.Readings) != 0 {
		t.Errorf("got %+v", unread)
	}
	if d := unread.Readings[0].Document; d.Name != "message.eml" || !d.Digest.Valid() {
		t.Errorf("got %+v", d)
	}
}

func TestWhatIsNotTheFaultOfTheSubmissionIsAnError(t *testing.T) {
	t.Parallel()
	sub, _ := submissionOf(smallMail)
	gone := errors.New("evidence unreachable")
	_, err := newClient(t, time.Minute).Examine(t.Context(), "examine", sub,
		func(context.Context, ingest.Digest) (io.ReadSeekCloser, error) { return nil, gone }, nil)
	if err == nil || !strings.Contains(err.Error(), gone.Error()) {
		t.Errorf("got %v, want %v", err, gone)
	}
}

func TestOneDocumentComesBackWhole(t *testing.T) {
	t.Parallel()
	inner := zipOf(t, zipEntry{name: "umowa.txt", data: []byte("treść umowy")}, zipEntry{name: "wykaz.csv", data: []byte("a;b")})
	mail := "From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nw zał.\r\n--x\r\n" +
		"Content-Type: application/zip; name=dok.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n" + encode64(inner) + "\r\n--x--\r\n"
	sub, open := submissionOf(mail, "x;y")
	c := newClient(t, time.Minute)
	for id, want := range map[string]string{"1": string(inner), "1.1": "treść umowy", "1.2": "a;b", "2": "x;y"} {
		var out bytes.Buffer
		if err := c.Extract(t.Context(), "extract", sub, id, open, &out); err != nil || out.String() != want {
			t.Errorf("document %s: got %q, %v", id, out.String(), err)
		}
	}
	for _, id := range []string{"0", "7", "1.3", ""} {
		var out bytes.Buffer
		if err := c.Extract(t.Context(), "extract", sub, id, open, &out); err == nil || out.Len() > 0 {
			t.Errorf("document %q: got %q, want an error", id, out.String())
		}
	}
}

func TestAPDFIsReadInAConfinedChild(t *testing.T) {
	t.Parallel()
	pdf := pdfOf("Umowa najmu lokalu", "Zażółć gęślą jaźń")
	mail := "From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nw zał.\r\n--x\r\n" +
		"Content-Type: application/pdf; name=umowa.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n" + encode64(pdf) + "\r\n--x--\r\n"
	sub, open := submissionOf(mail)
	p, err := sandbox.NewPool(sandbox.Config{Command: []string{"", "sandbox-child", t.TempDir()}, Children: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	// The cache is empty: the first child starts without the PDF engine and is replaced once it is compiled.
	for range 2 {
		var got ingest.Contents
		if unread, err := (Client{p}).Examine(t.Context(), "examine", sub, open, &got); err != nil || unread != nil {
			t.Fatalf("got %v, %v", unread, err)
		}
		if r := got.Readings[1]; r.Pages != 2 || !strings.Contains(r.Text, "gęślą jaźń") || r.TextFrom != ingest.TextEmbedded {
			t.Errorf("got %+v", r)
		}
	}
}

// The attachments of an ePUAP letter are found when one of them alone is asked for.
func TestExtractFromAnEPUAPLetter(t *testing.T) {
	t.Parallel()
	doc := `<?xml version="1.0"?><Dokument><TrescDokumentu><Zalaczniki><Zalacznik nazwaPliku="a.txt"><DaneZalacznika>` +
		encode64([]byte("treść")) + `</DaneZalacznika></Zalacznik></Zalaczniki></TrescDokumentu></Dokument>`
	sub, open := submissionOf(doc)
	sub.Originals[0].Name, sub.Originals[0].MediaType = "pismo.xml", "application/xml"
	var out bytes.Buffer
	if err := newClient(t, time.Minute).Extract(t.Context(), "extract", sub, "1", open, &out); err != nil || out.String() != "treść" {
		t.Errorf("got %q, %v", out.String(), err)
	}
}
