package main

import (
	"net/http"
	"strings"
	"testing"

	"selvedge/composer/server"
)

// TestFieldsWithUnderscoresAreDropped asks twice, and wants the request served
// without the fields and the log to say so once.
func TestFieldsWithUnderscoresAreDropped(t *testing.T) {
	one := request("GET /", "X_Forwarded_For: 10.0.0.1", "X-Forwarded_Host: evil", "X-Value: a_b")
	x := onTheWire(t, server.RequestCheck{PassThrough: true}, []byte(one+one))
	if len(x.reached) != 2 {
		t.Fatalf("%d requests reach the site, answered %d; want 2", len(x.reached), x.statuses())
	}
	for _, r := range x.reached {
		if r.Header.Get("X-Value") != "a_b" {
			t.Errorf("X-Value = %q; want a_b", r.Header.Get("X-Value"))
		}
		checkNoUnderscore(t, r.Header)
	}
	if got := strings.Count(x.log, "underscore"); got != 1 {
		t.Errorf("the log names underscores %d times; want once:\n%s", got, x.log)
	}
}

func checkNoUnderscore(t *testing.T, h http.Header) {
	t.Helper()
	for name := range h {
		if strings.Contains(name, "_") {
			t.Errorf("a request with %q is let through", name)
		}
	}
}
