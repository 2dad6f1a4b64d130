package imap

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"time"
)

var (
	errNoStartTLS = errors.New("the server does not offer STARTTLS; without it nothing is sent")
	errBye        = errors.New("the server refuses connections now")
)

// dial opens the connection: TCP, and TLS as configured. The state is nil without TLS.
func (s *Source) dial(ctx context.Context) (net.Conn, *tls.ConnectionState, error) {
	ctx, cancel := context.WithTimeout(ctx, s.cfg.ConnectTimeout)
	defer cancel()
	conf, err := s.tlsConfig()
	if err != nil {
		return nil, nil, err
	}
	address := net.JoinHostPort(s.cfg.Host, strconv.Itoa(s.cfg.Port))
	conn, err := s.dialTCP(ctx, "tcp", address)
	if err != nil {
		return nil, nil, dialFault("connecting to "+address, err)
	}
	secured, state, err := s.secure(ctx, conn, conf)
	if err != nil {
		conn.Close()
		return nil, nil, dialFault("securing the connection to "+address, err)
	}
	return secured, state, nil
}

// secure protects conn, in the time ctx leaves.
func (s *Source) secure(ctx context.Context, conn net.Conn, conf *tls.Config) (net.Conn, *tls.ConnectionState, error) {
	if s.cfg.TLS == Plain {
		return conn, nil, nil
	}
	if end, ok := ctx.Deadline(); ok {
		_ = conn.SetDeadline(end)
		defer conn.SetDeadline(time.Time{})
	}
	if s.cfg.TLS == StartTLS {
		if err := askStartTLS(conn); err != nil {
			return nil, nil, err
		}
	}
	secured := tls.Client(conn, conf)
	if err := secured.HandshakeContext(ctx); err != nil {
		return nil, nil, err
	}
	state := secured.ConnectionState()
	if s.cfg.TLS == StartTLS {
		return greeted(secured), &state, nil
	}
	return secured, &state, nil
}

// tlsConfig reads the CA file anew each time: certificates are exchanged while we run.
func (s *Source) tlsConfig() (*tls.Config, error) {
	conf := &tls.Config{ServerName: s.cfg.Host, MinVersion: tls.VersionTLS12}
	if s.cfg.CAFile == "" || s.cfg.TLS == Plain {
		return conf, nil
	}
	pem, err := os.ReadFile(s.cfg.CAFile)
	if err != nil {
		return nil, &fault{class: BadConfig, doing: "reading ca_file", reason: err.Error(), cause: err, final: true}
	}
	conf.RootCAs = x509.NewCertPool()
	if !conf.RootCAs.AppendCertsFromPEM(pem) {
		return nil, &fault{class: BadConfig, doing: "reading ca_file", reason: s.cfg.CAFile + ": no certificate in PEM form", final: true}
	}
	return conf, nil
}

// askStartTLS speaks the few lines before TLS (RFC 3501 section 6.2.1) itself: at most some kilobytes are read, nothing said
// before TLS is believed, and bytes sent early, to be taken for protected ones (CVE-2011-0411), end the connection.
func askStartTLS(conn net.Conn) error {
	r := bufio.NewReaderSize(conn, 4<<10)
	greeting, err := readLine(r)
	if err != nil {
		return err
	}
	switch word := strings.ToUpper(word(greeting, 1)); {
	case word == "BYE":
		return errBye
	case word != "OK": // PREAUTH would leave no room for STARTTLS: RFC 9051 section 7.1.4
		return errNoStartTLS
	}
	if _, err := io.WriteString(conn, "S1 STARTTLS\r\n"); err != nil {
		return err
	}
	const news = 20 // untagged lines a server may send first
	for range news {
		line, err := readLine(r)
		if err != nil {
			return err
		}
		if word(line, 0) != "S1" {
			continue
		}
		if strings.ToUpper(word(line, 1)) != "OK" {
			return errNoStartTLS
		}
		if r.Buffered() > 0 {
			return fmt.Errorf("the server sent data between STARTTLS and TLS: %w", errNoStartTLS)
		}
		return nil
	}
	return errNoStartTLS
}

// readLine refuses lines longer than the reader's buffer.
func readLine(r *bufio.Reader) (string, error) {
	line, err := r.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		return "", errTooMuch
	}
	if errors.Is(err, io.EOF) {
		return "", io.ErrUnexpectedEOF
	}
	return string(line), err
}

func word(line string, n int) string {
	if words := strings.Fields(line); n < len(words) {
		return words[n]
	}
	return ""
}

// greeted gives the protocol layer the greeting it waits for: the real one came before TLS.
func greeted(conn net.Conn) net.Conn {
	return &preread{Conn: conn, first: bytes.NewReader([]byte("* OK secured\r\n"))}
}

type preread struct {
	net.Conn
	first *bytes.Reader
}

func (c *preread) Read(p []byte) (int, error) {
	if c.first.Len() > 0 {
		return c.first.Read(p)
	}
	return c.Conn.Read(p)
}
