package composer_test

import (
	"net/http"
	"testing"

	"selvedge/composer"
)

func TestTemplatesSeeTheCookiesThatTheyAreAllowed(t *testing.T) {
	page := template(`<esi:vars>[$(HTTP_COOKIE{group})][$(HTTP_COOKIE{session})]</esi:vars>`)
	tests := []struct {
		name    string
		allowed []string
		want    string
	}{
		{"none unless they are named", nil, "[][]"},
		{"one that is named", []string{"group"}, "[gold][]"},
		{"all with a star", []string{"*"}, "[gold][secret]"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := newComposer(t, composer.Options{ESICookies: test.allowed}, fragments{"page": page}, nil)
			r := request(t, http.MethodGet, "/")
			r.Header.Set("Cookie", "group=gold; session=secret")
			w := newRecording()
			c.Page("page").ServeHTTP(w, r)
			if got := w.body.String(); got != test.want {
				t.Errorf("the page is %q; want %q", got, test.want)
			}
		})
	}
}
