package resident

import (
	"cmp"
	"fmt"

	"okienko/internal/web"
)

// Config is what an administrator sets about the page.
type Config struct {
	web.Listener      // BaseURL is named by letters
	Uploads      bool // may supplements be sent here?

	MostFiles int   // of one supplement; 0: 10
	MostBytes int64 // of one supplement, all files together; 0: 25 MiB
}

// The limits of one supplement unless the office sets others.
const (
	usualFiles = 10
	usualBytes = 25 << 20
)

// Validate returns an error that names the key and what is allowed.
func (c Config) Validate() error {
	if err := c.Listener.Validate("resident"); err != nil {
		return err
	}
	if c.MostFiles < 0 || c.MostFiles > 50 || c.MostBytes < 0 || c.MostBytes > 500<<20 {
		return fmt.Errorf("resident.most_files %d, resident.most_megabytes %d: 1 to 50 files and 1 to 500 MB are allowed", c.MostFiles, c.MostBytes>>20)
	}
	return nil
}

func (c Config) mostFiles() int   { return cmp.Or(c.MostFiles, usualFiles) }
func (c Config) mostBytes() int64 { return cmp.Or(c.MostBytes, usualBytes) }
