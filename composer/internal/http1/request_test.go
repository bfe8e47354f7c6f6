package http1

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestARequestAsItIsSent(t *testing.T) {
	tests := []struct {
		name    string
		request http.Request
		want    string // empty: an error
	}{
		{"the host of the address", http.Request{URL: urlOf(t, "http://a.example:81/b?c=d")}, "GET /b?c=d HTTP/1.1\r\nHost: a.example:81\r\n\r\n"},
		{"a host of its own", http.Request{URL: urlOf(t, "http://a.example"), Host: "shop.example"}, "GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n"},
		{"all lines of a field", http.Request{URL: urlOf(t, "http://a/"), Header: http.Header{"Via": {"1", "\tü"}}}, "GET / HTTP/1.1\r\nHost: a\r\nVia: 1\r\nVia: \tü\r\n\r\n"},
		{"no field without lines", http.Request{URL: urlOf(t, "http://a/"), Header: http.Header{"User-Agent": nil}}, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"},
		{"nothing of a body", http.Request{URL: urlOf(t, "http://a/"), Header: http.Header{
			"Content-Length": {"5"}, "Transfer-Encoding": {"chunked"}, "Trailer": {"A"}, "Host": {"b"},
		}}, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"},
		{"an IPv6 address", http.Request{URL: urlOf(t, "http://[::1]:80/")}, "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n"},

		{"a body", http.Request{URL: urlOf(t, "http://a/"), Body: io.NopCloser(strings.NewReader("x"))}, ""},
		{"another method", http.Request{Method: http.MethodHead, URL: urlOf(t, "http://a/")}, ""},
		{"another scheme", http.Request{URL: urlOf(t, "ftp://a/")}, ""},
		{"no host", http.Request{URL: urlOf(t, "http:///a")}, ""},
		{"a line in the target", http.Request{URL: &url.URL{Scheme: "http", Host: "a", RawQuery: "a\r\nb: c"}}, ""},
		{"a space in the target", http.Request{URL: &url.URL{Scheme: "http", Host: "a", RawQuery: "a HTTP/1.1"}}, ""},
		{"a line in the host", http.Request{URL: urlOf(t, "http://a/"), Host: "a\nb: c"}, ""},
		{"a path in the host", http.Request{URL: urlOf(t, "http://a/"), Host: "a/b"}, ""},
		{"a host that is not written in ASCII", http.Request{URL: urlOf(t, "http://bücher.example/")}, ""},
		{"a line in a field", http.Request{URL: urlOf(t, "http://a/"), Header: http.Header{"A": {"b\r\nC: d"}}}, ""},
		{"a zero in a field", http.Request{URL: urlOf(t, "http://a/"), Header: http.Header{"A": {"\x00"}}}, ""},
		{"a colon in a name", http.Request{URL: urlOf(t, "http://a/"), Header: http.Header{"A:": {"b"}}}, ""},
		{"no name", http.Request{URL: urlOf(t, "http://a/"), Header: http.Header{"": {"b"}}}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if test.request.Method == "" {
				test.request.Method = http.MethodGet
			}
			got, err := appendRequest(nil, &test.request, nil)
			if err != nil {
				got = nil
			}
			if string(got) != test.want || (err == nil) != (test.want != "") {
				t.Errorf("appendRequest() = %q, %v; want %q", got, err, test.want)
			}
		})
	}
}

func urlOf(t *testing.T, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// FuzzRequestText lets the parts of a request be anything. What is sent is one
// request, and the one that was meant.
func FuzzRequestText(f *testing.F) {
	f.Add("/a", "b=c", "shop.example", "Accept", "text/html")
	f.Add("/a\r\n", "b c", "a\r\nb", "A: b\r\nC", "\r\n\r\nGET / HTTP/1.1\r\n")
	f.Fuzz(func(t *testing.T, path, query, host, name, value string) {
		r := &http.Request{
			Method: http.MethodGet, URL: &url.URL{Scheme: "http", Host: "a.example", Path: path, RawQuery: query},
			Host: host, Header: http.Header{name: {value}},
		}
		text, err := appendRequest(nil, r, nil)
		if err != nil {
			return
		}
		lines := strings.Split(string(text), "\r\n")
		if n := len(lines); n < 4 || n > 5 || lines[n-1] != "" || lines[n-2] != "" || strings.ContainsAny(strings.Join(lines, ""), "\r\n") {
			t.Errorf("%q is sent", text)
		}
		if strings.Count(lines[0], " ") != 2 {
			t.Errorf("the request line is %q", lines[0])
		}
	})
}
