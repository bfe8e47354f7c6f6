package composer_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"selvedge/composer"
)

// raw sends a request as it is written, and returns the answer as it is read
// until the connection ends.
func (s *site) raw(t *testing.T, request string) string {
	t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(s.server.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	_ = c.SetDeadline(time.Now().Add(time.Minute))
	if _, err := io.WriteString(c, strings.ReplaceAll(request, "\n", "\r\n")); err != nil {
		t.Fatal(err)
	}
	all, err := io.ReadAll(c)
	if err != nil {
		t.Errorf("the answer %q ends with %v", all, err)
	}
	return string(all)
}

// TestHTTP10GetsABodyUntilTheEnd has a page that leaves in pieces, and one that
// leaves as a whole: neither has what HTTP/1.0 does not know.
func TestHTTP10GetsABodyUntilTheEnd(t *testing.T) {
	for _, front := range fronts {
		for _, slow := range []bool{false, true} {
			for _, coding := range []string{"", "Accept-Encoding: gzip\n"} {
				s, _ := front.front(t, composer.Options{}, pages{
					"/": esi("Cache-Control: max-age=60|Link: </a.js>; rel=preload; as=script", `head<esi:include src="/a"/><esi:include src="/b"/>tail!`), "/a": document("Cache-Control: no-cache", "A"), "/b": document("", "B"),
				})
				if !slow {
					s, _ = front.front(t, composer.Options{}, pages{"/": esi("", "headABtail!")})
				}
				for range 2 {
					got := s.raw(t, "GET / HTTP/1.0\nSec-Fetch-Mode: navigate\n"+coding+"\n")
					head, body, _ := strings.Cut(got, "\r\n\r\n")
					if strings.Contains(head, "gzip") {
						body = unpacked(t, body)
					}
					lower := strings.ToLower(head)
					for _, unknown := range []string{"transfer-encoding", "trailer:", " 103 "} {
						if strings.Contains(lower, unknown) {
							t.Errorf("%s: the answer to HTTP/1.0 begins with %q; want nothing of %s", front.name, head, unknown)
						}
					}
					if body != "headABtail!" || !strings.Contains(head, " 200 OK\r\n") {
						t.Errorf("%s: HTTP/1.0 gets %q; want the page", front.name, got)
					}
				}
			}
		}
	}
}

// TestTheLengthOfAPageIsItsOwn has templates that say theirs.
func TestTheLengthOfAPageIsItsOwn(t *testing.T) {
	for _, front := range fronts {
		s, _ := front.front(t, composer.Options{}, requiring(pages{"/": esi("", `<esi:include src="/a"/>`), "/a": document("", "abc")}))
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			res, err := s.server.Client().Do(s.request(t, method, "/", nil))
			if err != nil {
				t.Fatal(err)
			}
			_ = res.Body.Close()
			if res.ContentLength != 3 || len(res.TransferEncoding) > 0 {
				t.Errorf("%s: %s has the length %d in %v; want 3", front.name, method, res.ContentLength, res.TransferEncoding)
			}
		}
	}
}

// TestACompressedPageCanBeShownAsItComes reads the head of a page whose include
// is not there yet.
func TestACompressedPageCanBeShownAsItComes(t *testing.T) {
	proceed := make(chan struct{})
	head := "<h1>" + strings.Repeat("some text ", 200) + "</h1>\n"
	s := newProxy(t, composer.Options{}, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			<-proceed
			_, _ = io.WriteString(w, "slow")
			return
		}
		template(head+`<esi:include src="/slow"/>`)(w, r)
	})
	r := s.request(t, http.MethodGet, "/", nil)
	r.Header.Set("Accept-Encoding", "gzip")
	res, err := s.server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	text := bufio.NewReader(inflating(t, res.Body))
	if line, err := text.ReadString('\n'); line != head || err != nil {
		t.Errorf("before the include is there, the page is %q, %v; want its head", line, err)
	}
	close(proceed)
	if rest, err := io.ReadAll(text); string(rest) != "slow" || err != nil {
		t.Errorf("the rest of the page is %q, %v; want the include", rest, err)
	}
}
