package reply

import (
	"strings"

	"okienko/ingest"
	"okienko/schemas"
	"okienko/validate"
)

// WayKind is one way to send something to the office.
type WayKind string

// The ways, in the order in which letters name them.
const (
	WayAnswer WayKind = "answer" // an answer to the letter, by e-mail
	WayEmail  WayKind = "email"
	WayADE    WayKind = "ade" // Place "": the address is published in BIP
	WayGov    WayKind = "gov_pl"
	WayEPUAP  WayKind = "epuap"
	WayPost   WayKind = "post"
	WayVisit  WayKind = "visit"
	WayUrn    WayKind = "urn"
)

// Way is a way with its place: an address, a web page; "" where none is needed.
type Way struct {
	Kind  WayKind
	Place string
}

// wayList are the channels that have effect for a procedure. Channels that count only in part are left out: a letter must not
// send anybody on a way that may turn out to lead nowhere.
func (c *Composer) wayList(proc schemas.Procedure, from ingest.Channel) []Way {
	var all []Way
	add := func(ok bool, kind WayKind, place string) {
		if ok {
			all = append(all, Way{kind, place})
		}
	}
	counts := func(channel string) bool { return proc.Channels[channel] == schemas.EffectYes }
	unknown := len(proc.Channels) == 0
	add(counts("email") && from == ingest.Email, WayAnswer, "")
	add(counts("email") && from != ingest.Email && len(c.office.Mailboxes) > 0, WayEmail, strings.Join(c.office.Mailboxes[:min(1, len(c.office.Mailboxes))], ""))
	add(counts("e_doreczenia") || unknown, WayADE, c.office.ADE)
	add(counts("gov_pl"), WayGov, c.office.card(proc))
	add(c.epuap(proc), WayEPUAP, "")
	add(counts("poczta") || unknown, WayPost, c.office.post(proc.Desk))
	add(counts("osobiscie") || proc.Channels["osobiscie"] == schemas.EffectPresence || unknown, WayVisit, c.office.visit(proc.Desk)+", "+c.office.Hours)
	add(counts("urna") && len(c.office.Urns) > 0, WayUrn, strings.Join(c.office.Urns, "; "))
	return all
}

// ways are the ways in the words of a letter.
func (c *Composer) ways(proc schemas.Procedure, from ingest.Channel) []string {
	words := map[WayKind]string{
		WayAnswer: "e-mailem: prosimy odpowiedzieć na tę wiadomość", WayEmail: "e-mailem: ", WayADE: "e-Doręczenia: ",
		WayGov: "przez internet: adres jest w karcie usługi ", WayEPUAP: "ePUAP: pismo z podpisem zaufanym, osobistym albo kwalifikowanym",
		WayPost: "pocztą, z odręcznym podpisem: ", WayVisit: "osobiście: ", WayUrn: "do urny, z odręcznym podpisem: ",
	}
	var all []string
	for _, w := range c.wayList(proc, from) {
		if w.Kind == WayADE && w.Place == "" {
			w.Place = "adres urzędu jest na stronie " + c.office.BIP
		}
		all = append(all, words[w.Kind]+w.Place)
	}
	return all
}

// epuap reports whether the office treats ePUAP as effective for the procedure (KPA art. 63 § 1 since 2026-01-01). Undecided
// is no.
func (c *Composer) epuap(proc schemas.Procedure) bool {
	switch proc.Channels["epuap"] {
	case schemas.EffectYes:
		return true
	case schemas.EffectOffice:
		if truth, ok := c.policy.EPUAPByProcedure[proc.ID]; ok {
			return truth == validate.True
		}
		return c.policy.EPUAPAccepted == validate.True
	}
	return false
}

// channelName is the channel as people say it.
func channelName(c ingest.Channel) string {
	switch c {
	case ingest.Email:
		return "zwykły e-mail"
	case ingest.EPUAP:
		return "ePUAP"
	case ingest.EDelivery:
		return "e-Doręczenia"
	case ingest.Scan:
		return "papier"
	case ingest.Page:
		return "strona uzupełnień"
	}
	return string(c)
}

// legalBasis is the article that takes effect from a channel: what the examination found, else what the regime says.
func legalBasis(legal validate.Legal, proc schemas.Procedure) string {
	if legal.Basis != "" {
		return legal.Basis
	}
	if proc.Regime == schemas.Ordynacja {
		return "art. 168 Ordynacji podatkowej"
	}
	return "art. 63 § 1 KPA"
}

// nested reports whether a document lies inside another one: "2.1".
func nested(id string) bool { return strings.Contains(id, ".") }
