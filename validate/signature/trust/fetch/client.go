package fetch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"syscall"
	"time"
)

const (
	maxRedirects = 3
	connectTime  = 15 * time.Second
)

// NewClient returns the client for addresses that certificates name. It follows few redirects, to http and https only, and unless
// private is set it does not connect to addresses inside the office's own network: plain http can be redirected by anybody on
// the way. Where the environment names a proxy, the proxy decides what may be reached.
func NewClient(timeout time.Duration, private bool) *http.Client {
	dialer := &net.Dialer{Timeout: connectTime}
	if !private && os.Getenv("HTTP_PROXY")+os.Getenv("http_proxy")+os.Getenv("HTTPS_PROXY")+os.Getenv("https_proxy") == "" {
		dialer.Control = publicOnly
	}
	return &http.Client{
		Timeout:   timeout,
		Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, DialContext: dialer.DialContext, TLSHandshakeTimeout: connectTime, MaxResponseHeaderBytes: 64 << 10, DisableKeepAlives: true},
		CheckRedirect: func(req *http.Request, via []*http.Request) error {
			if len(via) > maxRedirects {
				return errors.New("too many redirects")
			}
			return allowed(req.URL.String())
		},
	}
}

// publicOnly is asked with the resolved address, so that no name can lead inside.
func publicOnly(_, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	if ip := ap.Addr().Unmap(); !ip.IsGlobalUnicast() || ip.IsPrivate() || carrierGrade.Contains(ip) {
		return fmt.Errorf("%s lies in a private network; trust_update.private_networks decides whether that is allowed", ip)
	}
	return nil
}

var carrierGrade = netip.MustParsePrefix("100.64.0.0/10") // RFC 6598

func allowed(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return fmt.Errorf("fetching %q: only http and https addresses are fetched", address)
	}
	return nil
}

// send sends one request and reads the answer within the limit.
func send(ctx context.Context, client *http.Client, method, address string, body []byte, limit int64) ([]byte, error) {
	if err := allowed(address); err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("fetching %s: %w", address, err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/ocsp-request")
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("fetching %s: %w", address, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("fetching %s: the server answers %s", address, resp.Status)
	}
	answer, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	if err != nil {
		return nil, fmt.Errorf("fetching %s: %w", address, err)
	}
	if int64(len(answer)) > limit {
		return nil, fmt.Errorf("fetching %s: more than %d octets", address, limit)
	}
	return answer, nil
}
