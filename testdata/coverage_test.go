package testdata_test

import (
	"bytes"
	"strings"
	"testing"

	"okienko/testdata"
)

func TestEveryServiceHasItsStory(t *testing.T) {
	t.Parallel()
	c := readCatalogue(t)
	if c == nil {
		return
	}
	told := map[string]bool{}
	for _, s := range stories(t) {
		told[s.Want.Procedure] = true
	}
	for _, svc := range c.Services {
		if !told[svc.ID] {
			t.Errorf("no story about %s", svc.ID)
		}
	}
}

func TestEverySortOfMailIsThere(t *testing.T) {
	t.Parallel()
	for _, sort := range []struct {
		name  string
		least int
		is    func(testdata.Story) bool
	}{
		{"stories", 40, func(testdata.Story) bool { return true }},
		{"complete, but by a channel without effect", 8, func(s testdata.Story) bool {
			return s.Want.Reply == "channel_ineffective" && len(s.Want.Missing) == 0
		}},
		{"incomplete, by a channel without effect", 8, func(s testdata.Story) bool {
			return s.Want.Reply == "channel_ineffective" && len(s.Want.Missing) > 0
		}},
		{"effective and complete", 4, reply("receipt")},
		{"effective and incomplete", 3, reply("incomplete")},
		{"in person, abolished, or another rule", 5, reply("info")},
		{"for a person", 4, reply("human")},
		{"delivered twice", 1, func(s testdata.Story) bool { return s.Want.Deliver > 1 }},
		{"duplicate with other bytes", 1, func(s testdata.Story) bool { return s.Want.DuplicateOf != "" }},
		{"supplement", 3, func(s testdata.Story) bool { return s.Want.SupplementOf != "" }},
		{"two matters", 1, func(s testdata.Story) bool { return len(s.Want.OtherMatters) > 0 }},
		{"proxy", 4, condition("if_proxy")},
		{"company", 4, condition("if_company")},
		{"bounce", 1, nature("bounce")},
		{"automatic", 2, nature("automatic")},
		{"newsletter or list", 2, nature("newsletter")},
		{"spam", 2, nature("spam")},
		{"private", 1, nature("private")},
		{"English", 2, func(s testdata.Story) bool { return s.Want.Language == "en" }},
		{"Ukrainian", 1, func(s testdata.Story) bool { return s.Want.Language == "uk" }},
		{"Polish without diacritics", 4, func(s testdata.Story) bool { return s.Want.Language == "pl" && has("charset=us-ascii")(s) }},
		{"windows-1250 declared", 1, has("charset=windows-1250")},
		{"ISO-8859-2", 1, has("charset=iso-8859-2")},
		{"raw eight bits in the header", 1, func(s testdata.Story) bool {
			head, _, _ := bytes.Cut(s.Message, []byte("\r\n\r\n"))
			return bytes.IndexFunc(head, func(r rune) bool { return r > 0x7f }) >= 0
		}},
		{"HTML without plain text", 2, func(s testdata.Story) bool { return has("text/html")(s) && !has("text/plain")(s) }},
		{"PDF", 10, has("application/pdf")},
		{"JPG", 5, has("image/jpeg")},
		{"PNG", 3, has("image/png")},
		{"DOCX", 2, has("wordprocessingml")},
		{"ODT", 1, has("oasis.opendocument.text")},
		{"XLSX", 2, has("spreadsheetml")},
		{"ZIP", 2, has("application/zip")},
		{"a mail inside the mail", 2, has("message/rfc822")},
		{"a file name in pieces (RFC 2231)", 2, has("filename*1*=")},
		{"a file name as encoded word", 1, has(`filename="=?utf-8?`)},
	} {
		n := 0
		for _, s := range stories(t) {
			if sort.is(s) {
				n++
			}
		}
		if n < sort.least {
			t.Errorf("%s: %d, want at least %d", sort.name, n, sort.least)
		}
	}
}

func reply(kind string) func(testdata.Story) bool {
	return func(s testdata.Story) bool { return s.Want.Reply == kind }
}

func nature(kind string) func(testdata.Story) bool {
	return func(s testdata.Story) bool { return s.Want.Nature == kind }
}

func condition(id string) func(testdata.Story) bool {
	return func(s testdata.Story) bool { return s.Want.Conditions[id] }
}

func has(words string) func(testdata.Story) bool {
	return func(s testdata.Story) bool { return strings.Contains(string(s.Message), words) }
}
