package read

import (
	"bytes"
	"fmt"
	"image"
	_ "image/gif"  // format of DecodeConfig
	_ "image/jpeg" // format of DecodeConfig
	_ "image/png"  // format of DecodeConfig

	"okienko/ingest"
	"okienko/ingest/read/kind"
)

// maxPixels is the largest picture anybody may decode here: a small file can unpack to gigabytes.
const maxPixels = 100_000_000

// leastSide is the shorter side, in pixels, below which a picture is a logo and not a page.
const leastSide = 300

// readPicture looks at a picture without decoding it. Its text needs OCR: see Eyes.
func readPicture(w *walker, at int, it item) {
	if !w.deep {
		return
	}
	c, pages, ok := pictureConfig(it.file.data, w.readings[at].Document.MediaType)
	switch {
	case !ok:
		w.problem(at, ingest.ProblemUnreadable, "a damaged picture")
		return
	case c.Width <= 0 || c.Height <= 0 || int64(c.Width)*int64(c.Height) > maxPixels:
		w.problem(at, ingest.ProblemTooLarge, fmt.Sprintf("a picture of %d x %d pixels, over %d", c.Width, c.Height, maxPixels))
		return
	case cutPicture(it.file.data, w.readings[at].Document.MediaType):
		w.problem(at, ingest.ProblemMalformed, "the picture is cut off")
	}
	w.readings[at].Pages = pages
	if min(c.Width, c.Height) >= leastSide {
		for i := range min(pages, maxPages) {
			w.readings[at].Sheets = append(w.readings[at].Sheets, ingest.Sheet{Page: i + 1})
		}
	}
	if k, ok := kind.Portrait(c.Width, c.Height); ok {
		w.readings[at].Kinds = []ingest.Kind{k}
	}
	w.problem(at, ingest.ProblemNoText, fmt.Sprintf("a picture of %d x %d pixels", c.Width, c.Height))
}

// readUnseenPicture is for picture formats that cannot be opened here, HEIC above all.
func readUnseenPicture(w *walker, at int, _ item) {
	w.problem(at, ingest.ProblemUnsupported, w.readings[at].Document.MediaType+" pictures are not opened")
	w.problem(at, ingest.ProblemNoText, "")
}

func pictureConfig(data []byte, media string) (c image.Config, pages int, ok bool) {
	switch media {
	case "image/tiff":
		c, pages = tiffConfig(data)
		return c, pages, pages > 0
	case "image/bmp", "image/webp":
		c, ok = otherConfig(data, media)
		return c, 1, ok
	}
	c, _, err := image.DecodeConfig(bytes.NewReader(data))
	return c, 1, err == nil
}

// cutPicture recognises uploads that broke off: the format's end mark is missing.
func cutPicture(data []byte, media string) bool {
	switch media {
	case "image/jpeg": // cameras add data behind the end, and thumbnails have an end of their own before it
		return bytes.LastIndex(data, []byte{0xFF, 0xD9}) < len(data)/2
	case "image/png":
		return !bytes.Contains(data, []byte("IEND"))
	}
	return false
}
