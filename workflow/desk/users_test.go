package desk

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"okienko/workflow"
)

// user reads a user back.
func (w *world) user(name string) workflow.User {
	w.Helper()
	u, err := w.store.User(w.Context(), name)
	w.must(err)
	return u
}

// TestAnAdministratorManagesUsers: adds one, who can sign in and sees their desk; gives other desks, another password, and
// takes the account away; each with a line in the audit.
func TestAnAdministratorManagesUsers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.take(registrationLacking()) // on desk KM
	admin := w.as("admin")
	p := admin.get("/users").submit("/users", url.Values{"name": {" J.Kot "}, "full_name": {" Jan  Kot "}, "position": {" starszy  inspektor "}, "role": {"clerk"}, "desk": {"KM"},
		"all_desks": nil, "password": {password}})
	if p.status != http.StatusOK || p.path != "/users" || !p.says("Jan Kot", "j.kot", polish.Users.Added) {
		t.Fatalf("adding: status %d at %s\n%s", p.status, p.path, p.text())
	}
	if u := w.user("j.kot"); u.Role != workflow.RoleClerk || u.Position != "starszy inspektor" || !slices.Equal(u.Desks, []string{"KM"}) || strings.Contains(u.PasswordHash, password) {
		t.Errorf("the user is %+v", u)
	}
	audited := func(want string) {
		t.Helper()
		if got := w.audit.last(); got != "admin user_changed "+want {
			t.Errorf("the audit ends with %q, want %q", got, want)
		}
	}
	audited("dodano j.kot")
	kot := w.as("j.kot")
	if p := kot.get(casePath(c.ID)); p.status != http.StatusOK {
		t.Errorf("a case of the user's desk: status %d", p.status)
	}

	p = admin.get("/users/j.kot").submit("/users/j.kot", url.Values{"desk": {"SA", "SO"}, "role": {"clerk"}})
	if u := w.user("j.kot"); u.Position != "starszy inspektor" || p.status != http.StatusOK || !slices.Equal(u.Desks, []string{"SA", "SO"}) {
		t.Errorf("other desks: status %d, %v", p.status, u.Desks)
	}
	audited("zmieniono rolę lub stanowiska: j.kot")
	if p := kot.get(casePath(c.ID)); p.status != http.StatusNotFound {
		t.Errorf("a case of the desk that was taken away: status %d", p.status)
	}

	before := w.user("j.kot").PasswordHash
	p = admin.get("/users/j.kot").submit("/users/j.kot/password", url.Values{"password": {"zupełnie inne hasło"}})
	if p.status != http.StatusOK || w.user("j.kot").PasswordHash == before {
		t.Errorf("a new password: status %d", p.status)
	}
	audited("ustawiono hasło: j.kot")
	if p := kot.get("/queue"); !strings.HasPrefix(p.path, "/signin") {
		t.Errorf("the session of the old password lives: %s", p.path)
	}

	p = admin.get("/users/j.kot").submit("/users/j.kot/disable", nil)
	if p.status != http.StatusOK || !w.user("j.kot").Disabled || !p.says(polish.Users.Disabled) {
		t.Errorf("disabling: status %d", p.status)
	}
	audited("wyłączono j.kot")
	if p := w.browser().post("/signin", url.Values{"name": {"j.kot"}, "password": {"zupełnie inne hasło"}}); p.status != http.StatusUnauthorized {
		t.Errorf("a disabled user signs in: %d", p.status)
	}
	admin.get("/users/j.kot").submit("/users/j.kot/enable", nil)
	audited("włączono j.kot")
	if p := w.browser().post("/signin", url.Values{"name": {"j.kot"}, "password": {"zupełnie inne hasło"}}); p.status != http.StatusOK {
		t.Errorf("an enabled user cannot sign in: %d", p.status)
	}
}

// TestUsersThatCannotBe says what is wrong beside the field and keeps the rest of the form.
func TestUsersThatCannotBe(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin := w.as("admin")
	good := url.Values{"name": {"j.kot"}, "full_name": {"Jan Kot"}, "role": {"clerk"}, "password": {password}}
	for _, tt := range []struct{ name, key, value, field, says string }{
		{"a name that is taken", "name", "Anna", "name-error", polish.Users.Taken},
		{"a name with markup", "name", "<b>", "name-error", polish.Users.WrongName},
		{"no name", "name", "", "name-error", polish.Users.WrongName},
		{"the machine's name", "name", workflow.Machine, "name-error", polish.Users.WrongName},
		{"a name with a slash", "name", "a/b", "name-error", polish.Users.WrongName},
		{"nobody's full name", "full_name", " ", "full-name-error", polish.Users.WrongFullName},
		{"a very long full name", "full_name", strings.Repeat("ą", 101), "full-name-error", polish.Users.WrongFullName},
		{"an endless position", "position", strings.Repeat("ą", 101), "position-error", polish.Users.WrongPosition},
		{"a role nobody knows", "role", "root", "role-error", polish.Problem.Choose},
		{"a short password", "password", "hokus-pokus", "password-error", polish.Users.PasswordShort},
		{"an endless password", "password", strings.Repeat("a", 300), "password-error", polish.Users.PasswordLong},
		{"a password with the name in it", "password", "hasło-j.kot-hasło", "password-error", polish.Users.PasswordName},
	} {
		form := url.Values{}
		for key, value := range good {
			form[key] = value
		}
		form.Set(tt.key, tt.value)
		p := admin.get("/users").submit("/users", form)
		if p.status != http.StatusUnprocessableEntity || !strings.Contains(p.byID(tt.field), tt.says) {
			t.Errorf("%s: status %d, the page says %q", tt.name, p.status, p.byID(tt.field))
		}
		if tt.key != "full_name" && p.field("full_name") != "Jan Kot" {
			t.Errorf("%s: the rest of the form is lost", tt.name)
		}
		if strings.Contains(p.body, form.Get("password")) {
			t.Errorf("%s: the page shows the password", tt.name)
		}
	}
	if users, err := w.store.Users(t.Context()); err != nil || len(users) != 4 {
		t.Errorf("%d users (%v), want the four there were", len(users), err)
	}
}

// TestAdministratorsCannotLockThemselvesOut: an office without administrators could not be helped from the desk.
func TestAdministratorsCannotLockThemselvesOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin := w.as("admin")
	page := admin.get("/users/admin")
	if page.has("/users/admin/disable") || !page.says(polish.Users.NotSelf) {
		t.Error("the page offers to disable oneself")
	}
	if p := admin.post("/users/admin/disable", nil); p.status != http.StatusForbidden {
		t.Errorf("disabling oneself: status %d", p.status)
	}
	if p := page.submit("/users/admin", url.Values{"role": {"clerk"}}); p.status != http.StatusUnprocessableEntity {
		t.Errorf("giving away the role: status %d", p.status)
	}
	if u := w.user("admin"); u.Disabled || u.Role != workflow.RoleAdmin {
		t.Errorf("the administrator is %+v", u)
	}
	if p := admin.get("/users/nobody"); p.status != http.StatusNotFound {
		t.Errorf("a user who does not exist: status %d", p.status)
	}
}

// TestChangingOnesPassword needs the old one, ends the other sessions and keeps this one.
func TestChangingOnesPassword(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	anna, elsewhere := w.as("anna"), w.as("anna")
	p := anna.get("/password").submit("/password", url.Values{"old": {"nie to"}, "new": {"zupełnie inne hasło"}})
	if p.status != http.StatusUnprocessableEntity || p.byID("old-error") != polish.Password.Wrong {
		t.Errorf("with a wrong old one: status %d, %q", p.status, p.byID("old-error"))
	}
	p = anna.get("/password").submit("/password", url.Values{"old": {password}, "new": {"krótkie"}})
	if p.status != http.StatusUnprocessableEntity || p.byID("new-error") != polish.Users.PasswordShort {
		t.Errorf("with a short new one: status %d, %q", p.status, p.byID("new-error"))
	}
	p = anna.get("/password").submit("/password", url.Values{"old": {password}, "new": {"zupełnie inne hasło"}})
	if p.status != http.StatusOK || p.path != "/queue" || !p.says(polish.Password.Changed) {
		t.Errorf("status %d at %s", p.status, p.path)
	}
	if p := elsewhere.get("/queue"); !strings.HasPrefix(p.path, "/signin") {
		t.Errorf("the other session lives: %s", p.path)
	}
	if p := anna.get("/help"); p.status != http.StatusOK || p.path != "/help" {
		t.Errorf("this session ended: %s", p.path)
	}
}

// TestGuessingTheOldPasswordIsSlowedDown: whoever finds a desk unlocked must not try passwords there without end.
func TestGuessingTheOldPasswordIsSlowedDown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	anna := w.as("anna")
	change := func(old string) answered {
		return anna.get("/password").submit("/password", url.Values{"old": {old}, "new": {"zupełnie inne hasło"}})
	}
	for range triesByName {
		change("zgadywanie")
	}
	if p := change(password); p.status != http.StatusUnprocessableEntity || p.byID("old-error") != polish.Password.Later {
		t.Errorf("over the limit even the right one: status %d, %q", p.status, p.byID("old-error"))
	}
	w.later(throttleWindow + time.Second)
	if p := w.as("anna").get("/password").submit("/password", url.Values{"old": {password}, "new": {"zupełnie inne hasło"}}); !p.says(polish.Password.Changed) {
		t.Errorf("after the window: status %d at %s", p.status, p.path)
	}
}
