package epuap

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"strings"

	"software.sslmate.com/src/go-pkcs12"

	"okienko/ingest/epuap/soap"
)

// signer loads the key and certificate that sign requests.
func (c Config) signer() (soap.Signer, error) {
	switch {
	case c.Signer != nil:
		return *c.Signer, nil
	case c.PKCS12File != "":
		return LoadPKCS12(c.PKCS12File, c.PasswordFile)
	}
	return LoadPEM(c.KeyFile, c.CertFile)
}

// LoadPEM reads a key (PKCS#1 or PKCS#8, not encrypted) and its certificate. Errors name the file.
func LoadPEM(keyFile, certFile string) (soap.Signer, error) {
	pair, err := tls.LoadX509KeyPair(certFile, keyFile)
	if err != nil {
		return soap.Signer{}, fmt.Errorf("key_file %s, cert_file %s: %w", keyFile, certFile, err)
	}
	return newSigner(pair.Leaf, pair.PrivateKey, certFile)
}

// LoadPKCS12 reads both from a PKCS#12 file. The password is the first line of another file.
func LoadPKCS12(file, passwordFile string) (soap.Signer, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return soap.Signer{}, fmt.Errorf("pkcs12_file: %w", err)
	}
	password, err := os.ReadFile(passwordFile)
	if err != nil {
		return soap.Signer{}, fmt.Errorf("password_file: %w", err)
	}
	first, _, _ := bytes.Cut(password, []byte("\n"))
	key, cert, _, err := pkcs12.DecodeChain(raw, strings.TrimSuffix(string(first), "\r"))
	if err != nil {
		return soap.Signer{}, fmt.Errorf("pkcs12_file %s: %w", file, err)
	}
	return newSigner(cert, key, file)
}

func newSigner(cert *x509.Certificate, key any, file string) (soap.Signer, error) {
	s, ok := key.(crypto.Signer)
	if !ok {
		return soap.Signer{}, fmt.Errorf("%s: the key cannot sign", file)
	}
	public, ok := s.Public().(*rsa.PublicKey)
	if !ok {
		return soap.Signer{}, fmt.Errorf("%s: an RSA key is needed, this one is %T", file, s.Public())
	}
	if !public.Equal(cert.PublicKey) {
		return soap.Signer{}, fmt.Errorf("%s: key and certificate do not belong together", file)
	}
	return soap.Signer{Certificate: cert, Key: s}, nil
}

// certificates reads all certificates of a PEM file; nil if no file is named.
func certificates(key, file string) ([]*x509.Certificate, error) {
	if file == "" {
		return nil, nil
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", key, err)
	}
	var all []*x509.Certificate
	for block, rest := pem.Decode(raw); block != nil; block, rest = pem.Decode(rest) {
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", key, file, err)
		}
		all = append(all, cert)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s %s: %w", key, file, errors.New("no certificate in PEM form"))
	}
	return all, nil
}

func certPool(key, file string) (*x509.CertPool, error) {
	certs, err := certificates(key, file)
	if err != nil || certs == nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	for _, c := range certs {
		pool.AddCert(c)
	}
	return pool, nil
}
