package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"okienko/workflow/rulebook"
	"okienko/workflow/store"
)

// readBook reads a rule book from a ZIP file, or from a directory laid out as the repository is.
func readBook(path string) (rulebook.Book, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return bookDir(path)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	b, err := rulebook.ReadZip(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return b, nil
}

func bookDir(dir string) (rulebook.Book, error) {
	b := rulebook.Book{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if name = filepath.ToSlash(name); err != nil || !rulebook.Allowed(name) {
			return err // the repository has much else
		}
		b[name], err = os.ReadFile(path)
		return err
	})
	if err == nil && len(b.Procedures()) == 0 {
		err = fmt.Errorf("%s: there is no schemas/procedures/*.yaml in it", dir)
	}
	return b, err
}

type rulesExportCmd struct {
	Config  string `default:"okienko.yaml" help:"Configuration file." type:"path"`
	Version int64  `default:"-1" help:"Number of the version; 0 is the one built in; default: the one in force."`
	Out     string `required:"" help:"ZIP file to write; it must not exist." type:"path"`
}

// Run writes a version of the rule book into a ZIP file, as the files the repository holds.
func (r *rulesExportCmd) Run(ctx context.Context, out streams) error {
	cfg, s, err := openDatabase(ctx, r.Config)
	if err != nil {
		return err
	}
	defer s.Close()
	n := r.Version
	if n < 0 {
		if n, err = s.InForce(ctx, time.Now()); err != nil {
			return err
		}
	}
	b, err := bookOf(ctx, cfg, s, n)
	if err != nil {
		return err
	}
	data, err := b.Zip()
	if err != nil {
		return err
	}
	f, err := os.OpenFile(r.Out, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	fmt.Fprintf(out.out, "version %d, %d files: %s\n", n, len(b), r.Out)
	return nil
}

func bookOf(ctx context.Context, cfg config, s *store.Store, n int64) (rulebook.Book, error) {
	if n == 0 {
		return bookOffice(cfg, make([]byte, secretSize)).BuiltIn()
	}
	v, err := s.Version(ctx, n)
	return v.Book, err
}

type rulesImportCmd struct {
	File   string `arg:"" help:"ZIP file, or a directory laid out as the repository is." type:"path"`
	Config string `default:"okienko.yaml" help:"Configuration file." type:"path"`
	Title  string `required:"" help:"What the draft changes, in words."`
	By     string `required:"" help:"Name of the user whose draft it is; another one publishes it."`
}

// Run makes a draft of a rule book. It judges nothing until it was replayed and published at the desk.
func (r *rulesImportCmd) Run(ctx context.Context, out streams) error {
	b, err := readBook(r.File)
	if err != nil {
		return err
	}
	cfg, s, err := openDatabase(ctx, r.Config)
	if err != nil {
		return err
	}
	defer s.Close()
	if _, err := s.User(ctx, r.By); err != nil {
		return fmt.Errorf("--by %s: %w", r.By, err)
	}
	if _, complaints := bookOffice(cfg, make([]byte, secretSize)).Check(b, time.Now()); len(complaints) > 0 {
		return fmt.Errorf("%s: %w", r.File, rulebook.ErrorOf(complaints))
	}
	list, err := s.Versions(ctx)
	if err != nil {
		return err
	}
	d := rulebook.Draft{Title: r.Title, Book: b}
	if len(list) > 0 {
		d.Base = list[0].Number
	}
	if err := s.SaveDraft(ctx, &d, r.By); err != nil {
		return err
	}
	fmt.Fprintf(out.out, "draft %d of version %d; it waits at the desk for its replay and a second person\n", d.ID, d.Base)
	return nil
}
