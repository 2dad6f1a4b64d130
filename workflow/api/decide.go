package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"okienko/workflow"
)

// decision is what another system may decide about a case.
type decision struct {
	Kind string `json:"kind"` // note or take_over
	// Text goes into the history: of a note its words, of a take-over the number (znak sprawy) the other system gave the case.
	// It must hold no personal data.
	Text string `json:"text"`
}

// longestText bounds what goes into the history, in characters.
const longestText = 500

var errElsewhere = errors.New("a case of another desk")

// decide notes something on a case, or closes it because the other system has it now. The version of the case as the caller saw
// it must still stand.
func (a *api) decide(c *call) error {
	id, err := c.caseID()
	if err != nil {
		return err
	}
	d, err := c.decision()
	if err != nil {
		return err
	}
	version, err := c.version()
	if err != nil {
		return err
	}
	var after workflow.Case
	err = a.Store.Tx(c.Context(), func(tx workflow.Tx) error {
		found, err := tx.Lock(c.Context(), id)
		switch {
		case err != nil:
			return err
		case !c.token.Sees(found):
			return errElsewhere
		case found.Version != version:
			return fmt.Errorf("%w: it has version %d", workflow.ErrConflict, found.Version)
		}
		deed := &workflow.Deed{Tx: tx, Case: &found, By: workflow.User{Name: c.token.Actor()}, Now: a.Now()}
		err = d.carryOut(c.Context(), deed)
		after = found
		return err
	})
	if errors.Is(err, errElsewhere) {
		return a.otherDesk(c, id)
	}
	if err != nil {
		return err
	}
	c.w.Header().Set("ETag", etag(after.Version))
	return c.answer(viewCase(after))
}

func (c *call) decision() (decision, error) {
	var d decision
	dec := json.NewDecoder(http.MaxBytesReader(c.w, c.Body, 64<<10))
	dec.DisallowUnknownFields()
	var tooLarge *http.MaxBytesError
	if err := dec.Decode(&d); errors.As(err, &tooLarge) {
		return d, errTooLarge
	} else if err != nil {
		return d, fmt.Errorf("%w: the body is no decision: %w", errBad, err)
	}
	d.Text = strings.Join(strings.Fields(d.Text), " ")
	if n := utf8.RuneCountInString(d.Text); n == 0 || n > longestText {
		return d, fmt.Errorf("%w: text must have 1 to %d characters", errBad, longestText)
	}
	if d.Kind != "note" && d.Kind != "take_over" {
		return d, fmt.Errorf("%w: kind %q is none of note, take_over", errBad, d.Kind)
	}
	return d, nil
}

func (d decision) carryOut(ctx context.Context, deed *workflow.Deed) error {
	if d.Kind == "note" {
		return deed.Record(ctx, workflow.EventNote, d.Text)
	}
	if err := deed.Worked(); err != nil {
		return err
	}
	if err := deed.WithdrawHeld(ctx, "sprawę przejął inny system"); err != nil {
		return err
	}
	deed.Case.Status = workflow.StatusClosed
	return deed.Save(ctx, workflow.EventClosed, "Przejęte przez inny system: "+d.Text)
}

func etag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// version is that of If-Match.
func (c *call) version() (int64, error) {
	text := c.Header.Get("If-Match")
	version, err := strconv.ParseInt(strings.Trim(text, `"`), 10, 64)
	if err != nil || text != etag(version) {
		return 0, errNoMatch
	}
	return version, nil
}
