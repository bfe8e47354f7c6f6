package assets_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"selvedge/fragments/assets"
)

// style is a stylesheet that can be compressed.
var style = []byte(strings.Repeat("time { color: teal } ", 100))

var folder = load(fstest.MapFS{
	"clock.css":     {Data: style},
	"clock.js":      {Data: []byte("tick()")},
	"hands/red.svg": {Data: []byte("<svg/>")},
})

func load(files fstest.MapFS) *assets.Folder {
	f, err := assets.Load("/static/", files)
	if err != nil {
		panic(err)
	}
	return f
}

// request sends a request to the folder; headers are pairs of name and value.
func request(t testing.TB, method, path string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(t.Context(), method, path, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	folder.ServeHTTP(w, r)
	return w
}

func TestURLCarriesTheHashOfTheFile(t *testing.T) {
	want := fmt.Sprintf("/static/clock.%.5x.css", sha256.Sum256(style))
	if got := folder.URL("clock.css"); got != want || !folder.Has(got) {
		t.Errorf("URL(clock.css) = %s; want %s", got, want)
	}
	if got := folder.URL("hands/red.svg"); !strings.HasPrefix(got, "/static/hands/red.") {
		t.Errorf("URL(hands/red.svg) = %s; want the folder in it", got)
	}
}

func TestURLOfAnUnknownFilePanicsWithTheNamesThatExist(t *testing.T) {
	defer func() {
		message := fmt.Sprint(recover())
		if !strings.Contains(message, `"cat.css"`) || !strings.Contains(message, "clock.css") {
			t.Errorf("URL(cat.css) panics with %q; want both names", message)
		}
	}()
	folder.URL("cat.css")
}

func TestAnUnknownExtensionIsAnError(t *testing.T) {
	if _, err := assets.Load("/", fstest.MapFS{"a.exe": {}}); err == nil || !strings.Contains(err.Error(), `"a.exe"`) {
		t.Errorf("Load = %v; want an error with the name", err)
	}
}

func TestAFileIsNotSentInACodingThatMakesItLarger(t *testing.T) {
	w := request(t, http.MethodGet, folder.URL("hands/red.svg"), "Accept-Encoding", "gzip, br, zstd")
	if got := w.Header().Get("Content-Encoding"); got != "" || w.Body.String() != "<svg/>" {
		t.Errorf("Content-Encoding %q; want none for 6 bytes", got)
	}
}

func TestAFileIsServedForever(t *testing.T) {
	url := folder.URL("clock.css")
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		w := request(t, method, url)
		for name, want := range map[string]string{
			"Content-Type": "text/css; charset=utf-8", "Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding",
		} {
			if got := w.Header().Get(name); got != want {
				t.Errorf("%s: %s: %q; want %q", method, name, got, want)
			}
		}
		if again := request(t, method, url, "If-None-Match", w.Header().Get("ETag")); again.Code != http.StatusNotModified {
			t.Errorf("%s with the ETag = %d; want 304", method, again.Code)
		}
	}
	if w := request(t, http.MethodPost, url); w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, HEAD" {
		t.Errorf("POST = %d, Allow %q; want 405", w.Code, w.Header().Get("Allow"))
	}
}

func TestAllEncodingsHoldTheSameBytesAndHaveETagsOfTheirOwn(t *testing.T) {
	strong := regexp.MustCompile(`^"[^"]+"$`)
	unpack := map[string]func(io.Reader) (io.Reader, error){
		"gzip": func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
		"br":   func(r io.Reader) (io.Reader, error) { return brotli.NewReader(r), nil },
		"zstd": func(r io.Reader) (io.Reader, error) { return zstd.NewReader(r) },
	}
	url := folder.URL("clock.css")
	tags := map[string]bool{request(t, "GET", url).Header().Get("ETag"): true}
	for coding, open := range unpack {
		w := request(t, "GET", url, "Accept-Encoding", coding)
		if got := w.Header().Get("Content-Encoding"); got != coding {
			t.Fatalf("Content-Encoding: %q; want %q", got, coding)
		}
		r, err := open(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, style) {
			t.Errorf("the answer in %s unpacks to %q, %v", coding, got, err)
		}
		tag := w.Header().Get("ETag")
		if !strong.MatchString(tag) || tags[tag] {
			t.Errorf("the ETag in %s is %s; want a strong one of its own", coding, tag)
		}
		tags[tag] = true
	}
}

func TestEncodingIsNegotiated(t *testing.T) {
	for _, tt := range []struct {
		why    string
		accept []string
		want   string
	}{
		{"gzip is accepted", []string{"gzip"}, "gzip"},
		{"case does not count", []string{"GZip"}, "gzip"},
		{"x-gzip is gzip", []string{"x-gzip"}, "gzip"},
		{"browsers send a list, of which the shortest answer is", []string{"gzip, deflate, br, zstd"}, "br"},
		{"the list comes in two fields", []string{"deflate", "gzip"}, "gzip"},
		{"zstd is accepted", []string{"zstd"}, "zstd"},
		{"weights count before the length", []string{"br;q=0.4, zstd;q=0.8, gzip;q=0.6"}, "zstd"},
		{"a star includes all", []string{"*"}, "br"},
		{"a star includes what is not refused", []string{"br;q=0, zstd;q=0, *"}, "gzip"},
		{"weights below one are enough", []string{"deflate;q=1.0, gzip;q=0.3"}, "gzip"},
		{"weights may have spaces", []string{"gzip ; q=0.3"}, "gzip"},
		{"nothing is said", nil, ""},
		{"the field is empty", []string{""}, ""},
		{"only others are accepted", []string{"compress, deflate"}, ""},
		{"gzip is refused", []string{"gzip;q=0"}, ""},
		{"gzip is refused in a long form", []string{"gzip;q=0.000, deflate"}, ""},
		{"a star does not bring back what is refused", []string{"gzip;q=0, br;q=0, zstd;q=0, *"}, ""},
		{"everything else is refused", []string{"deflate, *;q=0"}, ""},
		{"plain bytes are preferred", []string{"gzip;q=0.5, identity"}, ""},
		{"a weight is broken", []string{"gzip;q=high"}, ""},
		{"a weight is not a number", []string{"gzip;q=NaN"}, ""},
		{"a weight is too large", []string{"gzip;q=2"}, ""},
		{"gzip is part of another name", []string{"notgzip"}, ""},
	} {
		var headers []string
		for _, a := range tt.accept {
			headers = append(headers, "Accept-Encoding", a)
		}
		res := request(t, "GET", folder.URL("clock.css"), headers...)
		if got := res.Header().Get("Content-Encoding"); got != tt.want {
			t.Errorf("%s: Accept-Encoding: %q = %q; want %q", tt.why, tt.accept, got, tt.want)
		}
	}
}

func TestAnotherVersionOfAFileIsThisOneForAShortTime(t *testing.T) {
	today := folder.URL("clock.css")
	tests := []struct {
		name, path string
		stale      bool
		status     int
	}{
		{"this version", today, false, 200},
		{"another hash of a stylesheet", "/static/clock.0123456789.css", true, 200},
		{"another hash of a script", "/static/clock.0123456789.js", true, 200},
		{"another hash in a folder", "/static/hands/red.0123456789.svg", true, 200},
		{"no hash", "/static/clock.css", false, 200},
		{"a short hash", "/static/clock.012345678.css", false, 404},
		{"a hash in upper case", "/static/clock.ABCDEF0123.css", false, 404},
		{"an unknown name", "/static/basket.0123456789.css", false, 404},
		{"another type", "/static/clock.0123456789.svg", false, 404},
		{"another folder", "/assets/cart.0123456789.css", false, 404},
	}
	body := request(t, http.MethodGet, today).Body.String()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := folder.IsStale(test.path); got != test.stale {
				t.Errorf("IsStale(%q) = %t; want %t", test.path, got, test.stale)
			}
			w := request(t, http.MethodGet, test.path)
			if w.Code != test.status {
				t.Fatalf("GET %s = %d; want %d", test.path, w.Code, test.status)
			}
			if control := w.Header().Get("Cache-Control"); test.status == 200 && test.path != today && control != "public, max-age=60" {
				t.Errorf("Cache-Control is %q; want a minute", control)
			}
			if strings.HasSuffix(test.path, ".css") && test.stale && w.Body.String() != body {
				t.Errorf("the body is %q; want that of %s", w.Body, today)
			}
		})
	}
}
