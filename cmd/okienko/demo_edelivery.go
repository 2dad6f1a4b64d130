package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"okienko/ingest/edelivery/edeliverytest"
	"okienko/workflow"
	"okienko/workflow/desk"
	"okienko/workflow/seal"
	"okienko/workflow/store"
)

// The residents of the demo who have an address for electronic delivery: Anna opens her letters after a day, Jan never does.
const (
	demoAnna = "AE:PL-11111-22222-ANNAT-23"
	demoJan  = "AE:PL-33333-44444-JANEK-25"
	demoFirm = "AE:PL-55555-66666-FIRMA-23"
)

// demoPost is the e-Doręczenia of the demo: a simulator inside the program, with messages in the office's mailbox and a clock
// that the demo moves on.
type demoPost struct {
	*edeliverytest.Server
	seal      *seal.Seal
	delivered int
}

func startDemoPost() (*demoPost, error) {
	server, err := edeliverytest.Start()
	if err != nil {
		return nil, err
	}
	key, err := edeliverytest.NewKey("TEST pieczęć Urzędu Miasta Krakowa")
	if err != nil {
		return nil, err
	}
	post := &demoPost{Server: server, seal: &seal.Seal{Certificate: key.Certificate, Key: key.Signer}}
	for _, r := range []edeliverytest.Resident{
		{Address: demoAnna, Name: "Anna Przykładowa", PESEL: "80071977207", Opens: 24 * time.Hour},
		{Address: demoJan, Name: "Jan Wzorcowy", PESEL: "44051401458", Opens: edeliverytest.Never},
		{Address: demoFirm, Name: "Zielony Zakątek sp. z o.o.", NIP: "5260250274"},
	} {
		server.AddResident(r)
	}
	messages := demoMessages(post.Now().Add(-time.Hour))
	post.delivered = len(messages)
	_, err = server.Deliver(messages...)
	return post, err
}

// configure adds the address to a configuration.
func (p *demoPost) configure(cfg *config) {
	c := p.Config("ade", edeliverytest.Address)
	c.Poll, c.RetryMin, c.RetryMax = time.Second, 50*time.Millisecond, 200*time.Millisecond
	cfg.EDelivery = []edeliveryConfig{{Config: c, seal: p.seal}}
}

// demoMessages are invented people who write about real matters.
func demoMessages(at time.Time) []edeliverytest.Letter {
	file := func(name, text string) []edeliverytest.File {
		return []edeliverytest.File{{Name: name, MediaType: "text/plain", Content: []byte(text)}}
	}
	from := func(address, name, subject, text string, files []edeliverytest.File) edeliverytest.Letter {
		at = at.Add(7 * time.Minute)
		return edeliverytest.Letter{From: address, Name: name, Subject: subject, Text: text, Files: files, At: at}
	}
	const home = "\n\nAnna Przykładowa, PESEL 80071977207\nul. Pod Modrzewiem 21/3, 31-979 Kraków"
	const jan = "\n\nJan Wzorcowy, PESEL 44051401458\nul. Jarzębinowa 6/2, 30-150 Kraków"
	return []edeliverytest.Letter{
		from(demoAnna, "Anna Przykładowa", "Zawiadomienie o zbyciu pojazdu",
			"Zawiadamiam, że 18 listopada 2026 r. sprzedałam samochód Skoda Octavia, nr rej. KR 4TX78, VIN TMBJJ7NE0L0123457. Umowa w załączniku."+home,
			file("umowa_sprzedazy.txt", "UMOWA SPRZEDAŻY POJAZDU zawarta 18.11.2026 w Krakowie. Sprzedająca: Anna Przykładowa. Kupujący: Piotr Testowy. Pojazd: Skoda Octavia, KR 4TX78, VIN TMBJJ7NE0L0123457. Cena 21 000 zł.")),
		from(demoJan, "Jan Wzorcowy", "Wniosek o ustalenie warunków zabudowy",
			"Wnoszę o ustalenie warunków zabudowy dla budynku jednorodzinnego na działce nr 88/3, obręb 12 Podgórze. Mapę doślę."+jan, nil),
		from(demoAnna, "Anna Przykładowa", "Zgłoszenie zamiaru usunięcia drzewa",
			"Zgłaszam zamiar usunięcia świerka o obwodzie pnia 62 cm na wysokości 5 cm, na mojej działce nr 214/8, obręb 51 Krowodrza."+home, nil),
		from(demoFirm, "Zielony Zakątek sp. z o.o.", "Wniosek o zezwolenie na sprzedaż alkoholu",
			"Wnosimy o wydanie zezwolenia na sprzedaż napojów alkoholowych w sklepie przy ul. Długiej 7 w Krakowie. NIP 5260250274.", nil),
		from(demoJan, "Jan Wzorcowy", "Skarga na długie oczekiwanie",
			"Składam skargę na działanie referatu: 16 listopada czekałem w kolejce cztery godziny, a okienko zamknięto przed czasem. Proszę o zbadanie sprawy i odpowiedź."+jan, nil),
		from(demoFirm, "Zielony Zakątek sp. z o.o.", "Wniosek o udostępnienie informacji publicznej",
			"Na podstawie ustawy o dostępie do informacji publicznej prosimy o podanie, ile miasto wydało w 2025 r. na zieleń przy ul. Długiej.", nil),
	}
}

// goOn plays the days that follow: a clerk calls upon Anna and Jan to complete what they filed; Anna opens the call and answers,
// Jan does not open his, so that it counts as delivered after 14 days. Nothing of it waits: the platform's clock is moved.
func (p *demoPost) goOn(ctx context.Context, a *app) error {
	called, err := p.call(ctx, a)
	if err != nil || called == 0 {
		return err
	}
	if err := a.untilIdle(ctx); err != nil {
		return err
	}
	tracker := *a.tracker
	tracker.Now = p.Now
	for _, days := range []time.Duration{0, 2, 13} {
		p.Advance(days*24*time.Hour + time.Hour)
		if err := tracker.Look(ctx); err != nil {
			return fmt.Errorf("following letters: %w", err)
		}
		if days == 2 {
			if err := p.answer(); err != nil {
				return err
			}
		}
	}
	if err := p.untilSeen(ctx, a); err != nil {
		return err
	}
	return a.untilIdle(ctx)
}

// untilSeen waits until the office has seen every message in its mailbox: it looks once a second.
func (p *demoPost) untilSeen(ctx context.Context, a *app) error {
	for {
		rows, err := a.store.Balance(ctx)
		if err != nil {
			return err
		}
		for _, b := range rows {
			if b.Source == "ade" && b.Seen >= p.delivered {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(idlePoll):
		}
	}
}

// call sends the calls a clerk would: one for each case of Anna and Jan that lacks something.
func (p *demoPost) call(ctx context.Context, a *app) (called int, err error) {
	cases, err := allCases(ctx, a.store)
	if err != nil {
		return 0, err
	}
	for _, c := range cases {
		if c.Submission.Source != "ade" || c.Sender.Address == demoFirm || c.Missing == 0 {
			continue
		}
		err := p.callOn(ctx, a, c.ID)
		if errors.Is(err, desk.ErrNothingToCall) {
			continue
		}
		if err != nil {
			return called, fmt.Errorf("call of %s: %w", c.Number, err)
		}
		called++
	}
	return called, nil
}

func (p *demoPost) callOn(ctx context.Context, a *app, id workflow.CaseID) error {
	c, err := a.store.Case(ctx, id)
	if err != nil {
		return err
	}
	j, err := a.store.Judgement(ctx, id)
	if err != nil {
		return err
	}
	l, err := a.drafter.Call(c, j, workflow.User{Name: "demo", FullName: "Anna Przykładowa", Position: "inspektor"}, time.Now())
	if err != nil {
		return err
	}
	l.Status = workflow.LetterQueued
	return a.store.Tx(ctx, func(tx workflow.Tx) error {
		c, err := tx.Lock(ctx, id)
		if err != nil {
			return err
		}
		if err := tx.SaveLetter(ctx, &l); err != nil {
			return err
		}
		c.Status, c.Owner = workflow.StatusWaiting, "demo"
		if err := tx.Update(ctx, &c); err != nil {
			return err
		}
		return tx.Enqueue(ctx, id, workflow.StageDeliver)
	})
}

// answer is Anna's, to the call she opened.
func (p *demoPost) answer() error {
	for _, sent := range p.Sent() {
		if sent.To == demoAnna && strings.Contains(strings.ToLower(sent.Subject), "wezwanie") {
			p.delivered++
			_, err := p.Deliver(edeliverytest.Letter{From: demoAnna, Name: "Anna Przykładowa", Subject: "Odpowiedź na wezwanie", Ref: sent.ID,
				Text:  "W odpowiedzi na wezwanie przesyłam brakujące dokumenty. Anna Przykładowa",
				Files: []edeliverytest.File{{Name: "mapka.txt", MediaType: "text/plain", Content: []byte("Rysunek określający usytuowanie drzewa na nieruchomości, działka 214/8")}}})
			return err
		}
	}
	return nil
}

// summary tells what became of the letters, and what their delivery rests on.
func (p *demoPost) summary(ctx context.Context, w io.Writer, s *store.Store) error {
	fmt.Fprintf(w, "listy przez e-Doręczenia (symulator wewnątrz programu): %d\n", len(p.Sent()))
	cases, err := allCases(ctx, s)
	if err != nil {
		return err
	}
	for _, c := range cases {
		deliveries, err := s.CaseDeliveries(ctx, c.ID)
		if err != nil {
			return err
		}
		for _, d := range deliveries {
			fmt.Fprintf(w, "  %s  list %d: %s%s, dowodów %d\n", c.Number, d.Letter, cmp.Or(d.Status, "w drodze"), when(d), len(d.Proofs))
		}
	}
	return nil
}

func when(d workflow.Delivery) string {
	switch {
	case d.DeliveredAt.IsZero():
		return ""
	case d.Deemed:
		return " " + d.DeliveredAt.Format(time.DateOnly) + " (fikcja doręczenia, art. 42)"
	}
	return " " + d.DeliveredAt.Format(time.DateOnly)
}
