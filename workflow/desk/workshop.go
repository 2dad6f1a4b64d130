package desk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"sync"
	"time"

	"okienko/workflow"
	"okienko/workflow/rulebook"
)

// Workshop is what administrators change the rules with. All of it is required.
type Workshop struct {
	Shelf       rulebook.Shelf
	Past        rulebook.Past
	Library     *rulebook.Library
	Halts       workflow.Halts
	Corrections Corrections
}

// Corrections are clerks' changes of the service, newest first.
type Corrections interface {
	Corrections(ctx context.Context, since time.Time, limit int) ([]rulebook.Correction, error)
}

// workbench is what the workshop holds in memory: replays under way, and what was found in books that were checked.
type workbench struct {
	mu      sync.Mutex
	running map[int64]*replayRun // by draft
	checked map[string][]rulebook.Complaint
}

// complaintsOf checks a book once: to write every letter takes a second.
func (d *desk) complaintsOf(b rulebook.Book, digest string) []rulebook.Complaint {
	d.bench.mu.Lock()
	list, known := d.bench.checked[digest]
	d.bench.mu.Unlock()
	if known {
		return list
	}
	_, list = d.Rules.Library.Office().Check(b, d.Now())
	d.bench.mu.Lock()
	defer d.bench.mu.Unlock()
	if len(d.bench.checked) > 50 {
		clear(d.bench.checked)
	}
	d.bench.checked[digest] = list
	return list
}

// complaintsAbout are those about one file of a draft, and those about no file.
func (d *desk) complaintsAbout(draft rulebook.Draft, file string) (list []rulebook.Complaint) {
	for _, c := range d.complaintsOf(draft.Book, draft.Digest) {
		if c.File == "" || c.File == file {
			list = append(list, c)
		}
	}
	return list
}

// workshopView is the front page of the workshop.
type workshopView struct {
	InForce  int64
	Versions []versionView
	Drafts   []draftRow
	Wrong    string // what is wrong with an imported file, or a new draft
	Title    string // as entered
}

type versionView struct {
	rulebook.Version
	Who, By string // full names
	State   string // in words
	Class   string
	Path    string
}

type draftRow struct {
	rulebook.Draft
	Who  string
	Path string
}

func draftPath(id int64) string { return "/workshop/drafts/" + itoa(id) }

func (d *desk) showWorkshop(v *visit) error { return d.workshopPage(v, workshopView{}) }

func (d *desk) workshopPage(v *visit, view workshopView) error {
	var err error
	if view.InForce, err = d.Rules.Shelf.InForce(v.Context(), v.now); err != nil {
		return err
	}
	names, err := d.fullNames(v.Context())
	if err != nil {
		return err
	}
	versions, err := d.Rules.Shelf.Versions(v.Context())
	if err != nil {
		return err
	}
	for _, version := range append(versions, rulebook.Version{Title: v.t.Workshop.BuiltIn}) {
		view.Versions = append(view.Versions, v.versionView(version, view.InForce, names))
	}
	drafts, err := d.Rules.Shelf.Drafts(v.Context())
	if err != nil {
		return err
	}
	for _, draft := range drafts {
		view.Drafts = append(view.Drafts, draftRow{draft, names.list(draft.Authors), draftPath(draft.ID)})
	}
	return d.show(v, screen{name: "workshop", title: v.t.Workshop.Title, nav: "workshop", status: statusOf(view.Wrong != ""), body: view})
}

func (v *visit) versionView(version rulebook.Version, inForce int64, names fullNames) versionView {
	row := versionView{Version: version, Who: names.list(version.Authors), By: names.of(version.PublishedBy),
		Path: "/workshop/versions/" + itoa(version.Number)}
	switch {
	case version.Number == inForce:
		row.State, row.Class = v.t.Workshop.InForce, "yes"
	case version.Number > inForce:
		row.State, row.Class = fmt.Sprintf(v.t.Workshop.Scheduled, v.t.DateTime(version.ValidFrom)), "unsure"
	default:
		row.State, row.Class = v.t.Workshop.Past, "none"
	}
	return row
}

// newest is the newest version, what a draft is made from, without its book; the zero Version while there is only the one built in.
func (d *desk) newest(ctx context.Context) (rulebook.Version, error) {
	list, err := d.Rules.Shelf.Versions(ctx)
	if err != nil || len(list) == 0 {
		return rulebook.Version{}, err
	}
	return list[0], nil
}

// startDraft begins a draft of the newest version, with the files of another one if the form names it: that is how an older version
// is published again.
func (d *desk) startDraft(v *visit) error {
	newest, err := d.newest(v.Context())
	if err != nil {
		return err
	}
	from := newest.Number
	if v.PostFormValue("version") != "" {
		if from, err = v.integer("version"); err != nil {
			return err
		}
	}
	title, why := v.remark("title")
	if why != "" {
		return d.workshopPage(v, workshopView{Wrong: v.t.Workshop.DraftTitle + ": " + why, Title: title})
	}
	book, err := d.Rules.Library.Book(v.Context(), from)
	if err != nil {
		return err
	}
	return d.keepNew(v, rulebook.Draft{Base: newest.Number, Title: title, Book: book})
}

func (d *desk) keepNew(v *visit, draft rulebook.Draft) error {
	if err := d.Rules.Shelf.SaveDraft(v.Context(), &draft, v.user.Name); err != nil {
		return err
	}
	d.flash(v, v.t.Workshop.Begun)
	return v.redirect(draftPath(draft.ID))
}

// importBook makes a draft of a ZIP file.
func (d *desk) importBook(v *visit) error {
	data, err := v.upload("book")
	if err != nil {
		return err
	}
	title, why := v.remark("title")
	if why != "" {
		return d.workshopPage(v, workshopView{Wrong: v.t.Workshop.DraftTitle + ": " + why})
	}
	book, err := rulebook.ReadZip(data)
	if errors.Is(err, rulebook.ErrNoBook) {
		return d.workshopPage(v, workshopView{Wrong: err.Error(), Title: title})
	}
	if err != nil {
		return err
	}
	newest, err := d.newest(v.Context())
	if err != nil {
		return err
	}
	return d.keepNew(v, rulebook.Draft{Base: newest.Number, Title: title, Book: book})
}

// upload is a file of the form, within what any form may measure.
func (v *visit) upload(field string) ([]byte, error) {
	if err := v.ParseMultipartForm(mostForm); err != nil {
		return nil, fmt.Errorf("%w: %w", errBadRequest, err)
	}
	f, _, err := v.FormFile(field)
	if err != nil {
		return nil, fmt.Errorf("%w: field %s: %w", errBadRequest, field, err)
	}
	defer f.Close()
	return io.ReadAll(f)
}

// oneVersionView is the page of a published version: what it changed, and how to have it again.
type oneVersionView struct {
	versionView
	Changes []rulebook.FileChange
	Newest  bool
}

// versionOf is the version named in the path; 0 is the one built in.
func (d *desk) versionOf(v *visit) (rulebook.Version, error) {
	n, err := strconv.ParseInt(v.PathValue("version"), 10, 64)
	if err != nil || n < 0 {
		return rulebook.Version{}, workflow.ErrNotFound
	}
	if n > 0 {
		return d.Rules.Shelf.Version(v.Context(), n)
	}
	book, err := d.Rules.Library.Book(v.Context(), 0)
	return rulebook.Version{Title: v.t.Workshop.BuiltIn, Book: book}, err
}

func (d *desk) showVersion(v *visit) error {
	version, err := d.versionOf(v)
	if err != nil {
		return err
	}
	names, err := d.fullNames(v.Context())
	if err != nil {
		return err
	}
	inForce, err := d.Rules.Shelf.InForce(v.Context(), v.now)
	if err != nil {
		return err
	}
	newest, err := d.newest(v.Context())
	if err != nil {
		return err
	}
	view := oneVersionView{versionView: v.versionView(version, inForce, names), Newest: version.Number == newest.Number}
	if version.Number > 0 {
		before, err := d.Rules.Library.Book(v.Context(), version.Number-1)
		if err != nil {
			return err
		}
		view.Changes = rulebook.Diff(before, version.Book)
	}
	return d.show(v, screen{name: "workshop_version", title: version.Title, nav: "workshop", body: view})
}

func (d *desk) exportVersion(v *visit) error {
	version, err := d.versionOf(v)
	if err != nil {
		return err
	}
	return v.sendBook(version.Book, fmt.Sprintf("okienko-reguly-%d.zip", version.Number))
}

func (v *visit) sendBook(b rulebook.Book, name string) error {
	data, err := b.Zip()
	if err != nil {
		return err
	}
	v.attachment("application/zip", name)
	_, _ = v.w.Write(data) // an error says that the browser went away
	return nil
}
