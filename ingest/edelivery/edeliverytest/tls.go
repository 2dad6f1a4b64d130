package edeliverytest

import (
	"crypto/tls"
	"crypto/x509"
	"net"

	"okienko/validate/signature/signaturetest"
)

// secure is what TLS needs: the server's certificate, and who issued it and those of the systems that may connect.
type secure struct {
	server    *tls.Certificate
	authority *signaturetest.Authority
}

// StartTLS is Start over TLS, as the platform is reached: it speaks only with systems that show a certificate of ClientCertificate.
func StartTLS() (*Server, error) {
	authority, err := signaturetest.NewAuthority("TEST CA certyfikatów QWAC")
	if err != nil {
		return nil, err
	}
	here := func(c *x509.Certificate) { c.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)} }
	server, err := certificateOf(authority, "TEST symulator e-Doręczeń", here)
	if err != nil {
		return nil, err
	}
	return start(&secure{server, authority})
}

// config refuses everybody without a certificate that is valid now and issued by the authority.
func (s secure) config() *tls.Config {
	pool := x509.NewCertPool()
	pool.AddCert(s.authority.Certificate)
	return &tls.Config{Certificates: []tls.Certificate{*s.server}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: pool, MinVersion: tls.VersionTLS12}
}

// CAPEM is who issued the certificate the simulator shows, for Config.CAFile.
func (s *Server) CAPEM() []byte { return s.secure.authority.PEM() }

// ClientCertificate issues a certificate (QWAC) with which a system may connect.
func (s *Server) ClientCertificate(changes ...signaturetest.Change) (*tls.Certificate, error) {
	return certificateOf(s.secure.authority, officeSystem, changes...)
}

// StrangerCertificate is one of an authority the simulator does not know.
func StrangerCertificate() (*tls.Certificate, error) {
	stranger, err := signaturetest.NewAuthority("TEST CA obca")
	if err != nil {
		return nil, err
	}
	return certificateOf(stranger, officeSystem)
}

// officeSystem is the name in the certificates of the system that connects.
const officeSystem = "TEST system urzędu"

func certificateOf(a *signaturetest.Authority, name string, changes ...signaturetest.Change) (*tls.Certificate, error) {
	signer, err := a.Company(name, changes...)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{signer.Certificate.Raw}, PrivateKey: signer.Key}, nil
}
