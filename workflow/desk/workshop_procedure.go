package desk

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"okienko/workflow"
	"okienko/workflow/rulebook"
)

// procedureView is one procedure of a draft: a form for what is common, the text of its file for the rest.
type procedureView struct {
	Draft        rulebook.Draft
	Path         string // of the draft
	File         string // "odpis_aktu"
	Title        string
	Action       string
	Groups       []fieldGroup
	Requirements []requirementRow
	Text         string
	Complaints   []rulebook.Complaint
	Wrong        string
}

// fieldGroup is a card of the form.
type fieldGroup struct {
	Heading string
	Fields  []formField
}

type formField struct {
	rulebook.Field
	Label   string
	Choices []choice
}

// requirementRow is a field or an attachment the procedure asks for.
type requirementRow struct {
	ID, Part               string
	PL, EN, Required, When formField
}

func (d *desk) showProcedure(v *visit) error {
	draft, err := d.draftOf(v)
	if err != nil {
		return err
	}
	text, ok := draft.Book[rulebook.Procedure(v.PathValue("name"))]
	if !ok {
		return workflow.ErrNotFound
	}
	return d.procedurePage(v, draft, rulebook.Fields(text), string(text), "")
}

func (d *desk) procedurePage(v *visit, draft rulebook.Draft, fields []rulebook.Field, text, wrong string) error {
	name := v.PathValue("name")
	view := procedureView{Draft: draft, Path: draftPath(draft.ID), File: name, Text: text, Wrong: wrong, Action: draftPath(draft.ID) + "/procedures/" + name}
	view.Groups, view.Requirements = v.t.procedureForm(fields, rulebook.Requirements([]byte(text), "fields"), rulebook.Requirements([]byte(text), "attachments"))
	if title, ok := rulebook.Value([]byte(text), "title.pl"); ok {
		view.Title = title[0]
	} else {
		view.Title = name
	}
	view.Complaints = d.complaintsAbout(draft, rulebook.Procedure(name))
	return d.show(v, screen{name: "workshop_procedure", title: view.Title, nav: "workshop", status: statusOf(wrong != ""), body: view})
}

// procedureForm sorts the fields of a file into cards and the table of requirements.
func (t *messages) procedureForm(fields []rulebook.Field, own, attached []string) ([]fieldGroup, []requirementRow) {
	w := t.Workshop
	groups := []fieldGroup{{Heading: w.GroupService}, {Heading: w.GroupWords}, {Heading: w.GroupFee}, {Heading: w.GroupChannels}}
	byPath := map[string]formField{}
	for _, f := range fields {
		field := t.formField(f)
		byPath[f.Path] = field
		switch head, _, _ := strings.Cut(f.Path, "."); head {
		case "aliases", "match":
			groups[1].Fields = append(groups[1].Fields, field)
		case "fee", "deadline":
			groups[2].Fields = append(groups[2].Fields, field)
		case "channels":
			groups[3].Fields = append(groups[3].Fields, field)
		case "fields", "attachments":
		default:
			groups[0].Fields = append(groups[0].Fields, field)
		}
	}
	if len(fields) == 0 { // the file cannot be read: only its text can be changed
		return nil, nil
	}
	var rows []requirementRow
	for _, part := range []struct {
		name string
		ids  []string
	}{{"fields", own}, {"attachments", attached}} { // as files have them
		for i, id := range part.ids {
			at := fmt.Sprintf("%s.%d.", part.name, i)
			rows = append(rows, requirementRow{id, part.name, byPath[at+"label.pl"], byPath[at+"label.en"], byPath[at+"required"], byPath[at+"missing_effect"]})
		}
	}
	return groups, rows
}

func (t *messages) formField(f rulebook.Field) formField {
	field := formField{Field: f, Label: t.Workshop.Fields[f.Path]}
	if name, ok := strings.CutPrefix(f.Path, "channels."); ok {
		field.Label = t.Workshop.Channels[name]
	}
	for _, value := range f.Allowed {
		label := t.Workshop.Effects[value]
		for consequence, words := range t.Consequence {
			if string(consequence) == value {
				label = words
			}
		}
		field.Choices = append(field.Choices, choice{value, label, value == f.Value})
	}
	return field
}

// saveProcedure writes what the form says otherwise than the file; with the button of the text it writes the text.
func (d *desk) saveProcedure(v *visit) error {
	draft, err := d.draftOf(v)
	if err != nil {
		return err
	}
	name := rulebook.Procedure(v.PathValue("name"))
	old, ok := draft.Book[name]
	if !ok {
		return workflow.ErrNotFound
	}
	var text []byte
	var fields []rulebook.Field
	wrong := ""
	if v.PostForm.Has("text") {
		text = fromForm(v.PostFormValue("text"))
		fields = rulebook.Fields(text)
	} else {
		text, fields = rulebook.Fill(old, func(path string) (string, bool) {
			if v.PostForm.Has("has:" + path) { // a box that is not ticked is not sent
				return v.PostFormValue(path), true
			}
			return v.PostFormValue(path), v.PostForm.Has(path)
		})
		for _, f := range fields {
			if f.Wrong != "" {
				wrong = v.t.Workshop.WrongFields
			}
		}
	}
	if wrong != "" {
		return d.procedurePage(v, draft, fields, string(text), wrong)
	}
	draft.Book = draft.Book.With(name, text)
	return d.keepFile(v, draft, "/procedures/"+url.PathEscape(v.PathValue("name")), func(now rulebook.Draft) error {
		return d.procedurePage(v, now, fields, string(text), v.t.Workshop.Changed)
	})
}

// fromForm is a text as a file has it: browsers end lines with CR LF.
func fromForm(text string) []byte { return []byte(strings.ReplaceAll(text, "\r\n", "\n")) }

// keepFile saves a draft and goes back to the page of the file; if somebody was quicker, again shows what was entered.
func (d *desk) keepFile(v *visit, draft rulebook.Draft, page string, again func(rulebook.Draft) error) error {
	err := d.saveDraft(v, &draft)
	if errors.Is(err, workflow.ErrConflict) || errors.Is(err, rulebook.ErrNotOpen) {
		now, err := d.draftOf(v)
		if err != nil {
			return err
		}
		return again(now)
	}
	if err != nil {
		return err
	}
	d.flash(v, v.t.Workshop.Saved)
	return v.redirect(draftPath(draft.ID) + page)
}

// fileView is the text of any other file of a draft.
type fileView struct {
	Draft      rulebook.Draft
	Path       string
	Name, Text string
	Complaints []rulebook.Complaint
	Wrong      string
}

func (d *desk) showFile(v *visit) error {
	draft, err := d.draftOf(v)
	if err != nil {
		return err
	}
	text, ok := draft.Book[v.PathValue("file")]
	if !ok {
		return workflow.ErrNotFound
	}
	return d.filePage(v, draft, string(text), "")
}

func (d *desk) filePage(v *visit, draft rulebook.Draft, text, wrong string) error {
	view := fileView{Draft: draft, Path: draftPath(draft.ID), Name: v.PathValue("file"), Text: text, Wrong: wrong}
	view.Complaints = d.complaintsAbout(draft, view.Name)
	return d.show(v, screen{name: "workshop_file", title: view.Name, nav: "workshop", status: statusOf(wrong != ""), body: view})
}

func (d *desk) saveFile(v *visit) error {
	draft, err := d.draftOf(v)
	if err != nil {
		return err
	}
	name := v.PathValue("file")
	if _, ok := draft.Book[name]; !ok {
		return workflow.ErrNotFound
	}
	text := fromForm(v.PostFormValue("text"))
	draft.Book = draft.Book.With(name, text)
	return d.keepFile(v, draft, "/files/"+name, func(now rulebook.Draft) error { return d.filePage(v, now, string(text), v.t.Workshop.Changed) })
}
