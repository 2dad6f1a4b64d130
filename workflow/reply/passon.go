package reply

import (
	"fmt"

	"okienko/ingest"
	"okienko/schemas"
	"okienko/workflow"
)

// DraftForward writes the notice that a letter was passed on to the competent authority (T4, KPA art. 65) as a draft.
func (c *Composer) DraftForward(cs workflow.Case, j workflow.Judgement, f Forward) (workflow.Letter, error) {
	return c.forwarding("forwarding", workflow.ReplyForward, cs, j, f)
}

// DraftPassOn writes the cover with which a letter is passed on to the competent authority (KPA art. 65 § 1) as a draft. The
// originals go with it, so it leaves with them and not by itself: it has no address to be sent to.
func (c *Composer) DraftPassOn(cs workflow.Case, j workflow.Judgement, f Forward) (workflow.Letter, error) {
	l, err := c.forwarding("pass_on", workflow.ReplyPassOn, cs, j, f)
	l.Channel, l.To, l.InReplyTo = ingest.Scan, "", nil
	return l, err
}

func (c *Composer) forwarding(name string, kind workflow.ReplyKind, cs workflow.Case, j workflow.Judgement, f Forward) (workflow.Letter, error) {
	if f.Authority == "" || f.Because == "" {
		return workflow.Letter{}, fmt.Errorf("drafting a forwarding of %s: the authority and the reason must be given", cs.Number)
	}
	v := c.view(cs, j, firstOf(cs.Procedure, j.Decision.Procedure), f.At)
	v.Kind, v.Author = kind, f.Clerk.signature()
	if kind == workflow.ReplyPassOn {
		v.Language = "pl" // between authorities
	}
	basis, term := "art. 65 § 1 KPA", "art. 65 § 2 KPA"
	if v.Regime == string(schemas.Ordynacja) {
		basis, term = "art. 170 § 1 Ordynacji podatkowej", "art. 170 § 2 Ordynacji podatkowej"
	}
	v.formal = &formal{Addressee: addressee(cs), Forward: f, ForwardDay: dayAndDate(f.At), ForwardBasis: basis, ForwardTermBasis: term}
	return c.letter(name, cs, j, v, f.Clerk.User)
}
