package composer_test

import (
	"bufio"
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"selvedge/composer"
)

// sides are the ways to a page. What holds for one holds for the others.
// Pages are those of the fragment page, and other fragments stand at
// /fragments/NAME/.
var sides = []struct {
	name string
	open func(*testing.T, composer.Options, fragments) *site
}{
	{"of fragments in this process", func(t *testing.T, o composer.Options, f fragments) *site {
		return newSite(t, o, f, nil)
	}},
	{"of fragments in other processes", func(t *testing.T, o composer.Options, f fragments) *site {
		sources := make(map[string]composer.Source)
		for name, h := range f {
			sources[name] = composer.Source{URL: remote(t, h)}
		}
		return newSite(t, o, nil, sources)
	}},
	{"of fragments in other processes, by net/http", func(t *testing.T, o composer.Options, f fragments) *site {
		sources := make(map[string]composer.Source)
		for name, h := range f {
			sources[name] = composer.Source{URL: remote(t, h)}
		}
		o.NetHTTP = true
		return newSite(t, o, nil, sources)
	}},
	{"of an origin", func(t *testing.T, o composer.Options, f fragments) *site {
		return newProxy(t, o, f.origin)
	}},
	{"of an origin, by net/http", func(t *testing.T, o composer.Options, f fragments) *site {
		o.NetHTTP = true
		return newProxy(t, o, f.origin)
	}},
}

// origin serves all fragments of a page.
func (f fragments) origin(w http.ResponseWriter, r *http.Request) {
	name, rest, ok := strings.Cut(strings.TrimPrefix(r.URL.Path, composer.Prefix), "/")
	if !ok || name == "" || !strings.HasPrefix(r.URL.Path, composer.Prefix) {
		f["page"](w, r)
		return
	}
	r.URL.Path = "/" + rest
	f[name](w, r)
}

// onEachFront runs a test for each way to a page.
func onEachFront(t *testing.T, test func(t *testing.T, open func(composer.Options, fragments) *site)) {
	for _, front := range sides {
		t.Run("a page "+front.name, func(t *testing.T) {
			test(t, func(o composer.Options, f fragments) *site { return front.open(t, o, f) })
		})
	}
}

// patient are options with which nothing ends because of its time.
var patient = composer.Options{MaxWait: time.Minute, PageTimeout: time.Minute}

// reader reads a page as it comes.
type reader struct {
	t    *testing.T
	body io.Reader
}

// read asks for a page, of which what comes can be read.
func (s *site) read(t *testing.T, lines string) *reader {
	t.Helper()
	target, header, _ := strings.Cut(lines, "|")
	r := s.request(t, http.MethodGet, target, nil)
	if name, value, ok := strings.Cut(header, ": "); ok {
		r.Header.Set(name, value)
	}
	res, err := s.server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = res.Body.Close() })
	if res.Header.Get("Content-Encoding") != "gzip" {
		return &reader{t, res.Body}
	}
	body, err := gzip.NewReader(bufio.NewReader(res.Body))
	if err != nil {
		t.Fatal(err)
	}
	return &reader{t, body}
}

// next reads what has to come next.
func (r *reader) next(want string) {
	r.t.Helper()
	got := make([]byte, len(want))
	if n, err := io.ReadFull(r.body, got); err != nil || string(got) != want {
		r.t.Fatalf("next came %q, %v; want %q", got[:n], err, want)
	}
}

// end reads what has to come last.
func (r *reader) end(want string) {
	r.t.Helper()
	if got, err := io.ReadAll(r.body); err != nil || string(got) != want {
		r.t.Errorf("last came %q, %v; want %q", got, err, want)
	}
}
