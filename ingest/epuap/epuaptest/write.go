package epuaptest

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"

	"okienko/ingest/epuap/soap"
)

// binaryMark stands in a body where its binary content belongs: as base64, or as an MTOM part.
const binaryMark = "@BINARY@"

// write signs an answer and sends it the way the switches say. The signature is over the form with base64 in its place, as
// XOP asks (XML-binary Optimized Packaging, section 2).
func (s *Server) write(w http.ResponseWriter, request []byte, a reply, sw Switches) {
	code := http.StatusOK
	body := strings.Replace(a.body, binaryMark, base64.StdEncoding.EncodeToString(a.binary), 1)
	if a.fault != nil {
		body = faultXML(a)
		if !sw.FaultWith200 {
			code = http.StatusInternalServerError
		}
	}
	if strings.Contains(a.body, "DataDocument") {
		sw.Unsigned = sw.Unsigned || sw.UnsignedFile
	}
	envelope, err := s.sign(body, sw)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	s.record(request, envelope)
	media := "text/xml; charset=utf-8"
	if sw.MTOM && a.binary != nil {
		media = `multipart/related; type="application/xop+xml"; start="<root@epuap>"; start-info="text/xml"; boundary="MIME_granica"`
		envelope = mtom(envelope, a.binary)
	} else if sw.UTF8Mark {
		envelope = append([]byte("\xEF\xBB\xBF"), envelope...)
	}
	w.Header().Set("Content-Type", media)
	w.WriteHeader(code)
	if a.body != "" && sw.CutInFile && strings.Contains(a.body, "DataDocument") {
		_, _ = w.Write(envelope[:len(envelope)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	_, _ = w.Write(envelope) // a client that is gone gets nothing
}

func (s *Server) sign(body string, sw Switches) ([]byte, error) {
	signer := s.Platform
	switch {
	case sw.Unsigned:
		return []byte(`<soapenv:Envelope xmlns:soapenv="` + soap.NS + `"><soapenv:Body>` + body + `</soapenv:Body></soapenv:Envelope>`), nil
	case sw.Impostor:
		signer = s.Office
	}
	envelope, err := signer.Envelope(soap.Message{Body: body})
	if sw.ChangedLater {
		envelope = bytes.Replace(envelope, []byte("<komunikat>"), []byte("<komunikat>zmiana "), 1)
	}
	return envelope, err
}

func mtom(envelope, binary []byte) []byte {
	text := base64.StdEncoding.EncodeToString(binary)
	root := bytes.Replace(envelope, []byte(text), []byte(`<xop:Include xmlns:xop="http://www.w3.org/2004/08/xop/include" href="cid:dokument%40epuap"/>`), 1)
	var b bytes.Buffer
	fmt.Fprintf(&b, "--MIME_granica\r\nContent-Type: application/xop+xml; charset=UTF-8; type=\"text/xml\"\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <root@epuap>\r\n\r\n%s\r\n", root)
	fmt.Fprintf(&b, "--MIME_granica\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <dokument@epuap>\r\n\r\n%s\r\n--MIME_granica--\r\n", binary)
	return b.Bytes()
}

func faultXML(a reply) string {
	detail := ""
	if a.detail != "" {
		name, _, _ := strings.Cut(a.detail, " ")
		detail = fmt.Sprintf(`<detail><%s><kod>%d</kod><komunikat>%s</komunikat></%s></detail>`, a.detail, a.fault.Kod, soap.Escape(a.fault.Text), name)
	}
	code := a.fault.Code
	if !strings.Contains(code, ":") {
		code = "soapenv:" + code
	}
	wsse := `xmlns:wsse="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"`
	return `<soapenv:Fault ` + wsse + `><faultcode>` + code + `</faultcode><faultstring>` + soap.Escape(a.fault.Text) + `</faultstring>` + detail + `</soapenv:Fault>`
}
