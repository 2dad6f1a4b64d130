package edeliverytest

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"okienko/ingest/edelivery"
)

// grant is a token that was given out.
type grant struct {
	address string
	ends    time.Time
}

// token is the token endpoint (RFC 6749 section 4.4, RFC 7523).
func (s *Server) token(w http.ResponseWriter, r *http.Request) {
	s.count("token")
	sw := s.current()
	if sw.Unreachable {
		panic(http.ErrAbortHandler)
	}
	if err := r.ParseForm(); err != nil || sw.NoToken {
		tokenRefusal(w, "invalid_client")
		return
	}
	address, err := s.authentic(r)
	if err != nil {
		w.Header().Set("X-Why", err.Error())
		tokenRefusal(w, "invalid_client")
		return
	}
	life := 5 * time.Minute
	if sw.TokenLife != 0 {
		life = sw.TokenLife
	}
	value := rand.Text()
	s.mu.Lock()
	s.tokens[value] = grant{address, time.Now().Add(life)}
	s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"access_token": value, "expires_in": 300, "token_type": "Bearer"})
}

func tokenRefusal(w http.ResponseWriter, code string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusUnauthorized)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": code, "error_description": "odmowa TEST"})
}

// authentic holds an assertion against what the platform wants, and returns the address it is for.
func (s *Server) authentic(r *http.Request) (string, error) {
	form := r.PostForm
	if form.Get("grant_type") != "client_credentials" || form.Get("client_assertion_type") != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" {
		return "", errors.New("grant_type or client_assertion_type")
	}
	parts := strings.Split(form.Get("client_assertion"), ".")
	if len(parts) != 3 {
		return "", errors.New("the assertion is no JWT")
	}
	var header struct{ Alg, Typ string }
	var claims struct {
		Iss, Sub, Aud, Jti string
		Iat, Nbf, Exp      int64
	}
	if err := errors.Join(decodePart(parts[0], &header), decodePart(parts[1], &claims)); err != nil {
		return "", err
	}
	address, system, _ := strings.Cut(claims.Iss, ".SYSTEM.")
	key, ok := s.keyOf(address)
	now := time.Now().Unix()
	switch {
	case header.Alg != "RS256":
		return "", errors.New("alg")
	case !ok || system != System || claims.Sub != claims.Iss:
		return "", errors.New("iss or sub")
	case claims.Aud != audience:
		return "", errors.New("aud")
	case claims.Nbf > now || claims.Iat > now || claims.Exp <= now || claims.Exp-claims.Iat > 660:
		return "", errors.New("iat, nbf or exp")
	case r.URL.Query().Get("login_hint") != "ADE."+address:
		return "", errors.New("login_hint")
	case form.Get("client_id") != "" && form.Get("client_id") != claims.Iss:
		return "", errors.New("client_id")
	}
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if err := rsa.VerifyPKCS1v15(key.Certificate.PublicKey.(*rsa.PublicKey), crypto.SHA256, sum[:], signature); err != nil {
		return "", err
	}
	return address, s.useOnce(claims.Jti)
}

func (s *Server) keyOf(address string) (edelivery.Key, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key, ok := s.offices[address]
	return key, ok
}

// useOnce refuses an assertion that was used before.
func (s *Server) useOnce(jti string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if jti == "" || s.assertion[jti] {
		return errors.New("jti")
	}
	s.assertion[jti] = true
	return nil
}

func decodePart(part string, v any) error {
	raw, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, v)
}

// holder returns the address a request's token was given for; "" if it has none that is good.
func (s *Server) holder(r *http.Request) string {
	value, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	s.mu.Lock()
	defer s.mu.Unlock()
	g, ok := s.tokens[value]
	if !ok || time.Now().After(g.ends) {
		return ""
	}
	return g.address
}
