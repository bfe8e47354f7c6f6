package house

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestTheProgramsOfTheDocumentationCompile checks the types of the indented Go programs in
// each doc.go. A program uses variables that it does not declare, and leaves out lines as
// three dots. All names of packages have to exist, with their fields and parameters.
func TestTheProgramsOfTheDocumentationCompile(t *testing.T) {
	known := importablePackages(t)
	err := filepath.WalkDir("../../..", func(file string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() != "doc.go" {
			return err
		}
		for _, mistake := range known.mistakesOf(t, file) {
			t.Errorf("%s: %s", strings.TrimPrefix(file, "../../../"), mistake)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAProgramWithAMistakeIsFound(t *testing.T) {
	known := importablePackages(t)
	for text, want := range map[string]string{
		`s, err := site.New(c, site.Options{})`:                        "",
		`s, err := site.Make(c, site.Options{})`:                       "undefined: site.Make",
		`s, err := site.New(c, site.Options{Colour: 1})`:               "unknown field Colour in struct literal of type site.Options",
		"s, err := site.New(c, site.Options{}":                         "a syntax error",
		"for _, x := range strings.Fields(text) {\n\t...\n\tuse(x)\n}": "",
		`err := strings.Fields()`:                                      "not enough arguments in call to strings.Fields",
	} {
		got := strings.Join(known.check(text), "; ")
		if want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("mistakes of %q: %q; want %q", text, got, want)
		}
	}
}

// importable are packages by their import paths, and the paths by their names.
type importable struct {
	packages map[string]*types.Package
	paths    map[string]string
}

// importablePackages returns the packages of the module, and all that they import.
func importablePackages(t *testing.T) *importable {
	t.Helper()
	all, err := load()
	if err != nil {
		t.Fatal(err)
	}
	k := &importable{make(map[string]*types.Package), make(map[string]string)}
	for _, p := range all {
		k.add(p.Types)
		for _, imported := range p.Types.Imports() {
			k.add(imported)
		}
	}
	return k
}

// add adds a package. Of two with one name, the first by rank has it.
func (k *importable) add(p *types.Package) {
	if k.packages[p.Path()] == nil || p.Complete() {
		k.packages[p.Path()] = p
	}
	if other := k.paths[p.Name()]; other == "" || rank(p.Path()) < rank(other) {
		k.paths[p.Name()] = p.Path()
	}
}

// Import implements types.Importer.
func (k *importable) Import(importPath string) (*types.Package, error) {
	if p := k.packages[importPath]; p != nil {
		return p, nil
	}
	return nil, fmt.Errorf("no package of the module imports %s", importPath)
}

// rank orders packages of one name: of the module, then of the standard library.
func rank(importPath string) int {
	switch {
	case strings.HasPrefix(importPath, "selvedge/"):
		return 0
	case strings.Contains(importPath, "internal/") || strings.Contains(importPath, "."):
		return 100
	}
	return strings.Count(importPath, "/") + 1
}

var indented = regexp.MustCompile(`(?m)(^//\t.*\n(//\n)?)+`)

// mistakesOf returns the mistakes of the programs in a file. Text that is no Go, such as a
// table or a command, is no program.
func (k *importable) mistakesOf(t *testing.T, file string) []string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var mistakes []string
	for _, block := range indented.FindAll(text, -1) {
		program := strings.ReplaceAll(strings.ReplaceAll(string(block), "//\t", ""), "//\n", "\n")
		mistakes = append(mistakes, k.check(program)...)
	}
	return mistakes
}

// check returns the mistakes of a program.
func (k *importable) check(program string) []string {
	files := token.NewFileSet()
	parsed := parseProgram(files, program)
	if parsed == nil {
		if strings.Contains(program, ":=") {
			return []string{"a program has a syntax error: " + program}
		}
		return nil
	}
	k.addImports(parsed)
	var mistakes []string
	config := types.Config{
		Importer: k,
		Error: func(err error) {
			if text := err.(types.Error).Msg; !isAllowed(text) { //nolint:errorlint,forcetypeassert // by the contract of types.Config
				mistakes = append(mistakes, text)
			}
		},
	}
	_, _ = config.Check("program", files, []*ast.File{parsed}, nil)
	return mistakes
}

// dots match the places of what a program leaves out.
var dots = regexp.MustCompile(`(?m)^\s*\.\.\.$|, \.\.\.\}|\{ … \}`)

// parseProgram returns a program as a file: declarations, or statements in a function. It
// returns nil for other text.
func parseProgram(files *token.FileSet, program string) *ast.File {
	program = dots.ReplaceAllStringFunc(program, func(match string) string {
		return strings.NewReplacer(", ...}", "}", "{ … }", "{}", "...", "").Replace(match)
	})
	for _, source := range []string{
		"package program\n" + program,
		"package program\nfunc run() error {\n" + program + "\nreturn nil\n}",
	} {
		if parsed, err := parser.ParseFile(files, "", source, 0); err == nil {
			return parsed
		}
	}
	return nil
}

// addImports imports the packages whose names a program uses. A name of which no selector is
// in the package, as in site.Close(ctx), is a variable.
func (k *importable) addImports(file *ast.File) {
	used := make(map[string]bool)
	ast.Inspect(file, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := s.X.(*ast.Ident); ok && k.has(x.Name, s.Sel.Name) {
				used[x.Name] = true
			}
		}
		return true
	})
	for name := range used {
		spec := &ast.ImportSpec{Path: &ast.BasicLit{Kind: token.STRING, Value: strconv.Quote(k.paths[name])}, Name: ast.NewIdent(name)}
		file.Imports = append(file.Imports, spec)
		file.Decls = slices.Insert(file.Decls, 0, ast.Decl(&ast.GenDecl{Tok: token.IMPORT, Specs: []ast.Spec{spec}}))
	}
}

// has reports whether there is a package of a name with an exported symbol.
func (k *importable) has(name, symbol string) bool {
	p := k.packages[k.paths[name]]
	return p != nil && p.Scope().Lookup(symbol) != nil
}

// partial matches the mistakes of a program that is a part of a larger one.
var partial = regexp.MustCompile(`^undefined: \w+$|^declared and not used: |imported and not used|missing return|too many return values|not enough return values|result parameter|missing function body|no new variables|is not used$`)

// isAllowed reports whether a mistake is one of a program that is a part of a larger one.
func isAllowed(mistake string) bool { return partial.MatchString(mistake) }
