package main

import (
	"fmt"
	"path"
	"strings"
	"time"
)

// mediaTypes by the kind of a file.
var mediaTypes = map[string]string{
	"pdf": "application/pdf", "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "heic": "image/heic",
	"zip": "application/zip", "eml": "message/rfc822", "txt": "text/plain", "csv": "text/csv", "html": "text/html",
	"docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	"odt":  "application/vnd.oasis.opendocument.text",
	"ics":  "text/calendar", "vcf": "text/vcard", "p7s": "application/pkcs7-signature",
}

// kind is what the file really is: the flag kind, or the ending of its name.
func (s *section) kind() string {
	if k := s.flags["kind"]; k != "" {
		return k
	}
	return strings.ToLower(strings.TrimPrefix(path.Ext(s.name), "."))
}

func (s *section) mediaType() string {
	if t := s.flags["type"]; t != "" {
		return t
	}
	if t := mediaTypes[strings.ToLower(strings.TrimPrefix(path.Ext(s.name), "."))]; t != "" {
		return t
	}
	return "application/octet-stream"
}

func (s *section) contentID() string { return hexName(s.name, 6) + "@mail.example" }

// entity is the attachment as a part of a mail. The flag "part" makes a part without a name, its text as it stands.
func (s *section) entity(name string, at time.Time) (entity, error) {
	raw, err := s.bytes(name, at)
	if err != nil {
		return entity{}, err
	}
	if s.has("part") || s.kind() == "eml" {
		e := entity{fields: []string{"Content-Type: " + s.mediaType()}, body: raw}
		if !s.has("part") {
			e.fields = append(e.fields, "Content-Disposition: attachment;\r\n "+fileParameter("filename", s.name, s.flags["name"]))
		}
		return e, nil
	}
	kind := "Content-Type: " + s.mediaType()
	if s.flags["name"] == "2047" || s.flags["name"] == "raw" {
		kind += ";\r\n " + fileParameter("name", s.name, s.flags["name"])
	}
	e := entity{
		fields: []string{kind, "Content-Transfer-Encoding: base64", "Content-Disposition: attachment;\r\n " + fileParameter("filename", s.name, s.flags["name"])},
		body:   encodeTransfer("base64", raw),
	}
	if s.has("inline") {
		e.fields[2] = strings.Replace(e.fields[2], "attachment", "inline", 1)
		e.fields = append(e.fields, "Content-ID: <"+s.contentID()+">")
	}
	return e, nil
}

// bytes makes the file. Flags that spoil it: empty, cut=0.4 (keep that share of the bytes).
func (s *section) bytes(name string, at time.Time) ([]byte, error) {
	if s.has("empty") {
		return nil, nil
	}
	raw, err := s.make(name, at)
	if err != nil || !s.has("cut") {
		return raw, err
	}
	return raw[:int(float64(len(raw))*s.number("cut", 0.5))], nil
}

func (s *section) make(name string, at time.Time) ([]byte, error) {
	switch kind := s.kind(); kind {
	case "pdf":
		return s.pdf(name, at)
	case "jpg", "jpeg", "png":
		return s.picture(name)
	case "docx":
		return docx(parsePaper(s.text), at)
	case "odt":
		return odt(parsePaper(s.text), at)
	case "xlsx":
		return xlsx(parsePaper(s.text), at)
	case "zip":
		return s.zip(name, at)
	case "heic":
		return heicStub(), nil
	case "eml":
		return s.nested(name)
	case "txt", "csv", "html", "ics", "vcf", "p7s", "":
		return []byte(strings.ReplaceAll(s.text, "\n", "\r\n")), nil
	default:
		return nil, fmt.Errorf("no maker for kind %q", kind)
	}
}

// nested is a mail inside the mail, written as a letter of its own.
func (s *section) nested(name string) ([]byte, error) {
	depth := int(s.number("depth", 0))
	l, err := parseLetter(s.text, depth+1)
	if err != nil {
		return nil, err
	}
	return l.render(name)
}

// heicStub is a photograph of an iPhone whose upload broke off after the file's first boxes: recognisable, not readable.
func heicStub() []byte {
	ftyp := "\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"
	meta := "\x00\x00\x01\xb4meta\x00\x00\x00\x00\x00\x00\x00\x22hdlr\x00\x00\x00\x00\x00\x00\x00\x00pict"
	return []byte(ftyp + meta + strings.Repeat("\x00", 64))
}
