package release

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

// TestTheProgramIsForAllPlatforms checks the types of the program for each platform of a
// release. It does not compile, which takes minutes, and reads no function of a dependency.
func TestTheProgramIsForAllPlatforms(t *testing.T) {
	module, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, platform := range []string{"linux/arm64", "darwin/arm64", "windows/amd64"} {
		t.Run(platform, func(t *testing.T) {
			system, arch, _ := strings.Cut(platform, "/")
			all, err := packages.Load(&packages.Config{
				Mode: packages.NeedName | packages.NeedFiles | packages.NeedImports | packages.NeedDeps | packages.NeedTypes | packages.NeedSyntax | packages.NeedTypesInfo | packages.NeedTypesSizes,
				Env:  append(os.Environ(), "GOOS="+system, "GOARCH="+arch, "CGO_ENABLED=0"),
				ParseFile: func(fset *token.FileSet, name string, text []byte) (*ast.File, error) {
					file, err := parser.ParseFile(fset, name, text, parser.SkipObjectResolution)
					if err == nil && !strings.HasPrefix(name, module) {
						dropBodies(file)
					}
					return file, err
				},
			}, "selvedge/cmd/selvedge")
			if err != nil {
				t.Fatal(err)
			}
			for p := range packages.Postorder(all) {
				for _, err := range p.Errors {
					if strings.HasPrefix(p.PkgPath, "selvedge/") {
						t.Error(err)
					}
				}
			}
		})
	}
}

// dropBodies leaves the declarations of functions without their bodies.
func dropBodies(file *ast.File) {
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok {
			f.Body = nil
		}
	}
}
