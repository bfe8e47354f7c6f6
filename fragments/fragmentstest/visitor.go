package fragmentstest

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"selvedge/composer"
	"selvedge/fragments"
	"selvedge/fragments/standalone"
	"selvedge/hub"
)

// InPage returns the page around a fragment at a path, which may have a query, as a browser
// receives it. The same visitor has sent the requests of before, to paths of the fragment.
// The test fails unless the page has the status 200 and each request of before one below
// 400.
func InPage(t testing.TB, f *fragments.Fragment, path string, before ...*http.Request) *goquery.Document {
	t.Helper()
	v := newVisitor(t, f)
	for _, r := range before {
		v.send(r)
	}
	return v.page(path)
}

// Form returns a request for a form of a fragment, with the fields in its URL encoding. It
// panics for a path that is none, as httptest.NewRequest does.
func Form(path, fields string) *http.Request {
	r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, path, strings.NewReader(fields))
	if err != nil {
		panic(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

// visitor is a browser at the server of a fragment.
type visitor struct {
	t      testing.TB
	server *url.URL
	client *http.Client
}

// newVisitor serves a fragment until the test ends.
func newVisitor(t testing.TB, f *fragments.Fragment) *visitor {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("%v", err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatalf("%v", err)
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	silent := slog.New(slog.DiscardHandler)
	o := standalone.Options{Composer: composer.Options{Logger: silent}, Hub: hub.Options{Logger: silent}}
	served := make(chan error, 1)
	go func() { served <- standalone.Serve(ctx, l, f, o) }()
	transport := &http.Transport{}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		stop()
		if err := <-served; err != nil {
			t.Errorf("the server of the fragment ended with %v", err)
		}
	})
	return &visitor{
		t: t, server: &url.URL{Scheme: "http", Host: l.Addr().String()},
		client: &http.Client{Jar: jar, Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
	}
}

// send sends a request to the server, and returns the status and the body of its response.
func (v *visitor) send(r *http.Request) (status int, body string) {
	v.t.Helper()
	r = r.Clone(v.t.Context())
	r.RequestURI = "" // of a request from httptest
	r.URL.Scheme, r.URL.Host, r.Host = v.server.Scheme, v.server.Host, v.server.Host
	res, err := v.client.Do(r)
	if err != nil {
		v.t.Fatalf("%v", err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		v.t.Fatalf("%s %s: %v", r.Method, r.URL.RequestURI(), err)
	}
	if res.StatusCode >= 400 {
		v.t.Fatalf("%s %s = %s %s; want a status below 400", r.Method, r.URL.RequestURI(), res.Status, text)
	}
	return res.StatusCode, string(text)
}

// page requests a page as a browser does.
func (v *visitor) page(path string) *goquery.Document {
	v.t.Helper()
	r, err := http.NewRequestWithContext(v.t.Context(), http.MethodGet, path, nil)
	if err != nil {
		v.t.Fatalf("%v", err)
	}
	r.Header.Set("Accept", "text/html")
	r.Header.Set("Sec-Fetch-Dest", "document")
	status, body := v.send(r)
	if status != http.StatusOK {
		v.t.Fatalf("the page at %s has the status %d; want 200", path, status)
	}
	d, err := goquery.NewDocumentFromReader(strings.NewReader(body))
	if err != nil {
		v.t.Fatalf("the page at %s: %v", path, err)
	}
	return d
}
