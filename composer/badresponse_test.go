package composer_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// TestABadResponseIs502ForEveryMethod has a source answer what servers and caches
// read differently (response smuggling), or what is no response.
func TestABadResponseIs502ForEveryMethod(t *testing.T) {
	responses := map[string]string{
		"a space before the colon": "HTTP/1.1 200 OK\r\nContent-Length : 3\r\nConnection: close\r\n\r\nabc",
		"a status below 100":       "HTTP/1.1 099 What\r\nContent-Length: 3\r\n\r\nabc",
	}
	for name, response := range responses {
		source := func(w http.ResponseWriter, _ *http.Request) {
			c, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				panic(err)
			}
			_, _ = io.WriteString(c, response)
			_ = c.Close()
		}
		for _, way := range actions {
			if way.name == "to a fragment of this process" {
				continue
			}
			for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} {
				t.Run(name+" "+way.name+" by "+method, func(t *testing.T) {
					s := &site{server: way.open(t, source)}
					if got := s.do(t, s.request(t, method, "/api/x", strings.NewReader(""))); got.status != http.StatusBadGateway {
						t.Errorf("answer = %d %q; want 502", got.status, got.body)
					}
				})
			}
		}
	}
}
