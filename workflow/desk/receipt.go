package desk

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"

	"okienko/ingest"
	"okienko/workflow"
)

// receiptView is the receipt of a letter (potwierdzenie wpływu, OFFICE.md 4.4 T2) as a page to print, with the way to mail it.
type receiptView struct {
	workflow.Case
	Seen      int64
	Path      string
	CasePath  string
	Lines     []string
	Addresses []choice // the letter gives; nil: it can only be printed
}

// receiptLines are the sentences of a receipt. It is a letter to a resident: Polish, whatever language the clerk reads in.
func (d *desk) receiptLines(c workflow.Case, service string) []string {
	t := &polish
	lines := []string{"Otrzymaliśmy Państwa pismo."}
	if service != "" {
		lines[0] = "Otrzymaliśmy Państwa pismo. Sprawa: " + service + "."
	}
	lines = append(lines, fmt.Sprintf("Data wpływu: %s (%s).", t.DateTime(receivedAt(c)), t.Channel[c.Submission.Channel]))
	if p := c.Submission.Paper; p != nil {
		lines = append(lines, paperLines(t, c, p)...)
	}
	lines = append(lines, "To potwierdzenie nie oznacza, że pismo jest kompletne ani że sprawa jest rozstrzygnięta.")
	if !c.DueAt.IsZero() {
		lines = append(lines, fmt.Sprintf("Przewidywany termin: %s (art. 35 KPA lub przepis szczególny).", t.Date(c.DueAt)))
	}
	return append(lines, fmt.Sprintf("Prosimy podawać numer %s w dalszej korespondencji. Jeżeli pismo jest niekompletne, napiszemy osobno.", c.Number))
}

// paperLines tell both dates: the one of the party's term and the one of the office's clock.
func paperLines(t *messages, c workflow.Case, p *ingest.Paper) []string {
	var lines []string
	if !p.DroppedFrom.IsZero() {
		lines = append(lines, fmt.Sprintf("Urna: %s. Wrzucono między %s a %s.", p.Place, t.DateTime(p.DroppedFrom), t.DateTime(p.DroppedTo)),
			fmt.Sprintf("Jeżeli mieli Państwo termin, liczymy na Państwa korzyść: przyjmujemy %s.", t.DateTime(p.DroppedFrom)))
	}
	if !p.OpenedAt.IsZero() {
		lines = append(lines, fmt.Sprintf("Kopertę otwarto: %s. Od tej chwili biegnie termin urzędu.", t.DateTime(p.OpenedAt)))
	}
	return append(lines, fmt.Sprintf("Zarejestrowano: %s.", t.DateTime(c.RegisteredAt)))
}

func (d *desk) showReceipt(v *visit) error {
	if err := d.seen(v.Context(), v, workflow.EventReceipt, ""); err != nil {
		return err
	}
	j, err := d.judgement(v)
	if err != nil {
		return err
	}
	view := receiptView{Case: v.c, Seen: v.now.UnixMicro(), Path: casePath(v.c.ID) + "/receipt", CasePath: casePath(v.c.ID), Lines: d.receipt(v)}
	if d.MailDomain != "" {
		for _, a := range mailAddresses(j) {
			view.Addresses = append(view.Addresses, choice{Value: a, Label: a})
		}
	}
	return d.show(v, screen{name: "receipt", title: v.t.Paper.Receipt + " · " + v.c.Number, nav: "queue", body: view})
}

func (d *desk) receipt(v *visit) []string {
	service, _ := d.service(&polish, v.c)
	if v.c.Procedure == "" {
		service = ""
	}
	return d.receiptLines(v.c, service)
}

// sendReceipt mails the receipt to an address the letter gives; another one could be anybody's.
func (d *desk) sendReceipt(v *visit) error {
	j, err := d.judgement(v)
	if err != nil {
		return err
	}
	to := v.PostFormValue("to")
	if d.MailDomain == "" || !slices.Contains(mailAddresses(j), to) {
		return errNoAddress
	}
	l := workflow.Letter{
		Kind: workflow.ReplyReceipt, Channel: ingest.Email, To: to, Subject: "Potwierdzenie wpływu " + v.c.Number,
		Text:      strings.Join(d.receipt(v), "\n\n") + "\n",
		MessageID: "okienko.receipt." + strings.ToLower(rand.Text()) + "@" + d.MailDomain,
	}
	return d.done(v, receipting(l), v.t.Paper.ReceiptSent)
}

// receipting sends a receipt. It asks nothing of the resident: the case stays as it is.
func receipting(l workflow.Letter) action {
	return func(ctx context.Context, d deed) error {
		if err := d.worked(); err != nil {
			return err
		}
		l.Case, l.Status, l.Author, l.CreatedAt = d.c.ID, workflow.LetterQueued, d.by.Name, d.now
		if err := d.tx.SaveLetter(ctx, &l); err != nil {
			return err
		}
		if err := d.save(ctx, workflow.EventLetter, l.Moved("")); err != nil {
			return err
		}
		return d.tx.Enqueue(ctx, d.c.ID, workflow.StageDeliver)
	}
}
