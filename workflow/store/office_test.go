package store_test

import (
	"database/sql"
	"strconv"
	"strings"
	"testing"

	"okienko/workflow"
)

// The office after some years: one case in five minutes, nearly all closed, a twentieth in work, most of them with a term. Every
// case has common words, rare ones, and one nobody else has.

var officeDesks = []string{"KM", "SA", "PD", "GK", "OS", "AB", "DR", "EL", "SP", "KP"}

// fillSQL are the statements that make n cases; {…} is what the databases say differently.
var fillSQL = []string{
	`INSERT INTO submissions (id, source, item_key, body, data) SELECT i, 'poczta', '', CAST(i AS TEXT), 'null' FROM {numbers}`,
	`INSERT INTO cases (id, number, source, channel, received_at, registered_at, stage, status, version, sender_name, sender_address, subject,
		nature, procedure, confidence, decided_by, desk, desk_because, reply, missing, due_at, owner, reason, changed_at)
	SELECT i, 'RPW/' || i || '/2026', 'poczta', CASE WHEN c < 6 THEN 'email' WHEN c < 8 THEN 'scan' WHEN c < 9 THEN 'epuap' ELSE 'edelivery' END,
		{time at}, {time at}, 'done',
		CASE WHEN i <= {n} * 19 / 20 THEN 'closed' WHEN s < 5 THEN 'open' WHEN s < 7 THEN 'waiting' WHEN s < 10 THEN 'accepted' ELSE 'quarantined' END,
		2, 'Jan Nazwisko' || (i % 5000), 'jan' || i || '@example.pl', 'Wniosek o wydanie zaświadczenia w sprawie ' || i, 'submission',
		'usluga_' || p, 0.9, 'rule', substr('` + strings.Join(officeDesks, "") + `', 1 + 2 * CAST(CASE WHEN d > 9 THEN 9 ELSE d END AS INTEGER), 2), 'tak jest w katalogu',
		'receipt', 0, CASE WHEN i % 3 = 0 THEN {never} ELSE {time at + 2592000} END, CASE WHEN o > 30 THEN '' ELSE 'clerk' || o END, '', {time at}
	FROM (SELECT i, 1795000000 - ({n} - i) * 300 AS at, i * 7919 % 1000003 % 10 AS c, i * 104729 % 1000003 % 11 AS s, i * 31337 % 1000003 % 60 AS p,
		i * 6151 % 1000003 % 12 AS d, i * 15485863 % 1000003 % 45 AS o FROM {numbers}) AS x`,
	`{texts}`,
	`{analyze}`,
}

// wordsSQL makes the words of case i: the rarer, the higher the number behind s.
const wordsSQL = `'zaswiadczenie' || CASE WHEN i % 5 < 3 THEN ' wniosek wniosk' ELSE '' END || ' nazwisko' || (i % 5000) || ' ulica' || (i % 800) || ' u' || i || 'x rpw' || i || 'x2026' ||
	(SELECT {join} FROM (SELECT CAST(50000 * u * u * u AS INTEGER) AS w FROM (SELECT (i * 7919 + k * 104729 + i * k) % 100003 / 100003.0 AS u FROM {k}) AS y) AS z)`

var fillDialects = map[string]*strings.Replacer{
	"pgx": strings.NewReplacer("{numbers}", `generate_series(CAST(1 AS BIGINT), {n}) AS g (i)`, "{time at}", `to_timestamp(at)`,
		"{time at + 2592000}", `to_timestamp(at + 2592000)`, "{never}", `CAST('9999-12-31T00:00:00Z' AS TIMESTAMPTZ)`,
		"{texts}", `SET maintenance_work_mem = '256MB'; DROP INDEX case_texts_by_word;
			INSERT INTO case_texts (case_id, content, words) SELECT i, 'Wniosek', CAST(`+wordsSQL+` AS TSVECTOR) FROM {numbers};
			CREATE INDEX case_texts_by_word ON case_texts USING gin (words) WITH (fastupdate = off)`, // one by one takes an hour
		"{analyze}", `VACUUM ANALYZE`, "{join}", `string_agg(' s' || w || 'x', '')`, "{k}", `generate_series(1, {words}) AS k`),
	"sqlite": strings.NewReplacer("{numbers}", `(WITH RECURSIVE g (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM g WHERE i < {n}) SELECT i FROM g)`,
		"{time at}", `strftime('%Y-%m-%dT%H:%M:%S.000000Z', at, 'unixepoch')`, "{time at + 2592000}", `strftime('%Y-%m-%dT%H:%M:%S.000000Z', at + 2592000, 'unixepoch')`,
		"{never}", `'9999-12-31T00:00:00.000000Z'`,
		"{texts}", `INSERT INTO case_words (rowid, words) SELECT i, `+wordsSQL+` FROM {numbers}`,
		"{analyze}", `ANALYZE`, "{join}", `group_concat(' s' || w || 'x', '')`, "{k}", `(WITH RECURSIVE k (k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM k WHERE k < {words}) SELECT k FROM k)`),
}

// fill writes n cases with so many words besides straight into the tables.
func fill(tb testing.TB, url string, n, words int) {
	tb.Helper()
	db, err := sql.Open(driverOf(url), url)
	if err != nil {
		tb.Fatal(err)
	}
	defer db.Close()
	dialect := fillDialects[driverOf(url)]
	numbers := strings.NewReplacer("{n}", strconv.Itoa(n), "{words}", strconv.Itoa(words))
	for _, query := range fillSQL {
		for strings.Contains(query, "{") { // what is put in has more to put in
			query = numbers.Replace(dialect.Replace(query))
		}
		if _, err := db.Exec(query); err != nil {
			tb.Fatalf("%s\n%v", query, err)
		}
	}
}

var working = []workflow.Status{workflow.StatusProcessing, workflow.StatusOpen, workflow.StatusWaiting, workflow.StatusAccepted,
	workflow.StatusQuarantined}

// pages are what clerks look at, by name.
func pages() map[string]workflow.QueueQuery {
	desk, todo, closed := []string{"KM", "KP"}, []workflow.Status{workflow.StatusOpen, workflow.StatusQuarantined}, []workflow.Status{workflow.StatusClosed}
	now := fixedNow()
	list := map[string]workflow.QueueQuery{
		"everything":                      {NotDesk: workflow.DeskTest},
		"everywhere in work":              {Statuses: working, NotDesk: workflow.DeskTest},
		"my desks":                        {Desks: desk, Statuses: todo},
		"my desks, in work":               {Desks: desk, Statuses: working},
		"my desks, closed":                {Desks: desk, Statuses: closed},
		"all desks one by one":            {Desks: officeDesks, Statuses: working},
		"a desk without cases":            {Desks: []string{"XX"}, Statuses: closed},
		"mine":                            {Desks: desk, Owner: "clerk7", Statuses: working},
		"mine, closed":                    {Desks: desk, Owner: "clerk7", Statuses: closed},
		"unclaimed":                       {Desks: desk, Statuses: todo, Owner: workflow.OwnerNobody},
		"unclaimed, closed":               {Statuses: closed, Owner: workflow.OwnerNobody},
		"service":                         {Desks: desk, Service: "usluga_7", Statuses: todo},
		"service, closed":                 {Service: "usluga_7", Statuses: closed},
		"service and channel, closed":     {Service: "usluga_7", Channel: "locker", Statuses: closed},
		"channel":                         {Desks: desk, Channel: "epuap", Statuses: todo},
		"channel, closed":                 {Channel: "edelivery", Statuses: closed},
		"channel without cases":           {Desks: desk, Channel: "locker", Statuses: closed},
		"late":                            {Desks: desk, Statuses: working, DueBefore: now},
		"late, everywhere":                {Statuses: working, DueBefore: now},
		"due this week":                   {Desks: desk, Statuses: working, DueFrom: now, DueBefore: now.AddDate(0, 0, 7)},
		"no term":                         {Desks: desk, Statuses: todo, NoTerm: true},
		"desk, service, channel and mine": {Desks: desk, Service: "usluga_7", Channel: "scan", Owner: "clerk7", Statuses: closed},
		"a number":                        {Text: "RPW/77/2026"},
		"a name":                          {Desks: desk, Text: "nazwisko77"},
		"a name, to do":                   {Desks: desk, Text: "nazwisko77", Statuses: todo},
		"one case's word":                 {Text: "u777x"},
		"a beginning":                     {Desks: desk, Text: "nazwisko12"},
		"a word of every case":            {Desks: desk, Text: "zaświadczenie", Statuses: todo},
		"a word of every case, closed":    {Text: "zaświadczenie", Statuses: closed},
		"a common word":                   {Desks: desk, Text: "wniosku", Statuses: working},
		"common words":                    {Desks: desk, Text: "wniosek zaświadczenie s1x", Statuses: closed},
		"a word of some":                  {Desks: desk, Text: "s200x", Statuses: closed},
		"a word of some, to do":           {Desks: desk, Text: "s200x", Statuses: todo},
		"a common and a rare word":        {Desks: desk, Text: "wniosek nazwisko77"},
		"a word not there":                {Desks: desk, Text: "nigdzie"},
		"a word and every filter":         {Desks: desk, Text: "wniosek", Service: "usluga_7", Channel: "scan", Owner: workflow.OwnerNobody, Statuses: todo},
	}
	for name, q := range list {
		q.Limit = 51
		list[name] = q
	}
	return list
}
