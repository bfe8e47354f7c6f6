package composer_test

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"selvedge/composer"
)

// trailed is an answer as its client sees where it ends.
type trailed struct {
	Announced string // the fields of Trailer
	Trailer   string // what came after the body
	Length    int64  // of the body, as the header says it; -1: it does not
	Body      string
}

// trailed sends a request and returns the answer.
func (s *site) trailed(t *testing.T, request string) trailed {
	t.Helper()
	method, _, _ := strings.Cut(request, " ")
	raw := s.raw(t, strings.ReplaceAll(request, "|", "\n")+"\nHost: shop.example\nConnection: close\n\n")
	header, _, _ := strings.Cut(raw, "\r\n\r\n")
	var got trailed
	for line := range strings.Lines(header) {
		if value, ok := strings.CutPrefix(line, "Trailer: "); ok {
			got.Announced = strings.TrimSpace(value)
		}
	}
	res, err := http.ReadResponse(bufio.NewReader(strings.NewReader(raw)), &http.Request{Method: method})
	if err != nil {
		t.Fatalf("%s: %v", request, err)
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Errorf("%s: the answer %q ends with %v", request, raw, err)
	}
	var fields []string
	for name, values := range res.Trailer {
		for _, value := range values {
			fields = append(fields, name+": "+value)
		}
	}
	slices.Sort(fields)
	got.Trailer, got.Length, got.Body = strings.Join(fields, "|"), res.ContentLength, string(body)
	return got
}

// trailing answers some, or so many bytes as ?size= says, and the trailer X-Sum.
// With ?pieces the body comes in two, with ?announced the trailer is announced.
func trailing(header string) http.HandlerFunc {
	return with(header, func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		if q.Has("announced") {
			w.Header().Set("Trailer", "X-Sum")
		}
		_, _ = io.WriteString(w, "so")
		if q.Has("pieces") {
			_ = http.NewResponseController(w).Flush()
		}
		_, _ = io.WriteString(w, "me"+strings.Repeat("!", len(q.Get("more"))))
		_ = http.NewResponseController(w).Flush()
		w.Header().Set(http.TrailerPrefix+"X-Sum", "7")
	})
}

// TestTrailersPass asks twice. What may be stored is stored without its trailer,
// so the second answer has none, and announces none.
func TestTrailersPass(t *testing.T) {
	tests := []struct {
		name, header, request string
		stored                bool
	}{
		{"an answer that is stored", "Cache-Control: max-age=60", "GET /x?%s HTTP/1.1", true},
		{"an answer that is too large to be stored", "Cache-Control: max-age=60", "GET /x?more=" + strings.Repeat("x", 200) + "&%s HTTP/1.1", false},
		{"an answer that is not stored", "Cache-Control: no-store", "GET /x?%s HTTP/1.1", false},
		{"an answer to a form", "X: y", "POST /x?%s HTTP/1.1|Content-Length: 0", false},
		{"an answer to a form that is stored for others", "Cache-Control: max-age=60|Content-Location: /x", "POST /x?%s HTTP/1.1|Content-Length: 0", false},
	}
	for _, test := range tests {
		for _, query := range []string{"", "announced", "pieces", "pieces&announced"} {
			t.Run(test.name+", "+query, func(t *testing.T) {
				s := newProxy(t, composer.Options{MaxFragment: 100}, trailing(test.header))
				body := "some"
				if strings.Contains(test.request, "more=") {
					body += strings.Repeat("!", 200)
				}
				first, again := trailed{Trailer: "X-Sum: 7", Length: -1, Body: body}, trailed{Length: 4, Body: body}
				if !test.stored {
					again = first
				}
				for i, want := range []trailed{first, again} {
					got := s.trailed(t, fmt.Sprintf(test.request, query))
					if got.Trailer != "" && got.Announced == "X-Sum" { // it may be, and has to if the origin does
						got.Announced = ""
					} else if got.Trailer != "" && strings.HasSuffix(query, "announced") {
						t.Errorf("request %d: the trailer is not announced", i)
					}
					if diff := cmp.Diff(want, got); diff != "" {
						t.Errorf("request %d (-want +got):\n%s", i, diff)
					}
				}
			})
		}
	}
}

// TestAnAnnouncementWithoutItsTrailerIsDropped holds where it is known that none
// will come.
func TestAnAnnouncementWithoutItsTrailerIsDropped(t *testing.T) {
	for name, request := range map[string]string{
		"a whole answer": "GET /x HTTP/1.1", "a HEAD": "HEAD /x HTTP/1.1", "an answer without a body": "GET /empty HTTP/1.1",
		"an answer with a length": "GET /length HTTP/1.1", "an answer with a length that is not stored": "GET /pass HTTP/1.1",
	} {
		t.Run(name, func(t *testing.T) {
			s := newProxy(t, composer.Options{}, func(w http.ResponseWriter, r *http.Request) {
				set(w, "Cache-Control: max-age=60", "Trailer: X-Sum")
				switch r.URL.Path {
				case "/empty":
					w.WriteHeader(http.StatusNoContent)
					return
				case "/length":
					set(w, "Content-Length: 4")
				case "/pass":
					set(w, "Content-Length: 4", "Cache-Control: no-store")
				}
				_, _ = io.WriteString(w, "some")
			})
			if got := s.trailed(t, request); got.Announced != "" || got.Trailer != "" {
				t.Errorf("%s is answered with %+v; want no trailer", request, got)
			}
		})
	}
}

// TestATrailerIsForThoseWhoReadIt has clients of all kinds ask for what is
// stored and for what passes.
func TestATrailerIsForThoseWhoReadIt(t *testing.T) {
	tests := []struct {
		name, version, header string
		want                  bool
	}{
		{"HTTP/1.1", "1.1", "", true},
		{"HTTP/1.0", "1.0", "", false},
		{"HTTP/1.0 that says it", "1.0", "|TE: trailers", false},
		{"a client that says it", "1.1", "|TE: gzip;q=0.5, trailers", true},
		{"a proxy", "1.1", "|Via: 1.1 varnish", false},
		{"a proxy that tells the address", "1.1", "|X-Forwarded-For: 192.0.2.7", false},
		{"a proxy that says it", "1.1", "|Via: 1.1 front|TE: trailers", true},
	}
	for _, test := range tests {
		for _, header := range []string{"Cache-Control: max-age=60", "Cache-Control: no-store"} {
			for _, query := range []string{"announced", "pieces&announced"} {
				t.Run(test.name+", "+header+", "+query, func(t *testing.T) {
					s := newProxy(t, composer.Options{}, trailing(header))
					got := s.trailed(t, "GET /x?"+query+" HTTP/"+test.version+test.header)
					want := trailed{Body: "some", Announced: "X-Sum", Trailer: "X-Sum: 7"}
					if !test.want {
						want = trailed{Body: "some"}
					}
					if got.Length = 0; got != want {
						t.Errorf("the answer is %+v; want %+v", got, want)
					}
				})
			}
		}
	}
}

// hijacked answers with what is given as it is sent.
func hijacked(t *testing.T, raw string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, rw, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer func() { _ = conn.Close() }()
		_, _ = io.WriteString(rw, strings.ReplaceAll(raw, "\n", "\r\n"))
		_ = rw.Flush()
	}
}

// TestWhatATrailerMayHave has an origin put into one what is about the message or
// the connection, what is for the composer, and a field of the header.
func TestWhatATrailerMayHave(t *testing.T) {
	const start, end = "HTTP/1.1 200 OK\nX-Both: 1\nTransfer-Encoding: chunked\n", "\n4\nsome\n0\n"
	tests := []struct {
		name, trailer, want string
	}{
		{"a field of the message's own", "X-Sum: 2", "X-Sum: 2"},
		{"a field of the header", "X-Both: 2", "X-Both: 2"},
		{"several", "X-Both: 2\nX-Sum: 3", "X-Both: 2|X-Sum: 3"},
		{"what must stand in a header", "Cache-Control: a\nContent-Encoding: b\nX-Sum: 2\nContent-Length: 5", "X-Sum: 2"},
		{"a cookie", "Set-Cookie: a=b", ""},
		{"what is about the connection", "Keep-Alive: 5\nConnection: X-Hop\nX-Hop: 1\nX-Sum: 2", "X-Sum: 2"},
		{"what is for the composer", "Surrogate-Control: a\nSelvedge-Error: show", ""},
		{"a name that is none", "X-Sum : 2", ""},
	}
	for _, test := range tests {
		for _, header := range []string{"Cache-Control: max-age=60\n", "Cache-Control: no-store\n"} {
			for _, announcement := range []string{"", "Trailer: X-Both, X-Sum, Set-Cookie, Surrogate-Control\n"} {
				t.Run(test.name+", "+header+announcement, func(t *testing.T) {
					s := newProxy(t, composer.Options{}, hijacked(t, start+header+announcement+end+test.trailer+"\n\n"))
					got := s.trailed(t, "GET /x HTTP/1.1")
					if got.Trailer != test.want || got.Body != "some" {
						t.Errorf("the body is %q and the trailer %q; want %q", got.Body, got.Trailer, test.want)
					}
					if got.Announced != "" && got.Announced != "X-Sum" {
						t.Errorf("%q is announced; want only X-Sum", got.Announced)
					}
				})
			}
		}
	}
	t.Run("a HEAD announces none", func(t *testing.T) {
		s := newProxy(t, composer.Options{}, hijacked(t, start+"Trailer: X-Sum\n\n"))
		if got := s.trailed(t, "HEAD /x HTTP/1.1"); got.Announced != "" {
			t.Errorf("%q is announced; want nothing", got.Announced)
		}
	})
}

// TestAnOriginLearnsWhoTakesTrailers holds for documents and for what passes.
func TestAnOriginLearnsWhoTakesTrailers(t *testing.T) {
	o := before(t, composer.Options{}, map[string]http.HandlerFunc{"/x": piece("x")})
	for _, request := range []string{"GET /x HTTP/1.1", "POST /x HTTP/1.1|Content-Length: 0"} {
		for _, te := range []string{"", "|TE: gzip, trailers"} {
			o.proxy.trailed(t, request+te)
			all := o.requests("/x")
			last := all[len(all)-1].Header
			want := []string{"", ""}
			if te != "" {
				want = []string{"trailers", "TE"}
			}
			if diff := cmp.Diff(want, []string{last.Get("Te"), last.Get("Connection")}); diff != "" {
				t.Errorf("%s%s: TE and Connection of the request to the origin (-want +got):\n%s", request, te, diff)
			}
		}
	}
}
