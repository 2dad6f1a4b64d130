// Package bounds checks values of a configuration, so that each refusal names the key and what is allowed. It is a leaf: what
// the keys mean, their owners know.
package bounds

import (
	"errors"
	"fmt"
	"net"
	"time"
)

// Checks collects what is wrong. The zero Checks is ready; it is not for concurrent use.
type Checks struct{ errs []error }

// Within wants low <= v <= high.
func (c *Checks) Within(key string, v, low, high time.Duration) { check(c, key, v, low, high) }

// Between wants low <= v <= high.
func (c *Checks) Between(key string, v, low, high int64) { check(c, key, v, low, high) }

// Err joins what is wrong; nil if nothing is.
func (c *Checks) Err() error { return errors.Join(c.errs...) }

func check[T time.Duration | int64](c *Checks, key string, v, low, high T) {
	if v < low || v > high {
		c.errs = append(c.errs, fmt.Errorf("%s: %v: allowed are %v to %v", key, v, low, high))
	}
}

// Loopback reports whether host, a name or an address without a port, is this machine: what is sent there crosses no network.
func Loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
