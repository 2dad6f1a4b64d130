package resident

import (
	"errors"
	"fmt"
	"net"
	"net/url"

	"okienko/internal/bounds"
)

// Config is what an administrator sets about the page.
type Config struct {
	Listen  string // "127.0.0.1:8082"
	BaseURL string // as residents reach it, and as letters name it: "https://uzupelnij.um.example"; ""
	TLSCert string // PEM file; "" with TLSKey: no TLS of its own
	TLSKey  string
	Proxied bool // a proxy in front ends TLS and sets X-Forwarded-For, whose last entry is the client
	Uploads bool // may supplements be sent here?

	MostFiles int   // of one supplement; 0: 10
	MostBytes int64 // of one supplement, all files together; 0: 25 MiB
}

// The limits of one supplement unless the office sets others.
const (
	usualFiles = 10
	usualBytes = 25 << 20
)

// Secure reports whether residents reach the page over TLS.
func (c Config) Secure() bool {
	base, err := url.Parse(c.BaseURL)
	return c.TLSCert != "" || err == nil && base.Scheme == "https"
}

// Validate returns an error that names the key and what is allowed.
func (c Config) Validate() error {
	host, _, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return fmt.Errorf("resident.listen %q: must be an address and a port, like 127.0.0.1:8082", c.Listen)
	}
	if (c.TLSCert == "") != (c.TLSKey == "") {
		return errors.New("resident.tls_cert and resident.tls_key: give both or none")
	}
	base, err := url.Parse(c.BaseURL)
	if c.BaseURL != "" && (err != nil || base.Scheme != "http" && base.Scheme != "https" || base.Host == "" || base.Path != "" && base.Path != "/") {
		return fmt.Errorf("resident.base_url %q: must be http or https with a host and no path, like https://uzupelnij.um.example", c.BaseURL)
	}
	if !c.Secure() && !bounds.Loopback(host) {
		return fmt.Errorf("resident.listen %q: without TLS only a loopback address is allowed; set resident.tls_cert and resident.tls_key, "+
			"or an https resident.base_url if a proxy ends TLS", c.Listen)
	}
	if c.MostFiles < 0 || c.MostFiles > 50 || c.MostBytes < 0 || c.MostBytes > 500<<20 {
		return fmt.Errorf("resident.most_files %d, resident.most_megabytes %d: 1 to 50 files and 1 to 500 MB are allowed", c.MostFiles, c.MostBytes>>20)
	}
	return nil
}

func (c Config) mostFiles() int {
	if c.MostFiles == 0 {
		return usualFiles
	}
	return c.MostFiles
}

func (c Config) mostBytes() int64 {
	if c.MostBytes == 0 {
		return usualBytes
	}
	return c.MostBytes
}
