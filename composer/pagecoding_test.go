package composer_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"selvedge/composer"
)

// packed returns a text in the coding gzip.
func packed(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = io.WriteString(w, text)
	_ = w.Close()
	return b.String()
}

// inflating reads a body in the coding gzip.
func inflating(t *testing.T, body io.Reader) io.Reader {
	t.Helper()
	r, err := gzip.NewReader(body)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func unpacked(t *testing.T, body string) string {
	t.Helper()
	text, err := io.ReadAll(inflating(t, strings.NewReader(body)))
	if err != nil {
		t.Errorf("the body %q: %v", body, err)
	}
	return string(text)
}

// TestCodingsDoNotChangeAPage has a template, a fragment that is completed, one
// that is not, and a visitor, each with gzip or without, and all of it stored or
// not.
func TestCodingsDoNotChangeAPage(t *testing.T) {
	long := strings.Repeat("some text that is long enough ", 80)
	for _, front := range fronts {
		for n := range 1 << 5 {
			on := func(bit int) bool { return n>>bit&1 == 1 }
			coded := func(bit int, make func(lines, body string) string, body string) string {
				lines := "Cache-Control: no-store"
				if on(4) {
					lines = "Cache-Control: max-age=60"
				}
				if on(bit) {
					return make(lines+"|Content-Encoding: gzip", packed(body))
				}
				return make(lines, body)
			}
			s, _ := front.front(t, composer.Options{}, pages{
				"/": coded(0, esi, long+`<esi:include src="/fragments/part/a"/>tail`), "/a": coded(1, esi, `a<esi:include src="/fragments/part/b"/>`), "/b": coded(2, document, long+"b"),
			})
			request := "GET /"
			if on(3) {
				request += "|Accept-Encoding: gzip"
			}
			for range 2 {
				a := s.ask(t, request)
				if (a.header.Get("Content-Encoding") == "gzip") != on(3) {
					t.Errorf("%s %05b: Content-Encoding = %q; want gzip only for who takes it", front.name, n, a.header.Get("Content-Encoding"))
				} else if on(3) {
					a.body = unpacked(t, a.body)
				}
				if want := long + "a" + long + "btail"; a.body != want {
					t.Errorf("%s %05b: page = %.50q of %d bytes; want %d", front.name, n, a.body, len(a.body), len(want))
				}
			}
		}
	}
}

func TestCodingsOfAFragment(t *testing.T) {
	var zstandard bytes.Buffer
	z, err := zstd.NewWriter(&zstandard)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(z, "text")
	_ = z.Close()
	good := packed("text")
	random := make([]byte, 1<<20)
	for i := range random {
		random[i] = byte(rand.IntN(256))
	}
	tests := []struct{ name, lines, body, want string }{
		{"gzip", "Content-Encoding: gzip", good, "text"},
		{"by its old name", "Content-Encoding: x-gzip", good, "text"},
		{"in any case", "Content-Encoding: GZip", good, "text"},
		{"two members", "Content-Encoding: gzip", good + good, "texttext"},
		{"two codings in two fields", "Content-Encoding: zstd|Content-Encoding: gzip", packed(zstandard.String()), "text"},
		{"two codings in one field", "Content-Encoding: zstd, gzip", packed(zstandard.String()), "text"},
		{"none, by a field", "Content-Encoding: identity", "text", "text"},
		{"a charset in its place", "Content-Encoding: UTF-8", "text", "text"},
		{"the word none", "Content-Encoding: none", "text", "text"},
		{"a transfer encoding of MIME", "Content-Encoding: 8bit", "text", "text"},
		{"gzip and a charset", "Content-Encoding: gzip, utf-8", good, "text"},
		{"br, which was not asked for", "Content-Encoding: br", "\x0b\x01\x80text\x03", "failed"},
		{"zstd, which was not asked for", "Content-Encoding: zstd", zstandard.String(), "text"},
		{"one that is not known", "Content-Encoding: compress", "text", "failed"},
		{"one that is not known, in another field", "Content-Encoding: gzip|Content-Encoding: compress", good, "failed"},
		{"gzip that is none", "Content-Encoding: gzip", "text", "failed"},
		{"gzip that is cut off", "Content-Encoding: gzip", good[:len(good)-9], "failed"},
		{"gzip that is cut off in its sum", "Content-Encoding: gzip", good[:len(good)-1], "failed"},
		{"gzip with another sum", "Content-Encoding: gzip", good[:len(good)-8] + "\x00\x00\x00\x00" + good[len(good)-4:], "failed"},
		{"gzip with something behind it", "Content-Encoding: gzip", good + "<p>", "failed"},
		{"gzip of nothing", "Content-Encoding: gzip", packed(""), ""},
		{"nothing at all", "Content-Encoding: gzip", "", ""},
		{"204", "Status: 204|Content-Encoding: gzip", "", ""},
		{"a bomb", "Content-Encoding: gzip", packed(strings.Repeat("\x00", 8<<20)), "failed"},
		{"a bomb in a bomb", "Content-Encoding: gzip, gzip", packed(packed(strings.Repeat("\x00", 64<<20))), "failed"},
		{"members of nothing without end", "Content-Encoding: gzip", strings.Repeat(packed(""), 100_000), "failed"},
		{"what does not get smaller", "Content-Encoding: gzip", packed(string(random)), string(random)},
	}
	for _, front := range fronts {
		for _, test := range tests {
			t.Run(front.name+" "+test.name, func(t *testing.T) {
				t.Parallel()
				s, _ := front.front(t, patient, pages{
					"/": esi("", `<esi:include src="/a">failed</esi:include>`), "/a": document("Cache-Control: max-age=60|"+test.lines, test.body),
				})
				for range 2 {
					if a := s.ask(t, "GET /"); a.status != 200 || a.body != test.want {
						t.Errorf("page = %d %.100q; want 200 %.100q", a.status, a.body, test.want)
					}
				}
			})
		}
	}
}

// TestABrokenCodingIsNeverAWholePage is that a page ends where it
// cannot go on, and does not look whole.
func TestABrokenCodingIsNeverAWholePage(t *testing.T) {
	large := packed(strings.Repeat("some text ", 20_000))
	for _, front := range fronts {
		for _, coding := range []string{"", "|Accept-Encoding: gzip"} {
			s, _ := front.front(t, composer.Options{}, pages{
				"/": esi("", `head<esi:include src="/a"/>tail`), "/a": document("Content-Encoding: gzip", large[:len(large)-20]),
			})
			if a := s.ask(t, "GET /"+coding); a.status == 200 && a.err == nil {
				t.Errorf("%s: page%s = %q and whole; want an error", front.name, coding, a.body)
			}
		}
	}
}

func TestWhichPagesAreCompressed(t *testing.T) {
	long := strings.Repeat("some text ", 200)
	const vary = "Accept-Encoding"
	tests := []struct {
		name, page, part string
		options          composer.Options
		coding, vary     string
	}{
		{"a text", esi("", long+`<esi:include src="/a"/>`), document("", "a"), composer.Options{}, "gzip", vary},
		{"a text of many fragments", esi("", strings.Repeat(`<esi:include src="/a"/>`, 20)), document("", long[:100]), composer.Options{}, "gzip", vary},
		{"not a small one", esi("", `<esi:include src="/a"/>`), document("", "a"), composer.Options{}, "", ""},
		{"not for a site that does not want it", esi("", long), document("", "a"), composer.Options{NoGzip: true}, "", ""},
		{"not if its template must not be changed", esi("Cache-Control: no-transform", long), document("", "a"), composer.Options{}, "", ""},
		{"not if one of its fragments must not be", esi("", long+`<esi:include src="/a"/>`), document("Cache-Control: max-age=9, No-Transform", "a"), composer.Options{}, "", ""},
		{"not if it is no text", "Content-Type: image/png|Surrogate-Control: content=\"ESI/1.0\"\n" + long, document("", "a"), composer.Options{ESITypes: []string{"image/png"}}, "", ""},
	}
	for _, front := range fronts {
		for _, test := range tests {
			t.Run(front.name+" "+test.name, func(t *testing.T) {
				s, _ := front.front(t, test.options, requiring(pages{"/": test.page, "/a": test.part}))
				gzipped := s.ask(t, "GET /|Accept-Encoding: gzip")
				plain := s.ask(t, "GET /")
				for _, a := range []answer{gzipped, plain} {
					if got := strings.Join(a.header["Vary"], ", "); got != test.vary {
						t.Errorf("Vary = %q; want %q", got, test.vary)
					}
					if fmt.Sprint(len(a.body)) != a.header.Get("Content-Length") {
						t.Errorf("Content-Length = %s of %d bytes", a.header.Get("Content-Length"), len(a.body))
					}
				}
				if got := gzipped.header.Get("Content-Encoding"); got != test.coding || plain.header.Get("Content-Encoding") != "" {
					t.Fatalf("Content-Encoding = %q, and %q for who does not take gzip; want %q and none", got, plain.header.Get("Content-Encoding"), test.coding)
				}
				if test.coding == "" {
					return
				}
				if unpacked(t, gzipped.body) != plain.body || len(gzipped.body) >= len(plain.body) {
					t.Errorf("compressed, the page has %d bytes of %d, and is another one", len(gzipped.body), len(plain.body))
				}
				weak, strong := gzipped.header.Get("Etag"), plain.header.Get("Etag")
				if !strings.HasPrefix(weak, `W/"`) || strings.HasPrefix(strong, "W/") || strong == "" {
					t.Errorf("ETag = %s, and %s of what is not compressed; want a weak and a strong one", weak, strong)
				}
			})
		}
	}
}

// TestAnOriginIsAskedForCodingsThatWeRead has an origin that likes br best, in
// which nothing can be completed.
func TestAnOriginIsAskedForCodingsThatWeRead(t *testing.T) {
	tests := []struct{ name, request, want string }{
		{"for a page", "GET /|Accept: text/html,*/*;q=0.8|Accept-Encoding: gzip;q=0.9, deflate, br, zstd", "gzip;q=0.9, deflate, zstd"},
		{"for a page, from who reads only others", "GET /|Accept: text/html|Accept-Encoding: br", "identity"},
		{"for the answer to a form", "POST /|Accept: text/html|Accept-Encoding: gzip|Accept-Encoding: br", "gzip"},
		{"for anything, and then again for what turned out to be a page", "GET /|Accept-Encoding: gzip, br", "gzip, br then gzip"},
		{"and three times if nothing may be stored", "GET /|Accept-Encoding: br|Cache-Control: no-store", "br then br then gzip"},
		{"for a document that is none", "GET /other|Accept-Encoding: br", "br"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var asked []string
			s := newProxy(t, composer.Options{ObeyRequestCacheControl: true}, func(w http.ResponseWriter, r *http.Request) {
				accepted := strings.Join(r.Header["Accept-Encoding"], ", ")
				asked = append(asked, accepted)
				if strings.Contains(accepted, "br") {
					w.Header().Set("Content-Encoding", "br")
				}
				if r.URL.Path == "/" {
					set(w, `Surrogate-Control: content="ESI/1.0"`)
				}
				set(w, "Content-Type: text/html")
				_, _ = io.WriteString(w, "page")
			})
			a := s.ask(t, test.request)
			if got := strings.Join(asked, " then "); got != test.want || a.status != 200 || a.body != "page" {
				t.Errorf("the origin is asked for %q and we answer %d %q; want %q and the page", got, a.status, a.body, test.want)
			}
		})
	}
}

// TestADocumentInACodingPassesUntouched is for what is no page of ours.
func TestADocumentInACodingPassesUntouched(t *testing.T) {
	long := packed(strings.Repeat("some text ", 500))
	for _, control := range []string{"max-age=60", "no-store"} {
		s, _ := proxied(t, composer.Options{}, pages{"/": document("Content-Encoding: gzip|Vary: Accept-Encoding|ETag: \"t\"|Cache-Control: "+control, long), "/plain": document("Cache-Control: "+control, long)})
		for range 2 {
			a := s.ask(t, "GET /|Accept-Encoding: gzip")
			if a.body != long || a.header.Get("Content-Encoding") != "gzip" || a.header.Get("Etag") != `"t"` || a.header.Get("Vary") != "Accept-Encoding" {
				t.Errorf("%s: document with the header %v has %d bytes; want it as it was", control, a.header, len(a.body))
			}
			if a := s.ask(t, "GET /plain|Accept-Encoding: gzip"); a.body != long || a.header.Get("Content-Encoding") != "" || a.header.Get("Vary") != "" {
				t.Errorf("%s: document in no coding has the header %v; want it as it was", control, a.header)
			}
		}
	}
}

// TestAFragmentOfThisProcessMayBeInACoding holds for what a handler writes, too.
func TestAFragmentOfThisProcessMayBeInACoding(t *testing.T) {
	s := newSite(t, composer.Options{}, fragments{
		"page": template(`<esi:include src="/fragments/part/x">failed</esi:include>`),
		"part": func(w http.ResponseWriter, _ *http.Request) {
			set(w, "Content-Encoding: deflate", "Content-Encoding: gzip")
			_, _ = io.WriteString(w, packed("text"))
		},
	}, nil)
	if got := s.get(t, "/").body; got != "failed" { // for the text is not deflated
		t.Errorf("page = %q; want that all codings count", got)
	}
}
