package workflow_test

import (
	"testing"
	"time"

	"okienko/workflow"
)

func TestHoldEnds(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, hold, emptied, want string }{
		{"none", "none", "2026-11-24T08:00:00+01:00", ""},
		{"nothing said", "", "2026-11-24T08:00:00+01:00", ""},
		{"the next day", "next_working_day", "2026-11-24T08:00:00+01:00", "2026-11-25T00:00:00+01:00"},
		{"late in the evening, when it is tomorrow in no other zone", "next_working_day", "2026-11-24T23:59:00+01:00", "2026-11-25T00:00:00+01:00"},
		{"after a weekend", "next_working_day", "2026-11-27T08:00:00+01:00", "2026-11-30T00:00:00+01:00"},
		{"after Independence Day", "next_working_day", "2026-11-10T15:00:00+01:00", "2026-11-12T00:00:00+01:00"},
		{"after Christmas with its eve", "next_working_day", "2026-12-23T15:00:00+01:00", "2026-12-28T00:00:00+01:00"},
		{"after Corpus Christi, in summer time", "next_working_day", "2026-06-03T15:00:00+02:00", "2026-06-05T00:00:00+02:00"},
		{"hours", "48h", "2026-11-27T08:00:00+01:00", "2026-11-29T08:00:00+01:00"},
		{"hours over the end of summer time", "24h", "2026-10-24T12:00:00+02:00", "2026-10-25T11:00:00+01:00"},
	} {
		h, err := workflow.ParseHold(tt.hold)
		if err != nil {
			t.Fatal(err)
		}
		emptied, err := time.Parse(time.RFC3339, tt.emptied)
		if err != nil {
			t.Fatal(err)
		}
		var want time.Time
		if tt.want != "" {
			if want, err = time.Parse(time.RFC3339, tt.want); err != nil {
				t.Fatal(err)
			}
		}
		if got := h.Until(emptied); !got.Equal(want) {
			t.Errorf("%s: %v, want %v", tt.name, got, want)
		}
		if !h.Until(time.Time{}).IsZero() {
			t.Errorf("%s: a hold without an emptying", tt.name)
		}
	}
	for _, bad := range []string{"tomorrow", "-1h", "0s", "169h", "1d"} {
		if _, err := workflow.ParseHold(bad); err == nil {
			t.Errorf("hold %q was taken", bad)
		}
	}
}
