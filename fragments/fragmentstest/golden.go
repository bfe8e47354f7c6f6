package fragmentstest

import (
	"cmp"
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// hash is the hash in the name of an asset.
var hash = regexp.MustCompile(`\.[0-9a-f]{10}\.`)

// Golden compares the HTML of a fragment at a path, which may have a query, with the file
// testdata/PATH.golden.html. Slashes of the path become hyphens there. With the flag
// -update, the file is written.
//
// The hash in the name of an asset becomes HASH. Other text that changes from run to run is
// named by regular expressions, and becomes an ellipsis.
func Golden(t testing.TB, f http.Handler, path string, volatile ...string) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
	r.Header.Set("Accept", "text/html")
	w := httptest.NewRecorder()
	f.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		t.Fatalf("GET %s = %d %s; want 200", path, w.Code, w.Body)
	}
	got := hash.ReplaceAllString(w.Body.String(), ".HASH.")
	for _, expression := range volatile {
		got = regexp.MustCompile(expression).ReplaceAllLiteralString(got, "…")
	}
	file := goldenFile(r.URL.Path)
	if *update {
		if err := write(file, got); err != nil {
			t.Fatalf("%v", err)
		}
	}
	want, err := os.ReadFile(filepath.Clean(file))
	if err != nil {
		t.Fatalf("%v; write it with -update", err)
	}
	if diff := gocmp.Diff(string(want), got); diff != "" {
		t.Errorf("GET %s, to be accepted with -update (-want +got):\n%s", path, diff)
	}
}

// goldenFile returns the name of the golden file of a path.
func goldenFile(path string) string {
	name := cmp.Or(strings.ReplaceAll(strings.Trim(path, "/"), "/", "-"), "root")
	return filepath.Join("testdata", name+".golden.html")
}

// write writes a golden file.
func write(file, text string) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		return err
	}
	return os.WriteFile(file, []byte(text), 0o644) //nolint:gosec // a file of the repository, for all to read
}
