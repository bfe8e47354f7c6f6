package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"selvedge/composer/server"
	"selvedge/composer/site/config"
	"selvedge/fragments"
)

// wire is a listener whose connections are pipes of this process, so that the
// server's timeouts pass at once in a bubble of package synctest.
type wire struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (l *wire) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *wire) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

func (l *wire) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80} }

// exchange is what a server of ours made of the bytes of one connection.
type exchange struct {
	answers []answer
	methods []string        // of the requests that Go's server accepted
	reached []*http.Request // those that the gate let through
	log     string
}

func (x exchange) statuses() []int {
	var all []int
	for _, a := range x.answers {
		all = append(all, a.StatusCode)
	}
	return all
}

// testServer returns a server without listeners.
func testServer(log slog.Handler) *httpServer {
	return &httpServer{config: config.New(), logger: slog.New(log), print: func(string) error { return nil }, stopMemory: func() {}}
}

// onTheWire sends bytes to the server as every command runs it, with a gate in
// front, and waits until it closes the connection.
func onTheWire(t *testing.T, g server.RequestCheck, request []byte) exchange {
	t.Helper()
	var x exchange
	var raw []byte
	synctest.Test(t, func(t *testing.T) {
		log := &lockedBuffer{}
		p := testServer(slog.NewTextHandler(log, nil))
		g.Refuse = func(w http.ResponseWriter, r *http.Request, why *server.RequestError) {
			fragments.Error(w, r, server.ProblemOf(why))
		}
		inner := g.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			x.reached = append(x.reached, r)
			body, _ := io.ReadAll(io.LimitReader(r.Body, 1<<20))
			_, _ = w.Write(body)
		}))
		h := server.LogRequests(p.logger, server.Recover(p.logger, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			x.methods = append(x.methods, r.Method)
			inner.ServeHTTP(w, r)
		})))
		raw = p.onTheWire(t, h, request)
		x.log = log.String()
	})
	x.answers = parseAnswers(t, raw, x.methods)
	return x
}

// onTheWire sends bytes to a handler, and returns what comes until the server
// closes the connection.
func (p *httpServer) onTheWire(t *testing.T, h http.Handler, request []byte) []byte {
	t.Helper()
	client, end := p.connect(t, h)
	go func() { _, _ = client.Write(request) }()
	raw, _ := io.ReadAll(client)
	end()
	return raw
}

// noConnections is an application without live connections.
type noConnections struct{}

func (noConnections) Stop()                       {}
func (noConnections) Close(context.Context) error { return nil }

// connect has a handler served to one client, until that calls end.
func (p *httpServer) connect(t *testing.T, h http.Handler) (client net.Conn, end func()) {
	t.Helper()
	listener := &wire{conns: make(chan net.Conn), closed: make(chan struct{})}
	p.listeners = []net.Listener{listener}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- p.listenAndServe(ctx, h, noConnections{}) }()
	client, server := net.Pipe()
	listener.conns <- server
	return client, func() {
		_ = client.Close()
		stop()
		if err := <-ended; err != nil {
			t.Errorf("the server ended with %v; want nil", err)
		}
	}
}

// TestAnAnswerMayTakeLongerThanARequest has one go on for an hour, as what
// passes a proxy may.
func TestAnAnswerMayTakeLongerThanARequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := testServer(slog.DiscardHandler)
		raw := p.onTheWire(t, server.ExtendDeadlines(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			for range 120 {
				time.Sleep(server.IdleTimeout / 2)
				_, _ = io.WriteString(w, ".")
				_ = http.NewResponseController(w).Flush()
			}
			if err := r.Context().Err(); err != nil {
				t.Errorf("the visitor is taken to be gone: %v", err)
			}
		})), []byte(request("GET /", "Connection: close")))
		answers := parseAnswers(t, raw, []string{http.MethodGet})
		if len(answers) != 1 || answers[0].body != strings.Repeat(".", 120) {
			t.Errorf("what came is %q; want all 120 points", raw)
		}
	})
}

// TestAnAnswerHasTimeWhateverWasBefore asks on a connection that was idle, for
// an answer without a body, and for one whose end comes long after its beginning.
func TestAnAnswerHasTimeWhateverWasBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := testServer(slog.DiscardHandler)
		client, end := p.connect(t, server.ExtendDeadlines(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/empty" {
				w.WriteHeader(http.StatusNoContent)
				return
			}
			_, _ = io.WriteString(w, "begin ")
			time.Sleep(2 * server.IdleTimeout)
		})))
		answers := bufio.NewReader(client)
		for _, path := range []string{"/", "/empty", "/", "/empty"} {
			_, _ = io.WriteString(client, request("GET "+path))
			res, err := http.ReadResponse(answers, nil)
			if err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			if body, err := io.ReadAll(res.Body); err != nil || string(body) != map[bool]string{true: "", false: "begin "}[path == "/empty"] {
				t.Errorf("%s: %q, %v", path, body, err)
			}
			time.Sleep(server.IdleTimeout * 3 / 2)
		}
		end()
	})
}

// TestWhoReadsNothingIsLetGo does so right after an answer, when the connection
// is well known.
func TestWhoReadsNothingIsLetGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := testServer(slog.DiscardHandler)
		failed := make(chan error, 1)
		client, end := p.connect(t, server.ExtendDeadlines(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/large" {
				_, err := w.Write(make([]byte, 1<<20))
				failed <- err
			}
		})))
		_, _ = io.WriteString(client, request("GET /small"))
		if _, err := http.ReadResponse(bufio.NewReader(client), nil); err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(client, request("GET /large"))
		begun := time.Now()
		if err := <-failed; !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(begun) > server.IdleTimeout {
			t.Errorf("writing ended after %v with %v; want a timeout after %v", time.Since(begun), err, server.IdleTimeout)
		}
		end()
	})
}

// parseAnswers reads the answers to requests with these methods, and then
// those of requests that Go's server did not accept.
func parseAnswers(t *testing.T, raw []byte, methods []string) []answer {
	t.Helper()
	var all []answer
	rest := bufio.NewReader(bytes.NewReader(raw))
	for {
		if _, err := rest.Peek(1); errors.Is(err, io.EOF) {
			return all
		}
		to := &http.Request{Method: http.MethodGet}
		if len(all) < len(methods) {
			to.Method = methods[len(all)]
		}
		res, err := http.ReadResponse(rest, to)
		if err != nil {
			t.Fatalf("answer %d of %q cannot be read: %v", len(all), raw, err)
		}
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatalf("the body of answer %d of %q cannot be read: %v", len(all), raw, err)
		}
		if res.StatusCode >= 200 {
			all = append(all, answer{res, string(body)})
		}
	}
}

// request is a request on the wire: a line and fields, of which Host is given.
func request(line string, fields ...string) string {
	return strings.Join(append([]string{line + " HTTP/1.1", "Host: shop.example"}, fields...), "\r\n") + "\r\n\r\n"
}

// wireTests are requests with the status that a site with routes gives them,
// and a proxy. A 200 is given by what is behind the gate.
var wireTests = []struct {
	name, request string
	site, proxy   int
}{
	{"a page", request("GET /products/1?a=b"), 200, 200},
	{"the root", request("GET /"), 200, 200},
	{"a form", request("POST /api/cart", "Content-Length: 3") + "a=b", 200, 200},
	{"a method of one's own", request("BREW /"), 200, 200},
	{"a path that ends in dots", request("GET /a/..."), 200, 200},
	{"dots within a segment", request("GET /a..b/..c"), 200, 200},
	{"dots in a query", request("GET /?a=../../b"), 200, 200},
	{"an encoded NUL in a query", request("GET /?a=%00"), 200, 200},
	{"letters that are not ASCII", request("GET /caf%C3%A9"), 200, 200},
	{"a percent sign that is encoded", request("GET /%252e%252e/a"), 200, 200},
	{"a whole address", request("GET http://shop.example/products/1"), 200, 200},

	{"two dots", request("GET /a/../b"), 400, 400},
	{"two dots at the end", request("GET /a/.."), 400, 400},
	{"two dots above the root", request("GET /../../etc/passwd"), 400, 400},
	{"encoded dots", request("GET /a/%2e%2e/b"), 400, 400},
	{"encoded dots in capitals", request("GET /a/%2E%2E/b"), 400, 400},
	{"one dot encoded", request("GET /a/.%2e/b"), 400, 400},
	{"the other dot encoded", request("GET /a/%2e./b"), 400, 400},
	{"dots before an encoded slash", request("GET /a/..%2fb"), 400, 400},
	{"dots after an encoded slash", request("GET /a%2f..%2Fb"), 400, 400},
	{"dots between encoded backslashes", request("GET /a%5c..%5cb"), 400, 400},
	{"dots between backslashes", request(`GET /a\..\b`), 400, 400},
	{"dots with a parameter", request("GET /a/..;x=y/b"), 400, 400},
	{"dots in a whole address", request("GET http://shop.example/a/../b"), 400, 400},
	{"an encoded NUL", request("GET /a%00.html"), 400, 400},
	{"an encoded line end", request("GET /a%0d%0aX:%20y"), 400, 400},
	{"an encoded tab", request("GET /a%09b"), 400, 400},
	{"an encoded DEL", request("GET /a%7fb"), 400, 400},
	{"a NUL", request("GET /a\x00b"), 400, 400},
	{"a part for browsers", request("GET /a#b"), 400, 400},
	{"a part for browsers after the query", request("GET /a?b#c"), 400, 400},

	{"an encoded slash", request("GET /products%2f1"), 400, 200},
	{"an encoded slash in capitals", request("GET /products%2F1"), 400, 200},
	{"an encoded backslash", request("GET /products%5c1"), 400, 200},
	{"an encoded slash beside a byte to escape", request(`GET /a%2fb"c`), 400, 200},
	{"a backslash", request(`GET /a\b`), 400, 200},
	{"two slashes", request("GET //products"), 400, 200},
	{"two slashes within", request("GET /a//b"), 400, 200},
	{"a single dot", request("GET /a/./b"), 400, 200},
	{"an overlong encoding of a slash", request("GET /a%c0%afb"), 400, 200},

	{"TRACE", request("TRACE /"), 405, 405},
	{"CONNECT to a host", request("CONNECT other.example:443"), 405, 405},
	{"CONNECT to a path", request("CONNECT /"), 405, 405},
	{"an asterisk", request("GET *"), 400, 400},
	{"a whole address without a path", request("GET http://shop.example"), 400, 400},
	{"an address of another scheme", request("GET ftp://shop.example/a"), 400, 400},
	{"a user in a whole address", request("GET http://user@shop.example/a"), 400, 400},
	{"a preface that is not HTTP/2's", "PRI * HTTP/2.0\r\n\r\nMS\r\n\r\n", 400, 400},

	{"a field with an underscore", request("GET /", "X_Forwarded_For: 10.0.0.1"), 200, 200},
	{"an underscore beside a hyphen", request("GET /", "X-Forwarded_Host: evil"), 200, 200},
	{"an underscore in Content-Length", request("POST /", "Content_Length: 5"), 200, 200},
	{"an underscore in a value", request("GET /", "X-Value: a_b"), 200, 200},

	{"no Host", "GET / HTTP/1.1\r\n\r\n", 400, 400},
	{"no Host in HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", 200, 200},
	{"an empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400, 400},
	{"two Hosts", request("GET /", "Host: other.example"), 400, 400},
	{"two Hosts in one", "GET / HTTP/1.1\r\nHost: shop.example,other.example\r\n\r\n", 400, 400},
	{"a Host with a user", "GET / HTTP/1.1\r\nHost: user@shop.example\r\n\r\n", 400, 400},
	{"a Host with a path", "GET / HTTP/1.1\r\nHost: shop.example/a\r\n\r\n", 400, 400},
	{"a Host with a tag", "GET / HTTP/1.1\r\nHost: <script>\r\n\r\n", 400, 400},
	{"a Host with a port that is a word", "GET / HTTP/1.1\r\nHost: shop.example:http\r\n\r\n", 400, 400},
	{"a Host with a zone", "GET / HTTP/1.1\r\nHost: [fe80::1%25eth0]\r\n\r\n", 400, 400},
	{"a Host with brackets around a name", "GET / HTTP/1.1\r\nHost: [shop.example]\r\n\r\n", 400, 400},
	{"a Host with an IPv6 address", "GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n", 200, 200},
	{"a Host of a container", "GET / HTTP/1.1\r\nHost: my_shop:8080\r\n\r\n", 200, 200},

	{"two lengths", request("POST /", "Content-Length: 1", "Content-Length: 2") + "ab", 400, 400},
	{"a length with a sign", request("POST /", "Content-Length: +1") + "a", 400, 400},
	{"an encoding that is not known", request("POST /", "Transfer-Encoding: gzip, chunked") + "0\r\n\r\n", 501, 501},
	{"an encoding with a vertical tab", request("POST /", "Transfer-Encoding: \vchunked") + "0\r\n\r\n", 400, 400},
	{"a field with a space before the colon", request("GET /", "X-Value : a"), 400, 400},
	{"a field on two lines", request("GET /", "X-Value: a\r\n b"), 200, 200},
	{"an unknown version", "GET / HTTP/3.0\r\nHost: shop.example\r\n\r\n", 505, 505},
	{"no HTTP at all", "what is this\r\n\r\n", 400, 400},
}

func TestTheGateOnTheWire(t *testing.T) {
	for _, test := range wireTests {
		t.Run(test.name, func(t *testing.T) {
			for _, server := range []struct {
				name string
				gate server.RequestCheck
				want int
			}{{"a site", server.RequestCheck{}, test.site}, {"a proxy", server.RequestCheck{PassThrough: true}, test.proxy}} {
				x := onTheWire(t, server.gate, []byte(test.request))
				if len(x.answers) == 0 || x.answers[0].StatusCode != server.want {
					t.Errorf("%s answers %d; want first %d", server.name, x.statuses(), server.want)
					continue
				}
				if got := len(x.reached) > 0; got != (server.want == 200) {
					t.Errorf("%s lets the request through: %t; want %t", server.name, got, server.want == 200)
				}
				if allow := x.answers[0].Header.Get("Allow"); (server.want == 405) != (allow != "") {
					t.Errorf("%s answers %d with Allow %q", server.name, server.want, allow)
				}
			}
		})
	}
}

func TestTheGateKnowsItsHosts(t *testing.T) {
	hosts, err := server.ParseHosts([]string{"Shop.example", "127.0.0.1", "::1"})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, request string
		want          int
	}{
		{"its name", "GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n", 200},
		{"its name with a port", "GET / HTTP/1.1\r\nHost: shop.example:8080\r\n\r\n", 200},
		{"its name in capitals", "GET / HTTP/1.1\r\nHost: SHOP.EXAMPLE\r\n\r\n", 200},
		{"its name with a dot at the end", "GET / HTTP/1.1\r\nHost: shop.example.:8080\r\n\r\n", 200},
		{"its address", "GET / HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n", 200},
		{"its IPv6 address", "GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n", 200},
		{"its IPv6 address in full", "GET / HTTP/1.1\r\nHost: [0:0:0:0:0:0:0:1]\r\n\r\n", 200},
		{"its name in the address", "GET http://shop.example/ HTTP/1.1\r\nHost: other.example\r\n\r\n", 200},
		{"another name", "GET / HTTP/1.1\r\nHost: other.example\r\n\r\n", 421},
		{"another name in the address", "GET http://other.example/ HTTP/1.1\r\nHost: shop.example\r\n\r\n", 421},
		{"a name below", "GET / HTTP/1.1\r\nHost: a.shop.example\r\n\r\n", 421},
		{"a name that goes on", "GET / HTTP/1.1\r\nHost: shop.example.evil.example\r\n\r\n", 421},
		{"no name in HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", 421},
		{"no name at all", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400},
		{"what begins like its name", "GET / HTTP/1.1\r\nHost: shop.example,evil\r\n\r\n", 400},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			x := onTheWire(t, server.RequestCheck{Hosts: hosts}, []byte(test.request))
			if len(x.answers) != 1 || x.answers[0].StatusCode != test.want || (len(x.reached) == 1) != (test.want == 200) {
				t.Errorf("%q is answered with %d, and reaches the site: %t; want %d", test.request, x.statuses(), len(x.reached) == 1, test.want)
			}
		})
	}
}

func TestHostsThatNoServerGoesBy(t *testing.T) {
	for _, value := range []string{"", "*", "shop.example:80", "[::1]:80", "http://shop.example", "shop.example/a", "a b", "a..b", ".", "bücher.example"} {
		if hosts, err := server.ParseHosts([]string{value}); err == nil {
			t.Errorf("readHosts(%q) = %q; want an error", value, hosts)
		}
	}
}

// A request that has both a length and chunks must not be two to anybody
// (request smuggling): Go's server reads the chunks, and hands on no length.
func TestALengthBesideChunksDoesNotCount(t *testing.T) {
	smuggled := "0\r\n\r\n"
	x := onTheWire(t, server.RequestCheck{}, []byte(request("POST /", "Content-Length: 44", "Transfer-Encoding: chunked")+smuggled+request("GET /next")))
	if len(x.reached) == 0 || x.reached[0].Header.Get("Content-Length") != "" || x.reached[0].ContentLength != -1 {
		t.Fatalf("the first request is %+v; want one of unknown length", x.reached)
	}
	if len(x.reached) == 2 && x.reached[1].URL.Path != "/next" {
		t.Errorf("the second request is for %q; want /next", x.reached[1].URL.Path)
	}
}

// FuzzServerOnTheWire sends any bytes. The server does not panic, answers only
// what can be read as HTTP, and lets through nothing that a gate is for.
func FuzzServerOnTheWire(f *testing.F) {
	for _, test := range wireTests {
		f.Add([]byte(test.request), false)
		f.Add([]byte(test.request+request("GET /next")), true)
	}
	f.Add([]byte(request("POST /", "Transfer-Encoding: chunked", "Trailer: X-Sum")+"3\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n"), false)
	f.Add([]byte(request("POST /", "Content-Length: 9", "Expect: 100-continue")+"a"), false)
	f.Add([]byte(request("HEAD /", "Connection: close")), true)
	f.Add([]byte(request("GET /", "Accept: application/json", "Range: bytes=0-1")), true)
	f.Fuzz(func(t *testing.T, raw []byte, proxy bool) {
		if bytes.HasPrefix(raw, []byte("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")) {
			t.Skip("the frames of HTTP/2 follow, which net/http reads")
		}
		x := onTheWire(t, server.RequestCheck{PassThrough: proxy, Hosts: []string{"shop.example"}}, raw)
		if strings.Contains(x.log, "panic") {
			t.Errorf("%q makes the server panic:\n%s", raw, x.log)
		}
		for _, r := range x.reached {
			checkHarmless(t, r, proxy)
		}
	})
}

// checkHarmless looks at what a handler or a source would be given.
func checkHarmless(t *testing.T, r *http.Request, proxy bool) {
	t.Helper()
	target, _, _ := strings.Cut(r.RequestURI, "?")
	target = strings.TrimPrefix(strings.TrimPrefix(strings.ToLower(target), "http://"), "https://")
	decoded := strings.NewReplacer("%2e", ".", "%2f", "/", "%5c", `\`).Replace(target)
	decoded = strings.ReplaceAll(decoded, `\`, "/")
	switch {
	case r.Method == "TRACE" || r.Method == "CONNECT",
		strings.Contains(decoded+"/", "/../"), strings.Contains(decoded, "/..;"),
		strings.Contains(target, "%0"), strings.Contains(target, "%7f"), strings.Contains(target, "#"),
		!proxy && (strings.Contains(target, "%2f") || strings.Contains(target, "//")),
		!strings.EqualFold(strings.TrimSuffix(strings.Split(r.Host, ":")[0], "."), "shop.example"):
		t.Errorf("%s %q for %q is let through", r.Method, r.RequestURI, r.Host)
	}
	checkNoUnderscore(t, r.Header)
	if path, _, _ := strings.Cut(target, "?"); proxy && strings.Count(path, "%2f") != strings.Count(strings.ToLower(r.URL.RawPath), "%2f") {
		t.Errorf("%q is handed to the proxy with the path %q", r.RequestURI, r.URL.RawPath)
	}
}
