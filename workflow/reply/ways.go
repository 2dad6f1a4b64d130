package reply

import (
	"strings"

	"okienko/ingest"
	"okienko/schemas"
	"okienko/validate"
)

// ways are the channels that have effect for a procedure, in words. Channels that count only in part are left out: a letter
// must not send anybody on a way that may turn out to lead nowhere.
func (c *Composer) ways(proc schemas.Procedure, from ingest.Channel) []string {
	var all []string
	add := func(ok bool, way string) {
		if ok {
			all = append(all, way)
		}
	}
	counts := func(channel string) bool { return proc.Channels[channel] == schemas.EffectYes }
	unknown := len(proc.Channels) == 0
	add(counts("email") && from == ingest.Email, "e-mailem: prosimy odpowiedzieć na tę wiadomość")
	add(counts("email") && from != ingest.Email && len(c.office.Mailboxes) > 0, "e-mailem: "+strings.Join(c.office.Mailboxes[:min(1, len(c.office.Mailboxes))], ""))
	add(counts("e_doreczenia") || unknown, c.adeWay())
	add(counts("gov_pl"), "przez internet: adres jest w karcie usługi "+c.office.card(proc))
	add(c.epuap(proc), "ePUAP: pismo z podpisem zaufanym, osobistym albo kwalifikowanym")
	add(counts("poczta") || unknown, "pocztą, z odręcznym podpisem: "+c.office.post(proc.Desk))
	add(counts("osobiscie") || proc.Channels["osobiscie"] == schemas.EffectPresence || unknown, "osobiście: "+c.office.visit(proc.Desk)+", "+c.office.Hours)
	add(counts("urna") && len(c.office.Urns) > 0, "do urny, z odręcznym podpisem: "+strings.Join(c.office.Urns, "; "))
	return all
}

func (c *Composer) adeWay() string {
	if c.office.ADE == "" {
		return "e-Doręczenia: adres urzędu jest na stronie " + c.office.BIP
	}
	return "e-Doręczenia: " + c.office.ADE
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
