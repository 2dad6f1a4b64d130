package schemas

import "testing"

func TestDefaultLoads(t *testing.T) {
	t.Parallel()
	c, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	if n := len(c.ids); n != 29 {
		t.Errorf("%d procedures, want the 29 of the catalogue", n)
	}
}
