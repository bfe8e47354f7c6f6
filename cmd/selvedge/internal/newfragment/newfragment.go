package newfragment

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"golang.org/x/mod/module"

	"selvedge/fragments"
)

// Fragment is a fragment to be written.
type Fragment struct {
	Name     string // see fragments.CheckName
	Language string // go, python or node
	Folder   string // empty: the name. The folder is made if it is absent

	// Checkout is the absolute path of a checkout of Selvedge, for Go. Without one, the
	// module of the fragment has no versions, and the author is told to name a checkout.
	Checkout string
}

// language has the commands of a language, in the folder of a fragment.
type language struct{ run, test string }

var languages = map[string]language{
	"go":     {"go run .", "go test ./..."},
	"python": {"python3 server.py", "python3 -m unittest"},
	"node":   {"node server.js", "node --test"},
}

// templates has a folder with a fragment of each language, and a folder with a site for it.
//
//go:embed go python node site
var templates embed.FS

// placeholder is the name of the fragments in the templates.
const placeholder = "noname"

// templatePath is the path of the folder of templates in templ's generated Go code.
const templatePath = "cmd/selvedge/internal/newfragment/go/"

// folder returns the folder of the fragment.
func (f Fragment) folder() string {
	if f.Folder == "" {
		return f.Name
	}
	return f.Folder
}

// Check returns an error for a fragment that Write would refuse:
//
//   - a name that no fragment can have, or the one of the page around a fragment;
//   - a name that no module of Go can have, such as con, for Go;
//   - an unknown language;
//   - a folder that is a file, or has files.
func (f Fragment) Check() error {
	if err := fragments.CheckName(f.Name); err != nil {
		return err
	}
	if f.Name == fragments.StandaloneName {
		return fmt.Errorf("fragment name %q: this is the name of the page around a fragment that is served alone", f.Name)
	}
	if _, ok := languages[f.Language]; !ok {
		return fmt.Errorf("there is no language %q; a fragment is written in go, python or node", f.Language)
	}
	if f.Language == "go" {
		if err := module.CheckPath(newModulePath + f.Name); err != nil {
			return fmt.Errorf("fragment name %q: %w", f.Name, err)
		}
	}
	entries, err := os.ReadDir(f.folder())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("the folder for the fragment: %w", err)
	case len(entries) > 0:
		return fmt.Errorf("the folder %s has files already; choose another one with --folder", f.folder())
	}
	return nil
}

// Write writes the fragment, and returns what its author can do next, as lines for people.
// After an error, some of the files may be there.
func (f Fragment) Write(ctx context.Context) (next []string, err error) {
	if err := f.Check(); err != nil {
		return nil, err
	}
	for _, from := range []string{f.Language, "site"} {
		if err := f.copyTemplates(from); err != nil {
			return nil, err
		}
	}
	if f.Language == "go" {
		if err := f.writeModule(ctx); err != nil {
			return nil, err
		}
	}
	return f.nextSteps(), nil
}

// nextSteps returns commands for a shell, each with its purpose.
func (f Fragment) nextSteps() []string {
	enter, own := "cd "+quoted(f.folder())+" && ", languages[f.Language]
	steps := []string{
		"Run it:           " + enter + own.run,
		"Test it:          " + enter + own.test,
		"Put it in a site: " + enter + "selvedge serve --config site.yaml",
	}
	if f.Language == "go" && f.Checkout == "" {
		first := "Before, name a checkout of Selvedge: " + enter + "go mod edit -replace selvedge=CHECKOUT && go mod tidy"
		return append([]string{first}, steps...)
	}
	return steps
}

// plainPath matches a path that a shell reads as one word.
var plainPath = regexp.MustCompile(`^[\w./][\w./-]*$`)

// quoted returns a path as a word of a shell.
func quoted(path string) string {
	if plainPath.MatchString(path) {
		return path
	}
	return "-- '" + strings.ReplaceAll(path, "'", `'\''`) + "'"
}

// copyTemplates writes the files of a folder of templates, with the name of the fragment.
func (f Fragment) copyTemplates(from string) error {
	files, err := templates.ReadDir(from)
	if err != nil {
		return err
	}
	names := strings.NewReplacer(placeholder, f.Name, templatePath, "")
	for _, file := range files {
		text, err := templates.ReadFile(from + "/" + file.Name())
		if err != nil {
			return err
		}
		if err := f.writeFile(file.Name(), []byte(names.Replace(string(text)))); err != nil {
			return err
		}
	}
	return nil
}

// writeFile writes a file of the fragment, and makes the folder.
func (f Fragment) writeFile(name string, text []byte) error {
	if err := os.MkdirAll(f.folder(), 0o755); err != nil { //nolint:gosec // source code has no secrets
		return err
	}
	file, err := os.OpenFile(filepath.Join(f.folder(), name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) //nolint:gosec // nor has this file
	if err != nil {
		return err
	}
	_, err = bytes.NewReader(text).WriteTo(file)
	return errors.Join(err, file.Close())
}
