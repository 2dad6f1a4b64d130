package main

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"okienko/ingest"
	"okienko/ingest/edelivery/edeliverytest"
	"okienko/workflow"
)

// edeliveryOffice is an office with an address of e-Doręczenia beside its mailbox, configured by file as in production.
type edeliveryOffice struct {
	*office
	platform *edeliverytest.Server
}

func newEDeliveryOffice(t *testing.T, database string) *edeliveryOffice {
	t.Helper()
	platform, err := edeliverytest.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { platform.Close() })
	platform.AddResident(edeliverytest.Resident{Address: demoAnna, Name: "Anna Przykładowa"})
	o := &edeliveryOffice{newOffice(t, database), platform}
	o.change(t, func(all map[string]any) {
		all["edelivery"] = []any{o.address(t)}
		all["trust"] = filepath.Dir(o.config)
		all["replies"] = map[string]any{"lease": "13s"}
	})
	writeFile(t, filepath.Join(filepath.Dir(o.config), "pieczecie.pem"), platform.Authority.PEM())
	return o
}

// address is the configuration of the address, with the key in files.
func (o *edeliveryOffice) address(t *testing.T) map[string]any {
	t.Helper()
	dir := t.TempDir()
	c := o.platform.Config("ade", edeliverytest.Address)
	key, cert := filepath.Join(dir, "key.pem"), filepath.Join(dir, "cert.pem")
	writeFile(t, key, pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(c.Key.Signer.(*rsa.PrivateKey))}))
	writeFile(t, cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Key.Certificate.Raw}))
	return map[string]any{
		"name": c.Name, "address": c.Address, "system": c.System, "ua_url": c.UAURL, "se_url": c.SEURL, "token_url": c.TokenURL, "audience": c.Audience,
		"key_file": key, "cert_file": cert, "seal": map[string]any{"key_file": key, "cert_file": cert}, "timeout": "2s", "connect_timeout": "1s", "retry_min": "20ms", "retry_max": "100ms", "track": "100ms",
	}
}

// deliverEDelivery puts a message with an attachment into the mailbox, which gets an answer.
func (o *edeliveryOffice) deliverEDelivery(t *testing.T) {
	t.Helper()
	l := demoMessages(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC))[0]
	if _, err := o.platform.Deliver(l); err != nil {
		t.Fatal(err)
	}
}

// A message through e-Doręczenia, from the mailbox to the proof that its answer was received.
func TestAMessageThroughEDeliveryIsAnsweredThere(t *testing.T) {
	for name, database := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newEDeliveryOffice(t, database(t))
			o.deliverEDelivery(t)
			o.workOff(t)
			cases, letters := o.cases(t)
			if len(cases) != 1 || len(letters) != 1 || letters[0].Status != workflow.LetterSent {
				t.Fatalf("%d cases, letters %+v", len(cases), letters)
			}
			sent := o.platform.Sent()
			if len(sent) != 1 || sent[0].To != demoAnna || sent[0].CaseID != cases[0].Number || len(o.sink.Messages()) != 0 {
				t.Errorf("%+v through e-Doręczenia, %d by mail; want one and none", sent, len(o.sink.Messages()))
			}
			c, err := o.open(t).Case(t.Context(), cases[0].ID)
			if err != nil {
				t.Fatal(err)
			}
			if c.Submission.ReceivedBy != ingest.ByProof || len(c.Submission.Originals) != 5 || c.Sender.Address != demoAnna {
				t.Errorf("submission %+v from %+v", c.Submission, c.Sender)
			}
			o.workOff(t) // a second start takes nothing again, and follows the letter
			if again, _ := o.cases(t); len(again) != 1 {
				t.Errorf("%d cases after a second start", len(again))
			}
		})
	}
}

func TestConfigCheckTellsOfTheAddress(t *testing.T) {
	t.Parallel()
	o := newEDeliveryOffice(t, databases["SQLite"](t))
	o.deliverEDelivery(t)
	check := func() (string, error) {
		out, err := exec.Command(program(t), "config", "check", "--config", o.config).CombinedOutput()
		return string(out), err
	}
	out, err := check()
	for _, want := range []string{"edelivery ade: " + edeliverytest.Address + " at 127.0.0.1:", "1 unread messages", "token for 5m0s", "TEST system urzędu", "valid until 2044-01-01", "letters are sealed by"} {
		if err != nil || !strings.Contains(out, want) {
			t.Fatalf("config check: %v\n%s\nwants %q", err, out, want)
		}
	}
	if o.platform.Calls("read") != 0 {
		t.Error("it opened something")
	}
	o.platform.Close()
	if out, err := check(); err == nil || !strings.Contains(out, "edelivery ade: NOT REACHED") {
		t.Errorf("config check of a platform that is down: %v\n%s", err, out)
	}
}

func TestEDeliveryConfigurationErrors(t *testing.T) {
	t.Parallel()
	const good = "name: a, address: 'AE:PL-12345-67890-URZAD-33', system: S, key_file: k, cert_file: c"
	for _, tt := range []struct{ name, text, want string }{
		{"a good one", "edelivery: [{" + good + "}]", ""},
		{"an unknown key", "edelivery: [{" + good + ", folder: x}]", `"folder"`},
		{"no address", "edelivery: [{name: a, system: S, key_file: k, cert_file: c}]", "edelivery[0]: address"},
		{"a name used twice", "edelivery: [{" + good + "}, {" + good + "}]", "edelivery[1].name"},
		{"a name ePUAP has", "epuap: [{name: a, party: p, box: b, key_file: k, cert_file: c}]\nedelivery: [{" + good + "}]", "edelivery[0].name"},
		{"a seal without its certificate", "edelivery: [{" + good + ", seal: {key_file: k}}]", "edelivery[0].seal"},
		{"looks too far apart", "edelivery: [{" + good + ", track: 48h}]", "edelivery[0].track"},
		{"a lease shorter than a letter may take", "edelivery: [{" + good + "}]\nreplies: {lease: 1m}", "replies.lease"},
	} {
		file := filepath.Join(t.TempDir(), "okienko.yaml")
		writeFile(t, file, []byte(tt.text))
		_, err := loadConfig(file)
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
}
