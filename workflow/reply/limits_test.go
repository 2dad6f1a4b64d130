package reply_test

import (
	"strings"
	"testing"

	"okienko/workflow/reply"
)

func TestLimits(t *testing.T) {
	t.Parallel()
	small := reply.Limits{PerCase: 1, PerAddressPerDay: 3, PerHour: 10}
	for _, tt := range []struct {
		name                  string
		limits                reply.Limits
		perCase, addr, global int
		held                  string // a word of the reason; "": it may go
	}{
		{"the first letter of all", small, 0, 0, 0, ""},
		{"the last one before every limit", small, 0, 2, 9, ""},
		{"the case has had its letter", small, 1, 0, 0, "w sprawie"},
		{"the address has had its letters", small, 0, 3, 0, "adres"},
		{"the office has sent enough this hour", small, 0, 0, 10, "Bezpiecznik"},
		{"far beyond", small, 100, 100, 100, "w sprawie"},
		{"the switch by hand", reply.Limits{HoldAll: true}, 0, 0, 0, "wyłączone"},
		{"the defaults let an ordinary day pass", reply.Limits{}, 1, 4, 499, ""},
		{"the default for a case", reply.Limits{}, 2, 0, 0, "w sprawie"},
		{"the default for an address", reply.Limits{}, 0, 5, 0, "adres"},
		{"the default for an hour", reply.Limits{}, 0, 0, 500, "Bezpiecznik"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			held, because := tt.limits.Hold(tt.perCase, tt.addr, tt.global)
			if held != (tt.held != "") || !strings.Contains(because, tt.held) || !held && because != "" {
				t.Errorf("Hold = %v, %q; want %q", held, because, tt.held)
			}
		})
	}
	for _, bad := range []reply.Limits{{PerCase: -1}, {PerAddressPerDay: -1}, {PerHour: -1}} {
		if bad.Validate() == nil {
			t.Errorf("%+v was taken", bad)
		}
	}
	if err := small.Validate(); err != nil {
		t.Error(err)
	}
}
