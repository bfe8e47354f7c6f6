package composer

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"sync/atomic"
	"testing"

	"selvedge/composer/internal/dnstest"
	"selvedge/composer/internal/header"
)

// TestANameThatLeadsInsideIsNotDialed lets the owner of an allowed name have it
// lead to a server inside (DNS rebinding), which a page then includes.
func TestANameThatLeadsInsideIsNotDialed(t *testing.T) {
	resolver := net.DefaultResolver
	net.DefaultResolver = dnstest.Resolver(netip.MustParseAddr("127.0.0.1"))
	defer func() { net.DefaultResolver = resolver }()

	var reached atomic.Int32
	inside := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		reached.Add(1)
		_, _ = io.WriteString(w, "secret")
	}))
	defer inside.Close()
	_, port, _ := net.SplitHostPort(inside.Listener.Addr().String())
	origin := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set(header.SurrogateControl, `content="ESI/1.0"`)
		_, _ = io.WriteString(w, `<esi:include src="http://shop.example:`+port+`/">denied</esi:include>`)
	}))
	defer origin.Close()
	at, err := url.Parse(origin.URL)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name    string
		allowed []string
		want    string
		reached int32
	}{
		{"its name is allowed", []string{"shop.example"}, "denied", 0},
		{"its name and where it leads are", []string{"shop.example", "127.0.0.1", "localhost"}, "denied", 0},
		{"names may lead there", []string{"shop.example", "127.0.0.0/8"}, "secret", 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			reached.Store(0)
			c, err := New(NewRegistry(), Options{Origin: at, AllowHosts: test.allowed, Logger: slog.New(slog.DiscardHandler)})
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			w := httptest.NewRecorder()
			c.Proxy().ServeHTTP(w, httptest.NewRequestWithContext(context.WithoutCancel(t.Context()), http.MethodGet, "/", nil))
			if got := w.Body.String(); got != test.want || reached.Load() != test.reached {
				t.Errorf("with %q the include is %q and the server inside was reached %d times; want %q and %d", test.allowed, got, reached.Load(), test.want, test.reached)
			}
		})
	}
}
