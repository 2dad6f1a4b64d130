package desk

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"okienko/schemas"
	"okienko/workflow"
	"okienko/workflow/rulebook"
)

// draftView is the page of a draft, in the order of the way to publication.
type draftView struct {
	rulebook.Draft
	Path       string
	Who        string
	Changes    []rulebook.FileChange
	Complaints []rulebook.Complaint
	Procedures []procedureRow
	Files      []fileRow
	Running    bool
	Done, Of   int // of the replay under way
	Failed     bool
	Moves      []moveView
	Cases      []changeRow
	CanPublish bool
	Why        string // why the reader may not publish it; "" if they may
	Wrong      string // what is wrong with what was entered
}

type procedureRow struct{ File, Title, Path, Desk string }

type fileRow struct{ Name, Path string }

// changeRow is a case that would be judged otherwise, with the names of its services.
type changeRow struct {
	rulebook.Change
	Was, Is string
}

// moveView is a line of the counts.
type moveView struct {
	What, From, To string
	N              int
}

// draftOf is the draft named in the path. Only an open one is shown.
func (d *desk) draftOf(v *visit) (rulebook.Draft, error) {
	id, err := strconv.ParseInt(v.PathValue("draft"), 10, 64)
	if err != nil {
		return rulebook.Draft{}, workflow.ErrNotFound
	}
	return d.Rules.Shelf.Draft(v.Context(), id)
}

func (d *desk) showDraft(v *visit) error {
	draft, err := d.draftOf(v)
	if err != nil {
		return err
	}
	return d.draftPage(v, draft, "")
}

func (d *desk) draftPage(v *visit, draft rulebook.Draft, wrong string) error {
	base, err := d.Rules.Library.Book(v.Context(), draft.Base)
	if err != nil {
		return err
	}
	names, err := d.fullNames(v.Context())
	if err != nil {
		return err
	}
	view := draftView{Draft: draft, Path: draftPath(draft.ID), Who: names.list(draft.Authors), Changes: rulebook.Diff(base, draft.Book),
		Complaints: d.complaintsOf(draft.Book, draft.Digest), Wrong: wrong}
	view.Procedures, view.Files = filesOf(draft)
	view.Running, view.Done, view.Of, view.Failed = d.replayState(draft.ID)
	if draft.Replay != nil {
		all := d.Procedures.All(v.now)
		view.Moves = v.t.moveViews(draft.Replay.Moves, all)
		for _, c := range draft.Replay.Changes {
			view.Cases = append(view.Cases, changeRow{c, v.t.serviceName(c.Old.About(), all), v.t.serviceName(c.New.About(), all)})
		}
	}
	if view.Why, err = d.whyNot(v, draft, len(view.Complaints) > 0); err != nil {
		return err
	}
	view.CanPublish = view.Why == ""
	if view.Running {
		v.w.Header().Set("Refresh", "3")
	}
	return d.show(v, screen{name: "workshop_draft", title: draft.Title, nav: "workshop", status: statusOf(wrong != ""), body: view})
}

// whyNot says why the visitor may not publish the draft now.
func (d *desk) whyNot(v *visit, draft rulebook.Draft, unsound bool) (string, error) {
	newest, err := d.newest(v.Context())
	if err != nil {
		return "", err
	}
	if unsound && draft.State == rulebook.DraftOpen {
		return v.t.Workshop.Unsound, nil
	}
	from := v.now
	if newest.ValidFrom.After(from) {
		from = newest.ValidFrom // a later day may be chosen
	}
	return v.t.whyNot(draft.Publishable(v.user.Name, newest, from, v.now)), nil
}

// whyNot puts a refusal of the rule book into words.
func (t *messages) whyNot(err error) string {
	w := t.Workshop
	for _, c := range []struct {
		is    error
		words string
	}{{rulebook.ErrNotOpen, w.NotOpen}, {rulebook.ErrOwnWork, w.OwnWork}, {rulebook.ErrBehind, w.Behind}, {rulebook.ErrNotReplayed, w.NotReplayed},
		{rulebook.ErrTooEarly, w.TooEarly}, {rulebook.ErrUnsound, w.Unsound}, {workflow.ErrConflict, w.Changed}} {
		if errors.Is(err, c.is) {
			return c.words
		}
	}
	return ""
}

func filesOf(draft rulebook.Draft) (procedures []procedureRow, files []fileRow) {
	path := draftPath(draft.ID)
	for _, id := range draft.Book.Procedures() {
		text := draft.Book[rulebook.Procedure(id)]
		title, _ := rulebook.Value(text, "title.pl")
		desk, _ := rulebook.Value(text, "desk")
		procedures = append(procedures, procedureRow{id, strings.Join(title, ""), path + "/procedures/" + id, strings.Join(desk, "")})
	}
	for _, name := range draft.Book.Names() {
		if !strings.HasPrefix(name, "schemas/procedures/") {
			files = append(files, fileRow{name, path + "/files/" + name})
		}
	}
	return procedures, files
}

// moveViews put what changes into words.
func (t *messages) moveViews(moves []rulebook.Tally, all []schemas.Procedure) []moveView {
	var list []moveView
	for _, m := range moves {
		row := moveView{What: t.Workshop.Moves[m.What], From: m.From, To: m.To, N: m.N}
		switch m.What {
		case "service":
			row.From, row.To = t.serviceName(m.From, all), t.serviceName(m.To, all)
		case "letter":
			row.From, row.To = t.Reply[workflow.ReplyKind(m.From)], t.Reply[workflow.ReplyKind(m.To)]
			if m.From == m.To {
				row.To = t.Workshop.Reworded
			}
		}
		list = append(list, row)
	}
	return list
}

// serviceName is the title of a procedure, or the nature of what is none.
func (t *messages) serviceName(id string, all []schemas.Procedure) string {
	for _, p := range all {
		if string(p.ID) == id {
			return t.text(p.Title)
		}
	}
	for nature, name := range t.Nature {
		if string(nature) == id {
			return name
		}
	}
	return id
}

// saveDraft writes a changed draft, as of the revision the form was made from.
func (d *desk) saveDraft(v *visit, draft *rulebook.Draft) error {
	var err error
	if draft.Revision, err = v.integer("revision"); err != nil {
		return err
	}
	return d.Rules.Shelf.SaveDraft(v.Context(), draft, v.user.Name)
}

func (d *desk) exportDraft(v *visit) error {
	draft, err := d.draftOf(v)
	if err != nil {
		return err
	}
	return v.sendBook(draft.Book, fmt.Sprintf("okienko-szkic-%d.zip", draft.ID))
}

func (d *desk) discardDraft(v *visit) error {
	draft, err := d.draftOf(v)
	if err != nil {
		return err
	}
	revision, err := v.integer("revision")
	if err != nil {
		return err
	}
	if err := d.Rules.Shelf.DiscardDraft(v.Context(), draft.ID, revision, v.user.Name); err != nil {
		if why := v.t.whyNot(err); why != "" {
			return d.draftPage(v, draft, why)
		}
		return err
	}
	d.flash(v, v.t.Workshop.Discarded)
	return v.redirect("/workshop")
}

// publishDraft makes a draft a version. Who may is for the rule book to say, in the transaction of the publication.
func (d *desk) publishDraft(v *visit) error {
	draft, err := d.draftOf(v)
	if err != nil {
		return err
	}
	revision, err := v.integer("revision")
	if err != nil {
		return err
	}
	from, why := v.validFrom()
	if why != "" {
		return d.draftPage(v, draft, why)
	}
	version, err := rulebook.Publish(v.Context(), d.Rules.Shelf, d.Rules.Library.Office(), draft.ID, revision, v.user.Name, from, v.now)
	if err != nil {
		if why := v.t.whyNot(err); why != "" {
			return d.draftPage(v, draft, why)
		}
		return err
	}
	d.flash(v, fmt.Sprintf(v.t.Workshop.Published, version.Number, v.t.DateTime(version.ValidFrom)))
	return v.redirect("/workshop")
}

// validFrom is the day entered, from its beginning in Kraków; zero: at once.
func (v *visit) validFrom() (time.Time, string) {
	text := v.oneLine("from")
	if text == "" || text == schemas.DateOf(v.now).String() {
		return time.Time{}, ""
	}
	day, err := schemas.ParseDate(text)
	if err != nil {
		return time.Time{}, v.t.Workshop.WrongDay
	}
	return day.Time, ""
}
