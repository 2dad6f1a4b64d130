package desk

import (
	"okienko/workflow"
)

// passwordView is the form with which users change their own password.
type passwordView struct{ WrongOld, WrongNew string }

func (d *desk) showPassword(v *visit) error { return d.passwordPage(v, passwordView{}) }

func (d *desk) passwordPage(v *visit, view passwordView) error {
	return d.show(v, screen{name: "password", title: v.t.Password.Title, nav: "password", status: statusOf(view != passwordView{}), body: view})
}

// changePassword asks for the old one: a desk left unlocked must not be worth an account. Every other session of the user ends.
func (d *desk) changePassword(v *visit) error {
	if wait := d.byName.Take(v.user.Name); wait > 0 {
		return d.passwordPage(v, passwordView{WrongOld: v.t.Password.Later})
	}
	ok, _, err := d.passwords.check(v.Context(), v.user.PasswordHash, v.PostFormValue("old"))
	if err != nil {
		return err
	}
	if !ok {
		if err := d.Auditor.Audit(v.Context(), v.user.Name, workflow.EventSignInFailed, "zmiana hasła"); err != nil {
			return err
		}
		return d.passwordPage(v, passwordView{WrongOld: v.t.Password.Wrong})
	}
	d.byName.Forget(v.user.Name)
	password := v.PostFormValue("new")
	if wrong := v.t.wrongPassword(password, v.user.Name); wrong != "" {
		return d.passwordPage(v, passwordView{WrongNew: wrong})
	}
	u := v.user
	u.PasswordHash = d.passwords.cost.hash(password)
	if err := d.sessions.RenewToken(v.Context()); err != nil {
		return err
	}
	d.sessions.Put(v.Context(), sessionPassword, fingerprint(u))
	return d.keepUser(v, u, "zmieniono własne hasło", v.t.Password.Changed, "/queue")
}
