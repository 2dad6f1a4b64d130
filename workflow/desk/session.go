package desk

import (
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"net/http"

	"github.com/alexedwards/scs/v2"

	"okienko/workflow"
)

// Keys of the session's data.
const (
	sessionUser     = "user"     // workflow.User.Name
	sessionPassword = "password" // fingerprint of the hash it was opened with
	sessionFlash    = "flash"    // what the next page confirms
	sessionSearches = "searches" // see search.go
)

// newSessions keeps sessions on the server: the cookie holds a random token of 256 bits, the database only its hash. Signing
// out deletes the session. The cookie ends with the browser.
func newSessions(c Config, store scs.CtxStore, log *slog.Logger) *scs.SessionManager {
	s := &scs.SessionManager{ // scs.New would start a goroutine for a store in memory, and nothing stops it
		Store: store, HashTokenInStore: true, Codec: scs.GobCodec{}, IdleTimeout: c.idle(), Lifetime: c.lifetime(),
		Cookie: scs.SessionCookie{
			Name: cookieName(c, "okienko"), Path: "/", Secure: c.Secure(), HttpOnly: true,
			SameSite: http.SameSiteLaxMode, // Strict would sign people out who follow a link in a mail
		},
	}
	s.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) {
		log.Error("desk: sessions", "method", r.Method, "error", err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
	}
	return s
}

// cookieName binds a cookie to this host and to TLS by its prefix (RFC 6265bis section 4.1.3). Browsers refuse the prefix over
// plain http, which Config allows on loopback only.
func cookieName(c Config, name string) string {
	if c.Secure() {
		return "__Host-" + name
	}
	return name
}

// fingerprint ties a session to the password it was opened with: a new password ends every other session of the user at once.
func fingerprint(u workflow.User) string {
	sum := sha256.Sum256([]byte(u.PasswordHash))
	return hex.EncodeToString(sum[:16])
}
