package api

import (
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"okienko/ingest"
	"okienko/workflow"
)

// downloadOriginal hands over a file exactly as it arrived.
func (a *api) downloadOriginal(c *call) error {
	found, err := a.theCase(c)
	if err != nil {
		return err
	}
	digest := ingest.Digest(c.PathValue("digest"))
	i := slices.IndexFunc(found.Submission.Originals, func(o ingest.Original) bool { return o.Digest == digest })
	if i < 0 {
		return workflow.ErrNotFound
	}
	body, err := a.Open(c.Context(), digest)
	if err != nil {
		return err
	}
	defer body.Close()
	if err := a.seen(c, found.ID, workflow.EventDownloaded, "oryginal-"+strconv.Itoa(i)); err != nil {
		return err
	}
	c.attach("application/octet-stream", fileName(found)+"_oryginal-"+strconv.Itoa(i))
	a.stream(c, found.ID, func(w io.Writer) error { _, err := io.Copy(w, body); return err })
	return nil
}

// attach announces a file. Its name is ours: the sender's may be anything.
func (c *call) attach(mediaType, name string) {
	h := c.w.Header()
	h.Set("Content-Type", mediaType)
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
}

func fileName(c workflow.Case) string { return strings.ReplaceAll(c.Number, "/", "-") }

// stream sends the body. Once it has begun, breaking the connection is the only way to say that it is not whole.
func (a *api) stream(c *call, id workflow.CaseID, write func(io.Writer) error) {
	if err := write(c.w); err != nil {
		a.Log.Error("api: handing over files", "case", id, "error", err)
		panic(http.ErrAbortHandler)
	}
}
