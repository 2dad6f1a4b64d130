package workflowtest

import (
	"reflect"
	"testing"

	"okienko/workflow"
)

var accountTests = map[string]func(*testing.T, Open){
	"users are kept, replaced and listed by name": testUsers,
}

func testUsers(t *testing.T, open Open) {
	b := setup(t, open, fixed(noon))
	_, err := b.User(b.ctx, "ola")
	wantError(t, err, workflow.ErrNotFound)
	ola := workflow.User{Name: "ola", FullName: "Ola Żak", Position: "podinspektor", Role: workflow.RoleClerk, Desks: []string{"KM", "SA"}, PasswordHash: "$argon2id$…"}
	adam := workflow.User{Name: "adam", Role: workflow.RoleAdmin, Desks: nil}
	idle := workflow.User{Name: "zenon", Role: workflow.RoleClerk, Desks: []string{}}
	for _, u := range []workflow.User{{Name: "ola", Disabled: true}, ola, adam, idle} {
		if err := b.SaveUser(b.ctx, u); err != nil {
			t.Fatal(err)
		}
	}
	if got := must[[]workflow.User](t)(b.Users(b.ctx)); !reflect.DeepEqual(got, []workflow.User{adam, ola, idle}) {
		t.Errorf("users %+v", got)
	}
	ola.Disabled = true
	if err := b.SaveUser(b.ctx, ola); err != nil {
		t.Fatal(err)
	}
	if got := must[workflow.User](t)(b.User(b.ctx, "ola")); !reflect.DeepEqual(got, ola) {
		t.Errorf("user %+v", got)
	}
}
