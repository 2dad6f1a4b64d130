package desk

import (
	"slices"

	"okienko/ingest"
	"okienko/validate"
	"okienko/workflow"
)

// whoView is who writes, for whom, and what the letter says of them.
type whoView struct {
	Name, Address string
	Proxy         validate.Truth // does somebody act for the party
	Language      string
	Data          []dataView // what was read, for typing elsewhere
}

// dataView is one kind of value found in the letter.
type dataView struct {
	Label  string
	Values []string
	Bad    bool // a check digit does not hold
}

// shownFields are the fields worth a clerk's glance, in the order of the screen.
var shownFields = []string{ingest.FieldPESEL, ingest.FieldNIP, ingest.FieldREGON, ingest.FieldKRS, ingest.FieldPhone,
	ingest.FieldVIN, ingest.FieldPlate, ingest.FieldParcel, ingest.FieldLandReg, ingest.FieldRPW, ingest.FieldCaseNumber, ingest.FieldCode}

// mostValues is how many values of one kind are shown; more are hardly the party's.
const mostValues = 3

// conditionProxy is the condition of the catalogue that says whether somebody acts for the party.
const conditionProxy = "if_proxy"

func (t *messages) whoView(c workflow.Case, j workflow.Judgement) whoView {
	view := whoView{Name: mask(c.Sender.Name), Address: c.Sender.Address, Proxy: j.Conditions[conditionProxy],
		Language: t.Languages[j.Contents.Letter.Language]}
	for _, kind := range shownFields {
		if data := t.dataView(j.Contents.Readings, kind); len(data.Values) > 0 {
			view.Data = append(view.Data, data)
		}
	}
	return view
}

func (t *messages) dataView(readings []ingest.Reading, kind string) dataView {
	data := dataView{Label: t.Field[kind]}
	for _, r := range readings {
		for _, f := range r.Fields {
			value := mask(f.Value)
			if f.Type != kind || len(data.Values) == mostValues || slices.Contains(data.Values, value) {
				continue
			}
			data.Values = append(data.Values, value)
			data.Bad = data.Bad || f.Checked == "bad"
		}
	}
	return data
}

// linkView is a case that belongs to this one.
type linkView struct {
	ID       workflow.CaseID // 0 if the visitor may not open it
	Kind     workflow.LinkKind
	Earlier  bool
	Attached bool
	Percent  int
	Because  string
	Number   string
	Desk     string
	Path     string // "" if the visitor may not open it: then nothing but number and desk is shown
	Subject  string
	Channel  ingest.Channel
	Status   workflow.Status
}

func linkViews(v *visit, links []workflow.LinkedCase) []linkView {
	var list []linkView
	for _, l := range links {
		view := linkView{Kind: l.Link.Kind, Earlier: l.Earlier, Attached: l.Link.Attached, Percent: int(l.Link.Score*100 + 0.5),
			Number: l.Other.Number, Desk: l.Other.Route.Desk}
		if sees(v.user, l.Other.Case) {
			view.ID = l.Other.ID
			view.Path, view.Subject, view.Because = casePath(l.Other.ID), mask(l.Other.Subject), mask(l.Link.Because)
			view.Channel, view.Status = l.Other.Submission.Channel, l.Other.Status
		}
		list = append(list, view)
	}
	return list
}
