package scan

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// folder remembers how the files in a directory looked, to tell which have come to rest. It is owned by Fetch.
type folder struct {
	cfg  Config
	seen map[string]sighting
}

// sighting is since when a file looks as it does, and how often taking it failed.
type sighting struct {
	info   fs.FileInfo
	since  time.Time
	failed int
}

// view is one look into the folder.
type view struct {
	ready      []candidate // those that failed least first, then oldest first
	settling   int         // files that must rest for a while
	unfinished int         // files under a writer's name for what is not finished, or without bytes
	oldest     time.Time   // since when the longest-waiting of the unfinished looks as it does; zero if there is none
}

func (v view) empty() bool { return len(v.ready)+v.settling+v.unfinished == 0 }

// candidate is a file that has come to rest.
type candidate struct {
	name string
	info fs.FileInfo
}

// look reads the directory. Whatever is no regular file (a sub-folder, a link) is nobody's letter.
func (f *folder) look(now time.Time) (view, error) {
	entries, err := os.ReadDir(f.cfg.Folder)
	if err != nil {
		return view{}, fmt.Errorf("reading the folder: %w", plain(err))
	}
	var v view
	seen := map[string]sighting{}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !info.Mode().IsRegular() || ignored(e.Name()) {
			continue // gone meanwhile, or no file
		}
		s := f.sight(e.Name(), info, now)
		seen[e.Name()] = s
		v.add(e.Name(), info, now.Sub(s.since) >= f.patience(info), s.since)
	}
	f.seen = seen
	slices.SortFunc(v.ready, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(seen[a.name].failed, seen[b.name].failed), a.info.ModTime().Compare(b.info.ModTime()), cmp.Compare(a.name, b.name))
	})
	return v, nil
}

func (v *view) add(name string, info fs.FileInfo, rested bool, since time.Time) {
	switch {
	case rested && !unfinished(name):
		v.ready = append(v.ready, candidate{name, info})
	case info.Size() > 0 && !unfinished(name):
		v.settling++
	default:
		v.unfinished++
		if v.oldest.IsZero() || since.Before(v.oldest) {
			v.oldest = since
		}
	}
}

func (f *folder) sight(name string, info fs.FileInfo, now time.Time) sighting {
	if s, ok := f.seen[name]; ok && same(s.info, info) {
		return s
	}
	return sighting{info: info, since: now}
}

// patience is how long a file must look the same. One without bytes is most likely one whose bytes are still to come.
func (f *folder) patience(info fs.FileInfo) time.Duration {
	if info.Size() == 0 {
		return f.cfg.EmptyAfter
	}
	return f.cfg.Settle
}

// restless has a file wait anew: somebody writes to it.
func (f *folder) restless(name string, now time.Time) {
	s := f.seen[name]
	s.since = now
	f.seen[name] = s
}

// failure has the others pass before a file that could not be taken.
func (f *folder) failure(name string) {
	s := f.seen[name]
	s.failed++
	f.seen[name] = s
}

// same reports whether a is the file b was, with nothing written since.
func same(a, b fs.FileInfo) bool {
	return os.SameFile(a, b) && a.Size() == b.Size() && a.ModTime().Equal(b.ModTime())
}

// unfinished recognises the names under which scanners, browsers and synchronisers write before they rename.
func unfinished(name string) bool {
	lower := strings.ToLower(name)
	switch filepath.Ext(lower) {
	case ".tmp", ".temp", ".part", ".partial", ".filepart", ".crdownload", ".download", ".writing", ".lock", ".swp":
		return true
	}
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~") || strings.HasSuffix(name, "~")
}

// ignored recognises what file managers leave behind.
func ignored(name string) bool {
	switch strings.ToLower(name) {
	case "thumbs.db", "desktop.ini", ".ds_store":
		return true
	}
	return false
}

// plain takes the name of a file out of an error: people name scans after people.
func plain(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return fmt.Errorf("%s: %w", path.Op, path.Err)
	case errors.As(err, &link):
		return fmt.Errorf("%s: %w", link.Op, link.Err)
	}
	return err
}
