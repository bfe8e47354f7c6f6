package composer_test

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"selvedge/composer"
)

// TestNothingOfAVisitorIsStoredForOthers sends what is no part of a key, and
// looks for it in what the next visitor gets (cache poisoning).
func TestNothingOfAVisitorIsStoredForOthers(t *testing.T) {
	poison := []string{
		"X-Forwarded-Host: evil", "X-Forwarded-Proto: evil", "X-Forwarded-For: evil", "X-Forwarded-Port: evil", "X-Forwarded-Prefix: /evil", "X-Forwarded-Server: evil",
		"X-Forwarded-Scheme: evil", "X-Host: evil", "X-Original-Url: /evil", "X-Original-Host: evil", "X-Rewrite-Url: /evil", "X-Real-Ip: evil", "Forwarded: host=evil",
		"X-Esi-Level: evil", "Selvedge-Timeout: evil", "Via: 1.1 evil (evil)", "Range: bytes=0-1", `If-None-Match: "evil"`, "Connection: evil", "Keep-Alive: evil", "Te: evil",
	}
	// Everything that an origin could write into a page, but for what we say
	// ourselves and what it would have to name in Vary.
	echo := func(w http.ResponseWriter, r *http.Request) {
		set(w, "Cache-Control: max-age=60", htmlType)
		_, _ = fmt.Fprintf(w, "%s %s %s", r.Method, r.Host, r.RequestURI)
		for _, name := range slices.Sorted(func(yield func(string) bool) {
			for name := range r.Header {
				if !yield(name) {
					return
				}
			}
		}) {
			if name != "Via" && name != "X-Request-Id" {
				_, _ = fmt.Fprintf(w, "\n%s: %q", name, r.Header[name])
			}
		}
	}
	for _, line := range poison {
		name, value, _ := strings.Cut(line, ": ")
		o := before(t, composer.Options{}, map[string]http.HandlerFunc{"/": echo, "/part": echo, "/page": func(w http.ResponseWriter, r *http.Request) {
			set(w, "Cache-Control: max-age=60", optIn[:len(htmlType)], `Surrogate-Control: content="ESI/1.0"`)
			_, _ = io.WriteString(w, `<esi:include src="/part"/>`)
		}})
		for _, target := range []string{"/", "/page"} {
			r := o.proxy.request(t, http.MethodGet, target, nil)
			r.Header.Set(name, value)
			o.proxy.do(t, r)
			if got := o.proxy.get(t, target); strings.Contains(got.body, "evil") || got.status != http.StatusOK || len(got.body) < 10 {
				t.Errorf("after one with %s, another visitor gets %d %s", line, got.status, got.body)
			}
		}
	}
}

// TestAHostIsAPartOfTheKey holds for pages and for what they include: a client
// that claims another Host gets what is made for that, and nobody else does.
func TestAHostIsAPartOfTheKey(t *testing.T) {
	echo := func(w http.ResponseWriter, r *http.Request) {
		set(w, "Cache-Control: max-age=60", htmlType)
		_, _ = io.WriteString(w, r.Host+r.Header.Get("X-Forwarded-Host"))
	}
	o := before(t, composer.Options{}, map[string]http.HandlerFunc{
		"/": echo, "/part": echo, "/page": answering(optIn+"|Cache-Control: max-age=60", `<esi:include src="/part"/>`),
	})
	for _, target := range []string{"/", "/page"} {
		for _, host := range []string{"evil.example", "shop.example", "shop.example:81"} {
			r := o.proxy.request(t, http.MethodGet, target, nil)
			r.Host = host
			if a := o.proxy.do(t, r); !strings.Contains(a.body, host) || strings.Contains(a.body, "evil") != (host == "evil.example") {
				t.Errorf("%s at %s is %q; want one made for it", target, host, a.body)
			}
		}
	}
}
