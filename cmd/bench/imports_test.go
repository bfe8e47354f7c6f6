package main

import (
	"go/parser"
	"go/token"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// floors are the packages below this one, from the highest to the lowest. A
// package imports lower packages only; its examples import itself.
var floors = []string{
	"livebench", "pagebench",
	"systemundertest", "peers",
	"wsclient", "loadgen", "browser", "process",
	"workload", "wsframe", "tcpsocket", "sysinfo", "report",
}

func TestImportsPointDown(t *testing.T) {
	files, err := filepath.Glob("internal/*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := make(map[string]bool)
	for _, file := range files {
		pkg := path.Base(path.Dir(filepath.ToSlash(file)))
		found[pkg] = true
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range parsed.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			imported, ours := strings.CutPrefix(name, "selvedge/cmd/bench/internal/")
			if ours && imported != pkg && slices.Index(floors, imported) <= slices.Index(floors, pkg) {
				t.Errorf("%s imports %s, which does not stand below %s", file, imported, pkg)
			}
		}
	}
	for _, pkg := range floors {
		if !found[pkg] {
			t.Errorf("the table has a package %s, which does not exist", pkg)
		}
	}
	if len(found) != len(floors) {
		t.Errorf("there are %d packages; the table has %d", len(found), len(floors))
	}
}
