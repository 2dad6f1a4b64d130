package workflow_test

import (
	"testing"
	"time"

	"okienko/classify"
	"okienko/ingest"
	"okienko/schemas"
	"okienko/validate"
	"okienko/workflow"
)

// BenchmarkJudge is the whole judgement of a letter of everyday length that was already read.
func BenchmarkJudge(b *testing.B) {
	catalog, err := schemas.Default()
	if err != nil {
		b.Fatal(err)
	}
	day := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	rules, err := classify.Default(catalog, day)
	if err != nil {
		b.Fatal(err)
	}
	judge := workflow.Judge{Rules: rules, Catalog: catalog, Policy: validate.Policy{EPUAPAccepted: validate.True}}
	sub := ingest.Submission{Channel: ingest.EPUAP, ReceivedAt: day}
	contents := ingest.Contents{Letter: ingest.Letter{Subject: "Wniosek o rejestrację pojazdu", Language: "pl"}, Readings: []ingest.Reading{
		{Document: ingest.Document{ID: "0"}, TextFrom: ingest.TextEmbedded, Text: `Wnoszę o rejestrację samochodu osobowego Škoda Octavia, VIN 2TKRBBU73TXJFMC9T, nabytego 9 listopada 2026 r. wspólnie z żoną.
Dotychczasowe tablice KR 5AB12 pozostają bez zmian. Załączam umowę sprzedaży, dowód rejestracyjny i potwierdzenie opłaty.
Paweł Sroka, ul. Tuchowska 8, 30-618 Kraków, tel. 600 100 202`},
		{Document: ingest.Document{ID: "1", Name: "umowa sprzedaży.pdf", Bytes: 900}, TextFrom: ingest.TextEmbedded,
			Text: "UMOWA SPRZEDAŻY SAMOCHODU\nSprzedający: Tadeusz Lis\nKupujący: Paweł Sroka i Anna Sroka\nKraków, 9.11.2026"},
	}}
	b.ReportAllocs()
	for b.Loop() {
		j := judge.Judge(sub, contents, nil)
		judge.Decide(sub, &j, nil)
	}
}
