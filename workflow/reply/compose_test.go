package reply_test

import (
	"cmp"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	_ "time/tzdata" // the tests must not depend on the zone data of the machine

	"okienko/classify"
	"okienko/ingest"
	"okienko/schemas"
	"okienko/validate"
	"okienko/workflow"
	"okienko/workflow/reply"
)

// monday is a working day with no holiday in the two weeks after it.
var monday = time.Date(2026, 11, 23, 13, 5, 0, 0, time.UTC)

var defaultCatalog = sync.OnceValues(schemas.Default)

func catalog(tb testing.TB) schemas.Catalog {
	tb.Helper()
	c, err := defaultCatalog()
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

func composer(tb testing.TB, change ...func(*reply.Config)) *reply.Composer {
	tb.Helper()
	codes, err := reply.NewCodes([]byte("a secret for tests only"))
	if err != nil {
		tb.Fatal(err)
	}
	office := reply.Kraków()
	office.Mailboxes = []string{"kancelaria@um.krakow.example"}
	config := reply.Config{Office: office, Procedures: catalog(tb), Codes: codes}
	for _, c := range change {
		c(&config)
	}
	comp, err := reply.New(config)
	if err != nil {
		tb.Fatal(err)
	}
	return comp
}

// story is a case and its judgement, as small as a test needs them.
type story struct {
	kind      workflow.ReplyKind
	procedure schemas.ProcedureID
	channel   ingest.Channel
	language  string
	name      string // of the sender; "": Anna Przykładowa
	findings  []validate.Finding
}

func (s story) build() (workflow.Case, workflow.Judgement) {
	channel := s.channel
	if channel == "" {
		channel = ingest.Email
	}
	sender := ingest.Party{Name: cmp.Or(s.name, "Anna Przykładowa"), Address: "anna@poczta.example"}
	c := workflow.Case{
		ID: 17, Number: "RPW/17/2026", Sender: sender, RegisteredAt: monday,
		Submission: ingest.Submission{Channel: channel, ReceivedAt: monday, Originals: []ingest.Original{{}}},
	}
	j := workflow.Judgement{
		At: monday, Decision: classify.Decision{Nature: classify.NatureSubmission, Procedure: s.procedure},
		Contents: ingest.Contents{Letter: ingest.Letter{
			From: sender, Subject: "PESEL 90010112345", MessageID: "q1@poczta.example", Language: s.language,
		}},
		Findings: s.findings, Reply: workflow.Reply{Kind: s.kind},
	}
	return c, j
}

var update = flag.Bool("update", false, "write the golden letters anew")

// The letters in testdata are for reading: they are what residents and clerks get.
func TestGoldenLetters(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		story story
	}{
		{"receipt", story{kind: workflow.ReplyReceipt, procedure: "rejestracja_pojazdu", channel: ingest.EPUAP}},
		{"receipt_of_a_letter_nobody_could_place", story{kind: workflow.ReplyReceipt, procedure: schemas.General, channel: ingest.EPUAP, name: "Biuro Rachunkowe Sp. z o.o."}},
		{"incomplete_kpa", story{kind: workflow.ReplyIncomplete, procedure: "rejestracja_pojazdu", channel: ingest.EPUAP,
			findings: missing("podpis", "dowod_wlasnosci")}},
		{"incomplete_ordynacja", story{kind: workflow.ReplyIncomplete, procedure: "podatek_nieruchomosci", channel: ingest.EPUAP, name: "Jan Wzór",
			findings: missing("podpis", "pesel")}},
		{"incomplete_in_english", story{kind: workflow.ReplyIncomplete, procedure: "karta_krakowska", language: "en", name: "John Sample",
			findings: missing("adres")}},
		{"channel_ineffective_in_ukrainian", story{kind: workflow.ReplyChannelIneffective, procedure: "zezwolenie_alkohol", language: "uk", name: "Олена Зразок",
			findings: missing("podpis", "adres_punktu")}},
		{"info_in_person", story{kind: workflow.ReplyInfo, procedure: "dowod_osobisty"}},
		{"info_redirect", story{kind: workflow.ReplyInfo, procedure: "zgloszenie_nabycia_pojazdu"}},
		{"info_proxy_fee", story{kind: workflow.ReplyInfo, procedure: "zameldowanie", channel: ingest.EPUAP,
			findings: []validate.Finding{{Requirement: "oplata_pelnomocnictwo", Outcome: validate.Missing, Consequence: schemas.FeeProxy}}}},
		{"call_kpa", story{kind: workflow.ReplyCall, procedure: "rejestracja_pojazdu", channel: ingest.Scan,
			findings: missing("podpis", "dowod_wlasnosci", "dowod_oplaty")}},
		{"call_ordynacja", story{kind: workflow.ReplyCall, procedure: "podatek_nieruchomosci", channel: ingest.Scan, findings: missing("podpis")}},
		{"forward", story{kind: workflow.ReplyForward, procedure: "pas_drogowy"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := tt.story.compose(t, composer(t))
			got := "Temat: " + l.Subject + "\n\n" + l.Text
			file := filepath.Join("testdata", "letters", tt.name+".txt")
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("the letter changed; see it with git diff after go test -update:\n%s", got)
			}
		})
	}
}

// missing are findings that say so; their consequences are filled in from the procedure.
func missing(ids ...string) []validate.Finding {
	var all []validate.Finding
	for _, id := range ids {
		all = append(all, validate.Finding{Requirement: id, Outcome: validate.Missing})
	}
	return all
}

// resolved is the story with labels and consequences of its findings filled in from the procedure.
func (s story) resolved(tb testing.TB) story {
	tb.Helper()
	p, ok := catalog(tb).Procedure(s.procedure, monday)
	if !ok && s.procedure != "" {
		tb.Fatalf("no procedure %q", s.procedure)
	}
	s.findings = slices.Clone(s.findings)
	for i, f := range s.findings {
		if f.Consequence != "" {
			continue
		}
		if f.Requirement == validate.SignatureRequirement {
			s.findings[i].Label.PL, s.findings[i].Consequence = "Podpis na wniosku", schemas.Art64p2
			continue
		}
		r, ok := p.Requirement(f.Requirement)
		if !ok {
			tb.Fatalf("%s has no requirement %q", s.procedure, f.Requirement)
		}
		s.findings[i].Label, s.findings[i].Consequence = r.Label, r.Consequence
	}
	return s
}

// compose writes the letter of a story; a call or a forwarding as a clerk of the name Ewa Wzór. It must pass the lint.
func (s story) compose(tb testing.TB, c *reply.Composer) workflow.Letter {
	tb.Helper()
	s = s.resolved(tb)
	cs, j := s.build()
	clerk := reply.Clerk{User: "ewa", Name: "Ewa Wzór", Position: "inspektor"}
	var l workflow.Letter
	var err error
	switch s.kind {
	case workflow.ReplyCall:
		l, err = c.DraftCall(cs, j, reply.Call{Clerk: clerk, At: monday})
	case workflow.ReplyForward:
		l, err = c.DraftForward(cs, j, reply.Forward{Clerk: clerk, At: monday, Authority: "Zarząd Dróg Miasta Krakowa",
			Address: "ul. Centralna 53, 31-586 Kraków", Because: "Sprawy pasa drogowego należą do zarządcy drogi (ustawa o drogach publicznych, art. 40)."})
	default:
		l, err = c.Compose(cs, j)
	}
	if err != nil {
		tb.Fatal(err)
	}
	for _, f := range c.Lint(cs, j, l) {
		tb.Error(f)
	}
	return l
}

func TestWhatALetterLists(t *testing.T) {
	t.Parallel()
	finding := func(id string, outcome validate.Outcome, c schemas.Consequence) validate.Finding {
		return validate.Finding{Requirement: id, Label: schemas.Text{PL: "Rzecz " + id}, Outcome: outcome, Consequence: c}
	}
	asked := finding("asked", validate.Missing, schemas.Art64p2)
	for _, tt := range []struct {
		name    string
		finding validate.Finding
		listed  bool
	}{
		{"what is missing and may be asked for", finding("x", validate.Missing, schemas.Art64p2), true},
		{"an address that is missing", finding("x", validate.Missing, schemas.Art64p1), true},
		{"a missing proof", finding("x", validate.Missing, schemas.Proof), true},
		{"a missing fee", finding("x", validate.Missing, schemas.Art261), true},
		{"what a special act asks for", finding("x", validate.Missing, schemas.LexSpecialis), true},
		{"what could not be read", finding("x", validate.Unreadable, schemas.Art64p2), true},
		{"what was found", finding("x", validate.Met, schemas.Art64p2), false},
		{"what nobody could decide", finding("x", validate.Unsure, schemas.Art64p2), false},
		{"what is not required", finding("x", validate.NotRequired, schemas.Art64p2), false},
		{"what is shown at the desk", finding("x", validate.Missing, schemas.ShownAtDesk), false},
		{"what was unreadable but is shown at the desk", finding("x", validate.Unreadable, schemas.ShownAtDesk), false},
		{"contact data", finding("x", validate.Missing, schemas.ContactOnly), false},
		{"the fee for a power of attorney", finding("x", validate.Missing, schemas.FeeProxy), false},
		{"what the office can look up", finding("register", validate.Missing, schemas.Art64p2), false},
		{"something with a consequence nobody knows", finding("x", validate.Missing, "other"), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := composer(t, func(c *reply.Config) { c.Procedures = oneProcedure{} })
			s := story{kind: workflow.ReplyIncomplete, procedure: "p", channel: ingest.EPUAP, findings: []validate.Finding{asked, tt.finding}}
			cs, j := s.build()
			l, err := c.Compose(cs, j)
			if err != nil {
				t.Fatal(err)
			}
			if listed := strings.Contains(l.Text, tt.finding.Label.PL); listed != tt.listed {
				t.Errorf("listed: %v, want %v, in\n%s", listed, tt.listed, l.Text)
			}
			if !strings.Contains(l.Text, asked.Label.PL) {
				t.Errorf("the other thing is gone from\n%s", l.Text)
			}
			s.findings = []validate.Finding{tt.finding}
			cs, j = s.build()
			if _, err := c.Compose(cs, j); (err == nil) != tt.listed {
				t.Errorf("alone: error %v, want a letter: %v", err, tt.listed)
			}
		})
	}
}

// oneProcedure is a catalogue of one, with one thing the office looks up itself.
type oneProcedure struct{}

func (oneProcedure) Procedure(id schemas.ProcedureID, _ time.Time) (schemas.Procedure, bool) {
	return schemas.Procedure{
		ID: "p", Title: schemas.Text{PL: "Sprawa próbna"}, Regime: schemas.KPA, Basis: []string{"ustawa próbna"},
		Attached: []schemas.Requirement{{ID: "register", Register: true}},
	}, id == "p"
}

func TestKindsWithoutALetter(t *testing.T) {
	t.Parallel()
	for _, kind := range []workflow.ReplyKind{workflow.ReplyNone, workflow.ReplyHuman, workflow.ReplyCall, workflow.ReplyForward, ""} {
		cs, j := story{kind: kind, procedure: "rejestracja_pojazdu"}.build()
		if l, err := composer(t).Compose(cs, j); err == nil {
			t.Errorf("kind %q got the letter %q", kind, l.Subject)
		}
	}
}

func TestSubjectsTellNothing(t *testing.T) {
	t.Parallel()
	for _, kind := range []workflow.ReplyKind{workflow.ReplyReceipt, workflow.ReplyChannelIneffective, workflow.ReplyInfo} {
		l := story{kind: kind, procedure: "dodatek_mieszkaniowy"}.compose(t, composer(t))
		if !strings.HasPrefix(l.Subject, "[RPW/17/2026] ") || containsAny(l.Subject, "dodatek", "Dodatek", "90010112345", "Anna", "@") {
			t.Errorf("subject %q", l.Subject)
		}
		if containsAny(l.Text, "90010112345") {
			t.Errorf("the resident's subject is echoed in\n%s", l.Text)
		}
	}
}

func TestLettersBeforeRegistration(t *testing.T) {
	t.Parallel()
	cs, j := story{kind: workflow.ReplyReceipt}.build()
	cs.Number, cs.ID = "", 0
	l, err := composer(t).Compose(cs, j)
	if err != nil {
		t.Fatal(err)
	}
	if containsAny(l.Subject, "[", "]") || containsAny(l.Text, "Numer:", "numer ") {
		t.Errorf("a number that is none shows in %q\n%s", l.Subject, l.Text)
	}
}

func TestAddressAndThread(t *testing.T) {
	t.Parallel()
	c := composer(t)
	s := story{kind: workflow.ReplyReceipt, procedure: "rejestracja_pojazdu"}
	cs, j := s.build()
	j.Contents.Letter.InReplyTo = []string{"<old@x.example>", "bad id", ""}
	first, err := c.Compose(cs, j)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"old@x.example", "q1@poczta.example"}; !slices.Equal(first.InReplyTo, want) {
		t.Errorf("InReplyTo = %q, want %q", first.InReplyTo, want)
	}
	if first.To != "anna@poczta.example" || first.Channel != ingest.Email || !first.Automatic || first.Author != workflow.Machine ||
		first.Status != workflow.LetterDraft || first.Case != 17 || !first.CreatedAt.Equal(monday) || strings.ContainsAny(first.MessageID, "<> ") {
		t.Errorf("letter %+v", first)
	}
	again, _ := c.Compose(cs, j)
	if again.MessageID != first.MessageID {
		t.Error("the same letter got another Message-ID")
	}
	seen := map[string]string{first.MessageID: "the first"}
	for name, change := range map[string]func(*workflow.Case, *workflow.Judgement){
		"another case":   func(c *workflow.Case, _ *workflow.Judgement) { c.ID = 18 },
		"another kind":   func(_ *workflow.Case, j *workflow.Judgement) { j.Reply.Kind = workflow.ReplyInfo },
		"another person": func(c *workflow.Case, _ *workflow.Judgement) { c.Sender.Address = "jan@poczta.example" },
		"another day":    func(_ *workflow.Case, j *workflow.Judgement) { j.At = monday.AddDate(0, 0, 1) },
	} {
		cs, j := s.build()
		change(&cs, &j)
		l, err := c.Compose(cs, j)
		if err != nil {
			t.Fatal(err)
		}
		if other, there := seen[l.MessageID]; there {
			t.Errorf("%s has the Message-ID of %s", name, other)
		}
		seen[l.MessageID] = name
	}
}

func TestWaysThatCount(t *testing.T) {
	t.Parallel()
	accepted := func(truth validate.Truth) func(*reply.Config) {
		return func(c *reply.Config) { c.Policy.EPUAPAccepted = truth }
	}
	with := func(change func(*reply.Office)) func(*reply.Config) {
		return func(c *reply.Config) { change(&c.Office) }
	}
	for _, tt := range []struct {
		name      string
		procedure schemas.ProcedureID
		channel   ingest.Channel
		config    func(*reply.Config)
		has, not  string
	}{
		{"e-Doręczenia with the office's address", "rejestracja_pojazdu", ingest.Email, with(func(o *reply.Office) { o.ADE = "AE:PL-1-2" }), "- e-Doręczenia: AE:PL-1-2", "jest na stronie"},
		{"e-Doręczenia without one", "rejestracja_pojazdu", ingest.Email, with(func(*reply.Office) {}), "adres urzędu jest na stronie https://www.bip.krakow.pl", "AE:"},
		{"ePUAP where the office accepts it", "rejestracja_pojazdu", ingest.EPUAP, accepted(validate.True), "- ePUAP", ""},
		{"ePUAP where the office does not", "rejestracja_pojazdu", ingest.Email, accepted(validate.False), "- pocztą", "- ePUAP"},
		{"ePUAP where nobody decided", "rejestracja_pojazdu", ingest.Email, accepted(validate.Undecided), "- pocztą", "- ePUAP"},
		{"ePUAP by a rule of its own", "informacja_publiczna", ingest.Email, accepted(validate.False), "- ePUAP", ""},
		{"ePUAP accepted for one procedure only", "rejestracja_pojazdu", ingest.Email, func(c *reply.Config) {
			c.Policy.EPUAPByProcedure = map[schemas.ProcedureID]validate.Truth{"rejestracja_pojazdu": validate.True}
		}, "- ePUAP", ""},
		{"ePUAP refused for one procedure only", "rejestracja_pojazdu", ingest.Email, func(c *reply.Config) {
			c.Policy.EPUAPAccepted = validate.True
			c.Policy.EPUAPByProcedure = map[schemas.ProcedureID]validate.Truth{"rejestracja_pojazdu": validate.False}
		}, "- pocztą", "- ePUAP"},
		{"plain mail where it has effect", "informacja_publiczna", ingest.Email, with(func(*reply.Office) {}), "odpowiedzieć na tę wiadomość", ""},
		{"plain mail where it has effect, told on ePUAP", "informacja_publiczna", ingest.EPUAP, with(func(*reply.Office) {}), "e-mailem: kancelaria@um.krakow.example", "odpowiedzieć na tę"},
		{"plain mail where it has none", "rejestracja_pojazdu", ingest.Email, with(func(*reply.Office) {}), "osobiście", "e-mailem"},
		{"a way that counts in part only", "karta_krakowska", ingest.Email, with(func(*reply.Office) {}), "odpowiedzieć", "- e-Doręczenia"},
		{"an urn in use", "rejestracja_pojazdu", ingest.Email, with(func(o *reply.Office) { o.Urns = []string{"os. Zgody 2"} }), "- do urny, z odręcznym podpisem: os. Zgody 2", ""},
		{"no urn in use", "rejestracja_pojazdu", ingest.Email, with(func(*reply.Office) {}), "- pocztą", "- do urny"},
		{"the desk's own house", "rejestracja_pojazdu", ingest.Email, with(func(*reply.Office) {}), "- osobiście: al. Powstania Warszawskiego 10", ""},
		{"another office", "zwrot_nadplaty", ingest.Email, with(func(o *reply.Office) { o.Post, o.Visit, o.Phone = "Rynek 1, 30-001 Gdzieś", "Rynek 1", "99 999 99 99" }), "Rynek 1, 30-001 Gdzieś", "12 616 55 55"},
		{"a letter nobody could place", schemas.General, ingest.Email, with(func(*reply.Office) {}), "- e-Doręczenia", "Sprawa:"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := story{kind: workflow.ReplyInfo, procedure: tt.procedure, channel: tt.channel}.compose(t, composer(t, tt.config))
			if !strings.Contains(l.Text, tt.has) || tt.not != "" && strings.Contains(l.Text, tt.not) {
				t.Errorf("want %q and not %q in\n%s", tt.has, tt.not, l.Text)
			}
		})
	}
}

func TestTheOfficesTermIsTheCasesOwnIfItHasOne(t *testing.T) {
	t.Parallel()
	cs, j := story{kind: workflow.ReplyReceipt, procedure: "rejestracja_pojazdu"}.build()
	for want, due := range map[string]time.Time{
		"środa, 23 grudnia 2026 r. (": {}, "piątek, 15 stycznia 2027 r. (": time.Date(2027, 1, 15, 22, 59, 59, 0, time.UTC),
	} {
		cs.DueAt = due
		if l, err := composer(t).Compose(cs, j); err != nil || !strings.Contains(l.Text, "Przewidywany termin: "+want) {
			t.Errorf("%v, want %q in\n%s", err, want, l.Text)
		}
	}
	j.Decision.Procedure = "deklaracja_odpady" // no term in law
	cs.DueAt = time.Time{}
	if l, err := composer(t).Compose(cs, j); err != nil || strings.Contains(l.Text, "termin:") {
		t.Errorf("%v, a term that is none in\n%s", err, l.Text)
	}
}

func TestAttachmentsOfAReceipt(t *testing.T) {
	t.Parallel()
	cs, j := story{kind: workflow.ReplyReceipt}.build()
	for _, d := range []ingest.Document{{ID: "0"}, {ID: "1", Name: "umowa.pdf"}, {ID: "2", Name: "logo.png", Inline: true}, {ID: "3", Name: "skany.zip"}, {ID: "3.1"}, {ID: "3.2"}} {
		j.Contents.Readings = append(j.Contents.Readings, ingest.Reading{Document: d})
	}
	if l, err := composer(t).Compose(cs, j); err != nil || !strings.Contains(l.Text, "Załączniki: 2\n") {
		t.Errorf("%v, want two in\n%s", err, l.Text)
	}
}

func TestGreetings(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Anna Przykładowa": "Pani Anno,", "anna PRZYKŁADOWA": "Pani Anno,", "Jan Wzór": "Dzień dobry,", "Piotr Wzór-Nowy": "Panie Piotrze,",
		"Anna Maria": "Dzień dobry,", "Anna": "Dzień dobry,", "Nowak Anna": "Dzień dobry,", "Anna Beata Nowa": "Dzień dobry,",
		"Anna Firma": "Dzień dobry,", "Anna Nowak i Syn": "Dzień dobry,", "Anna Nowak (sekretariat)": "Dzień dobry,", "Piotr Marcin": "Dzień dobry,",
		"Kancelaria Anna": "Dzień dobry,", "": "Dzień dobry,", "anna@poczta.example": "Dzień dobry,", "Anna Nowak, radca": "Dzień dobry,",
		"Олена Зразок": "Dzień dobry,", "Paweł Z": "Panie Pawle,", "Zofia Nowa Druga": "Pani Zofio,",
	} {
		cs, j := story{kind: workflow.ReplyReceipt}.build()
		cs.Sender.Name, j.Contents.Letter.From.Name = name, ""
		l, err := composer(t).Compose(cs, j)
		if err != nil || !strings.Contains(l.Text, "\n"+want+"\n") {
			t.Errorf("%q: %v, want %q in\n%s", name, err, want, l.Text)
		}
	}
}

func TestTermsOfACall(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name        string
		procedure   schemas.ProcedureID
		requirement string
		consequence schemas.Consequence
		days        int
		want        string // "": refused
	}{
		{"seven days are usual", "rejestracja_pojazdu", "podpis", schemas.Art64p2, 0, "Termin: 7 dni"},
		{"a clerk may give more", "rejestracja_pojazdu", "podpis", schemas.Art64p2, 14, "Termin: 14 dni"},
		{"never less than seven", "rejestracja_pojazdu", "podpis", schemas.Art64p2, 6, ""},
		{"a fee at most fourteen", "rejestracja_pojazdu", "x", schemas.Art261, 30, "Termin: 14 dni"},
		{"a proof two weeks", "rejestracja_pojazdu", "x", schemas.Proof, 0, "Termin: 14 dni"},
		{"a tax matter always seven", "podatek_nieruchomosci", "podpis", schemas.OP169, 30, "Termin: 7 dni"},
		{"a tax matter always seven, also under the wrong consequence", "podatek_nieruchomosci", "podpis", schemas.Art64p2, 30, "Termin: 7 dni"},
		{"no call for an address", "rejestracja_pojazdu", "adres", schemas.Art64p1, 7, ""},
		{"no call for what is shown at the desk", "rejestracja_pojazdu", "x", schemas.ShownAtDesk, 7, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			findings := []validate.Finding{{Requirement: tt.requirement, Label: schemas.Text{PL: "Rzecz"}, Outcome: validate.Missing, Consequence: tt.consequence}}
			cs, j := story{procedure: tt.procedure, findings: findings}.build()
			l, err := composer(t).DraftCall(cs, j, reply.Call{At: monday, Days: tt.days, Clerk: reply.Clerk{User: "ewa"}})
			switch {
			case (err != nil) != (tt.want == ""):
				t.Errorf("DraftCall = %v, want an error: %v", err, tt.want == "")
			case err == nil && (!strings.Contains(l.Text, tt.want) || l.Automatic || l.Author != "ewa"):
				t.Errorf("want %q, not automatic, by ewa: %v %q in\n%s", tt.want, l.Automatic, l.Author, l.Text)
			}
		})
	}
}

func TestAForwardingNeedsAReason(t *testing.T) {
	t.Parallel()
	cs, j := story{procedure: "pas_drogowy"}.build()
	if l, err := composer(t).DraftForward(cs, j, reply.Forward{At: monday, Authority: "ZDMK"}); err == nil {
		t.Errorf("without a reason there is a letter: %s", l.Text)
	}
}
