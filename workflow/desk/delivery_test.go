package desk

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"okienko/ingest"
	"okienko/workflow"
)

// register answers as BAE would.
type register struct {
	address string
	err     error
	asked   string
}

func (r *register) Address(_ context.Context, pesel, nip string) (string, bool, error) {
	r.asked = pesel + nip
	return r.address, r.address != "", r.err
}

func (r *register) Doubtful(address string) bool { return strings.HasSuffix(address, "-00") }

func TestTheWayOfDeliveryIsThatOfArticle39(t *testing.T) {
	t.Parallel()
	field := func(kind, value, checked string) ingest.Field {
		return ingest.Field{Type: kind, Value: value, Checked: checked}
	}
	for _, tt := range []struct {
		name    string
		channel ingest.Channel
		fields  []ingest.Field
		bae     *register // nil: not connected
		address string
		asked   string
		because string
	}{
		{"a letter through e-Doręczenia", ingest.EDelivery, nil, &register{}, "AE:PL-1", "", deliveryPL.ByCase},
		{"a mail of somebody with an address", ingest.Email, []ingest.Field{field(ingest.FieldPESEL, "80071977207", "ok")}, &register{address: "AE:PL-2"}, "AE:PL-2", "80071977207", deliveryPL.ByRegister},
		{"an address whose check digits disagree", ingest.Email, []ingest.Field{field(ingest.FieldNIP, "5260250274", "ok")}, &register{address: "AE:PL-00"}, "AE:PL-00", "5260250274", deliveryPL.Doubt},
		{"a person before a company", ingest.Scan, []ingest.Field{field(ingest.FieldNIP, "5260250274", "ok"), field(ingest.FieldPESEL, "80071977207", "ok")}, &register{}, "", "80071977207", deliveryPL.NotListed},
		{"nobody in the register", ingest.Email, []ingest.Field{field(ingest.FieldPESEL, "80071977207", "ok")}, &register{}, "", "80071977207", deliveryPL.NotListed},
		{"a register that is silent", ingest.Email, []ingest.Field{field(ingest.FieldPESEL, "80071977207", "ok")}, &register{err: errors.New("down")}, "", "80071977207", deliveryPL.NoAnswer},
		{"two people in one letter", ingest.Email, []ingest.Field{field(ingest.FieldPESEL, "80071977207", "ok"), field(ingest.FieldPESEL, "44051401458", "ok")}, &register{address: "AE:PL-2"}, "", "", deliveryPL.NoNumber},
		{"a number with a wrong digit", ingest.Email, []ingest.Field{field(ingest.FieldPESEL, "80071977200", "bad")}, &register{address: "AE:PL-2"}, "", "", deliveryPL.NoNumber},
		{"no e-Doręczenia here", ingest.Email, []ingest.Field{field(ingest.FieldPESEL, "80071977207", "ok")}, nil, "", "", deliveryPL.NotHere},
	} {
		d := &desk{Deps: Deps{Log: slog.New(slog.DiscardHandler)}}
		if tt.bae != nil {
			d.Addresses = tt.bae
		}
		c := workflow.Case{Submission: ingest.Submission{Channel: tt.channel}, Sender: ingest.Party{Address: "AE:PL-1"}}
		j := workflow.Judgement{Contents: ingest.Contents{Readings: []ingest.Reading{{Fields: tt.fields}}}}
		ways, address := d.ways(t.Context(), &polish, c, j)
		if address != tt.address || len(ways) != 3 || ways[0].Chosen != (address != "") || ways[1].Chosen != (tt.because == deliveryPL.NotListed) || !strings.Contains(ways[0].Because, tt.because) {
			t.Errorf("%s: %q, %+v", tt.name, address, ways)
		}
		if tt.bae != nil && tt.bae.asked != tt.asked {
			t.Errorf("%s: the register was asked about %q, want %q", tt.name, tt.bae.asked, tt.asked)
		}
	}
}

func TestATermRunsFromTheProofAlone(t *testing.T) {
	t.Parallel()
	l := workflow.Letter{ID: 7, Text: "Termin: 7 dni od dnia doręczenia tego wezwania.\nTermin: 14 dni od dnia doręczenia tego wezwania.\nTermin: 7 dni od dnia doręczenia tego wezwania."}
	at := time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC) // a Tuesday
	for _, tt := range []struct {
		name string
		d    workflow.Delivery
		want []string
	}{
		{"of another letter", workflow.Delivery{Letter: 8, DeliveredAt: at}, nil},
		{"an intent", workflow.Delivery{Letter: 7, Way: workflow.ByEDelivery}, nil},
		{"taken over", workflow.Delivery{Letter: 7, Way: workflow.ByEDelivery, Task: "zadanie-1"}, []string{"przyjęła"}},
		{"sent, not delivered", workflow.Delivery{Letter: 7, Status: "Doręczona"}, []string{"termin nie biegnie"}},
		{"delivered", workflow.Delivery{Letter: 7, Status: "Doręczona", DeliveredAt: at}, []string{"Doręczono", "7 dni mija wt. 01.12.2026", "14 dni mija wt. 08.12.2026"}},
		{"by fiction", workflow.Delivery{Letter: 7, DeliveredAt: at, Deemed: true}, []string{"Uznano za doręczone", "7 dni mija wt. 01.12.2026", "14 dni mija wt. 08.12.2026"}},
		{"refused", workflow.Delivery{Letter: 7, Failed: true, Status: "Odrzucona"}, []string{"Odrzucona"}},
	} {
		got := polish.deliveryLines(l, []workflow.Delivery{tt.d})
		if len(got) != len(tt.want) {
			t.Errorf("%s: %q", tt.name, got)
			continue
		}
		for i, want := range tt.want {
			if !strings.Contains(got[i], want) {
				t.Errorf("%s: %q, want %q", tt.name, got[i], want)
			}
		}
	}
}
