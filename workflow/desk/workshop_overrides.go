package desk

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"okienko/ingest"
	"okienko/schemas"
	"okienko/workflow"
	"okienko/workflow/rulebook"
)

// overridesView shows what clerks change, by service and channel, with words a rule could go by.
type overridesView struct {
	Since     time.Time
	N         int
	Channels  []channelCount
	Overrides []overrideRow
}

type channelCount struct {
	Channel ingest.Channel
	N       int
}

type overrideRow struct {
	rulebook.Override
	From, To string
	Channels []channelCount
}

// How far back corrections are looked at.
const (
	correctionsOf   = 90 * 24 * time.Hour
	mostCorrections = 500
	mostUncorrected = 300
)

func (d *desk) showOverrides(v *visit) error {
	view := overridesView{Since: v.now.Add(-correctionsOf)}
	corrections, err := d.Rules.Corrections.Corrections(v.Context(), view.Since, mostCorrections)
	if err != nil {
		return err
	}
	corrected := map[workflow.CaseID]bool{}
	for _, c := range corrections {
		corrected[c.Case] = true
	}
	var others []string
	for past, err := range d.Rules.Past.PastCases(v.Context(), mostUncorrected) {
		if err != nil {
			return err
		}
		if !corrected[past.Case.ID] {
			others = append(others, rulebook.LetterText(past.Judgement))
		}
	}
	view.N, view.Channels = len(corrections), countChannels(corrections, func(rulebook.Correction) bool { return true })
	all := d.Procedures.All(v.now)
	for _, o := range rulebook.Overrides(corrections, others) {
		view.Overrides = append(view.Overrides, overrideRow{o, v.t.orUnsure(o.Before, all), v.t.serviceName(string(o.After), all),
			countChannels(corrections, func(c rulebook.Correction) bool { return c.Before == o.Before && c.After == o.After })})
	}
	return d.show(v, screen{name: "workshop_overrides", title: v.t.Workshop.Overrides, nav: "workshop", body: view})
}

// orUnsure is the service the machine chose, or that it chose none.
func (t *messages) orUnsure(id schemas.ProcedureID, all []schemas.Procedure) string {
	if id == "" {
		return t.Workshop.NoService
	}
	return t.serviceName(string(id), all)
}

func countChannels(corrections []rulebook.Correction, of func(rulebook.Correction) bool) []channelCount {
	var list []channelCount
	for _, channel := range ingest.Channels() {
		n := 0
		for _, c := range corrections {
			if c.Channel == channel && of(c) {
				n++
			}
		}
		if n > 0 {
			list = append(list, channelCount{channel, n})
		}
	}
	return list
}

// proposeAlias puts a proposed alias into the visitor's newest draft, or into a new one.
func (d *desk) proposeAlias(v *visit) error {
	alias, why := v.remark("alias")
	id := schemas.ProcedureID(v.PostFormValue("procedure"))
	if why != "" || id == "" {
		return fmt.Errorf("fields alias, procedure: %w", errBadRequest)
	}
	draft, err := d.ownDraft(v)
	if err != nil {
		return err
	}
	if draft.Book, err = draft.Book.AddAlias(id, alias); errors.Is(err, workflow.ErrNotFound) {
		return fmt.Errorf("field procedure: %w", errBadRequest)
	} else if err != nil {
		return err
	}
	if err := d.Rules.Shelf.SaveDraft(v.Context(), &draft, v.user.Name); err != nil {
		return err
	}
	d.flash(v, fmt.Sprintf(v.t.Workshop.AliasAdded, alias))
	return v.redirect(draftPath(draft.ID))
}

// ownDraft is the newest open draft the visitor works on, as it is now, or a new one that is not saved yet.
func (d *desk) ownDraft(v *visit) (rulebook.Draft, error) {
	drafts, err := d.Rules.Shelf.Drafts(v.Context())
	if err != nil {
		return rulebook.Draft{}, err
	}
	for _, draft := range drafts {
		if slices.Contains(draft.Authors, v.user.Name) {
			return d.Rules.Shelf.Draft(v.Context(), draft.ID)
		}
	}
	newest, err := d.newest(v.Context())
	if err != nil {
		return rulebook.Draft{}, err
	}
	book, err := d.Rules.Library.Book(v.Context(), newest.Number)
	return rulebook.Draft{Base: newest.Number, Title: v.t.Workshop.FromCorrections, Book: book}, err
}
