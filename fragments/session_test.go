package fragments_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"selvedge/fragments"
)

func TestSessionIsTheCookieOfTheSite(t *testing.T) {
	id, other := strings.Repeat("0a", 16), strings.Repeat("1b", 16)
	tests := []struct{ name, cookies, want string }{
		{"a site of a file", "selvedge-session=" + id, id},
		{"a fragment alone", "session=" + id, id},
		{"beside a cookie of another program", "session=eyJ1c2VyIjoxfQ.Zk; selvedge-session=" + id, id},
		{"beside one that looks like a session", "session=" + other + "; selvedge-session=" + id, id},
		{"a cookie of another program alone", "session=eyJ1c2VyIjoxfQ.Zk", ""},
		{"other letters", "session=" + strings.Repeat("0G", 16), ""},
		{"no cookie", "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
			r.Header.Set("Cookie", test.cookies)
			if got := fragments.Session(r); got != test.want {
				t.Errorf("Session of %q = %q; want %q", test.cookies, got, test.want)
			}
		})
	}
}
