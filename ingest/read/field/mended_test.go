package field

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"okienko/ingest"
)

func TestNumbersAreMendedWhereTheirCheckDigitHolds(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, fieldType, text string
		want                  string // of a mended value; "" none
	}{
		{"O for 0 in a PESEL", ingest.FieldPESEL, "PESEL 44O5I4OI458", "44051401458"},
		{"l for 1 in a PESEL without a label", ingest.FieldPESEL, "ur. 440514014S8, Kraków", "44051401458"},
		{"ł for 1 in a PESEL", ingest.FieldPESEL, "PESEL: 44051401458 i 4405ł401458", "44051401458"},
		{"a PESEL whose check digit does not hold", ingest.FieldPESEL, "PESEL 44O51401459", ""},
		{"a PESEL with too few digits and no label", ingest.FieldPESEL, "nr 44OSI4OI4S8", ""},
		{"a word as long as a PESEL", ingest.FieldPESEL, "PESEL BOISOIOSlZS", ""},
		{"a NIP", ingest.FieldNIP, "NIP 979-B81-47-34", "9798814734"},
		{"a NIP that nothing names", ingest.FieldNIP, "tel. 979-B81-47-34", ""},
		{"an account", ingest.FieldAccount, "49 1O20 2892 2276 3OO5 0000 0000", "49102028922276300500000000"},
		{"an account whose check digits do not hold", ingest.FieldAccount, "48 1O20 2892 2276 3OO5 0000 0000", ""},
		{"a land register with I for 1", ingest.FieldLandReg, "KW KRIP/00123456/4", "KR1P/00123456/4"},
		{"a land register with O for 0", ingest.FieldLandReg, "KR1P/OO123456/4", "KR1P/00123456/4"},
		{"a land register whose check digit does not hold", ingest.FieldLandReg, "KRIP/00123456/5", ""},
		{"a VIN with O and I", ingest.FieldVIN, "VIN IM8GDM9AXKPO42788", "1M8GDM9AXKP042788"},
		{"a VIN whose check digit does not hold", ingest.FieldVIN, "VIN IM8GDM9A1KPO42788", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := ""
			for _, f := range FindOCR(tt.text, "", november, func(int, int) float64 { return 0.9 }) {
				if f.Repaired && f.Type == tt.fieldType {
					got = f.Value
					if f.Checked != "ok" || f.Confidence > 0.6 {
						t.Errorf("%+v", f)
					}
				}
			}
			if got != tt.want {
				t.Errorf("%q: got %q, want %q", tt.text, got, tt.want)
			}
			for _, f := range Find(tt.text, "", november) {
				if f.Repaired {
					t.Errorf("typed text is mended: %+v", f)
				}
			}
		})
	}
}

// What stands for each digit when OCR errs.
var confused = map[byte]string{'0': "OoQD", '1': "lIi|ł", '2': "Zz", '5': "Ss", '6': "Gb", '8': "B"}

// TestMendingIsNeverGuessing spoils numbers at random: what comes back is the number, or nothing.
func TestMendingIsNeverGuessing(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(5, 11))
	const trials = 2000
	mendedRight, wrong, spoiled := 0, 0, 0
	for range trials {
		n := somePESEL(rng)
		text, marred := []string{}, false
		for i := range n {
			if letters, ok := confused[n[i]]; ok && rng.IntN(5) == 0 {
				rs := []rune(letters)
				text, marred = append(text, string(rs[rng.IntN(len(rs))])), true
				continue
			}
			text = append(text, n[i:i+1])
		}
		if !marred {
			continue
		}
		spoiled++
		for _, f := range FindOCR("PESEL "+strings.Join(text, ""), "", november, func(int, int) float64 { return 1 }) {
			switch {
			case f.Type == ingest.FieldPESEL && f.Value == n:
				mendedRight++
			case f.Type == ingest.FieldPESEL && f.Checked == "ok":
				wrong++
				t.Errorf("%s became %s", n, f.Value)
			}
		}
	}
	t.Logf("of %d spoiled numbers %d came back, %d wrong", spoiled, mendedRight, wrong)
	if mendedRight*100 < spoiled*95 {
		t.Errorf("only %d of %d came back", mendedRight, spoiled)
	}
}

func somePESEL(rng *rand.Rand) string {
	for {
		n := fmt.Sprintf("%02d%02d%02d%05d", rng.IntN(100), 1+rng.IntN(12), 1+rng.IntN(28), rng.IntN(100_000))
		if ValidPESEL(n) {
			return n
		}
	}
}
