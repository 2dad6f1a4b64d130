// Package web owns what the office's web servers share: how they are reached (Listener), their deadlines, the headers every
// answer carries, where a request comes from, and the Throttle that slows guessing down. It refuses to know any page and who may
// see it. Read next: workflow/desk and workflow/resident, which use it.
package web

import (
	"net"
	"net/http"
	"strings"
)

// Headers sets what every answer carries. policy is the Content-Security-Policy; a handler may set a stricter one. secure
// tells that people reach the server over TLS.
func Headers(policy string, secure bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()")
		h.Set("Cache-Control", "no-store")
		if secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// Address is where a request comes from, without the port. proxied tells that a proxy in front sets X-Forwarded-For, whose
// last entry is the client.
func Address(r *http.Request, proxied bool) string {
	if proxied {
		list := strings.Split(r.Header.Get("X-Forwarded-For"), ",")
		if last := strings.TrimSpace(list[len(list)-1]); last != "" {
			return last
		}
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
