package reply

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"okienko/schemas"
	"okienko/workflow"
)

// Clerk is who signs a formal letter.
type Clerk struct {
	User     string // Letter.Author
	Name     string
	Position string // "inspektor"; ""
}

// Call is what a clerk chooses about a formal call (wezwanie).
type Call struct {
	Clerk Clerk
	At    time.Time // the date of the letter
	Days  int       // the term; 0: 7 days, 14 where only facts are to be proved
}

// Forward is where a letter is passed on to, and why.
type Forward struct {
	Clerk     Clerk
	At        time.Time
	Authority string // name
	Address   string // where it sits, or its ADE; ""
	Because   string // the provision that makes it competent, one sentence
}

// formal is what only letters of a clerk say.
type formal struct {
	Title                                      string
	Addressee                                  string
	TermBasis                                  string
	Bases                                      []string
	Forward                                    Forward
	ForwardDay, ForwardBasis, ForwardTermBasis string
	Blank                                      string
}

// Blank stands where a clerk has to write; a letter that still holds it must not leave.
const Blank = "[treść pisma]"

// ErrNothingToCall is returned by DraftCall when the case lacks nothing a formal call may ask for.
var ErrNothingToCall = errors.New("nothing is missing that a formal call may ask for")

// DraftCall writes the formal call for completion (T1) as a draft for a clerk to edit and approve: everything that lacks in
// one letter, each thing under the law that asks for it (KPA art. 64 § 2, 261, 50; Ordynacja art. 169, 274a, 155). Things
// under art. 64 § 1 are not in it: without an address there is no call.
func (c *Composer) DraftCall(cs workflow.Case, j workflow.Judgement, call Call) (workflow.Letter, error) {
	v := c.view(cs, j, firstOf(cs.Procedure, j.Decision.Procedure), call.At)
	v.Groups = slices.DeleteFunc(v.Groups, func(g group) bool { return g.Consequence == schemas.Art64p1 })
	if len(v.Groups) == 0 {
		return workflow.Letter{}, fmt.Errorf("drafting a call for %s: %w", cs.Number, ErrNothingToCall)
	}
	for i := range v.Groups {
		days, err := v.Groups[i].term(call.Days)
		if err != nil {
			return workflow.Letter{}, fmt.Errorf("drafting a call for %s: %w", cs.Number, err)
		}
		v.Groups[i].Days = days
	}
	v.Kind, v.Author = workflow.ReplyCall, call.Clerk.signature()
	v.formal = &formal{
		Title: title(v.Groups), Addressee: addressee(cs), TermBasis: termBasis(v), Bases: bases(v.Groups),
	}
	return c.letter("call", cs, j, v, call.Clerk.User)
}

// DraftLetter writes the frame of a letter in a clerk's own words, as a draft that holds Blank where the words go: an answer,
// a question, an explanation. It asks for nothing by itself and starts no term.
func (c *Composer) DraftLetter(cs workflow.Case, j workflow.Judgement, clerk Clerk, at time.Time) (workflow.Letter, error) {
	v := c.view(cs, j, firstOf(cs.Procedure, j.Decision.Procedure), at)
	v.Kind, v.Author = workflow.ReplyLetter, clerk.signature()
	v.formal = &formal{Addressee: addressee(cs), Blank: Blank}
	return c.letter("letter", cs, j, v, clerk.User)
}

func (k Clerk) signature() string {
	return strings.Trim(firstOf(k.Name, "[imię i nazwisko]")+", "+firstOf(k.Position, "[stanowisko]"), ", ")
}

// term is the number of days a call gives for a group, within what its law allows.
func (g group) term(days int) (int, error) {
	least, most, usual := 7, 365, 7
	switch g.Consequence {
	case schemas.OP169:
		most = 7
	case schemas.Art261:
		most = 14
	case schemas.Proof, schemas.LexSpecialis, schemas.Civil:
		usual = 14
	}
	if days == 0 {
		return usual, nil
	}
	if days < least {
		return 0, fmt.Errorf("a term of %d days: at least %d are needed", days, least)
	}
	return min(days, most), nil
}

func addressee(cs workflow.Case) string {
	return strings.TrimSpace(firstOf(cs.Sender.Name, "[imię i nazwisko]") + "\n" + cs.Sender.Address)
}

// title names the call after its weightiest part.
func title(groups []group) string {
	switch groups[0].Consequence {
	case schemas.Art261:
		return "Wezwanie do wniesienia opłaty"
	case schemas.OP274a:
		return "Wezwanie do wyjaśnienia deklaracji"
	case schemas.Proof:
		return "Prośba o dokumenty"
	case schemas.Civil:
		return "Prośba o uzupełnienie"
	}
	return "Wezwanie do usunięcia braków"
}

// bases are the articles a call rests on, by group.
func bases(groups []group) []string {
	var all []string
	for _, g := range groups {
		tax := g.Regime == string(schemas.Ordynacja)
		switch {
		case g.Consequence == schemas.Art64p2:
			all = append(all, "art. 64 § 2 w związku z art. 63 KPA")
		case g.Consequence == schemas.OP169:
			all = append(all, "art. 169 § 1 Ordynacji podatkowej")
		case g.Consequence == schemas.OP274a:
			all = append(all, "art. 274a Ordynacji podatkowej")
		case g.Consequence == schemas.Art261:
			all = append(all, "art. 261 § 1 KPA")
		case g.Consequence == schemas.Proof && tax:
			all = append(all, "art. 155 § 1 Ordynacji podatkowej")
		case g.Consequence == schemas.Proof:
			all = append(all, "art. 50 § 1 KPA")
		default:
			all = append(all, g.Basis)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// termBasis is the article by which the term is counted; "" where no law sets one.
func termBasis(v view) string {
	if v.Regime == string(schemas.Ordynacja) {
		return "art. 12 Ordynacji podatkowej"
	}
	if len(v.Groups) == 1 && v.Groups[0].Consequence == schemas.Civil {
		return ""
	}
	return "art. 57 KPA"
}
