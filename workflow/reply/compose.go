package reply

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/textproto"
	"slices"
	"strings"
	"text/template"
	"time"

	"okienko/ingest"
	"okienko/schemas"
	"okienko/validate"
	"okienko/workflow"
	"okienko/workflow/deadline"
)

// Procedures finds the version of a procedure in force at a time; schemas.Catalog is one.
type Procedures interface {
	Procedure(id schemas.ProcedureID, at time.Time) (schemas.Procedure, bool)
}

// Config is what a Composer needs. All but Page, Letters and Calendar is required.
type Config struct {
	Office     Office
	Procedures Procedures
	Policy     validate.Policy
	Codes      Codes
	Page       string // address of the resident's page, told in letters that ask for something; "": there is none
	Letters    fs.FS  // the templates, *.txt; nil: those embedded in the program
	Calendar   deadline.Calendar
}

// Composer writes letters to residents. It is immutable and may be used concurrently; get one from New.
type Composer struct {
	office     Office
	procedures Procedures
	policy     validate.Policy
	codes      Codes
	page       string
	letters    *template.Template
	calendar   deadline.Calendar
}

// New returns a Composer, or an error that names the key or the template that is wrong.
func New(c Config) (*Composer, error) {
	if err := c.Office.Validate(); err != nil {
		return nil, err
	}
	if c.Codes.secret == nil {
		return nil, errors.New("composer without a secret for completion codes")
	}
	letters, err := parseLetters(c.Letters)
	if err != nil {
		return nil, err
	}
	return &Composer{c.Office, c.Procedures, c.Policy, c.Codes, c.Page, letters, c.Calendar}, nil
}

// Code returns the completion code that letters about a case quote.
func (c *Composer) Code(id workflow.CaseID) string { return c.codes.Of(id) }

// Compose returns the automatic letter of kind j.Reply.Kind, dated j.At, as a draft. Kinds none and human have no letter, and
// an incomplete notice that has nothing to ask for is none either: both are errors of the caller.
func (c *Composer) Compose(cs workflow.Case, j workflow.Judgement) (workflow.Letter, error) {
	v := c.view(cs, j, firstOf(j.Decision.Procedure, cs.Procedure), j.At)
	name, err := v.template(j.Reply.Kind)
	if err != nil {
		return workflow.Letter{}, fmt.Errorf("composing a letter for %s: %w", cs.Number, err)
	}
	v.Kind = j.Reply.Kind
	if v.Kind == workflow.ReplyChannelIneffective { // how to sign is part of each way that counts
		v.Items = slices.DeleteFunc(v.Items, func(i item) bool { return i.ID == validate.SignatureRequirement })
	}
	return c.letter(name, cs, j, v, workflow.Machine)
}

// letter renders the template and addresses the result.
func (c *Composer) letter(name string, cs workflow.Case, j workflow.Judgement, v view, author string) (workflow.Letter, error) {
	subject, text, err := c.render(name, v)
	if err != nil {
		return workflow.Letter{}, fmt.Errorf("composing a letter for %s: %w", cs.Number, err)
	}
	l := workflow.Letter{
		Case: cs.ID, Kind: v.Kind, Automatic: author == workflow.Machine, Status: workflow.LetterDraft,
		Channel: cs.Submission.Channel, To: firstOf(cs.Sender.Address, j.Contents.Letter.From.Address),
		Subject: subject, Text: text, InReplyTo: inReplyTo(j.Contents.Letter), Author: author, CreatedAt: v.at,
	}
	l.MessageID = c.messageID(l)
	return l, nil
}

// render executes a template. Its first line is the subject, which carries the number and nothing personal.
func (c *Composer) render(name string, v view) (subject, text string, err error) {
	var b strings.Builder
	if err := c.letters.ExecuteTemplate(&b, name, v); err != nil {
		return "", "", err
	}
	if v.Language == "en" || v.Language == "uk" {
		if err := c.letters.ExecuteTemplate(&b, "courtesy_"+v.Language, v); err != nil {
			return "", "", err
		}
	}
	head, text, _ := strings.Cut(b.String(), "\n")
	subject, ok := strings.CutPrefix(head, "Temat: ")
	if !ok {
		return "", "", fmt.Errorf("letters/%s: the first line must be the subject, \"Temat: …\"", name)
	}
	if v.Number != "" {
		subject = "[" + v.Number + "] " + subject
	}
	return subject, tidy(text), nil
}

// tidy takes out what conditions in a template leave behind: blanks at line ends, more than one empty line.
func tidy(text string) string {
	lines := strings.Split(text, "\n")
	kept := lines[:0]
	for _, line := range lines {
		line = strings.TrimRight(line, " \t\r")
		if line == "" && (len(kept) == 0 || kept[len(kept)-1] == "") {
			continue
		}
		kept = append(kept, line)
	}
	return strings.TrimSpace(strings.Join(kept, "\n")) + "\n"
}

// messageID depends on what the letter says and to whom: composing it again gives the same one, so a second copy could be
// recognised, and two different letters never share one.
func (c *Composer) messageID(l workflow.Letter) string {
	sum := sha256.New()
	for _, part := range []string{string(c.codes.secret), fmt.Sprint(l.Case), string(l.Kind), string(l.Channel), l.To, l.Subject, l.Text} {
		fmt.Fprintf(sum, "%d:%s", len(part), part)
	}
	return "okienko." + hex.EncodeToString(sum.Sum(nil)[:12]) + "@" + c.office.MessageIDs
}

// inReplyTo is the thread: what the resident's letter answered, then the letter itself (RFC 5322 section 3.6.4).
func inReplyTo(l ingest.Letter) []string {
	var ids []string
	for _, id := range append(append([]string{}, l.InReplyTo...), l.MessageID) {
		if id = strings.Trim(textproto.TrimString(id), "<>"); id != "" && !strings.ContainsAny(id, " \t\r\n<>") {
			ids = append(ids, id)
		}
	}
	return ids
}

// firstOf returns the first that is not zero.
func firstOf[T comparable](values ...T) T {
	var zero T
	for _, v := range values {
		if v != zero {
			return v
		}
	}
	return zero
}
