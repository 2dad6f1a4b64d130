package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"okienko/validate"
	"okienko/validate/signature"
	"okienko/workflow/report"
)

type signaturesCmd struct {
	JSON    bool     `name:"json" help:"Print JSON, see schemas/report.schema.json for the objects."`
	Content []string `help:"Detached content the signature covers: [NAME=]PATH; may be repeated." sep:"none"`
	Trust   string   `help:"Directory of trusted lists and certificates." type:"existingdir"`
	File    string   `arg:"" help:"File to examine." type:"path"`
}

// signaturesReport is what the command prints for one file.
type signaturesReport struct {
	File       string                     `json:"file"`
	Signatures []validate.SignatureReport `json:"signatures"`
	Problems   []string                   `json:"problems"` // English, what looked like a signature and could not be examined
}

// Run examines the signatures in one file; whatever the verdict, it succeeds when the file could be examined.
func (s *signaturesCmd) Run(out streams) error {
	data, err := os.ReadFile(s.File)
	if err != nil {
		return err
	}
	store, err := loadTrust(s.Trust)
	if err != nil {
		return err
	}
	opt := signature.Options{Trust: store}
	for _, arg := range s.Content {
		name, path := signature.ParseContent(arg)
		body, err := os.ReadFile(path)
		if err != nil {
			return fmt.Errorf("--content: %w", err)
		}
		opt.Content = append(opt.Content, signature.Content{Name: name, Bytes: body})
	}
	r := signature.Report(signature.File{Name: filepath.Base(s.File), Bytes: data}, opt)
	r.File = s.File
	if !s.JSON {
		return r.WriteText(out.out)
	}
	published := signaturesReport{File: r.File, Signatures: []validate.SignatureReport{}, Problems: append([]string{}, r.Problems...)}
	for _, sig := range r.Signatures {
		published.Signatures = append(published.Signatures, report.Signature(sig, nil))
	}
	return json.NewEncoder(out.out).Encode(published)
}
