package read

import (
	"slices"
	"strings"
	"testing"

	"okienko/ingest"
)

const platformJSON = `{"messageControlData":{"opened":false,"status":"Doręczona"},"messageMetadata":{
"from":{"eDeliveryAddress":"AE:PL-11111-22222-ANNAT-23","contributor":{"firstName":"Anna","lastName":"Przykładowa"}},
"to":[{"eDeliveryAddress":"AE:PL-12345-67890-URZAD-33"}],"subject":"Uzupełnienie do RPW/7/2026","messageId":"m-2","refToMessageId":"m-1",
"threadId":"t-1","caseId":"RPW/7/2026","submissionDate":"2026-11-20T10:15:30+01:00","shippingService":"electronic"},
"textBody":"Dzień dobry, uzupełniam wniosek. Mój PESEL to 80071977207."}`

func throughEDelivery(t *testing.T, doc string, meta map[string]string, parts ...Original) Result {
	t.Helper()
	all := append([]Original{{ingest.Original{Role: "body", Name: "wiadomosc.json", MediaType: messageType, Size: int64(len(doc))}, []byte(doc)}}, parts...)
	sub := ingest.Submission{Channel: ingest.EDelivery, Meta: meta}
	for _, o := range all {
		sub.Originals = append(sub.Originals, o.Meta)
	}
	res, err := newReader(t).Examine(t.Context(), sub, all)
	if err != nil {
		t.Fatal(err)
	}
	checkContents(t, res)
	return res
}

func original(role, name, media, text string) Original {
	return Original{ingest.Original{Role: role, Name: name, MediaType: media, Size: int64(len(text)), Digest: ingest.DigestOf([]byte(text))}, []byte(text)}
}

func TestAMessageIsALetterWithItsAttachments(t *testing.T) {
	t.Parallel()
	res := throughEDelivery(t, platformJSON, nil,
		original("attachment", "umowa.txt", "text/plain", "UMOWA SPRZEDAŻY"), original("evidence", "BP.OX-1.xml", "application/xml", "<Dowod/>"))
	c := res.Contents
	if c.Letter.From != (ingest.Party{Name: "Anna Przykładowa", Address: "AE:PL-11111-22222-ANNAT-23"}) || c.Letter.Subject != "Uzupełnienie do RPW/7/2026" ||
		c.Letter.MessageID != "m-2" || c.Letter.Date.UTC().Hour() != 9 || c.Letter.Language != "pl" {
		t.Errorf("head %+v", c.Letter)
	}
	if !slices.Equal(c.Letter.InReplyTo, []string{"RPW/7/2026", "t-1", "m-1"}) || !slices.Equal(c.Letter.To, []string{"ae:pl-12345-67890-urzad-33"}) {
		t.Errorf("belongs to %v, sent to %v", c.Letter.InReplyTo, c.Letter.To)
	}
	var docs []string
	for _, r := range c.Readings {
		docs = append(docs, r.Document.ID+" "+r.Document.Name)
	}
	if got := strings.Join(docs, ", "); got != "0 wiadomosc.json, 1 umowa.txt, 2 BP.OX-1.xml" {
		t.Errorf("documents %s", got)
	}
	if !strings.HasPrefix(c.Readings[0].Text, "Dzień dobry") || c.Readings[1].Text != "UMOWA SPRZEDAŻY" || c.Readings[1].Document.Inline {
		t.Errorf("readings %+v", c.Readings[:2])
	}
	if proof := c.Readings[2]; !proof.Document.Inline || proof.Text != "" || len(proof.Problems) != 0 {
		t.Errorf("the proof is read as if it were the sender's: %+v", proof)
	}
	if _, ok := res.File("2"); ok {
		t.Error("the proof's bytes would be searched for the sender's signature")
	}
	if len(c.Problems) != 0 || !slices.ContainsFunc(c.Readings[0].Fields, func(f ingest.Field) bool { return f.Type == ingest.FieldPESEL }) {
		t.Errorf("problems %v, fields %v", c.Problems, c.Readings[0].Fields)
	}
}

func TestWhatThePlatformDidNotGiveIsAProblemOfTheLetter(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, doc string
		meta      map[string]string
		ofLetter  int // problems of the submission as a whole
		ofText    int // of its text
	}{
		{"all is there", platformJSON, map[string]string{"pobrane": "a"}, 0, 0},
		{"two attachments are not", platformJSON, map[string]string{"niepobrane": "a b"}, 1, 0},
		{"one is too short", platformJSON, map[string]string{"niepelne": "a"}, 1, 0},
		{"no JSON", "<html/>", nil, 0, 1},
		{"JSON of another kind", "[1,2]", nil, 0, 1},
		{"nothing in it", "{}", nil, 0, 0},
	} {
		c := throughEDelivery(t, tt.doc, tt.meta).Contents
		if len(c.Problems) != tt.ofLetter || len(c.Readings) != 1 || len(c.Readings[0].Problems) != tt.ofText {
			t.Errorf("%s: problems %v and %+v", tt.name, c.Problems, c.Readings)
		}
	}
}
