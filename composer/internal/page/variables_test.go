package page

import (
	"net/http/httptest"
	"testing"

	"selvedge/composer/esi"
)

const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

func TestVariables(t *testing.T) {
	tests := []struct {
		name, variable  string
		value, text, in string // as it came, in HTML, in an address
	}{
		{"the query", "$(QUERY_STRING)", `a=1&b=%3C&a=2&c=x+"y"`, `a=1&amp;b=%3C&amp;a=2&amp;c=x+&#34;y&#34;`, `a=1&b=%3C&a=2&c=x+"y"`},
		{"the first value of a key", "$(QUERY_STRING{a})", "1", "1", "1"},
		{"a value is decoded and escaped again", "$(QUERY_STRING{b})", "<", "&lt;", "%3C"},
		{"white space in a value", "$(QUERY_STRING{c})", `x "y"`, "x &#34;y&#34;", "x%20%22y%22"},
		{"a key that is not there", "$(QUERY_STRING{d})", "", "", ""},
		{"a default for it", "$(QUERY_STRING{d}|e)", "", "e", ""},
		{"the host", "$(HTTP_HOST)", "shop.example:8080", "shop.example:8080", "shop.example:8080"},
		{"the referer", "$(HTTP_REFERER)", "http://a/b?c=d&e", "http://a/b?c=d&amp;e", "http:%2F%2Fa%2Fb%3Fc%3Dd%26e"},
		{"a part of what has none", "$(HTTP_HOST{a})", "", "", ""},
		{"the languages", "$(HTTP_ACCEPT_LANGUAGE)", "de-CH, en;q=0.5", "de-CH, en;q=0.5", "de-CH,%20en%3Bq%3D0.5"},
		{"a language in the list", "$(HTTP_ACCEPT_LANGUAGE{EN})", "true", "true", "true"},
		{"a language that is not", "$(HTTP_ACCEPT_LANGUAGE{de})", "false", "false", "false"},
		{"a default for it", "$(HTTP_ACCEPT_LANGUAGE{de}|none)", "", "none", ""},
		{"the browser", "$(HTTP_USER_AGENT)", firefox, firefox, "Mozilla%2F5.0%20%28X11%3B%20Linux%20x86_64%3B%20rv:140.0%29%20Gecko%2F20100101%20Firefox%2F140.0"},
		{"its name", "$(HTTP_USER_AGENT{browser})", "MOZILLA", "MOZILLA", "MOZILLA"},
		{"its system", "$(HTTP_USER_AGENT{os})", "UNIX", "UNIX", "UNIX"},
		{"its version", "$(HTTP_USER_AGENT{version})", "5.0", "5.0", "5.0"},
		{"what it does not say", "$(HTTP_USER_AGENT{colour})", "", "", ""},
		{"an argument", "$(ESI_ARGS{tab})", "<b>", "&lt;b&gt;", "%3Cb%3E"},
		{"all arguments", "$(ESI_ARGS)", "esi_tab=%3Cb%3E&esi_x=1", "esi_tab=%3Cb%3E&amp;esi_x=1", "esi_tab=%3Cb%3E&esi_x=1"},
		{"an argument is no part of the query", "$(QUERY_STRING{esi_x})", "", "", ""},
		{"nor is a part of the query an argument", "$(ESI_ARGS{a}|none)", "", "none", ""},
		{"another header", "$(HTTP_AUTHORIZATION)", "", "", ""},
		{"a name that means nothing", "$(NOTHING)", "", "", ""},
	}
	r := httptest.NewRequestWithContext(t.Context(), "GET", `/x?a=1&b=%3C&esi_tab=%3Cb%3E&a=2&esi_x=1&c=x+"y"`, nil)
	r.Host = "shop.example:8080"
	r.Header.Set("Referer", "http://a/b?c=d&e")
	r.Header.Set("Accept-Language", "de-CH, en;q=0.5")
	r.Header.Set("User-Agent", firefox)
	r.Header.Set("Authorization", "secret")
	e := newRequestVariables(r, nil)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			v := variable(t, test.variable)
			if got := e.value(v); got != test.value {
				t.Errorf("value of %s = %q; want %q", test.variable, got, test.value)
			}
			if got := variableText(v, e.value(v)); got != test.text {
				t.Errorf("%s in text = %q; want %q", test.variable, got, test.text)
			}
			if got := e.url(v); got != test.in {
				t.Errorf("%s in an address = %q; want %q", test.variable, got, test.in)
			}
		})
	}
}

// variable compiles one variable.
func variable(t *testing.T, s string) esi.Variable {
	t.Helper()
	segments := esi.Compile([]byte("<esi:vars>" + s + "</esi:vars>")).Segments
	if len(segments) != 1 || segments[0].Variable == nil {
		t.Fatalf("%q is no variable", s)
	}
	return *segments[0].Variable
}

func TestCookiesHaveVariablesByName(t *testing.T) {
	tests := []struct {
		name     string
		allowed  []string
		variable string
		want     string
	}{
		{"none is allowed", nil, "$(HTTP_COOKIE{group})", ""},
		{"nor are all together", nil, "$(HTTP_COOKIE)", ""},
		{"one that is", []string{"group"}, "$(HTTP_COOKIE{group})", "gold"},
		{"another is not", []string{"group"}, "$(HTTP_COOKIE{session})", ""},
		{"those that are", []string{"group", "lang"}, "$(HTTP_COOKIE)", "group=gold; lang=de"},
		{"all", []string{"*"}, "$(HTTP_COOKIE{session})", "secret"},
		{"all together", []string{"*"}, "$(HTTP_COOKIE)", "session=secret; group=gold; lang=de"},
		{"one that was not sent", []string{"*"}, "$(HTTP_COOKIE{x}|'a b')", ""},
	}
	r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
	r.Header["Cookie"] = []string{"session=secret; group=gold", "lang=de"}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := newRequestVariables(r, test.allowed).value(variable(t, test.variable)); got != test.want {
				t.Errorf("%s with %q = %q; want %q", test.variable, test.allowed, got, test.want)
			}
		})
	}
}

func TestUserAgents(t *testing.T) {
	tests := []struct{ name, agent, browser, os, version string }{
		{"an old one", "Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1)", "MSIE", "WIN", "6.0"},
		{"a Mac", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Safari/605", "MOZILLA", "MAC", "5.0"},
		{"a tool", "curl/8.14.1", "OTHER", "OTHER", "8.14.1"},
		{"one that says little", "x", "OTHER", "OTHER", ""},
		{"none", "", "", "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for key, want := range map[string]string{"browser": test.browser, "os": test.os, "version": test.version, "": test.agent} {
				if got := userAgent(test.agent, key); got != want {
					t.Errorf("userAgent(%q, %q) = %q; want %q", test.agent, key, got, want)
				}
			}
		})
	}
}
