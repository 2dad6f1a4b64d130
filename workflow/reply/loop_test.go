package reply_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"okienko/ingest"
	"okienko/workflow"
	"okienko/workflow/reply"
	"okienko/workflow/reply/smtpsink"
)

// arrived is a mail as the reader of the other side sees it: the receiving server writes the envelope sender down as Return-Path.
func arrived(m smtpsink.Message) ingest.Letter {
	header := m.Header()
	from, _ := header.AddressList("From")
	path := m.From
	l := ingest.Letter{Headers: map[string][]string(header), ReturnPath: &path, MessageID: strings.Trim(header.Get("Message-Id"), "<>")}
	if len(from) == 1 {
		l.From = ingest.Party{Name: from[0].Name, Address: from[0].Address}
	}
	return l
}

// side is one automatic responder: it has an address, a decision whether to answer, and a server that carries its answer.
type side struct {
	address string
	answers func(t *testing.T, l ingest.Letter, mails *smtpsink.Sink) bool
}

// okienko is an office like ours under an address.
func okienko(t *testing.T, address string, limits reply.Limits) side {
	c := composer(t, func(c *reply.Config) { c.Office.Mailboxes = []string{address} })
	sent := 0
	return side{address, func(t *testing.T, l ingest.Letter, mails *smtpsink.Sink) bool {
		if ok, _ := c.MayAnswer(ingest.Submission{Channel: ingest.Email}, l); !ok {
			return false
		}
		if held, _ := limits.Hold(0, sent, sent); held {
			return false
		}
		sent++
		cs, j := story{kind: workflow.ReplyReceipt}.build()
		cs.ID, cs.Sender, j.Contents.Letter = workflow.CaseID(sent), l.From, l
		letter, err := c.Compose(cs, j)
		if err != nil {
			t.Fatal(err)
		}
		mailer := carrier(t, mails.Addr(), func(c *reply.SMTPConfig) { c.From, c.ReplyTo = address, "" })
		if err := mailer.Send(t.Context(), letter); err != nil {
			t.Fatal(err)
		}
		return true
	}}
}

// vacation answers everything in the way its writer knew of. It knows nothing of us.
func vacation(address string, header, envelope string) side {
	return side{address, func(t *testing.T, l ingest.Letter, mails *smtpsink.Sink) bool {
		raw := fmt.Sprintf("From: <%s>\r\nTo: <%s>\r\nSubject: Urlop\r\nMessage-ID: <%d@vacation.example>\r\n%s\r\nNie ma mnie.\r\n",
			address, l.From.Address, len(mails.Messages()), header)
		rawSend(t, mails.Addr(), envelope, l.From.Address, raw)
		return true
	}}
}

// converse lets two sides answer each other, beginning with a person's letter from b's address, and counts the mails each sent.
func converse(t *testing.T, a, b side) (fromA, fromB int) {
	mails := sink(t)
	path := b.address
	l := ingest.Letter{From: ingest.Party{Address: b.address}, ReturnPath: &path, MessageID: "0@b.example", Headers: map[string][]string{}}
	for range 50 {
		if !a.answers(t, l, mails) {
			break
		}
		fromA++
		l = arrived(last(mails))
		if !b.answers(t, l, mails) {
			break
		}
		fromB++
		l = arrived(last(mails))
	}
	return fromA, fromB
}

func last(mails *smtpsink.Sink) smtpsink.Message {
	all := mails.Messages()
	return all[len(all)-1]
}

func TestTwoAutomatsStop(t *testing.T) {
	t.Parallel()
	const auto = "auto@b.example"
	for _, tt := range []struct {
		name         string
		other        func(*testing.T) side
		fromA, fromB int // at most
	}{
		{"another office like ours", func(t *testing.T) side { return okienko(t, "urzad@b.example", reply.Limits{}) }, 1, 0},
		{"a vacation program of today", func(*testing.T) side { return vacation(auto, "Auto-Submitted: auto-replied\r\n", "") }, 1, 1},
		{"one that only uses the null sender", func(*testing.T) side { return vacation(auto, "", "") }, 1, 1},
		{"one of yesterday", func(*testing.T) side { return vacation(auto, "X-Autoreply: yes\r\nPrecedence: bulk\r\n", auto) }, 1, 1},
		{"Exchange", func(*testing.T) side {
			return vacation(auto, "X-Auto-Response-Suppress: DR, RN, NRN, OOF, AutoReply\r\n", auto)
		}, 1, 1},
		// It looks like a person in every way: only the limits stop it.
		{"one that hides", func(*testing.T) side { return vacation(auto, "", auto) }, 5, 5},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a, b := converse(t, okienko(t, "kancelaria@a.example", reply.Limits{}), tt.other(t))
			if a < 1 || a > tt.fromA || b > tt.fromB {
				t.Errorf("we sent %d and they %d mails; want at most %d and %d", a, b, tt.fromA, tt.fromB)
			}
			t.Logf("we sent %d, they sent %d", a, b)
		})
	}
}

// A machine, or a person in distress, writes thirty times in a minute: five answers go out, the others are kept for a clerk.
func TestABurstGetsABoundedNumberOfReplies(t *testing.T) {
	t.Parallel()
	s, mails := openStore(t, filepath.Join(t.TempDir(), "okienko.db")), sink(t)
	c, limits, ctx := composer(t), reply.Limits{}, context.Background()
	const burst = 30
	held := 0
	for i := range burst {
		id := newCase(t, s, 0)
		cs, j := story{kind: workflow.ReplyReceipt}.build()
		cs.ID, j.At = id, monday.Add(time.Duration(i)*2*time.Second)
		letter, err := c.Compose(cs, j)
		if err != nil {
			t.Fatal(err)
		}
		err = s.Tx(ctx, func(tx workflow.Tx) error {
			toAddress, _, err := tx.CountLetters(ctx, letter.To, j.At.Add(-24*time.Hour))
			if err != nil {
				return err
			}
			_, all, err := tx.CountLetters(ctx, letter.To, j.At.Add(-time.Hour))
			if err != nil {
				return err
			}
			letter.Status = workflow.LetterQueued
			if hold, because := limits.Hold(0, toAddress, all); hold {
				letter.Status, letter.Detail = workflow.LetterHeld, because
				held++
			}
			return tx.SaveLetter(ctx, &letter)
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := postman(s, carrier(t, mails.Addr()), j.At).Deliver(ctx, id); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(mails.Messages()); n != 5 || held != burst-5 {
		t.Errorf("%d of %d letters were answered and %d held, want 5 and %d", n, burst, held, burst-5)
	}
}
