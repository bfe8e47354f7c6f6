package server_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"

	"selvedge/composer/server"
)

func Example() {
	hosts, err := server.ParseHosts([]string{"shop.example"})
	if err != nil {
		fmt.Println(err)
		return
	}
	check := server.RequestCheck{
		Hosts: hosts,
		Refuse: func(w http.ResponseWriter, _ *http.Request, err *server.RequestError) {
			http.Error(w, err.Detail, err.Status)
		},
	}
	page := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprintln(w, "a page for", server.ClientAddress(r))
	})
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	untrusted := func(peer string) { fmt.Println("a proxy is not trusted:", peer) }
	handler := server.TrustProxies(proxies, untrusted, check.Handler(page))

	for _, test := range []struct{ peer, url string }{
		{"10.0.0.1:4711", "http://shop.example/"},
		{"192.0.2.1:4711", "http://shop.example/"},
		{"192.0.2.2:4711", "http://elsewhere.example/"},
	} {
		r := httptest.NewRequest(http.MethodGet, test.url, nil)
		r.RemoteAddr = test.peer
		r.Header.Set("X-Forwarded-For", "203.0.113.9")
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		fmt.Print(w.Code, " ", w.Body)
	}
	// Output:
	// 200 a page for 203.0.113.9
	// a proxy is not trusted: 192.0.2.1:4711
	// 200 a page for invalid IP
	// 421 This server does not go by the name that the request was sent to.
}
