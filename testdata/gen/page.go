package main

import (
	"errors"
	"fmt"
	"net/mail"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"okienko/testdata"
)

// story is one page of testdata/stories. A page is a head in YAML, a line "---", the text of the letter, and an attachment
// after each line "=== name | flag, flag=value". What lies inside an attachment (a file in a ZIP, an attachment of a
// forwarded mail) has one "=" more.
type story struct {
	name   string
	letter letter
}

// head is what stands above a letter. Story, Deliver and Want belong to the outermost letter only.
type head struct {
	Story   string         `yaml:"story"`
	Deliver int            `yaml:"deliver"` // 0 means 1
	Want    *testdata.Want `yaml:"want"`

	Received time.Time `yaml:"received"`
	From     string    `yaml:"from"`
	To       string    `yaml:"to"`
	Cc       string    `yaml:"cc"`
	Subject  string    `yaml:"subject"`
	ID       string    `yaml:"message_id"` // a <Message-ID> or the name of the story that has the same one; "" makes one
	Answers  []string  `yaml:"answers"`    // References, oldest first: names of stories or <Message-ID>s
	Headers  []string  `yaml:"headers"`    // further fields, as they are to stand
	Null     bool      `yaml:"null_sender"`
	Bare     bool      `yaml:"bare"` // no trace fields: a mail that was never delivered here

	Charset  string `yaml:"charset"`   // "" means utf-8
	Declare  string `yaml:"declare"`   // the charset the mail claims; "" the true one, "nothing" none
	Transfer string `yaml:"transfer"`  // transfer encoding of the text; "" means quoted-printable; "broken" see brokenQP
	Form     string `yaml:"form"`      // "" plain text; "both" with HTML made of it; "html" the text below is HTML and alone
	Multi    string `yaml:"multipart"` // kind of the outermost multipart; "" means mixed
}

// letter is a mail to be written.
type letter struct {
	head
	body  string
	parts []*section
}

// section is one attachment as the page describes it.
type section struct {
	name  string
	flags map[string]string
	text  string
	parts []*section
}

func (s *section) has(flag string) bool { _, ok := s.flags[flag]; return ok }

// number returns the value of a flag, or the given one if it is not set.
func (s *section) number(flag string, otherwise float64) float64 {
	v, err := strconv.ParseFloat(s.flags[flag], 64)
	if err != nil {
		return otherwise
	}
	return v
}

func parseStory(name, page string) (*story, error) {
	l, err := parseLetter(page, 0)
	if err != nil {
		return nil, err
	}
	if l.Story == "" || l.Want == nil || l.Received.IsZero() {
		return nil, errors.New("the head needs story, received and want")
	}
	return &story{name: name, letter: *l}, nil
}

// parseLetter reads a letter whose attachments are marked by depth+3 signs.
func parseLetter(page string, depth int) (*letter, error) {
	top, rest, ok := strings.Cut(page, "\n---\n")
	if !ok {
		return nil, errors.New(`no line "---" between head and letter`)
	}
	l := &letter{}
	dec := yaml.NewDecoder(strings.NewReader(top))
	dec.KnownFields(true)
	if err := dec.Decode(&l.head); err != nil {
		return nil, fmt.Errorf("head: %w", err)
	}
	var err error
	l.body, l.parts, err = parseSections(rest, depth)
	return l, err
}

// parseSections splits a text at the marks of its depth; what comes before the first mark is the text itself.
func parseSections(text string, depth int) (string, []*section, error) {
	mark := strings.Repeat("=", depth+3) + " "
	pieces := strings.Split("\n"+text, "\n"+mark)
	var parts []*section
	for _, piece := range pieces[1:] {
		title, rest, _ := strings.Cut(piece, "\n")
		s := &section{flags: map[string]string{}}
		name, flags, _ := strings.Cut(title, "|")
		s.name = strings.TrimSpace(name)
		for flag := range strings.SplitSeq(flags, ",") {
			key, value, _ := strings.Cut(strings.TrimSpace(flag), "=")
			s.flags[key] = value
		}
		delete(s.flags, "")
		s.text = rest
		if s.kind() != "eml" {
			var err error
			if s.text, s.parts, err = parseSections(rest, depth+1); err != nil {
				return "", nil, err
			}
		}
		s.flags["depth"] = strconv.Itoa(depth)
		parts = append(parts, s)
	}
	return strings.TrimPrefix(pieces[0], "\n"), parts, nil
}

// want completes the label with what the head says elsewhere.
func (s *story) want() testdata.Want {
	w := *s.letter.Want
	w.Story, w.Channel, w.Received, w.Deliver = s.letter.Story, "email", s.letter.Received, max(s.letter.Deliver, 1)
	for _, list := range []*[]string{&w.AlsoAcceptable, &w.OtherMatters, &w.Attachments, &w.Missing, &w.DoNotAsk} {
		if *list == nil {
			*list = []string{}
		}
	}
	if w.Conditions == nil {
		w.Conditions = map[string]bool{}
	}
	return w
}

// ownID is the Message-ID a letter gets unless its page says otherwise: bare digits and the sender's domain.
func (l *letter) ownID(name string) string {
	domain := "poczta.example"
	if a, err := mail.ParseAddress(l.From); err == nil {
		_, domain, _ = strings.Cut(a.Address, "@")
	}
	return fmt.Sprintf("<%s@%s>", hexName(name, 10), domain)
}

func (l *letter) resolve(name string, lookup func(string) (string, error)) error {
	if l.ID == "" {
		l.ID = l.ownID(name)
	}
	var err error
	if l.ID, err = lookup(l.ID); err != nil {
		return fmt.Errorf("message_id: %w", err)
	}
	for i := range l.Answers {
		if l.Answers[i], err = lookup(l.Answers[i]); err != nil {
			return fmt.Errorf("answers: %w", err)
		}
	}
	return nil
}
