package composer_test

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"selvedge/composer"
)

// origin answers by path, and remembers what it was asked.
type origin struct {
	documents map[string]http.HandlerFunc
	url       *url.URL
	proxy     *site

	mu    sync.Mutex
	asked []*http.Request
}

// before returns an origin with documents, and a proxy before it.
func before(t *testing.T, o composer.Options, documents map[string]http.HandlerFunc) *origin {
	behind := &origin{documents: documents}
	behind.url = remote(t, behind.ServeHTTP)
	behind.proxy = proxyBefore(t, o, behind.url)
	return behind
}

// port is where the proxy listens.
func (o *origin) port() string {
	return o.proxy.server.URL[strings.LastIndex(o.proxy.server.URL, ":")+1:]
}

func (o *origin) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	o.asked = append(o.asked, r.Clone(context.WithoutCancel(r.Context())))
	o.mu.Unlock()
	if answer := o.documents[r.URL.Path]; answer != nil {
		answer(w, r)
		return
	}
	http.NotFound(w, r)
}

// requests returns what was asked for a path.
func (o *origin) requests(path string) []*http.Request {
	o.mu.Lock()
	defer o.mu.Unlock()
	var all []*http.Request
	for _, r := range o.asked {
		if r.URL.Path == path {
			all = append(all, r)
		}
	}
	return all
}

// request returns the only request for a path.
func (o *origin) request(t *testing.T, path string) *http.Request {
	t.Helper()
	all := o.requests(path)
	if len(all) != 1 {
		t.Fatalf("%s was asked for %d times; want once", path, len(all))
	}
	return all[0]
}

// targets returns the request targets of what was asked, in order, without
// those of the document at root.
func (o *origin) targets() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	var all []string
	for _, r := range o.asked {
		if r.URL.Path != "/" {
			all = append(all, r.RequestURI)
		}
	}
	return all
}

// answering answers with header lines and a body: "Content-Type: text/html|X: y".
func answering(header, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		if header != "" {
			set(w, strings.Split(header, "|")...)
		}
		_, _ = io.WriteString(w, body)
	}
}

// redirecting answers with a redirect.
func redirecting(location string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", location)
		w.WriteHeader(http.StatusFound)
	}
}
