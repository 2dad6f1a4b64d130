package scan

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// done is the folder of files that are cases.
type done struct{ from, to string }

// claimed begins the name of a file on its way to a done folder on another file system.
const claimed = ".okienko-"

// move puts a file that was taken into the done folder, under its digest and name: what it could overwrite there are the same
// bytes. If the file was replaced or written to since it was taken, it is put back and errRestless returned. It is durable when
// move returns.
func (d done) move(c candidate, b batch) error {
	if err := os.MkdirAll(d.to, 0o770); err != nil {
		return fmt.Errorf("making the done folder: %w", plain(err))
	}
	from, to := filepath.Join(d.from, c.name), filepath.Join(d.to, string(b.digest[:16])+"-"+c.name)
	err := d.rename(from, to, c)
	if errors.Is(err, syscall.EXDEV) {
		err = d.copy(from, to, c, b)
	}
	if err != nil {
		return fmt.Errorf("moving to the done folder: %w", plain(err))
	}
	return errors.Join(syncDir(d.to), syncDir(d.from))
}

// rename moves first and looks then: between looking and moving, a scanner could put another file under the name.
func (d done) rename(from, to string, c candidate) error {
	if err := os.Rename(from, to); err != nil {
		return err
	}
	info, err := os.Lstat(to)
	if err == nil && same(info, c.info) {
		return nil
	}
	return errors.Join(errRestless, err, giveBack(to, from))
}

// copy is rename to another file system. The file first gets a name no scanner uses, so that nothing can take its place.
func (d done) copy(from, to string, c candidate, b batch) error {
	mine := filepath.Join(d.from, claimed+c.name)
	if err := d.rename(from, mine, c); err != nil {
		return err
	}
	if err := d.write(to, b); err != nil {
		return errors.Join(err, giveBack(mine, from))
	}
	return os.Remove(mine)
}

// write makes a synced copy of what was taken.
func (d done) write(to string, b batch) (err error) {
	tmp, err := os.CreateTemp(d.to, claimed+"*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(tmp.Name()))
		}
	}()
	_, err = io.Copy(tmp, b.body())
	if err := errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	if err := os.Rename(tmp.Name(), to); err != nil {
		return err
	}
	return syncDir(d.to)
}

// giveBack returns a file to its name, unless another has it by now; then it gets a name beside it and is taken as a file of
// its own.
func giveBack(mine, name string) error {
	for i := 0; i < 100; i++ {
		to := name
		if i > 0 {
			to = fmt.Sprintf("%s.%d%s", strings.TrimSuffix(name, filepath.Ext(name)), i, filepath.Ext(name))
		}
		if _, err := os.Lstat(to); errors.Is(err, fs.ErrNotExist) {
			return os.Rename(mine, to)
		}
	}
	return errors.New("a file cannot be put back: every name for it is taken")
}

// recover gives back what a crash left between claiming and copying.
func (d done) recover() error {
	entries, err := os.ReadDir(d.from)
	if err != nil {
		return fmt.Errorf("reading the folder: %w", plain(err))
	}
	var errs []error
	for _, e := range entries {
		if name, ok := strings.CutPrefix(e.Name(), claimed); ok && e.Type().IsRegular() {
			errs = append(errs, plain(giveBack(filepath.Join(d.from, e.Name()), filepath.Join(d.from, name))))
		}
	}
	return errors.Join(errs...)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return plain(err)
	}
	return errors.Join(d.Sync(), d.Close())
}
