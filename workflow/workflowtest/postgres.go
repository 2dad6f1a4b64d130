package workflowtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"okienko/internal/loopback"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// PostgresServer is a PostgreSQL on a loopback port with a data directory of its own. It can be killed and started again. It dies
// with the test binary.
type PostgresServer struct {
	bin, dir string
	port     int
	owner    *syscall.Credential // nil: the user who runs the test; PostgreSQL refuses to run as root
	settings []string

	failed error // it could not be started

	mu        sync.Mutex
	process   *os.Process
	exited    chan struct{}
	databases int  // made so far
	prepared  bool // there is a database "prepared"
}

var shared struct {
	sync.Mutex
	server *PostgresServer
	failed error
}

// sharedServer starts the server at the first call. If that fails, its methods do.
func sharedServer() *PostgresServer {
	shared.Lock()
	defer shared.Unlock()
	if shared.server == nil && shared.failed == nil {
		shared.server, shared.failed = NewPostgres("fsync=off", "full_page_writes=off", "autovacuum=off") // no test cuts the power
	}
	if shared.failed != nil {
		return &PostgresServer{failed: shared.failed}
	}
	return shared.server
}

// Postgres returns the address of a new, empty database on the server that all tests of the binary share. Both go when Main
// ends, which TestMain must therefore call.
func Postgres(tb testing.TB) string {
	tb.Helper()
	url, err := sharedServer().newDatabase("template1")
	if err != nil {
		tb.Fatal(err)
	}
	return url
}

// PostgresLike is Postgres with a database that is a copy of one on which prepare, such as a migration, ran. It runs once, which
// saves most of the time of a short test; so every call of a binary must pass the same prepare.
func PostgresLike(tb testing.TB, prepare func(url string) error) string {
	tb.Helper()
	server := sharedServer()
	if err := server.prepare(prepare); err != nil {
		tb.Fatal(err)
	}
	url, err := server.newDatabase("prepared")
	if err != nil {
		tb.Fatal(err)
	}
	return url
}

// Main is the TestMain of a package whose tests use Postgres: it runs them, stops the server, calls after and exits.
func Main(m *testing.M, after ...func()) {
	code := m.Run()
	for _, f := range after {
		f()
	}
	if shared.server != nil {
		shared.server.Close()
	}
	os.Exit(code)
}

// NewPostgres makes a data directory and starts a server, durable unless the settings ("fsync=off") say otherwise. The caller
// closes it.
func NewPostgres(settings ...string) (*PostgresServer, error) {
	bin, err := postgresPrograms()
	if err != nil {
		return nil, err
	}
	s := &PostgresServer{bin: bin, settings: settings}
	if err := s.init(); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

func (s *PostgresServer) init() error {
	var err error
	if s.dir, err = os.MkdirTemp("", "okienko-postgres-"); err != nil {
		return err
	}
	if s.port, err = loopback.FreePort(); err != nil {
		return err
	}
	if os.Geteuid() == 0 {
		if s.owner, err = loopback.Credential("postgres"); err != nil {
			return fmt.Errorf("PostgreSQL does not run as root: %w (apt-get install postgresql)", err)
		}
		if err := os.Chown(s.dir, int(s.owner.Uid), int(s.owner.Gid)); err != nil {
			return err
		}
	}
	initdb := exec.Command(filepath.Join(s.bin, "initdb"), "--pgdata", s.data(), "--username", "postgres", "--auth", "trust",
		"--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync")
	initdb.Dir = s.dir
	initdb.SysProcAttr = &syscall.SysProcAttr{Credential: s.owner}
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	return s.Start()
}

func (s *PostgresServer) data() string { return filepath.Join(s.dir, "data") }

// postgresPrograms finds the newest installed server: Debian keeps its programs out of PATH.
func postgresPrograms() (string, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	slices.SortFunc(found, func(a, b string) int { return postgresVersion(b) - postgresVersion(a) })
	if len(found) > 0 {
		return filepath.Dir(found[0]), nil
	}
	path, err := exec.LookPath("postgres")
	if err != nil {
		return "", errors.New("PostgreSQL is not installed: apt-get install postgresql")
	}
	return filepath.Dir(path), nil
}

func postgresVersion(path string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path))))
	return n
}

// Start starts the server after Kill or Stop and waits until it answers. After a kill it may have to try more than once, until
// the last of the old server's processes has noticed.
func (s *PostgresServer) Start() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.process != nil {
		return errors.New("PostgreSQL runs already")
	}
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		err := s.start()
		if err == nil || time.Now().After(deadline) || !bytes.Contains(s.log(), []byte("is still in use")) {
			return err
		}
	}
}

func (s *PostgresServer) start() error {
	started := make(chan error)
	s.exited = make(chan struct{})
	go s.run(started, s.exited)
	err := <-started
	if err == nil {
		err = s.wait()
	}
	if err == nil {
		return nil
	}
	if s.process != nil {
		s.process.Kill()
		<-s.exited
		s.process = nil
	}
	return fmt.Errorf("starting PostgreSQL: %w", err)
}

// run keeps its thread: the kernel kills the server when the thread that started it ends, which is with the test binary.
func (s *PostgresServer) run(started chan<- error, exited chan<- struct{}) {
	runtime.LockOSThread()
	defer close(exited)
	args := []string{"-D", s.data(), "-p", strconv.Itoa(s.port), "-c", "listen_addresses=127.0.0.1",
		"-c", "unix_socket_directories=", "-c", "max_connections=200"}
	for _, setting := range s.settings {
		args = append(args, "-c", setting)
	}
	cmd := exec.Command(filepath.Join(s.bin, "postgres"), args...)
	cmd.Dir = s.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: s.owner, Pdeathsig: syscall.SIGQUIT, Setpgid: true}
	log, err := os.OpenFile(filepath.Join(s.dir, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		started <- err
		return
	}
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	err = cmd.Start()
	s.process = cmd.Process
	started <- err
	if err == nil {
		cmd.Wait()
	}
}

func (s *PostgresServer) wait() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for {
		conn, err := pgx.Connect(ctx, s.address("postgres"))
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-s.exited:
			return fmt.Errorf("PostgreSQL ended at once:\n%s", s.log())
		case <-ctx.Done():
			return fmt.Errorf("PostgreSQL does not answer: %w\n%s", err, s.log())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (s *PostgresServer) log() []byte {
	text, _ := os.ReadFile(filepath.Join(s.dir, "log"))
	return text[max(0, len(text)-1000):]
}

func (s *PostgresServer) address(database string) string {
	return fmt.Sprintf("postgres://postgres@127.0.0.1:%d/%s?sslmode=disable", s.port, database)
}

// Kill kills the server and all its processes without warning.
func (s *PostgresServer) Kill() {
	s.end(func(p *os.Process) { syscall.Kill(-p.Pid, syscall.SIGKILL) })
}

// Stop ends the server in order, cutting its connections off.
func (s *PostgresServer) Stop() {
	s.end(func(p *os.Process) { p.Signal(syscall.SIGINT) })
}

func (s *PostgresServer) end(how func(*os.Process)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.process == nil {
		return
	}
	how(s.process)
	<-s.exited
	s.process = nil
}

// Close stops the server and removes its data.
func (s *PostgresServer) Close() {
	s.Stop()
	os.RemoveAll(s.dir)
}

// Database makes an empty database and returns its address. It stays until the server is closed: dropping it would take longer
// than most tests, since PostgreSQL makes a checkpoint of everything for it.
func (s *PostgresServer) Database() (string, error) { return s.newDatabase("template1") }

func (s *PostgresServer) newDatabase(template string) (string, error) {
	if s.failed != nil {
		return "", s.failed
	}
	s.mu.Lock()
	defer s.mu.Unlock() // also because a template can be copied once at a time
	s.databases++
	name := "test" + strconv.Itoa(s.databases)
	if err := s.execute("CREATE DATABASE " + name + " STRATEGY FILE_COPY TEMPLATE " + template); err != nil {
		return "", fmt.Errorf("making a database: %w", err)
	}
	return s.address(name), nil
}

func (s *PostgresServer) prepare(prepare func(url string) error) error {
	if s.failed != nil {
		return s.failed
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.prepared {
		return nil
	}
	err := s.execute("CREATE DATABASE prepared")
	if err == nil {
		err = prepare(s.address("prepared"))
	}
	s.prepared = err == nil
	return err
}

func (s *PostgresServer) execute(sql string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.address("postgres"))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, strings.TrimSpace(sql))
	return err
}
