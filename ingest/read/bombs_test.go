package read

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"okienko/ingest"
	"okienko/ingest/sandbox"
)

// TestBombsLeaveTheServerAlone gives the real children what is made to kill a reader, one after the other, through all that the
// program does with a letter: examining, drawing pages for OCR. Each letter says what is wrong with it, the file beside the bomb
// is read, and the memory of this process, which is the server here, stays flat. It runs before all parallel tests.
func TestBombsLeaveTheServerAlone(t *testing.T) {
	c, e := newEyes(t, sandbox.Config{Children: 1, Timeout: 30 * time.Second, Memory: 384 << 20})
	const beside = "Dzień dobry, to jest zwykły list."
	seen(t, c, e, beside) // starts the child
	bombs := allBombs(t)
	server := watchMemory(t)
	for _, b := range bombs {
		began := time.Now()
		contents := seen(t, c, e, string(b.data), beside)
		if got := problemCodes(contents); !slices.ContainsFunc(b.want, func(p ingest.ProblemCode) bool { return slices.Contains(got, p) }) {
			t.Errorf("%s: got the problems %v, want one of %v", b.name, got, b.want)
		}
		t.Logf("%s: %.1f s", b.name, time.Since(began).Seconds())
		if last := contents.Readings[len(contents.Readings)-1]; last.Text != beside {
			t.Errorf("%s: the file beside it is not read: %+v", b.name, last)
		}
	}
	heap, resident := server.grown()
	t.Logf("%d bombs: the server's heap grew by %d KiB, its resident memory by %d KiB at its highest", len(bombs), heap>>10, resident>>10)
	const mostHeap, mostResident = 8 << 20, 96 << 20
	if heap > mostHeap || resident > mostResident {
		t.Errorf("the server grew by %d bytes of heap and %d resident, at most %d and %d are allowed", heap, resident, mostHeap, mostResident)
	}
}

type bombFile struct {
	name string
	data []byte
	want []ingest.ProblemCode // one of them
}

func allBombs(t *testing.T) []bombFile {
	t.Helper()
	nested := zipOf(t, zipEntry{name: "dno.txt", data: bomb(20)})
	for i := range 6 {
		nested = zipOf(t, zipEntry{name: fmt.Sprintf("%d-a.zip", i), data: nested}, zipEntry{name: fmt.Sprintf("%d-b.zip", i), data: nested})
	}
	codes := func(all ...ingest.ProblemCode) []ingest.ProblemCode { return all }
	tooLarge := codes(ingest.ProblemTooLarge)
	broken := codes(ingest.ProblemUnreadable, ingest.ProblemMalformed)
	killed := codes(ingest.ProblemUnreadable, ingest.ProblemMalformed, ingest.ProblemTooLarge, ingest.ProblemReaderDied)
	letter := pdfOf("Wniosek")
	return []bombFile{
		{"a ZIP in a ZIP, six deep and twice as wide each time", nested, tooLarge},
		{"a ZIP of zeros", zipOf(t, zipEntry{name: "a.txt", data: bomb(64)}), tooLarge},
		{"a ZIP whose files share their bytes", overlapping(t), codes(ingest.ProblemSuspicious)},
		{"an encrypted file in a ZIP", zipOf(t, zipEntry{name: "a.pdf", data: []byte("xxx"), flags: 1}), codes(ingest.ProblemEncrypted)},
		{"a PNG of 20,000 x 20,000 pixels", hugePNG(), tooLarge},
		{"a PNG of zeros, 7,000 x 7,100", pngOf(t, 7000, 7100), codes(ingest.ProblemBlank, ingest.ProblemReaderDied, ingest.ProblemNoText)},
		{"a JPEG of 65,535 x 65,535 pixels", append([]byte("\xFF\xD8\xFF\xE0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xFF\xC0\x00\x0B\x08\xFF\xFF\xFF\xFF\x01\x01\x11\x00"), make([]byte, 200)...), tooLarge},
		{"a TIFF of 60,000 x 60,000 pixels", tiffClaiming(60_000, 60_000), tooLarge},
		{"a TIFF whose directories go round", tiffClaiming(8, 8), codes(ingest.ProblemNoText, ingest.ProblemUnreadable, ingest.ProblemBlank)},
		{"a PDF of arrays 500,000 deep", deepPDF(500_000), append(killed, ingest.ProblemNoText, ingest.ProblemBlank)},
		{"a PDF whose page is a kilometre wide", pdfWith("[0 0 3000000 3000000]", "", "0 0 100 100 re f"), codes(ingest.ProblemNoText, ingest.ProblemReaderDied, ingest.ProblemBlurred, ingest.ProblemBlank)},
		{"a PDF that says it has a million pages", countedPDF(1_000_000), append(killed, ingest.ProblemNoText)},
		{"a PDF whose pages are their own parents", loopingPDF(), killed},
		{"a PDF whose page unpacks to 10 MB", pdfWith("[0 0 595 842]", "/Filter /FlateDecode", packed(10)), append(killed, ingest.ProblemNoText, ingest.ProblemBlank)},
		{"a PDF cut in its middle", letter[:len(letter)/3], append(broken, ingest.ProblemNoText)},
		{"a PDF locked with a password", lockedPDF(), codes(ingest.ProblemEncrypted, ingest.ProblemUnreadable)},
		{"a PNG cut in its middle", pngOf(t, 2000, 3000)[:300], broken},
	}
}

// tiffClaiming is a TIFF of one page that says it is so large, and that the next page is this one.
func tiffClaiming(w, h uint32) []byte {
	b := []byte("II*\x00\x08\x00\x00\x00\x09\x00")
	for _, e := range [][2]uint32{{256, w}, {257, h}, {258, 8}, {259, 1}, {262, 1}, {273, 8}, {277, 1}, {278, h}, {279, 64}} {
		b = binary.LittleEndian.AppendUint16(b, uint16(e[0]))
		b = binary.LittleEndian.AppendUint16(b, 4)
		b = binary.LittleEndian.AppendUint32(b, 1)
		b = binary.LittleEndian.AppendUint32(b, e[1])
	}
	return append(binary.LittleEndian.AppendUint32(b, 8), make([]byte, 64)...)
}

// packed is a stream of a drawing that unpacks to so many megabytes.
func packed(megabytes int) string {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	piece := bytes.Repeat([]byte("0 0 1 1 re f\n"), (1<<20)/13)
	for range megabytes {
		if _, err := w.Write(piece); err != nil {
			panic(err)
		}
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return b.String()
}

// pdfWith is a PDF of one page of that size and content.
func pdfWith(box, filter, content string) []byte {
	var p pdfFile
	catalog := p.add("<< /Type /Catalog /Pages 2 0 R >>")
	p.add("<< /Type /Pages /Count 1 /Kids [3 0 R] >>")
	p.add("<< /Type /Page /Parent 2 0 R /MediaBox " + box + " /Contents 4 0 R >>")
	p.stream(filter, content)
	return p.bytes(catalog, "")
}

func deepPDF(depth int) []byte {
	var p pdfFile
	catalog := p.add("<< /Type /Catalog /Pages 2 0 R >>")
	p.add("<< /Type /Pages /Count 1 /Kids [3 0 R] >>")
	p.add("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents " + strings.Repeat("[", depth) + strings.Repeat("]", depth) + " >>")
	return p.bytes(catalog, "")
}

func countedPDF(pages int) []byte {
	var p pdfFile
	catalog := p.add("<< /Type /Catalog /Pages 2 0 R >>")
	p.add(fmt.Sprintf("<< /Type /Pages /Count %d /Kids [%s] >>", pages, strings.Repeat("3 0 R ", 3)))
	p.add("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>")
	return p.bytes(catalog, "")
}

func loopingPDF() []byte {
	var p pdfFile
	catalog := p.add("<< /Type /Catalog /Pages 2 0 R >>")
	p.add("<< /Type /Pages /Count 3 /Parent 3 0 R /Kids [3 0 R 2 0 R] >>")
	p.add("<< /Type /Pages /Count 3 /Parent 2 0 R /Kids [2 0 R 3 0 R] >>")
	return p.bytes(catalog, "")
}

// lockedPDF has the dictionary of the standard security handler, whose password nobody knows.
func lockedPDF() []byte {
	var p pdfFile
	catalog := p.add("<< /Type /Catalog /Pages 2 0 R >>")
	p.add("<< /Type /Pages /Count 1 /Kids [3 0 R] >>")
	p.add("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>")
	key := strings.Repeat("5A", 32)
	p.add("<< /Filter /Standard /V 2 /R 3 /Length 128 /P -44 /O <" + key + "> /U <" + key + "> >>")
	return p.bytes(catalog, "/Encrypt 4 0 R /ID [<"+key+"> <"+key+">]")
}

func problemCodes(c ingest.Contents) []ingest.ProblemCode {
	var all []ingest.ProblemCode
	for _, p := range c.Problems {
		all = append(all, p.Code)
	}
	for _, r := range c.Readings {
		for _, p := range r.Problems {
			all = append(all, p.Code)
		}
	}
	return all
}

// memoryWatch measures this process against what it used when the watch began.
type memoryWatch struct {
	heap, resident uint64
	peak           chan uint64
	stop           context.CancelFunc
}

func watchMemory(t *testing.T) memoryWatch {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	w := memoryWatch{heap: heapInUse(), resident: residentNow(t), peak: make(chan uint64), stop: stop}
	go func() {
		var most uint64
		for ctx.Err() == nil {
			most = max(most, residentNow(t))
			time.Sleep(5 * time.Millisecond)
		}
		w.peak <- most
	}()
	return w
}

// grown is how far the heap is above the beginning after a collection, and how far the resident memory was at its highest.
func (w memoryWatch) grown() (heap, resident uint64) {
	w.stop()
	above := func(now, then uint64) uint64 { return max(now, then) - then }
	return above(heapInUse(), w.heap), above(<-w.peak, w.resident)
}

func heapInUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse
}

// residentNow reads the resident memory of this process from Linux (proc(5), statm).
func residentNow(t *testing.T) uint64 {
	data, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Error(err)
		return 0
	}
	var size, resident uint64
	if _, err := fmt.Sscan(string(data), &size, &resident); err != nil {
		t.Error(err)
	}
	return resident * uint64(os.Getpagesize())
}
