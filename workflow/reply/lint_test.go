package reply_test

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"okienko/ingest"
	"okienko/schemas"
	"okienko/validate"
	"okienko/workflow"
	"okienko/workflow/reply"
)

func TestEveryLetterAboutEveryProcedureIsLawfulAndReadable(t *testing.T) {
	t.Parallel()
	procedures := catalog(t).All(monday)
	if len(procedures) != 29 {
		t.Errorf("%d procedures, want 29", len(procedures))
	}
	for _, f := range composer(t).Review(procedures, monday) {
		t.Error(f)
	}
}

// Each rule both ways: the letter as written passes (story.compose lints it), one change and it does not.
func TestLintFinds(t *testing.T) {
	t.Parallel()
	notice := story{kind: workflow.ReplyIncomplete, procedure: "rejestracja_pojazdu", channel: ingest.EPUAP, findings: missing("podpis", "dowod_wlasnosci")}
	proof := story{kind: workflow.ReplyIncomplete, procedure: "rejestracja_pojazdu", channel: ingest.EPUAP,
		findings: []validate.Finding{{Requirement: "x", Label: schemas.Text{PL: "Zaświadczenie"}, Outcome: validate.Missing, Consequence: schemas.Proof}}}
	tax := story{kind: workflow.ReplyIncomplete, procedure: "podatek_nieruchomosci", channel: ingest.EPUAP, findings: missing("podpis")}
	card := story{kind: workflow.ReplyIncomplete, procedure: "karta_krakowska", findings: missing("adres")}
	call := story{kind: workflow.ReplyCall, procedure: "rejestracja_pojazdu", channel: ingest.Scan, findings: missing("podpis", "dowod_oplaty")}
	receipt := story{kind: workflow.ReplyReceipt, procedure: "rejestracja_pojazdu"}
	ineffective := story{kind: workflow.ReplyChannelIneffective, procedure: "rejestracja_pojazdu"}
	forward := story{kind: workflow.ReplyForward, procedure: "pas_drogowy"}
	without := func(s string) func(*workflow.Letter) {
		return func(l *workflow.Letter) { l.Text = strings.ReplaceAll(l.Text, s, "…") }
	}
	and := func(s string) func(*workflow.Letter) { return func(l *workflow.Letter) { l.Text += "\n" + s + "\n" } }
	subject := func(s string) func(*workflow.Letter) { return func(l *workflow.Letter) { l.Subject += s } }
	for _, tt := range []struct {
		name   string
		story  story
		change func(*workflow.Letter)
		rule   string
		says   string
	}{
		{"no office", receipt, without("Urząd Miasta Krakowa"), "element", "nazwa urzędu"},
		{"no date", receipt, without("poniedziałek, 23 listopada 2026 r."), "element", "data z dniem"},
		{"no number", receipt, without("RPW/17/2026"), "element", "numer sprawy"},
		{"no phone", receipt, without("12 616 55 55"), "element", "telefon"},
		{"no controller of personal data", receipt, without("Prezydent Miasta Krakowa"), "element", "administrator"},
		{"no data protection officer", receipt, without("iod@um.krakow.pl"), "element", "inspektor"},
		{"no clause", receipt, without("https://www.bip.krakow.pl"), "element", "klauzuli"},
		{"no hour of arrival", receipt, without("godz. 14:05"), "element", "data wpływu"},
		{"no channel", receipt, without("zwykły e-mail"), "element", "kanał"},
		{"no count of attachments", receipt, without("Załączniki: 0"), "element", "załączników"},
		{"a thing is left out of the list", notice, without("Podpis na wniosku"), "element", "Podpis na wniosku"},
		{"no code", notice, without("3SG-POGU"), "element", "kod"},
		{"no date until", notice, without("poniedziałku, 30 listopada"), "element", "data, o którą"},
		{"a way is left out", notice, without("31-004"), "element", "sposób"},
		{"no word that it is no call", notice, without("a nie wezwaniem"), "element", "nie wezwanie"},
		{"no article for what follows", notice, without("art. 64 § 2 KPA"), "element", "podstawa prawna"},
		{"a notice that poses as a call", notice, and("Wzywam Państwa do uzupełnienia."), "regime", "udaje wezwanie"},
		{"a notice that threatens over a proof", proof, and("Pismo zostanie bez rozpoznania."), "regime", "choć nic w sprawie"},
		{"the Code in a tax matter", tax, and("Podstawa: art. 64 § 2 KPA."), "regime", "podatkowa"},
		{"the Code's words in a tax matter", tax, and("Pozostawimy je bez rozpoznania."), "regime", "podatkowa"},
		{"the Code in a card's matter", card, and("Podstawa: art. 64 § 2 KPA."), "regime", "uchwały"},
		{"no authority in a call", call, without("Prezydent Miasta Krakowa"), "element", "organ"},
		{"no word on proxies in a call", call, without("przez pełnomocnika"), "element", "art. 54"},
		{"no start of the term in a call", call, without("od dnia doręczenia"), "element", "liczy się termin"},
		{"no warning in a call", call, without("Pouczenie:"), "element", "pouczenie"},
		{"no effect in a call", call, without("bez rozpoznania"), "element", "skutek"},
		{"no effect of an unpaid fee", call, without("zwrócone"), "element", "skutek"},
		{"no article of the fee", call, without("art. 261"), "element", "podstawa prawna"},
		{"no date of the letter that is completed", call, without("23 listopada 2026 r."), "element", "czego dotyczy"},
		{"an appeal that is none", call, and("Służy na to zażalenie."), "regime", "środek"},
		{"no effect of the wrong channel", ineffective, without("bez rozpoznania"), "element", "skutek"},
		{"no article of the wrong channel", ineffective, without("art. 63 § 1 KPA"), "element", "podstawa prawna"},
		{"no word that nothing began", ineffective, without("nie rozpoczęła"), "element", "nie rozpoczęła"},
		{"no article of the forwarding", forward, without("art. 65 § 1 KPA"), "element", "podstawa przekazania"},
		{"no word on the term in a forwarding", forward, without("wniesione w terminie"), "element", "co z terminem"},
		{"a sentence of 21 words", receipt, and(strings.Repeat("słowo ", 21) + "."), "sentence", "21 słów"},
		{"a sentence of 20 words", receipt, and(strings.Repeat("słowo ", 19) + "słowo."), "", ""},
		{"an abbreviation does not end a sentence", receipt, and(strings.Repeat("słowo ", 10) + "art. 5 ust. 2 pkt. 1 " + strings.Repeat("słowo ", 10)), "sentence", "słów"},
		{"officialese", receipt, and("W niniejszym piśmie informujemy."), "word", "niniejsz"},
		{"abbreviated officialese", receipt, and("W w/w sprawie."), "word", "w/w"},
		{"the word for it", receipt, and("Przedmiotowy wniosek czeka."), "word", "przedmiotow"},
		{"an order in the passive", receipt, and("Należy uzupełnić."), "word", "należy"},
		{"blame", receipt, and("Zapomnieli Państwo o podpisie."), "word", "zapomni"},
		{"an empty bracket of a template", receipt, and("termin ()"), "form", "()"},
		{"a value that is none", receipt, and("<no value>"), "form", "no value"},
		{"two full stops", receipt, and("do 23 listopada 2026 r.."), "form", ".."},
		{"a gap a clerk did not fill", call, and("[imię i nazwisko]"), "form", "imię"},
		{"a PESEL", receipt, and("PESEL 90010112345"), "personal", "PESEL"},
		{"the matter in the subject", receipt, subject(" Rejestracja pojazdu"), "personal", "temat"},
		{"an address in the subject", receipt, subject(" anna@poczta.example"), "personal", "adres"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := composer(t)
			l := tt.story.compose(t, c)
			tt.change(&l)
			cs, j := tt.story.resolved(t).build()
			faults := c.Lint(cs, j, l)
			found := slices.ContainsFunc(faults, func(f reply.Fault) bool { return f.Rule == tt.rule && strings.Contains(f.Detail, tt.says) })
			switch {
			case tt.rule == "" && len(faults) > 0:
				t.Errorf("found %v, want nothing", faults)
			case tt.rule != "" && !found:
				t.Errorf("found %v, want %s: …%s…", faults, tt.rule, tt.says)
			}
		})
	}
}

// An administrator's template is held to the same rules, and a broken one is refused when loaded.
func TestChangedTemplates(t *testing.T) {
	t.Parallel()
	changed := func(name string, change func(string) string) fs.FS {
		files := fstest.MapFS{}
		names, err := fs.Glob(reply.DefaultLetters(), "*.txt")
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range names {
			text, err := fs.ReadFile(reply.DefaultLetters(), n)
			if err != nil {
				t.Fatal(err)
			}
			if n == name {
				text = []byte(change(string(text)))
			}
			files[n] = &fstest.MapFile{Data: text}
		}
		return files
	}
	procedures := []schemas.Procedure{}
	for _, id := range []schemas.ProcedureID{"rejestracja_pojazdu", "podatek_nieruchomosci"} {
		p, _ := catalog(t).Procedure(id, monday)
		procedures = append(procedures, p)
	}
	with := func(letters fs.FS) func(*reply.Config) { return func(c *reply.Config) { c.Letters = letters } }
	same := func(s string) string { return s }
	if faults := composer(t, with(changed("receipt.txt", same))).Review(procedures, monday); len(faults) > 0 {
		t.Errorf("the letters as they are have faults: %v", faults)
	}
	for name, change := range map[string]func(string) string{
		"the code is left out":         func(s string) string { return strings.ReplaceAll(s, "{{.Code}}", "") },
		"the subject is left out":      func(s string) string { return strings.Replace(s, "Temat: ", "", 1) },
		"a key that no letter has":     func(s string) string { return s + "{{.Sender}}" },
		"officialese":                  func(s string) string { return s + "\nW niniejszej sprawie." },
		"the contact part is left out": func(s string) string { return strings.ReplaceAll(s, `{{- template "foot" .}}`, "") },
	} {
		if faults := composer(t, with(changed("incomplete.txt", change))).Review(procedures, monday); len(faults) == 0 {
			t.Errorf("%s: no fault was found", name)
		}
	}
	codes := codes(t, "a secret for tests only")
	for name, letters := range map[string]fs.FS{
		"a template that is none": changed("receipt.txt", func(s string) string { return s + "{{if}}" }),
		"a template that is gone": fstest.MapFS{"receipt.txt": {Data: []byte("Temat: x")}},
		"no template at all":      fstest.MapFS{},
	} {
		if _, err := reply.New(reply.Config{Office: reply.Kraków(), Procedures: catalog(t), Codes: codes, Letters: letters}); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	if _, err := reply.New(reply.Config{Office: reply.Kraków(), Procedures: catalog(t)}); err == nil {
		t.Error("a composer without a secret was made")
	}
}
