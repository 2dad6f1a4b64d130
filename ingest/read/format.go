package read

import (
	"bytes"
	"strings"

	"okienko/ingest"
)

// format reads one document, already listed at index at: it sets its text, problems, pages, and walks what lies inside.
type format func(w *walker, at int, it item)

// formats returns a format for each media type that is opened here. What is not in it is listed with the reason.
func formats() map[string]format {
	return map[string]format{
		"application/pdf": readPDF,
		"application/zip": readZIP,
		"application/vnd.openxmlformats-officedocument.wordprocessingml.document":   readDOCX,
		"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":         readXLSX,
		"application/vnd.openxmlformats-officedocument.presentationml.presentation": readPPTX,
		"application/vnd.oasis.opendocument.text":                                   readODF,
		"application/vnd.oasis.opendocument.spreadsheet":                            readODF,
		"application/vnd.oasis.opendocument.presentation":                           readODF,
		"application/vnd.etsi.asic-e+zip":                                           readZIP,
		"application/vnd.etsi.asic-s+zip":                                           readZIP,
		"application/gzip":                                                          readGZIP,
		"application/x-tar":                                                         readTAR,
		"application/vnd.ms-tnef":                                                   readTNEF,
		"application/pkcs7-mime":                                                    readCMS,
		"application/pkcs7-signature":                                               readCMS,
		"application/xml":                                                           readXML,
		"message/rfc822":                                                            readNestedMail,
		"message/delivery-status":                                                   readPlain,
		"message/disposition-notification":                                          readPlain,
		"text/rtf":                                                                  readRTF,
		"text/html":                                                                 readHTML,
		"application/xhtml+xml":                                                     readHTML,
		"application/msword":                                                        readOLE,
		"application/vnd.ms-excel":                                                  readOLE,
		"application/vnd.ms-powerpoint":                                             readOLE,
		"application/vnd.ms-outlook":                                                readOLE,
		"application/x-ole-storage":                                                 readOLE,
		"image/jpeg":                                                                readPicture,
		"image/png":                                                                 readPicture,
		"image/gif":                                                                 readPicture,
		"image/bmp":                                                                 readPicture,
		"image/tiff":                                                                readPicture,
		"image/webp":                                                                readPicture,
		"image/heic":                                                                readUnseenPicture,
		"image/avif":                                                                readUnseenPicture,
	}
}

func (r *Reader) formatOf(media string) format {
	if f, ok := r.formats[media]; ok {
		return f
	}
	switch {
	case strings.HasPrefix(media, "text/"):
		return readPlain
	case strings.HasPrefix(media, "image/"):
		return readUnseenPicture
	case strings.HasSuffix(media, "+xml"):
		return readXML
	}
	return readUnsupported
}

func readUnsupported(w *walker, at int, it item) {
	w.problem(at, ingest.ProblemUnsupported, w.readings[at].Document.MediaType+" is recognised, its text is not read")
}

func readPlain(w *walker, at int, it item) {
	if w.deep {
		w.setText(at, decodeText(it.file.data, it.charset))
	}
}

func readHTML(w *walker, at int, it item) {
	if w.deep {
		w.setText(at, htmlToText(it.file.data, it.charset))
	}
}

// htmlToText decodes HTML: a charset named in the page counts when the sender names none.
func htmlToText(data []byte, charset string) string {
	if charset == "" {
		charset = metaCharset(data)
	}
	return htmlText(strings.NewReader(decodeText(data, charset)))
}

// metaCharset finds charset= in the first kilobyte of a page.
func metaCharset(data []byte) string {
	head := bytes.ToLower(data[:min(len(data), 1024)])
	i := bytes.Index(head, []byte("charset="))
	if i < 0 {
		return ""
	}
	name := bytes.TrimLeft(head[i+len("charset="):], `"' `)
	if end := bytes.IndexAny(name, `"'> ;/`); end >= 0 {
		name = name[:end]
	}
	return string(name)
}
