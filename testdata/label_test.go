package testdata_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"go.yaml.in/yaml/v3"

	"okienko/testdata"
)

// catalogue is the part of the office's catalogue that labels speak of.
type catalogue struct {
	Conditions map[string]string `yaml:"conditions"`
	Services   []service         `yaml:"services"`
}

type service struct {
	ID          string                            `yaml:"id"`
	Fields      []item                            `yaml:"fields"`
	Attachments []item                            `yaml:"attachments"`
	Channels    struct{ Email, Osobiscie string } `yaml:"channels"`
}

type item struct {
	ID       string `yaml:"id"`
	Required bool   `yaml:"required"`
	When     string `yaml:"when"`
	Effect   string `yaml:"missing_effect"`
}

// demanded tells whether an item has to be there, and would be asked for by letter, under the label's conditions.
func (i item) demanded(w testdata.Want) bool {
	return i.Required && i.Effect != "desk" && (i.When == "always" || w.Conditions[i.When])
}

// readCatalogue returns nil where the office's catalogue is not at hand.
func readCatalogue(t *testing.T) *catalogue {
	t.Helper()
	shared := os.Getenv("OKIENKO_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "shared")
	}
	raw, err := os.ReadFile(filepath.Join(shared, "domain", "catalogue.yaml"))
	if err != nil {
		t.Logf("labels are not held against the catalogue: %v", err)
		return nil
	}
	var c catalogue
	if err := yaml.Unmarshal(raw, &c); err != nil {
		t.Fatal(err)
	}
	return &c
}

func (c *catalogue) service(id string) *service {
	for i := range c.Services {
		if c.Services[i].ID == id {
			return &c.Services[i]
		}
	}
	return nil
}

func (c *catalogue) everyItem() []string {
	var ids []string
	for _, s := range c.Services {
		ids = append(append(ids, idsOf(s.Fields)...), idsOf(s.Attachments)...)
	}
	return ids
}

func idsOf(items []item) []string {
	var ids []string
	for _, i := range items {
		ids = append(ids, i.ID)
	}
	return ids
}

func TestLabelsSpeakTheLanguageOfTheCatalogue(t *testing.T) {
	t.Parallel()
	c := readCatalogue(t)
	if c == nil {
		return
	}
	known := c.everyItem()
	for _, s := range stories(t) {
		w := s.Want
		for _, id := range slices.Concat([]string{w.Procedure}, w.AlsoAcceptable, w.OtherMatters) {
			if id != "" && c.service(id) == nil {
				t.Errorf("%s: no service %q", s.Name, id)
			}
		}
		for id := range w.Conditions {
			if c.Conditions[id] == "" {
				t.Errorf("%s: no condition %q", s.Name, id)
			}
		}
		for _, id := range slices.Concat(w.Attachments, w.Missing, w.DoNotAsk) {
			if !slices.Contains(known, id) {
				t.Errorf("%s: no item %q", s.Name, id)
			}
		}
	}
}

// TestLabelsFollowTheCatalogue recomputes what the catalogue can decide: whether what is missing is demanded at all, whether
// every demanded paper is accounted for, and which letter the channel allows.
func TestLabelsFollowTheCatalogue(t *testing.T) {
	t.Parallel()
	c := readCatalogue(t)
	if c == nil {
		return
	}
	for _, s := range stories(t) {
		if svc := c.service(s.Want.Procedure); svc != nil {
			checkMissing(t, s, svc)
			checkPapers(t, s, svc)
			checkReply(t, s, svc)
		}
	}
}

func checkMissing(t *testing.T, s testdata.Story, svc *service) {
	items := slices.Concat(svc.Fields, svc.Attachments)
	for _, id := range s.Want.Missing {
		i := slices.IndexFunc(items, func(i item) bool { return i.ID == id })
		if i < 0 || !items[i].demanded(s.Want) {
			t.Errorf("%s: %q is called missing, but %s does not demand it here", s.Name, id, svc.ID)
		}
		if slices.Contains(s.Want.Attachments, id) || slices.Contains(s.Want.DoNotAsk, id) {
			t.Errorf("%s: %q is missing and present, or missing and not to be asked for", s.Name, id)
		}
	}
	for _, id := range s.Want.Attachments {
		if !slices.Contains(idsOf(svc.Attachments), id) {
			t.Errorf("%s: %q is no attachment of %s", s.Name, id, svc.ID)
		}
	}
}

// checkPapers: a filing that is checked at all must have each demanded paper among those present, missing or not to ask for.
func checkPapers(t *testing.T, s testdata.Story, svc *service) {
	w := s.Want
	if w.Reply == "info" || w.Reply == "human" || w.SupplementOf != "" {
		return
	}
	for _, i := range svc.Attachments {
		if i.demanded(w) && !slices.Contains(slices.Concat(w.Attachments, w.Missing, w.DoNotAsk), i.ID) {
			t.Errorf("%s: the label says nothing of %q, which %s demands", s.Name, i.ID, svc.ID)
		}
	}
}

// checkReply: what has effect by e-mail gets a receipt or a list of what is missing; what has none is told so.
func checkReply(t *testing.T, s testdata.Story, svc *service) {
	w := s.Want
	if w.Reply == "human" {
		return
	}
	want := []string{"channel_ineffective", "info"}
	switch {
	case svc.Channels.Email == "yes" && len(w.Missing) == 0:
		want = []string{"receipt"}
	case svc.Channels.Email == "yes":
		want = []string{"incomplete"}
	case svc.Channels.Osobiscie == "required":
		want = []string{"info"}
	}
	if !slices.Contains(want, w.Reply) {
		t.Errorf("%s: reply %q, the catalogue allows %v", s.Name, w.Reply, want)
	}
}

func TestWhatIsNoSubmissionIsNeverAnswered(t *testing.T) {
	t.Parallel()
	for _, s := range stories(t) {
		w := s.Want
		submission := w.Nature == "submission"
		if submission != (w.Procedure != "") || submission == (w.Reply == "none") {
			t.Errorf("%s: nature %q with procedure %q and reply %q", s.Name, w.Nature, w.Procedure, w.Reply)
		}
	}
}
