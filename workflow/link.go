package workflow

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"strings"

	"okienko/ingest"
	"okienko/schemas"
)

// Thresholds of OFFICE.md 3.5: from attachAt a link is made, from proposeAt it is shown to a clerk as a proposal. A wrong link
// shows one resident's papers in another's case, so nothing below attachAt does anything by itself.
const (
	attachAt  = 0.90
	proposeAt = 0.60
)

// link looks for the earlier case a submission belongs to, and files the submission's own keys for later ones. It returns the
// case a submission is attached to; nil: none.
func (p *Pipeline) link(ctx context.Context, tx Tx, c *Case, j *Judgement) (parent *Case, err error) {
	if c.Submission.Test() { // belongs to no case, and none to it
		return nil, nil
	}
	own, sought := p.Keys(*c, *j)
	related, err := tx.Related(ctx, c.ID, sought)
	if err != nil {
		return nil, fmt.Errorf("find related cases: %w", err)
	}
	if err := tx.PutKeys(ctx, c.ID, own); err != nil {
		return nil, err
	}
	if best := BestLink(*c, *j, related); best != nil {
		j.Link = best
		if best.Attached {
			c.Parent = best.Case
			parent = &related[slices.IndexFunc(related, func(r Related) bool { return r.Case.ID == best.Case })].Case
		}
		if err := p.saveLink(ctx, tx, c.ID, *best); err != nil {
			return nil, err
		}
	}
	return parent, p.linkLater(ctx, tx, LaterLinks(*c, *j, p.Composer.Code(c.ID), related))
}

func (p *Pipeline) saveLink(ctx context.Context, tx Tx, id CaseID, l Link) error {
	if err := tx.SaveLink(ctx, id, l); err != nil {
		return err
	}
	return tx.Append(ctx, p.event(id, EventLinked, fmt.Sprintf("%s of case %d, score %.2f, attached %t", l.Kind, l.Case, l.Score, l.Attached)))
}

// LaterLink is the link of a case to an earlier one, found when the earlier one was judged.
type LaterLink struct {
	Later CaseID
	Link
}

// LaterLinks finds the cases that were registered after c and judged before it, and belong to it: workers judge in any order.
// Only what points at c itself counts, its number, its code, its Message-ID, or person and thing; two letters that quote the same
// third one say nothing of each other. Copies are BestLink's: of those the second one judged is the copy.
func LaterLinks(c Case, j Judgement, code string, related []Related) []LaterLink {
	own := map[Key]bool{{KeyNumber, c.Number}: true, {KeyCode, code}: true, {KeyReply, j.Contents.Letter.MessageID}: true}
	c.Sender, c.Procedure = j.Contents.Letter.From, j.Decision.Procedure
	evidence := map[CaseID]*shared{}
	var order []CaseID
	for _, r := range related {
		points := own[r.Key] || r.Key.Kind == KeyPerson || r.Key.Kind == KeyWho || r.Key.Kind == KeyThing || r.Key.Kind == KeyContent
		if r.Case.ID <= c.ID || !points {
			continue
		}
		if evidence[r.Case.ID] == nil {
			evidence[r.Case.ID] = &shared{other: c, sameSender: sameSender(c.Sender, r.Case.Sender)}
			order = append(order, r.Case.ID)
		}
		evidence[r.Case.ID].add(r.Key.Kind)
	}
	slices.Sort(order)
	var links []LaterLink
	for _, id := range order {
		if l := evidence[id].link(); l.Score >= proposeAt && !evidence[id].has(KeyContent) {
			links = append(links, LaterLink{id, l})
		}
	}
	return links
}

// BestLink weighs everything a submission has in common with earlier cases and returns the strongest link worth showing, or
// nil. A case answers or completes only what was registered before it; what was judged too late for that is LaterLinks'. Two copies of one letter may be judged in any order:
// the second one judged is the copy, so that only one is answered.
func BestLink(c Case, j Judgement, related []Related) *Link {
	evidence := map[CaseID]*shared{}
	for _, r := range related {
		if r.Case.ID == c.ID || r.Case.ID > c.ID && r.Key.Kind != KeyContent {
			continue
		}
		if evidence[r.Case.ID] == nil {
			evidence[r.Case.ID] = &shared{
				other: r.Case, sameSender: sameSender(j.Contents.Letter.From, r.Case.Sender), completes: j.Decision.Supplement,
				sameName: c.Submission.Channel != ingest.Email && sameName(j.Contents.Letter.From, r.Case.Sender),
			}
		}
		evidence[r.Case.ID].add(r.Key.Kind)
	}
	var best *Link
	for _, s := range evidence {
		l := s.link()
		if l.Score >= proposeAt && (best == nil || l.Score > best.Score || l.Score == best.Score && l.Case < best.Case) {
			best = &l
		}
	}
	return best
}

// shared is what two submissions have in common.
type shared struct {
	other      Case
	sameSender bool
	sameName   bool // of a letter whose sender's name nobody can simply write into a header: not by e-mail
	completes  bool // the letter says that it completes an earlier one
	kinds      []KeyKind
}

func (s *shared) add(k KeyKind) { s.kinds = append(s.kinds, k) }

func (s *shared) has(k KeyKind) bool {
	for _, have := range s.kinds {
		if have == k {
			return true
		}
	}
	return false
}

// What further evidence adds (OFFICE.md 3.5): the same car, plot or register entry, and words such as "w odpowiedzi na wezwanie".
const (
	forThing = 0.25
	forWords = 0.10
)

// link scores the evidence. A key that anybody could copy (a number, a Message-ID) attaches only if the sender is the same.
func (s *shared) link() Link {
	l := Link{Case: s.other.ID, Kind: LinkSupplement, Procedure: s.other.Procedure}
	switch {
	case s.has(KeyContent):
		// The same words from the same address: one letter that came twice, whatever its Message-ID says.
		l.Kind, l.Score, l.Because = LinkDuplicate, 1, "ten sam nadawca i ta sama treść"
	case s.has(KeyCode):
		l.Score, l.Because = 1, "kod uzupełnienia z naszego pisma"
	case s.has(KeyNumber):
		l.Score, l.Because = s.bySender(0.95, 0.65), "numer sprawy w treści"
		if l.Score < 0.95 && (s.has(KeyWho) || s.sameName) {
			l.Score, l.Because = 0.95, "numer sprawy w treści i ta sama osoba"
		}
	case s.has(KeyOurLetter):
		l.Score, l.Because = s.bySender(0.90, 0.65), "odpowiedź na nasze pismo"
	case s.has(KeyReply):
		l.Score, l.Because = s.bySender(0.90, 0), "ciąg dalszy wcześniejszej wiadomości tego nadawcy"
	case s.has(KeyMessageID):
		// The same Message-ID with other words: a mistake or a trick of a mail program; both stay, a person looks.
		l.Kind, l.Score, l.Because = LinkDuplicate, s.bySender(0.75, 0.60), "ten sam identyfikator wiadomości, inna treść"
	case s.has(KeyPerson) && s.has(KeyThing):
		l.Kind, l.Score, l.Because = LinkDuplicate, 0.95, "ta sama osoba, sprawa i rzecz"
	case s.has(KeyPerson):
		l.Score, l.Because = 0.70, "ta sama osoba i rodzaj sprawy"
		if s.other.Status == StatusWaiting {
			l.Score, l.Because = 0.85, "ta sama osoba i rodzaj sprawy, wezwanie w toku"
		}
	case s.has(KeyWho) && s.other.Status == StatusWaiting:
		l.Score, l.Because = 0.70, "ta sama osoba, wezwanie w toku"
	}
	if l.Kind == LinkDuplicate && s.other.Status == StatusWaiting && l.Score < 1 {
		l.Kind = LinkSupplement
	}
	if l.Kind == LinkSupplement && l.Score >= proposeAt && l.Score < 1 {
		l.Score = s.strengthened(l.Score)
	}
	l.Attached = l.Score >= attachAt
	return l
}

// strengthened adds what speaks for a supplement beside its main evidence. It never makes one as sure as our own code.
func (s *shared) strengthened(score float64) float64 {
	if s.has(KeyThing) {
		score += forThing
	}
	if s.completes {
		score += forWords
	}
	return math.Round(100*min(score, 0.99)) / 100
}

func (s *shared) bySender(same, other float64) float64 {
	if s.sameSender {
		return same
	}
	return other
}

func sameName(a, b ingest.Party) bool {
	return a.Name != "" && strings.EqualFold(strings.TrimSpace(a.Name), strings.TrimSpace(b.Name))
}

func sameSender(a, b ingest.Party) bool {
	return a.Address != "" && strings.EqualFold(a.Address, b.Address)
}

// Keys lists the keys a case is filed under for later submissions, and those under which earlier cases are sought for it.
func (p *Pipeline) Keys(c Case, j Judgement) (own, sought []Key) {
	own = p.ownKeys(c, j)
	return own, slices.Concat(own, ourLetterKeys(j.Contents.Letter))
}

func (p *Pipeline) ownKeys(c Case, j Judgement) []Key {
	letter := j.Contents.Letter
	keys := []Key{{KeyNumber, c.Number}, {KeyCode, p.Composer.Code(c.ID)}}
	if letter.MessageID != "" {
		keys = append(keys, Key{KeyMessageID, letter.MessageID}, Key{KeyReply, letter.MessageID})
	}
	for _, id := range letter.InReplyTo {
		keys = append(keys, Key{KeyReply, id})
	}
	if k, ok := p.contentKey(j.Contents); ok {
		keys = append(keys, k)
	}
	for _, r := range j.Contents.Readings {
		for _, f := range r.Fields {
			keys = append(keys, p.fieldKeys(f, j.Decision.Procedure)...)
		}
	}
	return keys
}

// fieldKeys turns a value found in a submission into keys. Values that say who somebody is are hashed with the office's secret.
func (p *Pipeline) fieldKeys(f ingest.Field, proc schemas.ProcedureID) []Key {
	switch f.Type {
	case ingest.FieldRPW, ingest.FieldCaseNumber:
		return []Key{{KeyNumber, f.Value}}
	case ingest.FieldCode:
		return []Key{{KeyCode, f.Value}}
	case ingest.FieldPESEL:
		if f.Checked == "ok" {
			return []Key{{KeyPerson, p.hash(string(proc), f.Type, f.Value)}, {KeyWho, p.hash(f.Type, f.Value)}}
		}
	case ingest.FieldVIN, ingest.FieldPlate, ingest.FieldLandReg, ingest.FieldParcel:
		return []Key{{KeyThing, p.hash(string(proc), f.Type, f.Value)}}
	}
	return nil
}

// minContent is how many letters a text needs before equal words are no coincidence.
const minContent = 80

// contentKey is the sender with the letter's words and the attachments' bytes, blind to line breaks and case.
func (p *Pipeline) contentKey(c ingest.Contents) (Key, bool) {
	if len(c.Readings) == 0 || c.Letter.From.Address == "" {
		return Key{}, false
	}
	words := strings.Join(strings.Fields(strings.ToLower(c.Readings[0].Text)), " ")
	if len(words) < minContent {
		return Key{}, false
	}
	parts := []string{strings.ToLower(c.Letter.From.Address), words}
	for _, r := range c.Readings[1:] {
		parts = append(parts, string(r.Document.Digest))
	}
	return Key{KeyContent, p.hash(parts...)}, true
}

func (p *Pipeline) hash(parts ...string) string {
	mac := hmac.New(sha256.New, p.Secret)
	for _, s := range parts {
		fmt.Fprintf(mac, "%d:%s", len(s), s)
	}
	return hex.EncodeToString(mac.Sum(nil))
}

// ourLetterKeys asks for the cases whose letters this submission answers.
func ourLetterKeys(l ingest.Letter) []Key {
	var keys []Key
	for _, id := range l.InReplyTo {
		keys = append(keys, Key{KeyOurLetter, id})
	}
	return keys
}

// letterKeys make a letter's answer find its case again.
func letterKeys(l Letter) []Key { return []Key{{KeyOurLetter, l.MessageID}} }
