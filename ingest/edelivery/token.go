package edelivery

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// tokens gets access tokens: OAuth 2.0 client credentials (RFC 6749 section 4.4) with an assertion we sign (RFC 7523, RS256).
// One is used until shortly before it ends or until the platform refuses it.
type tokens struct {
	cfg  Config
	key  Key
	http *http.Client

	mu    sync.Mutex // held while a token is fetched, so that one is fetched at a time
	value string
	ends  time.Time
}

// early is how long before its end a token is no longer used: a request takes time.
const early = 5 * time.Second

// get returns a token to use now.
func (t *tokens) get(ctx context.Context) (string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.value != "" && time.Now().Before(t.ends) {
		return t.value, nil
	}
	value, lasts, err := t.fetch(ctx)
	if err != nil {
		return "", err
	}
	t.value, t.ends = value, time.Now().Add(lasts-min(early, lasts/2))
	return value, nil
}

// drop forgets a token the platform refused, unless another one came meanwhile.
func (t *tokens) drop(value string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.value == value {
		t.value = ""
	}
}

// fetch asks for a new token.
func (t *tokens) fetch(ctx context.Context) (value string, lasts time.Duration, err error) {
	assertion, err := t.assertion(time.Now())
	if err != nil {
		return "", 0, &Error{Kind: Local, Reason: err.Error(), cause: err}
	}
	form := url.Values{
		"grant_type": {"client_credentials"}, "client_assertion": {assertion},
		"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
	}
	if t.cfg.ClientID {
		form.Set("client_id", t.cfg.Issuer)
	}
	if t.cfg.Scope != "" {
		form.Set("scope", t.cfg.Scope)
	}
	address := t.cfg.TokenURL
	if t.cfg.LoginHint != "-" {
		address += "?" + url.Values{"login_hint": {t.cfg.LoginHint}}.Encode()
	}
	ctx, cancel := context.WithTimeout(ctx, t.cfg.Timeout)
	defer cancel()
	resp, err := exchange(ctx, t.http, outgoing{
		method: http.MethodPost, url: address, media: "application/x-www-form-urlencoded", body: []byte(form.Encode()),
	}, "")
	if err != nil {
		return "", 0, tokenError(err)
	}
	defer resp.Body.Close()
	var answer struct {
		Token   string  `json:"access_token"`
		Expires float64 `json:"expires_in"` // seconds
	}
	if err := readJSON(resp.Body, 1<<20, &answer); err != nil {
		return "", 0, tokenError(err)
	}
	if answer.Token == "" || strings.ContainsAny(answer.Token, "\r\n") {
		return "", 0, &Error{Kind: Garbled, Reason: "the answer holds no access token"}
	}
	lasts = time.Duration(min(max(answer.Expires, 0), 86400) * float64(time.Second))
	return answer.Token, lasts, nil
}

// tokenError says of a refusal that it is about who we are: the token endpoint refuses nothing else. Whatever failed, what the
// token was wanted for was not done.
func tokenError(err error) error {
	e := *asError(err)
	e.MayHaveArrived = false
	if e.Status >= 400 && e.Status < 500 && e.Kind != Limited {
		return &Error{Kind: Refused, Reason: "the platform gives us no token" + e.code(), Status: e.Status, Codes: e.Codes, cause: err}
	}
	return fmt.Errorf("token: %w", &e)
}

// assertion is the JWT that says who we are.
func (t *tokens) assertion(now time.Time) (string, error) {
	if t.key.Signer == nil {
		return "", errNoKey
	}
	header := map[string]any{"alg": "RS256", "typ": "JWT"}
	if t.cfg.X5C {
		header["x5c"] = []string{base64.StdEncoding.EncodeToString(t.key.Certificate.Raw)}
	}
	from := now.Add(-t.cfg.Backdate).Unix()
	claims := map[string]any{
		"iss": t.cfg.Issuer, "sub": t.cfg.Issuer, "aud": t.cfg.Audience,
		"iat": from, "nbf": from, "exp": now.Add(t.cfg.Validity).Unix(), "jti": rand.Text(),
	}
	var parts []string
	for _, part := range []map[string]any{header, claims} {
		text, err := json.Marshal(part)
		if err != nil {
			return "", err
		}
		parts = append(parts, base64.RawURLEncoding.EncodeToString(text))
	}
	signed := strings.Join(parts, ".")
	sum := sha256.Sum256([]byte(signed))
	signature, err := t.key.Signer.Sign(rand.Reader, sum[:], crypto.SHA256)
	if err != nil {
		return "", fmt.Errorf("signing the assertion: %w", err)
	}
	return signed + "." + base64.RawURLEncoding.EncodeToString(signature), nil
}
