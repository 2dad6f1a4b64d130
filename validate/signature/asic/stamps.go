package asic

import (
	"io"
	"strings"

	"okienko/validate/signature/cms"
	"okienko/validate/signature/sig"
)

// stamp is a time-stamp of the container and the files it proves.
type stamp struct {
	token  sig.Timestamp
	covers map[string]bool
}

// stamps verifies the time-stamp files (EN 319 162-1 section 4.4.4): each is over a manifest that names it, and so over every
// unchanged file the manifest lists.
func (c *container) stamps(opt Options) []stamp {
	var all []stamp
	for _, e := range c.entries {
		if !inMeta(e.name) || !strings.HasSuffix(strings.ToLower(e.name), ".tst") || len(all) >= maxStamps {
			continue
		}
		man, entries, err := c.manifestFor(e.name, opt)
		if err != nil || man == nil {
			continue
		}
		s := stamp{covers: map[string]bool{man.name: true}, token: cms.Token("container", e.bytes, func(w io.Writer) error {
			_, err := w.Write(man.bytes)
			return err
		})}
		for _, r := range entries {
			s.covers[r.URI] = r.Intact
		}
		all = append(all, s)
	}
	return all
}

const maxStamps = 50

// attach gives the signatures of one file the time-stamps that prove the file.
func attach(found []*sig.Signature, file string, stamps []stamp) {
	for _, t := range stamps {
		if !t.covers[file] {
			continue
		}
		for _, s := range found {
			s.Timestamps = append(s.Timestamps, t.token)
		}
	}
}
