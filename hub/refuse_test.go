package hub_test

import (
	"context"
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/coder/websocket"
	"github.com/google/go-cmp/cmp"

	"selvedge/hub"
)

// TestAStockClientIsToldThatItsPageIsOutdated: it stays away after the close code,
// and shows what comes before.
func TestAStockClientIsToldThatItsPageIsOutdated(t *testing.T) {
	s := start(t, hub.Options{})
	for _, name := range []string{"expired", "foreign"} {
		p := s.dial(t, name)
		p.want(`<div id="live-message" hx-swap-oob="innerHTML">This page is out of date. <a href="">Load the page again</a></div>`)
		p.wantClose(outdated)
	}
}

// outdated is the close code of a page that is to be loaded again.
const outdated = 4001

func TestTokensThatAreRefused(t *testing.T) {
	s := start(t, hub.Options{})
	for name, code := range map[string]websocket.StatusCode{
		"forged": websocket.StatusPolicyViolation, "": websocket.StatusPolicyViolation,
		"not a token": websocket.StatusPolicyViolation,
		"expired":     outdated, "foreign": outdated,
	} {
		t.Run(name, func(t *testing.T) {
			s.dial(t, name).wantClose(code)
			for _, accept := range []string{"text/event-stream", "text/html"} {
				resp := s.get(t.Context(), t, name, http.Header{"Accept": {accept}})
				if resp.StatusCode != http.StatusForbidden {
					t.Errorf("GET of %s = %d; want %d", accept, resp.StatusCode, http.StatusForbidden)
				}
			}
		})
	}
	want := map[string]int64{
		"bad page token":                9,
		"page token expired":            3,
		"page token of another session": 3,
	}
	if diff := cmp.Diff(want, s.Stats().Refused); diff != "" {
		t.Errorf("Stats().Refused (-want +got):\n%s", diff)
	}
}

func TestOrigins(t *testing.T) {
	s := start(t, hub.Options{Origins: []string{"https://Shop.example", "http://shop.example:8080"}})
	tests := []struct {
		name, origin, cookie string
		accepted             bool
	}{
		{"the request's own", s.address, "session=1", true},
		{"on the list", "https://shop.example", "session=1", true},
		{"on the list, with its port", "https://shop.example:443", "session=1", true},
		{"on the list, with another port", "http://shop.example:8080", "session=1", true},
		{"on the list, with another scheme", "http://shop.example", "session=1", false},
		{"on the list, with a port that is not", "https://shop.example:444", "session=1", false},
		{"of another host", "https://evil.example", "", false},
		{"that ends like one on the list", "https://evil-shop.example", "", false},
		{"that begins like one on the list", "https://shop.example.evil.example", "", false},
		{"with a user", "https://shop.example@evil.example", "", false},
		{"of a sandbox", "null", "session=1", false},
		{"own host, other port", "http://127.0.0.1:1", "session=1", false},
		{"none, without a cookie", "", "", true},
		{"none, with a cookie", "", "session=1", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			header := make(http.Header)
			for name, value := range map[string]string{"Origin": tt.origin, "Cookie": tt.cookie} {
				if value != "" {
					header.Set(name, value)
				}
			}
			s.set("a", 2)
			p := s.dialWith(t, token(shown("a", 1)), websocket.DialOptions{HTTPHeader: header})
			if tt.accepted {
				p.want(swapped("a", 2))
			} else {
				p.wantClose(websocket.StatusPolicyViolation)
			}
		})
	}
}

func TestOriginsOfOtherTransports(t *testing.T) {
	s := start(t, hub.Options{})
	for origin, want := range map[string]int{
		"":                     http.StatusNotModified, // as browsers do within one origin
		s.address:              http.StatusNotModified,
		"https://evil.example": http.StatusForbidden,
	} {
		header := http.Header{"Cookie": {"session=1"}}
		if origin != "" {
			header.Set("Origin", origin)
		}
		if got := s.get(t.Context(), t, token(), header).StatusCode; got != want {
			t.Errorf("poll with origin %q = %d; want %d", origin, got, want)
		}
	}
}

func TestOriginsThatCannotBeListed(t *testing.T) {
	for _, origin := range []string{"shop.example", "*", "https://", "https://shop.example/path", "https://a b", "ftp://shop.example"} {
		if _, err := hub.New(newPages(), hub.Options{Origins: []string{origin}}); err == nil {
			t.Errorf("New with the origin %q: nil; want an error", origin)
		}
	}
}

func TestLimits(t *testing.T) {
	views := func(n int) []hub.Shown {
		names := []string{"a", "b", "c", "d"}
		var all []hub.Shown
		for _, name := range names[:n] {
			all = append(all, shown(name, 0))
		}
		return all
	}
	of := func(session string) string {
		return pageToken(hub.Page{Session: session, Epoch: epoch, Views: views(1)})
	}
	tests := []struct {
		name     string
		options  hub.Options
		fill     []string // tokens that are accepted
		over     string   // one that is not
		then     string   // one that still is
		refusals string
	}{
		{
			"connections of a session", hub.Options{PerSession: 2},
			[]string{of("x"), of("x")}, of("x"), of("y"), "too many connections of this session",
		},
		{
			"connections of an address", hub.Options{PerAddress: 2},
			[]string{of("x"), of("y")}, of("z"), "", "too many connections of this address",
		},
		{
			"views of a connection", hub.Options{Views: 3},
			[]string{token(views(3)...)}, token(views(4)...), token(views(3)...), "too many views",
		},
		{
			"accepts a second", hub.Options{AcceptsPerSecond: 2},
			[]string{of("x"), of("y")}, of("z"), "", "too many connections at once",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := start(t, tt.options)
			for _, name := range []string{"a", "b", "c", "d"} {
				s.set(name, 1)
			}
			var accepted []*page
			for _, token := range tt.fill {
				p := s.dial(t, token)
				p.read()
				accepted = append(accepted, p)
			}
			s.dial(t, tt.over).wantClose(websocket.StatusTryAgainLater)
			resp := s.get(t.Context(), t, tt.over, http.Header{"Accept": {"text/event-stream"}})
			if resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("Retry-After") == "" {
				t.Errorf("event stream over the limit = %d; want %d with Retry-After", resp.StatusCode, http.StatusServiceUnavailable)
			}
			if tt.then != "" {
				s.dial(t, tt.then).read()
			}
			if diff := cmp.Diff(map[string]int64{tt.refusals: 2}, s.Stats().Refused); diff != "" {
				t.Errorf("Stats().Refused (-want +got):\n%s", diff)
			}
			if tt.options.AcceptsPerSecond == 0 && tt.options.Views == 0 {
				if resp := s.get(t.Context(), t, tt.over, nil); resp.StatusCode != http.StatusOK {
					t.Errorf("poll over the limit = %d; want what the page is behind with", resp.StatusCode)
				}
				before := s.Stats().WebSockets
				_ = accepted[0].ws.CloseNow()
				eventually(t, "there is room again", func() bool { return s.Stats().WebSockets < before })
				s.dial(t, tt.over).read()
			}
		})
	}
}

func TestTheLimitPerAddressCountsNetworks(t *testing.T) {
	s := newServer(t, hub.Options{PerAddress: 1})
	s.closeLater(t)
	gone, leave := context.WithCancel(t.Context())
	leave()
	connect := func(address string) int {
		r := httptest.NewRequestWithContext(gone, http.MethodGet, s.url(token()), nil)
		r.Header.Set("Accept", "text/event-stream")
		r.RemoteAddr = address
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		return w.Code
	}
	stay := httptest.NewRequest(http.MethodGet, s.url(token()), nil)
	stay.Header.Set("Accept", "text/event-stream")
	stay.RemoteAddr = "[2001:db8:1:2::1]:1000"
	go s.ServeHTTP(httptest.NewRecorder(), stay.WithContext(t.Context()))
	eventually(t, "joined", func() bool { return s.Stats().EventStreams == 1 })
	for address, want := range map[string]int{
		"[2001:db8:1:2:ffff::9]:2000": http.StatusServiceUnavailable, // in its /64
		"[2001:db8:1:3::1]:1000":      http.StatusOK,
		"192.0.2.1:1000":              http.StatusOK,
		"[::ffff:192.0.2.1]:1000":     http.StatusOK,
		"@":                           http.StatusOK, // a Unix socket
	} {
		if got := connect(address); got != want {
			t.Errorf("event stream to %s = %d; want %d", address, got, want)
		}
	}
}

func TestTheSchemeIsPartOfTheOrigin(t *testing.T) {
	s := newServer(t, hub.Options{})
	s.closeLater(t)
	r := httptest.NewRequest(http.MethodGet, "http://shop.example/live?page="+token(), nil)
	r.Header.Set("Origin", "https://shop.example")
	for _, tt := range []struct {
		tls  *tls.ConnectionState
		want int
	}{{nil, http.StatusForbidden}, {new(tls.ConnectionState), http.StatusNotModified}} {
		r.TLS = tt.tls
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code != tt.want {
			t.Errorf("poll of an https page, TLS %v = %d; want %d", tt.tls != nil, w.Code, tt.want)
		}
	}
}
