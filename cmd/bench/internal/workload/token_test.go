package workload

import "testing"

func TestATokenIsParsed(t *testing.T) {
	want := Token{Epoch: "e", Session: "s", Views: 8, Personal: 2, Revision: 17}
	if got, err := ParseToken(want.String()); err != nil || got != want {
		t.Errorf("ParseToken(%q) = %v, %v; want %v", want, got, err, want)
	}
	for _, s := range []string{"", "e.s.8.2", "e.s.8.2.17.1", "e.s.x.2.17", "e.s.8.x.17", "e.s.8.2.x", "e.s.11.0.0"} {
		if got, err := ParseToken(s); err == nil {
			t.Errorf("ParseToken(%q) = %v; want an error", s, got)
		}
	}
}
