package field

import (
	"regexp"
	"strings"

	"okienko/ingest"
)

// What OCR takes a digit for (O for 0, l and I for 1, S for 5, B for 8) makes a number look like none. Such a number is read as
// what it must have been, but only where its check digit then holds; whoever uses it is told (ingest.Field.Repaired). Digits
// taken for other digits are never mended: a check digit is right for one wrong digit in ten.

// almostDigit is a digit or what OCR takes it for.
const almostDigit = `[0-9OoQDlIi|łŁZzSsBGb]`

// digitFor is the digit that looks like a letter.
var digitFor = strings.NewReplacer("O", "0", "o", "0", "Q", "0", "D", "0", "l", "1", "I", "1", "i", "1", "|", "1", "ł", "1", "Ł", "1",
	"Z", "2", "z", "2", "S", "5", "s", "5", "B", "8", "G", "6", "b", "6")

// unspaced leaves out what numbers are written in groups with.
var unspaced = strings.NewReplacer(" ", "", "-", "")

// letterFor is the letter that looks like a digit, where the form asks for one.
var letterFor = strings.NewReplacer("0", "O", "1", "I", "5", "S", "8", "B", "2", "Z", "6", "G")

// mended are tried first, on text from OCR only. None takes a value that needs no mending.
var mended = []recogniser{
	{
		fieldType: ingest.FieldAccount, first: almost, pattern: regexp.MustCompile(`^(?:P[Ll1I] ?)?` + almostDigit + `{2}(?:[ -]?` + almostDigit + `{4}){6}`),
		judge: func(c candidate) verdict { return c.mend(strings.TrimLeft(c.text, "PL"), 20, ValidNRB) },
	},
	{
		fieldType: ingest.FieldPESEL, first: almost, pattern: regexp.MustCompile(`^` + almostDigit + `(?:[ -]?` + almostDigit + `){10}`),
		judge: func(c candidate) verdict {
			if c.labelled("pesel", "pese1", "pesei") {
				return c.mend(c.text, 7, ValidPESEL)
			}
			return c.mend(c.text, 9, ValidPESEL)
		},
	},
	{
		fieldType: ingest.FieldNIP, first: almost, pattern: regexp.MustCompile(`^` + almostDigit + `{3}(?:[ -]?` + almostDigit + `{2,3}){2}[ -]?` + almostDigit + `{2,3}`),
		judge: func(c candidate) verdict {
			if !c.labelled("nip", "n1p", "nlp") {
				return verdict{}
			}
			return c.mend(c.text, 6, ValidNIP)
		},
	},
	{fieldType: ingest.FieldLandReg, first: alphanumeric, pattern: landRegisterLike, judge: mendLandRegister},
	{fieldType: ingest.FieldVIN, first: alphanumeric, pattern: regexp.MustCompile(`^[A-Z0-9]{17}`), judge: mendVIN},
}

func almost(c byte) bool {
	return digit(c) || strings.IndexByte("OoQDlIiZzSsBGbP|", c) >= 0 || c >= 0x80
}

// mendedConfidence is how sure a mended number is of which a tenth, or less, of all wrong ones would pass.
const mendedConfidence = 0.6

// mend reads a number with least digits read as such for what it must have been.
func (c candidate) mend(text string, least int, valid func(string) bool) verdict {
	text = unspaced.Replace(text)
	n := digitFor.Replace(text)
	if n == text || len(digits(text)) < least || !valid(n) {
		return verdict{}
	}
	return verdict{value: n, confidence: mendedConfidence, checked: "ok", repaired: true}
}

// landRegisterLike is the form of landRegister with digits for letters and letters for digits.
var landRegisterLike = regexp.MustCompile(`^([A-Z0-9]{2})(` + almostDigit + `)([A-Z0-9]) ?[/|\\-] ?(` + almostDigit + `{8}) ?[/|\\-] ?(` + almostDigit + `)`)

func mendLandRegister(c candidate) verdict {
	v := letterFor.Replace(c.groups[1]) + digitFor.Replace(c.groups[2]) + letterFor.Replace(c.groups[3]) + "/" + digitFor.Replace(c.groups[4]) + "/" + digitFor.Replace(c.groups[5])
	same := strings.ReplaceAll(strings.ReplaceAll(c.text, " ", ""), "-", "/") == v
	if same || len(digits(c.groups[4])) < 5 || !isLandRegister(v) || landRegisterDigit(v) != v[14] {
		return verdict{}
	}
	return verdict{value: v, confidence: mendedConfidence, checked: "ok", repaired: true}
}

// vinFor is what stands in a VIN for letters that never do.
var vinFor = strings.NewReplacer("O", "0", "Q", "0", "I", "1")

// mendVIN: no VIN has an I, O or Q (ISO 3779, section 4.4). S and B, 5 and 8 may both stand in one, so they are left alone.
func mendVIN(c candidate) verdict {
	v := vinFor.Replace(c.text)
	if v == c.text || !isVIN(v) || vinCheckDigit(v) != v[8] {
		return verdict{}
	}
	return verdict{value: v, confidence: mendedConfidence, checked: "ok", repaired: true}
}
