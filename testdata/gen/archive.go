package main

import (
	"archive/zip"
	"bytes"
	"hash/crc32"
	"io"
	"time"
)

// zip packs the sections inside this one. With the flag password the members are encrypted in the traditional way
// (PKWARE APPNOTE section 6.1), which every program opens and nobody should trust.
func (s *section) zip(name string, at time.Time) ([]byte, error) {
	var w bytes.Buffer
	z := zip.NewWriter(&w)
	for _, member := range s.parts {
		raw, err := member.bytes(name+"/"+member.name, at)
		if err != nil {
			return nil, err
		}
		if err := addMember(z, member.name, s.flags["password"], raw, at); err != nil {
			return nil, err
		}
	}
	err := z.Close()
	return w.Bytes(), err
}

func addMember(z *zip.Writer, name, password string, raw []byte, at time.Time) error {
	h := &zip.FileHeader{Name: name, Method: zip.Deflate, Modified: at.UTC()}
	if password == "" {
		f, err := z.CreateHeader(h)
		if err != nil {
			return err
		}
		_, err = f.Write(raw)
		return err
	}
	h.Method, h.Flags = zip.Store, 1 // bit 0: encrypted
	h.CRC32 = crc32.ChecksumIEEE(raw)
	h.CompressedSize64, h.UncompressedSize64 = uint64(len(raw)+12), uint64(len(raw))
	f, err := z.CreateRaw(h)
	if err != nil {
		return err
	}
	return encrypt(f, password, name, raw, h.CRC32)
}

// encrypt writes the twelve bytes of the encryption header and the data. The last header byte lets a reader check the password.
func encrypt(w io.Writer, password, name string, raw []byte, crc uint32) error {
	k := newZipKeys(password)
	r := chance("zip " + name)
	plain := make([]byte, 12, 12+len(raw))
	for i := range 11 {
		plain[i] = byte(r.IntN(256))
	}
	plain[11] = byte(crc >> 24)
	plain = append(plain, raw...)
	for i, c := range plain {
		plain[i] = k.encrypt(c)
	}
	_, err := w.Write(plain)
	return err
}

type zipKeys [3]uint32

func newZipKeys(password string) *zipKeys {
	k := &zipKeys{0x12345678, 0x23456789, 0x34567890}
	for i := range len(password) {
		k.update(password[i])
	}
	return k
}

func (k *zipKeys) update(c byte) {
	k[0] = crc32.IEEETable[byte(k[0])^c] ^ k[0]>>8
	k[1] = (k[1]+k[0]&0xff)*134775813 + 1
	k[2] = crc32.IEEETable[byte(k[2])^byte(k[1]>>24)] ^ k[2]>>8
}

func (k *zipKeys) encrypt(c byte) byte {
	t := k[2] | 2
	key := byte(t * (t ^ 1) >> 8)
	k.update(c)
	return c ^ key
}
