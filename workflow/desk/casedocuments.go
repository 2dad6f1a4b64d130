package desk

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"okienko/ingest"
	"okienko/workflow"
)

// documentView is one file of the submission.
type documentView struct {
	ID       string
	Name     string
	Kind     string // what it seems to be; ""
	Media    string
	Size     string
	Pages    int
	TextFrom ingest.TextFrom
	Depth    int // inside how many containers
	Inline   bool
	Problems []string
	Preview  string // the beginning of its text; "" if it is the letter shown beside, or has none
	File     string // address of the file; "" if the document has no bytes of its own
	Text     string // address of the whole text; ""
	Sheets   []pagePictureView
}

// previewBytes is how much of a document's text the case page shows.
const previewBytes = 700

func (t *messages) documentViews(c workflow.Case, j workflow.Judgement) []documentView {
	letter, _ := letterReading(j)
	var list []documentView
	for _, r := range j.Contents.Readings {
		doc := r.Document
		view := documentView{ID: doc.ID, Name: mask(doc.Name), Media: doc.MediaType, Size: t.size(doc.Bytes), Pages: r.Pages,
			TextFrom: r.TextFrom, Depth: strings.Count(doc.ID, "."), Inline: doc.Inline,
			Problems: t.problems(slices.Concat(r.Problems, j.Contents.Problems), doc.ID)}
		if len(r.Kinds) > 0 && doc.ID != letter.Document.ID {
			view.Kind = t.kind(r.Kinds[0].ID)
		}
		if view.Name == "" {
			view.Name = t.Case.LetterItself
		}
		path := casePath(c.ID) + "/documents/" + url.PathEscape(doc.ID)
		if doc.Digest != "" {
			view.File = path
		}
		if text := strings.TrimSpace(r.Text); text != "" {
			view.Text = path + "/text"
			if doc.ID != letter.Document.ID {
				view.Preview = mask(begin(text, previewBytes))
			}
		}
		list = append(list, view)
	}
	return list
}

// begin returns the first n bytes of a text, not cutting a character.
func begin(text string, n int) string {
	if len(text) <= n {
		return text
	}
	return text[:runeStart(text, n)] + "…"
}

// problems puts into words what is wrong with a document; document "" selects those of the whole submission.
func (t *messages) problems(all []ingest.Problem, document string) []string {
	var list []string
	for _, p := range all {
		if text := t.ReadProblem[p.Code]; (p.Document == document || p.Document == "" && document == "") && !slices.Contains(list, text) {
			list = append(list, text)
		}
	}
	return list
}

// originalView is one file exactly as it arrived.
type originalView struct {
	Name, Role, Size, Path string
	Digest                 ingest.Digest
}

func (t *messages) originalViews(c workflow.Case) []originalView {
	var list []originalView
	for _, o := range c.Submission.Originals {
		list = append(list, originalView{Name: mask(o.Name), Role: t.Role[o.Role], Size: t.size(o.Size), Digest: o.Digest,
			Path: casePath(c.ID) + "/originals/" + string(o.Digest)})
	}
	return list
}

// letterView is one letter to the resident.
type letterView struct {
	workflow.Letter
	Path                              string
	To, Subject, Text                 string
	AuthorName                        string
	Release, Cancel, Resolve, TryOver bool
	Edit                              string // the editor, for a draft
	When                              time.Time
	Proofs                            []proofView
	Delivery                          []string  // what became of it
	Post                              *postView // what a clerk may enter of it; nil: nothing
}

func (t *messages) letterViews(c workflow.Case, f dossier) []letterView {
	var list []letterView
	for _, l := range slices.Backward(f.letters) {
		view := letterView{Letter: l, Path: casePath(c.ID) + "/letters/" + itoa(int64(l.ID)), To: mask(l.To), Subject: mask(l.Subject),
			Text: mask(l.Text), AuthorName: t.actor(l.Author, f.names), Release: l.Status == workflow.LetterHeld,
			Cancel:  l.Status == workflow.LetterHeld || l.Status == workflow.LetterDraft,
			Resolve: l.Status == workflow.LetterUnknown, TryOver: l.Status == workflow.LetterFailed, When: l.CreatedAt,
			Proofs: t.proofViews(l, f.proofs), Delivery: t.deliveryLines(l, f.delivered), Post: t.postView(l, f.delivered, f.now, f.post)}
		if isDraft(l) && hasEditor(l.Kind) {
			view.Edit = editorPath(c.ID, l.Kind)
		}
		if !l.SentAt.IsZero() {
			view.When = l.SentAt
		}
		list = append(list, view)
	}
	return list
}

func (t *messages) closeReasons() []choice {
	var list []choice
	for _, id := range closeReasons() {
		list = append(list, choice{Value: id, Label: t.Case.CloseReasons[id]})
	}
	return list
}
