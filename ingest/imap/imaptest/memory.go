package imaptest

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
)

// Memory is an IMAP server with one account, kept in memory. Its methods are safe for concurrent use.
//
// It is go-imap's own server, spoken to over a real connection. Every command walks the whole folder, and a FETCH holds the
// folder's lock until the client has read the answer.
type Memory struct {
	Host     string
	Port     int
	Username string
	Password string

	options MemoryOptions
	user    *imapmemserver.User
	mu      sync.Mutex
	server  *imapserver.Server
}

// MemoryOptions are optional: the zero value is a server without TLS that can do all the connector asks for.
type MemoryOptions struct {
	TLS      *tls.Config // offers STARTTLS, and takes no password before it
	Implicit bool        // TLS from the first byte instead
	Caps     imap.CapSet // nil: IMAP4rev1 with MOVE, UIDPLUS, NAMESPACE, IDLE …
}

// StartMemory starts a server on a free loopback port, with an empty INBOX. Close ends it.
func StartMemory(options MemoryOptions) (*Memory, error) {
	if options.Caps == nil {
		options.Caps = imap.CapSet{
			imap.CapIMAP4rev1: {}, imap.CapMove: {}, imap.CapUIDPlus: {}, imap.CapNamespace: {},
			imap.CapESearch: {}, imap.CapListExtended: {}, imap.CapListStatus: {}, imap.CapStatusSize: {},
		}
	}
	m := &Memory{Host: "127.0.0.1", Username: "kancelaria", Password: "okienko-demo", options: options}
	m.user = imapmemserver.NewUser(m.Username, m.Password)
	if err := m.user.Create("INBOX", nil); err != nil {
		return nil, fmt.Errorf("creating INBOX: %w", err)
	}
	return m, m.Start()
}

// Start listens again after Stop, on the same port and with the same letters.
func (m *Memory) Start() error {
	ln, err := net.Listen("tcp", net.JoinHostPort(m.Host, fmt.Sprint(m.Port)))
	if err != nil {
		return fmt.Errorf("starting the memory IMAP server: %w", err)
	}
	m.Port = ln.Addr().(*net.TCPAddr).Port
	if m.options.Implicit {
		ln = tls.NewListener(ln, m.options.TLS)
	}
	store := imapmemserver.New()
	store.AddUser(m.user)
	server := imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return store.NewSession(), nil, nil
		},
		Caps: m.options.Caps, TLSConfig: m.options.TLS, InsecureAuth: m.options.TLS == nil,
		Logger: log.New(io.Discard, "", 0),
	})
	m.mu.Lock()
	m.server = server
	m.mu.Unlock()
	go server.Serve(ln)
	return nil
}

// Stop cuts all connections and refuses new ones. The letters stay.
func (m *Memory) Stop() error {
	m.mu.Lock()
	server := m.server
	m.server = nil
	m.mu.Unlock()
	if server == nil {
		return nil
	}
	return server.Close()
}

// Close ends the server.
func (m *Memory) Close() error { return m.Stop() }

// Append puts a message into a folder, which must exist. The zero time means now.
func (m *Memory) Append(folder string, message []byte, internalDate time.Time) error {
	_, err := m.user.Append(folder, literal{bytes.NewReader(message)}, &imap.AppendOptions{Time: internalDate})
	if err != nil {
		return fmt.Errorf("appending to %s: %w", folder, err)
	}
	return nil
}

type literal struct{ *bytes.Reader }

func (l literal) Size() int64 { return l.Reader.Size() }

// Create creates a folder.
func (m *Memory) Create(folder string) error { return m.user.Create(folder, nil) }

// Delete deletes a folder with all that is in it. Created again, it has another UIDVALIDITY.
func (m *Memory) Delete(folder string) error { return m.user.Delete(folder) }

// Count returns the number of messages in a folder, 0 if there is no such folder.
func (m *Memory) Count(folder string) int {
	data, err := m.user.Status(folder, &imap.StatusOptions{NumMessages: true})
	if err != nil {
		return 0
	}
	return int(*data.NumMessages)
}
