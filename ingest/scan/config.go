package scan

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"okienko/internal/bounds"
)

// Config describes one folder. The zero value of every optional field means its default.
type Config struct {
	Name   string `yaml:"name"`   // names the source and the site; never change it: lower-case letters, digits, "-"
	Place  string `yaml:"place"`  // the site in words, for people; default: Name
	Folder string `yaml:"folder"` // where the scanner writes; its sub-folders are not looked into
	// DoneFolder is where files go that are cases; on the same file system a move is one step. Default: zrobione in Folder.
	DoneFolder string `yaml:"done_folder"`

	// Separators: a file holds the letters of several envelopes, parted by separator sheets (an urn). Without, each file is one
	// letter (a counter).
	Separators bool `yaml:"separators"`

	Settle     time.Duration `yaml:"settle"`      // how long size and time of a file must not change; default: 10s
	EmptyAfter time.Duration `yaml:"empty_after"` // how long a file without bytes is waited for before it counts as one; default: 1h
	Poll       time.Duration `yaml:"poll"`        // between looks at the folder; default: 2s
	RetryMin   time.Duration `yaml:"retry_min"`   // first pause after a failure; doubles, with jitter; default: 1s
	RetryMax   time.Duration `yaml:"retry_max"`   // longest pause; default: 5m
}

// WithDefaults returns c with every zero field set to its default.
func (c Config) WithDefaults() Config {
	c.Place = cmp.Or(c.Place, c.Name)
	if c.Folder != "" {
		c.DoneFolder = cmp.Or(c.DoneFolder, filepath.Join(c.Folder, "zrobione"))
	}
	c.Settle = cmp.Or(c.Settle, 10*time.Second)
	c.EmptyAfter = cmp.Or(c.EmptyAfter, time.Hour)
	c.Poll = cmp.Or(c.Poll, 2*time.Second)
	c.RetryMin = cmp.Or(c.RetryMin, time.Second)
	c.RetryMax = cmp.Or(c.RetryMax, max(c.RetryMin, 5*time.Minute))
	return c
}

var nameForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)

// maxPlace bounds the words for a site: they stand in every letter and on every sheet.
const maxPlace = 100

// Validate reports every key that is wrong and what is allowed there, one a line. Defaults are applied first. It touches no
// file: Source.Check does.
func (c Config) Validate() error {
	c = c.WithDefaults()
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if !nameForm.MatchString(c.Name) {
		bad("name: %q: allowed are 1 to 40 lower-case letters, digits and hyphens", c.Name)
	}
	if len(c.Place) > maxPlace || strings.ContainsAny(c.Place, "\r\n") {
		bad("place: allowed is one line of at most %d bytes", maxPlace)
	}
	if !filepath.IsAbs(c.Folder) {
		bad("folder: %q: an absolute path is needed", c.Folder)
	}
	if c.Folder != "" && (!filepath.IsAbs(c.DoneFolder) || filepath.Clean(c.DoneFolder) == filepath.Clean(c.Folder)) {
		bad("done_folder: %q: an absolute path other than folder is needed", c.DoneFolder)
	}
	var limits bounds.Checks
	limits.Within("settle", c.Settle, 10*time.Millisecond, time.Hour)
	limits.Within("empty_after", c.EmptyAfter, c.Settle, 30*24*time.Hour)
	limits.Within("poll", c.Poll, 10*time.Millisecond, time.Hour)
	limits.Within("retry_min", c.RetryMin, time.Millisecond, time.Hour)
	limits.Within("retry_max", c.RetryMax, c.RetryMin, 24*time.Hour)
	return errors.Join(errors.Join(errs...), limits.Err())
}
