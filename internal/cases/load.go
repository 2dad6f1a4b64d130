package cases

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"okienko/ingest"
)

// Load reads every case below dir, oldest first, and what a case belongs to always before it. A case is a directory with a
// case.yaml or a want.json beside its original, or an entry of a *.yaml list whose message is written out. The error names
// the file.
func Load(dir string) ([]Case, error) {
	var all []Case
	for pattern, read := range map[string]func(string) ([]Case, error){
		"*/case.yaml": readLabelled, "*/want.json": readStory, "*.yaml": readWritten,
	} {
		paths, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			return nil, err
		}
		for _, path := range paths {
			some, err := read(path)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", path, err)
			}
			all = append(all, some...)
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s: no cases: expected */case.yaml, */want.json or *.yaml lists of cases", dir)
	}
	return ordered(all)
}

// ordered sorts by arrival; a case comes after the one it belongs to, whatever the dates say.
func ordered(all []Case) ([]Case, error) {
	byID := map[string]*Case{}
	for i := range all {
		if byID[all[i].ID] != nil {
			return nil, fmt.Errorf("case %q is there twice", all[i].ID)
		}
		byID[all[i].ID] = &all[i]
	}
	for i := range all {
		if target := byID[all[i].Target()]; target != nil && !target.Received.Before(all[i].Received) {
			all[i].Received = target.Received.Add(time.Hour)
		}
	}
	slices.SortFunc(all, func(a, b Case) int { return cmp.Or(a.Received.Compare(b.Received), cmp.Compare(a.ID, b.ID)) })
	return all, nil
}

// originals are the names the original of a case may have.
var originals = []string{"submission.eml", "submission.xml", "message.eml", "document.xml", "scan-01.*"}

func readLabelled(path string) ([]Case, error) {
	var c Case
	if err := decodeYAML(path, &c.Label); err != nil {
		return nil, err
	}
	err := c.readOriginal(filepath.Dir(path))
	return []Case{c}, err
}

func decodeYAML(path string, into any) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	if err := d.Decode(into); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

// readStory reads a want.json: the same label with a few other names.
func readStory(path string) ([]Case, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var raw map[string]any
	if err := json.Unmarshal(data, &raw); err != nil {
		return nil, err
	}
	raw["attachments_present"], raw["id"] = raw["attachments"], filepath.Base(filepath.Dir(path))
	if raw["nature"] != "submission" {
		raw["procedure"] = None
	}
	received, err := time.Parse(time.RFC3339, fmt.Sprint(raw["received"]))
	if err != nil {
		return nil, fmt.Errorf("key received: %w", err)
	}
	relabelled, err := yaml.Marshal(raw)
	if err != nil {
		return nil, err
	}
	c := Case{}
	if err := yaml.Unmarshal(relabelled, &c.Label); err != nil {
		return nil, err
	}
	if err := c.readOriginal(filepath.Dir(path)); err != nil {
		return nil, err
	}
	c.Received = received.UTC()
	return []Case{c}, nil
}

// readOriginal reads the one original of a case's directory, and when it arrived.
func (c *Case) readOriginal(dir string) error {
	for _, name := range originals {
		paths, err := filepath.Glob(filepath.Join(dir, name))
		if err != nil || len(paths) == 0 {
			continue
		}
		c.Name = filepath.Base(paths[0])
		if c.Body, err = os.ReadFile(paths[0]); err != nil {
			return err
		}
		c.Received, err = arrival(dir, c.Channel, c.Body)
		return err
	}
	return fmt.Errorf("no original beside it: expected one of %s", strings.Join(originals, ", "))
}

// undated is the day of what bears no date of arrival, such as a scan.
var undated = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

func arrival(dir string, channel ingest.Channel, body []byte) (time.Time, error) {
	switch channel {
	case ingest.Email:
		m, err := mail.ReadMessage(bytes.NewReader(body))
		if err != nil {
			return time.Time{}, err
		}
		if at, err := m.Header.Date(); err == nil {
			return at.UTC(), nil
		}
	case ingest.EPUAP:
		var meta struct {
			Sent time.Time `yaml:"dataNadania"`
		}
		data, err := os.ReadFile(filepath.Join(dir, "epuap.yaml"))
		if err == nil && yaml.Unmarshal(data, &meta) == nil && !meta.Sent.IsZero() {
			return meta.Sent.UTC(), nil
		}
	}
	return undated, nil
}
