package scan

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// Report is what Check found out.
type Report struct {
	Waiting    int      // files in the folder
	Unfinished int      // files that count only when they get another name, or bytes
	Warnings   []string // what works but should be looked at; English, one line each
}

// Check looks into the folder and whether files can be moved out of it, without taking any. The error says why Fetch would not
// work; the Report then holds what was found up to there.
func (s *Source) Check() (Report, error) {
	var r Report
	f := folder{cfg: s.cfg}
	v, err := f.look(time.Now())
	if err != nil {
		return r, fmt.Errorf("scan folder %q: %w", s.cfg.Name, err)
	}
	r.Waiting, r.Unfinished = len(v.ready)+v.settling, v.unfinished
	if err := writable(s.cfg.Folder); err != nil {
		return r, fmt.Errorf("scan folder %q: files cannot be moved out of folder: %w", s.cfg.Name, err)
	}
	done := s.cfg.DoneFolder
	if _, err := os.Stat(done); err != nil {
		done = filepath.Dir(done) // Fetch makes the folder, if its parent is there
	}
	if err := writable(done); err != nil {
		return r, fmt.Errorf("scan folder %q: done_folder: %w", s.cfg.Name, err)
	}
	if !sameDevice(s.cfg.Folder, done) {
		r.Warnings = append(r.Warnings, "done_folder is on another file system than folder: files are copied there instead of moved")
	}
	return r, nil
}

// writable makes and removes a file whose name nobody takes for a scan.
func writable(dir string) error {
	f, err := os.CreateTemp(dir, ".check-okienko-*.tmp")
	if err != nil {
		return plain(err)
	}
	f.Close()
	return os.Remove(f.Name())
}

func sameDevice(a, b string) bool {
	x, err1 := os.Stat(a)
	y, err2 := os.Stat(b)
	if err1 != nil || err2 != nil {
		return false
	}
	m, ok1 := x.Sys().(*syscall.Stat_t)
	n, ok2 := y.Sys().(*syscall.Stat_t)
	return !ok1 || !ok2 || m.Dev == n.Dev
}
