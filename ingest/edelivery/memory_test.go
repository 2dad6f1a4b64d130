package edelivery_test

import (
	"runtime"
	"runtime/debug"
	"sync"
	"testing"
	"time"

	"okienko/ingest/edelivery"
	"okienko/ingest/edelivery/edeliverytest"
)

func TestAttachmentsOfAnySizeKeepMemoryFlat(t *testing.T) {
	for how, size := range map[edelivery.Transfer]int64{edelivery.OctetStream: 500 << 20, edelivery.JSON: 100 << 20} {
		t.Run(string(how), func(t *testing.T) {
			s, o := start(t), &office{}
			l := letter("duży plik")
			l.Files = []edeliverytest.File{{Name: "mapa.tif", MediaType: "image/tiff", Size: size}}
			deliver(t, s, l)
			peak := watchMemory(t)
			run(t, config(s, func(c *edelivery.Config) { c.Attachments = how }), o)
			registered(t, o, 1)
			got, want := o.all()[0].parts[0], o.all()[0]
			if got.size != size || len(want.parts) != 4 {
				t.Errorf("%d bytes, %d parts", got.size, len(want.parts))
			}
			grown := peak()
			t.Logf("%d MB by %s: the heap grew by %.1f MB at most", size>>20, how, float64(grown)/(1<<20))
			if grown > 32<<20 {
				t.Errorf("the heap grew by %d MB", grown>>20)
			}
		})
	}
}

// watchMemory looks at the heap, simulator included, until peak is called, which tells by how much it grew at most.
func watchMemory(t *testing.T) (peak func() uint64) {
	t.Helper()
	runtime.GC()
	old := debug.SetGCPercent(20)
	t.Cleanup(func() { debug.SetGCPercent(old) })
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	began, highest := heap(), uint64(0)
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		ticker := time.NewTicker(5 * time.Millisecond)
		defer ticker.Stop()
		for {
			highest = max(highest, heap())
			select {
			case <-stop:
				return
			case <-ticker.C:
			}
		}
	}()
	end := sync.OnceFunc(func() { close(stop); <-stopped })
	t.Cleanup(end)
	return func() uint64 {
		end()
		return highest - min(began, highest)
	}
}
