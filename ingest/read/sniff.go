package read

import (
	"bytes"
	"strings"

	"github.com/gabriel-vasile/mimetype"
)

// sniff returns the media type of a document: by its content where that is recognisable, else by name and declaration.
func sniff(data []byte, name, declared string) string {
	declared, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(declared)), ";")
	found := mimetype.Detect(data)
	media, _, _ := strings.Cut(found.String(), ";")
	switch {
	case bytes.HasPrefix(data, []byte{0x78, 0x9F, 0x3E, 0x22}):
		return "application/vnd.ms-tnef"
	case strings.HasPrefix(media, "application/pkcs7") && (extension(name) == ".p7m" || declared == "application/pkcs7-mime"):
		return "application/pkcs7-mime"
	case media == "application/octet-stream" || len(data) == 0:
		if t := byExtension[extension(name)]; t != "" && generic(declared) {
			return t
		}
		if generic(declared) {
			return "application/octet-stream"
		}
		return declared
	case media == "text/plain":
		return textType(data, name, declared)
	case media == "application/zip" || media == "application/x-ole-storage":
		return container(data, media, name, declared)
	}
	return canonical(media)
}

func generic(media string) bool {
	return media == "" || media == "application/octet-stream" || media == "application/binary" || media == "application/x-download" ||
		media == "application/force-download" || !strings.Contains(media, "/")
}

// textType tells the kinds of plain text apart, which content alone cannot.
func textType(data []byte, name, declared string) string {
	head := bytes.TrimLeft(data[:min(len(data), 512)], "\xEF\xBB\xBF \t\r\n")
	switch {
	case bytes.HasPrefix(head, []byte("<?xml")):
		return "application/xml"
	case bytes.HasPrefix(head, []byte(`{\rtf`)):
		return "text/rtf"
	case bytes.HasPrefix(head, []byte("BEGIN:VCALENDAR")):
		return "text/calendar"
	case bytes.HasPrefix(head, []byte("-----BEGIN PKCS7")), bytes.HasPrefix(head, []byte("-----BEGIN CMS")):
		return "application/pkcs7-mime"
	}
	switch ext := byExtension[extension(name)]; ext {
	case "text/csv", "text/html", "text/calendar", "message/rfc822", "application/xml", "application/pkcs7-signature":
		return ext
	}
	if strings.HasPrefix(declared, "text/") || strings.HasPrefix(declared, "message/") {
		return canonical(declared)
	}
	return "text/plain"
}

// container looks into ZIP and OLE files that mimetype did not tell apart.
func container(data []byte, media, name, declared string) string {
	if media == "application/zip" {
		if t := packageType(data); t != "" {
			return t
		}
		return media
	}
	switch t := byExtension[extension(name)]; t {
	case "application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint", "application/vnd.ms-outlook":
		return t
	}
	if generic(declared) {
		return media
	}
	return declared
}

// packageType recognises ZIP packages by the file "mimetype" that must come first and stored (ODF, ASiC), or by the content
// list of Office Open XML.
func packageType(data []byte) string {
	if len(data) > 38 && bytes.Equal(data[30:38], []byte("mimetype")) {
		rest := data[38:min(len(data), 38+100)]
		for _, t := range []string{
			"application/vnd.etsi.asic-e+zip", "application/vnd.etsi.asic-s+zip", "application/vnd.oasis.opendocument.text",
			"application/vnd.oasis.opendocument.spreadsheet", "application/vnd.oasis.opendocument.presentation",
		} {
			if bytes.Contains(rest, []byte(t)) {
				return t
			}
		}
	}
	return ""
}

// canonical gives synonyms one name.
func canonical(media string) string {
	if c, ok := synonyms[media]; ok {
		return c
	}
	return media
}

var synonyms = map[string]string{
	"text/xml": "application/xml", "application/x-pdf": "application/pdf", "image/jpg": "image/jpeg", "image/pjpeg": "image/jpeg",
	"application/x-zip-compressed": "application/zip", "application/rtf": "text/rtf", "application/x-rtf": "text/rtf",
	"application/x-pkcs7-mime": "application/pkcs7-mime", "application/x-pkcs7-signature": "application/pkcs7-signature",
	"application/x-rar-compressed": "application/vnd.rar", "application/x-rar": "application/vnd.rar", "image/heif": "image/heic",
	"image/x-ms-bmp": "image/bmp", "image/heic-sequence": "image/heic", "image/heif-sequence": "image/heic",
	"text/x-csv": "text/csv", "application/csv": "text/csv", "application/x-tar": "application/x-tar",
	"application/ms-tnef": "application/vnd.ms-tnef", "application/timestamped-data": "application/pkcs7-mime",
}

// byExtension holds the extensions residents send.
var byExtension = map[string]string{
	".pdf": "application/pdf", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".jpe": "image/jpeg", ".png": "image/png", ".gif": "image/gif",
	".bmp": "image/bmp", ".tif": "image/tiff", ".tiff": "image/tiff", ".webp": "image/webp", ".heic": "image/heic", ".heif": "image/heic",
	".zip": "application/zip", ".rar": "application/vnd.rar", ".7z": "application/x-7z-compressed", ".tar": "application/x-tar",
	".gz": "application/gzip", ".tgz": "application/gzip", ".txt": "text/plain", ".csv": "text/csv", ".htm": "text/html",
	".html": "text/html", ".xml": "application/xml", ".rtf": "text/rtf", ".eml": "message/rfc822", ".msg": "application/vnd.ms-outlook",
	".ics": "text/calendar", ".doc": "application/msword", ".xls": "application/vnd.ms-excel", ".ppt": "application/vnd.ms-powerpoint",
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
	".odt":  "application/vnd.oasis.opendocument.text", ".ods": "application/vnd.oasis.opendocument.spreadsheet",
	".p7m": "application/pkcs7-mime", ".p7s": "application/pkcs7-signature", ".sig": "application/pkcs7-signature",
	".asice": "application/vnd.etsi.asic-e+zip", ".sce": "application/vnd.etsi.asic-e+zip", ".asics": "application/vnd.etsi.asic-s+zip",
	".scs": "application/vnd.etsi.asic-s+zip", ".xades": "application/xml", ".mp4": "video/mp4", ".mov": "video/quicktime",
}

// interchangeable media types share extensions without anybody being wrong.
var interchangeable = map[string]string{
	"text/csv": "text/plain", "text/calendar": "text/plain", "message/rfc822": "text/plain", "text/html": "text/plain",
	"application/xml": "text/plain", "application/xhtml+xml": "text/plain", "image/svg+xml": "text/plain", "application/json": "text/plain",
	"text/rtf": "text/plain", "application/pkcs7-signature": "application/pkcs7-mime",
	"application/vnd.etsi.asic-e+zip": "application/zip", "application/vnd.etsi.asic-s+zip": "application/zip",
}

// wrongName says in what way a name contradicts the content, "" if it does not.
func wrongName(name, media string) string {
	ext := extension(name)
	expected := byExtension[ext]
	if expected == "" || media == "application/octet-stream" || media == "application/x-ole-storage" {
		return ""
	}
	if group(expected) == group(media) {
		return ""
	}
	return "named " + ext + ", but it is " + media
}

func group(media string) string {
	if g, ok := interchangeable[media]; ok {
		return g
	}
	return media
}
