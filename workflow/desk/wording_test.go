package desk

import (
	"testing"
	"time"

	"okienko/workflow"
	"okienko/workflow/deadline"
)

func TestDeadlineInWords(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 23, 30, 0, 0, deadline.Warsaw()) // half an hour before midnight
	end := func(day int) time.Time { return (deadline.Day{Year: 2026, Month: 11, Day: day}).Last() }
	for _, tt := range []struct {
		name   string
		c      workflow.Case
		pl, en string
		class  string
	}{
		{"no term runs", workflow.Case{}, "bez terminu", "no term runs", "none"},
		{"the last day lasts until midnight", workflow.Case{DueAt: end(23)}, "dziś", "today", "soon"},
		{"tomorrow is tomorrow, half an hour away", workflow.Case{DueAt: end(24)}, "jutro", "tomorrow", "soon"},
		{"two days", workflow.Case{DueAt: end(25)}, "zostały 2 dni", "2 days left", "soon"},
		{"five days", workflow.Case{DueAt: end(28)}, "zostało 5 dni", "5 days left", "calm"},
		{"one day late", workflow.Case{DueAt: end(22)}, "1 dzień po terminie", "1 day late", "late"},
		{"twenty-two days late", workflow.Case{DueAt: end(1)}, "22 dni po terminie", "22 days late", "late"},
		{"a closed case is not late", workflow.Case{DueAt: end(1), Status: workflow.StatusClosed}, "zakończono", "ended", "none"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			pl, en := polish.due(tt.c, now), english.due(tt.c, now)
			if pl.Left != tt.pl || en.Left != tt.en || pl.Class != tt.class || en.Class != tt.class {
				t.Errorf("due = %q %s, %q %s; want %q, %q, %s", pl.Left, pl.Class, en.Left, en.Class, tt.pl, tt.en, tt.class)
			}
		})
	}
}

func TestPluralForms(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "0 stron", 1: "1 strona", 2: "2 strony", 4: "4 strony", 5: "5 stron", 11: "11 stron", 12: "12 stron",
		14: "14 stron", 21: "21 stron", 22: "22 strony", 25: "25 stron", 112: "112 stron", 122: "122 strony"} {
		if got := polish.Pages.N(n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}

func TestTimesAreThoseOfWarsaw(t *testing.T) {
	t.Parallel()
	winter := time.Date(2026, 12, 31, 23, 30, 0, 0, time.UTC)
	summer := time.Date(2026, 7, 1, 22, 30, 0, 0, time.UTC)
	for _, tt := range []struct{ got, want string }{
		{polish.DateTime(winter), "01.01.2027, 00:30"},
		{polish.DateTime(summer), "02.07.2026, 00:30"},
		{english.DateTime(winter), "1 Jan 2027, 00:30"},
		{polish.Date(winter), "pt. 01.01.2027"},
		{english.Date(winter), "Fri 1 Jan 2027"},
		{polish.ShortTime(winter, winter.Add(time.Hour)), "dziś 00:30"},
		{polish.ShortTime(summer, winter), "02.07.2026"},
		{polish.ShortTime(summer, summer.Add(48*time.Hour)), "02.07, 00:30"},
	} {
		if tt.got != tt.want {
			t.Errorf("%q, want %q", tt.got, tt.want)
		}
	}
}

func TestSizes(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]string{0: "0 B", 1023: "1023 B", 1024: "1 kB", 91_000: "89 kB", 1_600_000: "1,5 MB"} {
		if got := polish.size(n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}

func TestPolishOrder(t *testing.T) {
	t.Parallel()
	list := []choice{{Label: "Śmieci"}, {Label: "Zameldowanie"}, {Label: "Łąka"}, {Label: "Lato"}, {Label: "Sklep"}, {Label: "Taksówka"}, {Label: "Motor"}}
	polish.sortChoices(list)
	got := ""
	for _, c := range list {
		got += c.Label + " "
	}
	if want := "Lato Łąka Motor Sklep Śmieci Taksówka Zameldowanie "; got != want {
		t.Errorf("order %s, want %s", got, want)
	}
}
