package edeliverytest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"time"

	"okienko/validate/signature/signaturetest"
)

// secure is what TLS needs: the server's certificate, and who issues those of the systems that may connect.
type secure struct {
	server  tls.Certificate
	clients *signaturetest.Authority
}

// StartTLS is Start over TLS, as the platform is reached: it speaks only with systems that show a certificate of ClientCertificate.
func StartTLS() (*Server, error) {
	var s secure
	var err error
	if s.server, err = serverCertificate(); err != nil {
		return nil, err
	}
	if s.clients, err = signaturetest.NewAuthority("TEST CA certyfikatów QWAC"); err != nil {
		return nil, err
	}
	return start(&s)
}

// config refuses everybody without a certificate that is valid now and issued by clients.
func (s secure) config() *tls.Config {
	pool := x509.NewCertPool()
	pool.AddCert(s.clients.Certificate)
	return &tls.Config{Certificates: []tls.Certificate{s.server}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: pool, MinVersion: tls.VersionTLS12}
}

// ServerPEM is the certificate the simulator shows, for Config.CAFile.
func (s *Server) ServerPEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.secure.server.Certificate[0]})
}

// ClientCertificate issues a certificate (QWAC) with which a system may connect.
func (s *Server) ClientCertificate(changes ...signaturetest.Change) (*tls.Certificate, error) {
	return clientOf(s.secure.clients, changes...)
}

// StrangerCertificate is one of an authority the simulator does not know.
func StrangerCertificate() (*tls.Certificate, error) {
	stranger, err := signaturetest.NewAuthority("TEST CA obca")
	if err != nil {
		return nil, err
	}
	return clientOf(stranger)
}

func clientOf(a *signaturetest.Authority, changes ...signaturetest.Change) (*tls.Certificate, error) {
	signer, err := a.Company("TEST system urzędu", changes...)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{signer.Certificate.Raw}, PrivateKey: signer.Key}, nil
}

func serverCertificate() (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	now := time.Now()
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(now.UnixNano()), Subject: pkix.Name{CommonName: "symulator e-Doręczeń"}, NotBefore: now.Add(-time.Hour),
		NotAfter: now.Add(24 * time.Hour), KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, IsCA: true, BasicConstraintsValid: true,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, key.Public(), key)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, err
}
