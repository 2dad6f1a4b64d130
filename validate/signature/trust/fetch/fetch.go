// Package fetch owns the only step of trust that touches the network: downloading trusted lists and revocation lists into
// the directory package trust reads, and running the errands of a judgement that lacked something (Courier). It is run by an
// administrator, a timer or a step of its own, never while a signature is examined; it believes nothing it downloads
// (signatures are verified by package trust when the data is used).
package fetch

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"time"

	"okienko/validate/signature/trust"
)

// maxBody bounds one download; the largest revocation list of a Polish authority has about 10 MB.
const maxBody = 64 << 20

// Get downloads one file over http or https. Revocation lists are published over plain http on purpose (RFC 5280 section 8):
// they are signed. The client should have a timeout and, where the office has one, the proxy.
func Get(ctx context.Context, client *http.Client, address string) ([]byte, error) {
	return send(ctx, client, http.MethodGet, address, nil, maxBody)
}

// Update downloads each address into dir, which package trust loads, and returns what could not be had; the rest is stored.
// From a list of lists it goes on to the national lists of the territories ("PL"). A file replaces its older edition only when
// complete, authentic and not older.
func Update(ctx context.Context, client *http.Client, dir string, addresses, territories []string) error {
	importer, err := NewImporter(dir)
	if err != nil {
		return err
	}
	u := updater{client, importer, territories}
	var failed []error
	for _, a := range addresses {
		failed = append(failed, u.update(ctx, a))
	}
	return errors.Join(failed...)
}

type updater struct {
	client      *http.Client
	importer    *Importer
	territories []string
}

func (u updater) update(ctx context.Context, address string) error {
	raw, err := Get(ctx, u.client, address)
	if err != nil {
		return err
	}
	name, err := placeOf(raw, address)
	if err == nil {
		err = u.importer.put(name, raw)
	}
	if err != nil {
		return fmt.Errorf("what %s serves: %w", address, err)
	}
	if l := u.importer.list(raw, name); l != nil && l.OfLists {
		return u.follow(ctx, l)
	}
	return nil
}

// follow downloads the national lists l points to. One that fails does not keep the others.
func (u updater) follow(ctx context.Context, l *trust.List) error {
	var failed []error
	for _, p := range l.XMLPointers() {
		if p.Territory != l.Territory && slices.Contains(u.territories, p.Territory) {
			failed = append(failed, u.update(ctx, p.Location))
		}
	}
	return errors.Join(failed...)
}

// placeOf names a revocation list after its address, so that a new edition replaces the old one.
func placeOf(raw []byte, address string) (string, error) {
	name, err := trust.Place(raw, trust.AnyPurpose)
	if err != nil {
		return "", err
	}
	if filepath.Ext(name) != ".crl" {
		if filepath.Dir(name) != "lists" {
			return "", errors.New("a certificate: anchors are imported by hand only")
		}
		return name, nil
	}
	u, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(address))
	return fmt.Sprintf("crls/%s-%x.crl", u.Hostname(), sum[:6]), nil
}

func older(raw []byte, path string) bool {
	have, err := os.ReadFile(path)
	if err != nil {
		return false
	}
	return issued(raw).Before(issued(have))
}

// issued is when a revocation list was made; the zero time for anything else.
func issued(raw []byte) time.Time {
	if p, _ := pem.Decode(raw); p != nil {
		raw = p.Bytes
	}
	l, err := x509.ParseRevocationList(raw)
	if err != nil {
		return time.Time{}
	}
	return l.ThisUpdate
}

// replace writes the file beside its place, durably, and renames it.
func replace(path string, raw []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("storing trust data: %w", err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return fmt.Errorf("storing trust data: %w", err)
	}
	defer os.Remove(f.Name()) // gone already when all went well
	_, err = f.Write(raw)
	if err == nil {
		err = f.Chmod(0o644)
	}
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("storing trust data: %w", err)
	}
	return nil
}
