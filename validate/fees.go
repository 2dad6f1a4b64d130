package validate

import (
	"fmt"

	"okienko/ingest"
	"okienko/schemas"
	"okienko/schemas/phrase"
)

// forProxy names a payment for a power of attorney.
var forProxy = phrase.MustCompile("pelnomocnict*", "17 zl ~ pelnomoc*")

// proxyFee looks for the 17 zł of a power of attorney (ustawa o opłacie skarbowej, załącznik, część IV). Its absence does not
// make the power of attorney void and never blocks the case: the resident is told, the tax authority is notified.
func (e examination) proxyFee(schemas.Requirement) presence {
	transfers := false
	for _, s := range e.attached() {
		if !s.hasKind("potwierdzenie_przelewu") && !payment.In(fileWords(s.Document.Name)) {
			continue
		}
		if _, ok := forProxy.First(s.text); ok || forProxy.In(fileWords(s.Document.Name)) {
			return found(fmt.Sprintf("Jest: %s.", s.title()), &ingest.Place{Document: s.Document.ID})
		}
		transfers = transfers || s.unreadable()
	}
	if transfers {
		return maybe("Jest potwierdzenie wpłaty, którego nie odczytano.", nil)
	}
	return nowhere("Nie ma dowodu opłaty 17 zł od pełnomocnictwa; nie wstrzymuje to sprawy.")
}

var payment = phrase.MustCompile("przelew*", "oplat*", "wplat*", "17 zl")
