package standalone_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"
	"github.com/coder/websocket"

	"selvedge/composer"
	"selvedge/fragments"
	"selvedge/fragments/standalone"
)

// full is an error that says how it is answered.
type full struct{}

func (full) Error() string   { return "the counter is full" }
func (full) HTTPStatus() int { return http.StatusConflict }
func (full) Detail() string  { return "The counter is full." }

// counter is a fragment that a form counts up, to 2 at most.
func counter(t *testing.T) *fragments.Fragment {
	t.Helper()
	var count atomic.Int64
	show := func(w http.ResponseWriter, r *http.Request) error {
		text := fmt.Sprintf(`<p id="count">%d <img src="%s" alt=""></p>`, count.Load(), fragments.URL(r.Context(), "dot.svg"))
		return fragments.HTML(w, r, templ.Raw(text), fragments.Shared("count"))
	}
	f, err := fragments.New(fragments.Manifest{
		Name: "counter", Version: "1.0.0", Title: "A counter",
		Assets: fstest.MapFS{"counter.css": {Data: []byte("#count { color: teal }")}, "dot.svg": {Data: []byte("<svg/>")}},
		Styles: []string{"counter.css"},
		Routes: []fragments.Route{
			{Pattern: "GET /count", Title: "The count", Sample: "/count", Handle: show},
			{Pattern: "POST /count", Title: "Count", Handle: func(w http.ResponseWriter, r *http.Request) error {
				if count.Load() == 2 {
					return full{}
				}
				count.Add(1)
				return fragments.SeeOther(w, r, "/count", fragments.Answer{Changed: []string{"count"}})
			}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// serveAlone serves a fragment until the test ends, and returns its URL.
func serveAlone(t *testing.T, f *fragments.Fragment) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error)
	o := standalone.Options{Composer: composer.Options{Logger: slog.New(slog.DiscardHandler)}}
	go func() { served <- standalone.Serve(ctx, l, f, o) }()
	t.Cleanup(func() {
		stop()
		if err := <-served; err != nil {
			t.Errorf("Serve = %v; want nil after its context", err)
		}
		http.DefaultClient.CloseIdleConnections()
	})
	return "http://" + l.Addr().String()
}

// visit sends a request with pairs of header fields, and returns the response with its
// body.
func visit(t *testing.T, client *http.Client, method, url string, fields ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(fields); i += 2 {
		r.Header.Set(fields[i], fields[i+1])
	}
	res, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(body)
}

func TestServeAnswersEachReader(t *testing.T) {
	url := serveAlone(t, counter(t))
	page := []string{"Sec-Fetch-Dest", "document", "Accept", "text/html"}
	tests := []struct {
		name, method, path string
		fields             []string
		status             int
		want               string // a part of the body
	}{
		{"the page of a browser", "GET", "/", page, 200, `<a href="/count">The count</a>`},
		{"a path in a page", "GET", "/count", page, 200, `<p id="count">`},
		{"the fragment for a program", "GET", "/count", nil, 200, `<p id="count">`},
		{"the fragment by its reference", "GET", "/fragments/counter/count", nil, 200, `<p id="count">`},
		{"the root for a program", "GET", "/", nil, 200, `"pattern":"GET /count"`},
		{"the manifest", "GET", standalone.ManifestPath, nil, 200, `"version":"1.0.0"`},
		{"the manifest as a file", "GET", "/manifest.json", nil, 200, `"version":"1.0.0"`},
		{"the manifest for another composer", "GET", "/manifest.json", []string{"Surrogate-Capability", `c="ESI/1.0"`}, 200, `"version":"1.0.0"`},
		{"a path that is not there", "GET", "/nothing", nil, 404, `"status":404`},
		{"another composer", "GET", "/count", []string{"Surrogate-Capability", `c="ESI/1.0"`}, 200, `<p id="count">`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			res, body := visit(t, http.DefaultClient, test.method, url+test.path, test.fields...)
			if res.StatusCode != test.status || !strings.Contains(body, test.want) {
				t.Errorf("%d %s; want %d with %q", res.StatusCode, body, test.status, test.want)
			}
		})
	}
}

func TestThePageLoadsTheFragmentsAssets(t *testing.T) {
	f := counter(t)
	url := serveAlone(t, f)
	page := []string{"Sec-Fetch-Dest", "document", "Accept", "text/html"}
	visit(t, http.DefaultClient, "GET", url+"/count", page...) // teaches the composer the styles
	_, body := visit(t, http.DefaultClient, "GET", url+"/count", page...)
	d, err := goquery.NewDocumentFromReader(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	var loaded []string
	d.Find("link[rel=stylesheet], script[src], img").Each(func(_ int, s *goquery.Selection) {
		loaded = append(loaded, s.AttrOr("href", s.AttrOr("src", "")))
	})
	if len(loaded) != 4 || !strings.Contains(strings.Join(loaded, " "), f.URL("counter.css")) {
		t.Errorf("the page loads %q; want two stylesheets, a script and a picture", loaded)
	}
	for _, path := range loaded {
		res, _ := visit(t, http.DefaultClient, "GET", url+path)
		if res.StatusCode != 200 || res.Header.Get("Cache-Control") != "public, max-age=31536000, immutable" || res.Header["Set-Cookie"] != nil {
			t.Errorf("GET %s = %d %v; want it for a year, and without a cookie", path, res.StatusCode, res.Header)
		}
	}
}

func TestAnOpenPageIsUpdated(t *testing.T) {
	url := serveAlone(t, counter(t))
	jar, _ := cookiejar.New(nil)
	browser := &http.Client{Jar: jar}
	_, body := visit(t, browser, "GET", url+"/count", "Sec-Fetch-Dest", "document", "Accept", "text/html")
	d, err := goquery.NewDocumentFromReader(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	address := d.Find("#live").AttrOr("ws-connect", "")
	connection, _, err := websocket.Dial(ctx, url+address, &websocket.DialOptions{HTTPClient: browser, HTTPHeader: http.Header{"Origin": {url}}})
	if err != nil {
		t.Fatalf("connecting to %q: %v\n%s", address, err, body)
	}
	defer func() { _ = connection.CloseNow() }()
	for range 2 {
		if res, text := visit(t, http.DefaultClient, "POST", url+"/count"); res.StatusCode != 200 { // after the redirect
			t.Fatalf("POST = %d %s", res.StatusCode, text)
		}
	}
	for {
		_, message, err := connection.Read(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(message), `id="count">2`) {
			break
		}
	}
	for accept, want := range map[string]string{"application/json": `"detail":"The counter is full."`, "text/html": "<p>The counter is full.</p>"} {
		res, text := visit(t, http.DefaultClient, "POST", url+"/count", "Accept", accept)
		if res.StatusCode != http.StatusConflict || !strings.Contains(text, want) {
			t.Errorf("the third POST = %d %s; want 409 with %q", res.StatusCode, text, want)
		}
	}
}
