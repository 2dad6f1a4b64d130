package desk

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"okienko/workflow"
)

// guarded finds out who asks, refuses what the route does not allow, and turns errors into pages.
func (d *desk) guarded(r route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		v := &visit{Request: req, w: w, t: d.language(req), now: d.Now()}
		if err := d.enter(v, r); err != nil {
			d.problem(v, err)
		}
	})
}

func (d *desk) enter(v *visit, r route) error {
	if err := v.ParseForm(); err != nil {
		return fmt.Errorf("%w: %w", errBadRequest, err)
	}
	if err := d.whoAsks(v); err != nil {
		return err
	}
	switch {
	case r.access == anyone:
		return r.serve(v)
	case !v.signedIn():
		return d.askToSignIn(v)
	case r.access == adminOnly && v.user.Role != workflow.RoleAdmin:
		return d.refuse(v, r, errForbidden)
	case r.access == caseOwn:
		if err := d.findCase(v); err != nil {
			return d.refuse(v, r, err)
		}
	}
	return r.serve(v)
}

// whoAsks sets v.user if the session belongs to somebody who may still use it. A disabled user or a new password ends it.
func (d *desk) whoAsks(v *visit) error {
	name := d.sessions.GetString(v.Context(), sessionUser)
	if name == "" {
		return nil
	}
	u, err := d.Accounts.User(v.Context(), name)
	if err != nil && !errors.Is(err, workflow.ErrNotFound) {
		return err
	}
	if err != nil || u.Disabled || d.sessions.GetString(v.Context(), sessionPassword) != fingerprint(u) {
		return d.sessions.Destroy(v.Context())
	}
	v.user = u
	return nil
}

// findCase sets v.c to the case named in the path. What the user may not see does not exist.
func (d *desk) findCase(v *visit) error {
	id, err := strconv.ParseInt(v.PathValue("id"), 10, 64)
	if err != nil || id <= 0 {
		return workflow.ErrNotFound
	}
	v.c, err = d.Store.Case(v.Context(), workflow.CaseID(id))
	if err == nil && !sees(v.user, v.c) {
		v.c = workflow.Case{}
		return errOtherDesk
	}
	return err
}

// errOtherDesk looks like ErrNotFound to whoever asks and unlike it in the audit.
var errOtherDesk = fmt.Errorf("case of another desk: %w", workflow.ErrNotFound)

// refuse writes down who was refused what. A case that does not exist is a slip; one that may not be seen is a refusal.
func (d *desk) refuse(v *visit, r route, cause error) error {
	if !errors.Is(cause, errForbidden) && !errors.Is(cause, errOtherDesk) {
		return cause
	}
	detail := r.pattern
	if id := v.PathValue("id"); id != "" {
		detail += " " + id
	}
	if err := d.Auditor.Audit(v.Context(), v.user.Name, workflow.EventRefused, detail); err != nil {
		return err
	}
	return cause
}

// sees reports whether a user may see a case: administrators and clerks without a list of desks see all, others those of
// their desks and of the registry, where everybody may claim what the machine could not place.
func sees(u workflow.User, c workflow.Case) bool {
	desks := visibleDesks(u)
	return desks == nil || slices.Contains(desks, c.Route.Desk)
}

// visibleDesks is what a queue may show to a user; nil: all.
func visibleDesks(u workflow.User) []string {
	if u.Role == workflow.RoleAdmin || u.Desks == nil {
		return nil
	}
	if slices.Contains(u.Desks, workflow.DeskRegistry) {
		return u.Desks
	}
	return append(slices.Clone(u.Desks), workflow.DeskRegistry)
}

// crossOrigin answers a change asked for by a page of another site.
func (d *desk) crossOrigin(w http.ResponseWriter, r *http.Request) {
	v := &visit{Request: r, w: w, t: d.language(r), now: d.Now()}
	if err := d.whoAsks(v); err != nil {
		d.problem(v, err)
		return
	}
	actor := v.user.Name
	if actor == "" {
		actor = nobody
	}
	if err := d.Auditor.Audit(r.Context(), actor, workflow.EventRefused, "cross-origin "+r.Method); err != nil {
		d.problem(v, err)
		return
	}
	d.problem(v, errForbidden)
}
