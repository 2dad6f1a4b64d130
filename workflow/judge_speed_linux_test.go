package workflow_test

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"okienko/classify"
	"okienko/ingest"
	"okienko/schemas"
	"okienko/validate"
	"okienko/workflow"
)

// BenchmarkJudgement is the whole judgement of letters already read: the service, the conditions, the completeness, the channel,
// the reply. Beside the mean it reports the median and the 99th percentile of letters of many lengths, in processor time of the
// thread, which other programs on the machine do not lengthen.
func BenchmarkJudgement(b *testing.B) {
	for _, bench := range []struct {
		name            string
		procedures, all int // further procedures, patterns in them
	}{{"office", 0, 0}, {"rules=10000,procedures=1000", 1000, 10_000}} {
		b.Run(bench.name, func(b *testing.B) { benchmarkJudgement(b, largeOffice(b, bench.procedures, bench.all)) })
	}
}

func benchmarkJudgement(b *testing.B, judge workflow.Judge) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	letters := lettersOfAllSizes()
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		l := letters[i%len(letters)]
		start := processorTime(b)
		j := judge.Judge(l.sub, l.contents, nil)
		judge.Decide(l.sub, &j, nil)
		took = append(took, processorTime(b)-start)
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "µs-p50")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "µs-p99")
}

func processorTime(tb testing.TB) time.Duration {
	tb.Helper()
	var used unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &used); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(used.Nano())
}

// largeOffice is the catalogue with further procedures, each with its share of the patterns.
func largeOffice(tb testing.TB, procedures, patterns int) workflow.Judge {
	tb.Helper()
	catalog, err := schemas.Default()
	if err != nil {
		tb.Fatal(err)
	}
	rules, err := classify.DefaultRules(catalog, time.Now())
	if err != nil {
		tb.Fatal(err)
	}
	for i := range procedures {
		p := classify.Procedure{ID: schemas.ProcedureID(fmt.Sprintf("procedure_%d", i)), Title: "Usługa"}
		for k := range patterns / procedures {
			p.Match.Strong = append(p.Match.Strong, fmt.Sprintf("wniosek* ~ slowo%s*", strings.Repeat("abcdefghij"[k:k+1], i%7+1)+fmt.Sprint(i)))
		}
		rules.Procedures = append(rules.Procedures, p)
	}
	compiled, err := classify.Compile(rules)
	if err != nil {
		tb.Fatal(err)
	}
	examples, err := classify.Examples()
	if err != nil {
		tb.Fatal(err)
	}
	return workflow.Judge{Rules: compiled.WithModel(classify.Train(examples)), Catalog: catalog, Policy: validate.Policy{EPUAPAccepted: validate.True}}
}

type readLetter struct {
	sub      ingest.Submission
	contents ingest.Contents
}

// lettersOfAllSizes are a hundred letters: most are short, ten have some kilobytes and three attachments, two have ten kilobytes
// nobody can place.
func lettersOfAllSizes() []readLetter {
	var letters []readLetter
	for i := range 100 {
		text := "Proszę o rejestrację samochodu Toyota, VIN JTDKB20U093473312, kupionego 2.11.2026. Tablice chcę zostawić. Anna Kos, ul. Długa 5, Kraków."
		switch {
		case i%50 == 7:
			text = strings.Repeat("Szanowni Państwo, w nawiązaniu do rozmowy zwracam się z uprzejmą prośbą o wyjaśnienie sytuacji, która trwa od dawna. ", 90)
		case i%10 == 3:
			text = strings.Repeat(text+" Umowę i dowód rejestracyjny załączam.\n", 20)
		}
		letters = append(letters, letterOf(text, i%10 == 3))
	}
	return letters
}

func letterOf(text string, enclosures bool) readLetter {
	l := readLetter{sub: ingest.Submission{Channel: ingest.Email, ReceivedAt: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)}}
	l.contents.Letter = ingest.Letter{Subject: "prośba", From: ingest.Party{Name: "Anna Kos", Address: "anna@poczta.example"}, Language: "pl"}
	l.contents.Readings = []ingest.Reading{{Document: ingest.Document{ID: "0"}, Text: text}}
	for n := range 3 {
		if enclosures {
			l.contents.Readings = append(l.contents.Readings, ingest.Reading{Document: ingest.Document{ID: fmt.Sprint(n + 1), Name: "umowa.pdf"},
				Text: strings.Repeat("UMOWA KUPNA-SPRZEDAŻY POJAZDU zawarta dnia 2.11.2026 w Krakowie. ", 60), TextFrom: ingest.TextEmbedded})
		}
	}
	return l
}
