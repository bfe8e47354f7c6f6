package main

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// broken is an origin whose pages cannot be completed.
func broken(w http.ResponseWriter, r *http.Request) {
	answer := func(status int, body string) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
	switch r.URL.Path {
	case "/gone":
		panic(http.ErrAbortHandler)
	case "/part/lost":
		answer(http.StatusNotFound, "secret")
	case "/part/refused":
		w.Header().Set("Selvedge-Error", "show")
		answer(http.StatusUnprocessableEntity, "<p>choose a size</p>")
	case "/part/broken":
		answer(http.StatusServiceUnavailable, "secret")
	default:
		w.Header().Set("Surrogate-Control", `content="ESI/1.0"`)
		answer(http.StatusOK, `secret<esi:include src="/part`+r.URL.Path+`" primary="primary"/>`)
	}
}

func TestWhatAProxySaysWhenThereIsNoAnswer(t *testing.T) {
	s := startProxy(t, broken)
	tests := []struct {
		name, path string
		status     int
		person     string // what a person reads
		program    string // what a program gets
	}{
		{"an origin that cannot be reached", "/gone", 502, "This page is out of reach", `"title":"This page is out of reach"`},
		{"a page whose primary include is broken", "/broken", 503, "This page is out of reach", `"status":503`},
		{"a page whose primary include does not exist", "/lost", 404, "There is nothing at this address.", `"status":404`},
		{"a page whose primary include refuses with words", "/refused", 422, "<p>choose a size</p>", `"status":422`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			person := s.page(test.path)
			if person.StatusCode != test.status || !strings.Contains(person.body, test.person) || !strings.HasPrefix(person.body, "<!DOCTYPE html>") {
				t.Errorf("a person gets %d %s; want %d and a page with %q", person.StatusCode, person.body, test.status, test.person)
			}
			program := s.do(http.MethodGet, test.path, "", "Accept", "application/json")
			if program.StatusCode != test.status || !strings.Contains(program.body, test.program) || program.Header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("a program gets %d %s; want %d and %s", program.StatusCode, program.body, test.status, test.program)
			}
			for _, a := range []answer{person, program} {
				if said := a.Header.Get("Retry-After") != ""; said != (test.status == http.StatusServiceUnavailable) {
					t.Errorf("Retry-After is %q with %d; want it with 503 only", a.Header.Get("Retry-After"), test.status)
				}
				if strings.Contains(a.body, "secret") || strings.Contains(a.body, "/part") || a.Header.Get("Selvedge-Error") != "" {
					t.Errorf("answer %v %s; want nothing of the page, and no cause", a.Header, a.body)
				}
				id := a.Header.Get("X-Request-Id")
				if shown := strings.Contains(a.body, id); id == "" || shown != (test.status >= 500) {
					t.Errorf("answer %s; want its number %q if the error is not the visitor's", a.body, id)
				}
				if a.Header.Get("Cache-Control") != "no-store" || a.Header.Get("Vary") != "Accept" {
					t.Errorf("header %v; want an answer that nobody keeps, for who asked like this", a.Header)
				}
			}
		})
	}
}
