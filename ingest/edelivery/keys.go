package edelivery

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"strings"

	"software.sslmate.com/src/go-pkcs12"
)

// Key is what assertions are signed with.
type Key struct {
	Certificate *x509.Certificate
	Signer      crypto.Signer // RSA, 2048 bits or more
}

func (c Config) key() (Key, error) {
	switch {
	case c.Key != nil:
		return *c.Key, nil
	case c.PKCS12File != "":
		return loadPKCS12(c.PKCS12File, c.PasswordFile)
	}
	pair, err := tls.LoadX509KeyPair(c.CertFile, c.KeyFile)
	if err != nil {
		return Key{}, fmt.Errorf("key_file %s, cert_file %s: %w", c.KeyFile, c.CertFile, err)
	}
	return newKey(pair.Leaf, pair.PrivateKey, c.KeyFile)
}

// loadPKCS12 reads both from a PKCS#12 file. The password is the first line of another file.
func loadPKCS12(file, passwordFile string) (Key, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return Key{}, fmt.Errorf("pkcs12_file: %w", err)
	}
	password, err := os.ReadFile(passwordFile)
	if err != nil {
		return Key{}, fmt.Errorf("password_file: %w", err)
	}
	first, _, _ := bytes.Cut(password, []byte("\n"))
	key, cert, _, err := pkcs12.DecodeChain(raw, strings.TrimSuffix(string(first), "\r"))
	if err != nil {
		return Key{}, fmt.Errorf("pkcs12_file %s: %w", file, err)
	}
	return newKey(cert, key, file)
}

func newKey(cert *x509.Certificate, key any, file string) (Key, error) {
	signer, ok := key.(crypto.Signer)
	if !ok {
		return Key{}, fmt.Errorf("%s: the key cannot sign", file)
	}
	public, ok := signer.Public().(*rsa.PublicKey)
	if !ok || public.N.BitLen() < 2048 {
		return Key{}, fmt.Errorf("%s: an RSA key of at least 2048 bits is needed", file)
	}
	if !public.Equal(cert.PublicKey) {
		return Key{}, fmt.Errorf("%s: key and certificate do not belong together", file)
	}
	return Key{Certificate: cert, Signer: signer}, nil
}

// tls is how the servers are spoken to.
func (c Config) tls() (*tls.Config, error) {
	t := &tls.Config{MinVersion: tls.VersionTLS12}
	if c.CAFile != "" {
		pem, err := os.ReadFile(c.CAFile)
		if err != nil {
			return nil, fmt.Errorf("ca_file: %w", err)
		}
		t.RootCAs = x509.NewCertPool()
		if !t.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("ca_file: %s holds no certificate", c.CAFile)
		}
	}
	if c.ClientCert != nil {
		t.Certificates = []tls.Certificate{*c.ClientCert}
	}
	if c.ClientCertFile != "" {
		pair, err := tls.LoadX509KeyPair(c.ClientCertFile, c.ClientKeyFile)
		if err != nil {
			return nil, fmt.Errorf("client_key_file %s, client_cert_file %s: %w", c.ClientKeyFile, c.ClientCertFile, err)
		}
		t.Certificates = []tls.Certificate{pair}
	}
	return t, nil
}

// errNoKey is a configuration made by code that forgot the key.
var errNoKey = errors.New("no key")
