package csvfile

import (
	"strings"
	"testing"
)

func TestFormulasAreDefused(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	if err := Write(&b, [][]string{{"=1+1", "+48 600", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1"}, {" =2", "  -2", "＝1+1", "＋1", "－1", "＠A1"}, {"", "a=b", "12-3", "ż", "2026-11-24", "a@b", "'x", " x", "\xff"}}); err != nil {
		t.Fatal(err)
	}
	want := "'=1+1,'+48 600,'-2,'@SUM(A1),'\t=1,\"'\r=1\",\"'\n=1\"\n' =2,'  -2,'＝1+1,'＋1,'－1,'＠A1\n,a=b,12-3,ż,2026-11-24,a@b,'x,\" x\",\xff\n"
	if b.String() != want {
		t.Errorf("got  %q\nwant %q", b.String(), want)
	}
}
