package imap

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"os"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"
)

// session is one connection, signed in. Its methods are called by one goroutine.
type session struct {
	src    *Source
	cfg    Config
	wire   *guard
	client *imapclient.Client
	tls    *tls.ConnectionState
	caps   imap.CapSet
	news   chan struct{} // the server said that letters came
	undo   func() bool   // no longer follow the context

	since    time.Time // signed in since
	taken    int       // letters accepted on this connection
	folder   *imap.SelectData
	openedAt time.Time
	old      uidRanges          // letters from before the office began
	buffers  chan *bytes.Buffer // free buffers for small letters: their number bounds memory and concurrency
	canIdle  bool
}

// graceful is how long the letters in hand may still take after the context ended.
const graceful = 5 * time.Second

// connect opens a connection and signs in.
func (s *Source) connect(ctx context.Context) (*session, error) {
	conn, state, err := s.dial(ctx)
	if err != nil {
		return nil, err
	}
	c := &session{src: s, cfg: s.cfg, tls: state, news: make(chan struct{}, 1)}
	c.wire = newGuard(conn, s.cfg.ConnectTimeout, s.cfg.CommandTimeout)
	c.undo = context.AfterFunc(ctx, func() { c.wire.hurry(graceful) })
	c.client = imapclient.New(c.wire, &imapclient.Options{
		UnilateralDataHandler: &imapclient.UnilateralDataHandler{Mailbox: c.unasked},
	})
	if err := c.greetAndSignIn(); err != nil {
		c.close()
		return nil, err
	}
	return c, nil
}

// unasked runs in the goroutine that reads: it must not wait.
func (c *session) unasked(data *imapclient.UnilateralDataMailbox) {
	if data.NumMessages == nil {
		return
	}
	select {
	case c.news <- struct{}{}:
	default:
	}
}

// close ends the connection. All commands must have been drained, or the goroutine that reads would wait for their readers.
func (c *session) close() {
	c.undo()
	if c.wire.noticed() == nil && c.client.State() != imap.ConnStateLogout {
		c.wire.owe(time.Second, answerBytes, lineBytes)
		_ = c.client.Logout().Wait() // a courtesy
	}
	_ = c.client.Close()
}

// command says that the server owes the answer to an ordinary command.
func (c *session) command() (came func()) {
	return c.wire.owe(c.cfg.CommandTimeout, answerBytes, lineBytes)
}

// failed explains err of a command.
func (c *session) failed(doing string, err error) *fault {
	return wireFault(doing, err, c.wire.noticed())
}

func (c *session) greetAndSignIn() error {
	if err := c.client.WaitGreeting(); err != nil {
		if f := c.failed("waiting for the server's greeting", err); !isRefusal(err) && f.class != Garbled {
			return f
		}
		return &fault{class: Unreachable, doing: "waiting for the server's greeting", reason: "the server refuses: " + serverSaid(err), cause: err}
	}
	defer c.command()()
	var err error
	if c.caps, err = c.client.Capability().Wait(); err != nil {
		return c.failed("asking for capabilities", err)
	}
	if c.client.State() == imap.ConnStateNotAuthenticated {
		if err := c.signIn(); err != nil {
			return err
		}
	}
	if c.caps, err = c.client.Capability().Wait(); err != nil {
		return c.failed("asking for capabilities", err)
	}
	c.canIdle, c.since = c.caps.Has(imap.CapIdle), time.Now()
	return nil
}

func (c *session) signIn() error {
	const doing = "signing in"
	password, err := c.cfg.password()
	if err != nil {
		return err
	}
	switch {
	case c.caps.Has(imap.CapLoginDisabled):
		return &fault{class: Refused, doing: doing, reason: "the server takes no password on this connection; tls: implicit or starttls is needed", final: true}
	case c.caps.Has(imap.AuthCap(sasl.Plain)): // also carries passwords beyond ASCII
		err = c.client.Authenticate(sasl.NewPlainClient("", c.cfg.Username, password))
	default:
		err = c.client.Login(c.cfg.Username, password).Wait()
	}
	if err == nil {
		return nil
	}
	if !isRefusal(err) {
		return c.failed(doing, err)
	}
	later := hasCode(err, imap.ResponseCodeUnavailable, imap.ResponseCodeInUse, imap.ResponseCodeLimit, imap.ResponseCodeServerBug)
	reason := "refused: " + strings.ReplaceAll(serverSaid(err), password, "***")
	return &fault{class: Refused, doing: doing, reason: reason, cause: err, final: !later}
}

// password reads the password anew each time. Only line ends are cut off: blanks may belong to it.
func (c Config) password() (string, error) {
	if c.Password != "" {
		return string(c.Password), nil
	}
	const doing = "reading password_file"
	raw, err := os.ReadFile(c.PasswordFile)
	if err != nil {
		return "", &fault{class: BadConfig, doing: doing, reason: err.Error(), cause: err, final: true}
	}
	password := strings.TrimRight(string(raw), "\r\n")
	if password == "" || strings.ContainsAny(password, "\r\n\x00") {
		return "", &fault{class: BadConfig, doing: doing, reason: c.PasswordFile + ": one line with the password is needed", final: true}
	}
	return password, nil
}

// prepare makes the connection ready to take letters.
func (c *session) prepare(ctx context.Context) error {
	if err := c.canMove(); err != nil {
		return err
	}
	c.buffers = make(chan *bytes.Buffer, c.cfg.Workers)
	for range c.cfg.Workers {
		c.buffers <- new(bytes.Buffer)
	}
	if err := c.ensureFolder(c.cfg.DoneFolder); err != nil {
		return err
	}
	return c.open(ctx)
}

// open selects the folder. It is repeated now and then, because UIDVALIDITY is told only here.
func (c *session) open(ctx context.Context) error {
	folder, err := c.selectFolder(false)
	if err != nil {
		return err
	}
	c.folder, c.openedAt = folder, time.Now()
	if m := &c.src.memory; m.validity != folder.UIDValidity {
		*m = newMemory(folder.UIDValidity, c.cfg)
	}
	if err := c.loadOld(ctx); err != nil {
		return err
	}
	c.src.status.Contact()
	return nil
}

func (c *session) selectFolder(readOnly bool) (*imap.SelectData, error) {
	defer c.command()()
	const doing = "opening folder"
	data, err := c.client.Select(c.cfg.Folder, &imap.SelectOptions{ReadOnly: readOnly}).Wait()
	switch {
	case isRefusal(err):
		missing := !hasCode(err, imap.ResponseCodeUnavailable, imap.ResponseCodeInUse, imap.ResponseCodeServerBug)
		return nil, &fault{class: NoFolder, doing: doing, reason: c.cfg.Folder + ": " + serverSaid(err), cause: err, final: missing}
	case err != nil:
		return nil, c.failed(doing, err)
	case data.UIDValidity == 0:
		return nil, c.failed(doing, errors.New("no UIDVALIDITY"))
	}
	return data, nil
}

// canMove refuses servers where acknowledging could remove letters that are not ours to remove.
func (c *session) canMove() error {
	if c.caps.Has(imap.CapMove) || c.caps.Has(imap.CapUIDPlus) {
		return nil
	}
	return &fault{class: NotMoved, doing: "opening the mailbox", final: true,
		reason: "the server has neither MOVE (RFC 6851) nor UIDPLUS (RFC 4315); without one of them letters cannot be moved safely"}
}

func (c *session) folderExists(name string) (bool, error) {
	defer c.command()()
	_, err := c.client.Status(name, &imap.StatusOptions{UIDNext: true}).Wait()
	if err != nil && !isRefusal(err) {
		return false, c.failed("looking for a folder", err)
	}
	return err == nil, nil
}

// ensureFolder creates a folder that does not exist yet and shows it to people's mail programs.
func (c *session) ensureFolder(name string) error {
	if exists, err := c.folderExists(name); exists || err != nil {
		return err
	}
	defer c.command()()
	err := c.client.Create(name, nil).Wait()
	switch {
	case err == nil:
		_ = c.client.Subscribe(name).Wait() // not every server knows subscriptions
		return nil
	case hasCode(err, imap.ResponseCodeAlreadyExists):
		return nil
	case isRefusal(err):
		return &fault{class: NotMoved, doing: "creating folder", reason: name + ": " + serverSaid(err), cause: err, final: true}
	}
	return c.failed("creating folder", err)
}
