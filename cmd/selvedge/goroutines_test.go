package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// Kinds of goroutines of the program. A panic in one where nobody recovers
// ends the process, so none runs a handler, or anything else that is not ours,
// unless it recovers.
const (
	recovers = "recovers" // itself, or by a function that it calls at once
	asks     = "asks"     // a source, by fetch.callHandler, which recovers, or by HTTP
	own      = "own"      // runs only what the same package does
	listens  = "listens"  // a server of net/http, which recovers
)

// goroutines are the functions that start goroutines, and what those are.
// Callbacks of timers and contexts are not listed: they must not call what is
// not ours at all.
var goroutines = map[string]string{
	"cmd/selvedge.inBackground":           own,
	"cmd/selvedge.killOnSignal":           own,
	"cmd/selvedge.listenAndServe":         listens,
	"cmd/selvedge.stop":                   own,
	"cmd/selvedge.watch":                  own,
	"cmd/selvedge/internal/memory.Follow": own,
	"cmd/selvedge/internal/shop.Run":      own,

	"cmd/selvedge/internal/dev.awaitAnswer":       own,
	"cmd/selvedge/internal/dev.start":             own,
	"cmd/selvedge/internal/dev.startProcess":      own,
	"cmd/selvedge/internal/dev.watchUntilStopped": own,

	"composer/internal/cache.Get":               asks,
	"composer/internal/cache.start":             asks,
	"composer/internal/cache.startShared":       asks,
	"composer/internal/fetch.callHandler":       recovers,
	"composer/internal/fetch.fetch":             asks,
	"composer/internal/page.compress":           own,
	"composer/internal/page.execute":            own,
	"composer/internal/page.startInclude":       asks,
	"composer/internal/page.startTry":           own,
	"composer/internal/page.waitShowable":       own,
	"composer/internal/proxy.interceptTemplate": asks,
	"composer/internal/proxy.serveFetched":      asks,
	"composer/internal/requestbody.ReadAhead":   own, // it reads the body of a request, of net/http

	"composer/site.follow": asks,

	"fragments/standalone.Serve": listens,

	"hub.runAction":      recovers,
	"hub.enqueue":        recovers,
	"hub.round":          recovers,
	"hub.send":           own,
	"hub.serveWebSocket": recovers,
	"hub.start":          recovers,

	"hub/jsonlive.lookAll": recovers,
}

func TestEveryGoroutineThatRunsAHandlerRecovers(t *testing.T) {
	found, bad := goroutinesIn(t, os.DirFS("../.."))
	for _, where := range found {
		if goroutines[where] == "" {
			t.Errorf("%s starts a goroutine that the list does not have: say there what it runs", where)
		}
	}
	for where := range goroutines {
		if !slices.Contains(found, where) {
			t.Errorf("%s starts no goroutine; the list has it", where)
		}
	}
	for _, where := range bad {
		t.Errorf("%s starts a goroutine in which a panic of a handler ends the process", where)
	}
}

func TestTheListSeesGoroutines(t *testing.T) {
	planted := fstest.MapFS{
		"hub/a.go": {Data: []byte(`package hub
func plain() { go func() {}() }
func act() { go h.ServeHTTP(w, r) }
func group() { g.Go(func() { h.ServeHTTP(w, r) }) }
func safe() { go func() { defer func() { recover() }(); h.ServeHTTP(w, r) }() }
func timer() { time.AfterFunc(0, func() { p.Fetch(ctx, v) }) }
func guarded() { go func() { guard(func() { h.ServeHTTP(w, r) }) }() }
func guard(f func()) { defer func() { recover() }(); f() }
`)},
		"hub/a_test.go":  {Data: []byte("package hub\nfunc inTest() { go run() }\n")},
		"cmd/bench/b.go": {Data: []byte("package main\nfunc bench() { go run() }\n")},
	}
	found, bad := goroutinesIn(t, planted)
	if want := []string{"hub.plain", "hub.act", "hub.group", "hub.safe", "hub.guarded"}; !slices.Equal(found, want) {
		t.Errorf("goroutines of %q; want %q", found, want)
	}
	if want := []string{"hub.act", "hub.group", "hub.timer"}; !slices.Equal(bad, want) {
		t.Errorf("goroutines that end the process: %q; want %q", bad, want)
	}
}

// goroutinesIn returns the functions of the program that start goroutines, in
// the order of the files, and those whose goroutines call what others implement
// without a function that recovers.
func goroutinesIn(t *testing.T, root fs.FS) (found, bad []string) {
	t.Helper()
	files := sourcesOf(t, root)
	guards := make(map[string]bool) // functions that recover from what they call
	for _, file := range files {
		for _, f := range functionsOf(file.parsed) {
			if callsRecover(f.Body) {
				guards[f.Name.Name] = true
			}
		}
	}
	for _, file := range files {
		for _, f := range functionsOf(file.parsed) {
			where := path.Dir(file.name) + "." + f.Name.Name
			ast.Inspect(f.Body, func(n ast.Node) bool {
				body, ok := startedBy(n)
				if ok && !isCallback(n) && !slices.Contains(found, where) {
					found = append(found, where)
				}
				if ok && runsForeign(body, guards) && !slices.Contains(bad, where) {
					bad = append(bad, where)
				}
				return true
			})
		}
	}
	return found, bad
}

type source struct {
	name   string
	parsed *ast.File
}

// sourcesOf parses the program, without tests, test suites and cmd/bench.
func sourcesOf(t *testing.T, root fs.FS) []source {
	t.Helper()
	var files []source
	err := fs.WalkDir(root, ".", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && file != "." || d.Name() == "testdata" || file == "cmd/bench" ||
			strings.HasSuffix(d.Name(), "test")) {
			return fs.SkipDir
		}
		if path.Ext(file) != ".go" || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		text, err := fs.ReadFile(root, file)
		if err != nil {
			return err
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, text, 0)
		files = append(files, source{file, parsed})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func functionsOf(file *ast.File) (all []*ast.FuncDecl) {
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Body != nil {
			all = append(all, f)
		}
	}
	return all
}

// startedBy returns what a statement or call runs on a goroutine of its own.
func startedBy(n ast.Node) (body ast.Node, ok bool) {
	switch n := n.(type) {
	case *ast.GoStmt:
		return n.Call, true
	case *ast.CallExpr:
		name := nameOf(n.Fun)
		if len(n.Args) > 0 && (name == "Go" || name == "AfterFunc") {
			return n.Args[len(n.Args)-1], true
		}
	}
	return nil, false
}

// isCallback reports whether a call gives a function to a timer or a context.
func isCallback(n ast.Node) bool {
	call, ok := n.(*ast.CallExpr)
	return ok && nameOf(call.Fun) == "AfterFunc"
}

// foreign are the methods that others implement and that the program calls on
// goroutines.
var foreign = []string{"ServeHTTP", "Fetch", "Open", "Receive", "Encode"}

// runsForeign reports whether a node calls such a method, outside of what it
// hands to a function that recovers.
func runsForeign(n ast.Node, guards map[string]bool) (runs bool) {
	if literal, ok := n.(*ast.CallExpr); ok {
		if f, ok := literal.Fun.(*ast.FuncLit); ok {
			n = f
		}
	}
	if f, ok := n.(*ast.FuncLit); ok && callsRecover(f.Body) {
		return false
	}
	ast.Inspect(n, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		name := nameOf(call.Fun)
		runs = runs || slices.Contains(foreign, name)
		return !guards[name]
	})
	return runs
}

// callsRecover reports whether a function defers one that recovers.
func callsRecover(body *ast.BlockStmt) (calls bool) {
	for _, s := range body.List {
		d, ok := s.(*ast.DeferStmt)
		if !ok {
			continue
		}
		ast.Inspect(d, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			calls = calls || ok && nameOf(call.Fun) == "recover"
			return true
		})
	}
	return calls
}

func nameOf(f ast.Expr) string {
	switch f := f.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return fmt.Sprintf("%T", f)
}
