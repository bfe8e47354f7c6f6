package loadgen

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestVerifyNoticesAnotherPage(t *testing.T) {
	const page = "<p>one</p><p>two</p>"
	for _, test := range []struct {
		name string
		page http.HandlerFunc
		want string // in the error; empty: there is none
	}{
		{"the same page", answers(page, page), ""},
		{"a byte is another", answers("<p>one</p><p>Two</p>", page), "20 bytes, which differ from the 20 of the page at byte 13"},
		{"a fragment is missing", answers("<p>one</p>", page), "10 bytes, which differ from the 20 of the page at byte 10"},
		{"an error with the same bytes", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusBadGateway)
			_, _ = w.Write([]byte(page))
		}, "status 502"},
		{"the stored page is another", answers(page, "<p>one</p><esi:include/>"), "at byte 11"},
		{"a page that is cut", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "20")
			_, _ = w.Write([]byte(page[:10]))
		}, "unexpected EOF"},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := httptest.NewServer(test.page)
			defer server.Close()
			err := Verify(t.Context(), server.URL, []byte(page))
			if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
				t.Errorf("Verify = %v; want %q", err, test.want)
			}
		})
	}
}

// answers answers each request with the next text.
func answers(texts ...string) http.HandlerFunc {
	n := 0
	return func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(texts[n]))
		n++
	}
}
