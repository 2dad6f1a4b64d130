package epuap_test

import (
	"archive/zip"
	"bytes"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"okienko/ingest/epuap"
	"okienko/ingest/epuap/epuaptest"
	"okienko/ingest/epuap/soap"
	"okienko/internal/samples"
	"okienko/validate/signature/xmldoc"
)

// TestRequestsAndAnswersAreWhatTheOfficialSchemasSay holds both ends of the conversation against the schemas of the platform:
// ours, and the simulator's, or the tests would only show that we agree with ourselves.
func TestRequestsAndAnswersAreWhatTheOfficialSchemasSay(t *testing.T) {
	t.Parallel()
	schemas := officialSchemas(t)
	if schemas == "" {
		return
	}
	s, o := start(t), &office{}
	unknown := document("bez skrytki zwrotnej")
	unknown.ReplyBox = ""
	s.Deliver(naming("z plikiem", s.Store(big("plik")), "https://epuap.example/?fileId=404"), unknown)
	source, stop := run(t, config(t, s), o)
	emptied(t, s)
	until(t, "the empty queue was asked", func() bool { return source.Status().Up() })
	stop()
	send(t, source.Client(), "/anna_testowa/domyslna")
	s.Set(func(sw *epuaptest.Switches) { sw.NoProof = true })
	send(t, source.Client(), "/anna_testowa/domyslna")
	d := epuap.Delivery{Outgoing: epuap.Outgoing{To: "/anna_testowa/domyslna", Name: "wezwanie.xml", Content: []byte("<ds:Signature />")}, Until: time.Now(), CaseID: "RPW/1/2026", DocumentID: "1@um"}
	if _, err := source.Client().Deliver(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	s.Set(func(sw *epuaptest.Switches) { sw.Fault = 4 })
	if _, err := source.Client().Count(t.Context()); err == nil {
		t.Fatal("no fault")
	}
	names := map[string]int{}
	for _, x := range s.Exchanges() {
		for _, message := range [][]byte{x.Request, x.Answer} {
			for _, e := range elements(t, message) {
				names[e.Local]++
				validate(t, schemas, e)
			}
		}
	}
	for _, want := range []string{
		"ZapytaniePullOczekujace", "OdpowiedzPullOczekujace", "ZapytaniePullPobierz", "OdpowiedzPullPobierz", "ZapytaniePullPotwierdz", "OdpowiedzPullPotwierdz",
		"DownloadFileParam", "DataDocument", "Dokument", "AdresSkrytki", "AdresOdpowiedzi", "IdentyfikatorPodmiotu", "CzyProbne", "DaneDodatkowe", "OdpowiedzSkrytki", "Wyjatek", "WyjatekTyp",
		"TerminDoreczenia", "IdentyfikatorSprawy", "IdentyfikatorDokumentu", "OdpowiedzDoreczyciela",
	} {
		if names[want] == 0 {
			t.Errorf("no %s was seen", want)
		}
	}
	t.Logf("validated %v", names)
}

// The simulator's emergency download too is what the platform's would be, as far as its schema goes.
func TestTheDescriptorIsWhatItsSchemaSays(t *testing.T) {
	t.Parallel()
	schemas := officialSchemas(t)
	if schemas == "" {
		return
	}
	s := start(t)
	s.Deliver(document("jedno"), document("drugie"))
	raw, err := s.EmergencyDownload()
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("Deskryptor.xml")
	if err != nil {
		t.Fatal(err)
	}
	descriptor, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	xmllint(t, filepath.Join(schemas, "EmergencyDownload.xsd"), string(descriptor))
}

// officialSchemas is the directory of the platform's own files; "" if this checkout is without them.
func officialSchemas(t *testing.T) string {
	t.Helper()
	dir := samples.Dir(t)
	if dir == "" {
		return ""
	}
	return filepath.Join(dir, "..", "epuap", "samples", "sejm-epuapbrokerlib")
}

// elements are the parts of an envelope that have a schema: headers of the platform, the body's element, a fault's detail.
func elements(t *testing.T, envelope []byte) []*xmldoc.Node {
	t.Helper()
	if envelope == nil {
		return nil
	}
	doc, err := xmldoc.Parse(envelope, xmldoc.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	var all []*xmldoc.Node
	for _, h := range doc.Element().Child(soap.NS, "Header").Elements() {
		if h.Space == "http://wsdl.epuap.gov.pl/obiekty/" {
			all = append(all, h)
		}
	}
	for _, e := range soap.Body(doc).Elements() {
		if e.Local == "Fault" {
			all = append(all, e.Child("", "detail").Elements()...)
			continue
		}
		all = append(all, e)
	}
	for _, e := range all {
		texts[e] = string(xmldoc.Method{Exclusive: true}.Bytes(doc.Subtree(e)))
	}
	return all
}

// texts holds each element as a document of its own. Only one test uses it.
var texts = map[*xmldoc.Node]string{}

func validate(t *testing.T, dir string, e *xmldoc.Node) {
	t.Helper()
	schema := "obiektypk.xsd"
	if strings.Contains(e.Space, "filerepocore") {
		schema = "filerepocore.xsd"
	}
	xmllint(t, filepath.Join(dir, schema), texts[e])
}

func xmllint(t *testing.T, schema, text string) {
	t.Helper()
	program, err := exec.LookPath("xmllint")
	if err != nil {
		t.Fatal("xmllint is needed: Debian package libxml2-utils")
	}
	cmd := exec.Command(program, "--noout", "--huge", "--nonet", "--schema", schema, "-")
	cmd.Stdin = strings.NewReader(text)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%.2000s\n%.500s", err, out, text)
	}
}
