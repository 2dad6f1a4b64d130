package ade

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"time"
	"unicode/utf8"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"

	"okienko/ingest/edelivery"
	"okienko/workflow"
	"okienko/workflow/deadline"
	"okienko/workflow/seal"
)

// documentName is the file a letter is.
const documentName = "pismo.pdf"

// formal reports whether a letter is one of the office (pismo) and no mere information: KPA art. 14 § 1a wants a qualified
// signature or the office's seal on it, and the proof of e-Doręczenia, which tells who sent it when, is none.
func formal(kind workflow.ReplyKind) bool {
	return kind == workflow.ReplyCall || kind == workflow.ReplyForward || kind == workflow.ReplyLetter
}

// document is the letter as a file: a PDF under the office's seal (PAdES), which every reader shows and checks, and which the
// addressee can hand on with its seal; an XML document of ePUAP would need ePUAP to be read. It is made once and is evidence: a
// second attempt sends the same bytes. nil: the message alone is the letter, a short information of an office that has no seal.
func (c *Carrier) document(ctx context.Context, box Mailbox, l workflow.Letter) ([]byte, error) {
	switch {
	case box.Seal == nil && formal(l.Kind):
		return nil, fmt.Errorf("%w: a formal letter needs the office's seal (KPA art. 14), and the configuration has none for %s", workflow.ErrRefused, box.Client.Address())
	case box.Seal == nil && utf8.RuneCountInString(l.Text) <= edelivery.MaxText:
		return nil, nil
	}
	raw, err := c.kept(ctx, l)
	if err != nil || raw != nil {
		return raw, notSent(err)
	}
	if raw, err = sealed(l, box.Seal, c.Now()); err != nil {
		return nil, notSent(err)
	}
	digest, size, err := c.Evidence.Put(ctx, bytes.NewReader(raw))
	if err != nil {
		return nil, notSent(fmt.Errorf("keeping the document: %w", err))
	}
	p := workflow.Proof{Case: l.Case, Letter: l.ID, At: c.Now().UTC(), Kind: workflow.ProofDocument, ID: l.MessageID, Digest: digest, Bytes: size}
	return raw, notSent(c.Store.Tx(ctx, func(tx workflow.Tx) error { return tx.AddProof(ctx, p) }))
}

func notSent(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w: %w", workflow.ErrNotSent, err)
}

// kept is the document of an earlier attempt; nil if there was none.
func (c *Carrier) kept(ctx context.Context, l workflow.Letter) ([]byte, error) {
	all, err := c.Store.CaseProofs(ctx, l.Case)
	if err != nil {
		return nil, err
	}
	for _, p := range all {
		if p.Letter != l.ID || p.Kind != workflow.ProofDocument {
			continue
		}
		r, err := c.Evidence.Open(ctx, p.Digest)
		if err != nil {
			return nil, fmt.Errorf("the document of an earlier attempt: %w", err)
		}
		defer r.Close()
		return io.ReadAll(r)
	}
	return nil, nil
}

// sealed writes the document and puts the seal on it, where there is one.
func sealed(l workflow.Letter, by *seal.Seal, at time.Time) ([]byte, error) {
	foot := ""
	if by != nil {
		foot = "Pismo opatrzono pieczęcią elektroniczną: " + by.Certificate.Subject.CommonName + ", " + at.In(deadline.Warsaw()).Format("02.01.2006, 15:04") + "."
	}
	raw, err := pdf(l, foot)
	if err != nil || by == nil {
		return raw, err
	}
	return by.PDF(raw, "Pieczęć elektroniczna: "+l.Subject, at)
}

// pdf is the letter on A4 sheets, with a line below its last one.
func pdf(l workflow.Letter, foot string) ([]byte, error) {
	doc := fpdf.New("P", "mm", "A4", "")
	doc.SetLang("pl-PL")
	doc.SetTitle(l.Subject, true)
	doc.SetCreationDate(l.CreatedAt.UTC())
	doc.AddUTF8FontFromBytes("go", "", goregular.TTF)
	doc.AddUTF8FontFromBytes("go", "B", gobold.TTF)
	doc.SetMargins(25, 20, 25)
	doc.SetAutoPageBreak(true, 20)
	doc.SetFooterFunc(func() {
		doc.SetY(-15)
		doc.SetFont("go", "", 9)
		doc.CellFormat(0, 5, fmt.Sprintf("%d", doc.PageNo()), "", 0, "C", false, 0, "")
	})
	doc.AddPage()
	doc.SetFont("go", "B", 12)
	doc.MultiCell(0, 6, l.Subject, "", "L", false)
	doc.SetFont("go", "", 11)
	doc.MultiCell(0, 5.5, "\n"+l.Text+"\n", "", "L", false)
	doc.SetFont("go", "", 9)
	doc.MultiCell(0, 5, "\n"+foot, "", "L", false)
	var b bytes.Buffer
	if err := doc.Output(&b); err != nil {
		return nil, fmt.Errorf("writing the letter as a PDF: %w", err)
	}
	return b.Bytes(), nil
}
