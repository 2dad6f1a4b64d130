package main

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"okienko/ingest/epuap/epuaptest"
	"okienko/ingest/epuap/soap"
	"okienko/workflow"
)

// epuapOffice is an office with a box of ePUAP beside its mailbox, configured by file as in production.
type epuapOffice struct {
	*office
	platform *epuaptest.Server
}

func newEPUAPOffice(t *testing.T, database string) *epuapOffice {
	t.Helper()
	platform, err := epuaptest.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { platform.Close() })
	o := &epuapOffice{newOffice(t, database), platform}
	o.change(t, func(all map[string]any) {
		all["epuap"] = []any{o.box(t)}
		all["policy"] = map[string]any{"epuap": "true"}
		all["trust"] = filepath.Dir(o.config)
		all["replies"] = map[string]any{"lease": "3500ms"}
	})
	writeFile(t, filepath.Join(filepath.Dir(o.config), "pieczecie.pem"), platform.Authority.PEM())
	return o
}

// change edits the configuration file.
func (o *office) change(t *testing.T, edit func(map[string]any)) {
	t.Helper()
	text, err := os.ReadFile(o.config)
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]any
	if err := yaml.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	edit(all)
	if text, err = yaml.Marshal(all); err != nil {
		t.Fatal(err)
	}
	writeFile(t, o.config, text)
}

// box is the configuration of the box, with the key in files.
func (o *epuapOffice) box(t *testing.T) map[string]any {
	t.Helper()
	dir := t.TempDir()
	c, err := o.platform.Config("skrytka", dir)
	if err != nil {
		t.Fatal(err)
	}
	key, cert := filepath.Join(dir, "key.pem"), filepath.Join(dir, "cert.pem")
	writeFile(t, key, keyPEM(o.platform.Office))
	writeFile(t, cert, signerPEM(o.platform.Office))
	return map[string]any{
		"name": c.Name, "party": c.Party, "box": c.Box, "pull_url": c.PullURL, "skrytka_url": c.SkrytkaURL, "filerepo_url": c.FileRepoURL,
		"key_file": key, "cert_file": cert, "platform_cert_file": c.PlatformCertFile,
		"timeout": "2s", "connect_timeout": "1s", "retry_min": "20ms", "retry_max": "100ms",
	}
}

func keyPEM(s soap.Signer) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(s.Key.(*rsa.PrivateKey))})
}

func signerPEM(s soap.Signer) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate.Raw})
}

// deliverEPUAP puts a signed application with a big attachment into the queue, which gets an answer.
func (o *epuapOffice) deliverEPUAP(t *testing.T) {
	t.Helper()
	o.deliverTo(t, "", "Wniosek o ustalenie warunków zabudowy")
}

// deliverTo puts a letter of the demo into the queue of a box.
func (o *epuapOffice) deliverTo(t *testing.T, box, title string) {
	t.Helper()
	minister, err := o.platform.Authority.MinisterSeal()
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	for _, l := range demoLetters(o.platform) {
		if l.letter.Title != title {
			continue
		}
		d, err := l.document(minister, at)
		if err != nil {
			t.Fatal(err)
		}
		d.Box = box
		o.platform.Deliver(d)
		return
	}
	t.Fatal("no such letter")
}

// An application through ePUAP, from the queue to the answer in the resident's box.
func TestALetterThroughEPUAPIsAnsweredThere(t *testing.T) {
	for name, database := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newEPUAPOffice(t, database(t))
			o.deliverEPUAP(t)
			o.workOff(t)
			cases, letters := o.cases(t)
			if len(cases) != 1 || len(letters) != 1 || letters[0].Status != workflow.LetterSent || o.platform.Waiting() != 0 {
				t.Fatalf("%d cases, letters %+v, %d waiting", len(cases), letters, o.platform.Waiting())
			}
			if sent := o.platform.Sent(); len(sent) != 1 || sent[0].To != "/jan_demo/domyslna" || len(o.sink.Messages()) != 0 {
				t.Errorf("%d answers through ePUAP, %d by mail; want 1 and 0", len(sent), len(o.sink.Messages()))
			}
			s := o.open(t)
			j, err := s.Judgement(t.Context(), cases[0].ID)
			if err != nil {
				t.Fatal(err)
			}
			if len(j.Signatures) != 1 || !j.Signatures[0].Intact || j.Signatures[0].Kind != "trusted" || j.Signatures[0].Indication != "TOTAL_PASSED" {
				t.Errorf("signatures %+v", j.Signatures)
			}
			var names []string
			for _, r := range j.Contents.Readings {
				names = append(names, r.Document.Name)
			}
			if got := strings.Join(names, " "); got != "Pismo_ogolne.xml mapa_i_opis.zip opis.txt" {
				t.Errorf("documents %s", got)
			}
		})
	}
}

// An office with two boxes: each is taken, and each letter is answered from the address it was sent to.
func TestEachBoxIsAnsweredThroughItself(t *testing.T) {
	for name, database := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newEPUAPOffice(t, database(t))
			o.change(t, func(all map[string]any) {
				second := o.box(t)
				second["name"], second["box"] = "podatki", "podatki"
				all["epuap"] = append(all["epuap"].([]any), second)
			})
			o.deliverEPUAP(t)
			o.deliverTo(t, "podatki", "Zawiadomienie o zbyciu pojazdu")
			o.workOff(t)
			from := map[string]int{}
			for _, sent := range o.platform.Sent() {
				from[sent.ReplyTo]++
			}
			if !maps.Equal(from, map[string]int{"/urzadtest/skrytka": 1, "/urzadtest/podatki": 1}) || o.platform.Waiting() != 0 {
				t.Errorf("answers from %v, %d waiting", from, o.platform.Waiting())
			}
		})
	}
}

// A document marked as a test, beside the same words as a letter: nothing of it mixes with the letter, and nobody answers it.
func TestATestIsKeptApart(t *testing.T) {
	for name, database := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newEPUAPOffice(t, database(t))
			for _, test := range []bool{true, false, true} {
				l := demoLetters(o.platform)[2]
				l.unsigned = true
				d, err := l.document(nil, time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC))
				if err != nil {
					t.Fatal(err)
				}
				d.Test = test
				o.platform.Deliver(d)
			}
			o.workOff(t)
			cases, letters := o.cases(t)
			var got []string
			for _, c := range cases {
				got = append(got, fmt.Sprint(c.Number, " ", c.Route.Desk == workflow.DeskTest, " ", c.Parent, " ", c.DueAt.IsZero()))
			}
			slices.Sort(got)
			if want := []string{"RPW/1/2026 false 0 false", "TEST/1/2026 true 0 true", "TEST/2/2026 true 0 true"}; !slices.Equal(got, want) {
				t.Errorf("number, on the desk of tests, parent, no term: %q, want %q", got, want)
			}
			if len(letters) != 1 || len(o.platform.Sent()) != 1 {
				t.Errorf("%d letters, %d sent; want one of each", len(letters), len(o.platform.Sent()))
			}
		})
	}
}

// patient is how long the connector would wait for a bad server in the test below: longer than the test waits for the mail, so
// that whoever waits for the server fails.
const patient = "3m"

// One source that is down must not delay another, whatever kind of down it is: nobody listens, or somebody does and says nothing.
func TestABoxThatIsDownDelaysNoMail(t *testing.T) {
	t.Parallel()
	hung := "http://" + silentServer(t).String() + "/pull"
	for name, database := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newEPUAPOffice(t, database(t))
			o.platform.Close()
			o.change(t, func(all map[string]any) {
				second := o.box(t)
				second["name"], second["box"], second["pull_url"], second["timeout"] = "milczy", "milczy", hung, patient
				all["epuap"] = append(all["epuap"].([]any), second)
				all["replies"] = map[string]any{"lease": "10m"}
			})
			o.deliver(t, "zbycie-octavia")
			cmd := exec.Command(program(t), "serve", "--config", o.config)
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
			for end := time.Now().Add(time.Minute); len(o.sink.Messages()) == 0; time.Sleep(50 * time.Millisecond) {
				if time.Now().After(end) {
					t.Fatal("the mail was not answered in a minute")
				}
			}
		})
	}
}

// silentServer takes connections and never answers.
func silentServer(t *testing.T) *net.TCPAddr {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		var held []net.Conn
		for {
			c, err := listener.Accept()
			if err != nil {
				for _, c := range held {
					c.Close()
				}
				return
			}
			held = append(held, c)
		}
	}()
	return listener.Addr().(*net.TCPAddr)
}

// And the other way round: a mailbox that is down delays no document of ePUAP.
func TestAMailboxThatIsDownDelaysNoBox(t *testing.T) {
	t.Parallel()
	for name, database := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newEPUAPOffice(t, database(t))
			o.change(t, func(all map[string]any) {
				mailbox := all["imap"].([]any)[0].(map[string]any)
				mailbox["port"], mailbox["connect_timeout"], mailbox["command_timeout"] = silentServer(t).Port, patient, patient
			})
			o.deliverEPUAP(t)
			cmd := exec.Command(program(t), "serve", "--config", o.config)
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
			for end := time.Now().Add(time.Minute); len(o.platform.Sent()) == 0; time.Sleep(50 * time.Millisecond) {
				if time.Now().After(end) {
					t.Fatal("the document was not answered in a minute")
				}
			}
		})
	}
}

func TestConfigCheckTellsWhatTheBoxHolds(t *testing.T) {
	t.Parallel()
	o := newEPUAPOffice(t, databases["SQLite"](t))
	o.deliverEPUAP(t)
	check := func() (string, error) {
		out, err := exec.Command(program(t), "config", "check", "--config", o.config).CombinedOutput()
		return string(out), err
	}
	out, err := check()
	for _, want := range []string{"epuap skrytka: 127.0.0.1:", "1 documents waiting", "TEST system urzędu", "valid until 2044-01-01", "signed by the platform"} {
		if err != nil || !strings.Contains(out, want) {
			t.Fatalf("config check: %v\n%s\nwants %q", err, out, want)
		}
	}
	if o.platform.Waiting() != 1 || o.platform.Confirmed() != 0 {
		t.Error("it took something")
	}
	o.platform.Close()
	if out, err := check(); err == nil || !strings.Contains(out, "epuap skrytka: NOT REACHED") {
		t.Errorf("config check of a box that is down: %v\n%s", err, out)
	}
}

func TestEPUAPConfigurationErrors(t *testing.T) {
	t.Parallel()
	const good = "name: a, party: p, box: b, key_file: k, cert_file: c"
	for _, tt := range []struct{ name, text, want string }{
		{"a good one", "epuap: [{" + good + "}]", ""},
		{"an unknown key", "epuap: [{" + good + ", hash: md5}]", `"hash"`},
		{"no party", "epuap: [{name: a, box: b, key_file: k, cert_file: c}]", "epuap[0]: party"},
		{"a hash nobody knows", "epuap: [{" + good + ", confirm_hash: md5}]", "confirm_hash"},
		{"a key without its certificate", "epuap: [{name: a, party: p, box: b, key_file: k}]", "cert_file"},
		{"two kinds of key", "epuap: [{" + good + ", pkcs12_file: x, password_file: y}]", "pkcs12_file"},
		{"plain http to another machine", "epuap: [{" + good + ", pull_url: 'http://ws.example/pull'}]", "pull_url"},
		{"an address that is none", "epuap: [{" + good + ", address: skrytka}]", "/party/box"},
		{"one queue taken twice", "epuap: [{" + good + "}, {" + strings.Replace(good, "name: a", "name: a2", 1) + "}]", "epuap[1].address"},
		{"two boxes", "epuap: [{" + good + "}, {" + strings.Replace(good, "name: a, party: p, box: b", "name: a2, party: p, box: b2", 1) + "}]", ""},
		{"a name used twice", "epuap: [{" + good + "}, {" + good + "}]", "epuap[1].name"},
		{"a lease shorter than a letter may take", "epuap: [{" + good + "}]\nreplies: {lease: 1m}", "replies.lease"},
	} {
		file := filepath.Join(t.TempDir(), "okienko.yaml")
		writeFile(t, file, []byte(tt.text))
		_, err := loadConfig(file)
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
}
