package desk

import (
	"cmp"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"okienko/ingest"
	"okienko/workflow"
)

// downloadOriginal hands over a file exactly as it arrived.
func (d *desk) downloadOriginal(v *visit) error {
	digest := ingest.Digest(v.PathValue("digest"))
	i := slices.IndexFunc(v.c.Submission.Originals, func(o ingest.Original) bool { return o.Digest == digest })
	if i < 0 {
		return workflow.ErrNotFound
	}
	f, err := d.Files.Original(v.Context(), v.c, digest)
	if err != nil {
		return err
	}
	return d.handOver(v, f, "oryginal-"+itoa(int64(i)))
}

// downloadDocument hands over a document from inside an original.
func (d *desk) downloadDocument(v *visit) error {
	id := v.PathValue("document")
	j, err := d.judgement(v)
	if err != nil {
		return err
	}
	r, ok := reading(j, id)
	if !ok {
		return workflow.ErrNotFound
	}
	f, err := d.Files.Document(v.Context(), v.c, id)
	if err != nil {
		return err
	}
	f.MediaType = cmp.Or(f.MediaType, r.Document.MediaType)
	return d.handOver(v, f, "dokument-"+id)
}

// handOver streams a file as an attachment, after writing down who took it. Its name is ours: the sender's may hold personal
// data, or anything else.
func (d *desk) handOver(v *visit, f File, what string) error {
	defer f.Body.Close()
	if err := d.seen(v.Context(), v, workflow.EventDownloaded, what); err != nil {
		return err
	}
	media, ending := neutralType(f.MediaType)
	v.attachment(media, strings.ReplaceAll(v.c.Number, "/", "-")+"_"+what+ending)
	if v.Method == http.MethodHead {
		return nil
	}
	if _, err := io.Copy(v.w, f.Body); err != nil {
		// The answer has begun: breaking the connection is the only way to say that it is not whole.
		d.Log.Error("desk: handing over a file", "case", v.c.ID, "what", what, "error", err)
		panic(http.ErrAbortHandler)
	}
	return nil
}

// attachment announces a file for keeping, not for showing.
func (v *visit) attachment(media, name string) {
	h := v.w.Header()
	h.Set("Content-Type", media)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	h.Set("Content-Security-Policy", filePolicy)
}

// endings are the media types worth telling a browser, with the file name endings they get. What is active in a browser (HTML,
// SVG, XML) is handed over as bytes.
var endings = map[string]string{
	"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png", "image/tiff": ".tif", "image/gif": ".gif",
	"image/heic": ".heic", "application/zip": ".zip", "message/rfc822": ".eml", "text/plain": ".txt",
	"application/msword": ".doc", "application/vnd.oasis.opendocument.text": ".odt",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":       ".xlsx",
}

// named are endings for what is handed over as bytes all the same.
var named = map[string]string{"text/html": ".html.txt", "application/xml": ".xml", "text/xml": ".xml", "image/svg+xml": ".svg.txt"}

func neutralType(declared string) (media, ending string) {
	base, _, err := mime.ParseMediaType(declared)
	if err == nil && endings[base] != "" {
		return base, endings[base]
	}
	if ending, ok := named[base]; ok {
		return "application/octet-stream", ending
	}
	return "application/octet-stream", ".bin"
}

func escapeQuery(s string) string { return url.QueryEscape(s) }

// textView is the whole text of one document.
type textView struct {
	workflow.Case
	CasePath string
	Name     string
	Segments []segment
	From     ingest.TextFrom
	Problems []string
	File     string
}

// showText shows what the reader made of a document, unmasked: here the clerk works on it.
func (d *desk) showText(v *visit) error {
	id := v.PathValue("document")
	j, err := d.judgement(v)
	if err != nil {
		return err
	}
	r, ok := reading(j, id)
	if !ok {
		return workflow.ErrNotFound
	}
	if err := d.seen(v.Context(), v, workflow.EventViewed, fmt.Sprintf("tekst dokumentu %s", id)); err != nil {
		return err
	}
	view := textView{Case: v.c, CasePath: casePath(v.c.ID), Name: r.Document.Name, From: r.TextFrom,
		Problems: v.t.problems(slices.Concat(r.Problems, j.Contents.Problems), id)}
	if view.Name == "" {
		view.Name = v.t.Case.LetterItself
	}
	view.Segments, _ = segments(id, r.Text, highlights(j, v.t), 0, false)
	if r.Document.Digest != "" {
		view.File = casePath(v.c.ID) + "/documents/" + url.PathEscape(id)
	}
	return d.show(v, screen{name: "text", title: v.c.Number, nav: "queue", body: view})
}
