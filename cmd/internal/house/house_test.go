package house

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/types"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/go/packages"
)

const (
	maxFiles         = 40  // non-test files in a folder
	maxKnot          = 25  // files that all depend on each other, in a package
	maxSharedNames   = 9   // names with minOwners owners or more, in a package
	minOwners        = 4   // types with a method or field of the same name, or that are named so
	maxPointingWords = 6.0 // in 100 words of comments, in a package
)

// load type-checks the packages of the module once for all tests.
var load = sync.OnceValues(func() ([]*packages.Package, error) {
	return packages.Load(&packages.Config{
		Dir:  "../../..",
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedImports | packages.NeedTypes | packages.NeedSyntax | packages.NeedTypesInfo | packages.NeedTypesSizes,
	}, "./...")
})

// each runs a test for every package of the module.
func each(t *testing.T, test func(t *testing.T, p *packages.Package)) {
	t.Helper()
	all, err := load()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		for _, err := range p.Errors {
			t.Errorf("%s: %v", p.PkgPath, err)
		}
		t.Run(strings.TrimPrefix(p.PkgPath, "selvedge/"), func(t *testing.T) { test(t, p) })
	}
}

// written returns the files of a package that a person has written.
func written(p *packages.Package) []*ast.File {
	return slices.DeleteFunc(slices.Clone(p.Syntax), ast.IsGenerated)
}

func nameOf(p *packages.Package, f *ast.File) string {
	return filepath.Base(p.Fset.Position(f.Pos()).Filename)
}

func TestAFolderFitsOnAScreen(t *testing.T) {
	each(t, func(t *testing.T, p *packages.Package) {
		if n := len(written(p)); n > maxFiles {
			t.Errorf("%d files; want %d at most: move the part that has its own specification into a package", n, maxFiles)
		}
	})
}

// TestAPackageIsNoKnot looks for files that all depend on each other.
func TestAPackageIsNoKnot(t *testing.T) {
	each(t, func(t *testing.T, p *packages.Package) {
		knot := slices.Sorted(slices.Values(largestKnot(p)))
		t.Logf("%d of %d files", len(knot), len(written(p)))
		if len(knot) > maxKnot {
			t.Errorf("%d files depend on each other; want %d at most: %s", len(knot), maxKnot, strings.Join(knot, " "))
		}
	})
}

// largestKnot returns the largest strongly connected component of the files of a package,
// in which a file depends on the one that declares what it uses.
func largestKnot(p *packages.Package) []string {
	uses := make(map[string]map[string]bool)
	for _, f := range written(p) {
		own := nameOf(p, f)
		uses[own] = make(map[string]bool)
		ast.Inspect(f, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if !ok {
				return true
			}
			if o := p.TypesInfo.Uses[id]; o != nil && o.Pkg() == p.Types && o.Pos().IsValid() {
				if other := filepath.Base(p.Fset.Position(o.Pos()).Filename); other != own {
					uses[own][other] = true
				}
			}
			return true
		})
	}
	reached := make(map[string]map[string]bool)
	for file := range uses {
		reached[file] = make(map[string]bool)
		reach(file, uses, reached[file])
	}
	var largest []string
	for file := range uses {
		var knot []string
		for other := range reached[file] {
			if reached[other][file] {
				knot = append(knot, other)
			}
		}
		if len(knot) > len(largest) {
			largest = knot
		}
	}
	return largest
}

func reach(file string, uses map[string]map[string]bool, reached map[string]bool) {
	for other := range uses[file] {
		if !reached[other] {
			reached[other] = true
			reach(other, uses, reached)
		}
	}
}

// goNames are the names of methods that interfaces of Go require, and so say nothing of
// the package.
var goNames = map[string]bool{
	"Close": true, "Error": true, "Flush": true, "FlushError": true, "Handle": true, "Header": true, "Hijack": true, "Len": true,
	"Read": true, "RoundTrip": true, "Seek": true, "ServeHTTP": true, "String": true, "Unwrap": true, "Write": true, "WriteHeader": true, "WriteString": true,
	"ReadFrom": true, "WriteTo": true, "mu": true, "Enabled": true, "WithAttrs": true, "WithGroup": true, "Set": true,
}

// TestANameHasOneMeaning counts the names that many types of a package share.
func TestANameHasOneMeaning(t *testing.T) {
	each(t, func(t *testing.T, p *packages.Package) {
		owners := make(map[string]map[string]bool)
		add := func(name, owner string) {
			if goNames[name] || name == "_" {
				return
			}
			if owners[name] == nil {
				owners[name] = make(map[string]bool)
			}
			owners[name][owner] = true
		}
		for _, name := range p.Types.Scope().Names() {
			declared, ok := p.Types.Scope().Lookup(name).(*types.TypeName)
			if !ok || declared.IsAlias() {
				continue
			}
			named, ok := declared.Type().(*types.Named)
			if !ok || strings.HasSuffix(p.Fset.Position(declared.Pos()).Filename, "_templ.go") {
				continue
			}
			add(name, "package")
			for m := range named.Methods() {
				add(m.Name(), name)
			}
		}
		for _, f := range written(p) {
			ast.Inspect(f, func(n ast.Node) bool {
				declared, ok := n.(*ast.TypeSpec)
				if !ok {
					return true
				}
				if s, ok := declared.Type.(*ast.StructType); ok {
					for _, field := range s.Fields.List {
						for _, name := range field.Names {
							add(name.Name, declared.Name.Name)
						}
					}
				}
				return false
			})
		}
		var shared []string
		for _, name := range slices.Sorted(maps.Keys(owners)) {
			if n := len(owners[name]); n >= minOwners {
				shared = append(shared, fmt.Sprint(name, " ", n))
			}
		}
		t.Logf("%d: %s", len(shared), strings.Join(shared, ", "))
		if len(shared) > maxSharedNames {
			t.Errorf("%d names have %d owners or more; want %d at most: %s", len(shared), minOwners, maxSharedNames, strings.Join(shared, ", "))
		}
	})
}

// pointing are words that point at a thing instead of naming it.
var pointing = map[string]bool{
	"what": true, "who": true, "whom": true, "that": true, "which": true, "those": true, "it": true, "one": true, "other": true, "such": true,
	"somebody": true, "nobody": true, "whoever": true, "whatever": true,
}

var word = regexp.MustCompile(`[A-Za-z][A-Za-z'’]*`)

// commented are the packages whose comments are counted, with those below them.
var commented = []string{"composer", "hub", "cmd"}

// TestCommentsNameTheirNouns counts the pointing words in the comments of the libraries,
// the kit and the commands.
func TestCommentsNameTheirNouns(t *testing.T) {
	type file struct {
		name          string
		words, points int
	}
	each(t, func(t *testing.T, p *packages.Package) {
		path := strings.TrimPrefix(p.PkgPath, "selvedge/")
		top, _, _ := strings.Cut(path, "/")
		if path != "fragments" && !slices.Contains(commented, top) {
			return
		}
		var files []file
		words, points := 0, 0
		for _, f := range written(p) {
			here := file{name: nameOf(p, f)}
			for _, group := range f.Comments {
				for _, w := range word.FindAllString(group.Text(), -1) {
					here.words++
					if pointing[strings.ToLower(w)] {
						here.points++
					}
				}
			}
			words, points = words+here.words, points+here.points
			files = append(files, here)
		}
		share := 100 * float64(points) / float64(max(words, 1))
		t.Logf("%.1f in 100 of %d words", share, words)
		if share > maxPointingWords && words > 100 {
			slices.SortFunc(files, func(a, b file) int { return cmp.Compare(b.points, a.points) })
			t.Errorf("%.1f pointing words in 100; want %.0f at most. Most are in %v", share, maxPointingWords, files[:min(5, len(files))])
		}
	})
}
