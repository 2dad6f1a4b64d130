package read

import (
	"strings"
	"testing"
)

func TestSplitQuoted(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, own, quoted string }{
		{"nothing quoted", "Dzień dobry,\n\nproszę o odpis.\n\n-- \nJan Nowak", "Dzień dobry,\n\nproszę o odpis.\n\n-- \nJan Nowak", ""},
		{"Thunderbird, Polish", "Przesyłam mapę.\n\nW dniu 10.11.2026 o 10:12, Urząd Miasta pisze:\n> Prosimy o mapę.\n> Kod: 7K4-MAPA\n", "Przesyłam mapę.", "W dniu 10.11.2026 o 10:12, Urząd Miasta pisze:\n> Prosimy o mapę.\n> Kod: 7K4-MAPA"},
		{"Gmail, Polish", "Już wysyłam\n\nwt., 10 lis 2026 o 10:12 Urząd <um@x.example> napisał(a):\n> Prosimy\n", "Już wysyłam", "wt., 10 lis 2026 o 10:12 Urząd <um@x.example> napisał(a):\n> Prosimy"},
		{"Gmail, Polish, broken attribution", "Już wysyłam\n\npon., 9 lis 2026 o 10:12 Urząd Miasta Krakowa <podania@um-krakow.example>\nnapisał(a):\n\n> Prosimy\n", "Już wysyłam", "pon., 9 lis 2026 o 10:12 Urząd Miasta Krakowa <podania@um-krakow.example>\nnapisał(a):\n> Prosimy"},
		{"Gmail, English", "Here it is.\n\nOn Tue, Nov 10, 2026 at 10:12 AM Office <um@x.example> wrote:\n\n> Please send\n>\n> it\n", "Here it is.", "On Tue, Nov 10, 2026 at 10:12 AM Office <um@x.example> wrote:\n> Please send\n>\n> it"},
		{"Gmail, Ukrainian", "Надсилаю.\n\nвт, 10 лист. 2026 р. о 10:12 Уряд <um@x.example> пише:\n> Просимо\n", "Надсилаю.", "вт, 10 лист. 2026 р. о 10:12 Уряд <um@x.example> пише:\n> Просимо"},
		{"Apple, Polish", "OK\n\nWiadomość napisana przez Urząd <um@x.example> w dniu 10.11.2026, o godz. 10:12:\n\n> Prosimy\n", "OK\n\nWiadomość napisana przez Urząd <um@x.example> w dniu 10.11.2026, o godz. 10:12:", "> Prosimy"},
		{"onet and wp", "W załączeniu.\n\nDnia 10 listopada 2026 10:12 Urząd <um@x.example> napisał(a):\n\nProsimy o dokument\nZ poważaniem\n", "W załączeniu.", "Dnia 10 listopada 2026 10:12 Urząd <um@x.example> napisał(a):\n\nProsimy o dokument\nZ poważaniem"},
		{"Outlook, Polish", "Dzień dobry, przesyłam.\n\nOd: Urząd Miasta <um@x.example>\nWysłano: wtorek, 10 listopada 2026 10:12\nDo: Jan <j@x.example>\nTemat: Wezwanie\n\nProsimy o mapę.\n", "Dzień dobry, przesyłam.", "Od: Urząd Miasta <um@x.example>\nWysłano: wtorek, 10 listopada 2026 10:12\nDo: Jan <j@x.example>\nTemat: Wezwanie\n\nProsimy o mapę."},
		{"Outlook, bold labels", "Przesyłam.\n\n*From:* Office <um@x.example>\n*Sent:* Tuesday\n*To:* Jan\n*Subject:* x\n\nold", "Przesyłam.", "*From:* Office <um@x.example>\n*Sent:* Tuesday\n*To:* Jan\n*Subject:* x\n\nold"},
		{"Outlook Express", "Przesyłam.\n\n-----Wiadomość oryginalna-----\nOd: Urząd\n\nProsimy", "Przesyłam.", "-----Wiadomość oryginalna-----\nOd: Urząd\n\nProsimy"},
		{"the answer below the question", "W dniu 10.11.2026 o 10:12, Urząd pisze:\n> Czy to Pana auto?\n\nTak, moje.\n", "Tak, moje.", "W dniu 10.11.2026 o 10:12, Urząd pisze:\n> Czy to Pana auto?"},
		{"answers between the questions", "> Numer?\nKR 9WN41\n> Data?\n7 listopada", "KR 9WN41\n7 listopada", "> Numer?\n> Data?"},
		{"a story is no quotation", "Dnia 3 maja sąsiad napisał:\nże nic nie zrobi.\nŻądam interwencji.", "Dnia 3 maja sąsiad napisał:\nże nic nie zrobi.\nŻądam interwencji.", ""},
		{"a head in a form is no quotation", "Od: 1.12.2026\nDo: 31.12.2026\nTemat: zajęcie pasa\n\nProszę o zgodę.", "Od: 1.12.2026\nDo: 31.12.2026\nTemat: zajęcie pasa\n\nProszę o zgodę.", ""},
		{"greater than in a text", "Powierzchnia > 50 m2", "Powierzchnia > 50 m2", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			own, quoted, _ := SplitQuoted(tt.text)
			if own != tt.own || strings.ReplaceAll(quoted, "\n\n", "\n") != strings.ReplaceAll(tt.quoted, "\n\n", "\n") {
				t.Errorf("own %q\nwant %q\nquoted %q\nwant %q", own, tt.own, quoted, tt.quoted)
			}
		})
	}
}

func TestAForwardedLetterIsTheLetter(t *testing.T) {
	t.Parallel()
	gmail := "Przesyłam\n\n---------- Forwarded message ---------\nOd: Jan Nowak <j@x.example>\nDate: wt., 10 lis 2026\nSubject: Wniosek\nTo: <b@x.example>\n\nWnoszę o odpis aktu."
	own, quoted := letterText(gmail)
	if !strings.Contains(own, "Wnoszę o odpis") || quoted != "" {
		t.Errorf("a cover note over a forwarded letter: own %q, quoted %q", own, quoted)
	}
	long := strings.Repeat("To jest moje własne pismo w sprawie wycinki drzewa. ", 8) + strings.TrimPrefix(gmail, "Przesyłam")
	own, quoted = letterText(long)
	if strings.Contains(own, "Wnoszę o odpis") || !strings.Contains(quoted, "Wnoszę o odpis") {
		t.Errorf("a letter of one's own above a forwarded one: own %q, quoted %q", own, quoted)
	}
	outlook := "Przesyłam\n\nOd: Jan <j@x.example>\nWysłano: wtorek\nDo: b@x.example\nTemat: FW: Wniosek\n\nWnoszę o odpis aktu."
	if own, _ = letterText(outlook); !strings.Contains(own, "Wnoszę o odpis") {
		t.Errorf("Outlook: own %q", own)
	}
	reply := "Przesyłam\n\nOd: Urząd <um@x.example>\nWysłano: wtorek\nDo: b@x.example\nTemat: Wezwanie\n\nProsimy o mapę."
	if own, _ = letterText(reply); own != "Przesyłam" {
		t.Errorf("an answer is no forward: own %q", own)
	}
}

// FuzzSplitQuoted: every line that is not empty lands in exactly one half, in order.
func FuzzSplitQuoted(f *testing.F) {
	for _, s := range []string{
		"tak\n\nW dniu 1.1.2026 o 10:00, X pisze:\n> pytanie\n> dwa\n\ndalej", "Od: a@b.example\nWysłano: dziś\nTemat: x\n\nstare", "---------- Forwarded message ---------\nx",
		"On Tue, X <a@b.example>\nwrote:\n>x", ">>> a\n b\n",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		own, quoted, _ := SplitQuoted(text)
		a, b := filled(own), filled(quoted)
		for _, l := range filled(text) {
			switch {
			case len(a) > 0 && a[0] == l:
				a = a[1:]
			case len(b) > 0 && b[0] == l:
				b = b[1:]
			default:
				t.Fatalf("the line %q of %q is in neither %q nor %q", l, text, own, quoted)
			}
		}
		if len(a)+len(b) > 0 {
			t.Fatalf("lines too many: %q, %q", a, b)
		}
	})
}

// filled returns the lines that are not empty.
func filled(s string) []string {
	var all []string
	for _, l := range strings.Split(s, "\n") {
		if l = strings.TrimSpace(l); l != "" {
			all = append(all, l)
		}
	}
	return all
}
