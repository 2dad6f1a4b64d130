package resident

import (
	"context"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"okienko/ingest"
	"okienko/internal/web"
	"okienko/workflow"
)

// mostLetter is the longest text beside the files, in characters.
const mostLetter = 4000

// errForm is the answer to what no form of ours sends.
var errForm = errors.New("not a form of this page")

// unfit is a supplement the resident has to change; text is what the page says.
type unfit struct{ text string }

func (unfit) Error() string { return "the supplement cannot be taken as it is" }

// sentView thanks for a supplement that is durable and registered.
type sentView struct{ Code, Number, Case string }

// send takes a supplement in. The code comes first in the form and is checked before a byte of any file is read: a stranger
// cannot fill the disk.
func (s *server) send(w http.ResponseWriter, r *http.Request) {
	if !s.Config.Uploads {
		s.nothingHere(w, r)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, s.Config.mostBytes()+mostForm)
	form, err := r.MultipartReader()
	if err != nil {
		s.failed(w, r, errForm)
		return
	}
	code, err := field(form, "code", 100)
	if err != nil {
		s.failed(w, r, err)
		return
	}
	c, err := s.admit(r.Context(), web.Address(r, s.Config.Proxied), code)
	if err != nil {
		s.failed(w, r, err)
		return
	}
	number, text, err := s.takeIn(r.Context(), textsOf(r), form, c)
	var fix unfit
	switch {
	case errors.As(err, &fix):
		err = s.showCase(w, r, http.StatusUnprocessableEntity, c, code, uploadView{Error: fix.text, Text: text})
	case err == nil:
		s.show(w, r, http.StatusOK, "sent", sentView{code, number, c.Number})
	}
	if err != nil {
		s.failed(w, r, err)
	}
}

// takeIn reads the rest of the form, has it registered and returns its number. The text is returned also when it cannot be taken,
// so that it is not lost.
func (s *server) takeIn(ctx context.Context, t *texts, form *multipart.Reader, c workflow.Case) (number, text string, err error) {
	limit := strconv.FormatInt(int64(c.ID), 10)
	if wait := s.sends.Take(limit); wait > 0 {
		return "", "", waitError{wait}
	}
	defer func() {
		if err != nil { // nothing was taken
			s.sends.Give(limit)
		}
	}()
	select {
	case s.uploads <- struct{}{}:
		defer func() { <-s.uploads }()
	case <-ctx.Done():
		return "", "", ctx.Err()
	}
	if text, err = field(form, "text", 4*mostLetter); err != nil {
		return "", "", err
	}
	text = strings.TrimSpace(strings.ToValidUTF8(text, "\uFFFD"))
	files, err := s.spool(form)
	defer files.close()
	switch {
	case errors.Is(err, errTooMany):
		return "", text, unfit{fmt.Sprintf(t.TooMany, s.Config.mostFiles())}
	case err != nil:
		return "", text, err
	case utf8.RuneCountInString(text) > mostLetter:
		return "", text, unfit{fmt.Sprintf(t.TooLong, mostLetter)}
	case len(files) == 0 && text == "":
		return "", text, unfit{t.Nothing}
	case files.empty() != "":
		return "", text, unfit{fmt.Sprintf(t.EmptyFile, files.empty())}
	}
	number, err = s.register(ctx, files, text, c)
	return number, text, err
}

// register makes a supplement a submission of its own. The item is named after what is in it and the case: a second click, or the
// same files sent again, find the first one.
func (s *server) register(ctx context.Context, files spooled, text string, c workflow.Case) (string, error) {
	item := files.item(c.ID, text)
	e := ingest.Envelope{
		Source: Source, Channel: ingest.Page, Item: item, Key: item, KeyOnly: true, ReceivedAt: s.Now(),
		Name: "uzupelnienie.txt", MediaType: "text/plain; charset=utf-8", Body: strings.NewReader(s.letter(files, text, c)),
	}
	for _, f := range files {
		e.Parts = append(e.Parts, ingest.Part{Role: "attachment", Name: f.name, MediaType: f.mediaType, Body: f})
	}
	if err := s.Accept(ctx, e); err != nil {
		return "", err
	}
	return s.Filed.FiledAs(ctx, Source, item)
}

// letter is the body of the submission: what the resident wrote, and the code by which the judgement finds the case.
func (s *server) letter(files spooled, text string, c workflow.Case) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Uzupełnienie przesłane przez stronę urzędu\nKod uzupełnienia: %s\n", s.Codes.Of(c.ID))
	if text != "" {
		fmt.Fprintf(&b, "\n%s\n", text)
	}
	if len(files) > 0 {
		fmt.Fprintf(&b, "\nPliki: %d\n", len(files))
	}
	return b.String()
}
