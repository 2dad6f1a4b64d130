package reply_test

import "testing"

func TestEveryLetterAboutEveryProcedureIsLawfulAndReadable(t *testing.T) {
	t.Parallel()
	procedures := catalog(t).All(monday)
	if len(procedures) != 29 {
		t.Errorf("%d procedures, want 29", len(procedures))
	}
	for _, f := range composer(t).Review(procedures, monday) {
		t.Error(f)
	}
}
