package read

import (
	"context"
	"errors"

	"okienko/ingest/read/ocr"
	"okienko/ingest/sandbox"
)

// The mean confidence of a page's words below which the page may be something else than Polish the right way up.
const (
	doubtful = 0.6  // it may stand on its head; Polish print has 0.8 and more
	strange  = 0.75 // it may be written in another alphabet: Ukrainian read as Polish has 0.6
)

// leastLetters is how many letters a page must have for their confidence to say something.
const leastLetters = 8

// again reads a page otherwise where its words make no sense: in another alphabet, then the other way up.
func (l look) again(ctx context.Context, s *Seen) error {
	mean, letters := s.mean()
	if s.Failed != "" || s.Facts.Blank || letters < leastLetters || mean >= strange {
		return nil
	}
	if err := l.foreign(ctx, s); err != nil {
		return err
	}
	if mean, _ := s.mean(); mean >= doubtful {
		return nil
	}
	return l.turned(ctx, s)
}

// foreign reads a page as Ukrainian and keeps that where it makes more sense.
func (l look) foreign(ctx context.Context, s *Seen) error {
	engine := l.OCR.Cyrillic()
	if engine == nil {
		return nil
	}
	other, err := l.reread(ctx, engine, *s, s.Facts.Turned)
	if err != nil || other == nil {
		return err
	}
	mean, _ := s.mean()
	if m, _ := other.mean(); m > mean+0.1 && cyrillicWords(other.Words) {
		*s = *other
	}
	return nil
}

// cyrillicWords reports whether a fifth of the letters, at least, is Cyrillic.
func cyrillicWords(words []ocr.Word) bool {
	cyrillic, all := 0, 0
	for _, w := range words {
		c, latin := letters(w.Text)
		cyrillic, all = cyrillic+c, all+c+latin
	}
	return cyrillic > 0 && cyrillic*5 >= all
}

// turned reads a page the other way up and keeps what makes more sense. A page whose lines are level for sure can only stand on
// its head; another one can also lie on its side.
func (l look) turned(ctx context.Context, s *Seen) error {
	turns := []int{180}
	if !s.Facts.Certain {
		turns = []int{180, 90, 270}
	}
	best := *s
	mean, letters := s.mean()
	for _, turn := range turns {
		other, err := l.reread(ctx, l.OCR, *s, (s.Facts.Turned+turn)%360)
		if err != nil {
			return err
		}
		if other == nil {
			continue
		}
		if m, n := other.mean(); m > mean+0.1 && n*2 > letters {
			best, mean = *other, m
		}
	}
	was := s.Facts.Turned
	*s = best
	if s.Facts.Turned != was && mean < strange {
		return l.foreign(ctx, s)
	}
	return nil
}

// reread reads a page once more, turned by so many degrees; nil where it cannot be read so.
func (l look) reread(ctx context.Context, engine *ocr.Engine, s Seen, turn int) (*Seen, error) {
	other := Seen{Document: s.Document, Page: s.Page}
	read, err := engine.Read(ctx, 1, func(ctx context.Context, _ int, to *ocr.Canvas) error {
		return l.draw(ctx, &other, PageRequest{Turn: turn}, to)
	})
	var death *sandbox.Death
	if errors.As(err, &death) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	other.Size, other.Words = read[0].Size, read[0].Words
	if other.Failed != "" {
		return nil, nil
	}
	return &other, nil
}
