package composer_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
)

// TestABadResponseIs502ForEveryMethod has a source answer what servers and caches
// read differently (response smuggling), or what is no response.
func TestABadResponseIs502ForEveryMethod(t *testing.T) {
	const ok = "HTTP/1.1 200 OK\r\nCache-Control: max-age=3600\r\n"
	responses := map[string]string{
		"a length and a coding of the transfer":                ok + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
		"a coding of the transfer and a length":                ok + "transfer-encoding:chunked\r\nX: y\r\ncontent-length:\r\n 3\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
		"both after an informational response":                 "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + ok + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
		"both in a response without a body":                    "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n",
		"both beyond a long field":                             ok + "X: " + strings.Repeat("x", 10_000) + "\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
		"a coding of the transfer by HTTP/1.0 (§6.1)":          "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
		"both by HTTP/1.0":                                     "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nabc",
		"two codings of the transfer":                          ok + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
		"a coding of the transfer that is not known":           ok + "Transfer-Encoding: gzip, chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
		"two lengths that differ":                              ok + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
		"a list of lengths that differ":                        ok + "Content-Length: 3, 4\r\n\r\nabcd",
		"two lengths that differ in a response without a body": "HTTP/1.1 304 Not Modified\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n",
		"a length with a sign":                                 ok + "Content-Length: +3\r\n\r\nabc",
		"a space before the colon":                             "HTTP/1.1 200 OK\r\nContent-Length : 3\r\nConnection: close\r\n\r\nabc",
		"a status below 100":                                   "HTTP/1.1 099 What\r\nContent-Length: 3\r\n\r\nabc",
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

// TestAnAmbiguousResponseEndsItsConnection has a source answer the first request
// with two lengths that differ, and keep the connection. The response is stored
// nowhere, and the next request has another connection.
func TestAnAmbiguousResponseEndsItsConnection(t *testing.T) {
	for _, way := range actions {
		if way.name == "to a fragment of this process" {
			continue
		}
		for _, method := range []string{"GET", "POST"} {
			t.Run(way.name+" by "+method, func(t *testing.T) {
				var asked atomic.Int32
				ended := make(chan struct{})
				source := func(w http.ResponseWriter, _ *http.Request) {
					if asked.Add(1) > 1 {
						_, _ = io.WriteString(w, "good")
						return
					}
					c, in, err := http.NewResponseController(w).Hijack()
					if err != nil {
						panic(err)
					}
					_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nCache-Control: max-age=3600\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nbad\r\n0\r\n\r\n")
					_, _ = io.Copy(io.Discard, in)
					_ = c.Close()
					close(ended)
				}
				s := &site{server: way.open(t, source)}
				for _, want := range []string{"502", "200 good"} {
					got := s.do(t, s.request(t, method, "/api/x", strings.NewReader("")))
					if text := fmt.Sprint(got.status, " ", got.body); !strings.HasPrefix(text, want) {
						t.Errorf("answer = %s; want %s", text, want)
					}
					<-ended
				}
			})
		}
	}
}
