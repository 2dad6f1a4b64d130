package desk

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"time"

	"okienko/ingest"
	"okienko/workflow"
	"okienko/workflow/deadline"
)

// Addresses looks up where somebody receives electronic letters: the register BAE.
type Addresses interface {
	// Address finds the address of a person by PESEL or of an organisation by NIP; one of them is "". found is false where the
	// register has none that is active. An error means that it did not answer.
	Address(ctx context.Context, pesel, nip string) (address string, found bool, err error)
	// Doubtful reports whether the check digits of an address disagree: a reason to look twice, never to refuse it.
	Doubtful(address string) bool
}

// deliveryText is what is said of delivery.
type deliveryText struct {
	Heading                             string
	KnownBy                             map[ingest.ReceivedBy]string
	Delivered, Deemed, OnItsWay, NotYet string
	Failed, Term                        string
	ADE, Hybrid, Post                   string // the ways of KPA art. 39, in its order
	Chosen                              string
	ByCase, ByRegister, NotListed       string
	NoNumber, NoAnswer, NotHere         string
	HybridWhy, PostWhy, Doubt           string
}

// terms are the periods a letter gives the resident from its delivery. They are read off the letter, which a clerk may have
// changed, and not off what was proposed.
var terms = regexp.MustCompile(`(\d{1,3}) dni od (?:dnia )?(?:doręczenia|otrzymania)`)

// deliveryLines say what became of a letter: the date with its source, and when the terms it gives end (KPA art. 57). Without a
// proof of receipt no term runs.
func (t *messages) deliveryLines(l workflow.Letter, all []workflow.Delivery) (lines []string) {
	for _, d := range all {
		if d.Letter != l.ID || d.Way == workflow.ByEDelivery && d.Task == "" && d.Message == "" { // an intent: the letter's status tells
			continue
		}
		switch w := t.Delivery; {
		case d.Way == workflow.ByPost || d.Way == workflow.ByHybrid:
			return t.postLines(l, d)
		case d.Failed:
			return []string{fmt.Sprintf(w.Failed, d.Status)}
		case d.DeliveredAt.IsZero() && d.Status == "":
			return []string{w.OnItsWay}
		case d.DeliveredAt.IsZero():
			return []string{fmt.Sprintf(w.NotYet, d.Status)}
		case d.Deemed:
			lines = append(lines, fmt.Sprintf(w.Deemed, t.DateTime(d.DeliveredAt)))
		default:
			lines = append(lines, fmt.Sprintf(w.Delivered, t.DateTime(d.DeliveredAt)))
		}
		lines = append(lines, t.termLines(l.Text, d.DeliveredAt)...)
	}
	return lines
}

func (t *messages) termLines(text string, delivered time.Time) (lines []string) {
	said := map[int]bool{}
	for _, m := range terms.FindAllStringSubmatch(text, -1) {
		days, err := strconv.Atoi(m[1])
		if end := deadline.Office(delivered, days, deadline.Days); err == nil && !end.IsZero() && !said[days] {
			said[days] = true
			lines = append(lines, fmt.Sprintf(t.Delivery.Term, days, t.Date(end)))
		}
	}
	return lines
}

// way is one of the ways a letter with legal effect is delivered, in the order of the law, and why it is or is not the one.
type way struct {
	Name, Because string
	Chosen        bool
}

// ways applies KPA art. 39: the address for electronic delivery first, then the public hybrid service, then registered post.
// address is where the letter goes if the first is possible; "".
func (d *desk) ways(ctx context.Context, t *messages, c workflow.Case, j workflow.Judgement) (all []way, address string) {
	address, because := d.electronic(ctx, t, c, j)
	none := address == "" && because == t.Delivery.NotListed // the register answered: the next way is open
	if address != "" && d.Addresses != nil && d.Addresses.Doubtful(address) {
		because += " " + t.Delivery.Doubt
	}
	return []way{
		{t.Delivery.ADE, because, address != ""}, {t.Delivery.Hybrid, t.Delivery.HybridWhy, none}, {t.Delivery.Post, t.Delivery.PostWhy, false},
	}, address
}

// electronic finds the party's address for electronic delivery, or says why there is none.
func (d *desk) electronic(ctx context.Context, t *messages, c workflow.Case, j workflow.Judgement) (address, because string) {
	w := t.Delivery
	if c.Submission.Channel == ingest.EDelivery && c.Sender.Address != "" {
		return c.Sender.Address, w.ByCase
	}
	if d.Addresses == nil {
		return "", w.NotHere
	}
	pesel, nip := only(j.Contents, ingest.FieldPESEL), only(j.Contents, ingest.FieldNIP)
	if pesel != "" {
		nip = ""
	}
	if pesel == "" && nip == "" {
		return "", w.NoNumber
	}
	address, found, err := d.Addresses.Address(ctx, pesel, nip)
	switch {
	case err != nil:
		d.Log.WarnContext(ctx, "the register of addresses does not answer", "error", err)
		return "", w.NoAnswer
	case !found:
		return "", w.NotListed
	}
	return address, w.ByRegister
}

// only returns the one value of a type whose check digit holds; "" if there is none, or several people.
func only(c ingest.Contents, field string) (value string) {
	for _, r := range c.Readings {
		for _, f := range r.Fields {
			if f.Type != field || f.Checked != "ok" || f.Value == value {
				continue
			}
			if value != "" {
				return ""
			}
			value = f.Value
		}
	}
	return value
}

var deliveryPL = deliveryText{
	Heading: "Jak doręczyć (art. 39 KPA)",
	KnownBy: map[ingest.ReceivedBy]string{
		ingest.ByProof: "data z dowodu otrzymania", ingest.ByPlatform: "data otrzymania podana przez platformę, bez samego dowodu",
		ingest.ByHandover: "data z dowodu technicznego przekazania, dowodu otrzymania brak", ingest.BySubmission: "data nadania, dowodu otrzymania brak",
		ingest.ByReading: "czas odczytania w urzędzie, dowodu otrzymania brak",
	},
	Delivered: "Doręczono %s (data z dowodu otrzymania).", Deemed: "Uznano za doręczone %s: adresat nie otworzył listu przez 14 dni (data z dowodu otrzymania).",
	OnItsWay: "Platforma przyjęła list do wysłania.", NotYet: "e-Doręczenia: %s. Nie ma jeszcze dowodu otrzymania, więc termin nie biegnie.",
	Failed: "e-Doręczenia: %s. Trzeba wysłać inną drogą.", Term: "Termin %d dni mija %s (art. 57 KPA).",
	ADE: "e-Doręczenia", Hybrid: "publiczna usługa hybrydowa", Post: "list polecony za potwierdzeniem odbioru", Chosen: "ta droga",
	ByCase: "Pismo przyszło z tego adresu.", ByRegister: "Strona ma czynny adres w rejestrze BAE.", NotListed: "W rejestrze BAE nie ma czynnego adresu strony.",
	NoNumber:  "Nie wiadomo, kogo szukać w rejestrze BAE: pismo nie podaje jednego numeru PESEL ani NIP.",
	NoAnswer:  "Rejestr BAE teraz nie odpowiada. Adres trzeba sprawdzić, zanim pismo pójdzie inną drogą.",
	NotHere:   "Okienko nie ma tu podłączonych e-Doręczeń. Adres trzeba sprawdzić w rejestrze BAE.",
	HybridWhy: "Gdy strona nie ma adresu: operator drukuje i doręcza. Wysyła się to u operatora; nadanie i doręczenie wpisuje się przy piśmie.", PostWhy: "Gdy usługa hybrydowa jest niemożliwa: wydrukuj i nadaj list polecony; numer i doręczenie wpisz przy piśmie.",
	Doubt: "Cyfry kontrolne adresu się nie zgadzają: proszę go sprawdzić.",
}

var deliveryEN = deliveryText{
	Heading: "How to deliver it (KPA art. 39)",
	KnownBy: map[ingest.ReceivedBy]string{
		ingest.ByProof: "date of the proof of receipt", ingest.ByPlatform: "date of receipt as the platform tells it, without the proof",
		ingest.ByHandover: "date of the technical proof of handover, there is no proof of receipt", ingest.BySubmission: "date of sending, there is no proof of receipt",
		ingest.ByReading: "when it was read here, there is no proof of receipt",
	},
	Delivered: "Delivered %s (date of the proof of receipt).", Deemed: "Deemed delivered %s: the addressee did not open it for 14 days (date of the proof of receipt).",
	OnItsWay: "The platform took the letter over.", NotYet: "e-Delivery: %s. There is no proof of receipt yet, so no term runs.",
	Failed: "e-Delivery: %s. It must be sent another way.", Term: "The term of %d days ends %s (KPA art. 57).",
	ADE: "e-Delivery", Hybrid: "public hybrid service", Post: "registered post with a receipt", Chosen: "this way",
	ByCase: "The letter came from this address.", ByRegister: "The party has an active address in the register BAE.", NotListed: "The register BAE has no active address of the party.",
	NoNumber:  "Nobody to look for in the register BAE: the letter gives no single PESEL or NIP.",
	NoAnswer:  "The register BAE does not answer now. The address must be checked before the letter goes another way.",
	NotHere:   "e-Delivery is not connected here. The address must be checked in the register BAE.",
	HybridWhy: "Where the party has no address: the operator prints and delivers. It is sent at the operator's; posting and delivery are entered with the letter.", PostWhy: "Where the hybrid service is impossible: print it and post it registered; enter number and delivery with the letter.",
	Doubt: "The check digits of the address do not agree: please check it.",
}
