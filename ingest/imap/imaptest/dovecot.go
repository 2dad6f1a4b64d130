package imaptest

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"okienko/internal/loopback"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"text/template"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// Dovecot is a real Dovecot with accounts of its own in a temporary directory. It listens on loopback: Port speaks plain
// IMAP and STARTTLS, TLSPort TLS from the first byte.
type Dovecot struct {
	Host     string
	Port     int
	TLSPort  int
	Username string // accounts are made by signing in: any name and Password
	Password string
	Dir      string // holds Maildirs under mail/<name>, readable by tests that play administrator
	CAPEM    []byte

	options DovecotOptions
	cmd     *exec.Cmd
	exited  chan struct{}
}

// DovecotOptions are optional.
type DovecotOptions struct {
	// WithoutCapabilities are not announced, e.g. "MOVE", "IDLE".
	WithoutCapabilities []string
}

const dovecotConf = `
base_dir = {{.Dir}}/run
state_dir = {{.Dir}}/state
log_path = {{.Dir}}/dovecot.log
info_log_path = /dev/null
instance_name = okienko-test-{{.Port}}
protocols = imap
listen = 127.0.0.1
default_login_user = {{.LoginUser}}
default_internal_user = {{.InternalUser}}
default_internal_group = {{.InternalGroup}}
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
ssl = yes
ssl_cert = <{{.Dir}}/cert.pem
ssl_key = <{{.Dir}}/key.pem
mail_location = maildir:{{.Dir}}/mail/%u
mail_fsync = never
mail_max_userip_connections = 100
first_valid_uid = 1
login_greeting = ready
{{if .Capability}}imap_capability = {{.Capability}}{{end}}
namespace inbox {
  inbox = yes
  separator = /
}
passdb {
  driver = static
  args = password={{.Password}}
}
userdb {
  driver = static
  args = uid={{.UID}} gid={{.GID}} home={{.Dir}}/mail/%u
}
service imap-login {
  chroot =
  service_count = 0
  client_limit = 100
  process_limit = 1
  inet_listener imap {
    port = {{.Port}}
  }
  inet_listener imaps {
    port = {{.TLSPort}}
    ssl = yes
  }
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
`

// StartDovecot starts a server. Its error names the Debian package if the program is missing. Close ends the server and
// removes its directory.
func StartDovecot(options DovecotOptions) (*Dovecot, error) {
	if _, err := dovecotProgram(); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "dovecot") // short: the path of a socket has at most 107 bytes
	if err != nil {
		return nil, fmt.Errorf("starting dovecot: %w", err)
	}
	d := &Dovecot{Host: "127.0.0.1", Username: "kancelaria", Password: "tajne-haslo", Dir: dir, options: options}
	if err := errors.Join(d.layOut(), d.Start()); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

func dovecotProgram() (string, error) {
	for _, name := range []string{"dovecot", "/usr/sbin/dovecot"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("dovecot is missing: install the Debian package dovecot-imapd")
}

// mailUser owns the letters: Dovecot never serves root's.
func mailUser() (uid, gid int, err error) {
	if os.Getuid() != 0 {
		return os.Getuid(), os.Getgid(), nil
	}
	nobody, err := loopback.Credential("nobody")
	if err != nil {
		return 0, 0, err
	}
	return int(nobody.Uid), int(nobody.Gid), nil
}

// layOut makes directories, certificate and configuration.
func (d *Dovecot) layOut() error {
	uid, gid, err := mailUser()
	if err != nil {
		return err
	}
	for _, sub := range []string{"", "run", "state", "mail"} {
		if err := os.MkdirAll(filepath.Join(d.Dir, sub), 0o755); err != nil {
			return err
		}
	}
	if err := errors.Join(os.Chmod(d.Dir, 0o755), os.Chown(filepath.Join(d.Dir, "mail"), uid, gid)); err != nil {
		return err
	}
	ca, err := loopback.NewCA()
	if err != nil {
		return err
	}
	d.CAPEM = ca.PEM
	cert, key, err := ca.Issue(time.Now().Add(12*time.Hour), "127.0.0.1", "localhost")
	if err != nil {
		return err
	}
	return errors.Join(
		os.WriteFile(filepath.Join(d.Dir, "cert.pem"), cert, 0o644),
		os.WriteFile(filepath.Join(d.Dir, "key.pem"), key, 0o600),
		d.configure(uid, gid),
	)
}

func (d *Dovecot) configure(uid, gid int) error {
	ports, err := loopback.FreePorts(2)
	if err != nil {
		return err
	}
	d.Port, d.TLSPort = ports[0], ports[1]
	loginUser, internalUser, internalGroup := "dovenull", "dovecot", "dovecot"
	if me, err := user.Current(); err == nil && os.Getuid() != 0 {
		group, _ := user.LookupGroupId(me.Gid)
		loginUser, internalUser, internalGroup = me.Username, me.Username, group.Name
	}
	var conf bytes.Buffer
	err = template.Must(template.New("").Parse(dovecotConf)).Execute(&conf, map[string]any{
		"Dir": d.Dir, "Port": d.Port, "TLSPort": d.TLSPort, "Password": d.Password, "UID": uid, "GID": gid,
		"LoginUser": loginUser, "InternalUser": internalUser, "InternalGroup": internalGroup, "Capability": d.capability(),
	})
	if err != nil {
		return err
	}
	return os.WriteFile(d.conf(), conf.Bytes(), 0o644)
}

// capability is the full announcement without the unwanted; Dovecot then also refuses nothing, it only keeps silent.
func (d *Dovecot) capability() string {
	if len(d.options.WithoutCapabilities) == 0 {
		return ""
	}
	all := "IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE LITERAL+ UIDPLUS MOVE ESEARCH NAMESPACE UNSELECT"
	for _, without := range d.options.WithoutCapabilities {
		all = strings.ReplaceAll(all, " "+without, "")
	}
	return all
}

func (d *Dovecot) conf() string { return filepath.Join(d.Dir, "dovecot.conf") }

// Start starts the server again after Stop and waits until it answers.
func (d *Dovecot) Start() error {
	program, err := dovecotProgram()
	if err != nil {
		return err
	}
	out, err := os.Create(filepath.Join(d.Dir, "output")) // a pipe would stay open as long as any of its children
	if err != nil {
		return fmt.Errorf("starting dovecot: %w", err)
	}
	defer out.Close()
	d.cmd = exec.Command(program, "-F", "-c", d.conf())
	d.cmd.Stdout, d.cmd.Stderr = out, out
	d.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
	if err := d.cmd.Start(); err != nil {
		d.cmd = nil
		return fmt.Errorf("starting dovecot: %w", err)
	}
	d.exited = make(chan struct{})
	go func(cmd *exec.Cmd, exited chan struct{}) { cmd.Wait(); close(exited) }(d.cmd, d.exited)
	return d.awaitAnswer()
}

func (d *Dovecot) awaitAnswer() error {
	for deadline := time.Now().Add(20 * time.Second); ; {
		client, err := d.dial()
		if err == nil {
			return client.Close()
		}
		select {
		case <-d.exited:
			return fmt.Errorf("dovecot ended at once: %s", d.Log())
		case <-time.After(10 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("dovecot does not answer: %w\n%s", err, d.Log())
		}
	}
}

// Stop kills the server with all its processes, as a crash would: connections are cut. The letters stay.
func (d *Dovecot) Stop() error {
	if d.cmd == nil {
		return nil
	}
	err := syscall.Kill(-d.cmd.Process.Pid, syscall.SIGKILL)
	<-d.exited
	d.cmd = nil
	if err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("stopping dovecot: %w", err)
	}
	return nil
}

// Close ends the server and removes all it had.
func (d *Dovecot) Close() error { return errors.Join(d.Stop(), os.RemoveAll(d.Dir)) }

// Log is what the server logged and printed.
func (d *Dovecot) Log() string {
	text, _ := os.ReadFile(filepath.Join(d.Dir, "dovecot.log"))
	out, _ := os.ReadFile(filepath.Join(d.Dir, "output"))
	return string(text) + string(out)
}

// dial signs in as Username.
func (d *Dovecot) dial() (*imapclient.Client, error) {
	client, err := imapclient.DialInsecure(net.JoinHostPort(d.Host, strconv.Itoa(d.Port)), nil)
	if err != nil {
		return nil, err
	}
	if err := client.Login(d.Username, d.Password).Wait(); err != nil {
		client.Close()
		return nil, err
	}
	return client, nil
}

// Do signs in as Username and lets f act like a person's mail program.
func (d *Dovecot) Do(f func(*imapclient.Client) error) error {
	client, err := d.dial()
	if err != nil {
		return fmt.Errorf("signing in to dovecot: %w", err)
	}
	defer client.Close()
	return f(client)
}

// Append puts messages into a folder, which is created if needed. The zero time means now.
func (d *Dovecot) Append(folder string, internalDate time.Time, messages ...[]byte) error {
	return d.Do(func(client *imapclient.Client) error {
		if folder != "INBOX" {
			_ = client.Create(folder, nil).Wait() // it may exist
		}
		for _, message := range messages {
			cmd := client.Append(folder, int64(len(message)), &imap.AppendOptions{Time: internalDate})
			if _, err := cmd.Write(message); err != nil {
				return err
			}
			if err := cmd.Close(); err != nil {
				return err
			}
			if _, err := cmd.Wait(); err != nil {
				return err
			}
		}
		return nil
	})
}

// Count returns the number of messages in a folder, -1 if there is no such folder or no server.
func (d *Dovecot) Count(folder string) int {
	count := -1
	_ = d.Do(func(client *imapclient.Client) error {
		data, err := client.Status(folder, &imap.StatusOptions{NumMessages: true}).Wait()
		if err == nil {
			count = int(*data.NumMessages)
		}
		return err
	})
	return count
}

// Renumber makes Dovecot forget its indexes: the folder gets another UIDVALIDITY and its letters other UIDs, as after a
// restored backup. INBOX is the account's own directory, other folders are its ".name". Stop the server first.
func (d *Dovecot) Renumber(folder string) error {
	dir := filepath.Join(d.Dir, "mail", d.Username)
	if folder != "INBOX" {
		dir = filepath.Join(dir, "."+strings.ReplaceAll(folder, "/", "."))
	}
	names, err := filepath.Glob(filepath.Join(dir, "dovecot*"))
	for _, name := range names {
		err = errors.Join(err, os.Remove(name))
	}
	return err
}
