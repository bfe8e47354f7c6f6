package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

// send writes bytes to the server and reads the first answer.
func (s *testShop) send(request string) answer {
	s.t.Helper()
	c, err := (&net.Dialer{}).DialContext(s.t.Context(), "tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	if _, err := fmt.Fprint(c, request); err != nil {
		s.t.Fatal(err)
	}
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer{res, string(body)}
}

// TestTheFrontTellsWhatItRefuses looks that every command that serves has the
// gate in front, and that people and programs are told.
func TestTheFrontTellsWhatItRefuses(t *testing.T) {
	tests := []struct {
		name, request string // the request without its end
		want          int
	}{
		{"dots in disguise", "GET /products/..;/x HTTP/1.1\r\nHost: shop", 400},
		{"an encoded slash", "GET /products%2F1 HTTP/1.1\r\nHost: shop", 400},
		{"TRACE of a page", "TRACE / HTTP/1.1\r\nHost: shop", 405},
		{"TRACE of the API", "TRACE /api/cart HTTP/1.1\r\nHost: shop", 405},
		{"TRACE of a fragment", "TRACE /fragments/cart/mini HTTP/1.1\r\nHost: shop", 405},
		{"CONNECT", "CONNECT shop:80 HTTP/1.1\r\nHost: shop", 405},
		{"a Host that is none", "GET / HTTP/1.1\r\nHost: $(evil)", 400},
	}
	for _, command := range [][]string{{"serve"}, {"fragment", "cart"}} {
		s := startShop(t, command...)
		for _, test := range tests {
			t.Run(command[0]+" "+test.name, func(t *testing.T) {
				person := s.send(test.request + "\r\nAccept: " + acceptPage + "\r\n\r\n")
				d := person.document(t)
				if person.StatusCode != test.want || d.Find("main h1").Length() != 1 || d.Find("main p").First().Text() == "" {
					t.Errorf("a person gets %d; want %d and a page that says why\n%s", person.StatusCode, test.want, person.body)
				}
				if strings.Contains(person.body, "evil") {
					t.Errorf("the page was made for the Host of the request:\n%s", person.body)
				}
				program := s.send(test.request + "\r\nAccept: application/json\r\n\r\n")
				if program.StatusCode != test.want {
					t.Errorf("a program gets %d; want %d", program.StatusCode, test.want)
				}
				checkProgramIsTold(t, program)
			})
		}
		if log := s.log.String(); strings.Contains(log, "level=ERROR") {
			t.Errorf("what was refused was logged as an error of ours:\n%s", log)
		}
	}
}

// TestAnAddressSaysWhatItAnswers: a 405 has to name the methods (RFC 9110
// §15.5.6), whoever it is for.
func TestAnAddressSaysWhatItAnswers(t *testing.T) {
	all, alone := startShop(t), startShop(t, "fragment", "cart")
	proxy := startProxy(t, func(http.ResponseWriter, *http.Request) {})
	tests := []struct {
		name, method, path string
		server             *testShop
		want               int
		allow              string
	}{
		{"a page", "DELETE", "/cart", all, 405, "GET, HEAD"},
		{"a page for OPTIONS", "OPTIONS", "/products/1", all, 405, "GET, HEAD"},
		{"a page for a method that nobody knows", "FOO", "/cart", all, 405, "GET, HEAD"},
		{"a fragment's route", "DELETE", "/api/cart", all, 405, "GET, HEAD, PATCH, POST"},
		{"a live connection", "POST", "/live", all, 405, "GET"},
		{"what invalidates", "GET", "/-/invalidate", all, 405, "POST"},
		{"nothing for a method that nobody knows", "FOO", "/nothing", all, 404, ""},
		{"a route of a fragment alone", "DELETE", "/api/cart", alone, 405, "GET, HEAD, PATCH, POST"},
		{"what invalidates, of a proxy", "GET", "/-/invalidate", proxy, 405, "POST"},
		{"whether a proxy is healthy", "PUT", "/-/healthz", proxy, 405, "GET, HEAD"},
		{"nothing, of a proxy", "FOO", "/-/nothing", proxy, 404, ""},
	}
	for _, test := range tests {
		for _, accept := range []string{acceptPage, "application/json"} {
			a := test.server.send(test.method + " " + test.path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: " + accept + "\r\n\r\n")
			if a.StatusCode != test.want || a.Header.Get("Allow") != test.allow {
				t.Errorf("%s for %s: %d, Allow %q; want %d, %q", test.name, accept, a.StatusCode, a.Header.Get("Allow"), test.want, test.allow)
			}
		}
	}
}

func TestTheServerGoesByTheNamesOfItsHostFlags(t *testing.T) {
	s := startShop(t, "--host", "shop.example", "--host", "127.0.0.1")
	if got := s.page("/").StatusCode; got != http.StatusOK {
		t.Errorf("by its address it answers %d; want 200", got)
	}
	got := s.send("GET / HTTP/1.1\r\nHost: evil.example\r\nAccept: " + acceptPage + "\r\n\r\n")
	if got.StatusCode != http.StatusMisdirectedRequest || strings.Contains(got.body, "evil.example") {
		t.Errorf("by another name it answers %d; want 421 and a page without that name\n%s", got.StatusCode, got.body)
	}
}
