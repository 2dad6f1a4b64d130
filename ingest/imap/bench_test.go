package imap_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"runtime"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"okienko/ingest"
	"okienko/ingest/imap"
	"okienko/ingest/imap/imaptest"
	"okienko/internal/board"
)

// BenchmarkSource takes and moves all letters of a mailbox with an accept that only reads them, and beside it fetches the
// same letters in a plain loop that neither checks nor moves. Run with -benchtime 1x.
func BenchmarkSource(b *testing.B) {
	for _, size := range []struct {
		name         string
		bytes, count int
	}{
		{"12KB", 12 << 10, 4000},
		{"200KB", 200 << 10, 500},
		{"2MB", 2 << 20, 50},
	} {
		b.Run("dovecot/"+size.name, func(b *testing.B) {
			server := startDovecot(b)
			fill(b, size.count, size.bytes, func(m ...[]byte) error { return server.Append("INBOX", time.Time{}, m...) })
			benchmark(b, dovecotConfig(server), size.count)
		})
		b.Run("memory/"+size.name, func(b *testing.B) {
			server := startMemory(b)
			fill(b, size.count, size.bytes, func(m ...[]byte) error { return appendAll(server, "INBOX", m...) })
			benchmark(b, memoryConfig(server), size.count)
		})
	}
}

func appendAll(m *imaptest.Memory, folder string, messages ...[]byte) error {
	for _, message := range messages {
		if err := m.Append(folder, message, time.Time{}); err != nil {
			return err
		}
	}
	return nil
}

func fill(b *testing.B, count, size int, add func(...[]byte) error) {
	b.Helper()
	var some [][]byte
	for i := range count {
		some = append(some, mail(i, size))
		if len(some) == 50 || i == count-1 {
			if err := add(some...); err != nil {
				b.Fatal(err)
			}
			some = nil
		}
	}
}

func benchmark(b *testing.B, cfg imap.Config, count int) {
	plain := plainFetch(b, cfg, count)
	peak := watchHeap()
	b.ResetTimer()
	start := time.Now()
	takeAll(b, cfg, count)
	took := time.Since(start)
	b.StopTimer()
	b.ReportMetric(float64(count)/took.Seconds(), "letters/s")
	b.ReportMetric(float64(count)/plain.Seconds(), "plain-fetch/s")
	b.ReportMetric(float64(peak())/(1<<20), "heap-MB")
	b.ReportMetric(0, "ns/op")
}

func takeAll(b *testing.B, cfg imap.Config, count int) {
	source, err := imap.New(cfg, newLedger(), nil)
	if err != nil {
		b.Fatal(err)
	}
	var taken atomic.Int64
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	go func() {
		for source.Status().Phase != board.Idle {
			time.Sleep(time.Millisecond)
		}
		cancel()
	}()
	err = source.Fetch(ctx, func(_ context.Context, e ingest.Envelope) error {
		_, err := io.Copy(io.Discard, e.Body)
		taken.Add(1)
		return err
	})
	if err != nil || taken.Load() != int64(count) {
		b.Fatalf("taken %d of %d letters: %v", taken.Load(), count, err)
	}
}

func plainFetch(b *testing.B, cfg imap.Config, count int) time.Duration {
	client, err := imapclient.DialInsecure(net.JoinHostPort(cfg.Host, strconv.Itoa(cfg.Port)), nil)
	if err != nil {
		b.Fatal(err)
	}
	defer client.Close()
	if err := client.Login(cfg.Username, string(cfg.Password)).Wait(); err != nil {
		b.Fatal(err)
	}
	if _, err := client.Select("INBOX", nil).Wait(); err != nil {
		b.Fatal(err)
	}
	start := time.Now()
	for first := 1; first <= count; first += 50 {
		var set goimap.SeqSet
		set.AddRange(uint32(first), uint32(first+49))
		cmd := client.Fetch(set, &goimap.FetchOptions{UID: true, BodySection: []*goimap.FetchItemBodySection{{Peek: true}}})
		for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
			for item := msg.Next(); item != nil; item = msg.Next() {
				if part, ok := item.(imapclient.FetchItemDataBodySection); ok {
					io.Copy(io.Discard, part.Literal)
				}
			}
		}
		if err := cmd.Close(); err != nil {
			b.Fatal(fmt.Errorf("plain fetch: %w", err))
		}
	}
	return time.Since(start)
}

// watchHeap samples the heap in use; the returned function ends it and returns the growth to the largest sample.
func watchHeap() (peak func() uint64) {
	runtime.GC()
	inUse := func() uint64 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapInuse
	}
	before, stop, result := inUse(), make(chan struct{}), make(chan uint64)
	go func() {
		highest := before
		for {
			select {
			case <-stop:
				result <- highest - before
				return
			case <-time.After(5 * time.Millisecond):
				highest = max(highest, inUse())
			}
		}
	}()
	return func() uint64 { close(stop); return <-result }
}
