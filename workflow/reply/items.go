package reply

import (
	"slices"

	"okienko/ingest"
	"okienko/schemas"
	"okienko/validate"
)

// askable are the consequences that let the office ask by letter, in the order a letter lists them: what stops a case first.
// Not among them: what is shown at the desk, contact data, and the fee for a power of attorney, which is information.
var askable = []schemas.Consequence{
	schemas.Art64p1, schemas.Art64p2, schemas.OP169, schemas.OP274a, schemas.LexSpecialis, schemas.Art261, schemas.Proof, schemas.Civil,
}

// items are the findings with the outcome that a letter may list. What the office can look up itself (KPA art. 220) is never
// asked for.
func (c *Composer) items(proc schemas.Procedure, channel ingest.Channel, findings []validate.Finding, outcome validate.Outcome) []item {
	var listed []item
	for _, f := range findings {
		req := requirement(proc, f.Requirement)
		f.Consequence = lawful(proc.Regime, f.Consequence)
		if f.Outcome != outcome || !slices.Contains(askable, f.Consequence) || req.Register {
			continue
		}
		listed = append(listed, item{
			ID: f.Requirement, Label: firstOf(f.Label.PL, req.Label.PL, f.Requirement), Example: example(req, f.Requirement, channel),
			Basis: itemBasis(proc, f, channel), Consequence: f.Consequence,
		})
	}
	slices.SortStableFunc(listed, func(a, b item) int {
		return slices.Index(askable, a.Consequence) - slices.Index(askable, b.Consequence)
	})
	return listed
}

// lawful is what the absence of a thing can lead to under the regime: no letter about a tax or a card threatens with the Code
// of administrative procedure, whatever the catalogue says. Ordynacja art. 169 covers the address (§ 1a) and the fee (§ 2) too.
func lawful(regime schemas.Regime, c schemas.Consequence) schemas.Consequence {
	code := c == schemas.Art64p1 || c == schemas.Art64p2 || c == schemas.Art261
	switch {
	case code && regime == schemas.Ordynacja:
		return schemas.OP169
	case code && (regime == schemas.Programme || regime == schemas.UDIP):
		return schemas.Civil
	}
	return c
}

func requirement(proc schemas.Procedure, id string) schemas.Requirement {
	for _, r := range slices.Concat(proc.Fields, proc.Attached) {
		if r.ID == id {
			return r
		}
	}
	return schemas.Requirement{}
}

// example is one way to give the thing: from the procedure, else by what it is.
func example(r schemas.Requirement, id string, channel ingest.Channel) string {
	if id == validate.SignatureRequirement {
		return signatureExample(channel)
	}
	if r.Example.PL != "" {
		return r.Example.PL
	}
	return byFormat[r.Format]
}

// byFormat are examples for values that look the same in every procedure. They are no real person's.
var byFormat = map[string]string{
	ingest.FieldName:    "Jan Kowalski",
	ingest.FieldAddress: "ul. Długa 1 m. 2, 31-000 Kraków",
	ingest.FieldPESEL:   "11 cyfr, jak w dowodzie osobistym",
	ingest.FieldNIP:     "10 cyfr",
	ingest.FieldREGON:   "9 albo 14 cyfr",
	ingest.FieldKRS:     "10 cyfr, z zerami na początku",
	ingest.FieldVIN:     "17 znaków, pole E w dowodzie rejestracyjnym",
	ingest.FieldPlate:   "numer z tablicy, na przykład KR 12345",
	ingest.FieldDate:    "23 listopada 2026 r.",
	ingest.FieldAmount:  "17,00 zł",
	ingest.FieldAccount: "26 cyfr rachunku bankowego",
	ingest.FieldPhone:   "600 000 000",
	ingest.FieldEmail:   "imie.nazwisko@poczta.example",
	ingest.FieldLandReg: "KR1P/00012345/6",
	ingest.FieldParcel:  "działka nr 12/3, obręb 14 Śródmieście",
}

// signatureExample: KPA art. 63 § 3 for paper, § 3a for electronic letters.
func signatureExample(channel ingest.Channel) string {
	if channel == ingest.Scan {
		return "odręczny podpis na piśmie; można go złożyć także w urzędzie"
	}
	return "to samo pismo z podpisem zaufanym, osobistym albo kwalifikowanym"
}

// itemBasis is the provision that asks for one thing.
func itemBasis(proc schemas.Procedure, f validate.Finding, channel ingest.Channel) string {
	switch {
	case proc.Regime == schemas.Programme || f.Consequence == schemas.Civil:
		return ""
	case proc.Regime == schemas.Ordynacja && (f.Requirement == validate.SignatureRequirement || f.Consequence == schemas.Art64p1):
		return "art. 168 Ordynacji podatkowej"
	case f.Requirement == validate.SignatureRequirement && channel == ingest.Scan:
		return "art. 63 § 3 KPA"
	case f.Requirement == validate.SignatureRequirement:
		return "art. 63 § 3a KPA"
	case f.Consequence == schemas.Art64p1:
		return "art. 63 § 2 KPA"
	case len(proc.Basis) > 0:
		return proc.Basis[0]
	}
	return ""
}

// groups puts together what lacks for the same legal reason, in the order of askable.
func groups(proc schemas.Procedure, items []item) []group {
	var all []group
	for _, i := range items {
		if len(all) == 0 || all[len(all)-1].Consequence != i.Consequence {
			at := slices.IndexFunc(all, func(g group) bool { return g.Consequence == i.Consequence })
			if at < 0 {
				all = append(all, group{Consequence: i.Consequence, Regime: string(proc.Regime), Basis: firstBasis(proc)})
			} else {
				all[at].Items = append(all[at].Items, i)
				continue
			}
		}
		all[len(all)-1].Items = append(all[len(all)-1].Items, i)
	}
	return all
}

func firstBasis(proc schemas.Procedure) string {
	if len(proc.Basis) > 0 {
		return proc.Basis[0]
	}
	return "zasady tej usługi"
}

// lacksProxyFee reports whether a power of attorney came without its fee.
func lacksProxyFee(findings []validate.Finding) bool {
	return slices.ContainsFunc(findings, func(f validate.Finding) bool {
		return f.Outcome == validate.Missing && f.Consequence == schemas.FeeProxy
	})
}

// bring is what to take along to an appointment: everything always needed, and what is only shown.
func bring(proc schemas.Procedure) []string {
	var labels []string
	for _, r := range proc.Attached {
		if r.Required && !r.Register && (r.When == "" || r.When == "always") {
			labels = append(labels, r.Label.PL)
		}
	}
	return labels
}

// attachments counts what the sender enclosed: documents beside the letter's own text, archives as one, no pictures of a
// mail signature.
func attachments(contents ingest.Contents) int {
	n := 0
	for i, r := range contents.Readings {
		if i > 0 && !r.Document.Inline && !nested(r.Document.ID) {
			n++
		}
	}
	return n
}
