package main

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// upstream is the origin of these tests: templates by path, and parts that say
// what they see.
func upstream(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "text/html")
	switch r.URL.Path {
	case "/part":
		for _, name := range []string{"Cookie", "Authorization"} {
			_, _ = io.WriteString(w, "["+r.Header.Get(name)+"]")
		}
	case "/sets":
		h.Add("Set-Cookie", "a=1")
		h.Add("Set-Cookie", "b=2")
	case "/late":
		<-r.Context().Done()
	case "/stored":
		h.Set("Cache-Control", "max-age=60")
		h.Set("Cache-Groups", `"g"`)
	case "/type":
		h.Set("Surrogate-Control", `content="ESI/1.0"`)
		h.Set("Content-Type", "text/plain")
		_, _ = io.WriteString(w, "<esi:remove>a</esi:remove>b")
	case "/alias":
		h.Set("Edge-Control", "dca=esi")
		_, _ = io.WriteString(w, "<esi:remove>a</esi:remove>b")
	default:
		h.Set("Surrogate-Control", `content="ESI/1.0"`)
		_, _ = io.WriteString(w, map[string]string{
			"/":       `<esi:include src="/part"/>`,
			"/cookie": `<esi:vars>[$(HTTP_COOKIE{a})][$(HTTP_COOKIE{b})]</esi:vars>`,
			"/other":  `<esi:include src="` + r.URL.Query().Get("url") + `">denied</esi:include>`,
			"/setter": `<esi:include src="/sets" required="required"/>`,
			"/large":  strings.Repeat("text ", 1000),
			"/plain":  "<esi:remove>a</esi:remove>b",
		}[r.URL.Path])
	}
}

// TestFlagsOfAProxyDoWhatTheHelpSays starts a proxy without each flag and with
// it, and sends it a request.
func TestFlagsOfAProxyDoWhatTheHelpSays(t *testing.T) {
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "other") }))
	t.Cleanup(other.Close)
	otherHost := strings.TrimPrefix(other.URL, "http://")
	body := func(a answer) string { return a.body }
	field := func(name string) func(answer) string {
		return func(a answer) string { return strings.Join(a.Header.Values(name), ", ") }
	}
	status := func(a answer) string { return a.Status }
	cookies := []string{"Cookie", "a=1; b=2", "Authorization", "Bearer t"}
	tests := []struct {
		name          string
		args          []string
		path          string
		header        []string
		look          func(answer) string
		without, with string
	}{
		{"a cookie for templates", []string{"--esi-cookie", "a"}, "/cookie", cookies, body, "[][]", "[1][]"},
		{"cookies for templates", []string{"--esi-cookie", "a", "--esi-cookie", "b"}, "/cookie", cookies, body, "[][]", "[1][2]"},
		{"all cookies for templates", []string{"--esi-cookie", "*"}, "/cookie", cookies, body, "[][]", "[1][2]"},
		{"a cookie for includes", []string{"--cookie", "b"}, "/", cookies, body, "[][]", "[b=2][]"},
		{"all cookies for includes", []string{"--cookie", "*"}, "/", cookies, body, "[][]", "[a=1; b=2][]"},
		{"a header field for includes", []string{"--header", "authorization"}, "/", cookies, body, "[][]", "[][Bearer t]"},
		{"a cookie of includes", []string{"--set-cookie", "a"}, "/setter", nil, field("Set-Cookie"), "", "a=1"},
		{"all cookies of includes", []string{"--set-cookie", "*"}, "/setter", nil, field("Set-Cookie"), "", "a=1, b=2"},
		{"a host", []string{"--allow-host", otherHost}, "/other?url=" + other.URL, nil, body, "denied", "other"},
		{"another host", []string{"--allow-host", "127.0.0.1:1", "--allow-host", "*.example"}, "/other?url=" + other.URL, nil, body, "denied", "denied"},
		{"a type", []string{"--esi-type", "Text/Plain"}, "/type", nil, body, "<esi:remove>a</esi:remove>b", "b"},
		{"other ways to opt in", []string{"--esi-alias"}, "/alias", nil, body, "<esi:remove>a</esi:remove>b", "b"},
		{"a surrogate", []string{"--surrogate", "127.0.0.0/8"}, "/plain", []string{"Surrogate-Capability", `a="ESI/1.0"`}, body, "b", "<esi:remove>a</esi:remove>b"},
		{"a surrogate by its address", []string{"--surrogate", "127.0.0.1"}, "/plain", []string{"Surrogate-Capability", `a="ESI/1.0"`}, body, "b", "<esi:remove>a</esi:remove>b"},
		{"a surrogate elsewhere", []string{"--surrogate", "10.0.0.0/8"}, "/plain", []string{"Surrogate-Capability", `a="ESI/1.0"`}, body, "b", "b"},
		{"its own host", []string{"--host", "127.0.0.1"}, "/plain", nil, status, "200 OK", "200 OK"},
		{"another host of its own", []string{"--host", "shop.example"}, "/plain", nil, status, "200 OK", "421 Misdirected Request"},
		{"no compression", []string{"--no-gzip"}, "/large", []string{"Accept-Encoding", "gzip"}, field("Content-Encoding"), "gzip", ""},
		{"no cache", []string{"--cache-size", "0"}, "/stored", nil, field("Cache-Status"), "selvedge; fwd=uri-miss; fwd-status=200; stored", "selvedge; fwd=bypass; fwd-status=200"},
		{
			"what a visitor's request says to caches", []string{"--obey-request-cache-control"}, "/stored", []string{"Cache-Control", "no-store"}, field("Cache-Status"),
			"selvedge; fwd=uri-miss; fwd-status=200; stored", "selvedge; fwd=request; fwd-status=200",
		},
		{"time for a page", []string{"--page-timeout", "30ms"}, "/late", nil, status, "", "504 Gateway Timeout"},
		{"time for the origin", []string{"--origin-timeout", "30ms"}, "/late", nil, status, "", "504 Gateway Timeout"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, run := range []struct {
				args []string
				want string
			}{{nil, test.without}, {test.args, test.with}} {
				if run.want == "" && run.args == nil && strings.HasPrefix(test.name, "time") {
					continue // by default it is long
				}
				a := startProxy(t, upstream, run.args...).do(http.MethodGet, test.path, "", test.header...)
				if got := test.look(a); got != run.want {
					t.Errorf("with %q GET %s gives %q; want %q", run.args, test.path, got, run.want)
				}
			}
		})
	}
}

// TestFlagsOfAProxyFromTheEnvironment names the variables as the help does.
func TestFlagsOfAProxyFromTheEnvironment(t *testing.T) {
	t.Setenv("SELVEDGE_ESI_COOKIE", "a,b")
	t.Setenv("SELVEDGE_ESI_ALIAS", "true")
	s := startProxy(t, upstream)
	if got := s.do(http.MethodGet, "/cookie", "", "Cookie", "a=1; b=2").body; got != "[1][2]" {
		t.Errorf("templates show %q; want both cookies", got)
	}
	if got := s.page("/alias").body; got != "b" {
		t.Errorf("Edge-Control makes the page %q; want b", got)
	}
}

// TestTheAdminTokenOfAProxyOpensInvalidation sends requests without it, with
// another one and with it.
func TestTheAdminTokenOfAProxyOpensInvalidation(t *testing.T) {
	const body = `{"groups":["g"]}`
	without, with := startProxy(t, upstream), startProxy(t, upstream, "--admin-token", adminToken)
	tests := []struct {
		name, token string
		proxy       *testShop
		want        int
	}{
		{"no token is set", "", without, http.StatusForbidden},
		{"an empty one is no token", "Bearer ", without, http.StatusForbidden},
		{"none is sent", "", with, http.StatusUnauthorized},
		{"another one is sent", "Bearer public", with, http.StatusUnauthorized},
		{"it is sent", "Bearer " + adminToken, with, http.StatusOK},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.proxy.page("/stored")
			a := test.proxy.do(http.MethodPost, "/-/invalidate", body, "Authorization", test.token, "Content-Type", "application/json")
			if a.StatusCode != test.want {
				t.Errorf("it is answered with %d %s; want %d", a.StatusCode, a.body, test.want)
			}
			wantDropped := test.want == http.StatusOK
			if dropped := !strings.Contains(test.proxy.page("/stored").Header.Get("Cache-Status"), "hit"); dropped != wantDropped {
				t.Errorf("what is stored is gone: %t; want %t", dropped, wantDropped)
			}
		})
	}
}

// TestTheLogOfAProxy looks at its lines.
func TestTheLogOfAProxy(t *testing.T) {
	for _, test := range []struct {
		args   []string
		isJSON bool
	}{{nil, false}, {[]string{"--log", "json"}, true}} {
		s := startProxy(t, upstream, test.args...)
		s.page("/plain")
		s.page("/-/healthz")                             // by then the first is logged
		lines := strings.SplitN(s.log.String(), "\n", 3) // the first says which program it is
		line := lines[1]
		if got := json.Valid([]byte(line)); got != test.isJSON || !strings.Contains(line, "/plain") {
			t.Errorf("with %q the log goes on with %q; want JSON: %t", test.args, line, test.isJSON)
		}
	}
}

// TestWhatAProxySaysItself is a page for a person, and a problem for a program.
func TestWhatAProxySaysItself(t *testing.T) {
	s := startProxy(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "--host", "127.0.0.1")
	tests := []struct {
		name, request string
		status        int
		want          string
	}{
		{"an origin that is lost", "GET /x HTTP/1.1\r\nHost: 127.0.0.1", 502, "A server that should answer cannot be reached, or is in trouble."},
		{"an address under minus", "GET /-/x HTTP/1.1\r\nHost: 127.0.0.1", 404, "There is nothing at this address."},
		{"another method there", "GET /-/invalidate HTTP/1.1\r\nHost: 127.0.0.1", 405, "This address does not answer GET."},
		{"a method for no address", "TRACE / HTTP/1.1\r\nHost: 127.0.0.1", 405, "No address here answers TRACE."},
		{"an address that climbs", "GET /../x HTTP/1.1\r\nHost: 127.0.0.1", 400, "This address leads out of the site, or has characters that no address has."},
		{"another host", "GET /x HTTP/1.1\r\nHost: evil.example", 421, "This server does not go by the name that the request was sent to."},
	}
	for _, test := range tests {
		for accept, contentType := range map[string]string{acceptPage: "text/html; charset=utf-8", "application/json": "application/problem+json"} {
			a := s.send(test.request + "\r\nAccept: " + accept + "\r\n\r\n")
			if a.StatusCode != test.status || !strings.Contains(a.body, test.want) || a.Header.Get("Content-Type") != contentType ||
				a.Header.Get("Cache-Control") != "no-store" || a.Header.Get("Selvedge-Error") != "" {
				t.Errorf("%s for %s: answered with %d %q %v; want %d and in it %q", test.name, accept, a.StatusCode, a.body, a.Header, test.status, test.want)
			}
		}
	}
}

// TestBadValuesOfFlags gives each flag what it cannot have: one sentence, and
// the exit code of a mistake.
func TestBadValuesOfFlags(t *testing.T) {
	tests := []struct {
		flag, value, want string
	}{
		{"--listen", "foo", `--listen "foo" is no address with a port, as in 127.0.0.1:8080, :8080 or unix:/run/selvedge.sock`},
		{"--listen", "127.0.0.1:99999", `--listen "127.0.0.1:99999" is no address with a port, as in 127.0.0.1:8080, :8080 or unix:/run/selvedge.sock`},
		{"--cache-size", "x", `--cache-size cannot be "x", which is no number; selvedge proxy --help lists what there is`},
		{"--cache-size", "-1", "--cache-size is a number of MiB from 0 to 1048576, and not -1"},
		{"--cache-size", "99999999999999", "--cache-size is a number of MiB from 0 to 1048576, and not 99999999999999"},
		{"--page-timeout", "5", `--page-timeout cannot be "5", which is no time, as in 10s; selvedge proxy --help lists what there is`},
		{"--page-timeout", "0s", "--page-timeout is a time above 0, as in 10s, and not 0s"},
		{"--origin-timeout", "-1s", "--origin-timeout is a time above 0, as in 10s, and not -1s"},
		{"--esi-cookie", "a=b", `--esi-cookie "a=b" is no name of a cookie`},
		{"--cookie", "a;b", `--cookie "a;b" is no name of a cookie`},
		{"--set-cookie", "", `--set-cookie "" is no name of a cookie`},
		{"--header", "a b", `"a b" is no name of a header field`},
		{"--header", "cookie", "cookies are sent by their names, and not by the field Cookie"},
		{"--header", "range", "the header field Range cannot be handed on with an include"},
		{"--esi-type", "text", `--esi-type "text" is no media type, as in text/plain`},
		{"--esi-type", "text/plain;charset=utf-8", `--esi-type "text/plain;charset=utf-8" is no media type, as in text/plain`},
		{"--surrogate", "x", `--surrogate "x" is no network, as in 10.0.0.0/8, and no address`},
		{"--allow-host", "http://a/b", `"http://a/b" is no host that can be allowed, such as example.com, example.com:8443, https://example.com, *.example.com, 10.0.0.5 or the network 10.0.0.0/8`},
		{"--host", "a:1", `--host "a:1" is no name or address of a host without a port, as in shop.example`},
		{"--log", "xml", `--log is text or json, and not "xml"`},
		{"--esi-alias=maybe", "", `--esi-alias cannot be "maybe", which is no word for yes or no, as in true; selvedge proxy --help lists what there is`},
		{"--nothing", "x", "there is no flag --nothing; selvedge proxy --help lists what there is"},
	}
	for _, test := range tests {
		t.Run(test.flag+" "+test.value, func(t *testing.T) {
			args := []string{"selvedge", "proxy", "http://127.0.0.1:9", "--listen", "127.0.0.1:0", test.flag}
			if !strings.Contains(test.flag, "=") {
				args = append(args, test.value)
			}
			var stderr strings.Builder
			if code := run(t.Context(), args, strings.NewReader(""), io.Discard, &stderr); code != exitUsage || stderr.String() != "selvedge: "+test.want+"\n" {
				t.Errorf("run(%q) = %d, %q; want %d, %q", args, code, stderr.String(), exitUsage, test.want)
			}
		})
	}
}

// TestABadValueInTheEnvironmentIsAMistakeToo holds for what stands in the place
// of a flag.
func TestABadValueInTheEnvironmentIsAMistakeToo(t *testing.T) {
	for name, want := range map[string]string{
		"SELVEDGE_CACHE_SIZE":   `SELVEDGE_CACHE_SIZE is "x", which is no number`,
		"SELVEDGE_PAGE_TIMEOUT": `SELVEDGE_PAGE_TIMEOUT is "x", which is no time, as in 10s`,
		"SELVEDGE_ESI_ALIAS":    `SELVEDGE_ESI_ALIAS is "x", which is no word for yes or no, as in true`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(name, "x")
			var stderr strings.Builder
			args := []string{"selvedge", "proxy", "http://127.0.0.1:9"}
			if code := run(t.Context(), args, strings.NewReader(""), io.Discard, &stderr); code != exitUsage || stderr.String() != "selvedge: "+want+"\n" {
				t.Errorf("%s=x: run = %d, %q; want %d, %q", name, code, stderr.String(), exitUsage, want)
			}
		})
	}
}

// TestAnAddressThatIsTakenIsNoMistakeInTheCommandLine is a failure like others.
func TestAnAddressThatIsTakenIsNoMistakeInTheCommandLine(t *testing.T) {
	taken, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	var stderr strings.Builder
	args := []string{"selvedge", "proxy", "http://127.0.0.1:9", "--listen", taken.Addr().String()}
	if code := run(t.Context(), args, strings.NewReader(""), io.Discard, &stderr); code != exitFailed || strings.Count(stderr.String(), "\n") != 1 {
		t.Errorf("run(%q) = %d, %q; want %d and one line", args, code, stderr.String(), exitFailed)
	}
}
