package validate

import (
	"fmt"
	"time"

	"okienko/ingest"
	"okienko/schemas"
)

// The days on which the effect of channels changed.
var (
	mailRule  = schemas.Day(2021, time.October, 5) // KPA art. 63 § 1 as amended: e-mail has no effect
	afterPUAP = schemas.Day(2026, time.January, 1) // the end of the transition: ePUAP is no longer equal to e-Doręczenia
)

// Effectiveness decides whether a submission of the procedure has legal effect by its channel, received on the given day
// (any time zone; the day in Kraków counts), under the office's policy.
func Effectiveness(proc schemas.Procedure, channel ingest.Channel, received time.Time, policy Policy) Legal {
	if proc.InPerson {
		return Legal{False, firstOf(proc.Basis), "Tę sprawę załatwia się osobiście albo w usłudze na gov.pl; pismo jej nie rozpoczyna."}
	}
	day := schemas.DateOf(received)
	switch channel {
	case ingest.Email:
		return byMail(proc, day)
	case ingest.EPUAP:
		return byEPUAP(proc, day, policy)
	case ingest.EDelivery:
		return byCatalogue(proc, proc.Channels["e_doreczenia"], "KPA art. 63 § 1", "e-Doręczenia")
	case ingest.Page:
		return Legal{Undecided, "KPA art. 63 § 1", "Przesłano przez stronę uzupełnień: bez podpisu, o skutku decyduje pracownik."}
	default:
		return byCatalogue(proc, proc.Channels["urna"], "KPA art. 63 § 1", "pismo papierowe")
	}
}

// byMail. KPA art. 63 § 1: "Podania wniesione na adres poczty elektronicznej organu administracji publicznej pozostawia się
// bez rozpoznania", "o ile przepisy odrębne nie stanowią inaczej".
func byMail(proc schemas.Procedure, day schemas.Date) Legal {
	switch proc.Channels["email"] {
	case schemas.EffectYes:
		return Legal{True, separateRule(proc), "W tej sprawie zwykły e-mail wystarcza."}
	case schemas.EffectOffice:
		return Legal{Undecided, separateRule(proc), "O skuteczności e-maila w tej sprawie decyduje urząd."}
	}
	switch {
	case proc.Regime == schemas.Programme:
		return Legal{False, separateRule(proc), "Regulamin tego programu nie przewiduje wniosku e-mailem."}
	case proc.Regime == schemas.Ordynacja:
		return Legal{False, "Ordynacja podatkowa art. 168", "Deklaracji i podań podatkowych nie składa się zwykłym e-mailem."}
	case day.Before(mailRule.Time):
		return Legal{True, "KPA art. 63 § 1 w brzmieniu do 4 października 2021 r.", "Przed 5 października 2021 r. e-mail był podaniem, choć wymagał podpisu."}
	}
	return Legal{False, "KPA art. 63 § 1", "Podanie wysłane na zwykły adres e-mail pozostawia się bez rozpoznania."}
}

// byEPUAP. Until the end of 2025 ePUAP was equal to e-Doręczenia. Since then it has effect where a special rule says so, or
// where the office treats it as an account in its own system (KPA art. 63 § 1): the office's setting decides.
func byEPUAP(proc schemas.Procedure, day schemas.Date, policy Policy) Legal {
	switch proc.Channels["epuap"] {
	case schemas.EffectYes:
		return Legal{True, separateRule(proc), "W tej sprawie przepis szczególny dopuszcza ePUAP."}
	case schemas.EffectNo:
		return Legal{False, separateRule(proc), "Tej sprawy nie załatwia się przez ePUAP."}
	}
	if day.Before(afterPUAP.Time) {
		return Legal{True, "ustawa o doręczeniach elektronicznych, okres przejściowy do 31 grudnia 2025 r.", "Do końca 2025 r. ePUAP był równoważny e-Doręczeniom."}
	}
	accepted, own := policy.EPUAPByProcedure[proc.ID]
	if !own {
		accepted = policy.EPUAPAccepted
	}
	switch accepted {
	case True:
		return Legal{True, "KPA art. 63 § 1, ustawienie urzędu", "Urząd uznaje ePUAP za konto w swoim systemie."}
	case False:
		return Legal{False, "KPA art. 63 § 1, ustawienie urzędu", "Urząd nie uznaje ePUAP za konto w swoim systemie."}
	default:
		return Legal{Undecided, "KPA art. 63 § 1", "Od 1 stycznia 2026 r. o skuteczności ePUAP decyduje urząd; nie ma takiego ustawienia."}
	}
}

func byCatalogue(proc schemas.Procedure, effect schemas.Effect, basis, channel string) Legal {
	switch effect {
	case schemas.EffectYes:
		return Legal{True, basis, fmt.Sprintf("Skuteczne: %s.", channel)}
	case schemas.EffectNo, schemas.EffectPresence:
		return Legal{False, separateRule(proc), fmt.Sprintf("W tej sprawie nie jest skuteczne: %s.", channel)}
	default:
		return Legal{Undecided, separateRule(proc), fmt.Sprintf("Nie w każdej takiej sprawie skuteczne: %s.", channel)}
	}
}

// separateRule names the act that rules the channel of a procedure.
func separateRule(proc schemas.Procedure) string {
	switch proc.Regime {
	case schemas.UDIP:
		return "ustawa o dostępie do informacji publicznej art. 10"
	case schemas.Petition:
		return "KPA art. 221, rozporządzenie RM z 8 stycznia 2002 r. § 5, ustawa o petycjach art. 4"
	default:
		return firstOf(proc.Basis)
	}
}

func firstOf(basis []string) string {
	if len(basis) == 0 {
		return "KPA art. 63 § 1"
	}
	return basis[0]
}
