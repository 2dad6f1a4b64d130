package validate

import "slices"

// ForQuestion turns what is missing into not required: a letter that only asks how something is done files nothing, so it
// lacks nothing. The findings are changed in a copy.
func ForQuestion(findings []Finding) []Finding {
	return instead(findings, NotRequired, "List jest pytaniem, nie wnioskiem; o nic się nie prosi.")
}

// ForUnsure turns what is missing into undecided: while nobody knows what a letter is about, nobody knows what it lacks. The
// findings are changed in a copy.
func ForUnsure(findings []Finding) []Finding {
	return instead(findings, Unsure, "Nie wiadomo jeszcze, czego pismo dotyczy, więc i czego w nim brakuje.")
}

// ForProgramme turns what is missing into not required: what a programme of the council does not take by this channel has not
// begun, and the papers are shown where it does. The findings are changed in a copy.
func ForProgramme(findings []Finding) []Finding {
	return instead(findings, NotRequired, "Tą drogą program nie przyjmuje wniosków; dokumenty okazuje się przy składaniu.")
}

// ForSupplement turns what is missing into undecided: a letter that completes an earlier one brings only what was asked for,
// and the two are judged together. The findings are changed in a copy.
func ForSupplement(findings []Finding) []Finding {
	return instead(findings, Unsure, "Pismo uzupełnia wcześniejsze; ocenia się je razem.")
}

// ForPart turns what is missing into unreadable: of a letter that is not here as a whole nobody can say what is not in it. The
// findings are changed in a copy.
func ForPart(findings []Finding) []Finding {
	return instead(findings, Unreadable, "Odczytano tylko część pisma; trzeba sprawdzić w całości.")
}

func instead(findings []Finding, outcome Outcome, because string) []Finding {
	changed := slices.Clone(findings)
	for i, f := range changed {
		if f.Outcome == Missing || f.Outcome == Unreadable {
			changed[i].Outcome, changed[i].Because = outcome, because
		}
	}
	return changed
}
