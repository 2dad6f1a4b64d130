package workflow

import (
	"testing"

	"okienko/classify"
	"okienko/ingest"
	"okienko/schemas"
	"okienko/validate"
)

// noAnswer is a Composer whose guards refuse everybody.
type noAnswer struct{ Composer }

func (noAnswer) MayAnswer(ingest.Submission, ingest.Letter) (bool, string) {
	return false, "adres noreply"
}

func TestReplyFollowsWhatTheLawSaysInOrder(t *testing.T) {
	t.Parallel()
	sure := classify.Decision{Nature: classify.NatureSubmission, Procedure: "karta_krakowska", DecidedBy: classify.ByRule}
	effective := validate.Legal{Effective: validate.True}
	missing := func(c schemas.Consequence) []validate.Finding {
		return []validate.Finding{{Requirement: "x", Outcome: validate.Missing, Consequence: c}}
	}
	cases := []struct {
		name     string
		j        Judgement
		proc     schemas.Procedure
		composer Composer
		want     ReplyKind
	}{
		{name: "a newsletter gets nothing", j: Judgement{Decision: classify.Decision{Nature: classify.NatureNewsletter}}, want: ReplyNone},
		{name: "a sender who must not be answered gets nothing", j: Judgement{Decision: sure, Legal: effective}, composer: noAnswer{}, want: ReplyNone},
		{name: "a second copy gets nothing", j: Judgement{Decision: sure, Legal: effective,
			Link: &Link{Kind: LinkDuplicate, Score: 1, Attached: true}}, want: ReplyNone},
		{name: "a probable duplicate is answered like any letter", j: Judgement{Decision: sure, Legal: effective,
			Link: &Link{Kind: LinkDuplicate, Score: 0.95, Attached: true}}, want: ReplyReceipt},
		{name: "a letter of which only the head is here goes to a person", j: Judgement{Decision: sure, Legal: effective, Findings: missing(schemas.Art64p2),
			Contents: ingest.Contents{Problems: []ingest.Problem{{Code: ingest.ProblemTooLarge}}}}, want: ReplyHuman},
		{name: "an attachment that is too large does not keep the letter from being answered", j: Judgement{Decision: sure, Legal: effective,
			Contents: ingest.Contents{Problems: []ingest.Problem{{Code: ingest.ProblemTooLarge, Document: "1"}}}}, want: ReplyReceipt},
		{name: "an unsure letter goes to a person", j: Judgement{Decision: classify.Decision{Nature: classify.NatureSubmission,
			Procedure: schemas.General, DecidedBy: classify.ByNone}}, want: ReplyHuman},
		{name: "a broken signature goes to a person", j: Judgement{Decision: sure, Legal: effective,
			Signatures: []validate.SignatureReport{{Intact: false}}}, want: ReplyHuman},
		{name: "a question gets the way to do it", j: Judgement{Decision: classify.Decision{Nature: classify.NatureSubmission,
			Procedure: "odpis_aktu", DecidedBy: classify.ByRule, Question: true}, Legal: validate.Legal{Effective: validate.False}}, want: ReplyInfo},
		{name: "a letter that alarms goes to a person", j: Judgement{Decision: classify.Decision{Nature: classify.NatureSubmission,
			Procedure: "odpis_aktu", DecidedBy: classify.ByRule, Alarms: []classify.Reason{{Text: "groźba"}}}, Legal: effective}, want: ReplyHuman},
		{name: "a matter done in person gets the way to do it", j: Judgement{Decision: sure, Legal: validate.Legal{Effective: validate.False, Because: "art. 63"}},
			proc: schemas.Procedure{InPerson: true}, want: ReplyInfo},
		{name: "an ineffective channel is said before anything is called missing", j: Judgement{Decision: sure,
			Legal: validate.Legal{Effective: validate.False, Because: "art. 63"}, Findings: missing(schemas.Art64p2)}, want: ReplyChannelIneffective},
		{name: "an undecided channel goes to a person", j: Judgement{Decision: sure,
			Legal: validate.Legal{Effective: validate.Undecided, Because: "art. 63"}}, want: ReplyHuman},
		{name: "a missing address is looked up by a person first", j: Judgement{Decision: sure, Legal: effective,
			Findings: missing(schemas.Art64p1)}, want: ReplyHuman},
		{name: "a missing paper is asked for", j: Judgement{Decision: sure, Legal: effective,
			Findings: missing(schemas.Civil)}, want: ReplyIncomplete},
		{name: "a missing thing of no known consequence goes to a person", j: Judgement{Decision: sure, Legal: effective,
			Findings: missing("nowy_skutek")}, want: ReplyHuman},
		{name: "what the office looks up itself is never asked for", j: Judgement{Decision: sure, Legal: effective,
			Findings: missing(schemas.Proof)}, proc: schemas.Procedure{Attached: []schemas.Requirement{{ID: "x", Register: true}}}, want: ReplyReceipt},
		{name: "17 zł alone is only information", j: Judgement{Decision: sure, Legal: effective,
			Findings: missing(schemas.FeeProxy)}, want: ReplyInfo},
		{name: "what is shown in person is never asked for", j: Judgement{Decision: sure, Legal: effective,
			Findings: missing(schemas.ShownAtDesk)}, want: ReplyReceipt},
		{name: "what could not be read is not called missing", j: Judgement{Decision: sure, Legal: effective,
			Findings: []validate.Finding{{Outcome: validate.Unreadable, Consequence: schemas.Art64p2}}}, want: ReplyReceipt},
		{name: "a complaint without a name goes to a person", j: Judgement{Decision: sure, Legal: effective,
			Findings: []validate.Finding{{Requirement: "imie_nazwisko", Outcome: validate.Missing, Consequence: schemas.LexSpecialis}}},
			proc: schemas.Procedure{Regime: schemas.Petition}, want: ReplyHuman},
		{name: "a complaint for somebody else without the consent asks for it", j: Judgement{Decision: sure, Legal: effective,
			Findings: []validate.Finding{{Requirement: "zgoda_trzeciego", Outcome: validate.Missing, Consequence: schemas.LexSpecialis}}},
			proc: schemas.Procedure{Regime: schemas.Petition}, want: ReplyIncomplete},
		{name: "a programme that does not take e-mail explains how it is done", j: Judgement{Decision: sure,
			Legal: validate.Legal{Effective: validate.False, Because: "reason"}}, proc: schemas.Procedure{Regime: schemas.Programme}, want: ReplyInfo},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := replyTo(ingest.Submission{}, tc.j, tc.proc, tc.composer)
			if got.Kind != tc.want || got.Because == "" {
				t.Errorf("reply %q because %q, want %q and a reason", got.Kind, got.Because, tc.want)
			}
		})
	}
}

// What its sender marked as a test is on the desk of tests and gets no answer, whatever it says.
func TestATestIsNobodysBusiness(t *testing.T) {
	t.Parallel()
	sure := classify.Decision{Nature: classify.NatureSubmission, Procedure: "karta_krakowska", DecidedBy: classify.ByRule}
	for _, d := range []classify.Decision{sure, {Nature: classify.NatureSubmission, DecidedBy: classify.ByNone}, {Nature: classify.NatureNewsletter}} {
		j := Judgement{Decision: d, Legal: validate.Legal{Effective: validate.True}}
		sub := ingest.Submission{Meta: map[string]string{ingest.MetaTest: "true"}}
		if r, to := replyTo(sub, j, schemas.Procedure{}, nil), routeTo(sub, j, schemas.Procedure{Desk: "KM"}, true); r.Kind != ReplyNone || to.Desk != DeskTest {
			t.Errorf("%s: reply %s, desk %s", d.Nature, r.Kind, to.Desk)
		}
		sub.Meta[ingest.MetaTest] = "false"
		if to := routeTo(sub, j, schemas.Procedure{Desk: "KM"}, true); to.Desk == DeskTest {
			t.Errorf("%s: what is no test is on the desk of tests", d.Nature)
		}
	}
}
