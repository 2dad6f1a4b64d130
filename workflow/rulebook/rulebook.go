// Package rulebook owns a version of everything an administrator may change without a programmer: procedures with their
// requirements, fees, channels and desks, conditions, words, classification rules with their threshold, templates of letters, free
// days. A Book is exactly the files the repository holds; a Draft is changed, checked, replayed on past cases and published by a
// second person; the Library gives what judges now.
//
// It refuses to know HTTP and SQL. Read next: book.go for the form of a version, draft.go for the way to publication, replay.go for
// what a draft would change; workflow/store keeps it, workflow/desk shows it.
package rulebook

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"okienko/classify"
	"okienko/schemas"
	"okienko/validate"
	"okienko/workflow"
	"okienko/workflow/deadline"
)

// Office is what a judgement depends on beside the book. All but Teach is required.
type Office struct {
	Policy  validate.Policy
	Letters fs.FS // the templates embedded in the program, *.txt
	// Teach puts the model beside the rules; nil: none is asked.
	Teach func(*classify.Ruleset) (*classify.Ruleset, error)
	// Composer makes the writer of letters of a catalogue, templates (*.txt) and a calendar. An error names the template.
	Composer func(schemas.Catalog, fs.FS, deadline.Calendar) (workflow.Composer, error)
	// Review lints every letter a composer can write about procedures, one complaint a line; nil: letters are not looked at.
	Review func(workflow.Composer, []schemas.Procedure, time.Time) []string
}

// Complaint is one thing wrong with a book.
type Complaint struct {
	File string // path in the book; "" where several files disagree
	Text string // names the line and key, and what is allowed
}

// Compile makes a bench of a book, for the procedures in force at the time. Without complaints the bench is sound.
func (o Office) Compile(b Book, version int64, at time.Time) (workflow.Bench, []Complaint) {
	bench, complaints := workflow.Bench{Version: version}, b.strangers()
	files, err := b.FS()
	if err != nil {
		return bench, append(complaints, b.complaints("", err)...)
	}
	part := func(dir string) fs.FS {
		sub, err := fs.Sub(files, dir)
		if err != nil {
			panic(err) // the names are constants
		}
		return sub
	}
	catalog, err := schemas.Load(part("schemas"))
	if err != nil {
		return bench, append(complaints, b.complaints("schemas/", err)...)
	}
	calendar, err := b.calendar()
	complaints = append(complaints, b.complaints("", err)...)
	rules, err := o.rules(part("classify"), catalog, at)
	complaints = append(complaints, b.complaints("classify/", err)...)
	composer, err := o.Composer(catalog, part("workflow/reply/letters"), calendar)
	complaints = append(complaints, b.complaints("workflow/reply/", err)...)
	bench.Judge = workflow.Judge{Rules: rules, Catalog: catalog, Policy: o.Policy, Calendar: calendar}
	bench.Composer = composer
	return bench, complaints
}

func (o Office) rules(files fs.FS, catalog schemas.Catalog, at time.Time) (*classify.Ruleset, error) {
	data, err := classify.LoadRules(files, catalog, at)
	if err != nil {
		return nil, err
	}
	rules, err := classify.Compile(data)
	if err != nil || o.Teach == nil {
		return rules, err
	}
	return o.Teach(rules)
}

// Check is Compile with a look at every letter the templates can write: what a draft must pass.
func (o Office) Check(b Book, at time.Time) (workflow.Bench, []Complaint) {
	bench, complaints := o.Compile(b, 0, at)
	if len(complaints) > 0 || o.Review == nil {
		return bench, complaints
	}
	for _, line := range o.Review(bench.Composer, bench.Judge.Catalog.All(at), at) {
		complaints = append(complaints, Complaint{Text: line})
	}
	return bench, complaints
}

// complaints puts an error of many lines into as many complaints, each with the file it names.
func (b Book) complaints(dir string, err error) []Complaint {
	if err == nil {
		return nil
	}
	var list []Complaint
	for line := range strings.Lines(err.Error()) {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, Complaint{File: b.named(dir, line), Text: line})
		}
	}
	return list
}

// named is the file of the book a line begins with, or "".
func (b Book) named(dir, line string) string {
	name, _, _ := strings.Cut(line, ":")
	if _, ok := b[dir+name]; ok {
		return dir + name
	}
	return ""
}

// calendarFile holds the free days.
const calendarFile = "workflow/rulebook/calendar.yaml"

func (b Book) calendar() (deadline.Calendar, error) {
	var c deadline.Calendar
	data, ok := b[calendarFile]
	if !ok {
		return c, nil // a book of before there was one
	}
	d := yaml.NewDecoder(strings.NewReader(string(data)))
	d.KnownFields(true)
	if err := d.Decode(&c); err != nil && len(strings.TrimSpace(string(data))) > 0 {
		return c, fmt.Errorf("%s: %s; allowed are the keys holidays and closed, each a list of days YYYY-MM-DD", calendarFile, oneLine(err))
	}
	return c, nil
}

func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }

// ErrorOf is the complaints as one error; nil if there are none.
func ErrorOf(complaints []Complaint) error {
	var list []error
	for _, c := range complaints {
		if c.File != "" && !strings.HasPrefix(c.Text, c.File) {
			c.Text = c.File + ": " + c.Text
		}
		list = append(list, errors.New(c.Text))
	}
	return errors.Join(list...)
}
