package read

import (
	"bytes"
	"encoding/binary"

	"okienko/ingest"
)

// readTNEF opens winmail.dat, in which Outlook wraps what it does not trust MIME with (MS-OXTNEF): its attachments become
// documents, its plain body, if any, the text.
func readTNEF(w *walker, at int, it item) {
	if !w.enters(it) || w.tooDeep(at, it) {
		return
	}
	body, files, whole := parseTNEF(it.file.data)
	if w.deep {
		w.setText(at, decodeText(body, ""))
	}
	for i, f := range files {
		w.document(it.child(i+1, toUTF8(f.name, ""), f.data))
	}
	if !whole {
		w.problem(at, ingest.ProblemMalformed, "a damaged winmail.dat")
	}
	if len(files) == 0 && len(body) == 0 {
		w.problem(at, ingest.ProblemUnsupported, "a winmail.dat without attachments: only formatting")
	}
}

// tnefFile is an attachment.
type tnefFile struct {
	name, data []byte
}

// The attributes used, MS-OXTNEF section 2.1.3.
const (
	tnefSignature  = 0x223E9F78
	tnefBody       = 0x800C
	tnefRendering  = 0x9002 // begins an attachment
	tnefTitle      = 0x8010
	tnefData       = 0x800F
	tnefAttachment = 0x9005 // MAPI properties of an attachment
)

func parseTNEF(data []byte) (body []byte, files []tnefFile, whole bool) {
	if len(data) < 6 || binary.LittleEndian.Uint32(data) != tnefSignature {
		return nil, nil, false
	}
	for data = data[6:]; len(data) > 0; {
		if len(data) < 9 {
			return body, files, false
		}
		id, size := binary.LittleEndian.Uint16(data[1:]), int64(binary.LittleEndian.Uint32(data[5:]))
		data = data[9:]
		if size+2 > int64(len(data)) {
			return body, files, false
		}
		value := data[:size]
		data = data[size+2:] // a checksum follows
		switch id {
		case tnefBody:
			body = bytes.TrimRight(value, "\x00")
		case tnefRendering:
			files = append(files, tnefFile{})
		case tnefTitle, tnefData, tnefAttachment:
			if len(files) > 0 {
				files[len(files)-1].set(id, value)
			}
		}
	}
	return body, files, true
}

func (f *tnefFile) set(id uint16, value []byte) {
	switch id {
	case tnefTitle:
		if f.name == nil {
			f.name = bytes.TrimRight(value, "\x00")
		}
	case tnefData:
		f.data = value
	case tnefAttachment:
		if long := mapiLongName(value); long != "" {
			f.name = []byte(long)
		}
	}
}

// mapiLongName finds PidTagAttachLongFilename as Unicode string among encoded properties: tag 0x3707, type 0x001F, one
// value, its length, the text.
func mapiLongName(props []byte) string {
	i := bytes.Index(props, []byte{0x1F, 0x00, 0x07, 0x37, 0x01, 0x00, 0x00, 0x00})
	if i < 0 || len(props) < i+12 {
		return ""
	}
	n := int(binary.LittleEndian.Uint32(props[i+8:]))
	text := props[i+12:]
	if n < 0 || n > len(text) || n%2 != 0 {
		return ""
	}
	return string(bytes.TrimRight([]byte(decodeWith(utf16LE, text[:n])), "\x00"))
}
