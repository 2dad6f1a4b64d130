package api

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"okienko/ingest"
	"okienko/workflow"
	"okienko/workflow/report"
)

// manifest.json is the first file of a package: what is in it and what each file is.
type manifest struct {
	Format string      `json:"format"` // "okienko-package/1"
	Made   time.Time   `json:"made_at"`
	Case   caseView    `json:"case"`
	Files  []packed    `json:"files"`
	Events []eventView `json:"events"`
}

// packed is one file of a package.
type packed struct {
	Path      string        `json:"path"`
	Role      string        `json:"role"` // original, proof, report or letters
	Name      string        `json:"name,omitempty"`
	MediaType string        `json:"media_type"`
	SHA256    ingest.Digest `json:"sha256"`
	Bytes     int64         `json:"bytes"`

	open func() (io.ReadCloser, error)
}

// downloadPackage hands a case over as a ZIP: the manifest, the originals as they arrived, the report on them, the letters sent,
// and the proofs of their delivery.
func (a *api) downloadPackage(c *call) error {
	found, err := a.theCase(c)
	if err != nil {
		return err
	}
	m, err := a.pack(c, found)
	if err != nil {
		return err
	}
	if err := a.seen(c, found.ID, workflow.EventDownloaded, "paczka"); err != nil {
		return err
	}
	c.attach("application/zip", fileName(found)+".zip")
	a.stream(c, found.ID, m.write)
	return nil
}

func (a *api) pack(c *call, found workflow.Case) (manifest, error) {
	m := manifest{Format: "okienko-package/1", Made: a.Now().UTC(), Case: viewCase(found), Events: []eventView{}}
	for i, o := range found.Submission.Originals {
		m.add(packed{Path: fmt.Sprintf("originals/%02d", i), Role: "original", Name: o.Name, MediaType: o.MediaType, SHA256: o.Digest, Bytes: o.Size,
			open: a.opener(c, o.Digest)})
	}
	proofs, err := a.Records.CaseProofs(c.Context(), found.ID)
	if err != nil {
		return m, err
	}
	for i, p := range proofs {
		m.add(packed{Path: fmt.Sprintf("proofs/%02d", i), Role: "proof", Name: p.Kind, MediaType: "application/octet-stream", SHA256: p.Digest, Bytes: p.Bytes,
			open: a.opener(c, p.Digest)})
	}
	events, err := a.Records.Events(c.Context(), found.ID)
	if err != nil {
		return m, err
	}
	for _, e := range events {
		m.Events = append(m.Events, viewEvent(e))
	}
	return m, a.packRecords(c, found, &m)
}

// packRecords adds what Okienko itself says: the report, once the case was judged, and the letters.
func (a *api) packRecords(c *call, found workflow.Case, m *manifest) error {
	j, err := a.Records.Judgement(c.Context(), found.ID)
	if err == nil {
		err = m.addJSON("report.json", "report", report.New(found.Number, found.Submission.Channel, j))
	}
	if err != nil && !errors.Is(err, workflow.ErrNotFound) {
		return err
	}
	letters, err := a.Records.CaseLetters(c.Context(), found.ID)
	if err != nil {
		return err
	}
	return m.addJSON("letters.json", "letters", viewLetters(letters))
}

func (a *api) opener(c *call, d ingest.Digest) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) { return a.Open(c.Context(), d) }
}

func (m *manifest) add(f packed) { m.Files = append(m.Files, f) }

func (m *manifest) addJSON(path, role string, v any) error {
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	m.add(packed{Path: path, Role: role, MediaType: "application/json", SHA256: ingest.DigestOf(data), Bytes: int64(len(data)),
		open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }})
	return nil
}

// write is stored, not compressed: what residents send mostly is compressed, and the digests can be compared in place.
func (m manifest) write(w io.Writer) error {
	z := zip.NewWriter(w)
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	first := packed{Path: "manifest.json", open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(text)), nil }}
	for _, f := range append([]packed{first}, m.Files...) {
		if err := f.writeTo(z, m.Made); err != nil {
			return fmt.Errorf("%s: %w", f.Path, err)
		}
	}
	return z.Close()
}

func (f packed) writeTo(z *zip.Writer, at time.Time) error {
	body, err := f.open()
	if err != nil {
		return err
	}
	defer body.Close()
	w, err := z.CreateHeader(&zip.FileHeader{Name: f.Path, Method: zip.Store, Modified: at})
	if err != nil {
		return err
	}
	_, err = io.Copy(w, body)
	return err
}
