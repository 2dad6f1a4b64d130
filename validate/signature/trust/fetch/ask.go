package fetch

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/crypto/ocsp"

	"okienko/validate/signature/trust"
)

const maxAnswer = 1 << 20

// Ask fetches what the certificates in qs name as the place of their revocation data and stores it in dir. Only what the
// certificate's own authority signed is stored. The addresses of revocation lists are remembered for later updates: a list
// speaks of every certificate of its authority. The error says what could not be had; the rest is stored.
func Ask(ctx context.Context, client *http.Client, dir string, qs []trust.Question, kinds []trust.Kind) error {
	importer, err := NewImporter(dir)
	if err != nil {
		return err
	}
	var failed []error
	done := map[string]bool{}
	for _, q := range qs {
		var addresses []string
		if slices.Contains(kinds, trust.CRL) {
			addresses = q.CRLs
		}
		for _, a := range addresses {
			if !done[a] {
				done[a] = true
				failed = append(failed, askCRL(ctx, client, importer, q, a))
			}
		}
		if slices.Contains(kinds, trust.OCSP) && len(q.OCSPs) > 0 {
			failed = append(failed, askOCSP(ctx, client, importer, q))
		}
	}
	return errors.Join(failed...)
}

func askCRL(ctx context.Context, client *http.Client, i *Importer, q trust.Question, address string) error {
	raw, err := Get(ctx, client, address)
	if err != nil {
		return err
	}
	name, err := placeOf(raw, address)
	if err != nil {
		return fmt.Errorf("what %s serves: %w", address, err)
	}
	list, err := x509.ParseRevocationList(raw)
	if err == nil {
		err = list.CheckSignatureFrom(q.Issuer.Std())
	}
	if err != nil {
		return fmt.Errorf("what %s serves is no revocation list of %s: %w", address, q.Issuer.Subject, err)
	}
	if err := i.put(name, raw); err != nil {
		return fmt.Errorf("what %s serves: %w", address, err)
	}
	return remember(i.dir, address)
}

// askOCSP asks the responders in turn; one answer is enough.
func askOCSP(ctx context.Context, client *http.Client, i *Importer, q trust.Question) error {
	request, err := ocsp.CreateRequest(q.Certificate.Std(), q.Issuer.Std(), nil)
	if err != nil {
		return fmt.Errorf("asking about a certificate of %s: %w", q.Issuer.Subject, err)
	}
	var failed []error
	for _, a := range q.OCSPs {
		raw, err := send(ctx, client, http.MethodPost, a, request, maxAnswer)
		if err != nil {
			failed = append(failed, err)
			continue
		}
		made, ok := q.OCSPAnswers(raw)
		sum := q.Certificate.Fingerprint()
		file := filepath.Join(i.dir, "ocsp", fmt.Sprintf("%x.ocsp", sum[:12]))
		switch have, err := os.ReadFile(file); {
		case !ok:
			failed = append(failed, fmt.Errorf("what %s answers says nothing its authority signed about the certificate", a))
			continue
		case err == nil && olderAnswer(q, made, have):
			return fmt.Errorf("what %s answers is older than what is at hand", a)
		}
		return replace(file, raw)
	}
	return errors.Join(failed...)
}

func olderAnswer(q trust.Question, made time.Time, have []byte) bool {
	before, ok := q.OCSPAnswers(have)
	return ok && made.Before(before)
}

// The addresses learned from certificates, one a line.
const remembered = "crls/addresses.txt"

// Remembered returns the addresses of revocation lists Ask has learned.
func Remembered(dir string) ([]string, error) {
	raw, err := os.ReadFile(filepath.Join(dir, remembered))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("addresses of revocation lists: %w", err)
	}
	return strings.Fields(string(raw)), nil
}

// maxRemembered is far more than there are authorities in Europe.
const maxRemembered = 2000

func remember(dir, address string) error {
	have, err := Remembered(dir)
	if err != nil || slices.Contains(have, address) || len(have) >= maxRemembered || strings.ContainsAny(address, " \t\r\n") {
		return err
	}
	return replace(filepath.Join(dir, remembered), []byte(strings.Join(append(have, address), "\n")+"\n"))
}
