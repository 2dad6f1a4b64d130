package desk

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"okienko/workflow"
)

// signInView is the sign-in form.
type signInView struct {
	Name   string
	Next   string // where to go on
	Error  string
	Notice string // why the page is shown
	Kept   string // text of a form that came after the session had ended, so that it is not lost
}

// nobody is the actor in the audit where no user is known. The name somebody typed is not kept: it may be a password.
const nobody = workflow.Nobody

func (d *desk) showSignIn(v *visit) error {
	if v.signedIn() {
		return v.redirect("/")
	}
	return d.signInPage(v, http.StatusOK, signInView{Next: local(v.FormValue("next"))})
}

func (d *desk) signInPage(v *visit, status int, view signInView) error {
	return d.show(v, screen{name: "signin", title: v.t.SignIn.Title, status: status, body: view})
}

// askToSignIn sends whoever reads a page to the sign-in form and back. A form that comes too late is not lost: its text is shown.
func (d *desk) askToSignIn(v *visit) error {
	if v.Method == http.MethodGet || v.Method == http.MethodHead {
		return v.redirect("/signin?next=" + escapeQuery(v.URL.RequestURI()))
	}
	kept := v.PostFormValue("body")
	if kept == "" {
		kept = v.PostFormValue("text")
	}
	return d.signInPage(v, http.StatusUnauthorized, signInView{Next: "/", Notice: v.t.SignIn.Ended, Kept: kept})
}

// signIn checks name and password. Every refusal looks and lasts the same, whatever was wrong.
func (d *desk) signIn(v *visit) error {
	name := strings.ToLower(strings.TrimSpace(v.PostFormValue("name")))
	address := d.address(v.Request)
	if wait := d.takeTry(name, address); wait > 0 {
		return d.tooMany(v, name, wait)
	}
	u, err := d.Accounts.User(v.Context(), name)
	if err != nil && !errors.Is(err, workflow.ErrNotFound) {
		return err
	}
	password := v.PostFormValue("password")
	ok, stale, err := d.passwords.check(v.Context(), u.PasswordHash, password)
	if err != nil {
		return err
	}
	if !ok || u.Disabled {
		return d.signInFailed(v, u, name, address)
	}
	d.byName.Forget(name)
	d.byAddress.Give(address)
	if stale {
		u.PasswordHash = d.passwords.cost.hash(password)
		if err := d.Accounts.SaveUser(v.Context(), u); err != nil {
			return err
		}
	}
	return d.openSession(v, u)
}

func (d *desk) takeTry(name, address string) time.Duration {
	if wait := d.byAddress.Take(address); wait > 0 {
		return wait
	}
	return d.byName.Take(name)
}

// openSession gives the browser a new token: one it had before signing in, or was handed by somebody else, is worth nothing.
func (d *desk) openSession(v *visit, u workflow.User) error {
	ctx := v.Context()
	if err := d.Auditor.Audit(ctx, u.Name, workflow.EventSignedIn, d.address(v.Request)); err != nil {
		return err
	}
	if err := d.sessions.RenewToken(ctx); err != nil {
		return err
	}
	d.sessions.Put(ctx, sessionUser, u.Name)
	d.sessions.Put(ctx, sessionPassword, fingerprint(u))
	return v.redirect(local(v.PostFormValue("next")))
}

func (d *desk) signInFailed(v *visit, u workflow.User, typed, address string) error {
	actor := nobody
	if u.Name != "" {
		actor = u.Name
	}
	if err := d.Auditor.Audit(v.Context(), actor, workflow.EventSignInFailed, address); err != nil {
		return err
	}
	return d.signInPage(v, http.StatusUnauthorized,
		signInView{Name: typed, Next: local(v.PostFormValue("next")), Error: v.t.SignIn.Wrong})
}

// tooMany asks to wait. It is written down once a minute for an address: a flood must not fill the audit.
func (d *desk) tooMany(v *visit, typed string, wait time.Duration) error {
	address := d.address(v.Request)
	if d.refusals.Take(address) == 0 {
		if err := d.Auditor.Audit(v.Context(), nobody, workflow.EventRefused, "too many attempts from "+address); err != nil {
			return err
		}
	}
	v.w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
	minutes := int(math.Ceil(wait.Minutes()))
	return d.signInPage(v, http.StatusTooManyRequests, signInView{Name: typed, Next: local(v.PostFormValue("next")),
		Error: fmt.Sprintf(v.t.SignIn.TooMany, v.t.Wait.N(minutes))})
}

func (d *desk) signOut(v *visit) error {
	if err := d.Auditor.Audit(v.Context(), v.user.Name, workflow.EventSignedOut, ""); err != nil {
		return err
	}
	if err := d.sessions.Destroy(v.Context()); err != nil {
		return err
	}
	return v.redirect("/signin")
}

func (d *desk) home(v *visit) error { return v.redirect("/queue") }
