package read

import (
	"bytes"
	"net/textproto"
	"strconv"
	"strings"

	"okienko/ingest"
)

// mailPart is a leaf of a mail: a text, an attachment, a mail inside. Its content is as it was before transfer decoding.
type mailPart struct {
	header      textproto.MIMEHeader
	raw         []byte
	alternative int  // which multipart/alternative it belongs to, 0 if none
	related     bool // inside multipart/related
	signed      bool // inside multipart/signed
}

// letterPart is a text that belongs to the letter itself.
type letterPart struct {
	text        string
	html        bool
	alternative int
}

// mail reads the body of an e-mail: the letter and its documents. It returns the number of the next document.
func (w *walker) mail(it item) (next int) {
	m, damage := parseMail(it.file.data)
	w.letter = head(m.header)
	next = w.mailParts(it, m, damage, func(n int) string { return strconv.Itoa(n) }, func(own, quoted string) {
		w.letter.Quoted = quoted
	})
	return next
}

// readNestedMail reads a mail that was attached to another: its head becomes part of its text, its attachments are
// documents inside it.
func readNestedMail(w *walker, at int, it item) {
	if w.tooDeep(at, it) {
		return
	}
	m, damage := parseMail(it.file.data)
	h := head(m.header)
	if name := cleanName(h.Subject); w.readings[at].Document.Name == "" && name != "" {
		w.readings[at].Document.Name = name + ".eml"
	}
	w.nestedParts(at, it, m, damage, h)
}

// letterID numbers the documents of a mail: at the top "1", "2", inside a document "2.1".
type letterID func(n int) string

func (w *walker) mailParts(it item, m message, damage string, id letterID, older func(own, quoted string)) (next int) {
	own, others := m.split(w.deep)
	top := it
	top.file = file{}
	at := w.add(top, letterType(own), letterSize(own))
	if damage != "" {
		w.problem(at, ingest.ProblemMalformed, damage)
	}
	if w.avoid[it.id] {
		w.problem(at, ingest.ProblemReaderDied, "the reader crashed or ran into a limit in the text of the letter")
	} else if w.deep {
		w.note(it.id)
		w.guarded(at, func() {
			text, quoted := letterText(joinTexts(own))
			w.setText(at, text)
			older(text, quoted)
		})
	}
	next = 1
	for _, p := range others {
		w.part(p, id(next), it)
		next++
	}
	return next
}

func (w *walker) nestedParts(at int, it item, m message, damage string, h ingest.Letter) {
	own, others := m.split(w.deep)
	if damage != "" {
		w.problem(at, ingest.ProblemMalformed, damage)
	}
	if w.deep {
		w.setText(at, strings.TrimSpace(headText(h)+"\n\n"+joinTexts(own)))
	}
	for i, p := range others {
		w.part(p, it.id+"."+strconv.Itoa(i+1), it)
	}
}

// part makes a document of an attachment. Where another one is looked for it is not even decoded.
func (w *walker) part(p mailPart, id string, parent item) {
	if !w.wants(id) {
		return
	}
	data, whole := decodeTransfer(p.raw, p.header.Get("Content-Transfer-Encoding"))
	media, ps := params(p.header.Get("Content-Type"))
	disposition, _ := params(p.header.Get("Content-Disposition"))
	it := item{
		id: id, original: parent.original, name: cleanName(p.name()), declared: media, charset: ps["charset"],
		inline: disposition != "attachment" && (p.related || p.header.Get("Content-Id") != "" && disposition == "inline"),
		depth:  parent.depth + 1, file: file{data: data},
	}
	if !whole {
		it.problems = append(it.problems, ingest.ProblemMalformed)
	}
	w.document(it)
}

// fileName returns the file name of a part, decoded, from wherever the mailer put it.
func (p mailPart) fileName() string {
	_, disposition := params(p.header.Get("Content-Disposition"))
	_, ctype := params(p.header.Get("Content-Type"))
	for _, n := range []string{disposition["filename"], ctype["name"], ctype["filename"], disposition["name"], ctype["file"]} {
		if n != "" {
			return n
		}
	}
	return ""
}

// name falls back to a description, which a mailer writes for people.
func (p mailPart) name() string {
	if n := p.fileName(); n != "" {
		return n
	}
	if media, _ := params(p.header.Get("Content-Type")); media == "message/rfc822" {
		return "" // its subject says more
	}
	return decodeHeader(p.header.Get("Content-Description"))
}

// split parts the texts of the letter from its attachments. Of the alternatives of one text the best is taken.
func (m message) split(deep bool) (own []letterPart, others []mailPart) {
	for _, p := range m.parts {
		if !p.isLetterText() {
			others = append(others, p)
			continue
		}
		if !deep {
			own = append(own, letterPart{})
			continue
		}
		own = append(own, p.letterPart())
	}
	return bestAlternatives(own), others
}

// isLetterText: text shown as the letter, that is not named like a file and not marked as an attachment.
func (p mailPart) isLetterText() bool {
	media, _ := params(p.header.Get("Content-Type"))
	if media != "text/plain" && media != "text/html" && media != "" && media != "text" && media != "text/enriched" {
		return false
	}
	disposition, ps := params(p.header.Get("Content-Disposition"))
	return disposition != "attachment" && ps["filename"] == "" && (p.fileName() == "" || p.alternative > 0)
}

func (p mailPart) letterPart() letterPart {
	data, _ := decodeTransfer(p.raw, p.header.Get("Content-Transfer-Encoding"))
	media, ps := params(p.header.Get("Content-Type"))
	if media == "text/html" || media != "text/plain" && bytes.HasPrefix(bytes.TrimSpace(bytes.ToLower(data[:min(len(data), 64)])), []byte("<html")) {
		return letterPart{text: htmlToText(data, ps["charset"]), html: true, alternative: p.alternative}
	}
	text := decodeText(data, ps["charset"])
	if strings.EqualFold(ps["format"], "flowed") {
		text = unflow(text, strings.EqualFold(ps["delsp"], "yes"))
	}
	return letterPart{text: text, alternative: p.alternative}
}

// bestAlternatives keeps one text of each multipart/alternative: the plain one, unless it is only a stub beside the HTML.
func bestAlternatives(all []letterPart) []letterPart {
	best := map[int]int{} // alternative -> index in kept
	var kept []letterPart
	for _, p := range all {
		i, seen := best[p.alternative]
		if p.alternative == 0 || !seen {
			best[p.alternative] = len(kept)
			kept = append(kept, p)
			continue
		}
		if saysMore(p.text, kept[i].text, kept[i].html) {
			kept[i] = p
		}
	}
	return kept
}

func saysMore(candidate, current string, currentIsHTML bool) bool {
	c, k := len(strings.Fields(candidate)), len(strings.Fields(current))
	if currentIsHTML {
		return c*2 >= k // a plain text after the HTML, unless much shorter
	}
	return c > 2*k+5 || k < 15 && c >= 3*k
}

func joinTexts(parts []letterPart) string {
	var texts []string
	for _, p := range parts {
		if t := strings.TrimSpace(p.text); t != "" {
			texts = append(texts, strings.TrimRight(p.text, " \n\t"))
		}
	}
	return strings.Join(texts, "\n\n")
}

func letterType(parts []letterPart) string {
	for _, p := range parts {
		if !p.html {
			return "text/plain"
		}
	}
	if len(parts) > 0 {
		return "text/html"
	}
	return "text/plain"
}

func letterSize(parts []letterPart) int64 {
	n := 0
	for _, p := range parts {
		n += len(p.text)
	}
	return int64(n)
}

// unflow joins the soft line breaks of RFC 3676.
func unflow(text string, delSp bool) string {
	var b strings.Builder
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		flowed := strings.HasSuffix(l, " ") && l != "-- " && i+1 < len(lines)
		depth := quoteDepth(l)
		if i > 0 && quoteDepth(lines[i-1]) == depth && strings.HasSuffix(lines[i-1], " ") && lines[i-1] != "-- " {
			l = strings.TrimLeft(l, ">")
			l = strings.TrimPrefix(l, " ")
		} else if depth == 0 {
			l = strings.TrimPrefix(l, " ") // space-stuffing, section 4.4
		}
		flowed = flowed && quoteDepth(lines[i+1]) == depth
		if flowed && delSp {
			l = strings.TrimSuffix(l, " ")
		}
		b.WriteString(l)
		if !flowed && i+1 < len(lines) {
			b.WriteByte('\n')
		}
	}
	return b.String()
}

func quoteDepth(line string) int { return len(line) - len(strings.TrimLeft(line, ">")) }
