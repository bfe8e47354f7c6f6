package composer_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"selvedge/composer"
)

// entrances are the ways in which the body of a request reaches a source, which
// answers /api/x.
var entrances = []struct {
	name string
	site func(t testing.TB, o composer.Options, source http.HandlerFunc) *site
}{
	{"to an origin", newProxy},
	{"to a handler of this process", func(t testing.TB, o composer.Options, source http.HandlerFunc) *site {
		return newSite(t, o, fragments{"api": source}, nil)
	}},
	{"to another process", func(t testing.TB, o composer.Options, source http.HandlerFunc) *site {
		server := httptest.NewServer(source)
		t.Cleanup(server.Close)
		return newSite(t, o, nil, map[string]composer.Source{"api": sourceAt(t, server.URL)})
	}},
}

// reads is a source that reads the whole body, and takes what it cannot read for
// a mistake of its own.
func reads(w http.ResponseWriter, r *http.Request) {
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		w.WriteHeader(http.StatusInternalServerError)
	}
}

const chunkedRequest = "POST /api/x HTTP/1.1\nHost: shop.example\nConnection: close\nTransfer-Encoding: chunked\n\n"

func TestAMalformedRequestBodyIs400AndSaysNothingOfTheSource(t *testing.T) {
	bodies := []struct{ name, request string }{
		{"a chunk without a length", chunkedRequest + "ZZ\n\n"},
		{"a bad trailer", strings.Replace(chunkedRequest, "\n\n", "\nTrailer: A\n\n", 1) + "1\na\n0\nno trailer\n\n"},
		{"a chunk that is longer than it says", chunkedRequest + "3\nabcdef\n0\n\n"},
		{"a chunk after 100 KB", chunkedRequest + "19000\n" + strings.Repeat("x", 0x19000) + "\nZZ\n\n"},
	}
	for _, entrance := range entrances {
		for _, body := range bodies {
			t.Run(body.name+" "+entrance.name, func(t *testing.T) {
				s := entrance.site(t, composer.Options{}, reads)
				for range 40 {
					if got := s.raw(t, body.request); !strings.HasPrefix(got, "HTTP/1.1 400 ") && entrance.name != "to a handler of this process" {
						t.Fatalf("answer = %q; want 400", got)
					}
				}
				if got := s.do(t, s.request(t, http.MethodPost, "/api/x", strings.NewReader("whole"))); got.status != 200 {
					t.Errorf("after 40 malformed requests another one is answered %d; want 200", got.status)
				}
			})
		}
	}
}

func TestABodyThatBreaksOffIs400(t *testing.T) {
	for _, entrance := range entrances {
		t.Run(entrance.name, func(t *testing.T) {
			s := entrance.site(t, composer.Options{}, reads)
			c := s.dial(t)
			_, _ = io.WriteString(c, "POST /api/x HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 50\r\n\r\na")
			if err := c.(*net.TCPConn).CloseWrite(); err != nil {
				t.Fatal(err)
			}
			if got := statusLine(t, c); got != "HTTP/1.1 400 Bad Request" {
				t.Errorf("answer = %q; want 400", got)
			}
		})
	}
}

// dial connects with the server.
func (s *site) dial(t testing.TB) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(s.server.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_ = c.SetDeadline(time.Now().Add(time.Minute))
	return c
}

// statusLine reads the beginning of an answer.
func statusLine(t testing.TB, c net.Conn) string {
	t.Helper()
	line, err := bufio.NewReader(c).ReadString('\n')
	if err != nil {
		t.Error(err)
	}
	return strings.TrimSpace(line)
}

// slowRequest is one of which a byte is there.
const slowRequest = "POST /api/x HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 50\r\n\r\na"

// TestSlowUploadsDoNotTakeTheSlotsOfASource has 130 requests send a byte and no
// more. What others want is answered meanwhile.
func TestSlowUploadsDoNotTakeTheSlotsOfASource(t *testing.T) {
	for _, entrance := range entrances {
		t.Run(entrance.name, func(t *testing.T) {
			var uploads atomic.Int32
			full := make(chan struct{})
			s := entrance.site(t, composer.Options{}, func(w http.ResponseWriter, r *http.Request) {
				if r.ContentLength == 50 && uploads.Add(1) == 32 {
					close(full)
				}
				reads(w, r)
			})
			for range 130 {
				_, _ = io.WriteString(s.dial(t), slowRequest)
			}
			<-full // a quarter of 128: the others wait
			for i := range 20 {
				if got := s.get(t, fmt.Sprint("/api/x?", i)); got.status != 200 {
					t.Errorf("GET under the attack = %d; want 200", got.status)
				}
				if got := s.do(t, s.request(t, http.MethodPost, "/api/x", strings.NewReader("whole"))); got.status != 200 {
					t.Errorf("POST under the attack = %d; want 200", got.status)
				}
			}
			if n := uploads.Load(); n != 32 {
				t.Errorf("%d slow uploads reached the source; want 32", n)
			}
		})
	}
}

// TestAnAnswerBeforeTheEndOfABodyEndsTheConnection has a source refuse a request
// whose body does not come. What is left of it must not pass for a request.
func TestAnAnswerBeforeTheEndOfABodyEndsTheConnection(t *testing.T) {
	for _, entrance := range entrances {
		t.Run(entrance.name, func(t *testing.T) {
			refuses := refusesAtOnce
			if entrance.name == "to a handler of this process" {
				refuses = status(404, "nothing")
			}
			s := entrance.site(t, composer.Options{}, refuses)
			c := s.dial(t)
			_, _ = io.WriteString(c, slowRequest)
			all, err := io.ReadAll(c)
			if got := string(all); err != nil || !strings.HasPrefix(got, "HTTP/1.1 404 ") || !strings.Contains(got, "\r\nConnection: close\r\n") || !strings.HasSuffix(got, "nothing") {
				t.Errorf("answer = %q, %v; want 404, and that the connection ends", got, err)
			}
		})
	}
}

// refusesAtOnce answers 404 without waiting for the body, for which the server of
// net/http waits.
func refusesAtOnce(w http.ResponseWriter, _ *http.Request) {
	c, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(err)
	}
	_, _ = io.WriteString(c, "HTTP/1.1 404 Not Found\r\nContent-Length: 7\r\n\r\nnothing")
	_, _ = io.Copy(io.Discard, c)
	_ = c.Close()
}

// TestASlowBodyIs408 ends an action whose body does not come in time, however
// often, without a word against the source.
func TestASlowBodyIs408(t *testing.T) {
	for _, entrance := range entrances[1:] { // an origin is sent a body for as long as it goes on
		t.Run(entrance.name, func(t *testing.T) {
			s := entrance.site(t, composer.Options{ActionTimeout: 1500 * time.Millisecond, MaxWait: time.Second}, func(w http.ResponseWriter, r *http.Request) {
				if _, err := io.Copy(io.Discard, r.Body); err != nil {
					panic(http.ErrAbortHandler)
				}
			})
			var all sync.WaitGroup
			for range 40 {
				c := s.dial(t)
				all.Go(func() {
					_, _ = io.WriteString(c, slowRequest)
					if got := statusLine(t, c); got != "HTTP/1.1 408 Request Timeout" && got != "HTTP/1.1 504 Gateway Timeout" { // that waited for its turn
						t.Errorf("answer = %q; want 408", got)
					}
				})
			}
			all.Wait()
			if got := s.get(t, "/api/x"); got.status != 200 {
				t.Errorf("after 40 slow requests another one is answered %d; want 200", got.status)
			}
		})
	}
}

// TestWhoExpects100IsNotWaitedFor has a source see the header of a request whose
// body is not sent before that.
func TestWhoExpects100IsNotWaitedFor(t *testing.T) {
	for _, entrance := range entrances {
		t.Run(entrance.name, func(t *testing.T) {
			arrived := make(chan struct{})
			s := entrance.site(t, composer.Options{}, func(http.ResponseWriter, *http.Request) { close(arrived) })
			c := s.dial(t)
			_, _ = io.WriteString(c, "POST /api/x HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 50\r\nExpect: 100-continue\r\n\r\n")
			<-arrived
		})
	}
}

// unread is a visitor who takes no byte of an answer until the gate opens.
type unread struct {
	*recording
	gate <-chan struct{}
}

func (s *unread) Write(p []byte) (int, error) {
	<-s.gate
	return s.recording.Write(p)
}

func TestSlowReadersDoNotTakeTheSlotsOfASource(t *testing.T) {
	sizes := map[string]int{"a small answer": 1000, "a large answer": 200_000}
	for name, size := range sizes {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := newComposer(t, composer.Options{MaxInFlight: 8, ActionTimeout: time.Second}, fragments{"api": piece(strings.Repeat("x", size))}, nil)
				b, gate := &bubbled{Composer: c, proxy: c.Forward("api")}, make(chan struct{})
				var all sync.WaitGroup
				for range 20 {
					all.Go(func() { _ = b.serve(t.Context(), &unread{newRecording(), gate}, "POST /api/x") })
				}
				synctest.Wait()
				if got := b.ask(t, "POST /api/x"); got.status != 200 || len(got.body) != size {
					t.Errorf("answer = %d with %d bytes; want 200 with %d", got.status, len(got.body), size)
				}
				close(gate)
				all.Wait()
			})
		})
	}
}

// TestOneClientDoesNotTakeTheSlotsOfASource has one visitor, and one with a whole
// IPv6 network, ask for what takes long.
func TestOneClientDoesNotTakeTheSlotsOfASource(t *testing.T) {
	clients := map[string]func(i int) string{
		"one address":      oneClient,
		"one IPv6 network": func(i int) string { return fmt.Sprintf("2001:db8:1:2::%x", i+1) },
	}
	for name, client := range clients {
		for _, target := range []string{"/x", "/page"} {
			t.Run(name+" at "+target, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					var slow atomic.Int32
					answer := func(w http.ResponseWriter, r *http.Request) {
						if r.URL.RawQuery == "slow" || r.Header.Get("X-Slow") != "" {
							slow.Add(1)
							<-r.Context().Done()
							return
						}
						_, _ = io.WriteString(w, "ok")
					}
					b := newBubble(t, composer.Options{ClientAddress: fromHeader, ActionTimeout: 5 * time.Second, PageTimeout: 5 * time.Second, Headers: []string{"X-Slow"}},
						paths{"/x": answer, "/part": answer, "/page": template(`<esi:include src="/part?$(QUERY_STRING)"/>`)}.serve)
					var all sync.WaitGroup
					for i := range 200 {
						all.Go(func() { b.ask(t, "GET "+target+"?slow|Cache-Control: no-cache|X-Client: "+client(i)) })
					}
					time.Sleep(time.Second)
					if got := b.ask(t, "GET "+target+"?fast|X-Client: 198.51.100.7"); got.status != 200 || got.body != "ok" {
						t.Errorf("answer to another visitor = %d %q; want 200 ok", got.status, got.body)
					}
					if n := slow.Load(); n > 32 {
						t.Errorf("one client had %d requests in flight; want a quarter of 128 at most", n)
					}
					all.Wait()
				})
			})
		}
	}
}

// BenchmarkUnderSlowUploads compares what others wait while 130 uploads do not go
// on with what they wait otherwise, by turns: two ratios, of the medians and of the
// 99th percentiles.
func BenchmarkUnderSlowUploads(b *testing.B) {
	for _, entrance := range entrances {
		b.Run(entrance.name, func(b *testing.B) {
			quiet := entrance.site(b, composer.Options{}, reads)
			attacked := attackedSite(b, entrance.site)
			var waits, waitsAttacked []time.Duration
			for b.Loop() {
				waits = append(waits, postWhole(b, quiet))
				waitsAttacked = append(waitsAttacked, postWhole(b, attacked))
			}
			slices.Sort(waits)
			slices.Sort(waitsAttacked)
			for _, percent := range []int{50, 99} {
				i := len(waits) * percent / 100
				b.ReportMetric(float64(waitsAttacked[i])/float64(waits[i]), fmt.Sprintf("p%d-ratio", percent))
			}
		})
	}
}

// attackedSite returns a site that has as many slow uploads as it takes.
func attackedSite(b *testing.B, newSite func(testing.TB, composer.Options, http.HandlerFunc) *site) *site {
	var uploads atomic.Int32
	full := make(chan struct{})
	s := newSite(b, composer.Options{}, func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength == 50 && uploads.Add(1) == 32 {
			close(full)
		}
		reads(w, r)
	})
	for range 130 {
		_, _ = io.WriteString(s.dial(b), slowRequest)
	}
	<-full
	return s
}

// postWhole sends a request whose body is whole, and returns how long the answer
// took.
func postWhole(b *testing.B, s *site) time.Duration {
	began := time.Now()
	res, err := s.server.Client().Post(s.server.URL+"/api/x", "text/plain", strings.NewReader("whole"))
	if err != nil {
		b.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, res.Body)
	_ = res.Body.Close()
	if res.StatusCode != http.StatusOK {
		b.Fatalf("POST = %d; want 200", res.StatusCode)
	}
	return time.Since(began)
}
