package read

import (
	"bytes"
	"encoding/asn1"
	"encoding/binary"
	"encoding/pem"
	"testing"
)

// signedData makes a CMS structure around content, without any signature.
func signedData(t *testing.T, content []byte) []byte {
	t.Helper()
	type encap struct {
		Type    asn1.ObjectIdentifier
		Content []byte `asn1:"explicit,tag:0,optional"`
	}
	type signed struct {
		Version int
		Digests []asn1.ObjectIdentifier `asn1:"set"`
		Encap   encap
		Signers []int `asn1:"set"`
	}
	inner, err := asn1.Marshal(signed{1, nil, encap{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}, content}, nil})
	if err != nil {
		t.Fatal(err)
	}
	outer, err := asn1.Marshal(struct {
		Type    asn1.ObjectIdentifier
		Content asn1.RawValue
	}{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}, asn1.RawValue{Class: 2, Tag: 0, IsCompound: true, Bytes: inner}})
	if err != nil {
		t.Fatal(err)
	}
	return outer
}

func TestSignedFiles(t *testing.T) {
	t.Parallel()
	der := signedData(t, []byte("treść umowy"))
	// BER with indefinite lengths and the content in two pieces, as some signing programs write it.
	ber := []byte("\x30\x80\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02\xA0\x80\x30\x80\x02\x01\x01\x31\x00\x30\x80\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x01" +
		"\xA0\x80\x24\x80\x04\x03abc\x04\x02de\x00\x00\x00\x00\x00\x00\x31\x00\x00\x00\x00\x00\x00\x00")
	enveloped := bytes.Replace(der, []byte("\xF7\x0D\x01\x07\x02"), []byte("\xF7\x0D\x01\x07\x03"), 1)
	for _, tt := range []struct {
		name, file string
		data       []byte
		want       string
	}{
		{"DER", "umowa.txt.p7m", der, "0 \"umowa.txt.p7m\" application/pkcs7-mime \"\" []\n0.1 \"umowa.txt\" text/plain \"treść umowy\" []"},
		{"PEM", "umowa.txt.p7m", pem.EncodeToMemory(&pem.Block{Type: "PKCS7", Bytes: der}), "0 \"umowa.txt.p7m\" application/pkcs7-mime \"\" []\n0.1 \"umowa.txt\" text/plain \"treść umowy\" []"},
		{"BER", "a.txt.sig", ber, "0 \"a.txt.sig\" application/pkcs7-signature \"\" []\n0.1 \"a.txt\" text/plain \"abcde\" []"},
		{"a detached signature", "a.p7s", signedData(t, nil), "0 \"a.p7s\" application/pkcs7-signature \"\" []"},
		{"encrypted", "a.p7m", enveloped, "0 \"a.p7m\" application/pkcs7-mime \"\" [encrypted]"},
		{"rubbish", "a.p7m", []byte{0x30, 0x82, 0xFF, 0, 1, 2, 3, 0xFE}, "0 \"a.p7m\" application/pkcs7-mime \"\" [unreadable]"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := outline(fileOf(t, tt.file, tt.data)); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

func TestSignatureContainers(t *testing.T) {
	t.Parallel()
	data := zipOf(t, zipEntry{name: "mimetype", data: []byte("application/vnd.etsi.asic-e+zip"), store: true},
		zipEntry{name: "umowa.txt", data: []byte("treść")}, zipEntry{name: "META-INF/signatures.xml", data: []byte("<?xml version=\"1.0\"?><Signature/>")})
	want := "0 \"u.asice\" application/vnd.etsi.asic-e+zip \"\" []\n0.1 \"mimetype\" text/plain \"application/vnd.etsi.asic-e+zip\" []\n" +
		"0.2 \"umowa.txt\" text/plain \"treść\" []\n0.3 \"signatures.xml\" application/xml \"Signature\" []"
	if got := outline(fileOf(t, "u.asice", data)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func tnefOf(attributes ...[]byte) []byte {
	b := binary.LittleEndian.AppendUint32(nil, tnefSignature)
	b = append(b, 1, 0)
	for _, a := range attributes {
		b = append(b, a...)
	}
	return b
}

func tnefAttribute(level byte, id, kind uint16, value []byte) []byte {
	b := []byte{level}
	b = binary.LittleEndian.AppendUint16(b, id)
	b = binary.LittleEndian.AppendUint16(b, kind)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(value)))
	b = append(b, value...)
	return append(b, 0, 0)
}

func TestWinmail(t *testing.T) {
	t.Parallel()
	long := append([]byte{0x1F, 0, 0x07, 0x37, 1, 0, 0, 0, 10, 0, 0, 0}, utf16Name("żó.tx")...)
	data := tnefOf(tnefAttribute(1, tnefBody, 1, []byte("w zał.\x00")),
		tnefAttribute(2, tnefRendering, 6, make([]byte, 14)), tnefAttribute(2, tnefTitle, 1, []byte("A~1.TXT\x00")), tnefAttribute(2, tnefData, 6, []byte("jeden")), tnefAttribute(2, tnefAttachment, 6, long),
		tnefAttribute(2, tnefRendering, 6, make([]byte, 14)), tnefAttribute(2, tnefTitle, 1, []byte("b.csv\x00")), tnefAttribute(2, tnefData, 6, []byte("1;2")))
	want := "0 \"winmail.dat\" application/vnd.ms-tnef \"w zał.\" []\n0.1 \"żó.tx\" text/plain \"jeden\" []\n0.2 \"b.csv\" text/csv \"1;2\" []"
	if got := outline(fileOf(t, "winmail.dat", data)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got, want := outline(fileOf(t, "winmail.dat", data[:len(data)-20])), "malformed"; !bytes.Contains([]byte(got), []byte(want)) {
		t.Errorf("cut off: got\n%s", got)
	}
}
