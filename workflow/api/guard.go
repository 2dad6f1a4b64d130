package api

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"okienko/workflow"
)

// call is one request with who makes it.
type call struct {
	*http.Request
	w     http.ResponseWriter
	token workflow.Token
}

// secretPrefix makes a token recognisable where it does not belong, such as in a log.
const secretPrefix = "okn_"

// NewSecret makes the secret of a token, of 256 random bits, and the hash that is kept of it.
func NewSecret() (secret, hash string) {
	var raw [32]byte
	rand.Read(raw[:]) // never fails
	secret = secretPrefix + base64.RawURLEncoding.EncodeToString(raw[:])
	return secret, hashOf(secret)
}

func hashOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

func (a *api) guarded(r route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		token, err := a.whoAsks(req)
		if err == nil && !token.May(r.scope) {
			err = a.refused(req, token.Actor(), r)
		}
		if err == nil {
			err = r.serve(&call{Request: req, w: w, token: token})
		}
		if err != nil {
			a.fail(w, req, err)
		}
	})
}

// whoAsks finds the token in force that the request carries.
func (a *api) whoAsks(req *http.Request) (workflow.Token, error) {
	scheme, secret, _ := strings.Cut(req.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "bearer") || !strings.HasPrefix(secret, secretPrefix) {
		return workflow.Token{}, errNoToken
	}
	token, err := a.Tokens.TokenByHash(req.Context(), hashOf(secret))
	if errors.Is(err, workflow.ErrNotFound) || err == nil && !token.RevokedAt.IsZero() {
		err = a.stranger(req)
	}
	return token, err
}

// stranger writes down that somebody tried a token that is not in force, but not so often that it would fill the audit.
func (a *api) stranger(req *http.Request) error {
	if a.strangers.Take("") == 0 {
		if err := a.Auditor.Audit(req.Context(), "api", workflow.EventRefused, "unknown or revoked token"); err != nil {
			return err
		}
	}
	return errNoToken
}

func (a *api) refused(req *http.Request, actor string, r route) error {
	if err := a.Auditor.Audit(req.Context(), actor, workflow.EventRefused, fmt.Sprintf("%s %s needs %s", r.method, r.path, r.scope)); err != nil {
		return err
	}
	return fmt.Errorf("%w %s", errScope, r.scope)
}

// caseID is the case named in the path.
func (c *call) caseID() (workflow.CaseID, error) {
	id, err := strconv.ParseInt(c.PathValue("id"), 10, 64)
	if err != nil || id <= 0 {
		return 0, workflow.ErrNotFound
	}
	return workflow.CaseID(id), nil
}

// theCase is the case named in the path, if the token sees it; to others it does not exist.
func (a *api) theCase(c *call) (workflow.Case, error) {
	id, err := c.caseID()
	if err != nil {
		return workflow.Case{}, err
	}
	found, err := a.Store.Case(c.Context(), id)
	if err == nil && !c.token.Sees(found) {
		return workflow.Case{}, a.otherDesk(c, id)
	}
	return found, err
}

func (a *api) otherDesk(c *call, id workflow.CaseID) error {
	detail := fmt.Sprintf("case %d of another desk", id)
	if err := a.Auditor.Audit(c.Context(), c.token.Actor(), workflow.EventRefused, detail); err != nil {
		return err
	}
	return workflow.ErrNotFound
}

// seen writes into the history who got what of a case.
func (a *api) seen(c *call, id workflow.CaseID, kind workflow.EventKind, what string) error {
	return a.Store.Tx(c.Context(), func(tx workflow.Tx) error {
		return tx.Append(c.Context(), workflow.Event{Case: id, At: a.Now(), Actor: c.token.Actor(), Kind: kind, Detail: what})
	})
}
