package fetch

import (
	"fmt"
	"os"
	"path"
	"path/filepath"

	"okienko/validate/signature/trust"
)

// Importer puts files of trust data into the directory package trust loads. What it stored before decides what it takes: a
// trusted list is taken only if a signer in signers/ or the list of lists vouches for it, so signers come first. It is for one
// goroutine.
type Importer struct {
	dir   string
	store *trust.Store
}

// NewImporter returns an importer into dir, which is made if it is not there.
func NewImporter(dir string) (*Importer, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("trust data: %w", err)
	}
	i := &Importer{dir: dir}
	return i, i.reload()
}

func (i *Importer) reload() (err error) {
	if i.store, err = trust.LoadReadable(os.DirFS(i.dir)); err != nil {
		return fmt.Errorf("trust data in %s: %w", i.dir, err)
	}
	return nil
}

// Import stores raw and returns its name in the directory and, of a trusted list, the list. purpose counts for certificates
// only. An error means that nothing was changed.
func (i *Importer) Import(raw []byte, purpose trust.Purpose) (name string, list *trust.List, err error) {
	if name, err = trust.Place(raw, purpose); err != nil {
		return "", nil, err
	}
	return name, i.list(raw, name), i.put(name, raw)
}

// list is nil for anything but a trusted list.
func (i *Importer) list(raw []byte, name string) *trust.List {
	if path.Dir(name) != "lists" {
		return nil
	}
	l, err := trust.ParseList(raw)
	if err != nil { // Place has just read it
		return nil
	}
	return l
}

func (i *Importer) put(name string, raw []byte) error {
	l := i.list(raw, name)
	if l != nil && !i.store.Vouches(l) {
		return fmt.Errorf("%s, signed by %s: nobody in signers/ and no list of lists vouches for that signer; "+
			"import the certificate first, with the purpose %s", l.Title(), l.SignedBy.Subject, trust.Signers)
	}
	file := filepath.Join(i.dir, filepath.FromSlash(name))
	if older(raw, file) {
		return fmt.Errorf("older than %s, which is at hand", name)
	}
	if err := replace(file, raw); err != nil {
		return err
	}
	if l == nil || l.OfLists { // may change who vouches for later ones
		return i.reload()
	}
	return nil
}
