package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"okienko/ingest/imap/imaptest"
	"okienko/workflow/reply/smtpsink"
)

// benchMailboxCmd is the other side of the benchmark, in a process of its own so that its memory is not the server's.
type benchMailboxCmd struct {
	Count int `arg:"" help:"Letters."`
}

// benchAddresses is what the mailbox process prints.
type benchAddresses struct {
	Host     string
	Port     int
	Username string
	Password string
	SMTP     string
}

// Run serves until standard input ends.
func (b *benchMailboxCmd) Run(out streams) error {
	m, err := imaptest.StartMemory(imaptest.MemoryOptions{})
	if err != nil {
		return err
	}
	defer m.Close()
	for n := range b.Count {
		mail, err := benchMail(n)
		if err != nil {
			return err
		}
		if err := m.Append("INBOX", mail, time.Now()); err != nil {
			return err
		}
	}
	sink, err := smtpsink.Listen("127.0.0.1:0", "")
	if err != nil {
		return err
	}
	defer sink.Close()
	if err := json.NewEncoder(out.out).Encode(benchAddresses{m.Host, m.Port, m.Username, m.Password, sink.Addr()}); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

// benchMailbox is a running mailbox process.
type benchMailbox struct {
	benchAddresses
	cmd   *exec.Cmd
	stdin io.Closer
}

func startBenchMailbox(ctx context.Context, count int) (*benchMailbox, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, self, "bench", "mailbox", strconv.Itoa(count))
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	m := &benchMailbox{cmd: cmd, stdin: stdin}
	if err := json.NewDecoder(stdout).Decode(&m.benchAddresses); err != nil {
		m.close()
		return nil, fmt.Errorf("start the mailbox: %w", err)
	}
	return m, nil
}

func (m *benchMailbox) close() {
	m.stdin.Close()
	_ = m.cmd.Wait() // it was told to end; how it did says nothing about the measure
}

func (m *benchMailbox) address() benchAddresses { return m.benchAddresses }

// benchFetch reads every letter of the mailbox in batches, as the connector does, and throws it away: letters a second.
func benchFetch(a benchAddresses) (float64, error) {
	c, err := imapclient.DialInsecure(net.JoinHostPort(a.Host, strconv.Itoa(a.Port)), nil)
	if err != nil {
		return 0, err
	}
	defer c.Close()
	if err := c.Login(a.Username, a.Password).Wait(); err != nil {
		return 0, err
	}
	box, err := c.Select("INBOX", nil).Wait()
	if err != nil {
		return 0, err
	}
	const batch = 50
	began := time.Now()
	for from := uint32(1); from <= box.NumMessages; from += batch {
		var set imap.SeqSet
		set.AddRange(from, min(from+batch-1, box.NumMessages))
		if err := discard(c.Fetch(set, &imap.FetchOptions{UID: true, InternalDate: true,
			BodySection: []*imap.FetchItemBodySection{{Peek: true}}})); err != nil {
			return 0, err
		}
	}
	return float64(box.NumMessages) / time.Since(began).Seconds(), nil
}

// discard streams the bodies of an answer into nothing.
func discard(cmd *imapclient.FetchCommand) error {
	for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
		for item := msg.Next(); item != nil; item = msg.Next() {
			if body, ok := item.(imapclient.FetchItemDataBodySection); ok {
				if _, err := io.Copy(io.Discard, body.Literal); err != nil {
					return err
				}
			}
		}
	}
	return cmd.Close()
}
