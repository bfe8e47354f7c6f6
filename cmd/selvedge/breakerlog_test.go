package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"

	"selvedge/fragments/standalone"
)

// unreliable is a server that fails on demand: it hangs up, or answers 503.
type unreliable struct {
	*httptest.Server
	mode atomic.Int32
}

const (
	answering int32 = iota
	hangingUp
	refusing
)

func startUnreliable(t *testing.T) *unreliable {
	u := new(unreliable)
	u.Server = httptest.NewServer(u)
	t.Cleanup(u.Close)
	return u
}

func (u *unreliable) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path == standalone.ManifestPath:
		_, _ = io.WriteString(w, `{"name": "cart", "version": "1.0.0"}`)
	case u.mode.Load() == hangingUp:
		panic(http.ErrAbortHandler)
	case u.mode.Load() == refusing:
		w.WriteHeader(http.StatusServiceUnavailable)
	default:
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, `<a id="cart-mini" href="/cart">cart</a>`)
	}
}

// TestTheLogOfABreaker has a source fail until it is given up, and come back: each
// change of its breaker is in the log of the program, with the source and the
// reason.
func TestTheLogOfABreaker(t *testing.T) {
	inProxy := func(t *testing.T, u *unreliable) *testShop {
		return startHere(t, "selvedge", "proxy", u.URL, "--listen", "127.0.0.1:0", "--log", "text")
	}
	inShop := func(t *testing.T, u *unreliable) *testShop {
		s := startShop(t, "--fragment", "cart="+u.URL)
		s.knows("1.0.0")
		return s
	}
	tests := []struct {
		name   string
		start  func(t *testing.T, u *unreliable) *testShop
		mode   int32
		source string // as the log has it
		reason string
	}{
		{"the origin of a proxy that hangs up", inProxy, hangingUp, "source=127.0.0.1:", "connection"},
		{"a fragment of the shop that answers 503", inShop, refusing, `route="GET /mini" source=cart `, `"status 503"`},
		{"a fragment of the shop that hangs up", inShop, hangingUp, `route="GET /mini" source=cart `, "connection"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			u := startUnreliable(t)
			s := test.start(t, u)
			crowd := func() {
				var all sync.WaitGroup
				for range 30 {
					all.Go(func() { s.page("/") })
				}
				all.Wait()
			}
			u.mode.Store(test.mode)
			opened := "breaker=open reason=" + test.reason + " failures="
			eventually(t, "the breaker opens", func() bool { crowd(); return s.findLine(test.source, opened) != "" })
			u.mode.Store(answering)
			eventually(t, "the breaker closes", func() bool { s.page("/"); return s.findLine(test.source, "breaker=closed") != "" })
			s.logLine("level=WARN", test.source, opened)
			s.logLine("level=INFO", test.source, `breaker=half-open reason="not asked for 1.25s"`)
			s.logLine("level=INFO", test.source, `breaker=closed reason="it answered"`)
		})
	}
}
