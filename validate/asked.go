package validate

import (
	"fmt"

	"okienko/schemas"
)

// notAsked tells why a requirement that is not there is not asked for.
func (e examination) notAsked(r schemas.Requirement) (because string, ok bool) {
	switch {
	// An act that needs presence cannot be begun by a letter: what belongs to it is shown and said at the counter.
	case e.proc.InPerson:
		return "Tę sprawę załatwia się osobiście; dane i dokumenty podaje się w urzędzie.", true
	// An abolished procedure asks for nothing any more; the resident is told what to do instead (KPA art. 9).
	case e.proc.Redirect != "":
		return "Tej procedury już nie ma; niczego się w niej nie uzupełnia.", true
	// KPA art. 220 § 1: the office may not demand what it knows from its own or public registers.
	case r.Register:
		return "Urząd sprawdza to sam w rejestrze (art. 220 KPA).", true
	// A legal person or an organisation has no PESEL; its NIP is asked for by itself.
	case r.ID == "pesel" && e.truth(ifCompany) == True:
		return "Podmiot nie ma numeru PESEL.", true
	case !r.Required:
		return "Nie jest wymagane.", true
	case e.truth(r.When) == False:
		return fmt.Sprintf("Nie dotyczy tej sprawy (%s).", e.conditionLabel(r.When)), true
	// "do wglądu": shown in person, never a defect of a letter.
	case r.Consequence == schemas.ShownAtDesk:
		return "Okazuje się osobiście; listem się o to nie prosi.", true
	}
	return "", false
}
