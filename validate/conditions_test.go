package validate_test

import (
	"testing"

	"okienko/ingest"
	"okienko/schemas"
	"okienko/validate"
)

func TestConditionsAreDecidedByWhatTheLetterSays(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		id   schemas.ProcedureID
		text string
		cond string
		want validate.Truth
	}{
		{"who writes in another's name is a proxy", "odpis_aktu", "Działając w imieniu pani Olender wnoszę o odpis.", "if_proxy", validate.True},
		{"who writes for himself is none", "odpis_aktu", "Proszę o odpis mojego aktu.", "if_proxy", validate.False},
		{"a member of the board of a company is left open", "podatek_nieruchomosci", "W imieniu spółki Alfa składam DN-1. Jan Kos, członek zarządu", "if_proxy", validate.Undecided},
		{"a son is family", "odpis_aktu", "W imieniu ojca proszę o odpis.", "if_proxy_not_close_family", validate.False},
		{"an attorney is not", "odpis_aktu", "Jako adwokat, w imieniu klienta, wnoszę o odpis.", "if_proxy_not_close_family", validate.True},
		{"an attorney for his mother is left open", "odpis_aktu", "Jestem adwokatem i piszę w imieniu mojej mamy.", "if_proxy_not_close_family", validate.Undecided},
		{"without a proxy there is no question", "odpis_aktu", "Proszę o odpis mojego aktu.", "if_proxy_not_close_family", validate.False},
		{"a company is one", "pas_drogowy", "Alfa sp. z o.o. wnosi o zajęcie chodnika.", "if_company", validate.True},
		{"who says that he has none has none", "usuniecie_drzewa", "Żadnej firmy nie prowadzę.", "if_company", validate.False},
		{"a purpose far behind the no is denied as well", "usuniecie_drzewa", "Usunięcie nie ma związku z działalnością gospodarczą.", "if_company", validate.False},
		{"a no in another clause denies nothing", "wyrejestrowanie_pojazdu", "Nie mogę jeździć, bo samochód mi ukradli.", "if_stolen", validate.True},
		{"the longer saying wins", "karta_krakowska", "Nie jestem zameldowana na pobyt stały w Krakowie.", "if_not_permanently_registered", validate.True},
		{"and the other way", "karta_krakowska", "Jestem zameldowana na pobyt stały w Krakowie.", "if_not_permanently_registered", validate.False},
		{"plates that stay are not new", "rejestracja_pojazdu", "Proszę o rejestrację, tablice chcę zostawić.", "if_new_plates", validate.False},
		{"new plates do not stay", "rejestracja_pojazdu", "Proszę o rejestrację i nowe tablice.", "if_keep_plates", validate.False},
		{"nothing about plates says nothing", "rejestracja_pojazdu", "Proszę o rejestrację.", "if_new_plates", validate.Undecided},
		{"an answer on a form counts", "dodatek_mieszkaniowy", "Wniosek. Osoba niepełnosprawna: nie", "if_disability", validate.False},
		{"a tree on one's own plot is one's own", "usuniecie_drzewa", "Zgłaszam zamiar usunięcia lipy na mojej działce.", "if_not_owner", validate.False},
		{"a preliminary contract is no ownership", "warunki_zabudowy", "Mam umowę przedwstępną na działkę 4/5.", "if_not_owner", validate.True},
		{"Ukrainian", "karta_duzej_rodziny", "Артем, 19 років, студент політехніки", "if_adult_student", validate.True},
		{"English", "zameldowanie", "I would like to register my temporary residence until 2027.", "if_temporary", validate.True},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			sub, c := mail("", tt.text)
			if got := validate.Conditions(sub, c, procedure(t, tt.id))[tt.cond]; got != tt.want {
				t.Errorf("%s is %s, want %s", tt.cond, got, tt.want)
			}
		})
	}
}

func TestAPowerOfAttorneyMeansAProxy(t *testing.T) {
	t.Parallel()
	sub, c := mail("", "Wniosek o odpis w załączeniu.", doc("pelnomocnictwo.pdf", "Pełnomocnictwo", "pelnomocnictwo"))
	if got := validate.Conditions(sub, c, procedure(t, "odpis_aktu"))["if_proxy"]; got != validate.True {
		t.Errorf("if_proxy is %s", got)
	}
}

func TestALetterNobodyReadDoesNotSayNothing(t *testing.T) {
	t.Parallel()
	sub := ingest.Submission{Channel: ingest.Scan, ReceivedAt: now}
	c := ingest.Contents{Readings: []ingest.Reading{{Document: ingest.Document{ID: "1", Name: "scan.png"}, TextFrom: ingest.TextNone, Pages: 1}}}
	for id, got := range validate.Conditions(sub, c, procedure(t, "odpis_aktu")) {
		if got != validate.Undecided {
			t.Errorf("%s is %s", id, got)
		}
	}
}
