package composer_test

import (
	"fmt"
	"net/http"
	"net/netip"
	"strconv"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"selvedge/composer"
)

// loses is a handler that ends its connection without an answer.
func loses(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// hangs is a handler that does not answer.
func hangs(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// fromHeader takes the address of a visitor from the field X-Client, in place of
// the address of a connection that these tests do not have.
func fromHeader(r *http.Request) netip.Addr {
	addr, _ := netip.ParseAddr(r.Header.Get("X-Client"))
	return addr
}

// attack sends 30 requests a second for ten seconds, and between them those of
// another visitor, all of which want 200.
func attack(t *testing.T, b *bubbled, broken, healthy string, client func(i int) string) (refused int) {
	t.Helper()
	for i := range 300 {
		go func() { b.ask(t, "GET "+broken+"|X-Client: "+client(i)) }()
		time.Sleep(time.Second / 30)
		if got := b.ask(t, "GET "+healthy+"?"+strconv.Itoa(i)+"|X-Client: 198.51.100.7"); got.status != 200 || got.err != nil {
			refused++
		}
	}
	time.Sleep(time.Minute)
	return refused
}

func oneClient(int) string { return "192.0.2.1" }

func TestOneBrokenAddressOfAnOriginIsNotItsEnd(t *testing.T) {
	tests := []struct {
		name   string
		broken http.HandlerFunc
		client func(i int) string
	}{
		{"it answers 500, to whoever asks", status(500, "broken"), func(int) string { return "" }},
		{"it answers 503, to whoever asks", status(503, "broken"), func(int) string { return "" }},
		{"it is no HTTP, to whoever asks", garbage, func(int) string { return "" }},
		{"it loses its connections to one visitor", loses, oneClient},
		{"it hangs for one visitor", hangs, oneClient},
		{"it hangs for one visitor with a whole IPv6 network", hangs, func(i int) string { return fmt.Sprintf("2001:db8:1:2::%x", i+1) }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newBubble(t, composer.Options{ClientAddress: fromHeader, ActionTimeout: 2 * time.Second, PageTimeout: 2 * time.Second},
					paths{"/broken": test.broken, "/": status(200, "well")}.serve)
				if n := attack(t, b, "/broken", "/", test.client); n > 0 {
					t.Errorf("%d of 300 requests for another address were not answered; want none", n)
				}
			})
		})
	}
}

// garbage answers what no client of HTTP understands.
func garbage(w http.ResponseWriter, _ *http.Request) {
	c, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(err)
	}
	_, _ = c.Write([]byte("what?\r\n\r\n"))
	_ = c.Close()
}

// TestAnOriginThatLosesAllConnectionsIsGivenUp is what the breaker is for: the
// failures are those of many visitors.
func TestAnOriginThatLosesAllConnectionsIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBubble(t, composer.Options{ClientAddress: fromHeader}, loses)
		refused := 0
		for i := range 100 {
			if got := b.ask(t, fmt.Sprintf("GET /%d|X-Client: 192.0.2.%d", i, i)); got.status == 503 {
				refused++
			}
		}
		if refused < 50 {
			t.Errorf("%d of 100 visitors were refused at once; want most", refused)
		}
	})
}

// TestABrokenRouteOfAFragmentIsNotItsEnd has one route of a fragment fail for
// all, which is given up, while the others go on.
func TestABrokenRouteOfAFragmentIsNotItsEnd(t *testing.T) {
	tests := []struct {
		name   string
		broken http.HandlerFunc
	}{
		{"it answers 500", status(500, "broken")},
		{"it panics", func(http.ResponseWriter, *http.Request) { panic("broken") }},
		{"it hangs", hangs},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var asked atomic.Int32
				c := newComposer(t, composer.Options{MaxWait: time.Second, CacheSize: -1}, fragments{"f": paths{
					"/items/1": func(w http.ResponseWriter, r *http.Request) { asked.Add(1); test.broken(w, r) },
					"/mini":    piece("mini"),
				}.serve}, nil)
				b := &bubbled{Composer: c, proxy: c.Fragment()}
				for range 60 {
					go b.ask(t, "GET /fragments/f/items/1")
					time.Sleep(10 * time.Millisecond)
				}
				time.Sleep(time.Second)
				b.ask(t, "GET /fragments/f/items/1") // which may be to see whether it is back
				before := asked.Load()
				if got := b.ask(t, "GET /fragments/f/items/1"); got.status != 503 || asked.Load() != before {
					t.Errorf("the broken route answers %d; want 503, because it is given up", got.status)
				}
				if got := b.ask(t, "GET /fragments/f/mini"); got.status != 200 {
					t.Errorf("another route answers %d; want 200", got.status)
				}
			})
		})
	}
}

// TestOneVisitorDoesNotEndARouteOfAFragment has it fail for one visitor only.
func TestOneVisitorDoesNotEndARouteOfAFragment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newComposer(t, composer.Options{ClientAddress: fromHeader, CacheSize: -1}, fragments{"f": func(w http.ResponseWriter, r *http.Request) {
			if r.URL.RawQuery == "fails" {
				w.WriteHeader(500)
			}
		}}, nil)
		b := &bubbled{Composer: c, proxy: c.Forward("f")}
		if n := attack(t, b, "/x?fails", "/x", oneClient); n > 0 {
			t.Errorf("%d of 300 requests of others were not answered; want none", n)
		}
	})
}
