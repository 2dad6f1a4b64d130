package epuap_test

import (
	"crypto/md5"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"okienko/ingest/epuap"
	"okienko/ingest/epuap/epuaptest"
)

// big is content that is longer than any buffer on its way.
func big(seed string) []byte { return []byte(strings.Repeat(seed+" żółć\x00\xff", 100_000)) }

func naming(text string, files ...string) epuaptest.Document {
	d := document(text)
	for i, link := range files {
		link, sum, _ := strings.Cut(link, "|")
		text += fmt.Sprintf(`<str:Zalacznik xmlns:str="urn:s" format="application/zip" kodowanie="URI" nazwaPliku="plik%d.zip"><str:DaneZalacznika>%s</str:DaneZalacznika><str:OpisZalacznika>%s</str:OpisZalacznika></str:Zalacznik>`, i, link, sum)
	}
	d.Content = []byte("<pismo>" + text + "</pismo>")
	return d
}

func TestABigAttachmentComesWithItsDocument(t *testing.T) {
	t.Parallel()
	for _, mtom := range []bool{false, true} {
		t.Run(fmt.Sprintf("MTOM %v", mtom), func(t *testing.T) {
			t.Parallel()
			s, o := start(t), &office{}
			s.Set(func(sw *epuaptest.Switches) { sw.MTOM = mtom })
			content := big("duży")
			link, other := s.Store(content), s.Store([]byte("inny"))
			s.Deliver(naming("z załącznikami", link+"|"+fmt.Sprintf("%X", md5.Sum(content)), other+"|"+strings.Repeat("0", 32)))
			run(t, config(t, s), o)
			emptied(t, s)
			got := o.all()[0]
			if !slices.Equal(got.parts, []string{string(content), "inny"}) {
				t.Fatalf("%d parts, or not the bytes stored", len(got.parts))
			}
			p, m := got.envelope.Parts[0], got.envelope.Meta
			if p.Role != "attachment" || p.Name != "plik0.zip" || p.MediaType != "application/zip" {
				t.Errorf("part %+v", p)
			}
			if m["pobrane"] != epuap.FileID(link)+" "+epuap.FileID(other) || m["zmienione"] != epuap.FileID(other) || m["niepobrane"] != "" {
				t.Errorf("meta %v", m)
			}
		})
	}
}

// TestAFileNobodyVouchesFor is kept, because it is given out once, and told, unless the sender's signature ties it by its MD5.
func TestAFileNobodyVouchesFor(t *testing.T) {
	t.Parallel()
	content := big("plik")
	sum := fmt.Sprintf("%x", md5.Sum(content))
	for _, tt := range []struct {
		name     string
		switches epuaptest.Switches
		md5      string
		trusting bool // no certificate of the platform is configured
		told     bool
	}{
		{"signed", epuaptest.Switches{}, "", false, false},
		{"signed, by MTOM", epuaptest.Switches{MTOM: true}, "", false, false},
		{"not signed", epuaptest.Switches{UnsignedFile: true}, "", false, true},
		{"not signed, by MTOM", epuaptest.Switches{UnsignedFile: true, MTOM: true}, "", false, true},
		{"not signed, but the sender named its MD5", epuaptest.Switches{UnsignedFile: true}, sum, false, false},
		{"not signed, and nobody asked for it", epuaptest.Switches{UnsignedFile: true}, "", true, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, o := start(t), &office{refuse: errors.New("database down")}
			link := s.Store(content)
			s.Deliver(naming("z plikiem", link+"|"+tt.md5))
			s.Set(func(sw *epuaptest.Switches) { *sw = tt.switches })
			c := config(t, s, func(c *epuap.Config) {
				if tt.trusting {
					c.PlatformCertFile = ""
				}
			})
			_, stop := run(t, c, o)
			until(t, "it was offered", func() bool { return o.offered() >= 1 })
			stop() // another process goes on, and must not forget
			o.set(nil)
			run(t, c, o)
			emptied(t, s)
			got := o.all()[0]
			if told := got.envelope.Meta["niepotwierdzone"] == epuap.FileID(link); told != tt.told || !slices.Equal(got.parts, []string{string(content)}) {
				t.Errorf("meta %v, %d parts; want told: %v", got.envelope.Meta, len(got.parts), tt.told)
			}
		})
	}
}

// The platform gives each file out once. A document offered several times, or two that name one file, must not need more.
func TestABigAttachmentIsFetchedOnce(t *testing.T) {
	t.Parallel()
	s, o := start(t), &office{refuse: errors.New("database down")}
	link := s.Store(big("raz"))
	s.Deliver(naming("pierwsze", link), naming("drugie", link))
	c := config(t, s)
	_, stop := run(t, c, o)
	until(t, "it was offered twice", func() bool { return o.offered() >= 2 })
	stop() // the process ends and another one starts
	o.set(nil)
	run(t, c, o)
	emptied(t, s)
	for _, got := range o.all() {
		if len(got.parts) != 1 || got.parts[0] != string(big("raz")) {
			t.Errorf("%d parts, or not the bytes stored", len(got.parts))
		}
	}
	if n := s.Given(link); len(o.all()) != 2 || n != 1 {
		t.Errorf("%d cases, the file was given out %d times; want 2 and 1", len(o.all()), n)
	}
}

// What cannot be had must not stop the queue for ever, and must not be forgotten.
func TestABigAttachmentThatCannotBeHad(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		switches epuaptest.Switches
		change   func(*epuap.Config)
		mend     bool // the platform behaves once the status told
		link     string
		missing  bool
	}{
		{"no such file", epuaptest.Switches{}, nil, false, "https://epuap.gov.pl/x?fileId=404", true},
		{"the line breaks in the middle, and the file counts as given out", epuaptest.Switches{CutInFile: true}, nil, true, "", true},
		{"the service is down for a while", epuaptest.Switches{CutFile: true}, nil, true, "", false},
		{"the service is down for longer than the office waits", epuaptest.Switches{CutFile: true}, func(c *epuap.Config) { c.FilePatience = 50 * time.Millisecond }, false, "", true},
		{"the file is larger than allowed", epuaptest.Switches{}, func(c *epuap.Config) { c.MaxFileBytes, c.FilePatience = 1024, 50*time.Millisecond }, false, "", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, o := start(t), &office{}
			link := tt.link
			if link == "" {
				link = s.Store(big("plik"))
			}
			s.Set(func(sw *epuaptest.Switches) { *sw = tt.switches })
			s.Deliver(naming("z plikiem", link), document("za nim"))
			change := tt.change
			if change == nil {
				change = func(*epuap.Config) {}
			}
			source, _ := run(t, config(t, s, change), o)
			if tt.mend {
				until(t, "the status tells, and that it will not be waited for", func() bool {
					st := source.Status()
					return st.LastError == epuap.NoFile && st.Bounded
				})
				s.Behave()
			}
			emptied(t, s)
			got := o.all()
			if len(got) != 2 {
				t.Fatalf("%d cases, want 2", len(got))
			}
			if missing := got[0].envelope.Meta["niepobrane"] == epuap.FileID(link); missing != tt.missing || (len(got[0].parts) == 0) != tt.missing {
				t.Errorf("meta %v, %d parts; want missing: %v", got[0].envelope.Meta, len(got[0].parts), tt.missing)
			}
		})
	}
}

func TestReferences(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, link, want string
	}{
		{"a link", "https://epuap.gov.pl/file-download-servlet/DownloadServlet?fileId=12345", "12345"},
		{"a link with more behind", "https://epuap.gov.pl/x?fileId=12345&y=1", "12345"},
		{"the bare identifier", " 12345\n", "12345"},
		{"an address elsewhere names a file of the platform all the same", "http://zly.example/?fileId=7", "7"},
		{"a path", "../../etc/passwd", ""},
		{"nothing", "", ""},
		{"markup", "1&lt;2", ""},
	} {
		refs := epuap.References([]byte(`<a><Zalacznik kodowanie="URI" nazwaPliku="a.zip"><DaneZalacznika>` + strings.ReplaceAll(tt.link, "&y", "&amp;y") + `</DaneZalacznika></Zalacznik></a>`))
		got := ""
		if len(refs) == 1 {
			got = refs[0].FileID
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func FuzzReferences(f *testing.F) {
	f.Add(naming("x", "https://e.example/?fileId=1|"+strings.Repeat("a", 32)).Content)
	f.Add([]byte("\xFF\xFE<\x00a\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, r := range epuap.References(b) {
			if epuap.FileID(r.FileID) != r.FileID || r.FileID == "" {
				t.Errorf("identifier %q", r.FileID)
			}
			if r.MD5 != "" && len(r.MD5) != 32 {
				t.Errorf("MD5 %q", r.MD5)
			}
		}
	})
}
