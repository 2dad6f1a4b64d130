package scan

import (
	"bytes"
	"strings"
)

// The kinds of file a scanner writes.
const (
	mediaPDF  = "application/pdf"
	mediaTIFF = "image/tiff"
	mediaJPEG = "image/jpeg"
	mediaPNG  = "image/png"
)

// headBytes is how much of a file mediaType looks at: a PDF may begin with up to 1024 other bytes.
const headBytes = 1024 + 5

// mediaType tells what a file is from its first bytes; "" if it is no scan. Names are not asked: scanners name as they like.
func mediaType(head []byte) string {
	has := func(prefix string) bool { return strings.HasPrefix(string(head), prefix) }
	switch {
	case bytes.Contains(head, []byte("%PDF-")):
		return mediaPDF
	case has("II*\x00"), has("MM\x00*"):
		return mediaTIFF
	case has("\xFF\xD8\xFF"):
		return mediaJPEG
	case has("\x89PNG\r\n\x1a\n"):
		return mediaPNG
	}
	return ""
}
