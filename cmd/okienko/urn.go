package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"okienko/ingest/scan/sheet"
	"okienko/schemas"
	"okienko/workflow/desk"
)

type urnCmd struct {
	Sheets urnSheetsCmd `cmd:"" help:"Print the separator sheets for the envelopes of one emptying, as a PDF."`
}

type urnSheetsCmd struct {
	Config    string `default:"okienko.yaml" help:"Configuration file." type:"path"`
	Site      string `required:"" help:"Name of the urn: that of its scan folder in the configuration."`
	Window    string `required:"" help:"Drop window, from the emptying before to this one, in Polish time: 2026-11-23T15:30/2026-11-24T08:00."`
	Envelopes int    `required:"" help:"How many envelopes were counted; a batch must have a sheet for each."`
	First     int    `default:"1" help:"Number of the first envelope, where one emptying is scanned in several batches."`
	Opened    string `help:"When the envelopes were opened, in Polish time: 2026-11-24T08:30; default: now."`
	Duplex    bool   `help:"Print the back of each sheet, too: for scanners that take both sides."`
	Out       string `required:"" help:"PDF file to write." type:"path"`
}

// Run writes the sheets. The file appears whole or not at all.
func (c *urnSheetsCmd) Run(_ context.Context, out streams) error {
	cfg, err := loadConfig(c.Config)
	if err != nil {
		return err
	}
	p, err := c.printing(cfg)
	if err != nil {
		return err
	}
	secret, err := loadSecret(cfg.Data)
	if err != nil {
		return err
	}
	key, err := sheet.NewKey(secret)
	if err != nil {
		return err
	}
	var pdf bytes.Buffer
	if err := key.Print(&pdf, p); err != nil {
		return fmt.Errorf("%w: %w", errUsage, err)
	}
	if err := os.WriteFile(c.Out, pdf.Bytes(), 0o644); err != nil {
		return fmt.Errorf("write the sheets: %w", err)
	}
	fmt.Fprintf(out.out, "%s: arkusze dla kopert %d-%d, %s\n", c.Out, p.First, p.Last, p.Place)
	return nil
}

// printing is the set the flags describe.
func (c *urnSheetsCmd) printing(cfg config) (sheet.Printing, error) {
	zone := schemas.Warsaw()
	p := sheet.Printing{Duplex: c.Duplex, Zone: zone}
	site, err := cfg.urn(c.Site)
	if err != nil {
		return p, err
	}
	p.Site, p.Place, p.First, p.Last = site.Name, site.WithDefaults().Place, c.First, c.First+c.Envelopes-1
	from, to, _ := strings.Cut(c.Window, "/")
	opened := c.Opened
	if opened == "" {
		opened = time.Now().In(zone).Format(minuteLayout)
	}
	for _, f := range []struct {
		flag, text string
		into       *time.Time
	}{{"window", from, &p.From}, {"window", to, &p.To}, {"opened", opened, &p.Opened}} {
		if *f.into, err = time.ParseInLocation(minuteLayout, f.text, zone); err != nil {
			return p, fmt.Errorf("%w: --%s: %q is no time; write 2026-11-24T08:00", errUsage, f.flag, f.text)
		}
	}
	return p, nil
}

const minuteLayout = "2006-01-02T15:04"

// urns are the sites with separator sheets, as the desk knows them.
func (c config) urns() []desk.Urn {
	var list []desk.Urn
	for _, s := range c.Scan {
		if s.Separators {
			list = append(list, desk.Urn{Name: s.Name, Place: s.WithDefaults().Place, Hold: s.hold()})
		}
	}
	return list
}

// mailDomain is that of the office's Message-IDs; "" if it sends no mail.
func (c config) mailDomain() string {
	if c.SMTP.Addr == "" {
		return ""
	}
	return c.Office.MessageIDs
}

// urn finds a folder with separator sheets.
func (c config) urn(site string) (scanConfig, error) {
	var known []string
	for _, s := range c.Scan {
		if s.Separators {
			known = append(known, s.Name)
		}
	}
	i := slices.IndexFunc(c.Scan, func(s scanConfig) bool { return s.Separators && s.Name == site })
	if i < 0 {
		return scanConfig{}, fmt.Errorf("%w: --site: %q has no folder with separators: true in the configuration; allowed are: %s", errUsage, site, strings.Join(known, ", "))
	}
	return c.Scan[i], nil
}
