package composer_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"selvedge/composer"
)

// TestWhatIsNotStoredStreams holds that a part of an answer arrives while the
// origin still writes, also of one that turns out too large to be stored.
func TestWhatIsNotStoredStreams(t *testing.T) {
	tests := []struct{ name, header, request string }{
		{"an answer that may not be stored", "Cache-Control: no-store", "GET /x"},
		{"an answer that says nothing", "X: y", "GET /x"},
		{"an answer that is too large", "Cache-Control: max-age=60", "GET /x"},
		{"an answer to a form", "X: y", "POST /x"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			proceed := make(chan struct{})
			s := newProxy(t, composer.Options{MaxFragment: 100}, func(w http.ResponseWriter, _ *http.Request) {
				set(w, test.header, "Trailer: X-Sum")
				_, _ = io.WriteString(w, strings.Repeat("a", 200)+"\n")
				_ = http.NewResponseController(w).Flush()
				<-proceed
				_, _ = io.WriteString(w, "end")
				w.Header().Set("X-Sum", "7")
			})
			method, target, _ := strings.Cut(test.request, " ")
			res, err := s.server.Client().Do(s.request(t, method, target, nil))
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = res.Body.Close() }()
			body := bufio.NewReader(res.Body)
			if line, err := body.ReadString('\n'); len(line) != 201 {
				t.Errorf("the first line is %q, %v", line, err)
			}
			close(proceed)
			rest, err := io.ReadAll(body)
			if string(rest) != "end" || err != nil || res.Trailer.Get("X-Sum") != "7" {
				t.Errorf("the rest is %q, %v, with the trailer %v; want end and X-Sum", rest, err, res.Trailer)
			}
		})
	}
}

// TestAVisitorThatLeavesEndsTheRequest holds for an answer that has begun.
func TestAVisitorThatLeavesEndsTheRequest(t *testing.T) {
	ended := make(chan struct{})
	s := newProxy(t, composer.Options{}, func(w http.ResponseWriter, r *http.Request) {
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
		close(ended)
	})
	ctx, leave := context.WithCancel(t.Context())
	res, err := s.server.Client().Do(s.request(t, http.MethodGet, "/x", nil).WithContext(ctx))
	if err != nil {
		t.Fatal(err)
	}
	leave()
	<-ended
	_ = res.Body.Close()
}

func TestATemplateOfTheOriginIsCompleted(t *testing.T) {
	page := template(`a<esi:comment text="x"/>b`)
	f := &counter{answer: func(w http.ResponseWriter, r *http.Request, _ int32) {
		set(w, "Cache-Control: max-age=60", "Content-Type: text/html", `Surrogate-Control: content="ESI/1.0"`)
		if r.Header.Get("Range") != "" {
			w.WriteHeader(http.StatusPartialContent)
		}
		page(w, r)
	}}
	s := newProxy(t, composer.Options{}, f.ServeHTTP)
	if got := s.ask(t, "HEAD /x").header.Get("Content-Length"); got != "2" {
		t.Errorf("HEAD says the page has %s bytes; want 2", got)
	}
	for _, request := range []string{"GET /x|Range: bytes=0-1", "GET /x", "POST /x", "GET /x|Range: bytes=0-1"} {
		if a := s.ask(t, request); a.status != http.StatusOK || a.body != "ab" || a.header.Get("Surrogate-Control") != "" {
			t.Errorf("%s is answered with %d %q; want 200 and the page", request, a.status, a.body)
		}
	}
}

func TestRequestsThatAreNotHandedOn(t *testing.T) {
	s := newProxy(t, composer.Options{}, func(http.ResponseWriter, *http.Request) { t.Error("the origin was asked") })
	tests := []struct {
		name, method, target, via string
		want                      int
	}{
		{"TRACE", http.MethodTrace, "/x", "", http.StatusNotImplemented},
		{"CONNECT", http.MethodConnect, "/x", "", http.StatusNotImplemented},
		{"a circle (RFC 9110 §7.6.3)", http.MethodGet, "/x", strings.Repeat("1.1 selvedge, ", 9), http.StatusLoopDetected},
		{"what is no path", http.MethodGet, "*", "", http.StatusBadRequest},
		{"an address of another kind", http.MethodGet, "urn:x", "", http.StatusBadRequest},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := s.request(t, test.method, "/x", nil)
			if r.URL.Opaque = test.target; strings.HasPrefix(test.target, "/") {
				r.URL.Opaque = ""
			}
			r.Header.Set("Via", test.via)
			if got := s.do(t, r).status; got != test.want {
				t.Errorf("status = %d; want %d", got, test.want)
			}
		})
	}
}

// TestAPurgeReachesWhatIsOnItsWay holds for the answer to a POST that would
// have been stored for GETs.
func TestAPurgeReachesWhatIsOnItsWay(t *testing.T) {
	proceed := make(chan struct{})
	s := newProxy(t, composer.Options{}, func(w http.ResponseWriter, r *http.Request) {
		set(w, "Cache-Control: max-age=60", "Content-Location: /x", `Cache-Groups: "g"`)
		_, _ = io.WriteString(w, r.Method)
		if r.Method == http.MethodPost {
			_ = http.NewResponseController(w).Flush()
			<-proceed
		}
	})
	res, err := s.server.Client().Do(s.request(t, http.MethodPost, "/x", nil))
	if err != nil {
		t.Fatal(err)
	}
	s.Invalidate("g")
	close(proceed)
	_, _ = io.ReadAll(res.Body)
	_ = res.Body.Close()
	if got := s.ask(t, "GET /x").body; got != http.MethodGet {
		t.Errorf("GET has the answer to %s", got)
	}
}

// TestAnAnswerForOneIsGivenToNoOther asks for what may not be stored from many
// sides at once, while some of them leave.
func TestAnAnswerForOneIsGivenToNoOther(t *testing.T) {
	var all sync.WaitGroup
	proceed := make(chan struct{})
	var asked atomic.Int32
	s := newProxy(t, composer.Options{}, func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1) == 1 {
			<-proceed
		}
		w.Header().Set("Cache-Control", "private")
		_, _ = io.WriteString(w, r.Header.Get("Cookie"))
	})
	for i := range 40 {
		all.Go(func() {
			ctx, leave := context.WithCancel(t.Context())
			defer leave()
			r := s.request(t, http.MethodGet, "/x", nil).WithContext(ctx)
			cookie := fmt.Sprintf("visitor=%d", i)
			r.Header.Set("Cookie", cookie)
			if i%4 == 0 {
				go leave()
				if res, err := s.server.Client().Do(r); err == nil {
					_ = res.Body.Close()
				}
				return
			}
			if a := s.do(t, r); a.body != cookie {
				t.Errorf("%s got %q", cookie, a.body)
			}
		})
	}
	close(proceed)
	all.Wait()
}
