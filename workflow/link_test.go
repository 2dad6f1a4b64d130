package workflow

import (
	"testing"

	"okienko/ingest"
)

func TestLinksOnlyWhatTheEvidenceCarries(t *testing.T) {
	t.Parallel()
	anna := ingest.Party{Name: "Anna Wrona", Address: "anna@poczta.example"}
	annaOnPaper := ingest.Party{Name: "ANNA WRONA"}
	other := ingest.Party{Name: "Jan Kruk", Address: "jan@poczta.example"}
	cases := []struct {
		name     string
		sender   ingest.Party
		kinds    []KeyKind
		status   Status
		want     LinkKind // "" for no link
		attached bool
	}{
		{"the same words from the same address are one letter sent twice", anna, []KeyKind{KeyContent, KeyMessageID}, StatusOpen, LinkDuplicate, true},
		{"the same Message-ID with other words is only proposed", anna, []KeyKind{KeyMessageID}, StatusOpen, LinkDuplicate, false},
		{"our code attaches whoever sends it", other, []KeyKind{KeyCode}, StatusOpen, LinkSupplement, true},
		{"a number from the same sender attaches", anna, []KeyKind{KeyNumber}, StatusOpen, LinkSupplement, true},
		{"a number from a stranger is only proposed", other, []KeyKind{KeyNumber}, StatusOpen, LinkSupplement, false},
		{"an answer to our letter from the same sender attaches", anna, []KeyKind{KeyOurLetter}, StatusOpen, LinkSupplement, true},
		{"an answer to our letter from a stranger is only proposed", other, []KeyKind{KeyOurLetter}, StatusOpen, LinkSupplement, false},
		{"a stranger in the same conversation is no link", other, []KeyKind{KeyReply}, StatusOpen, "", false},
		{"a person alone is only proposed", anna, []KeyKind{KeyPerson}, StatusOpen, LinkSupplement, false},
		{"a person with a call under way is only proposed, more strongly", anna, []KeyKind{KeyPerson}, StatusWaiting, LinkSupplement, false},
		{"person and thing over another channel are the same matter", other, []KeyKind{KeyPerson, KeyThing}, StatusOpen, LinkDuplicate, true},
		{"person and thing with a call under way complete it", other, []KeyKind{KeyPerson, KeyThing}, StatusWaiting, LinkSupplement, true},
		{"a thing alone is no link", anna, []KeyKind{KeyThing}, StatusOpen, "", false},
		{"a number on paper with the name of the sender attaches", annaOnPaper, []KeyKind{KeyNumber}, StatusOpen, LinkSupplement, true},
		{"a number from a stranger with the same PESEL attaches", other, []KeyKind{KeyNumber, KeyWho}, StatusOpen, LinkSupplement, true},
		{"a number from a stranger about the same thing attaches", other, []KeyKind{KeyNumber, KeyThing}, StatusOpen, LinkSupplement, true},
		{"a PESEL alone is no link", other, []KeyKind{KeyWho}, StatusOpen, "", false},
		{"a PESEL with a call under way is only proposed", other, []KeyKind{KeyWho}, StatusWaiting, LinkSupplement, false},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			j := Judgement{Contents: ingest.Contents{Letter: ingest.Letter{From: tc.sender}}}
			var related []Related
			for _, k := range tc.kinds {
				related = append(related, Related{Key: Key{Kind: k}, Case: Case{ID: 1, Sender: anna, Status: tc.status}})
			}
			got := BestLink(Case{ID: 2}, j, related)
			if (got == nil) != (tc.want == "") {
				t.Fatalf("link %+v, want kind %q", got, tc.want)
			}
			if got != nil && (got.Kind != tc.want || got.Attached != tc.attached || got.Case != 1) {
				t.Errorf("link %+v, want %s, attached %t", *got, tc.want, tc.attached)
			}
		})
	}
}

func TestWordsOfASupplementStrengthenALink(t *testing.T) {
	t.Parallel()
	related := []Related{{Key{Kind: KeyPerson}, Case{ID: 1, Status: StatusWaiting}}}
	j := Judgement{}
	if l := BestLink(Case{ID: 2}, j, related); l == nil || l.Attached {
		t.Errorf("the person alone: %+v", l)
	}
	j.Decision.Supplement = true
	if l := BestLink(Case{ID: 2}, j, related); l == nil || !l.Attached || l.Score >= 1 {
		t.Errorf("the person, and words that answer a call: %+v", l)
	}
}

func TestANameInAMailHeaderProvesNothing(t *testing.T) {
	t.Parallel()
	c := Case{ID: 2, Submission: ingest.Submission{Channel: ingest.Email}}
	j := Judgement{Contents: ingest.Contents{Letter: ingest.Letter{From: ingest.Party{Name: "Anna Wrona", Address: "x@obcy.example"}}}}
	l := BestLink(c, j, []Related{{Key{Kind: KeyNumber}, Case{ID: 1, Sender: ingest.Party{Name: "Anna Wrona", Address: "anna@poczta.example"}}}})
	if l == nil || l.Attached {
		t.Errorf("linked by a name anybody can write: %+v", l)
	}
}

func TestNeverLinksToALaterCase(t *testing.T) {
	t.Parallel()
	related := []Related{{Key: Key{Kind: KeyCode}, Case: Case{ID: 9}}}
	if l := BestLink(Case{ID: 5}, Judgement{}, related); l != nil {
		t.Errorf("linked to a case registered later: %+v", *l)
	}
}

func TestACaseJudgedBeforeItsOriginalIsLinkedByTheOriginal(t *testing.T) {
	t.Parallel()
	anna := ingest.Party{Address: "anna@poczta.example"}
	other := ingest.Party{Address: "jan@poczta.example"}
	c := Case{ID: 5, Number: "RPW/5/2026"}
	j := Judgement{Contents: ingest.Contents{Letter: ingest.Letter{From: anna, MessageID: "first@poczta.example"}}}
	cases := []struct {
		name     string
		id       CaseID
		sender   ingest.Party
		keys     []Key
		want     LinkKind // "" for no link
		attached bool
	}{
		{"by the number, from the same sender", 9, anna, []Key{{KeyNumber, "RPW/5/2026"}}, LinkSupplement, true},
		{"by the number, from a stranger, only as a proposal", 9, other, []Key{{KeyNumber, "RPW/5/2026"}}, LinkSupplement, false},
		{"by the code, from anybody", 9, other, []Key{{KeyCode, "7K4-MAPA"}}, LinkSupplement, true},
		{"as an answer to the original's mail", 9, anna, []Key{{KeyReply, "first@poczta.example"}}, LinkSupplement, true},
		{"by person and thing", 9, other, []Key{{KeyPerson, "p"}, {KeyThing, "t"}}, LinkDuplicate, true},
		{"not because both quote the number of a third", 9, anna, []Key{{KeyNumber, "RPW/1/2026"}}, "", false},
		{"not because both answer a third", 9, anna, []Key{{KeyReply, "third@poczta.example"}}, "", false},
		{"not if it is a copy: then this one is", 9, anna, []Key{{KeyContent, "x"}, {KeyPerson, "p"}, {KeyThing, "t"}}, "", false},
		{"not if it was registered before", 4, anna, []Key{{KeyCode, "7K4-MAPA"}}, "", false},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var related []Related
			for _, k := range tc.keys {
				related = append(related, Related{Key: k, Case: Case{ID: tc.id, Sender: tc.sender}})
			}
			got := LaterLinks(c, j, "7K4-MAPA", related)
			if (len(got) == 1) != (tc.want != "") || len(got) > 1 {
				t.Fatalf("links %+v, want kind %q", got, tc.want)
			}
			if len(got) == 1 && (got[0].Later != tc.id || got[0].Case != c.ID || got[0].Kind != tc.want || got[0].Attached != tc.attached) {
				t.Errorf("link %+v, want %s of 5, attached %t", got[0], tc.want, tc.attached)
			}
		})
	}
}

func TestOfTwoCopiesTheSecondOneJudgedIsTheCopy(t *testing.T) {
	t.Parallel()
	related := []Related{{Key: Key{Kind: KeyContent}, Case: Case{ID: 9}}}
	if l := BestLink(Case{ID: 5}, Judgement{}, related); l == nil || l.Kind != LinkDuplicate || l.Score != 1 {
		t.Errorf("got %+v, want a duplicate: else both copies are answered", l)
	}
}

func TestTakesTheStrongestLinkAndTheEarliestOfEquals(t *testing.T) {
	t.Parallel()
	related := []Related{
		{Key: Key{Kind: KeyPerson}, Case: Case{ID: 1}},
		{Key: Key{Kind: KeyCode}, Case: Case{ID: 3}},
		{Key: Key{Kind: KeyCode}, Case: Case{ID: 2}},
	}
	if l := BestLink(Case{ID: 5}, Judgement{}, related); l == nil || l.Case != 2 {
		t.Errorf("got %+v, want the link to case 2", l)
	}
}

func TestContentKeyIsBlindToLayoutButNotToWordsSenderOrAttachments(t *testing.T) {
	t.Parallel()
	p := &Pipeline{Secret: []byte("0123456789abcdef")}
	text := "Zawiadamiam, że w dniu 31 października 2026 r. sprzedałam samochód Opel Astra, nr rejestracyjny KR 9WN41."
	letter := func(from, text string, digest ingest.Digest) ingest.Contents {
		return ingest.Contents{Letter: ingest.Letter{From: ingest.Party{Address: from}}, Readings: []ingest.Reading{
			{Text: text}, {Document: ingest.Document{Digest: digest}}}}
	}
	base, ok := p.contentKey(letter("anna@poczta.example", text, "aa"))
	if !ok {
		t.Fatal("a letter of a sentence has no key")
	}
	for name, tc := range map[string]struct {
		contents ingest.Contents
		same     bool
	}{
		"other line breaks and capitals of the address": {letter("Anna@poczta.example", " "+text+"\r\n", "aa"), true},
		"other words":      {letter("anna@poczta.example", text+" Proszę o potwierdzenie.", "aa"), false},
		"other sender":     {letter("jan@poczta.example", text, "aa"), false},
		"other attachment": {letter("anna@poczta.example", text, "bb"), false},
	} {
		if got, _ := p.contentKey(tc.contents); (got == base) != tc.same {
			t.Errorf("%s: same key %t, want %t", name, got == base, tc.same)
		}
	}
	if _, ok := p.contentKey(letter("anna@poczta.example", "Dzień dobry", "aa")); ok {
		t.Error("a greeting alone makes two letters the same")
	}
}
