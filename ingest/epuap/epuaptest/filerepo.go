package epuaptest

import (
	"strconv"

	"okienko/ingest/epuap"
	"okienko/ingest/epuap/soap"
	"okienko/validate/signature/xmldoc"
)

const fileRepoNS = "http://wsdl.epuap.gov.pl/filerepocore/"

type storedFile struct {
	content []byte
	given   int
}

// Store puts a big attachment into FileRepo and returns the link a document names it by.
func (s *Server) Store(content []byte) (link string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.nextID++
	id := strconv.Itoa(s.nextID)
	s.files[id] = &storedFile{content: content}
	return "https://epuap.gov.pl/file-download-servlet/DownloadServlet?fileId=" + id
}

// Given tells how often a file was given out.
func (s *Server) Given(link string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.files[epuap.FileID(link)]; f != nil {
		return f.given
	}
	return 0
}

// download gives each file out once.
func (s *Server) download(_, q *xmldoc.Node, sw Switches) (reply, error) {
	if sw.CutFile {
		return reply{}, errCut
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.files[epuap.FileID(q.Child("", "fileId").Text())]
	if f == nil || f.given > 0 || q.Child("", "subject").Text() != Party {
		return reply{fault: &soap.Fault{Code: "Server", Kod: 5, Told: true, Text: "brak pliku"}, detail: `fc:WyjatekTyp xmlns:fc="` + fileRepoNS + `"`}, nil
	}
	f.given++
	return reply{
		body:   `<fc:DataDocument xmlns:fc="` + fileRepoNS + `"><file>` + binaryMark + `</file><filename>plik</filename><mimeType>application/octet-stream</mimeType></fc:DataDocument>`,
		binary: f.content,
	}, nil
}
