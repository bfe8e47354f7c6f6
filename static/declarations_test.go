package static_test

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// clientScripts are the scripts that dispatch the declared events.
func clientScripts(t *testing.T) string {
	t.Helper()
	var code []byte
	for _, name := range []string{"selvedge.js", "requests.js", "upload.js"} {
		code = append(code, compacted(t, name)...)
	}
	return string(code)
}

func declarations(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile("selvedge.d.ts")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestEveryEventIsDeclared(t *testing.T) {
	names := func(text string) []string {
		found := regexp.MustCompile(`"selvedge:\w+"`).FindAllString(text, -1)
		slices.Sort(found)
		return slices.Compact(found)
	}
	if diff := cmp.Diff(names(clientScripts(t)), names(declarations(t))); diff != "" {
		t.Errorf("events of the scripts, and those of selvedge.d.ts (-scripts +declared):\n%s", diff)
	}
}

// TestEveryDeclaredMemberExists compares names alone. The browser tests of the events hold
// which of them have which members.
func TestEveryDeclaredMemberExists(t *testing.T) {
	code := clientScripts(t)
	members := regexp.MustCompile(`(?m)^    (\w+)[:(]`).FindAllStringSubmatch(declarations(t), -1)
	if len(members) == 0 {
		t.Fatal("selvedge.d.ts declares no members")
	}
	for _, member := range members {
		if !regexp.MustCompile(`\b` + member[1] + `\b`).MatchString(code) {
			t.Errorf("no script has %s, which selvedge.d.ts declares", member[1])
		}
	}
}

func TestTheDeclarationsAreServed(t *testing.T) {
	res := request(t, "GET", "/static/selvedge.d.ts")
	if res.Code != http.StatusOK || res.Body.String() != declarations(t) {
		t.Errorf("GET /static/selvedge.d.ts = %d with %d bytes; want the file", res.Code, res.Body.Len())
	}
	if got := res.Header().Get("Content-Type"); !strings.HasPrefix(got, "text/plain") {
		t.Errorf("Content-Type: %q; want text", got)
	}
}

// TestTheDeclarationsCompile has TypeScript check the script of a site, with mistakes that
// it has to find.
func TestTheDeclarationsCompile(t *testing.T) {
	compiler := filepath.Join("..", ".tools", "node_modules", "typescript", "bin", "tsc")
	if _, err := os.Stat(compiler); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("this test needs typescript, which is not installed; the task tools installs it")
		}
		t.Skip("this test needs typescript, which is not installed; the task tools installs it")
	}
	arguments := []string{compiler, "--noEmit", "--strict", "--target", "es2022", "--lib", "es2022,dom,dom.iterable", filepath.Join("testdata", "events.ts")}
	if out, err := exec.CommandContext(t.Context(), "node", arguments...).CombinedOutput(); err != nil {
		t.Errorf("%v:\n%s", err, out)
	}
}
