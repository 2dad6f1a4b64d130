package desk

import (
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"okienko/workflow"
)

// usersView lists everybody, with the form for a new user.
type usersView struct {
	Users []userView
	Form  userForm
}

type userView struct {
	workflow.User
	Path string
	Desk string // the desks in one line
	Self bool
}

// userForm is a user as the form has it.
type userForm struct {
	Name, FullName string
	Position       string
	Role           workflow.Role
	AllDesks       bool
	Desks          []choice
	Wrong          userErrors
}

// userErrors is what is wrong with each field; zero: nothing.
type userErrors struct{ Name, FullName, Position, Role, Password string }

// nameForm is what sign-in names look like: they stand in addresses, histories and the audit.
var nameForm = regexp.MustCompile(`^[a-z][a-z0-9._-]{1,39}$`)

func (d *desk) showUsers(v *visit) error {
	return d.usersPage(v, userForm{Role: workflow.RoleClerk, Desks: d.deskChoices(v, nil)})
}

func (d *desk) usersPage(v *visit, form userForm) error {
	users, err := d.Accounts.Users(v.Context())
	if err != nil {
		return err
	}
	view := usersView{Form: form}
	for _, u := range users {
		view.Users = append(view.Users, userView{User: u, Path: userPath(u.Name), Desk: strings.Join(u.Desks, ", "), Self: u.Name == v.user.Name})
	}
	return d.show(v, screen{name: "users", title: v.t.Users.Title, nav: "users", status: form.status(), body: view})
}

func (f userForm) status() int {
	return statusOf(f.Wrong != userErrors{})
}

func userPath(name string) string { return "/users/" + url.PathEscape(name) }

func (d *desk) deskChoices(v *visit, selected []string) []choice {
	list := deskNames(d.Procedures.All(v.now), v.t)
	for i := range list {
		list[i].Selected = slices.Contains(selected, list[i].Value)
	}
	return list
}

// userFromForm reads and checks what both forms have in common.
func (d *desk) userFromForm(v *visit) (workflow.User, userForm) {
	u := workflow.User{FullName: v.oneLine("full_name"), Position: v.oneLine("position"), Role: workflow.Role(v.PostFormValue("role"))}
	form := userForm{FullName: u.FullName, Position: u.Position, Role: u.Role, AllDesks: v.PostFormValue("all_desks") != "", Desks: d.deskChoices(v, v.PostForm["desk"])}
	if !form.AllDesks {
		u.Desks = []string{}
		for _, desk := range form.Desks {
			if desk.Selected {
				u.Desks = append(u.Desks, desk.Value)
			}
		}
	}
	if n := utf8.RuneCountInString(u.FullName); n == 0 || n > 100 {
		form.Wrong.FullName = v.t.Users.WrongFullName
	}
	if utf8.RuneCountInString(u.Position) > 100 {
		form.Wrong.Position = v.t.Users.WrongPosition
	}
	if u.Role != workflow.RoleClerk && u.Role != workflow.RoleAdmin {
		form.Wrong.Role = v.t.Problem.Choose
	}
	return u, form
}

func (d *desk) addUser(v *visit) error {
	u, form := d.userFromForm(v)
	u.Name = strings.ToLower(strings.TrimSpace(v.PostFormValue("name")))
	form.Name = u.Name
	switch taken, err := d.userExists(v, u.Name); {
	case err != nil:
		return err
	case taken:
		form.Wrong.Name = v.t.Users.Taken
	case !nameForm.MatchString(u.Name) || u.Name == workflow.Machine:
		form.Wrong.Name = v.t.Users.WrongName
	}
	password := v.PostFormValue("password")
	form.Wrong.Password = v.t.wrongPassword(password, u.Name)
	if form.status() != http.StatusOK {
		return d.usersPage(v, form)
	}
	u.PasswordHash = d.passwords.cost.hash(password)
	return d.keepUser(v, u, "dodano "+u.Name, v.t.Users.Added, "/users")
}

func (d *desk) userExists(v *visit, name string) (bool, error) {
	_, err := d.Accounts.User(v.Context(), name)
	if errors.Is(err, workflow.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// wrongPassword is what is wrong with a new password; "" if it will do.
func (t *messages) wrongPassword(password, name string) string {
	switch err := checkPassword(password); {
	case errors.Is(err, errPasswordShort):
		return t.Users.PasswordShort
	case errors.Is(err, errPasswordLong):
		return t.Users.PasswordLong
	case name != "" && strings.Contains(strings.ToLower(password), name):
		return t.Users.PasswordName
	}
	return ""
}

// keepUser writes down the change first: a change nobody can account for must not happen.
func (d *desk) keepUser(v *visit, u workflow.User, what, confirm, next string) error {
	if err := d.Auditor.Audit(v.Context(), v.user.Name, workflow.EventUserChanged, what); err != nil {
		return err
	}
	if err := d.Accounts.SaveUser(v.Context(), u); err != nil {
		return err
	}
	d.flash(v, confirm)
	return v.redirect(next)
}

// oneUserView is the page of one user.
type oneUserView struct {
	workflow.User
	Path string
	Self bool
	Form userForm
}

func (d *desk) showUser(v *visit) error {
	u, err := d.Accounts.User(v.Context(), v.PathValue("name"))
	if err != nil {
		return err
	}
	return d.userPage(v, u, d.formOf(v, u))
}

// formOf is the form as a user is now.
func (d *desk) formOf(v *visit, u workflow.User) userForm {
	return userForm{FullName: u.FullName, Position: u.Position, Role: u.Role, AllDesks: u.Desks == nil, Desks: d.deskChoices(v, u.Desks)}
}

func (d *desk) userPage(v *visit, u workflow.User, form userForm) error {
	return d.show(v, screen{name: "user", title: u.FullName, nav: "users", status: form.status(),
		body: oneUserView{User: u, Path: userPath(u.Name), Self: u.Name == v.user.Name, Form: form}})
}

func (d *desk) saveUser(v *visit) error {
	old, err := d.Accounts.User(v.Context(), v.PathValue("name"))
	if err != nil {
		return err
	}
	u, form := d.userFromForm(v)
	if old.Name == v.user.Name && u.Role != workflow.RoleAdmin {
		form.Wrong.Role = v.t.Users.NotSelf
	}
	if form.status() != http.StatusOK {
		return d.userPage(v, old, form)
	}
	u.Name, u.PasswordHash, u.Disabled = old.Name, old.PasswordHash, old.Disabled
	return d.keepUser(v, u, "zmieniono rolę lub stanowiska: "+u.Name, v.t.Users.Saved, userPath(u.Name))
}

func (d *desk) disableUser(v *visit) error {
	return d.switchUser(v, true, "wyłączono ", v.t.Users.DisabledDone)
}
func (d *desk) enableUser(v *visit) error {
	return d.switchUser(v, false, "włączono ", v.t.Users.EnabledDone)
}

// switchUser disables a user, whose sessions then end with their next request, or enables them. Nobody disables themselves:
// an office without administrators could not be helped from here.
func (d *desk) switchUser(v *visit, disabled bool, what, confirm string) error {
	u, err := d.Accounts.User(v.Context(), v.PathValue("name"))
	if err != nil {
		return err
	}
	if u.Name == v.user.Name {
		return errForbidden
	}
	u.Disabled = disabled
	return d.keepUser(v, u, what+u.Name, confirm, userPath(u.Name))
}

func (d *desk) setPassword(v *visit) error {
	u, err := d.Accounts.User(v.Context(), v.PathValue("name"))
	if err != nil {
		return err
	}
	password := v.PostFormValue("password")
	if wrong := v.t.wrongPassword(password, u.Name); wrong != "" {
		form := d.formOf(v, u)
		form.Wrong.Password = wrong
		return d.userPage(v, u, form)
	}
	u.PasswordHash = d.passwords.cost.hash(password)
	d.byName.Forget(u.Name)
	return d.keepUser(v, u, "ustawiono hasło: "+u.Name, v.t.Users.PasswordSet, userPath(u.Name))
}
