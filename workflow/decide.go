package workflow

import (
	"slices"
	"time"

	"okienko/classify"
	"okienko/ingest"
	"okienko/schemas"
	"okienko/validate"
)

// routeTo chooses the desk: the procedure's, or the registry's when nobody but a person can tell.
func routeTo(sub ingest.Submission, j Judgement, proc schemas.Procedure, known bool) Route {
	switch {
	case sub.Test():
		return Route{DeskTest, "Dokument próbny: nadawca zaznaczył, że to test."}
	case j.Decision.Nature != classify.NatureSubmission:
		return Route{DeskRegistry, "To nie jest pismo do załatwienia (" + string(j.Decision.Nature) + ")."}
	case notSplit(j.Contents):
		return Route{DeskRegistry, "W pliku ze skanera są listy z kilku kopert: trzeba je rozdzielić."}
	case j.Decision.Unsure() || !known || proc.Desk == "":
		return Route{DeskRegistry, "Nie ma pewności, której sprawy dotyczy pismo: wymaga przydzielenia."}
	default:
		return Route{proc.Desk, "Sprawa: " + proc.Title.PL + "."}
	}
}

// follow brings what came by the page of a case to the desk that has the case: the code says more than the words beside it.
func follow(c *Case, j *Judgement, parent *Case) {
	if parent == nil || c.Submission.Channel != ingest.Page {
		return
	}
	c.Route = Route{parent.Route.Desk, "Uzupełnienie sprawy " + parent.Number + ": kod z jej pisma."}
	c.Procedure, c.DueAt, c.Missing, j.Route = parent.Procedure, time.Time{}, 0, c.Route
}

// replyTo chooses the kind of letter. The order matters: first whether the letter is here and anybody may be answered, then whether the machine
// knows enough to say anything, then what the law says of the way the letter came, and only then what is missing.
func replyTo(sub ingest.Submission, j Judgement, proc schemas.Procedure, composer Composer) Reply {
	if sub.Test() {
		return Reply{Kind: ReplyNone, Because: "To dokument próbny: nadawca nie czeka na odpowiedź."}
	}
	if j.Decision.Nature != classify.NatureSubmission {
		return Reply{Kind: ReplyNone, Because: "To nie jest pismo do urzędu, na które się odpowiada."}
	}
	if notSplit(j.Contents) {
		return Reply{Kind: ReplyHuman, Because: "Plik ze skanera nie dał się na pewno podzielić arkuszami na listy: pracownik rozdzieli je ręcznie."}
	}
	if partial(j.Contents) {
		return Reply{Kind: ReplyHuman, Because: "Odczytano tylko część pisma: pracownik obejrzy całość."}
	}
	if composer != nil {
		if ok, because := composer.MayAnswer(sub, j.Contents.Letter); !ok {
			return Reply{Kind: ReplyNone, Because: because}
		}
	}
	if r, ok := replyToTwin(j); ok {
		return r
	}
	if sub.Channel == ingest.Page && len(j.Decision.Alarms) == 0 {
		return Reply{Kind: ReplyNone, Because: "Uzupełnienie ze strony urzędu: jego numer mieszkaniec zobaczył od razu."}
	}
	if r, ok := replyByPerson(j); ok {
		return r
	}
	if j.Decision.Question {
		return Reply{Kind: ReplyInfo, Because: "To pytanie, nie podanie: wyjaśniamy, jak to załatwić."}
	}
	if proc.InPerson || proc.Redirect != "" {
		return Reply{Kind: ReplyInfo, Because: "Tej sprawy nie załatwia się listownie: wyjaśniamy, jak to zrobić."}
	}
	if r, ok := replyByChannel(j, proc); ok {
		return r
	}
	return replyByFindings(j, proc)
}

// notSplit reports whether a submission is a batch of scans with the letters of several people: nothing in it is one person's.
func notSplit(c ingest.Contents) bool {
	return slices.ContainsFunc(c.Problems, func(p ingest.Problem) bool { return p.Code == ingest.ProblemNotSplit })
}

// replyToTwin keeps a letter that was sent twice from being answered twice.
func replyToTwin(j Judgement) (Reply, bool) {
	if j.Link == nil || !j.Link.Attached || j.Link.Kind != LinkDuplicate || j.Link.Score < 1 {
		return Reply{}, false
	}
	return Reply{Kind: ReplyNone, Because: "To drugi egzemplarz pisma, na które już odpowiadamy."}, true
}

// replyByPerson holds everything the machine must not answer by itself.
func replyByPerson(j Judgement) (Reply, bool) {
	human := func(because string) (Reply, bool) { return Reply{Kind: ReplyHuman, Because: because}, true }
	if len(j.Decision.Alarms) > 0 {
		return human("Treść wymaga, by od razu przeczytał ją człowiek: " + j.Decision.Alarms[0].Text)
	}
	if j.Decision.Unsure() {
		return human("Nie ma pewności, czego dotyczy pismo: zdecyduje pracownik.")
	}
	if j.Decision.Procedure == schemas.General {
		return human("Pismo ogólne: treść oceni pracownik.")
	}
	for _, s := range j.Signatures {
		if !s.Intact {
			return human("Podpis jest uszkodzony lub pismo zmieniono po podpisaniu: oceni pracownik.")
		}
	}
	return Reply{}, false
}

// replyByChannel answers filings whose way of arrival has no effect (KPA art. 63 § 1): nothing is called missing in a matter
// that has not begun.
func replyByChannel(j Judgement, proc schemas.Procedure) (Reply, bool) {
	switch {
	case j.Legal.Effective == validate.False && proc.Regime == schemas.Programme:
		// A programme of the council is no matter of the KPA: nothing is left unexamined, the resident is told how it is done.
		return Reply{Kind: ReplyInfo, Because: j.Legal.Because}, true
	case j.Legal.Effective == validate.False:
		return Reply{Kind: ReplyChannelIneffective, Because: j.Legal.Because}, true
	case j.Legal.Effective == validate.Undecided:
		return Reply{Kind: ReplyHuman, Because: j.Legal.Because}, true
	default:
		return Reply{}, false
	}
}

// replyByFindings answers an effective filing by what it lacks.
func replyByFindings(j Judgement, proc schemas.Procedure) Reply {
	askable, feeOnly, noAddress, nameless, unknown := false, false, false, false, false
	for _, f := range j.Findings {
		if f.Outcome != validate.Missing && !locked(j.Contents, f) {
			continue
		}
		nameless = nameless || f.Requirement == "imie_nazwisko" || f.Requirement == "adres"
		switch f.Consequence {
		case schemas.Art64p1:
			noAddress = true
		case schemas.FeeProxy:
			feeOnly = true
		case schemas.ShownAtDesk, schemas.ContactOnly:
		case schemas.Art64p2, schemas.OP169, schemas.OP274a, schemas.LexSpecialis, schemas.Art261, schemas.Proof, schemas.Civil:
			askable = askable || !lookedUp(proc, f.Requirement)
		default:
			unknown = true
		}
	}
	switch {
	case unknown:
		return Reply{Kind: ReplyHuman, Because: "Nie wiadomo, jaki skutek ma jeden z braków: oceni pracownik."}
	case noAddress:
		// KPA art. 64 § 1: no call is made; the office looks into its own data first. Anonymous complaints end here too.
		return Reply{Kind: ReplyHuman, Because: "Brak adresu: najpierw pracownik sprawdzi dane, które urząd już ma (art. 64 § 1 KPA)."}
	case nameless && proc.Regime == schemas.Petition:
		// Rozporządzenie RM z 8 stycznia 2002 r. § 8 ust. 1: without name and address it is not considered, and no call is made.
		return Reply{Kind: ReplyHuman, Because: "Skarga, wniosek lub petycja bez nazwiska lub adresu: oceni pracownik."}
	case askable:
		return Reply{Kind: ReplyIncomplete, Because: "Czegoś brakuje i można to uzupełnić."}
	case feeOnly:
		return Reply{Kind: ReplyInfo, Because: "Brakuje tylko 17 zł od pełnomocnictwa: informujemy, sprawa biegnie dalej."}
	default:
		return Reply{Kind: ReplyReceipt, Because: "Nie stwierdzono braków: potwierdzamy wpływ."}
	}
}

// locked reports whether a finding is about a document closed with a password: it counts as not filed, and the resident is
// asked for one without. Of what else could not be read a person has a look first.
func locked(c ingest.Contents, f validate.Finding) bool {
	return f.Outcome == validate.Unreadable && f.Place != nil && slices.ContainsFunc(c.Readings, func(r ingest.Reading) bool {
		return r.Document.ID == f.Place.Document && slices.ContainsFunc(r.Problems, func(p ingest.Problem) bool { return p.Code == ingest.ProblemEncrypted })
	})
}

// lookedUp reports whether the office finds a thing in its own registers (KPA art. 220): it is never asked for.
func lookedUp(proc schemas.Procedure, requirement string) bool {
	return slices.ContainsFunc(slices.Concat(proc.Fields, proc.Attached), func(r schemas.Requirement) bool {
		return r.ID == requirement && r.Register
	})
}
