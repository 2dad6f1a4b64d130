package desk

import (
	"strings"

	"okienko/schemas"
	"okienko/workflow/rulebook"
)

// tablesView shows what all procedures have in common beside each other: desks, fees, channels; and the settings of the book.
type tablesView struct {
	Draft    rulebook.Draft
	Path     string
	Names    []string // of channels, as heads of columns
	Rows     []tableRow
	Settings rulebook.Settings
	Wrong    string
}

type tableRow struct {
	File, Title string
	Desk, Fee   formField
	Channels    []formField
}

func (d *desk) showTables(v *visit) error {
	draft, err := d.draftOf(v)
	if err != nil {
		return err
	}
	return d.tablesPage(v, draft, draft.Book.Settings(), "")
}

func (d *desk) tablesPage(v *visit, draft rulebook.Draft, settings rulebook.Settings, wrong string) error {
	view := tablesView{Draft: draft, Path: draftPath(draft.ID), Settings: settings, Wrong: wrong}
	for _, name := range schemas.ChannelNames() {
		view.Names = append(view.Names, v.t.Workshop.Channels[name])
	}
	for _, id := range draft.Book.Procedures() {
		if row, ok := v.tableRow(id, draft.Book[rulebook.Procedure(id)]); ok {
			view.Rows = append(view.Rows, row)
		}
	}
	return d.show(v, screen{name: "workshop_tables", title: v.t.Workshop.Tables, nav: "workshop", status: statusOf(wrong != ""), body: view})
}

// tableRow is one procedure, with what the form says of it where it was sent.
func (v *visit) tableRow(id string, text []byte) (tableRow, bool) {
	row := tableRow{File: id}
	for _, f := range rulebook.Fields(text) {
		if entered, ok := v.PostForm[id+":"+f.Path]; ok {
			f.Value = entered[0]
		}
		switch {
		case f.Path == "title.pl":
			row.Title = f.Value
		case f.Path == "desk":
			row.Desk = v.t.formField(f)
		case f.Path == "fee.amount":
			row.Fee = v.t.formField(f)
		case strings.HasPrefix(f.Path, "channels."):
			row.Channels = append(row.Channels, v.t.formField(f))
		}
	}
	return row, len(row.Channels) > 0
}

func (d *desk) saveTables(v *visit) error {
	draft, err := d.draftOf(v)
	if err != nil {
		return err
	}
	settings, wrong := draft.Book.Settings(), []string{}
	if v.PostForm.Has("threshold") {
		settings = rulebook.Settings{Threshold: v.PostFormValue("threshold"), Holidays: v.PostFormValue("holidays"), Closed: v.PostFormValue("closed")}
		book, err := draft.Book.WithSettings(settings)
		if err != nil {
			wrong = append(wrong, err.Error())
		} else {
			draft.Book = book
		}
	}
	for _, id := range draft.Book.Procedures() {
		name := rulebook.Procedure(id)
		text, fields := rulebook.Fill(draft.Book[name], func(path string) (string, bool) {
			return v.PostFormValue(id + ":" + path), v.PostForm.Has(id + ":" + path)
		})
		for _, f := range fields {
			if f.Wrong != "" {
				wrong = append(wrong, name+": "+f.Wrong)
			}
		}
		draft.Book = draft.Book.With(name, text)
	}
	if len(wrong) > 0 {
		return d.tablesPage(v, draft, settings, strings.Join(wrong, "; "))
	}
	return d.keepFile(v, draft, "/tables", func(now rulebook.Draft) error { return d.tablesPage(v, now, settings, v.t.Workshop.Changed) })
}
