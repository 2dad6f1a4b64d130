package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"mime/quotedprintable"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

// benchMail makes the n-th letter of the benchmark: a notice of sale with a PDF contract, no two alike.
func benchMail(n int) ([]byte, error) {
	pdf, err := benchPDF(n)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "Return-Path: <resident%d@poczta.example>\r\n", n)
	fmt.Fprintf(&b, "Date: %s\r\n", time.Date(2026, 11, 23, 8, 0, n%60, 0, time.UTC).Format(time.RFC1123Z))
	fmt.Fprintf(&b, "From: Jan Testowy <resident%d@poczta.example>\r\nTo: podania@um-krakow.example\r\n", n)
	fmt.Fprintf(&b, "Subject: Zawiadomienie o zbyciu pojazdu\r\nMessage-ID: <bench-%d@poczta.example>\r\nMIME-Version: 1.0\r\n", n)
	fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n", n)
	fmt.Fprintf(&b, "--b%d\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n", n)
	qp := quotedprintable.NewWriter(&b)
	fmt.Fprintf(qp, "Dzień dobry,\r\n\r\nzawiadamiam, że %d listopada 2026 r. sprzedałem samochód, nr rejestracyjny KR %04dX.\r\n"+
		"Umowa w załączniku.\r\n\r\nJan Testowy\r\nul. Przykładowa %d\r\n30-001 Kraków\r\n", 1+n%20, n%10000, n)
	if err := qp.Close(); err != nil {
		return nil, err
	}
	fmt.Fprintf(&b, "\r\n--b%d\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n", n)
	fmt.Fprintf(&b, "Content-Disposition: attachment; filename=\"umowa.pdf\"\r\n\r\n%s\r\n--b%d--\r\n", wrapBase64(pdf), n)
	return b.Bytes(), nil
}

// benchPDF is one page of text in a standard font.
func benchPDF(n int) ([]byte, error) {
	doc := fpdf.New("P", "mm", "A4", "")
	doc.SetCreationDate(time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC))
	doc.AddPage()
	doc.SetFont("Helvetica", "", 11)
	doc.MultiCell(0, 6, fmt.Sprintf("UMOWA SPRZEDAZY nr %d/2026\n\n%s", n, strings.Repeat("Sprzedajacy sprzedaje, a kupujacy kupuje samochod osobowy. ", 40)), "", "", false)
	var out bytes.Buffer
	err := doc.Output(&out)
	return out.Bytes(), err
}

// wrapBase64 encodes in lines of 76 characters (RFC 2045 section 6.8).
func wrapBase64(data []byte) string {
	text := base64.StdEncoding.EncodeToString(data)
	var b strings.Builder
	for len(text) > 76 {
		b.WriteString(text[:76])
		b.WriteString("\r\n")
		text = text[76:]
	}
	b.WriteString(text)
	return b.String()
}
