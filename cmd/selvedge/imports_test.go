package main

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

// arrows says which package of ours may import which: "x/..." is x and all
// below it, a package may always import its own subpackages' test suites in
// tests, and what is not listed is not allowed. To change an arrow, change
// this table and say why.
var arrows = map[string][]string{
	"composer":                      {"composer/internal/address", "composer/internal/breaker", "composer/internal/cache", "composer/internal/debugpanel", "composer/internal/document", "composer/internal/fetch", "composer/internal/header", "composer/internal/http1", "composer/internal/page", "composer/internal/pagetoken", "composer/internal/proxy", "composer/internal/requestbody", "composer/internal/stream", "composer/registry"},
	"composer/esi":                  {"composer/internal/suggest"},
	"composer/htmltag":              {},
	"composer/internal/address":     {},
	"composer/internal/cache":       {"composer/internal/cachepolicy", "composer/internal/header", "composer/internal/stream", "composer/registry"},
	"composer/internal/document":    {"composer/esi", "composer/htmltag", "composer/internal/cache", "composer/internal/encoding", "composer/internal/header", "composer/internal/stream", "composer/registry"},
	"composer/internal/fetch":       {"composer/esi", "composer/internal/address", "composer/internal/breaker", "composer/internal/cache", "composer/internal/cachepolicy", "composer/internal/document", "composer/internal/encoding", "composer/internal/header", "composer/internal/http1", "composer/internal/pagetoken", "composer/internal/stream", "composer/registry"},
	"composer/internal/page":        {"composer/esi", "composer/htmltag", "composer/internal/address", "composer/internal/cache", "composer/internal/cachepolicy", "composer/internal/csp", "composer/internal/debugpanel", "composer/internal/document", "composer/internal/encoding", "composer/internal/fetch", "composer/internal/header", "composer/internal/pagetoken", "composer/internal/stream", "composer/registry"},
	"composer/internal/proxy":       {"composer/internal/address", "composer/internal/breaker", "composer/internal/cache", "composer/internal/document", "composer/internal/encoding", "composer/internal/fetch", "composer/internal/header", "composer/internal/http1", "composer/internal/page", "composer/internal/requestbody", "composer/internal/stream", "composer/registry"},
	"composer/internal/requestbody": {"composer/internal/header"},
	"composer/internal/dnstest":     {},
	"composer/internal/cachepolicy": {"composer/internal/header"},
	"composer/internal/csp":         {},
	"composer/internal/debugpanel":  {"composer/htmltag"},
	"composer/internal/encoding":    {"composer/internal/header", "composer/internal/stream"},
	"composer/internal/header":      {},
	"composer/internal/headertest":  {},
	"composer/internal/http1":       {"composer/internal/header"},
	"composer/internal/breaker":     {"composer/internal/http1", "composer/internal/limiter"},
	"composer/internal/limiter":     {},
	"composer/internal/pagetoken":   {"composer/htmltag"},
	"composer/internal/stream":      {},
	"composer/internal/suggest":     {},
	"composer/manifest":             {},                                                             // for the site, and for the lint of a source
	"composer/live":                 {"composer", "hub", "hub/jsonlive"},                            // neither of the first two knows the other
	"composer/server":               {"composer", "composer/internal/address", "fragments/problem"}, // whose bounds by address it serves
	// A whole site: the one package below cmd that knows composer, hub and the client script.
	"composer/site":         {"composer", "composer/internal/csp", "composer/live", "composer/manifest", "composer/server", "composer/site/config", "fragments", "hub", "hub/jsonlive", "static"},
	"composer/site/config":  {"composer/internal/address", "composer/internal/csp", "composer/internal/header", "composer/internal/suggest", "composer/registry", "composer/server"}, // whose checks the reader shares
	"composer/registry":     {"composer/internal/address", "composer/internal/breaker", "composer/internal/header"},                                                                  // whose names a source lists
	"hub":                   {"composer/htmltag"},                                                                                                                                    // which knows nothing of the composer
	"hub/brokertest":        {"hub"},
	"hub/jsonlive":          {"hub"}, // a protocol of the hub, without a composer
	"store":                 {"store/internal/search"},
	"store/internal/search": {},
	"store/sqlite":          {"store"},
	"store/storetest":       {"store", "store/catalogue"}, // what shoppers search for are its goods
	"store/catalogue":       {"store", "static/picture"},  // goods name drawings that exist
	"fragments/assets":      {},
	"static":                {"fragments/assets", "static/picture"},
	"static/picture":        {},
	"fragments":             {"fragments/assets", "fragments/problem"}, // nothing but what a stranger's fragment needs
	// Apart from the kit, because a server of pages has the same problems and reads bodies
	// as strictly, and links no kit.
	"fragments/problem": {},
	// Apart from the kit, because it reads responses as the composer and the hub do.
	"fragments/lint":          {"composer", "composer/esi", "composer/htmltag", "composer/manifest", "hub"},
	"fragments/fragmentstest": {"composer", "fragments", "fragments/lint", "fragments/standalone", "hub"},
	// Apart from the kit, so that a fragment does not link a composer and a hub.
	"fragments/standalone":                   {"composer", "composer/live", "composer/server", "fragments", "hub", "static"},
	"fragments/shell":                        {"fragments", "static"},
	"fragments/productlist":                  {"fragments", "store", "static", "fragments/productlist/internal/history"},
	"fragments/productlist/internal/history": {},
	"fragments/productdetails":               {"fragments", "store", "static"},
	"fragments/cart":                         {"fragments", "store", "static"},
}

// testArrows are what tests may import on top of that: real neighbors instead
// of fakes.
var testArrows = []string{"composer/esi", "composer/internal/document", "composer/internal/dnstest", "composer/internal/headertest", "store/sqlite", "store/storetest", "store/catalogue", "static/picture", "hub/brokertest", "fragments/fragmentstest"}

const module = "selvedge/"

func TestPackagesImportOnlyWhatTheyMayKnow(t *testing.T) {
	root := os.DirFS("../..")
	for _, v := range violations(t, root) {
		t.Error(v)
	}
	for pkg := range arrows {
		if files, _ := fs.Glob(root, pkg+"/*.go"); len(files) == 0 {
			t.Errorf("the table has a package %s, which does not exist", pkg)
		}
	}
}

func TestAForbiddenImportIsFound(t *testing.T) {
	planted := fstest.MapFS{
		"fragments/cart/a.go":      {Data: []byte("package cart\nimport _ \"selvedge/composer\"\n")},
		"fragments/cart/b.go":      {Data: []byte("package cart\nimport _ \"selvedge/fragments/shell\"\n")},
		"fragments/cart/c_test.go": {Data: []byte("package cart\nimport _ \"selvedge/hub\"\n")},
		"hub/a.go":                 {Data: []byte("package hub\nimport _ \"selvedge/store\"\n")},
		"store/sqlite/a.go":        {Data: []byte("package sqlite\nimport _ \"selvedge/store\"\n")},
		"util/a.go":                {Data: []byte("package util\n")},
	}
	want := []string{
		"fragments/cart/a.go imports composer",
		"fragments/cart/b.go imports fragments/shell",
		"fragments/cart/c_test.go imports hub",
		"hub/a.go imports store",
		"util/a.go is in a package that the table does not have",
	}
	if got := violations(t, planted); !slices.Equal(got, want) {
		t.Errorf("violations = %q; want %q", got, want)
	}
}

// violations returns what is against the table, in the order of the files.
func violations(t *testing.T, root fs.FS) []string {
	t.Helper()
	var found []string
	err := fs.WalkDir(root, ".", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && file != "." || d.Name() == "testdata" || d.Name() == "node_modules" || file == "cmd") {
			return fs.SkipDir
		}
		if filepath.Ext(file) != ".go" {
			return nil
		}
		source, err := fs.ReadFile(root, file)
		if err != nil {
			return err
		}
		imports, err := importsOf(file, source)
		if err != nil {
			return err
		}
		found = append(found, check(file, imports)...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func importsOf(file string, source []byte) ([]string, error) {
	parsed, err := parser.ParseFile(token.NewFileSet(), file, source, parser.ImportsOnly)
	if err != nil {
		return nil, err
	}
	var ours []string
	for _, spec := range parsed.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, err
		}
		if pkg, ok := strings.CutPrefix(name, module); ok {
			ours = append(ours, pkg)
		}
	}
	return ours, nil
}

func check(file string, imports []string) []string {
	pkg := path.Dir(file)
	allowed, ok := arrows[pkg]
	if !ok {
		return []string{file + " is in a package that the table does not have"}
	}
	var found []string
	for _, imported := range imports {
		inTest := strings.HasSuffix(file, "_test.go") && (imported == pkg || slices.Contains(testArrows, imported))
		if !slices.Contains(allowed, imported) && !inTest {
			found = append(found, fmt.Sprintf("%s imports %s", file, imported))
		}
	}
	return found
}
