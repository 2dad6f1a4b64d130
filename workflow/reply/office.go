package reply

import (
	"fmt"
	"net/mail"
	"net/url"
	"strings"

	"okienko/schemas"
)

// Office is what the letters say about the office that sends them. Kraków returns the values of Kraków; a configuration
// overrides single keys.
type Office struct {
	Name       string          `yaml:"name"`       // "Urząd Miasta Krakowa"
	Authority  string          `yaml:"authority"`  // who acts, as the head of a formal letter: "Prezydent Miasta Krakowa"
	City       string          `yaml:"city"`       // "Kraków"
	Post       string          `yaml:"post"`       // where to send paper
	Visit      string          `yaml:"visit"`      // where to come, for desks that have no place of their own
	ADE        string          `yaml:"ade"`        // address for e-Doręczenia; "" sends the reader to BIP
	Phone      string          `yaml:"phone"`      // answered by a person
	Hours      string          `yaml:"hours"`      // of the phone and the counters
	BIP        string          `yaml:"bip"`        // URL
	Cards      string          `yaml:"cards"`      // URL of a service's card, "%s" for its symbol; "" if there is none
	Booking    string          `yaml:"booking"`    // URL where a visit is booked; ""
	Controller string          `yaml:"controller"` // controller of personal data (RODO art. 13)
	DPO        string          `yaml:"dpo"`        // e-mail of the data protection officer
	Privacy    string          `yaml:"privacy"`    // URL of the full RODO clause
	ProxyFee   string          `yaml:"proxy_fee"`  // opłata skarbowa for a power of attorney: "17 zł"
	Urns       []string        `yaml:"urns"`       // places of drop-boxes in use; nil: none
	Desks      map[string]Desk `yaml:"desks"`      // by id: "KM"
	Mailboxes  []string        `yaml:"mailboxes"`  // the office's own e-mail addresses: never answered by machine
	MessageIDs string          `yaml:"message_id_domain"`
}

// Desk is where one e-referat sits. Empty fields fall back to the office's.
type Desk struct {
	Name  string `yaml:"name"`
	Visit string `yaml:"visit"`
	Post  string `yaml:"post"`
}

// Kraków returns the data of Urząd Miasta Krakowa as published. The ADE and the booking address must come from the office.
func Kraków() Office {
	return Office{
		Name: "Urząd Miasta Krakowa", Authority: "Prezydent Miasta Krakowa", City: "Kraków",
		Post:  "Urząd Miasta Krakowa, pl. Wszystkich Świętych 3-4, 31-004 Kraków",
		Visit: "pl. Wszystkich Świętych 3-4, Kraków",
		Phone: "12 616 55 55", Hours: "w dni robocze 7:40-15:30",
		BIP: "https://www.bip.krakow.pl", Cards: "https://www.bip.krakow.pl/uslugi/%s",
		Controller: "Prezydent Miasta Krakowa", DPO: "iod@um.krakow.pl", Privacy: "https://www.bip.krakow.pl",
		ProxyFee: "17 zł",
		Desks: map[string]Desk{
			"KM": {Visit: "al. Powstania Warszawskiego 10, Kraków"},
			"SC": {Visit: "ul. Lubelska 29, Kraków"},
		},
		MessageIDs: "um.krakow.pl",
	}
}

// Validate reports the first key that a letter could not do without, or that is not what it must be.
func (o Office) Validate() error {
	for _, need := range []struct{ key, value string }{
		{"name", o.Name}, {"authority", o.Authority}, {"city", o.City}, {"post", o.Post}, {"visit", o.Visit}, {"phone", o.Phone},
		{"hours", o.Hours}, {"bip", o.BIP}, {"controller", o.Controller}, {"dpo", o.DPO}, {"privacy", o.Privacy},
		{"proxy_fee", o.ProxyFee}, {"message_id_domain", o.MessageIDs},
	} {
		if strings.TrimSpace(need.value) == "" {
			return fmt.Errorf("office.%s: must not be empty", need.key)
		}
	}
	for _, link := range []struct{ key, value string }{{"bip", o.BIP}, {"privacy", o.Privacy}, {"booking", o.Booking}, {"cards", o.Cards}} {
		if u, err := url.Parse(strings.ReplaceAll(link.value, "%s", "X")); link.value != "" && (err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http") {
			return fmt.Errorf("office.%s: %q is no address of a page: https://… is allowed", link.key, link.value)
		}
	}
	if o.Cards != "" && strings.Count(o.Cards, "%s") != 1 {
		return fmt.Errorf("office.cards: %q must hold %%s once, for the symbol of the service", o.Cards)
	}
	for _, address := range o.addresses() {
		if _, err := mail.ParseAddress(address); err != nil {
			return fmt.Errorf("office.mailboxes: %q is no e-mail address", address)
		}
	}
	return nil
}

// addresses are the office's own, whom no machine of the office answers.
func (o Office) addresses() []string { return append([]string{o.DPO}, o.Mailboxes...) }

// visit is where a person comes in the matters of a desk.
func (o Office) visit(desk string) string {
	if place := o.Desks[desk].Visit; place != "" {
		return place
	}
	return o.Visit
}

// post is where paper goes in the matters of a desk.
func (o Office) post(desk string) string {
	if place := o.Desks[desk].Post; place != "" {
		return place
	}
	return o.Post
}

// card is the page of a service in BIP, or BIP itself where the symbol does not begin with that of a single card.
func (o Office) card(p schemas.Procedure) string {
	symbol := symbolOf(p.Symbol)
	if o.Cards == "" || symbol == "" {
		return o.BIP
	}
	return strings.Replace(o.Cards, "%s", symbol, 1)
}

// symbolOf is the symbol a note about symbols begins with: "KM-2" of "KM-2 (używane); inne KM-n"; "" for "SA-14/12/32".
func symbolOf(note string) string {
	first, _, _ := strings.Cut(note, " ")
	first = strings.TrimRight(first, ",;")
	unit, number, _ := strings.Cut(first, "-")
	if unit == "" || number == "" || strings.Trim(unit, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" || strings.Trim(number, "0123456789") != "" {
		return ""
	}
	return first
}
