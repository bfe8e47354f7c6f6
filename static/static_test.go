package static_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"selvedge/static"
)

const mug = "mug.moss.stripe.17.front"

// request sends a request to the handler; headers are pairs of name and value.
func request(t testing.TB, method, path string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(t.Context(), method, path, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	static.Handler().ServeHTTP(w, r)
	return w
}

func TestPictureURLCarriesTheVersionOfTheDrawings(t *testing.T) {
	want := regexp.MustCompile(`^/static/pictures/[0-9a-f]{10}/mug\.moss\.stripe\.17\.front\.svg$`)
	if got := static.PictureURL(mug); !want.MatchString(got) {
		t.Errorf("PictureURL(%q) = %s; want %s", mug, got, want)
	}
	if got := static.PictureURL(`../"x`); !strings.HasSuffix(got, "/..%2F%22x.svg") {
		t.Errorf("PictureURL of a strange name = %s; want it escaped", got)
	}
}

func TestFilesAndPicturesAreServedForever(t *testing.T) {
	for path, contentType := range map[string]string{
		static.URL("selvedge.js"): "text/javascript; charset=utf-8",
		static.PictureURL(mug):    "image/svg+xml",
		static.URL("icon.svg"):    "image/svg+xml",
	} {
		res := request(t, "GET", path)
		if res.Code != http.StatusOK {
			t.Errorf("GET %s = %d; want 200", path, res.Code)
		}
		for name, want := range map[string]string{
			"Content-Type":     contentType,
			"Cache-Control":    "public, max-age=31536000, immutable",
			"Vary":             "Accept-Encoding",
			"Content-Encoding": "",
		} {
			if got := res.Header().Get(name); got != want {
				t.Errorf("GET %s: %s: %q; want %q", path, name, got, want)
			}
		}
		if res.Body.Len() == 0 {
			t.Errorf("GET %s: no body", path)
		}
	}
}

// TestAllEncodingsHoldTheSameBytesAndHaveETagsOfTheirOwn asks for a file in each
// coding, and for a drawing, which is compressed anew each time, in gzip alone.
func TestAllEncodingsHoldTheSameBytesAndHaveETagsOfTheirOwn(t *testing.T) {
	strong := regexp.MustCompile(`^"[^"]+"$`)
	unpack := map[string]func(io.Reader) (io.Reader, error){
		"gzip": func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
		"br":   func(r io.Reader) (io.Reader, error) { return brotli.NewReader(r), nil },
		"zstd": func(r io.Reader) (io.Reader, error) { return zstd.NewReader(r) },
	}
	for path, codings := range map[string][]string{static.URL("selvedge.js"): {"gzip", "br", "zstd"}, static.PictureURL(mug): {"gzip"}} {
		plain := request(t, "GET", path)
		tags := map[string]bool{plain.Header().Get("ETag"): true}
		for _, coding := range codings {
			packed := request(t, "GET", path, "Accept-Encoding", coding)
			if got := packed.Header().Get("Content-Encoding"); got != coding {
				t.Fatalf("GET %s: Content-Encoding: %q; want %q", path, got, coding)
			}
			if packed.Body.Len() >= plain.Body.Len() {
				t.Errorf("GET %s: %s makes %d bytes of %d", path, coding, packed.Body.Len(), plain.Body.Len())
			}
			r, err := unpack[coding](packed.Body)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, plain.Body.Bytes()) {
				t.Errorf("GET %s: the answer in %s unpacks to other bytes, %v", path, coding, err)
			}
			tag := packed.Header().Get("ETag")
			if !strong.MatchString(tag) || tags[tag] {
				t.Errorf("GET %s: the ETag in %s is %s; want a strong one of its own", path, coding, tag)
			}
			tags[tag] = true
		}
	}
}

func TestAMatchingETagIsAnsweredWith304(t *testing.T) {
	for _, path := range []string{static.URL("selvedge.js"), static.PictureURL(mug)} {
		tag := request(t, "GET", path).Header().Get("ETag")
		res := request(t, "GET", path, "If-None-Match", tag)
		if res.Code != http.StatusNotModified || res.Body.Len() != 0 {
			t.Errorf("GET %s with its ETag = %d; want 304 without a body", path, res.Code)
		}
		if got := res.Header().Get("ETag"); got != tag {
			t.Errorf("GET %s with its ETag: ETag: %s; want %s", path, got, tag)
		}
		if res := request(t, "GET", path, "If-None-Match", tag, "Accept-Encoding", "gzip"); res.Code != http.StatusOK {
			t.Errorf("GET %s with the ETag of the other encoding = %d; want 200", path, res.Code)
		}
	}
}

func TestHeadHasTheHeaderOfGetAndNoBody(t *testing.T) {
	for _, path := range []string{static.URL("selvedge.js"), static.PictureURL(mug)} {
		get, head := request(t, "GET", path), request(t, "HEAD", path)
		if head.Code != http.StatusOK || head.Body.Len() != 0 {
			t.Errorf("HEAD %s = %d; want 200 without a body", path, head.Code)
		}
		for _, name := range []string{"ETag", "Content-Type", "Cache-Control", "Content-Length"} {
			if head.Header().Get(name) != get.Header().Get(name) {
				t.Errorf("HEAD %s: %s: %q; want %q", path, name, head.Header().Get(name), get.Header().Get(name))
			}
		}
	}
}

func TestOtherMethodsAreRefused(t *testing.T) {
	for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS"} {
		res := request(t, method, static.URL("selvedge.js"))
		if res.Code != http.StatusMethodNotAllowed || res.Header().Get("Allow") != "GET, HEAD" {
			t.Errorf("%s = %d, Allow: %q; want 405 with GET, HEAD", method, res.Code, res.Header().Get("Allow"))
		}
	}
}

func TestOtherPathsAreNotFoundAndNotKept(t *testing.T) {
	picture := static.PictureURL(mug)
	for _, path := range []string{
		"/static/",
		"/static/basket.0000000000.js",
		"/static/static.go",
		"/static/../go.mod",
		"/static/pictures/",
		"/static/pictures/0000000000/" + mug + ".svg",
		strings.TrimSuffix(picture, ".svg"),
		strings.Replace(picture, "mug", "spaceship", 1),
		picture + ".svg",
		"/static/\x00",
		"",
	} {
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
		r.URL.Path = path
		w := httptest.NewRecorder()
		static.Handler().ServeHTTP(w, r)
		if w.Code != http.StatusNotFound || w.Header().Get("Cache-Control") != "" {
			t.Errorf("GET %q = %d, Cache-Control: %q; want 404 without", path, w.Code, w.Header().Get("Cache-Control"))
		}
	}
}

func TestAPictureThatIsOpenedAloneCanDoNothing(t *testing.T) {
	want := "default-src 'none'; style-src 'none'"
	if got := request(t, "GET", static.PictureURL(mug)).Header().Get("Content-Security-Policy"); got != want {
		t.Errorf("Content-Security-Policy: %q; want %q", got, want)
	}
}

func TestAnswersOverHTTP(t *testing.T) {
	server := httptest.NewServer(static.Handler())
	defer server.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+static.PictureURL(mug), nil)
	if err != nil {
		t.Fatal(err)
	}
	// The client asks for gzip by itself and unpacks it.
	res, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	got, err := io.ReadAll(res.Body)
	if err != nil || !res.Uncompressed || !bytes.HasPrefix(got, []byte("<svg ")) {
		t.Errorf("GET %s: compressed %v, body %.20q, %v; want a compressed drawing", static.PictureURL(mug), res.Uncompressed, got, err)
	}
}

func BenchmarkPicture(b *testing.B) {
	b.ReportAllocs()
	path := static.PictureURL(mug)
	for b.Loop() {
		request(b, "GET", path, "Accept-Encoding", "gzip")
	}
}

func TestTheClientScriptUnderAnotherPath(t *testing.T) {
	folder := static.Client("/-/")
	url := folder.URL("selvedge.js")
	get := func(path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		folder.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		return w
	}
	script := get(url)
	if !strings.HasPrefix(url, "/-/selvedge.") || script.Code != http.StatusOK {
		t.Fatalf("GET %s is %d", url, script.Code)
	}
	imports := regexp.MustCompile(`import\("\./([^"]+)"\)`).FindAllStringSubmatch(script.Body.String(), -1)
	if len(imports) == 0 {
		t.Error("the script loads no other script")
	}
	for _, match := range imports {
		if w := get("/-/" + match[1]); w.Code != http.StatusOK || !folder.Serves("/-/"+match[1]) {
			t.Errorf("%s, which the script loads, is %d", match[1], w.Code)
		}
	}
	if w := get("/-/selvedge.js"); w.Body.String() != script.Body.String() || !folder.Serves("/-/selvedge.js") {
		t.Error("the name without a hash has another script")
	}
	if folder.Serves("/-/shop.js") {
		t.Error("the shop's script is served")
	}
}
