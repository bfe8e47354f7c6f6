package newfragment

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
)

const (
	modulePath    = "selvedge" // of the checkout
	anyVersion    = "v0.0.0"   // which the replace directive overrides
	goVersion     = "1.26"     // of a module without a checkout
	newModulePath = "example.com/"
	templPath     = "github.com/a-h/templ"
	templTool     = templPath + "/cmd/templ" // which generates the views
)

// writeModule writes go.mod, and with a checkout go.sum too, so that the first build needs no
// download.
func (f Fragment) writeModule(ctx context.Context) error {
	if f.Checkout == "" {
		return f.writeFile("go.mod", fmt.Appendf(nil, "module %s%s\n\ngo %s\n\nrequire %s %s\n\ntool %s\n",
			newModulePath, f.Name, goVersion, modulePath, anyVersion, templTool))
	}
	text, err := os.ReadFile(filepath.Join(f.Checkout, "go.mod"))
	if err != nil {
		return err
	}
	sums, err := os.ReadFile(filepath.Join(f.Checkout, "go.sum"))
	if err != nil {
		return err
	}
	mod, err := f.goMod(text)
	if err != nil {
		return fmt.Errorf("the go.mod of %s: %w", f.Checkout, err)
	}
	if err := errors.Join(f.writeFile("go.mod", mod), f.writeFile("go.sum", sums)); err != nil {
		return err
	}
	f.tidy(ctx)
	return nil
}

// goMod returns the go.mod of the fragment: that of the checkout, with the checkout itself
// and with the generator of views as the only tool.
func (f Fragment) goMod(text []byte) ([]byte, error) {
	m, err := modfile.Parse("go.mod", text, nil)
	if err != nil {
		return nil, err
	}
	for _, tool := range m.Tool {
		if tool.Path != templTool {
			err = errors.Join(err, m.DropTool(tool.Path))
		}
	}
	requires := []*modfile.Require{{Mod: module.Version{Path: modulePath, Version: anyVersion}}}
	for _, r := range m.Require {
		requires = append(requires, &modfile.Require{Mod: r.Mod, Indirect: r.Mod.Path != templPath})
	}
	m.SetRequireSeparateIndirect(requires)
	err = errors.Join(err, m.AddModuleStmt(newModulePath+f.Name), m.AddTool(templTool), m.AddReplace(modulePath, "", f.pathOfCheckout(), ""))
	m.Cleanup()
	return modfile.Format(m.Syntax), err
}

// tidy removes what the fragment does not need from go.mod and go.sum. Both work as they are,
// so a failure has no consequence: the command may be absent, or lack a module, because tidy
// must not download any.
func (f Fragment) tidy(ctx context.Context) {
	tidy := exec.CommandContext(ctx, "go", "mod", "tidy")
	tidy.Dir = f.folder()
	tidy.Env = append(os.Environ(), "GOPROXY=off", "GOFLAGS=-mod=mod", "GOWORK=off")
	_ = tidy.Run()
}

// pathOfCheckout returns the path of the checkout for the replace directive: a relative one
// for a fragment in the checkout, because both move together.
func (f Fragment) pathOfCheckout() string {
	folder, err := filepath.Abs(f.folder())
	if err != nil {
		return f.Checkout
	}
	if within, err := filepath.Rel(f.Checkout, folder); err != nil || !filepath.IsLocal(within) {
		return f.Checkout
	}
	up, err := filepath.Rel(folder, f.Checkout)
	if err != nil {
		return f.Checkout
	}
	return filepath.ToSlash(up)
}
