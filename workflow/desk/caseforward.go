package desk

import (
	"context"
	"fmt"
	"unicode/utf8"

	"okienko/ingest"
	"okienko/workflow"
)

// A letter that another authority decides (KPA art. 65): who that is and why, then the two letters to finish.

// errNoDraft is the answer to a letter of a forwarding nobody has begun.
var errNoDraft = fmt.Errorf("no draft: %w", errNotNow)

// forwardView is the page that asks for the authority.
type forwardView struct {
	workflow.Case
	Seen           int64
	Path, CasePath string
	To             Authority
	Wrong          forwardErrors
}

type forwardErrors struct{ Name, Because string }

func (d *desk) showAuthority(v *visit) error { return d.authorityPage(v, Authority{}, forwardErrors{}) }

func (d *desk) authorityPage(v *visit, to Authority, wrong forwardErrors) error {
	return d.show(v, screen{name: "authority", title: v.t.Work.ForwardTitle + " · " + v.c.Number, nav: "queue", status: statusOf(wrong != forwardErrors{}), body: forwardView{
		Case: v.c, Seen: v.now.UnixMicro(), Path: casePath(v.c.ID) + "/authority", CasePath: casePath(v.c.ID), To: to, Wrong: wrong,
	}})
}

// forward drafts both letters; the clerk finishes the one to the authority first.
func (d *desk) forward(v *visit) error {
	to, wrong := v.authority()
	if wrong != (forwardErrors{}) {
		return d.authorityPage(v, to, wrong)
	}
	j, err := d.judgement(v)
	if err != nil {
		return err
	}
	notice, cover, err := d.Drafter.Forward(v.c, j, v.user, v.now, to)
	if err != nil {
		return fmt.Errorf("drafting a forwarding of case %d: %w", v.c.ID, err)
	}
	if _, address := d.ways(v.Context(), v.t, v.c, j); address != "" {
		notice.Channel, notice.To = ingest.EDelivery, address
	}
	for _, l := range []*workflow.Letter{&notice, &cover} {
		l.ID, l.MessageID = 0, distinct(l.MessageID)
	}
	err = d.change(v, func(ctx context.Context, of deed) error {
		return workflow.PassOn(ctx, of.of(), to.Name, &cover, &notice)
	})
	if err != nil {
		return err
	}
	d.flash(v, v.t.Work.ForwardDrafted)
	return v.redirect(editorPath(v.c.ID, workflow.ReplyPassOn))
}

// authority reads what the notice must say: to whom, and why there.
func (v *visit) authority() (to Authority, wrong forwardErrors) {
	to.Name, wrong.Name = v.remark("authority")
	to.Because, wrong.Because = v.remark("text")
	if to.Address = v.oneLine("address"); utf8.RuneCountInString(to.Address) > longestRemark {
		wrong.Name = fmt.Sprintf(v.t.Problem.TooLong, longestRemark)
	}
	return to, wrong
}
