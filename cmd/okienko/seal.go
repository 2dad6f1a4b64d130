package main

import (
	"errors"

	"okienko/ingest/epuap"
	"okienko/ingest/epuap/soap"
	"okienko/workflow/seal"
)

// sealConfig names the key and certificate documents of the office are sealed with, as files.
type sealConfig struct {
	KeyFile      string `yaml:"key_file"` // PEM, with cert_file
	CertFile     string `yaml:"cert_file"`
	PKCS12File   string `yaml:"pkcs12_file"` // instead of them, with password_file
	PasswordFile string `yaml:"password_file"`
}

// validate allows nothing, two PEM files, or a PKCS#12 file with its password.
func (c sealConfig) validate() error {
	pem, p12 := c.KeyFile != "" && c.CertFile != "", c.PKCS12File != "" && c.PasswordFile != ""
	anyPEM, anyP12 := c.KeyFile != "" || c.CertFile != "", c.PKCS12File != "" || c.PasswordFile != ""
	if anyPEM != pem || anyP12 != p12 || pem && p12 {
		return errors.New("allowed are key_file with cert_file, or pkcs12_file with password_file, or nothing")
	}
	return nil
}

func (c sealConfig) load() (seal.Seal, error) {
	var s soap.Signer
	var err error
	if c.PKCS12File != "" {
		s, err = epuap.LoadPKCS12(c.PKCS12File, c.PasswordFile)
	} else {
		s, err = epuap.LoadPEM(c.KeyFile, c.CertFile)
	}
	return seal.Seal{Certificate: s.Certificate, Key: s.Key}, err
}
