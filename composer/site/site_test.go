package site_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/http/httptrace"
	"net/textproto"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"
	"go.uber.org/goleak"

	"selvedge/composer/site"
	"selvedge/composer/site/config"
	"selvedge/fragments"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var quiet = slog.New(slog.DiscardHandler)

// template is a fragment with one template.
func template(text string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Surrogate-Control", `content="ESI/1.0"`)
		w.Header().Set("Cache-Control", "max-age=60")
		_, _ = io.WriteString(w, text)
	})
}

// service is a fragment in another process: a number that a form increments.
type service struct {
	*httptest.Server
	name   string
	number atomic.Int64
	asked  chan *http.Request
}

func startNumber(t *testing.T, name string) *service {
	t.Helper()
	s := &service{name: name, asked: make(chan *http.Request, 100000)}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path == "/template":
		template(`<body><p>`+s.name+`</p><esi:include src="/fragments/number/now">none</esi:include></body>`).ServeHTTP(w, r)
	case r.URL.Path == "/frame":
		template(`<title><esi:include src="/-/title"/></title><p>`+s.name+`</p><esi:include src="/-/answer"/>`).ServeHTTP(w, r)
	case r.URL.Path == "/refuse":
		w.WriteHeader(http.StatusTeapot)
	case strings.Contains(r.URL.Path, "manifest"):
		http.NotFound(w, r)
	case r.Method == http.MethodPost:
		s.asked <- r
		s.number.Add(1)
		w.Header().Set("Cache-Group-Invalidation", `"number"`)
		w.Header().Set("Location", "/")
		w.WriteHeader(http.StatusSeeOther)
	default:
		s.asked <- r
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Cache-Groups", `"number"`)
		w.Header().Set("Cache-Control", "max-age=60")
		_, _ = fmt.Fprintf(w, `<p id="number">%s %d</p>`, s.name, s.number.Load())
	}
}

// visitor is a client of a site, with cookies, which follows no redirect.
type visitor struct {
	t    *testing.T
	http *http.Client
	url  string
}

// start serves the site of a file's text.
func start(t *testing.T, text string, o site.Options) (*site.Site, *visitor) {
	t.Helper()
	o.Logger = quiet
	s, err := site.New(parse(t, text), o)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s)
	t.Cleanup(func() {
		server.Close()
		_ = s.Close(context.Background())
	})
	return s, newVisitor(t, server.URL)
}

func newVisitor(t *testing.T, url string) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{MaxIdleConnsPerHost: 100}
	t.Cleanup(transport.CloseIdleConnections)
	return &visitor{t, &http.Client{
		Jar: jar, Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}, url}
}

func parse(t *testing.T, text string) *config.Config {
	t.Helper()
	c, err := config.Parse(filepath.Join(t.TempDir(), "site.yaml"), []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// send sends a request with header fields, and returns the response and its body.
func (v *visitor) send(method, path string, fields ...string) (*http.Response, string) {
	v.t.Helper()
	r, err := http.NewRequest(method, v.url+path, nil)
	if err != nil {
		v.t.Fatal(err)
	}
	for pair := range slices.Chunk(fields, 2) {
		r.Header.Set(pair[0], pair[1])
	}
	res, err := v.http.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if err != nil {
		v.t.Fatal(err)
	}
	return res, string(body)
}

var connectElement = regexp.MustCompile(`ws-connect="([^"]+)"`)

// connect opens a page, and its live connection.
func (v *visitor) connect(path string) *websocket.Conn {
	v.t.Helper()
	_, page := v.send(http.MethodGet, path)
	found := connectElement.FindStringSubmatch(page)
	if found == nil {
		v.t.Fatalf("the page has no live element: %s", page)
	}
	conn, res, err := websocket.Dial(v.t.Context(), v.url+found[1], &websocket.DialOptions{HTTPClient: v.http, HTTPHeader: http.Header{"Origin": {v.url}}})
	if err != nil {
		v.t.Fatalf("%v %v", err, res)
	}
	v.t.Cleanup(func() { _ = conn.CloseNow() })
	return conn
}

// awaits reads messages until one has a text.
func awaits(t *testing.T, conn *websocket.Conn, text string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := await(ctx, conn, text); err != nil {
		t.Fatalf("waiting for %q: %v", text, err)
	}
}

// await reads messages until one has a text.
func await(ctx context.Context, conn *websocket.Conn, text string) error {
	for {
		_, message, err := conn.Read(ctx)
		if err != nil || strings.Contains(string(message), text) {
			return err
		}
	}
}

// siteOf is a file with a page of the shell and a number.
func siteOf(shell, number *service) string {
	return "live: auto\nfragments:\n  shell: " + shell.URL + "\n  number: {url: " + number.URL + ", timeout: 10s, api: [\"/api/*\"]}\n" +
		"pages: {/: shell/template, \"/{name}\": shell/template}\nerrors: {not-found: shell/frame, error: shell/frame}\nadmin-token: a-token-of-the-operator\n"
}

func TestAPageOfASiteIsLive(t *testing.T) {
	shell, number := startNumber(t, "shell"), startNumber(t, "one")
	s, v := start(t, siteOf(shell, number), site.Options{})
	conn := v.connect("/")
	if res, _ := v.send(http.MethodPost, "/fragments/number/add"); res.StatusCode != http.StatusSeeOther {
		t.Errorf("the form is answered with %s", res.Status)
	}
	awaits(t, conn, "one 1")
	number.number.Store(7)
	if res, body := v.send(http.MethodPost, "/-/invalidate", "Cache-Group-Invalidation", `"number"`, "Authorization", "Bearer a-token-of-the-operator"); res.StatusCode != http.StatusOK {
		t.Errorf("invalidation is answered with %s %s", res.Status, body)
	}
	awaits(t, conn, "one 7")
	number.number.Store(8)
	s.Invalidate("number")
	awaits(t, conn, "one 8")
}

func TestEveryPathOfASite(t *testing.T) {
	shell, number := startNumber(t, "shell"), startNumber(t, "one")
	_, v := start(t, siteOf(shell, number), site.Options{})
	const person, program = "text/html", "application/json"
	tests := []struct {
		name, method, path, accept string
		status                     int
		want, contentType          string
	}{
		{"a page", "GET", "/", person, 200, `<p id="number">one 0</p>`, "text/html; charset=utf-8"},
		{"HEAD of a page", "HEAD", "/", person, 200, "", "text/html; charset=utf-8"},
		{"a form to a page", "POST", "/", person, 405, "This address does not answer POST.", "text/html; charset=utf-8"},
		{"an unknown page, for a person", "GET", "/a/b", person, 404, "<p>shell</p><section", "text/html; charset=utf-8"},
		{"an unknown page, for a program", "GET", "/a/b", program, 404, `"status":404`, "application/problem+json"},
		{"a fragment", "GET", "/fragments/number/now", person, 200, `<p id="number">one 0</p>`, "text/html; charset=utf-8"},
		{"an unknown fragment", "GET", "/fragments/nothing/now", program, 404, `There is no fragment`, "application/problem+json"},
		{"the list of fragments", "GET", "/fragments/", program, 200, `"name":"number"`, "application/json"},
		{"a path of REST", "GET", "/api/x", program, 200, `one 0`, "text/html; charset=utf-8"},
		{"the client script", "GET", "/-/selvedge.js", person, 200, "WebSocket", "text/javascript; charset=utf-8"},
		{"health", "GET", "/-/healthz", program, 200, "ok", "text/plain; charset=utf-8"},
		{"readiness", "GET", "/-/readyz", program, 200, "ready", "text/plain; charset=utf-8"},
		{"the schema", "GET", "/-/schema.json", program, 200, "json-schema.org", "application/schema+json"},
		{"a path of the server's that is none", "GET", "/-/x", program, 404, `"status":404`, "application/problem+json"},
		{"a slot, which is not public", "GET", "/-/slots/x", program, 404, `"status":404`, "application/problem+json"},
		{"a template, which is not public", "GET", "/-/pages/x.html", program, 404, `"status":404`, "application/problem+json"},
		{"invalidation by GET", "GET", "/-/invalidate", program, 405, `"status":405`, "application/problem+json"},
		{"invalidation by anybody", "POST", "/-/invalidate", program, 401, `"status":401`, "application/problem+json"},
		{"an encoded slash in a value", "GET", "/a%2Fb", program, 400, `"status":400`, "application/problem+json"},
		{"a value that leads up", "GET", "/%2e%2e", program, 400, `"status":400`, "application/problem+json"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			res, body := v.send(test.method, test.path, "Accept", test.accept)
			if res.StatusCode != test.status || !strings.Contains(body, test.want) || res.Header.Get("Content-Type") != test.contentType {
				t.Errorf("%s %s = %s %s %q; want %d, %s and in it %q", test.method, test.path, res.Status, res.Header.Get("Content-Type"), body, test.status, test.contentType, test.want)
			}
			if res.Header.Get("X-Content-Type-Options") != "nosniff" && !strings.HasSuffix(test.path, "z") {
				t.Errorf("%s has no security header fields: %v", test.path, res.Header)
			}
		})
	}
	if res, _ := v.send(http.MethodPost, "/fragments/number/add", "Sec-Fetch-Site", "cross-site"); res.StatusCode != http.StatusForbidden {
		t.Errorf("a form of another site is answered with %s", res.Status)
	}
}

// The origin has all paths that nobody claims, as they are, and its own header fields.
func TestTheOriginHasTheOtherPaths(t *testing.T) {
	shell, number := startNumber(t, "shell"), startNumber(t, "one")
	var paths []string
	origin := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		paths = append(paths, r.Method+" "+r.RequestURI)
	}))
	t.Cleanup(origin.Close)
	_, v := start(t, "origin: "+origin.URL+"\nfragments: {shell: "+shell.URL+", number: "+number.URL+"}\npages: {/: shell/template, /blog/: shell/template, \"/docs/{path...}\": shell/template}\n", site.Options{})
	for _, path := range []string{"/x", "/a//b", "/fragments/other/x", "/fragments", "/-", "/blog", "/x%2Fy"} {
		res, _ := v.send(http.MethodGet, path)
		if got := "GET " + path; len(paths) != 1 || paths[0] != got || res.Header.Get("X-Content-Type-Options") != "" {
			t.Errorf("GET %s: the origin had %q; want %s; header %v", path, paths, got, res.Header)
		}
		paths = nil
	}
	for _, path := range []string{"/", "/blog/", "/docs/a/b", "/fragments/number/now", "/-/healthz", "/-/x"} {
		if v.send(http.MethodGet, path); len(paths) > 0 {
			t.Errorf("GET %s reached the origin: %q", path, paths)
		}
	}
}

func TestAPolicyIsReplacedFieldByField(t *testing.T) {
	_, v := start(t, "fragments: {shell: }\npages: {/: shell/x}\npolicy: {content-security-policy: \"default-src 'self'\", frame: off, permissions-policy: off}\n",
		site.Options{Fragments: map[string]http.Handler{"shell": template("x")}})
	res, _ := v.send(http.MethodGet, "/")
	for field, want := range map[string]string{
		"Content-Security-Policy": "default-src 'self'", "X-Frame-Options": "", "Permissions-Policy": "",
		"Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin", "Strict-Transport-Security": "",
	} {
		if got := res.Header.Get(field); got != want {
			t.Errorf("%s is %q; want %q", field, got, want)
		}
	}
}

func TestAReloadReachesOpenPages(t *testing.T) {
	shell, one, two := startNumber(t, "shell"), startNumber(t, "one"), startNumber(t, "two")
	s, v := start(t, siteOf(shell, one), site.Options{})
	conn := v.connect("/")
	if err := s.Reload(parse(t, siteOf(shell, two))); err != nil {
		t.Fatal(err)
	}
	awaits(t, conn, "two 0")
	if err := s.Reload(parse(t, siteOf(shell, two)+"page-timeout: 7s\n")); err != nil { // a setting of the composer
		t.Fatal(err)
	}
	v.send(http.MethodPost, "/fragments/number/add")
	awaits(t, conn, "two 1")
	if _, page := v.send(http.MethodGet, "/"); !strings.Contains(page, "two 1") {
		t.Errorf("the page is %s", page)
	}
}

// A reload has the composer pass no 103 on, as the file says.
func TestAReloadChangesEarlyHints(t *testing.T) {
	var sent atomic.Int64
	origin := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Link", "</x.css>; rel=preload; as=style")
		w.WriteHeader(http.StatusEarlyHints)
	}))
	t.Cleanup(origin.Close)
	file := "origin: " + origin.URL + "\nearly-hints: "
	s, v := start(t, file+"always\n", site.Options{})
	trace := &httptrace.ClientTrace{Got1xxResponse: func(int, textproto.MIMEHeader) error { sent.Add(1); return nil }}
	get := func() int64 {
		sent.Store(0)
		r, err := http.NewRequestWithContext(httptrace.WithClientTrace(t.Context(), trace), http.MethodGet, v.url, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := v.http.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		return sent.Load()
	}
	if get() == 0 {
		t.Error("the page has no 103")
	}
	if err := s.Reload(parse(t, file+"never\n")); err != nil {
		t.Fatal(err)
	}
	if get() > 0 {
		t.Error("the page has a 103 after the reload")
	}
}

func TestAReloadKeepsWhatIsStored(t *testing.T) {
	shell, one := startNumber(t, "shell"), startNumber(t, "one")
	s, v := start(t, siteOf(shell, one), site.Options{})
	v.send(http.MethodGet, "/")
	asked := len(one.asked)
	if err := s.Reload(parse(t, siteOf(shell, one)+"slots: {s: shell/x}\n")); err != nil {
		t.Fatal(err)
	}
	v.send(http.MethodGet, "/")
	if len(one.asked) != asked {
		t.Error("the fragment was fetched again")
	}
}

// A fragment with a version has the source of the file alone after a reload, also for a
// reference to its previous version.
func TestAReloadLeavesNoPreviousVersion(t *testing.T) {
	versioned := func(version string) *httptest.Server {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.Contains(r.URL.Path, "manifest") {
				_, _ = fmt.Fprintf(w, `{"name":"a","version":%q}`, version)
				return
			}
			_, _ = io.WriteString(w, version)
		}))
		t.Cleanup(server.Close)
		return server
	}
	one, two := versioned("1.0.0"), versioned("2.0.0")
	file := func(s *httptest.Server) string { return "fragments: {a: " + s.URL + "}\npages: {/: a/x}\n" }
	s, v := start(t, file(one), site.Options{})
	listed := func(version string) {
		t.Helper()
		for {
			if _, list := v.send(http.MethodGet, "/fragments/"); strings.Contains(list, `["`+version+`"]`) {
				return
			}
			if t.Context().Err() != nil {
				t.Fatalf("version %s is not listed", version)
			}
		}
	}
	listed("1.0.0")
	if err := s.Reload(parse(t, file(two))); err != nil {
		t.Fatal(err)
	}
	listed("2.0.0")
	if res, body := v.send(http.MethodGet, "/fragments/a@1.0.0/x"); res.StatusCode != http.StatusNotFound {
		t.Errorf("the previous version answers %s %s", res.Status, body)
	}
}

func TestAReloadThatIsRefused(t *testing.T) {
	shell, one := startNumber(t, "shell"), startNumber(t, "one")
	s, v := start(t, siteOf(shell, one), site.Options{})
	var restart *site.RestartError
	err := s.Reload(parse(t, siteOf(shell, one)+"listen: :1\nlog: json\nlive-views: 3\n"))
	if !errors.As(err, &restart) || err.Error() != "listen, live-views and log cannot change while the site is served; start it again" {
		t.Errorf("Reload = %v", err)
	}
	var mistakes config.Errors
	if err := s.Reload(parse(t, "fragments: {a: }\npages: {/: a/x}\n")); !errors.As(err, &mistakes) || !strings.Contains(err.Error(), "this program has no fragment of this name") {
		t.Errorf("Reload = %v", err)
	}
	if _, page := v.send(http.MethodGet, "/"); !strings.Contains(page, "one 0") {
		t.Errorf("the page is %s", page)
	}
}

// A reload under load loses no request and no connection.
func TestReloadsUnderLoad(t *testing.T) {
	const connections, requests, clients = 200, 10_000, 20
	const last = "two 1000000"
	shell, one, two := startNumber(t, "shell"), startNumber(t, "one"), startNumber(t, "two")
	text := func(i int) string {
		number := []*service{one, two}[i%2]
		return siteOf(shell, number) + "live-per-session: 0\nlive-per-address: 0\nmax-in-flight: 1000\n" + []string{"", "page-timeout: 7s\n"}[i/2%2]
	}
	s, v := start(t, text(0), site.Options{})
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	var pages sync.WaitGroup
	var lost atomic.Int64
	for range connections {
		conn := v.connect("/")
		pages.Go(func() {
			if err := await(ctx, conn, last); err != nil {
				lost.Add(1)
			}
		})
	}
	var failed, left atomic.Int64
	left.Store(requests)
	var group sync.WaitGroup
	for range clients {
		group.Go(func() {
			c := newVisitor(t, v.url)
			for left.Add(-1) >= 0 {
				res, body := c.send(http.MethodGet, "/")
				if res.StatusCode != http.StatusOK || !strings.Contains(body, `<p id="number">`) {
					failed.Add(1)
				}
			}
		})
	}
	reloads := 0
	for ; left.Load() > 0; reloads++ {
		if err := s.Reload(parse(t, text(reloads+1))); err != nil {
			t.Fatal(err)
		}
	}
	group.Wait()
	if failed.Load() > 0 || reloads < 10 {
		t.Errorf("%d of %d requests failed, during %d reloads", failed.Load(), requests, reloads)
	}
	if err := s.Reload(parse(t, text(1))); err != nil {
		t.Fatal(err)
	}
	two.number.Store(1_000_000)
	s.Invalidate("number")
	if pages.Wait(); lost.Load() > 0 {
		t.Errorf("%d of %d connections were lost", lost.Load(), connections)
	}
}

// A template file is read again when it changes, also twice in a second.
func TestATemplateFileIsReadAgain(t *testing.T) {
	folder := t.TempDir()
	write := func(text string) {
		if err := os.WriteFile(filepath.Join(folder, "about.html"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("first <esi:vars>$(SELVEDGE_PATH{who})</esi:vars>")
	c, err := config.Parse(filepath.Join(folder, "site.yaml"), []byte(`pages: {"/about/{who}": about.html}`))
	if err != nil {
		t.Fatal(err)
	}
	s, err := site.New(c, site.Options{Logger: quiet})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s)
	t.Cleanup(func() { server.Close(); _ = s.Close(context.Background()) })
	v := newVisitor(t, server.URL)
	for _, text := range []string{"first ", "other ", "third "} {
		write(text + "<esi:vars>$(SELVEDGE_PATH{who})</esi:vars>")
		if _, page := v.send(http.MethodGet, "/about/us"); page != text+"us" {
			t.Errorf("the page is %q; want %q", page, text+"us")
		}
	}
	if err := os.Remove(filepath.Join(folder, "about.html")); err != nil {
		t.Fatal(err)
	}
	if res, _ := v.send(http.MethodGet, "/about/us"); res.StatusCode != http.StatusNotFound {
		t.Errorf("without the file the page is %s", res.Status)
	}
}

// The session has the name of the file, and ends with the process unless the file has a key.
func TestTheSessionOfASite(t *testing.T) {
	file := "fragments: {a: }\npages: {/: a/x}\nsession-cookie: visit\nkey: a-key-of-16-bytes-and-more\n"
	received := make(chan string, 10)
	o := site.Options{Fragments: map[string]http.Handler{"a": http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		c, _ := r.Cookie("visit")
		received <- c.String()
	})}}
	_, v := start(t, file, o)
	v.send(http.MethodGet, "/")
	first := <-received
	_, again := start(t, file, o)
	again.http.Jar = v.http.Jar
	again.send(http.MethodGet, "/")
	if second := <-received; second != first || !strings.HasPrefix(first, "visit=") {
		t.Errorf("the session is %q, and after a restart %q", first, second)
	}
}

// The session of this site reaches fragments, and further cookies do as the file says.
func TestAFragmentReceivesTheCookiesOfTheFile(t *testing.T) {
	received := make(chan string, 10)
	fragment := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var names []string
		for _, c := range r.Cookies() {
			names = append(names, c.Name)
		}
		received <- strings.Join(names, " ")
	})
	_, v := start(t, "fragments: {a: , b: {cookies: [session]}}\npages: {/a: a/x, /b: b/x}\n", site.Options{Fragments: map[string]http.Handler{"a": fragment, "b": fragment}})
	v.send(http.MethodGet, "/a")
	<-received
	for path, want := range map[string]string{"/a": "selvedge-session", "/b": "session selvedge-session"} {
		r, err := http.NewRequest(http.MethodGet, v.url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.AddCookie(&http.Cookie{Name: "session", Value: "x"})
		r.AddCookie(&http.Cookie{Name: "other", Value: "x"})
		res, err := v.http.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if got := <-received; got != want {
			t.Errorf("the fragment of %s received the cookies %q; want %q", path, got, want)
		}
	}
}

// The patterns of pages may be more general than the site's own paths.
func TestPagesForAllPaths(t *testing.T) {
	_, v := start(t, "fragments: {shell: }\npages:\n  /{path...}: shell/all\n  /{a}/{b}: shell/two\n  /: shell/home\n", site.Options{Fragments: map[string]http.Handler{
		"shell": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { template("page "+r.URL.Path).ServeHTTP(w, r) }),
	}})
	for path, want := range map[string]string{
		"/": "page /home", "/x": "page /all", "/x/y": "page /two", "/x/y/z": "page /all",
		"/-/healthz": "ok\n", "/fragments/shell/x": "page /x",
	} {
		if res, body := v.send(http.MethodGet, path); res.StatusCode != http.StatusOK || body != want {
			t.Errorf("GET %s = %d %q; want %q", path, res.StatusCode, body, want)
		}
	}
}

// A program may stand in front of the paths of its site.
func TestAProgramAroundASite(t *testing.T) {
	_, v := start(t, "fragments: {shell: }\npages: {/: shell/home, /account: shell/account}\n", site.Options{
		Fragments: map[string]http.Handler{"shell": template("a page")},
		Around: func(s *site.Site, next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch {
				case r.URL.Path == "/account" && r.Header.Get("Authorization") == "":
					http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
				case r.URL.Path == "/sign-in":
					_, _ = fmt.Fprint(w, "sign in to one of ", len(s.Config().Pages), " pages")
				default:
					next.ServeHTTP(w, r)
				}
			})
		},
	})
	res, _ := v.send(http.MethodGet, "/account")
	if res.StatusCode != http.StatusSeeOther || res.Header.Get("X-Frame-Options") != "DENY" {
		t.Errorf("GET /account without a sign-in = %d, X-Frame-Options %q; want 303 and DENY", res.StatusCode, res.Header.Get("X-Frame-Options"))
	}
	if _, body := v.send(http.MethodGet, "/account", "Authorization", "Bearer x"); body != "a page" {
		t.Errorf("GET /account after a sign-in = %q; want the page", body)
	}
	if _, body := v.send(http.MethodGet, "/sign-in"); body != "sign in to one of 2 pages" {
		t.Errorf("GET /sign-in = %q; want the program's page", body)
	}
	if res, _ := v.send(http.MethodPost, "/sign-in", "Sec-Fetch-Site", "cross-site"); res.StatusCode != http.StatusForbidden {
		t.Errorf("a form of another site = %d; want 403", res.StatusCode)
	}
}

func TestTheListOfFragments(t *testing.T) {
	f, err := fragments.New(fragments.Manifest{Name: "clock", Version: "1.2.0", Title: "The time"})
	if err != nil {
		t.Fatal(err)
	}
	_, v := start(t, "fragments: {shell: , clock: }\npages: {/: shell/home}\nframe: shell/frame\n", site.Options{Fragments: map[string]http.Handler{
		"shell": template(`<title><esi:include src="/-/title"/></title><main><esi:include src="/-/answer"/></main>`), "clock": f,
	}})
	if _, body := v.send(http.MethodGet, "/fragments/"); body != `{"fragments":[{"name":"clock","versions":["1.2.0"]},{"name":"shell","versions":["unknown"]}]}`+"\n" {
		t.Errorf("the list for programs: %s", body)
	}
	res, body := v.send(http.MethodGet, "/fragments/", "Accept", "text/html")
	if res.StatusCode != http.StatusOK || !strings.Contains(body, "<title>Fragments</title><main>") || !strings.Contains(body, "<strong>clock</strong>") {
		t.Errorf("the list for people: %d %s; want it in the frame of the site", res.StatusCode, body)
	}
}
