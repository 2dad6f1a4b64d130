package desk

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"time"
)

//go:embed static templates
var embedded embed.FS

// assets serves the embedded static files. Their address names the version, so a browser keeps them for ever and asks anew
// after an upgrade. Only files of the list exist: a path is never opened.
type assets struct {
	version string
	files   map[string][]byte
}

func loadAssets() (assets, error) {
	a := assets{files: map[string][]byte{}}
	sum := sha256.New()
	names, err := fs.Glob(embedded, "static/*")
	if err != nil {
		return assets{}, err
	}
	for _, name := range names {
		data, err := embedded.ReadFile(name)
		if err != nil {
			return assets{}, fmt.Errorf("reading %s: %w", name, err)
		}
		a.files[path.Base(name)] = data
		sum.Write(data)
	}
	a.version = hex.EncodeToString(sum.Sum(nil)[:6])
	return a, nil
}

// path returns the address of a static file; templates use it.
func (a assets) path(name string) string { return "/static/" + a.version + "/" + name }

func (a assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("file")
	data, ok := a.files[name]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
	if r.PathValue("version") == a.version {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
}
