package sandbox

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
)

type rawJSON = json.RawMessage

// A frame on the pipes is one byte of kind, four bytes of length (big endian) and the payload.
type kind byte

const (
	frameStart   kind = 'S' // parent: limits
	frameHello   kind = 'H' // child: hello
	frameTask    kind = 'T' // parent: head
	frameBody    kind = 'B' // parent: a piece of a body
	frameNote    kind = 'N' // child: what it has in hand
	frameOut     kind = 'O' // child: raw output
	frameAnswer  kind = 'A' // child: the JSON answer, ends the task
	frameFailure kind = 'F' // child: failure, ends the task
)

// chunk is how much of a body or of raw output goes into one frame.
const chunk = 256 << 10

// smallFrame bounds every frame but an answer.
const smallFrame = 1 << 20

func writeFrame(w *bufio.Writer, k kind, payload []byte) error {
	var h [5]byte
	h[0] = byte(k)
	binary.BigEndian.PutUint32(h[1:], uint32(len(payload)))
	if _, err := w.Write(h[:]); err != nil {
		return err
	}
	_, err := w.Write(payload)
	return err
}

func writeJSON(w *bufio.Writer, k kind, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if err := writeFrame(w, k, b); err != nil {
		return err
	}
	return w.Flush()
}

// readHeader reads kind and length; the payload must be read next.
func readHeader(r *bufio.Reader) (kind, int64, error) {
	var h [5]byte
	if _, err := io.ReadFull(r, h[:]); err != nil {
		return 0, 0, err
	}
	return kind(h[0]), int64(binary.BigEndian.Uint32(h[1:])), nil
}

// readFrame reads one frame of at most limit bytes.
func readFrame(r *bufio.Reader, limit func(kind) int64) (kind, []byte, error) {
	k, n, err := readHeader(r)
	if err != nil {
		return 0, nil, err
	}
	if m := limit(k); n > m {
		return k, nil, fmt.Errorf("frame %q of %d bytes: at most %d are allowed", k, n, m)
	}
	b := make([]byte, n)
	if _, err := io.ReadFull(r, b); err != nil {
		return k, nil, err
	}
	return k, b, nil
}

func small(kind) int64 { return smallFrame }
