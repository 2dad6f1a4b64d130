package read

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"

	"okienko/ingest"
)

// crlf makes the line ends of a mail.
func crlf(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }

// outline renders the documents of a submission in short: id, name, media type, first words of the text, problems.
func outline(c ingest.Contents) string {
	var lines []string
	for _, r := range c.Readings {
		text, _, _ := strings.Cut(r.Text, "\n")
		if len(text) > 40 {
			text = strings.ToValidUTF8(text[:40], "")
		}
		var problems []string
		for _, p := range r.Problems {
			problems = append(problems, string(p.Code))
		}
		lines = append(lines, fmt.Sprintf("%s %q %s %q %v", r.Document.ID, r.Document.Name, r.Document.MediaType, text, problems))
	}
	return strings.Join(lines, "\n")
}

// TestTortureMail holds mails that break the rules in ways seen in the wild. Of each, every part must be found.
func TestTortureMail(t *testing.T) {
	t.Parallel()
	w1250 := func(s string) string {
		b, err := charmap.Windows1250.NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	latin2 := func(s string) string {
		b, err := charmap.ISO8859_2.NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	tests := []struct{ name, mail, want string }{
		{"nothing at all", "", `0 "message.eml" text/plain "" []`},
		{"a body without a head", "\n\nsam tekst", `0 "message.eml" text/plain "sam tekst" []`},
		{"text where the head should be", "Dzień dobry,\nproszę o dowód\n", `0 "message.eml" text/plain "Dzień dobry," [malformed]`},
		{"a head only", "Subject: x\n", `0 "message.eml" text/plain "" []`},
		{"undeclared windows-1250", "Subject: x\n\n" + w1250("zażółć gęślą jaźń, łódź"), `0 "message.eml" text/plain "zażółć gęślą jaźń, łódź" []`},
		{"ISO-8859-2 declared as UTF-8", "Content-Type: text/plain; charset=utf-8\n\n" + latin2("proszę o zaświadczenie, źle"), `0 "message.eml" text/plain "proszę o zaświadczenie, źle" []`},
		{"windows-1250 declared as ISO-8859-2", "Content-Type: text/plain; charset=iso-8859-2\n\n" + w1250("proszę o zaświadczenie „źle”"), `0 "message.eml" text/plain "proszę o zaświadczenie „źle”" []`},
		{"UTF-8 declared as ISO-8859-2", "Content-Type: text/plain; charset=iso-8859-2\n\nżółw śpi", `0 "message.eml" text/plain "żółw śpi" []`},
		{"UTF-8 declared as ASCII", "Content-Type: text/plain; charset=us-ascii\n\nżółw śpi", `0 "message.eml" text/plain "żółw śpi" []`},
		{"a charset nobody knows", "Content-Type: text/plain; charset=x-moje\n\n" + w1250("żółw śpi i łka"), `0 "message.eml" text/plain "żółw śpi i łka" []`},
		{"a multipart without a boundary", "Content-Type: multipart/mixed\n\nsam tekst", `0 "message.eml" text/plain "sam tekst" [malformed]`},
		{"a boundary that does not occur", "Content-Type: multipart/mixed; boundary=abc\n\n--xyz\n\ntekst\n--xyz--", `0 "message.eml" text/plain "--xyz" [malformed]`},
		{"a boundary that is not closed", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\ntekst\n--b\nContent-Type: text/csv; name=a.csv\n\n1;2\n",
			"0 \"message.eml\" text/plain \"tekst\" []\n1 \"a.csv\" text/csv \"1;2\" []"},
		{"base64 cut half-way", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\ntekst\n--b\nContent-Type: text/plain; name=a.txt\nContent-Transfer-Encoding: base64\n\nxbzDs8WCdyDFm3BpIGkgxYI\n",
			"0 \"message.eml\" text/plain \"tekst\" []\n1 \"a.txt\" text/plain \"żółw śpi i ł\" [malformed]"},
		{"base64 with rubbish in it", "Content-Transfer-Encoding: base64\n\nxbzDs8WC!!dyDF\n  m3Bp*\n", `0 "message.eml" text/plain "żółw śpi" []`},
		{"padded base64 glued together", "Content-Transfer-Encoding: base64\n\nxbw=w7M=\n", `0 "message.eml" text/plain "żó" []`},
		{"quoted-printable with bad escapes", "Content-Transfer-Encoding: quoted-printable\n\n100=% =C5=BC=C3=B3=C5=82w=\n koniec =G1", `0 "message.eml" text/plain "100=% żółw koniec =G1" []`},
		{"an encoding nobody knows", "Content-Transfer-Encoding: x-zaszyfrowane\n\ntekst", `0 "message.eml" text/plain "tekst" []`},
		{"a uuencoded attachment", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\ntekst\n--b\nContent-Type: text/csv; name=a.csv\nContent-Transfer-Encoding: x-uuencode\n\nbegin 644 a.csv\n#,3LR\n`\nend\n--b--",
			"0 \"message.eml\" text/plain \"tekst\" []\n1 \"a.csv\" text/csv \"1;2\" []"},
		{"a name in pieces of RFC 2231", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\ntekst\n--b\nContent-Type: text/csv\nContent-Disposition: attachment;\n filename*1*=%C3%B3%C5%82w;\n filename*0*=utf-8''%C5%BC;\n filename*2=\" i lis.csv\"\n\n1\n--b--",
			"0 \"message.eml\" text/plain \"tekst\" []\n1 \"żółw i lis.csv\" text/csv \"1\" []"},
		{"a name in RFC 2231 in ISO-8859-2", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\ntekst\n--b\nContent-Type: text/csv\nContent-Disposition: attachment; filename*=iso-8859-2'pl'%BF%F3%B3w.csv\n\n1\n--b--",
			"0 \"message.eml\" text/plain \"tekst\" []\n1 \"żółw.csv\" text/csv \"1\" []"},
		{"a name in encoded words, split in a letter", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\ntekst\n--b\nContent-Type: text/csv; name=\"=?utf-8?b?xbzDs8U=?=\n =?utf-8?b?gncuY3N2?=\"\n\n1\n--b--",
			"0 \"message.eml\" text/plain \"tekst\" []\n1 \"żółw.csv\" text/csv \"1\" []"},
		{"a raw name in windows-1250", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\ntekst\n--b\nContent-Type: text/csv\nContent-Disposition: attachment; filename=" + w1250("żółw śpi.csv") + "\n\n1\n--b--",
			"0 \"message.eml\" text/plain \"tekst\" []\n1 \"żółw śpi.csv\" text/csv \"1\" []"},
		{"a name that is a path", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\ntekst\n--b\nContent-Type: text/csv; name=\"C:\\\\Users\\\\Jan\\\\..\\\\a.csv\"\n\n1\n--b--",
			"0 \"message.eml\" text/plain \"tekst\" []\n1 \"a.csv\" text/csv \"1\" []"},
		{"a name that hides its extension", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\ntekst\n--b\nContent-Type: text/csv; name=\"umowa\u202Efdp.csv\"\n\n1\n--b--",
			"0 \"message.eml\" text/plain \"tekst\" []\n1 \"umowafdp.csv\" text/csv \"1\" []"},
		{"the same boundary inside itself", "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\ntekst\n--b\nContent-Type: text/csv; name=a.csv\n\n1\n--b--\n--b--",
			"0 \"message.eml\" text/plain \"tekst\" []\n1 \"a.csv\" text/csv \"1\" []"},
		{"two texts around an attachment", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\npierwszy\n--b\nContent-Type: text/csv; name=a.csv\n\n1\n--b\nContent-Type: text/plain\n\ndrugi\n--b--",
			"0 \"message.eml\" text/plain \"pierwszy\" []\n1 \"a.csv\" text/csv \"1\" []"},
		{"a PDF called octet-stream, without a name", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\ntekst\n--b\nContent-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n\n" + encode64(pdfOf("Umowa")) + "\n--b--",
			"0 \"message.eml\" text/plain \"tekst\" []\n1 \"\" application/pdf \"Umowa\" []"},
		{"an attachment without bytes", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\ntekst\n--b\nContent-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\n--b--",
			"0 \"message.eml\" text/plain \"tekst\" []\n1 \"a.pdf\" application/pdf \"\" [empty]"},
		{"a plain stub beside the letter in HTML", "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\nOtwórz w HTML\n--b\nContent-Type: text/html\n\n<p>Szanowni Państwo, wnoszę o wydanie zaświadczenia o zameldowaniu na pobyt stały</p>\n--b--",
			`0 "message.eml" text/html "Szanowni Państwo, wnoszę o wydanie za" []`},
		{"HTML without being called so", "Subject: x\nContent-Type: text\n\n<html><body><p>Dzień dobry</p></body></html>", `0 "message.eml" text/html "Dzień dobry" []`},
		{"a picture in the HTML and a file", "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>tekst</p><img src=cid:1>\n--b\nContent-Type: image/png; name=logo.png\nContent-ID: <1>\nContent-Disposition: inline\n\nnie-png\n--b--\n--a\nContent-Type: text/csv; name=a.csv\n\n1\n--a--",
			"0 \"message.eml\" text/html \"tekst\" []\n1 \"logo.png\" text/plain \"nie-png\" [wrong_name]\n2 \"a.csv\" text/csv \"1\" []"},
		{"a letter in a letter, with a file", "Content-Type: multipart/mixed; boundary=a\n\n--a\n\nw zał. pismo\n--a\nContent-Type: message/rfc822\n\nFrom: Jan <j@x.example>\nSubject: =?utf-8?q?za=C5=BCalenie?=\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nżalę się\n--b\nContent-Type: text/csv; name=a.csv\n\n1\n--b--\n\n--a--",
			"0 \"message.eml\" text/plain \"w zał. pismo\" []\n1 \"zażalenie.eml\" message/rfc822 \"Od: Jan <j@x.example>\" []\n1.1 \"a.csv\" text/csv \"1\" []"},
		{"a letter in base64 in a letter", "Content-Type: multipart/mixed; boundary=a\n\n--a\n\nw zał.\n--a\nContent-Type: message/rfc822; name=p.eml\nContent-Transfer-Encoding: base64\n\n" + encode64([]byte("Subject: x\n\nw środku")) + "\n--a--",
			"0 \"message.eml\" text/plain \"w zał.\" []\n1 \"p.eml\" message/rfc822 \"Temat: x\" []"},
		{"NUL bytes in the text", "Subject: x\n\nżół\x00w", `0 "message.eml" text/plain "żółw" []`},
		{"a head line without a colon", "Subject: x\nTo jest błąd\nFrom: a@b.example\n\ntekst", `0 "message.eml" text/plain "tekst" []`},
		{"lines that end in CR only", "Subject: x\n\njeden\rdwa", `0 "message.eml" text/plain "jeden" []`},
		{"a very long line", "Subject: x\n\n" + strings.Repeat("a", 1<<20), `0 "message.eml" text/plain "` + strings.Repeat("a", 40) + `" []`},
		{"format=flowed", "Content-Type: text/plain; format=flowed\n\nwnoszę o \nzaświadczenie\n", `0 "message.eml" text/plain "wnoszę o zaświadczenie" []`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newReader(t)
			got := outline(examine(t, r, "message.eml", "message/rfc822", []byte(crlf(tt.mail))).Contents)
			if got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
			if got := outline(examine(t, r, "message.eml", "message/rfc822", []byte(tt.mail)).Contents); got != tt.want && !strings.Contains(tt.mail, "\r") {
				t.Errorf("with bare line ends got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

func TestHead(t *testing.T) {
	t.Parallel()
	l := mailOf(t, crlf(`Return-Path: <>
From: =?iso-8859-2?q?Kinga_=AF=F3=B3towska?= <Kinga@Poczta.example>
To: "Urząd, Miasto" <podania@um.example>, UM <PODANIA@um.example>
Cc: b@c.example
Subject: =?utf-8?b?xbvDs8U=?= =?utf-8?b?gncg?= i lis
Date: Thu, 05 Nov 2026 09:14:30 +0100
Message-ID: <1@poczta.example>
References: <a@x> <b@x>
In-Reply-To: <a@x>
Auto-Submitted: auto-replied
List-Unsubscribe: <https://x.example>
X-Spam-Flag: YES
X-Private: secret

tekst
`)).Letter
	want := map[string]string{
		"from":    "Kinga Żółtowska <kinga@poczta.example>",
		"to":      "[podania@um.example b@c.example]",
		"subject": "Żółw i lis",
		"date":    "2026-11-05 09:14:30 +0100",
		"id":      "1@poczta.example",
		"thread":  "[b@x a@x]",
		"auto":    "[auto-replied]",
		"list":    "[<https://x.example>]",
		"spam":    "[YES]",
		"private": "[]",
		"path":    "",
	}
	got := map[string]string{
		"from": l.From.Name + " <" + l.From.Address + ">", "to": fmt.Sprint(l.To), "subject": l.Subject, "date": l.Date.Format("2006-01-02 15:04:05 -0700"),
		"id": l.MessageID, "thread": fmt.Sprint(l.InReplyTo), "auto": fmt.Sprint(l.Headers["Auto-Submitted"]), "list": fmt.Sprint(l.Headers["List-Unsubscribe"]),
		"spam": fmt.Sprint(l.Headers["X-Spam-Flag"]), "private": fmt.Sprint(l.Headers["X-Private"]), "path": *l.ReturnPath,
	}
	for k := range want {
		if got[k] != want[k] {
			t.Errorf("%s: got %q, want %q", k, got[k], want[k])
		}
	}
}

func TestReturnPathIsThreeValued(t *testing.T) {
	t.Parallel()
	show := func(p *string) string {
		if p == nil {
			return "not stated"
		}
		return "<" + *p + ">"
	}
	for head, want := range map[string]string{"": "not stated", "Return-Path: <>\n": "<>", "Return-Path: <Jan@X.example>\n": "<jan@x.example>"} {
		if got := show(mailOf(t, crlf(head+"Subject: x\n\ntekst")).Letter.ReturnPath); got != want {
			t.Errorf("%q: got %s, want %s", head, got, want)
		}
	}
}

func TestBadlyWrittenAuthors(t *testing.T) {
	t.Parallel()
	for field, want := range map[string]ingest.Party{
		`jan@x.example`:                                       {Address: "jan@x.example"},
		`"Kowalski, Jan" <jan@x.example>`:                     {Name: "Kowalski, Jan", Address: "jan@x.example"},
		`Kowalski, Jan <jan@x.example>`:                       {Name: "Kowalski, Jan", Address: "jan@x.example"},
		`"jan@x.example" <jan@x.example>`:                     {Name: "jan@x.example", Address: "jan@x.example"},
		`Jan Żółw <jan@x.example>`:                            {Name: "Jan Żółw", Address: "jan@x.example"},
		`=?utf-8?q?Jan?= =?utf-8?q?_=C5=BB?= <jan@x.example>`: {Name: "Jan Ż", Address: "jan@x.example"},
		`=?utf-8?Q?Jan_K=C3=B3l_(biuro)?= <jan@x.example>`:    {Name: "Jan Kól (biuro)", Address: "jan@x.example"},
		`Jan <jan@x.example`:                                  {Name: "Jan", Address: "jan@x.example"},
		`Jan`:                                                 {Name: "Jan"},
		`<>`:                                                  {},
	} {
		if got := mailOf(t, "From: "+field+"\r\n\r\ntekst").Letter.From; got != want {
			t.Errorf("%s: got %+v, want %+v", field, got, want)
		}
	}
}

func TestNestingIsLimited(t *testing.T) {
	t.Parallel()
	m := "Subject: dno\r\n\r\ndno"
	for i := range 8 {
		m = fmt.Sprintf("Subject: p%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n\r\npoziom %d\r\n--b%d\r\nContent-Type: message/rfc822\r\n\r\n%s\r\n--b%d--\r\n", i, i, i, i, i, m, i)
	}
	c := mailOf(t, m)
	last := c.Readings[len(c.Readings)-1]
	if len(c.Readings) != maxNesting+2 || !hasProblem(last, ingest.ProblemTooLarge) || !last.Document.Digest.Valid() {
		t.Errorf("got\n%s", outline(c))
	}
}

func TestTheSecondMIMEReaderIsAsked(t *testing.T) {
	t.Parallel()
	m, ok := readGoMessage([]byte(crlf("Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n\nżółw\n--b\nContent-Type: text/csv; name=a.csv\nContent-Transfer-Encoding: base64\n\nMTsy\n--b--\n")))
	if !ok || len(m.parts) != 2 || string(m.parts[1].raw) != "1;2" || m.parts[1].name() != "a.csv" || m.header.Get("Subject") != "x" {
		t.Errorf("got %+v, %v", m, ok)
	}
}

// FuzzMail: whatever a mail is, there is a letter, ids are unique, and every text and place is in order.
func FuzzMail(f *testing.F) {
	f.Add([]byte(crlf("From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\ntekst\n> cytat\n--b\nContent-Type: text/html; name=\"=?utf-8?q?=C5=BC?=.html\"\nContent-Transfer-Encoding: base64\n\nPGI+eDwvYj4=\n--b--")))
	f.Add([]byte(crlf("Subject: =?utf-8?b?xbw=?=\nContent-Type: multipart/alternative; boundary=\n\n--\n\nx\n----")))
	f.Add([]byte(crlf("Content-Type: message/rfc822\n\nContent-Type: multipart/related; boundary=x\n\n--x\n\n")))
	f.Add([]byte(crlf("Content-Type: text/plain; filename*0*=utf-8''%C5; filename*1*=%BC\nContent-Transfer-Encoding: x-uuencode\n\nbegin\n#,3LR\n")))
	r := New(Options{})
	r.pdf.cold = true
	f.Fuzz(func(t *testing.T, data []byte) {
		o := ingest.Original{Role: "body", Name: "m.eml", MediaType: "message/rfc822", Size: int64(len(data))}
		res, err := r.Examine(t.Context(), ingest.Submission{Originals: []ingest.Original{o}}, []Original{{o, data}})
		if err == nil {
			checkContents(t, res)
		}
	})
}

// checkContents holds what is true of every Contents.
func checkContents(t *testing.T, res Result) {
	t.Helper()
	ids := map[string]bool{}
	for i, r := range res.Contents.Readings {
		d := r.Document
		if ids[d.ID] || i == 0 && d.ID != "0" || d.MediaType == "" || strings.ContainsAny(d.Name, "/\\\n\x00") {
			t.Fatalf("document %+v", d)
		}
		ids[d.ID] = true
		if parent, _, nested := cutLast(d.ID, "."); nested && !ids[parent] {
			t.Fatalf("document %s comes before what it lies in", d.ID)
		}
		if data, ok := res.File(d.ID); d.Digest != "" && (!ok || ingest.DigestOf(data) != d.Digest || int64(len(data)) != d.Bytes) {
			t.Fatalf("document %s: its bytes are not those of its digest", d.ID)
		}
		for _, f := range r.Fields {
			if f.Place.Document == d.ID && (f.Place.Start < 0 || f.Place.End > len(r.Text) || f.Place.Start >= f.Place.End) {
				t.Fatalf("field %+v of a text of %d bytes", f, len(r.Text))
			}
		}
		if (strings.TrimSpace(r.Text) == "") != (r.TextFrom == ingest.TextNone) || strings.Contains(r.Text, "\r") {
			t.Fatalf("document %s: text %q from %q", d.ID, r.Text, r.TextFrom)
		}
	}
	if len(ids) == 0 {
		t.Fatal("no document")
	}
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}
