package board_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"okienko/internal/board"
)

func TestWhatHappenedIsWrittenDownAsSoonAsItCanBe(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		fails int // tries in vain before one works
		tries int
		took  time.Duration
		ok    bool
	}{
		{"at once", 0, 1, 0, true},
		{"after a failover", 3, 4, 1250 * time.Millisecond, true},
		{"at the last try", 4, 5, 3250 * time.Millisecond, true},
		{"never", 5, 5, 3250 * time.Millisecond, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				began, tries := time.Now(), 0
				err := board.Insist(func() error {
					if tries++; tries <= tt.fails {
						return errors.New("no database")
					}
					return nil
				})
				if took := time.Since(began); (err == nil) != tt.ok || tries != tt.tries || took != tt.took {
					t.Errorf("%v after %d tries in %s; want %d in %s, ok %v", err, tries, took, tt.tries, tt.took, tt.ok)
				}
			})
		})
	}
}
