package reply

import (
	"strings"
	"testing"

	"okienko/workflow"
)

func TestPageCodesOpenTheirCaseOnly(t *testing.T) {
	t.Parallel()
	codes, err := NewCodes([]byte("a secret for tests only"))
	if err != nil {
		t.Fatal(err)
	}
	other, err := NewCodes([]byte("another secret for tests"))
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]bool{}
	for id := workflow.CaseID(1); id <= 2000; id++ {
		code := codes.OfPage(id)
		if got, ok := codes.PageCase(strings.ToLower(code)); !ok || got != id {
			t.Fatalf("%s opens case %d (%t), want %d", code, got, ok, id)
		}
		short, key, _ := strings.Cut(code, " ")
		if short != codes.Of(id) || len(key) != pageKeySigns+2 || keys[key] {
			t.Fatalf("%s: the key is short, or another case has it", code)
		}
		keys[key] = true
		for _, wrong := range []string{short, key, short + " " + strings.Replace(key, key[:1], string(otherSign(key[0])), 1), other.OfPage(id), codes.Of(id+1) + key, code + "2"} {
			if _, ok := codes.PageCase(wrong); ok {
				t.Errorf("%s opens a page", wrong)
			}
		}
	}
}

func otherSign(b byte) byte {
	if b == '2' {
		return '3'
	}
	return '2'
}

// TestLettersThatAskNameThePage holds that the address and the code stand in the letter, where the office has a page, and not else.
func TestLettersThatAskNameThePage(t *testing.T) {
	t.Parallel()
	codes, err := NewCodes([]byte("a secret for tests only"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"incomplete", "call"} {
		for address, want := range map[string]bool{"https://uzupelnij.um.example": true, "": false} {
			letters, err := parseLetters(nil)
			if err != nil {
				t.Fatal(err)
			}
			c := &Composer{office: Kraków(), codes: codes, page: address, letters: letters}
			_, text, err := c.render(name, view{Office: c.office, Page: c.pageOf(7), Items: []item{{Label: "umowa"}}, formal: &formal{}})
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Contains(text, codes.OfPage(7)) && strings.Contains(text, "https://uzupelnij.um.example"); got != want {
				t.Errorf("%s with the page %q names it: %t\n%s", name, address, got, text)
			}
		}
	}
}
